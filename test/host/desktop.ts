import { join } from 'node:path';
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { _electron, type ElectronApplication } from 'playwright-core';
import { cleanEnvironment, runOrThrow } from './processes';
import { cacheFolder } from './project';
import { dataFolders, prepareData } from './server';
import { removeTemporaryFolder, temporaryFolder } from './temporary';
import { newest } from './vscodeHost';
import { EditorWindow } from './window';

/** Desktop VS Code with its own data and the packaged extension. */
export interface DesktopEditor {
  readonly first: EditorWindow;
  /** Opens another window with VS Code's own command. */
  openAnother(): Promise<EditorWindow>;
  close(): Promise<void>;
}

/** The executable of desktop VS Code: VSCODE_EXECUTABLE, or a download of the newest tested version. */
export async function desktopExecutable(): Promise<string> {
  return (
    process.env['VSCODE_EXECUTABLE'] ??
    downloadAndUnzipVSCode({ version: newest.vscode, cachePath: join(cacheFolder(), 'desktop') })
  );
}

export async function openDesktop(executablePath: string, vsix: string): Promise<DesktopEditor> {
  const root = await temporaryFolder();
  const folders = dataFolders(root);
  let app: ElectronApplication | undefined;
  const close = async (): Promise<void> => {
    await app?.close();
    await removeTemporaryFolder(root);
  };
  try {
    await prepareData(folders, { 'window.titleBarStyle': 'custom' });
    const data = [`--user-data-dir=${folders.userData}`, `--extensions-dir=${folders.extensions}`];
    const [cli = executablePath, ...own] = resolveCliArgsFromVSCodeExecutablePath(executablePath, {
      reuseMachineInstall: true,
    });
    await runOrThrow(cli, [...own, ...data, '--install-extension', vsix, '--force'], {
      env: cleanEnvironment(),
      deadline: 120_000,
    });
    const env = Object.fromEntries(
      Object.entries(cleanEnvironment()).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    app = await _electron.launch({
      executablePath,
      // Without a keyring daemon, as on most test machines, VS Code encrypts secrets with its own key.
      args: [
        ...data,
        '--new-window',
        '--disable-workspace-trust',
        '--skip-welcome',
        '--skip-release-notes',
        '--disable-updates',
        '--disable-telemetry',
        '--no-sandbox',
        '--password-store=basic',
      ],
      env,
    });
    const running = app;
    const editor = { address: '', folders, serverOutput: () => '', close };
    const open = async (page: Awaited<ReturnType<ElectronApplication['firstWindow']>>): Promise<EditorWindow> => {
      const window = new EditorWindow(page, running.context(), editor);
      await window.ready();
      return window;
    };
    const first = await open(await running.firstWindow());
    return {
      first,
      async openAnother() {
        const opened = running.waitForEvent('window');
        await first.runCommand('New Window');
        return open(await opened);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
