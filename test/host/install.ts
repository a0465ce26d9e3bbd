import { findChromium, findInstalledChromium } from './chromium';
import { findExecutable, installDebianPackages, installEditor, versions } from './vscodeHost';

/** Installs both VS Codes, side by side. */
export async function installEditors(): Promise<void> {
  await Promise.all(versions.map((version) => installEditor(version)));
}

/** Installs a browser, and further shells for testing terminals if they're available. @throws if there's no browser */
export async function installBrowserAndShells(): Promise<void> {
  const missing = ['zsh', 'fish'].filter((name) => findExecutable([name]) === undefined);
  if (findInstalledChromium() === undefined) missing.unshift('chromium');
  if (missing.length > 0) await installDebianPackages(missing);
  await findChromium();
}

/** Installs everything that tests need. */
export async function installAll(): Promise<void> {
  await Promise.all([installEditors(), installBrowserAndShells()]);
}
