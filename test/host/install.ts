import { findChromium, findInstalledChromium } from './chromium';
import { findExecutable, installDebianPackages, installEditor, versions } from './vscodeHost';

/** Installs both VS Codes, side by side. */
export async function installEditors(): Promise<void> {
  await Promise.all(versions.map((version) => installEditor(version)));
}

/** Installs a browser, and the shells that terminals are tested in too, where they can be had. @throws when there is no browser */
export async function installBrowserAndShells(): Promise<void> {
  const missing = ['zsh', 'fish'].filter((name) => findExecutable([name]) === undefined);
  if (findInstalledChromium() === undefined) missing.unshift('chromium');
  if (missing.length > 0) await installDebianPackages(missing);
  await findChromium();
}

/** Installs all that tests need. */
export async function installAll(): Promise<void> {
  await Promise.all([installEditors(), installBrowserAndShells()]);
}
