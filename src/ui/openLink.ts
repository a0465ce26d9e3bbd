import * as vscode from 'vscode';
import { isWebAddress } from '../api/webAddress';

/**
 * Opens a link in the person's browser, byte for byte; false when they did not let VS Code do it, or when it is no `https:` link. A `Uri`
 * would turn `%2B` into `+` and `%26` into `&`; the text itself is taken too, though the type does not say so.
 */
export async function openLink(url: string): Promise<boolean> {
  return isWebAddress(url) && vscode.env.openExternal(url as unknown as vscode.Uri);
}
