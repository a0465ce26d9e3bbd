import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ClientCredentials } from '../../src/api/client/clientCredentials';
import type { RequestLogEntry } from '../../src/api/client/http';
import { nodeFetch } from '../../src/api/client/nodeFetch';
import type { Resolve } from '../../src/mcp/prober';
import { createWorkbench, type Workbench } from '../../src/workbench';
import { companion, workbenchExtension } from './companion';
import { ScriptedPrompts } from './scriptedPrompts';
import type { EnvironmentChange } from '../../src/core/environmentAccess';

export interface StartOptions {
  /** The folder of another window's workbench. Default: a new one. */
  readonly globalStorageUri?: vscode.Uri;
  /** Replaces the companion's SecretStorage. */
  readonly secrets?: vscode.SecretStorage;
  readonly workspaceState?: vscode.Memento;
  /** Default: none, as in a window without a folder. */
  readonly storageUri?: vscode.Uri;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly processEnvironment?: NodeJS.ProcessEnv;
  readonly retries?: number;
  /** What host names mean to Check MCP Server…. */
  readonly resolve?: Resolve;
  /** The folder with the sandbox and the terminal's programs. Default: the extension's own. */
  readonly programs?: string;
}

/**
 * The extension's own composition in its own window, with scripted prompts. It doesn't register its commands with VS
 * Code.
 */
export interface StartedWorkbench extends Workbench {
  readonly globalStorageUri: vscode.Uri;
  /** Has the files of the environments. */
  readonly folder: vscode.Uri;
  readonly secrets: vscode.SecretStorage;
  readonly workspaceState: vscode.Memento;
  readonly prompts: ScriptedPrompts;
  /** Every change that the store reported. */
  readonly differences: EnvironmentChange[];
  /** Every request that any client sent. */
  readonly exchanges: RequestLogEntry[];
  /** Everything that was copied as a secret. */
  readonly copied: string[];
  /**
   * How the secret clipboard behaves: `clearsAfter` is in seconds, as in the settings. `text` is read instead of VS
   * Code's clipboard.
   */
  readonly clipboard: { clearsAfter?: number; fails?: boolean; text?: string };
  /** Every link that was opened in the browser. */
  readonly opened: string[];
  /** Runs a command's handler. Rejects with the error that `Commands` would report. */
  act(command: string, argument?: unknown, selection?: unknown): Promise<void>;
  /** Stores an environment and returns its id. */
  add(credentials: ClientCredentials, more?: { readonly production?: boolean }): Promise<string>;
  /** Removes its environments and disposes of it. */
  end(): Promise<void>;
  /** Disposes of it. Its environments stay stored. */
  dispose(): Promise<void>;
}

/** The state of one workspace. The companion's own state would be shared by all tests. */
export class MemoryState implements vscode.Memento {
  private readonly values = new Map<string, unknown>();

  keys(): readonly string[] {
    return [...this.values.keys()];
  }

  get<T>(key: string, otherwise?: T): T {
    return (this.values.has(key) ? this.values.get(key) : otherwise) as T;
  }

  async update(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, value);
  }
}

/** Starts the workbench with the companion's real extension context. */
export async function startWorkbench(options: StartOptions = {}): Promise<StartedWorkbench> {
  const { context } = await companion();
  const globalStorageUri = options.globalStorageUri ?? vscode.Uri.joinPath(context.globalStorageUri, randomUUID());
  const secrets = options.secrets ?? context.secrets;
  const workspaceState = options.workspaceState ?? new MemoryState();
  const prompts = new ScriptedPrompts();
  const copied: string[] = [];
  const clipboard: StartedWorkbench['clipboard'] = {};
  const opened: string[] = [];
  const extension = await workbenchExtension();
  const workbench = createWorkbench({
    secrets,
    workspaceState,
    storageUri: options.storageUri,
    globalStorageUri,
    extension,
    programs: options.programs ?? join(extension.extensionPath, 'dist'),
    channel: vscode.window.createOutputChannel(`Integration test ${randomUUID()}`, { log: true }),
    prompts,
    now: options.now ?? Date.now,
    ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
    fetch: nodeFetch,
    retries: options.retries ?? 0,
    processEnvironment: options.processEnvironment ?? {},
    clipboard: {
      get clearsAfter() {
        return clipboard.clearsAfter;
      },
      copy: async (text) => {
        if (clipboard.fails) throw new Error('The clipboard cannot be written.');
        copied.push(text);
        await vscode.env.clipboard.writeText(text);
      },
      read: async () => clipboard.text ?? vscode.env.clipboard.readText(),
    },
    openLink: async (url) => {
      opened.push(url);
      return true;
    },
    // The extension itself runs in this window and has registered its commands.
    registerCommand: () => new vscode.Disposable(() => undefined),
  });
  const { commands, configurationView, organizationsView, store, stored } = workbench;
  const differences: EnvironmentChange[] = [];
  store.onDidChange((difference) => differences.push(difference));
  const exchanges: RequestLogEntry[] = [];
  workbench.onDidSendRequest((entry) => exchanges.push(entry));

  const dispose = async (): Promise<void> => {
    const isShown = organizationsView.treeView.view.visible || configurationView.view.visible;
    workbench.dispose();
    // VS Code would read the rows of the next workbench's views by itself, so they stay hidden until it shows them.
    if (isShown) await vscode.commands.executeCommand('workbench.view.explorer');
  };
  return {
    ...workbench,
    globalStorageUri,
    folder: vscode.Uri.joinPath(globalStorageUri, 'environments'),
    secrets,
    workspaceState,
    prompts,
    differences,
    exchanges,
    copied,
    clipboard,
    opened,
    async act(command, argument, selection) {
      const handler = commands.handlers.get(command) ?? assert.fail(`there is no command ${command}`);
      await handler(argument, selection);
    },
    async add(credentials, { production = false } = {}) {
      const { id } = await stored.add({ credentials, production, tokensOnly: false });
      return id;
    },
    async end() {
      for (const { id } of stored.list()) await stored.remove(id);
      await dispose();
    },
    dispose,
  };
}
