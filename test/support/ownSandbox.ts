import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { workbenchExtension } from './companion';

/** The sandbox that the extension started, seen from outside. */
export interface OwnSandbox {
  /** The access token that the extension has for it. */
  readonly token: string;
  /** The JSON of a successful call to a path, for example `/organizations`. */
  api(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  organizationIds(): Promise<string[]>;
  /** How many requests of a kind it got, for example `GET /api/v1/users/usr_1`. */
  requestCount(call: string): Promise<number>;
  /** Stops it, and closes all editors. */
  stop(): Promise<void>;
}

/** Starts it with the extension's command, like a person. Takes some seconds. */
export async function startOwnSandbox(): Promise<OwnSandbox> {
  await workbenchExtension();
  await vscode.commands.executeCommand('scalekit.sandbox.start');
  await vscode.commands.executeCommand('scalekit.token.copy', 'sandbox');
  const token = await vscode.env.clipboard.readText();
  const { iss: url } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { iss: string };
  const api = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.equal(response.status, 200);
    return (await response.json()) as Record<string, unknown>;
  };
  return {
    token,
    api,
    organizationIds: async () =>
      ((await api('GET', '/organizations?page_size=10'))['organizations'] as { id: string }[]).map(({ id }) => id),
    requestCount: async (call) => {
      const { counts } = (await (await fetch(`${url}/__sandbox/requests`)).json()) as {
        counts: Record<string, number>;
      };
      return counts[call] ?? 0;
    },
    stop: async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand('scalekit.sandbox.stop');
    },
  };
}
