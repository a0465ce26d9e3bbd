#!/usr/bin/env node
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { format, parseArgs } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { chromiumFlags, findChromium } from './chromium';
import { patient } from './patience';
import { plainSockets } from './plainSockets';
import { dataFolders, prepareData, startTestServer, type EditorServer } from './server';
import { endOnSignals, removeTemporaryFolder, temporaryFolder } from './temporary';
import { leaveUnpainted } from './unpainted';
import { installEditor, newest, versions } from './vscodeHost';

/**
 * Replaces VS Code's executable for `runTests` of `@vscode/test-electron`. It takes the same arguments, opens the workbench
 * of code-server in a headless Chromium, runs the tests in its extension host, and exits with their exit code.
 *
 * Environment: WORKBENCH_EDITOR_VERSION (default: the newest),
 * WORKBENCH_EDITOR_LOG (a file that gets the workbench's whole console and the server's output).
 */
async function launch(): Promise<number> {
  const version = versions.find(({ vscode }) => vscode === process.env['WORKBENCH_EDITOR_VERSION']) ?? newest;
  // All other names are for desktop VS Code's Electron. `strict` is off so that they're ignored.
  const { values, positionals } = parseArgs({
    strict: false,
    allowPositionals: true,
    options: {
      extensionDevelopmentPath: { type: 'string', multiple: true },
      extensionTestsPath: { type: 'string' },
      'user-data-dir': { type: 'string' },
      'extensions-dir': { type: 'string' },
      'disable-workspace-trust': { type: 'boolean' },
      'enable-workspace-trust': { type: 'boolean' },
    },
  });
  const tests = values['extensionTestsPath'];
  const extensions = (values['extensionDevelopmentPath'] ?? []) as string[];
  if (typeof tests !== 'string' || extensions.length === 0)
    throw new Error('--extensionDevelopmentPath and --extensionTestsPath are required.');

  const installation = await installEditor(version);
  const executablePath = await findChromium();
  const temporary = await temporaryFolder();
  const given = (name: 'user-data-dir' | 'extensions-dir', otherwise: string): string => {
    const value = values[name];
    return typeof value === 'string' ? value : otherwise;
  };
  const own = dataFolders(temporary);
  const userData = given('user-data-dir', own.userData);
  const folders = {
    ...own,
    userData,
    logs: join(userData, 'logs'),
    extensions: given('extensions-dir', own.extensions),
  };

  const log: string[] = [];
  let server: EditorServer | undefined;
  let browser: Browser | undefined;
  try {
    // As on the desktop. In a browser, VS Code saves by itself a second after a test has typed.
    await prepareData(folders, { 'files.autoSave': 'off' });
    // runTests always passes --disable-workspace-trust. A run in Restricted Mode adds the opposite.
    const trusted = values['enable-workspace-trust'] !== true;
    server = await startTestServer({ installation, folders, environment: testEnvironment(), trusted });
    browser = await chromium.launch({ executablePath, args: chromiumFlags(), headless: true });
    const serverEnded = server.exited.then((code): never => {
      throw new Error(`VS Code's server ended with ${code} while tests were running.`);
    });
    serverEnded.catch(() => {}); // It also ends when everything is done.
    return await Promise.race([
      serverEnded,
      openTestWindow(browser, server.address, { tests, extensions, folder: positionals[0], log }),
    ]);
  } finally {
    await browser?.close();
    await server?.end();
    const logFile = process.env['WORKBENCH_EDITOR_LOG'];
    if (logFile) {
      await mkdir(dirname(logFile), { recursive: true });
      await writeFile(logFile, `${log.join('\n')}\n\n--- server ---\n${server?.output() ?? ''}`);
    }
    await removeTemporaryFolder(temporary);
  }
}

interface TestWindow {
  readonly tests: string;
  readonly extensions: readonly string[];
  readonly folder: string | undefined;
  readonly log: string[];
}

/** Opens the workbench with the extension under development, and resolves with the exit code of its tests. */
async function openTestWindow(browser: Browser, address: string, window: TestWindow): Promise<number> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
    colorScheme: 'dark',
  });
  await context.addInitScript(leaveUnpainted);
  await context.addInitScript(plainSockets);
  const page = await context.newPage();
  // VS Code's own server has no such route, and without a response, secrets are only in memory.
  await page.route('**/mint-key', (route) =>
    route.fulfill({ contentType: 'application/octet-stream', body: Buffer.alloc(32, 7) }),
  );
  let lost: (why: string) => void = () => {};
  const finished = new Promise<number>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${why}\n${window.log.slice(-30).join('\n')}`));
    lost = fail;
    void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
    page.on('crash', () => fail('The browser page crashed.'));
    page.on('close', () => fail('The browser page was closed.'));
  });
  finished.catch(() => {}); // Awaited below. Until then, a rejection isn't an unhandled one.
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    const text = format(...args);
    window.log.push(`[${type}] ${text}`);
    // VS Code would start another one without the tests.
    if (/[Ee]xtension host.* terminated unexpectedly/.test(text)) lost(text);
    // The tests print with console.log, which arrives as one of these two. The workbench's own errors go to the log.
    if (type === 'info' || type === 'log') console.log(text);
  });

  const remote = (path: string): string => `vscode-remote://${new URL(address).host}${path}`;
  const payload = [
    ...window.extensions.map((path) => ['extensionDevelopmentPath', remote(path)]),
    ['extensionTestsPath', remote(window.tests.endsWith('.js') ? window.tests : join(window.tests, 'index.js'))],
  ];
  const place = window.folder === undefined ? 'ew=true' : `folder=${encodeURIComponent(window.folder)}`;
  await page.goto(`${address}/?${place}&payload=${encodeURIComponent(JSON.stringify(payload))}`, {
    timeout: patient(60_000),
  });
  return finished;
}

/** The variables from runTests reach the extension host through the server's process. */
function testEnvironment(): Record<string, string> {
  const ours = Object.entries(process.env).filter((entry): entry is [string, string] =>
    /^(WORKBENCH_|SCALEKIT_)/.test(entry[0]),
  );
  return Object.fromEntries(ours);
}

endOnSignals();
launch().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
