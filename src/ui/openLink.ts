import * as vscode from 'vscode';
import { isWebAddress } from '../api/webAddress';

/**
 * Opens a link in the user's browser, byte for byte. Returns false if the user didn't allow it, or if it isn't a web
 * address. A `Uri` would turn `%2B` into `+` and `%26` into `&`. VS Code accepts the text itself too, though the type
 * doesn't say so.
 */
export async function openLink(url: string): Promise<boolean> {
  return isWebAddress(url) && vscode.env.openExternal(url as unknown as vscode.Uri);
}
