import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ScalekitClient as Sdk } from '@scalekit-sdk/node';
import { documentUri, type DocumentReference } from '../../src/core/documentReference';
import { createConfigurationView } from '../../src/resources/configurationView';
import type { ExplorerAction } from '../../src/resources/actionIds';
import { createExplorerActions } from '../../src/resources/actions';
import { UndoOffer } from '../../src/changes/undoOffer';
import { Writer } from '../../src/changes/writer';
import { organizationBranches } from '../../src/resources/organizationContents';
import { OrganizationsView } from '../../src/resources/organizations/organizationsView';
import type { TreeNode } from '../../src/tree/treeNode';
import type { ListTreeView } from '../../src/tree/treeView';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandboxServer';
import { ScriptedPrompts } from './scriptedPrompts';
import { workbenchParts, type WorkbenchParts } from './workbenchParts';

/** The actions of the trees, joined as in extension.ts, over a sandbox, with scripted prompts and Scalekit's own SDK to read back. */
export interface ActionParts {
  readonly sandbox: Sandbox;
  readonly parts: WorkbenchParts;
  readonly prompts: ScriptedPrompts;
  readonly organizationsView: OrganizationsView;
  readonly configurationView: ListTreeView;
  readonly undo: UndoOffer;
  readonly sdk: Sdk;
  readonly environmentId: string;
  readonly environmentName: string;
  /** Everything copied as a secret. */
  readonly copied: string[];
  /** How the clipboard of secrets behaves. `clearsAfter` is in seconds, as in the settings. */
  readonly clipboard: { clearsAfter?: number; fails?: boolean };
  /** Every link opened in the browser. */
  readonly opened: string[];
  /** The calls to the documents, for example `open /environment/organizations/org_1.json`. */
  readonly documents: string[];
  /** Runs a command as a person does on a row or in the palette. Rejects with what the command's boundary would report. */
  act(action: ExplorerAction, row?: TreeNode, selection?: readonly TreeNode[]): Promise<void>;
  /** Opens nested rows of a view by their labels, which reads their lists as for a person. Returns the last row. */
  row(view: ListTreeView, ...labels: (string | RegExp)[]): Promise<TreeNode>;
  /** The labels of a row's children with their descriptions, for example `Okta · SAML (enabled)`. */
  labels(view: ListTreeView, row?: TreeNode): Promise<string[]>;
  /** How many requests with these methods the sandbox got, without token requests. By default, methods that change something. */
  writes(path?: RegExp): { readonly method: string; readonly path: string }[];
  /** Ends everything. @throws if an expected prompt never appeared, or an unexpected one did */
  end(): Promise<void>;
}

/** @param more.beside the parts of another window over the same sandbox, which that window closes */
export async function actionParts(
  options: SandboxOptions = { organizations: 5, seed: 1 },
  { production = false, beside }: { readonly production?: boolean; readonly beside?: ActionParts } = {},
): Promise<ActionParts> {
  const sandbox = beside?.sandbox ?? (await startSandbox(options));
  const parts = await workbenchParts();
  await parts.store.load();
  const environmentId = await parts.add(
    { environmentUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret },
    { production },
  );
  await parts.store.setActive(environmentId);
  const prompts = new ScriptedPrompts();
  const { environments } = parts;
  const organizationsView = new OrganizationsView(environments, organizationBranches);
  const configurationView = createConfigurationView(environments);
  const undo = new UndoOffer();
  const copied: string[] = [];
  const clipboard: ActionParts['clipboard'] = {};
  const opened: string[] = [];
  const documents: string[] = [];
  const tell = (what: string, reference: DocumentReference): void => {
    documents.push(`${what} ${documentUri(reference).path}`);
  };
  const actions = createExplorerActions({
    environments,
    prompts,
    writer: new Writer({ environments, prompts, undo }),
    organizationsView,
    configurationView,
    documents: {
      open: async (reference) => tell('open', reference),
      refresh: (reference) => tell('refresh', reference),
      deleted: async (reference) => tell('deleted', reference),
    },
    redactor: parts.redactor,
    openLink: async (url) => {
      opened.push(url);
      return true;
    },
    clipboardClearsAfter: () => clipboard.clearsAfter,
    copySecret: async (text) => {
      if (clipboard.fails) throw new Error("The clipboard can't be written.");
      copied.push(text);
      await vscode.env.clipboard.writeText(text);
    },
  });
  const shown = async (view: ListTreeView, row?: TreeNode): Promise<{ node: TreeNode; item: vscode.TreeItem }[]> =>
    (await view.getChildren(row)).map((node) => ({ node, item: view.getTreeItem(node) }));
  return {
    sandbox,
    parts,
    prompts,
    organizationsView,
    configurationView,
    undo,
    sdk: new Sdk(sandbox.url, sandbox.clientId, sandbox.clientSecret),
    environmentId,
    environmentName: environments.get(environmentId)?.name ?? assert.fail('the environment has no name'),
    copied,
    clipboard,
    opened,
    documents,
    act: async (action, row, selection) => actions[action](row, selection),
    row: async (view, ...labels) => {
      let row: TreeNode | undefined;
      for (const wanted of labels) {
        const rows = await shown(view, row);
        row = rows.find(({ item }) =>
          wanted instanceof RegExp ? wanted.test(String(item.label)) : item.label === wanted,
        )?.node;
        assert.ok(
          row !== undefined,
          `there's no row ${String(wanted)} among: ${rows.map(({ item }) => String(item.label)).join(', ')}`,
        );
      }
      return row ?? assert.fail('no row was requested');
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
      undo.dispose();
      organizationsView.dispose();
      configurationView.dispose();
      await parts.dispose();
      if (beside === undefined) await sandbox.close();
      prompts.assertAllUsed();
    },
  };
}

/** The parts for actions on one list of an organization. */
export interface ListActionParts extends ActionParts {
  readonly organizationId: string;
  /** The row of the list. */
  list(): Promise<TreeNode>;
  /** Its children. */
  shown(): Promise<string[]>;
}

/** Opens a list of the sample organization Looney Corp, for example `Users`. Clears the sandbox's received requests. */
export async function listActionParts(label: string, { production = false } = {}): Promise<ListActionParts> {
  const parts = await actionParts({ organizations: 3, seed: 1 }, { production });
  const { treeView } = parts.organizationsView;
  const organization = await parts.row(treeView, 'Looney Corp');
  const list = (): Promise<TreeNode> => parts.row(treeView, 'Looney Corp', label);
  const shown = async (): Promise<string[]> => parts.labels(treeView, await list());
  await shown();
  parts.sandbox.clearRequests();
  return {
    ...parts,
    organizationId: organization.document?.path[1] ?? assert.fail("it isn't an organization"),
    list,
    shown,
  };
}
