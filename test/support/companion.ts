import * as vscode from 'vscode';
import type { Companion } from '../integration/companion/extension';

const COMPANION_ID = 'scalekit-workbench-tests.companion';
const WORKBENCH_ID = 'scalekit-workbench.scalekit-workbench';

/** The extension that runs beside the one under test. */
export async function companion(): Promise<Companion> {
  const extension = vscode.extensions.getExtension<Companion>(COMPANION_ID);
  if (extension === undefined) throw new Error("The companion extension isn't installed");
  return extension.activate();
}

/** The extension under test, activated. */
export async function workbenchExtension(): Promise<vscode.Extension<unknown>> {
  const extension = vscode.extensions.getExtension<unknown>(WORKBENCH_ID);
  if (extension === undefined) throw new Error("The extension under test isn't installed");
  await extension.activate();
  return extension;
}
