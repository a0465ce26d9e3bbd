import * as vscode from 'vscode';
import { isWebAddress } from '../api/webAddress.js';

/** Opens a link in the person's browser; false when they did not let VS Code do it, or when it is no `https:` link. */
export async function openLink(url: string): Promise<boolean> {
  return isWebAddress(url) && vscode.env.openExternal(vscode.Uri.parse(url, true));
}
