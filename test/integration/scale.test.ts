import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { ListNode } from '../../src/tree/listNode';
import { isOrganizationNode } from '../../src/resources/organizations/organizationNode';
import type { OrganizationsView } from '../../src/resources/organizations/organizationsView';
import type { TreeNode } from '../../src/tree/treeNode';
import { startSandbox, type SandboxProcess } from '../host/sandboxProcess';
import { measureLoopDelay, type LoopDelay } from '../support/eventLoop';
import { heapInUse } from '../support/heap';
import { until } from '../support/until';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';

/** What 1,000 rows may take of the heap, with their cached responses. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The cost of loading rows. */
interface Cost extends LoopDelay {
  readonly firstRowsMs: number;
  readonly bytes: number;
}

describe('the Organizations view with 100,000 organizations and 20,000 users in the first, in VS Code’s own tree,', () => {
  let sandbox: SandboxProcess;
  let parts: StartedWorkbench;
  let view: OrganizationsView;
  /** Rows that VS Code has added to its tree since this was last emptied. */
  let drawn: TreeNode[];
  let lastDrawnAt: number;

  const apiRequests = (): string[] => parts.exchanges.map(({ url }) => url).filter((url) => url.includes('/api/v1/'));

  /** VS Code's requests for rows pass through here on their way to the view. */
  function watchDrawing(): void {
    const { treeView } = view;
    const getTreeItem = treeView.getTreeItem.bind(treeView);
    treeView.getTreeItem = (node) => {
      drawn.push(node);
      lastDrawnAt = performance.now();
      return getTreeItem(node);
    };
  }

  const add = (): Promise<string> =>
    parts.add({ environmentUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret });

  /** Loads pages of a list until 1,000 rows are drawn. */
  async function loadThousand(rows: () => Promise<TreeNode[]>): Promise<void> {
    for (let count = 200; count <= 1_000; count += 100) {
      drawn = [];
      await view.treeView.loadMore((await rows()).at(-1));
      await until(`${count} rows are drawn`, () => drawn.length > count, 10_000);
    }
  }

  async function measure(show: () => Promise<unknown>, rows: () => Promise<TreeNode[]>): Promise<Cost> {
    const before = heapInUse();
    drawn = [];
    const stop = measureLoopDelay();
    const begun = performance.now();
    await show();
    await until('the first 100 rows are drawn', () => drawn.length > 100, 10_000);
    const firstRowsMs = lastDrawnAt - begun;
    await loadThousand(rows);
    await delay(100);
    const delays = stop();
    return { ...delays, firstRowsMs, bytes: heapInUse() - before };
  }

  /** The bench reads these figures: see test/bench/treeLoad.ts. */
  function report(what: string, cost: Cost): void {
    const [firstRows, longest, computing, kibibytes] = [
      cost.firstRowsMs,
      cost.longestMs,
      cost.longestCpuMs,
      cost.bytes / 1024,
    ].map((figure) => figure.toFixed(1));
    console.log(
      `      ${what}, VS Code ${vscode.version}: first rows after ${firstRows} ms; while loading 1,000 rows the event loop was held at most ${longest} ms, ${computing} ms of them computing; ${kibibytes} KiB of heap`,
    );
  }

  async function usersOf(organization: TreeNode): Promise<ListNode> {
    const users = ((await organization.children?.()) ?? []).find(({ id }) => id.endsWith('/users'));
    assert.ok(users instanceof ListNode);
    return users;
  }

  before(async () => {
    sandbox = await startSandbox(['--organizations', '100000', '--users', '20000', '--seed', '1']);
    await vscode.commands.executeCommand('workbench.view.explorer');
    parts = await startWorkbench();
    await parts.store.load();
    view = parts.organizationsView;
    drawn = [];
    watchDrawing();
  });

  after(async () => {
    await parts.end();
    await sandbox.end();
  });

  it('makes no request while it’s hidden', async () => {
    await parts.store.setActive(await add());
    await delay(300);
    assert.equal(parts.exchanges.length, 0);
    assert.equal(drawn.length, 0);
  });

  it('shows its first rows after one request, and 1,000 rows after ten', async () => {
    parts.exchanges.length = 0;
    const cost = await measure(
      async () => {
        await vscode.commands.executeCommand('scalekit.organizations.focus');
        await until('100 rows are drawn', () => drawn.length > 100, 10_000);
        assert.equal(apiRequests().length, 1);
      },
      () => view.treeView.getChildren(),
    );
    assert.equal(apiRequests().length, 10);
    assert.equal(parts.exchanges.length, 11, 'one token');
    assert.equal((await view.treeView.getChildren()).filter(isOrganizationNode).length, 1_000);
    report('100,000 organizations', cost);
    assert.ok(cost.bytes < MOST_BYTES, `${cost.bytes} bytes`);
  });

  it('offers to search instead of loading more after 1,000 rows', async () => {
    const last = (await view.treeView.getChildren()).at(-1);
    assert.match(String(last?.item().label), /^Search… \(1000 of 100000 shown\)$/);
  });

  it('shows an organization’s 20,000 users page by page too', async () => {
    const first =
      (await view.treeView.getChildren()).find(isOrganizationNode) ?? assert.fail('there is no organization');
    const users = await usersOf(first);
    await view.treeView.view.reveal(first, { expand: true });
    parts.exchanges.length = 0;
    const cost = await measure(
      async () => view.treeView.view.reveal(users, { expand: true }),
      () => users.children(),
    );
    assert.equal(apiRequests().length, 10, apiRequests().join('\n'));
    assert.equal(users.item().description, (20_000).toLocaleString(vscode.env.language));
    assert.equal(users.records().length, 1_000);
    report('20,000 users of one organization', cost);
    assert.ok(cost.bytes < MOST_BYTES, `${cost.bytes} bytes`);
  });

  it('makes no request when you open a row again or show the view again', async () => {
    const { treeView } = view;
    const first = (await treeView.getChildren()).find(isOrganizationNode) ?? assert.fail('there is no organization');
    parts.exchanges.length = 0;
    await vscode.commands.executeCommand('workbench.actions.treeView.scalekit.organizations.collapseAll');
    drawn = [];
    await treeView.view.reveal(first, { expand: true });
    await treeView.view.reveal(await usersOf(first), { expand: true });
    await vscode.commands.executeCommand('workbench.view.explorer');
    await until('the view is hidden', () => !treeView.view.visible);
    treeView.redraw();
    await vscode.commands.executeCommand('scalekit.organizations.focus');
    await until('the view is shown', () => treeView.view.visible);
    await delay(300);
    assert.deepEqual(parts.exchanges, []);
  });

  it('makes no request if you switch environments while it’s hidden', async () => {
    await vscode.commands.executeCommand('workbench.view.explorer');
    await until('the view is hidden', () => !view.treeView.view.visible);
    parts.exchanges.length = 0;
    await parts.store.setActive(await add());
    await delay(300);
    assert.deepEqual(parts.exchanges, []);
  });
});
