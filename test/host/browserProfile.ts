import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { cached } from './cached';
import { chromiumFlags, findChromium } from './chromium';
import { patient } from './patience';
import { runOrThrow } from './processes';
import { dataFolders, prepareData, startPersonsServer } from './server';
import { removeTemporaryFolder, temporaryFolder } from './temporary';
import type { EditorInstallation } from './vscodeHost';

/**
 * The origin of every window. Chromium keeps a script's compiled code by its address. With one origin for all ports, it compiles
 * the workbench once for all runs, which is half the work of opening a window.
 */
export const WORKBENCH_ORIGIN = 'http://vscode.localhost';

/** The folders of a Chromium profile that contain scripts and their compiled code. They hold nothing of a user. */
const SCRIPT_FOLDERS = ['Default/Cache', 'Default/Code Cache'];

/** Starts Chromium with this profile. In it, `WORKBENCH_ORIGIN` is the VS Code server with this address. */
export async function launchBrowser(
  profile: string,
  serverAddress: string,
  viewport: { readonly width: number; readonly height: number } = { width: 1280, height: 800 },
): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: await findChromium(),
    args: [
      ...chromiumFlags(),
      `--host-resolver-rules=MAP ${new URL(WORKBENCH_ORIGIN).host}:80 ${new URL(serverAddress).host}`,
    ],
    headless: true,
    viewport,
    permissions: ['clipboard-read', 'clipboard-write'],
    colorScheme: 'dark',
  });
}

/** Copies the workbench's scripts and their compiled code into a new profile. */
export async function addCompiledScripts(profile: string, installation: EditorInstallation): Promise<void> {
  const compiled = await compiledScripts(installation);
  for (const folder of SCRIPT_FOLDERS) await cp(join(compiled, folder), join(profile, folder), { recursive: true });
}

/** The folder with the workbench's scripts and their compiled code. Made once for each version of VS Code and Chromium. */
export async function compiledScripts(installation: EditorInstallation): Promise<string> {
  const { vscode } = installation.version;
  const chromiumVersion = /\d+(?:\.\d+){3}/.exec(
    await runOrThrow(await findChromium(), ['--version'], { deadline: 60_000 }),
  )?.[0];
  return cached(
    `scripts-${vscode}-chromium-${chromiumVersion ?? 'unknown'}`,
    `Compiling VS Code ${vscode}'s scripts in Chromium (once)`,
    [{ name: 'opening a window', run: (folder) => compile(installation, folder) }],
  );
}

/** Chromium stores a script at its first load, compiles it to keep at its second, and uses the result from the third on. */
async function compile(installation: EditorInstallation, target: string): Promise<void> {
  const temporary = await temporaryFolder();
  const folders = dataFolders(temporary);
  try {
    await prepareData(folders);
    const server = await startPersonsServer({ installation, folders });
    try {
      for (let load = 0; load < 3; load++) {
        const context = await launchBrowser(folders.profile, server.address);
        const page = context.pages()[0] ?? (await context.newPage());
        await page.goto(`${WORKBENCH_ORIGIN}/?ew=true`, { timeout: patient(60_000) });
        await page
          .locator('.part.statusbar .statusbar-item')
          .first()
          .waitFor({ timeout: patient(60_000) });
        await page.waitForLoadState('networkidle');
        await context.close();
      }
    } finally {
      await server.end();
    }
    for (const folder of SCRIPT_FOLDERS) {
      await rm(join(target, folder), { recursive: true, force: true });
      await mkdir(join(target, folder), { recursive: true });
      await cp(join(folders.profile, folder), join(target, folder), { recursive: true });
    }
  } finally {
    await removeTemporaryFolder(temporary);
  }
}
