import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { ScalekitClient as Sdk } from '@scalekit-sdk/node';
import { documentUri, type DocumentReference } from '../../src/core/documentReference';
import type { UndoOffer } from '../../src/changes/undoOffer';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandboxServer';
import type { TreeNode } from '../../src/tree/treeNode';
import type { ListTreeView } from '../../src/tree/treeView';
import { startWorkbench, type StartedWorkbench } from './startWorkbench';

/** A workbench with a sandbox as its active environment, and Scalekit's own SDK to check the results. */
export interface SandboxWorkbench extends StartedWorkbench {
  readonly sandbox: Sandbox;
  readonly undo: UndoOffer;
  readonly sdk: Sdk;
  readonly environmentId: string;
  readonly environmentName: string;
  /** What the documents were told, for example `open /environment/organizations/org_1.json`. */
  readonly documents: string[];
  /**
   * Expands rows of a view by label, one below the other, and returns the last. Loads their children, like a user who
   * expands them.
   */
  row(view: ListTreeView, ...labels: (string | RegExp)[]): Promise<TreeNode>;
  /** The labels of a row's children with their descriptions: `Okta · SAML (enabled)`. */
  labels(view: ListTreeView, row?: TreeNode): Promise<string[]>;
  /** The sandbox's requests that change something, except token requests, with a matching path if given. */
  writes(path?: RegExp): { readonly method: string; readonly path: string }[];
  /**
   * Ends everything.
   *
   * @throws if an expected prompt never appeared, or an unexpected one did
   */
  end(): Promise<void>;
}

/** `beside` is another window's workbench over the same sandbox. Only that one closes the sandbox. */
export async function startSandboxWorkbench(
  options: SandboxOptions = { organizations: 5, seed: 1 },
  { production = false, beside }: { readonly production?: boolean; readonly beside?: SandboxWorkbench } = {},
): Promise<SandboxWorkbench> {
  const sandbox = beside?.sandbox ?? (await startSandbox(options));
  const workbench = await startWorkbench();
  const { environments, fileSystem, prompts, store, undoOffer } = workbench;
  await store.load();
  const environmentId = await workbench.add(
    { environmentUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret },
    { production },
  );
  await store.setActive(environmentId);
  const documents: string[] = [];
  const listen = (what: 'open' | 'refresh' | 'deleted'): void => {
    const go = fileSystem[what].bind(fileSystem);
    Object.assign(fileSystem, {
      [what]: async (reference: DocumentReference) => {
        const { environmentId: of, path } = reference;
        documents.push(`${what} ${documentUri({ environmentId: of, path }).path}`);
        // The extension's own file system opens documents in the window, and it doesn't know this environment.
        if (what !== 'open') await go(reference);
      },
    });
  };
  listen('open');
  listen('refresh');
  listen('deleted');
  const shown = async (view: ListTreeView, row?: TreeNode): Promise<{ node: TreeNode; item: vscode.TreeItem }[]> =>
    (await view.getChildren(row)).map((node) => ({ node, item: view.getTreeItem(node) }));
  return {
    ...workbench,
    sandbox,
    undo: await undoOffer(),
    sdk: new Sdk(sandbox.url, sandbox.clientId, sandbox.clientSecret),
    environmentId,
    environmentName: environments.get(environmentId)?.name ?? assert.fail('the environment has no name'),
    documents,
    row: async (view, ...labels) => {
      let row: TreeNode | undefined;
      for (const wanted of labels) {
        const rows = await shown(view, row);
        row = rows.find(({ item }) =>
          wanted instanceof RegExp ? wanted.test(String(item.label)) : item.label === wanted,
        )?.node;
        assert.ok(
          row !== undefined,
          `there is no row ${String(wanted)} among: ${rows.map(({ item }) => String(item.label)).join(', ')}`,
        );
      }
      return row ?? assert.fail('no row was asked for');
    },
    labels: async (view, row) =>
      (await shown(view, row)).map(({ item }) =>
        item.description ? `${String(item.label)} (${String(item.description)})` : String(item.label),
      ),
    writes: (path) =>
      sandbox.requests
        .filter(
          (request) =>
            !['GET', 'HEAD'].includes(request.method) &&
            request.path.startsWith('/api/') &&
            (path === undefined || path.test(request.path)),
        )
        .map(({ method, path: target }) => ({ method, path: target })),
    end: async () => {
      await workbench.end();
      if (beside === undefined) await sandbox.close();
      prompts.assertAllUsed();
    },
  };
}

/** A workbench that shows one list of an organization. */
export interface ListWorkbench extends SandboxWorkbench {
  readonly organizationId: string;
  /** The list's row. */
  list(): Promise<TreeNode>;
  /** The labels of the list's rows. */
  shown(): Promise<string[]>;
}

/** Expands a list of the sample organization Looney Corp, for example `Users`, and clears the sandbox's requests. */
export async function startListWorkbench(label: string, { production = false } = {}): Promise<ListWorkbench> {
  const workbench = await startSandboxWorkbench({ organizations: 3, seed: 1 }, { production });
  const { treeView } = workbench.organizationsView;
  const organization = await workbench.row(treeView, 'Looney Corp');
  const list = (): Promise<TreeNode> => workbench.row(treeView, 'Looney Corp', label);
  const shown = async (): Promise<string[]> => workbench.labels(treeView, await list());
  await shown();
  workbench.sandbox.clearRequests();
  return {
    ...workbench,
    organizationId: organization.document?.path[1] ?? assert.fail('it is no organization'),
    list,
    shown,
  };
}
