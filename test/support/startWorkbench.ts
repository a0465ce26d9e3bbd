import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ClientCredentials } from '../../src/api/client/clientCredentials';
import type { RequestLogEntry } from '../../src/api/client/http';
import { nodeFetch } from '../../src/api/client/nodeFetch';
import { createWorkbench, type Workbench } from '../../src/workbench';
import { companion, workbenchExtension } from './companion';
import { ScriptedPrompts } from './scriptedPrompts';
import type { EnvironmentChange } from '../../src/core/environmentAccess';

export interface StartOptions {
  /** Where another window's workbench keeps its files already; a new folder unless given. */
  readonly globalStorageUri?: vscode.Uri;
  /** Another SecretStorage than the companion's own. */
  readonly secrets?: vscode.SecretStorage;
  readonly workspaceState?: vscode.Memento;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly processEnvironment?: NodeJS.ProcessEnv;
  readonly retries?: number;
  /** Other programs than the extension's own. */
  readonly programs?: string;
}

/** The extension's own composition in a window of its own: answers are held ready, and its commands are not VS Code's. */
export interface StartedWorkbench extends Workbench {
  readonly globalStorageUri: vscode.Uri;
  /** Where the files of the environments are. */
  readonly folder: vscode.Uri;
  readonly secrets: vscode.SecretStorage;
  readonly workspaceState: vscode.Memento;
  readonly prompts: ScriptedPrompts;
  /** All that the store has told since it was made. */
  readonly differences: EnvironmentChange[];
  /** Every request that any client has made. */
  readonly exchanges: RequestLogEntry[];
  /** Everything that was copied as a secret. */
  readonly copied: string[];
  /** How the clipboard of secrets behaves: `clearsAfter` as in the settings, in seconds; `text` is read in place of VS Code's. */
  readonly clipboard: { clearsAfter?: number; fails?: boolean; text?: string };
  /** Every link that was opened in the browser. */
  readonly opened: string[];
  /** Does what a command does. Rejects with what the command's boundary would report. */
  act(command: string, argument?: unknown, selection?: unknown): Promise<void>;
  /** Keeps an environment and gives its id. */
  add(credentials: ClientCredentials, more?: { readonly production?: boolean }): Promise<string>;
  /** Removes its environments and ends it. */
  end(): Promise<void>;
}

/** The state of one workspace, which the companion's own would share among tests. */
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

/** Starts the workbench over a real extension context that is not the extension's own. */
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
    globalStorageUri,
    extension,
    programs: options.programs ?? join(extension.extensionPath, 'dist'),
    channel: vscode.window.createOutputChannel(`Integration test ${randomUUID()}`, { log: true }),
    prompts,
    now: options.now ?? Date.now,
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
    // The extension itself runs in this window, and has its commands.
    registerCommand: () => new vscode.Disposable(() => undefined),
  });
  const { commands, configurationView, organizationsView, store, stored } = workbench;
  const differences: EnvironmentChange[] = [];
  store.onDidChange((difference) => differences.push(difference));
  const exchanges: RequestLogEntry[] = [];
  workbench.onDidSendRequest((entry) => exchanges.push(entry));

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
      const isShown = organizationsView.treeView.view.visible || configurationView.view.visible;
      workbench.dispose();
      // The next one's views are hidden until it shows them: VS Code would read their rows by itself.
      if (isShown) await vscode.commands.executeCommand('workbench.view.explorer');
    },
  };
}
