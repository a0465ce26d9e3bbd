import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { findExecutable, installDebianPackages } from './vscodeHost';

const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The installed Chrome or Chromium. */
export function findInstalledChromium(): string | undefined {
  return (
    process.env['CHROME_PATH'] ??
    findExecutable(names) ??
    [...elsewhere, chromium.executablePath()].find((file) => existsSync(file))
  );
}

/** The Chrome or Chromium to use. Installs one if that's possible without asking. */
export async function findChromium(): Promise<string> {
  const found = findInstalledChromium();
  if (found) return found;
  if (await installDebianPackages(['chromium'])) {
    const installed = findInstalledChromium();
    if (installed) return installed;
  }
  throw new Error('Chrome or Chromium wasn’t found. Install one, or set CHROME_PATH to its executable.');
}

/** Flags for a quiet browser that makes no requests of its own. As root, the sandbox is off, because Chromium refuses to start with it. */
export function chromiumFlags(): string[] {
  return [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--password-store=basic',
    '--use-mock-keychain',
  ];
}
