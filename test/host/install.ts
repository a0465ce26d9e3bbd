import { findChromium } from './chromium';
import { findExecutable, installDebianPackages, installEditor, versions } from './vscodeHost';

/** Installs all that the tests need: both VS Codes, a browser, and shells for the terminals. */
export async function installAll(): Promise<void> {
  await findChromium();
  // Terminals are tested in these shells too, where they are there or can be had.
  const shells = ['zsh', 'fish'].filter((name) => findExecutable([name]) === undefined);
  if (shells.length > 0) await installDebianPackages(shells);
  await Promise.all(versions.map((version) => installEditor(version)));
}
