import * as vscode from 'vscode';
import { CALLBACK_PATH } from './callbackPath';

/** The port of the callback if the setting says nothing, as of Scalekit's own program for trying sign-in. */
const DEFAULT_PORT = 12456;

/** The port of the callback: `scalekit.signIn.port`. Scalekit compares ports, so it's never a random one. */
export function callbackPort(): number {
  const port = vscode.workspace.getConfiguration('scalekit').get<unknown>('signIn.port', DEFAULT_PORT);
  return typeof port === 'number' && Number.isInteger(port) && port >= 1024 && port <= 65_535 ? port : DEFAULT_PORT;
}

/** The redirect URI of a sign-in from the editor, as it must be registered at Scalekit. */
export function callbackAddress(port: number): string {
  return `http://localhost:${port}${CALLBACK_PATH}`;
}
