import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { documentUri, SCALEKIT_SCHEME } from '../../src/core/documentReference';
import type { EnvironmentAccess } from '../../src/core/environmentAccess';
import { ReadOnlyFields } from '../../src/documents/readOnlyFields';
import { saveResource } from '../../src/documents/saveResource';
import { ScalekitFileSystem } from '../../src/documents/scalekitFileSystem';
import { createConfigurationView } from '../../src/resources/configurationView';
import { isOrganizationNode, type OrganizationNode } from '../../src/resources/organizations/organizationNode';
import { organizationLists } from '../../src/resources/organizationContents';
import { OrganizationsView } from '../../src/resources/organizations/organizationsView';
import type { TreeNode } from '../../src/tree/treeNode';
import type { ListTreeView } from '../../src/tree/treeView';
import { StatusBar } from '../../src/tokens/statusBar';
import { TokenActions } from '../../src/tokens/tokenActions';
import { TokenClipboard } from '../../src/tokens/tokenClipboard';
import { startSandbox, type SandboxProcess } from '../host/sandboxProcess';
import { heapInUse } from '../support/heap';
import { ScriptedPrompts } from '../support/scriptedPrompts';
import { until } from '../support/until';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';

/** Minutes by a clock that moves one minute at a time, so that caches grow stale and tokens expire as in real minutes. */
const MINUTES = 30;
/** How often the half hour repeats. A leak grows each time; what is cached once doesn't. */
const HALF_HOURS = 4;
/** How much the heap may grow from the end of the first half hour to the end of the last, in bytes. */
const MOST_GROWTH = 3 * 1024 * 1024;

