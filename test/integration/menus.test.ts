import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ActivityView } from '../../src/activity/activityView';
import { listDirectories, setDirectoryEnabled } from '../../src/api/directories';
import { listOrganizations } from '../../src/api/organizations';
import { environmentFacts } from '../../src/environments/environmentFacts';
import { EnvironmentsView } from '../../src/environments/environmentsView';
import { EnvironmentFromVariables } from '../../src/environments/environmentFromVariables';
import { SandboxEnvironment } from '../../src/environments/sandboxEnvironment';
import { SandboxRequestList } from '../../src/environments/sandboxRequestList';
import { createConfigurationView } from '../../src/resources/configurationView';
import { organizationBranches } from '../../src/resources/organizationContents';
import { OrganizationsView } from '../../src/resources/organizations/organizationsView';
import { filterSignInLog } from '../../src/resources/signIns/signInLogFilter';
import type { TreeNode } from '../../src/tree/treeNode';
import type { ListTreeView } from '../../src/tree/treeView';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { VirtualDocuments } from '../../src/ui/virtualDocuments';
import { workbenchExtension } from '../support/companion';
import { ScriptedPrompts } from '../support/scriptedPrompts';
import { MemoryState, workbenchParts, type WorkbenchParts } from '../support/workbenchParts';

interface Manifest {
  readonly contributes: {
    readonly menus: Readonly<
      Record<string, readonly { readonly command: string; readonly when?: string; readonly group?: string }[]>
    >;
  };
}

