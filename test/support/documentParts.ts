import type * as vscode from 'vscode';
import { ScalekitClient as Sdk } from '@scalekit-sdk/node';
import { saveResource } from '../../src/documents/saveResource';
import { ScalekitFileSystem } from '../../src/documents/scalekitFileSystem';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandboxServer';
import { startRecordingProxy } from './recordingProxy';
import { ScriptedPrompts } from './scriptedPrompts';
import { workbenchParts, type PartsOptions, type WorkbenchParts } from './workbenchParts';

/** The file system of documents over a sandbox, with scripted prompts and Scalekit's own SDK to read back. */
export interface DocumentParts {
  readonly sandbox: Sandbox;
  readonly parts: WorkbenchParts;
  readonly prompts: ScriptedPrompts;
  readonly files: ScalekitFileSystem;
  readonly sdk: Sdk;
  /** Ids of two environments, both of them the sandbox. */
  readonly development: string;
  readonly production: string;
  /** What saves changed, as the file system reports it, for example `organizations/org_1`. */
  readonly written: string[];
  /** The JSON of a document, read like an editor that opens it. */
  open(uri: vscode.Uri): Promise<Record<string, unknown>>;
  save(uri: vscode.Uri, json: unknown): Promise<void>;
  /** The writes that the sandbox received, each with its body: `['PATCH organizations/org_1', { slug: 'acme' }]`. */
  writes(): unknown[][];
  /** Ends everything. @throws if an expected prompt never appeared, or an unexpected one did */
  end(): Promise<void>;
}

export async function documentParts(
  options: SandboxOptions = { organizations: 3 },
  more: PartsOptions = {},
): Promise<DocumentParts> {
  const sandbox = await startSandbox(options);
  const proxy = await startRecordingProxy(sandbox.url);
  const parts = await workbenchParts(more);
  await parts.store.load();
  const credentials = { environmentUrl: proxy.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret };
  const development = await parts.add(credentials);
  const production = await parts.add(credentials, { production: true });
  const { environments, redactor } = parts;
  const prompts = new ScriptedPrompts();
  const written: string[] = [];
  const files = new ScalekitFileSystem({
    environments,
    prompts,
    redactor,
    now: Date.now,
    saveResource,
    onDidWrite: ({ path }) => written.push(path.join('/')),
  });
  return {
    sandbox,
    parts,
    prompts,
    files,
    sdk: new Sdk(sandbox.url, sandbox.clientId, sandbox.clientSecret),
    development,
    production,
    written,
    open: async (uri) => {
      await files.stat(uri);
      return JSON.parse(Buffer.from(await files.readFile(uri)).toString()) as Record<string, unknown>;
    },
    save: (uri, json) => files.writeFile(uri, Buffer.from(typeof json === 'string' ? json : JSON.stringify(json))),
    writes: () =>
      proxy.requests
        .filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/'))
        .map(({ method, path, body }) => [
          `${method} ${path.slice('/api/v1/'.length)}`,
          ...(body === '' ? [] : [JSON.parse(body) as unknown]),
        ]),
    end: async () => {
      files.dispose();
      await parts.dispose();
      await proxy.close();
      await sandbox.close();
      prompts.assertAllUsed();
    },
  };
}
