import { findChromium } from './chromium';
import { findExecutable, installDebianPackages, installEditor, versions } from './vscodeHost';

/** Installs both VS Codes, side by side. */
export async function installEditors(): Promise<void> {
  await Promise.all(versions.map((version) => installEditor(version)));
}

/** Installs the shells that terminals are tested in too, where they can be had. */
export async function installShells(): Promise<void> {
  const missing = ['zsh', 'fish'].filter((name) => findExecutable([name]) === undefined);
  if (missing.length > 0) await installDebianPackages(missing);
}

/** Installs both VS Codes, a browser and the shells. */
export async function installAll(): Promise<void> {
  await Promise.all([installEditors(), findChromium(), installShells()]);
}