describe('the menus of rows', () => {
  let sandbox: Sandbox;
  let parts: WorkbenchParts;
  let local: SandboxEnvironment;
  /** The `viewItem` of every row that was seen, by view. */
  let seen: ReadonlyMap<string, ReadonlySet<string>>;
  let entries: readonly { readonly command: string; readonly when: string; readonly group: string }[];

  before(async function () {
    this.timeout(60_000);
    const extension = await workbenchExtension();
    entries = ((extension.packageJSON as Manifest).contributes.menus['view/item/context'] ?? []).map(
      ({ command, when = '', group = '' }) => ({ command, when, group }),
    );
    sandbox = await startSandbox({ organizations: 60, seed: 1 });
    const { log } = await workbenchParts();
    local = new SandboxEnvironment(
      join(extension.extensionPath, 'dist', 'sandbox.js'),
      'Local sandbox',
      new MemoryState(),
      Date.now,
      log,
    );
    const variables = {
      SCALEKIT_ENVIRONMENT_URL: 'https://variables.scalekit.dev',
      SCALEKIT_CLIENT_ID: 'skc_2',
      SCALEKIT_CLIENT_SECRET: 'test_2',
    };
    parts = await workbenchParts({
      sources: [new EnvironmentFromVariables(variables, 'From environment variables', Date.now), local],
    });
    await parts.store.load();
    const { url: environmentUrl, clientId, clientSecret } = sandbox;
    const id = await parts.add({ environmentUrl, clientId, clientSecret });
    await parts.add(
      { environmentUrl: 'https://live.scalekit.com', clientId: 'prd_skc_1', clientSecret: 'live_1' },
      { production: true },
    );
    await parts.store.setActive(id);
    // One directory that was switched off; the sandbox's own are switched on, or not set up yet.
    const client = await parts.environments.client(id);
    const [organizationId = ''] = (await listOrganizations(client, {})).items.flatMap((item) =>
      'record' in item ? [item.record.id] : [],
    );
    const directories = (await listDirectories(client, organizationId)).items.flatMap((item) =>
      'record' in item ? [item.record] : [],
    );
    const on = directories.find(({ enabled }) => enabled) ?? assert.fail('no directory is on');
    await setDirectoryEnabled(client, { organizationId, directoryId: on.id }, false);
    seen = await allRows();
  });

  after(async () => {
    local.stop();
    await parts.dispose();
    await sandbox.close();
  });

  async function allRows(): Promise<Map<string, Set<string>>> {
    const environments = new Set<string>();
    const view = new EnvironmentsView(parts.store);
    const look = async (): Promise<void> =>
      (await view.getChildren()).forEach((row) => environments.add(view.getTreeItem(row).contextValue ?? ''));
    await look();
    await local.start();
    await look();
    local.stop();
    await look();
    view.dispose();
    const organizationsView = new OrganizationsView(parts.environments, organizationBranches);
    const configurationView = createConfigurationView(parts.environments);
    const organizations = await rowsOf(organizationsView.treeView);
    organizations.add(await filteredLog(organizationsView));
    const rows = new Map([
      ['scalekit.environments', environments],
      ['scalekit.organizations', organizations],
      ['scalekit.configuration', await rowsOf(configurationView)],
      ['scalekit.activity', activityRows()],
    ]);
    organizationsView.dispose();
    configurationView.dispose();
    return rows;
  }

  /** A request that the sandbox received. */
  function activityRows(): Set<string> {
    const documents = new VirtualDocuments();
    const view = new ActivityView();
    const list = view.add(new SandboxRequestList(documents));
    list.record({ time: 1, protocol: 'rest', method: 'GET', path: '/keys', query: [], status: 200 });
    const values = view.getChildren(list).map((row) => view.getTreeItem(row).contextValue ?? '');
    view.dispose();
    documents.dispose();
    return new Set(values);
  }

  /** A sign-in log that a person has filtered. */
  async function filteredLog(view: OrganizationsView): Promise<string> {
    const { treeView } = view;
    const rows = await treeView.getChildren((await treeView.getChildren())[0]);
    const log =
      rows.find((row) => treeView.getTreeItem(row).contextValue === 'branch signInLog') ??
      assert.fail('no sign-in log');
    const prompts = new ScriptedPrompts();
    prompts.expectPick({}, { label: 'Failed' });
    prompts.expectInput({}, '');
    await filterSignInLog(log, view, prompts);
    prompts.assertAllUsed();
    return treeView.getTreeItem(log).contextValue ?? '';
  }

  /** Every row of a tree, as a person sees who opens them all. */
  async function rowsOf(view: ListTreeView): Promise<Set<string>> {
    const values = new Set<string>();
    const walk = async (parent: TreeNode | undefined, depth: number): Promise<void> => {
      for (const row of await view.getChildren(parent)) {
        values.add(view.getTreeItem(row).contextValue ?? '');
        if (row.children !== undefined && depth < 6) await walk(row, depth + 1);
      }
    };
    await walk(undefined, 0);
    return values;
  }

  /** Whether an entry's condition on its row can come true in a view. */
  function suits(when: string, view: string, value: string): boolean {
    const [, exact] = /\bview == ([\w.]+)/.exec(when) ?? [];
    const [, pattern] = /\bview =~ \/((?:[^/\\]|\\.)*)\//.exec(when) ?? [];
    const [, item] = /\bviewItem == '?((?<=')[^']+|[\w.]+)/.exec(when) ?? [];
    const [, items] = /\bviewItem =~ \/((?:[^/\\]|\\.)*)\//.exec(when) ?? [];
    assert.ok((exact ?? pattern) !== undefined && (item ?? items) !== undefined, `not understood: ${when}`);
    const inView = exact === undefined ? new RegExp(pattern ?? '').test(view) : view === exact;
    return inView && (value === item || (items !== undefined && new RegExp(items).test(value)));
  }

  it('and the Command Palette offer what is done to a stored environment only when there is one that it suits', async () => {
    const extension = await workbenchExtension();
    const palette = (extension.packageJSON as Manifest).contributes.menus['commandPalette'] ?? [];
    await local.start();
    const environments = parts.store.list();
    const offered = (...kinds: readonly string[]): string[] => {
      const facts: Record<string, unknown> = environmentFacts(
        environments.filter(({ kind, production }) => kinds.includes(production ? 'production' : kind)),
      );
      const isTrue = (fact: string): boolean => facts[fact] === true;
      const managing = palette.filter(({ command }) =>
        /environment\.(replaceSecret|rename|markProduction|unmarkProduction|remove)$/.test(command),
      );
      assert.equal(managing.length, 5);
      return managing
        .filter(({ when = '' }) => when.split(' || ').some(isTrue))
        .map(({ command }) => command.replace('scalekit.environment.', ''))
        .sort();
    };
    assert.deepEqual(offered('process'), []);
    assert.deepEqual(offered('process', 'sandbox'), ['remove']);
    assert.deepEqual(offered('stored'), ['markProduction', 'remove', 'rename', 'replaceSecret']);
    assert.deepEqual(offered('production'), ['remove', 'rename', 'replaceSecret', 'unmarkProduction']);
    assert.deepEqual(offered('stored', 'production', 'process').length, 5);
    local.stop();
  });

  it('hold no entry that no row shows', () => {
    // The rows of what a search found are there only while there is a search.
    const shown = new Map(seen).set(
      'scalekit.organizations',
      new Set([...(seen.get('scalekit.organizations') ?? []), 'found']),
    );
    const dead = entries.filter(
      ({ when }) => ![...shown].some(([view, values]) => [...values].some((value) => suits(when, view, value))),
    );
    assert.deepEqual(dead, []);
    assert.ok(entries.length > 20);
  });

  it('offer something on every row of a resource', () => {
    const without = [...seen].flatMap(([view, values]) =>
      [...values]
        .filter(
          (value) => value !== '' && value !== 'loadMore' && !entries.some(({ when }) => suits(when, view, value)),
        )
        .map((value) => `${view}: ${value}`),
    );
    assert.deepEqual(without, []);
  });

  it('show two icons beside a row at most', () => {
    const shown = new Map(seen).set(
      'scalekit.organizations',
      new Set([...(seen.get('scalekit.organizations') ?? []), 'branch users filtered', 'found']),
    );
    for (const [view, values] of shown) {
      for (const value of values) {
        const icons = entries
          .filter(({ when, group }) => group.startsWith('inline') && suits(when, view, value))
          .map(({ command }) => command);
        assert.ok(icons.length <= 2, `${view}: ${value}: ${icons.join(', ')}`);
      }
    }
    assert.ok(entries.some(({ group }) => group.startsWith('inline')));
  });

  it('offer each connection either to be enabled or to be disabled, or neither while it is not set up', () => {
    for (const value of seen.get('scalekit.organizations') ?? []) {
      if (!value.startsWith('connection ')) continue;
      const offered = entries
        .filter(
          ({ command, when }) =>
            /connection\.(enable|disable)$/.test(command) && suits(when, 'scalekit.organizations', value),
        )
        .map(({ command }) => command);
      const expected = value.startsWith('connection enabled')
        ? ['scalekit.connection.disable']
        : value.startsWith('connection disabled COMPLETED')
          ? ['scalekit.connection.enable']
          : [];
      assert.deepEqual(offered, expected, value);
    }
  });
});
