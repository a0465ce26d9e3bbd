import type * as vscode from 'vscode';
import { ScalekitClient as Sdk } from '@scalekit-sdk/node';
import type { ScalekitFileSystem } from '../../src/documents/scalekitFileSystem';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandboxServer';
import { startRecordingProxy } from './recordingProxy';
import { startWorkbench, type StartedWorkbench, type StartOptions } from './startWorkbench';

/** A workbench whose documents are those of a sandbox, with Scalekit's own SDK to read back. */
export interface DocumentWorkbench extends StartedWorkbench {
  readonly sandbox: Sandbox;
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

export async function startDocumentWorkbench(
  options: SandboxOptions = { organizations: 3 },
  more: StartOptions = {},
): Promise<DocumentWorkbench> {
  const sandbox = await startSandbox(options);
  const proxy = await startRecordingProxy(sandbox.url);
  const workbench = await startWorkbench(more);
  const { fileSystem: files, prompts } = workbench;
  await workbench.store.load();
  const credentials = { environmentUrl: proxy.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret };
  const development = await workbench.add(credentials);
  const production = await workbench.add(credentials, { production: true });
  const written: string[] = [];
  files.onDidSave(({ reference }) => written.push(reference.path.join('/')));
  return {
    ...workbench,
    sandbox,
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
      await workbench.end();
      await proxy.close();
      await sandbox.close();
      prompts.assertAllUsed();
    },
  };
}
