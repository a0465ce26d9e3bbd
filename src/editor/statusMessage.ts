import * as vscode from 'vscode';
import { displayTextWithoutIcons } from './displayText.js';

/** How long a result stays in the status bar, in milliseconds. */
const SHOWN_MS = 10_000;

/** Says in the status bar, for a while, that something is done. */
export function showStatus(text: string): void {
  vscode.window.setStatusBarMessage(`$(check) ${displayTextWithoutIcons(text)}`, SHOWN_MS);
}
