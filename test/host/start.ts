import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findChromium } from './chromium';
import { parseFlags } from './commandLines.mjs';
import { packageExtension, packageViewOpener, vsixFile } from './package';
import { cleanEnvironment, runOrThrow, startGroup } from './processes';
import { step } from './progress';
import { startSandbox, type SandboxProcess } from './sandboxProcess';
import { endOnSignals, removeAbandonedFolders, removeTemporaryFolder, temporaryFolder } from './temporary';
import { findExecutable, installEditor, newest, versions, type EditorVersion } from './vscodeHost';
import { openWindow, startEditor, type EditorWindow } from './window';

/** `npm start`: the extension in a real VS Code, with a local Scalekit and nothing to type. */
export async function main(flags: readonly string[]): Promise<number> {
  const { values } = parseFlags('start', flags);
  const version = versions.find(({ vscode }) => vscode === values.editor) ?? newest;
  if (values.check) endOnSignals();
  await removeAbandonedFolders();
  await Promise.all([
    values.desktop ? undefined : installEditor(version),
    values.check ? findChromium() : undefined,
    step('Packaging the extension', () => packageExtension()),
  ]);
  const sandbox = await step(`Starting a local Scalekit with ${values.organizations} organizations`, () =>
    startSandbox(['--organizations', values.organizations]),
  );
  try {
    if (values.check) return await check(version, sandbox, values.screenshot);
    if (values.desktop) return await desktop(sandbox);
    return await serve(version, sandbox);
  } finally {
    await sandbox.end();
  }
}

/** Starts the editor, prints its address, and waits for the person to end it. */
async function serve(version: EditorVersion, sandbox: SandboxProcess): Promise<number> {
  const ended = untilInterrupted();
  const editor = await startEditor({
    version,
    vsix: [vsixFile(), await packageViewOpener()],
    environment: sandbox.environment,
  });
  try {
    console.log(
      `\nVS Code ${version.vscode} with Scalekit Workbench is ready. Open this address. Press Ctrl-C to end it.\n`,
    );
    console.log(`${editor.address}/?ew=true`);
    await ended;
    console.error('\nEnding …');
    return 0;
  } finally {
    await editor.close();
  }
}

/** Installs the VSIX in a desktop VS Code with its own folders, and waits until its window is closed. */
async function desktop(sandbox: SandboxProcess): Promise<number> {
  const code = findExecutable(process.platform === 'win32' ? ['code.cmd'] : ['code']);
  if (!code) {
    console.error(
      '"code" isn\'t on the PATH. In VS Code, run "Shell Command: Install \'code\' command in PATH", or leave out --desktop.',
    );
    return 1;
  }
  const root = await temporaryFolder();
  const ended = untilInterrupted();
  const data = ['--user-data-dir', join(root, 'user-data'), '--extensions-dir', join(root, 'extensions')];
  try {
    await mkdir(join(root, 'user-data/User'), { recursive: true });
    await writeFile(
      join(root, 'user-data/User/settings.json'),
      '{ "workbench.startupEditor": "none", "telemetry.telemetryLevel": "off" }\n',
    );
    const env = cleanEnvironment(sandbox.environment);
    await step('Installing the extension into desktop VS Code', () =>
      runOrThrow(code, [...data, '--install-extension', vsixFile(), '--force'], { env, deadline: 120_000 }),
    );
    const window = startGroup(code, [...data, '--new-window', '--wait', '--disable-workspace-trust'], { env });
    console.log('Desktop VS Code with Scalekit Workbench is open. Press Ctrl-C or close its window to end it.');
    await Promise.race([window.exited, ended]);
    await window.end();
    return 0;
  } finally {
    await removeTemporaryFolder(root);
  }
}

/** Does headless what a person would do first. Prints each step, and resolves with the exit status. */
async function check(version: EditorVersion, sandbox: SandboxProcess, screenshot: string | undefined): Promise<number> {
  let window: EditorWindow | undefined;
  try {
    const opened = await step(`Opening VS Code ${version.vscode}`, () =>
      openWindow({ version, vsix: vsixFile(), environment: sandbox.environment }),
    );
    window = opened;
    await opened.openView('Scalekit');
    const rows = await opened.waitForRows(
      'Organizations',
      (seen) => seen.length > 3 && seen.every((row) => row.label !== ''),
    );
    console.log(
      `The Organizations view shows ${rows
        .map((row) => row.label)
        .slice(0, 3)
        .join(', ')}, …`,
    );
    await opened.writeClipboard('');
    await opened.runCommand('Scalekit: Copy Access Token');
    const token = await copiedToken(opened);
    console.log(`Copy Access Token put ${token.length} characters on the clipboard.`);
    const response = await fetch(`${sandbox.url}/api/v1/organizations`, {
      headers: { authorization: `Bearer ${token}` },
    });
    console.log(`GET /api/v1/organizations with that token: ${response.status}`);
    const refused = await fetch(`${sandbox.url}/api/v1/organizations`, {
      headers: { authorization: `Bearer ${token}x` },
    });
    console.log(`The same with one character more: ${refused.status}`);
    if (screenshot !== undefined) {
      await opened.screenshot(resolve(screenshot));
      console.log(`Picture: ${resolve(screenshot)}`);
    }
    const good = response.status === 200 && refused.status === 401;
    console.log(good ? 'Check passed.' : 'Check failed.');
    return good ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    await window?.keepEvidence('start-check', 'out/failures');
    console.error('Check failed. A picture of the window is in out/failures.');
    return 1;
  } finally {
    await window?.close();
  }
}

/** The clipboard's text, once there is one. */
async function copiedToken(window: EditorWindow): Promise<string> {
  for (const end = Date.now() + 20_000; ; ) {
    const text = await window.readClipboard();
    if (text !== '') return text;
    if (Date.now() > end) throw new Error('Copy Access Token left the clipboard empty for 20 s.');
    await new Promise((later) => setTimeout(later, 100));
  }
}

/** Resolves at the first Ctrl-C or SIGTERM. A second one ends this process at once, and the watchdogs end everything it started. */
function untilInterrupted(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done());
  });
}
