import { findChromium } from './chromium';
import { installEditor, versions, type EditorInstallation } from './vscodeHost';

/** Installs all that the tests need: both VS Codes and a browser. */
export async function installAll(): Promise<EditorInstallation[]> {
  await findChromium();
  return Promise.all(versions.map((version) => installEditor(version)));
}