describe(`a window used for ${(HALF_HOURS * MINUTES) / 60} hours of compressed time in VS Code ${vscode.version}`, () => {
  let sandboxes: SandboxProcess[];
  let parts: StartedWorkbench;
  let organizations: OrganizationsView;
  let configuration: ListTreeView;
  let files: ScalekitFileSystem;
  let tokens: TokenActions;
  let clipboard: TokenClipboard;
  let ids: string[];
  let statusBar: StatusBar;
  let now = Date.now();
  let listeners = 0;
  /** Timers that ran before the parts were created: VS Code's own. */
  let timersBefore: number;

  before(async function () {
    this.timeout(60_000);
    await vscode.commands.executeCommand('workbench.view.explorer');
    timersBefore = timers();
    sandboxes = await Promise.all([
      startSandbox(['--organizations', '400', '--seed', '1', '--token-lifetime', '900']),
      startSandbox(['--organizations', '30', '--seed', '2']),
    ]);
    parts = await startWorkbench({ now: () => now });
    await parts.store.load();
    ids = [];
    for (const { url, clientId, clientSecret } of sandboxes)
      ids.push(await parts.add({ environmentUrl: url, clientId, clientSecret }));
    const count = (by: 1 | -1): void => {
      listeners += by;
    };
    const environments = Object.assign(Object.create(parts.environments) as EnvironmentAccess, {
      onDidChange: counted(parts.environments.onDidChange, count),
      onDidChangeTokenStatus: counted(parts.environments.onDidChangeTokenStatus, count),
    });
    organizations = new OrganizationsView(environments, organizationLists);
    configuration = createConfigurationView(environments);
    const prompts = new ScriptedPrompts();
    files = new ScalekitFileSystem({
      environments,
      prompts,
      redactor: parts.redactor,
      now: () => now,
      saveResource,
      readOnlyFields: async () => new ReadOnlyFields(),
    });
    clipboard = new TokenClipboard(false);
    tokens = new TokenActions({ environments, prompts, now: () => now, clipboard });
    statusBar = new StatusBar(environments, () => now);
  });

  after(async () => {
    await Promise.all((sandboxes ?? []).map((sandbox) => sandbox.end()));
  });

  const rows = async (view: ListTreeView, row?: TreeNode): Promise<TreeNode[]> => {
    const nodes = await view.getChildren(row);
    for (const node of nodes) await view.resolveTreeItem(view.getTreeItem(node), node);
    return nodes;
  };

  async function minute(number: number): Promise<void> {
    now += 60_000;
    await parts.store.setActive(ids[number % 5 === 4 ? 1 : 0] ?? '');
    const { treeView } = organizations;
    const shown = (await treeView.getChildren()).filter(isOrganizationNode);
    const organization = shown[number % shown.length] ?? assert.fail('there is no organization');
    for (const list of await treeView.getChildren(organization)) await rows(treeView, list);
    if (number % 3 === 0) await treeView.loadMore((await treeView.getChildren()).at(-1));
    if (number % 4 === 0) {
      organizations.showSearch(organizations.environment?.id ?? '', 'labs');
      await treeView.getChildren();
      organizations.clearSearch();
    }
    if (number % 6 === 0) await organizations.refresh(undefined);
    for (const list of await configuration.getChildren()) await rows(configuration, list);
    await tokens.copy(undefined);
    await edit(organization, number);
    if (number % 10 === 9) await remember();
  }

  /** Opens an organization as a file, changes its metadata and saves. */
  async function edit({ environmentId, organizationId }: OrganizationNode, number: number): Promise<void> {
    const uri = documentUri({ environmentId, path: ['organizations', organizationId] });
    assert.equal(uri.scheme, SCALEKIT_SCHEME);
    await files.stat(uri);
    const json = JSON.parse(Buffer.from(await files.readFile(uri)).toString()) as Record<string, unknown>;
    const changed = { ...json, metadata: { round: `r${number}` } };
    await files.writeFile(uri, Buffer.from(JSON.stringify(changed)));
  }

  /** Adds a third environment, looks at it and removes it again. */
  async function remember(): Promise<void> {
    const { url, clientId, clientSecret } = sandboxes[1] ?? assert.fail();
    const id = await parts.add({ environmentUrl: url, clientId, clientSecret });
    await parts.store.setActive(id);
    await organizations.treeView.getChildren();
    await parts.stored.remove(id);
  }

  /** Shows the view, then the files. A hidden view makes no requests, whatever happens. */
  async function lookAway(): Promise<void> {
    parts.exchanges.length = 0;
    await parts.store.setActive(ids[0] ?? '');
    await vscode.commands.executeCommand('scalekit.organizations.focus');
    await organizations.refresh(undefined);
    await until(
      'the visible view made requests',
      () => parts.exchanges.some(({ url }) => url.endsWith('/api/v1/organizations')),
      20_000,
    );
    await vscode.commands.executeCommand('workbench.view.explorer');
    await delay(1_000);
    parts.exchanges.length = 0;
    await parts.store.setActive(ids[1] ?? '');
    await delay(300);
    assert.equal(parts.exchanges.length, 0, 'requests of a hidden view');
  }

  it('keeps its heap size, and makes no request while idle', async function () {
    this.timeout(25 * 60_000);
    const heap: number[] = [];
    const requests: number[] = [];
    for (let half = 0; half < HALF_HOURS; half++) {
      parts.exchanges.length = 0;
      for (let number = 0; number < MINUTES; number++) await minute(number);
      requests.push(parts.exchanges.length);
      parts.exchanges.length = 0;
      await lookAway();
      parts.exchanges.length = 0;
      // A lunch of half an hour by the parts' clock, after which their caches are stale. By the real clock, which timers follow, it's a moment.
      now += 30 * 60_000;
      await delay(500);
      assert.equal(parts.exchanges.length, 0, 'requests while idle');
      heap.push(heapInUse());
    }
    const mebibytes = heap.map((bytes) => (bytes / 1024 / 1024).toFixed(1)).join(', ');
    console.log(`      heap after each half hour: ${mebibytes} MiB; requests in each: ${requests.join(', ')}`);
    assert.ok((heap.at(-1) ?? 0) - (heap[0] ?? 0) < MOST_GROWTH, `the heap has grown: ${mebibytes} MiB`);
  });

  it('leaves no listener or timer when it’s closed', async () => {
    assert.ok(listeners > 0);
    for (const disposable of [organizations, configuration, files, clipboard, statusBar]) disposable.dispose();
    assert.equal(listeners, 0, 'something still listens to the environments');
    parts.exchanges.length = 0;
    await parts.store.setActive(ids[1] ?? '');
    await delay(300);
    assert.equal(parts.exchanges.length, 0);
    await parts.end();
    // VS Code's own timers come and go. A leaked one would be there each time.
    await until('no timer remains', () => timers() <= timersBefore, 20_000);
  });
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

/** An event that counts its listeners. */
function counted<T>(event: vscode.Event<T>, count: (by: 1 | -1) => void): vscode.Event<T> {
  return (listener, thisArgs, disposables) => {
    count(1);
    const subscription = event(listener, thisArgs, disposables);
    let isDisposed = false;
    return new vscode.Disposable(() => {
      if (!isDisposed) count(-1);
      isDisposed = true;
      subscription.dispose();
    });
  };
}
