import assert from 'node:assert/strict';
import { listDirectories, setDirectoryEnabled } from '../../src/api/directories';
import { listOrganizations } from '../../src/api/organizations';
import type { SandboxEnvironment } from '../../src/environments/sandboxEnvironment';
import type { OrganizationsView } from '../../src/resources/organizations/organizationsView';
import { filterSignInLog } from '../../src/resources/signIns/signInLogFilter';
import type { TreeNode } from '../../src/tree/treeNode';
import type { ListTreeView } from '../../src/tree/treeView';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { workbenchExtension } from '../support/companion';
import { ScriptedPrompts } from '../support/scriptedPrompts';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';
import { environmentContextKeys } from '../../src/environments/environmentContextKeys';
import { secretKey } from '../../src/environments/secretRecord';
import { topLevel, withSubmenus, type MenuEntry, type Menus } from '../support/menus';
import { canBeTrue } from '../support/whenClause';
import { ActivityView } from '../../src/activity/activityView';
import { SandboxRequestList } from '../../src/environments/sandboxRequestList';
import { VirtualDocuments } from '../../src/ui/virtualDocuments';

interface Manifest {
  readonly contributes: {
    readonly menus: Menus;
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
  };
}

describe('the menus of rows', () => {
  let sandbox: Sandbox;
  let parts: StartedWorkbench;
  let local: SandboxEnvironment;
  /** The `viewItem` of every row, by view. */
  let seen: ReadonlyMap<string, ReadonlySet<string>>;
  let manifest: Manifest['contributes'];
  /** The entries of the menus and their submenus. */
  let entries: readonly (MenuEntry & { readonly when: string })[];

  before(async function () {
    this.timeout(60_000);
    const extension = await workbenchExtension();
    manifest = (extension.packageJSON as Manifest).contributes;
    entries = withSubmenus(manifest.menus, 'view/item/context');
    sandbox = await startSandbox({ organizations: 60, seed: 1 });
    const variables = {
      SCALEKIT_ENVIRONMENT_URL: 'https://variables.scalekit.dev',
      SCALEKIT_CLIENT_ID: 'skc_2',
      SCALEKIT_CLIENT_SECRET: 'test_2',
    };
    parts = await startWorkbench({ processEnvironment: variables });
    local = parts.localSandbox;
    await parts.store.load();
    const { url: environmentUrl, clientId, clientSecret } = sandbox;
    const id = await parts.add({ environmentUrl, clientId, clientSecret });
    await parts.add(
      { environmentUrl: 'https://live.scalekit.com', clientId: 'prd_skc_1', clientSecret: 'live_1' },
      { production: true },
    );
    const unreadable = await parts.add({
      environmentUrl: 'https://unreadable.scalekit.dev',
      clientId: 'skc_3',
      clientSecret: 'test_3',
    });
    await parts.secrets.store(secretKey(unreadable), '{"url":');
    await assert.rejects(parts.store.readCredentials(unreadable));
    await parts.store.setActive(id);
    // A directory that was disabled. The sandbox's own are enabled, or not set up yet.
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
    await parts.end();
    await sandbox.close();
  });

  async function allRows(): Promise<Map<string, Set<string>>> {
    const environments = new Set<string>();
    const { configurationView, environmentsView: view, organizationsView } = parts;
    const look = async (): Promise<void> =>
      (await view.getChildren()).forEach((row) => environments.add(view.getTreeItem(row).contextValue ?? ''));
    await look();
    await local.start();
    await look();
    local.stop();
    await look();
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

  /** A filtered sign-in log. */
  async function filteredLog(view: OrganizationsView): Promise<string> {
    const { treeView } = view;
    const rows = await treeView.getChildren((await treeView.getChildren())[0]);
    const log =
      rows.find((row) => treeView.getTreeItem(row).contextValue === 'list signInLog') ?? assert.fail('no sign-in log');
    const prompts = new ScriptedPrompts();
    prompts.expectPick({}, { label: 'Failed' });
    prompts.expectInput({}, '');
    await filterSignInLog(log, view, prompts);
    prompts.assertAllUsed();
    return treeView.getTreeItem(log).contextValue ?? '';
  }

  /** Every row of a tree, as if you opened them all. */
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

  /** Whether an entry's condition on its row can be true in a view. */
  function suits(when: string, view: string, viewItem: string): boolean {
    return canBeTrue(when, { view, viewItem });
  }

  function enablementOf(command: string): string {
    return manifest.commands.find((each) => each.command === command)?.enablement ?? '';
  }

  it('alone manage an environment, except that the Command Palette replaces the secret of a stored one', () => {
    const managing = new Map(
      (manifest.menus['commandPalette'] ?? []).flatMap(({ command = '', when }) => {
        const name = /^scalekit\.environment\.(replaceSecret|rename|markProduction|unmarkProduction|remove)$/.exec(
          command,
        )?.[1];
        return name === undefined ? [] : [[name, when] as const];
      }),
    );
    assert.deepEqual(Object.fromEntries(managing), {
      replaceSecret: 'scalekit.hasStoredEnvironment',
      rename: 'false',
      markProduction: 'false',
      unmarkProduction: 'false',
      remove: 'false',
    });
    const hasStored = (kind: string): unknown =>
      environmentContextKeys(parts.store.list().filter((environment) => environment.kind === kind))[
        'scalekit.hasStoredEnvironment'
      ];
    assert.deepEqual(['process', 'stored'].map(hasStored), [false, true]);
  });

  it('have no entry that never appears on a row', () => {
    // The row of search results exists only during a search, and the sandbox's list leaves out the features.
    const withFeatures = [
      'organization ssoEnabled scimEnabled resource',
      'organization ssoDisabled scimDisabled resource',
    ];
    const shown = new Map(seen).set(
      'scalekit.organizations',
      new Set([...(seen.get('scalekit.organizations') ?? []), 'found', ...withFeatures]),
    );
    const isShown = ({ when }: { readonly when: string }): boolean =>
      [...shown].some(([view, values]) => [...values].some((value) => suits(when, view, value)));
    // An entry of a submenu stands in each place of the submenu, and may be for one of them alone.
    const dead = entries.filter(
      ({ command, group }) =>
        !entries.some((entry) => entry.command === command && entry.group === group && isShown(entry)),
    );
    assert.deepEqual(dead, []);
    assert.ok(entries.length > 20);
  });

  it('have an entry for every row of a resource', () => {
    const without = [...seen].flatMap(([view, values]) =>
      [...values]
        .filter(
          (value) => value !== '' && value !== 'loadMore' && !entries.some(({ when }) => suits(when, view, value)),
        )
        .map((value) => `${view}: ${value}`),
    );
    assert.deepEqual(without, []);
  });

  it('show at most two icons beside a row', () => {
    const shown = new Map(seen).set(
      'scalekit.organizations',
      new Set([...(seen.get('scalekit.organizations') ?? []), 'list users filtered', 'found']),
    );
    for (const [view, values] of shown) {
      for (const value of values) {
        const icons = entries
          .filter(({ when, group = '' }) => group.startsWith('inline') && suits(when, view, value))
          .map(({ command }) => command);
        assert.ok(icons.length <= 2, `${view}: ${value}: ${icons.join(', ')}`);
      }
    }
    assert.ok(entries.some(({ group = '' }) => group.startsWith('inline')));
  });

  it('have at most nine entries, and deletion comes last', () => {
    let withDeletion = 0;
    for (const [view, values] of seen) {
      for (const viewItem of values) {
        const shown = topLevel(manifest.menus, 'view/item/context', { view, viewItem });
        assert.ok(shown.length <= 9, `${view}: ${viewItem}: ${shown.length}`);
        const [deletion, ...more] = shown.filter(({ group = '' }) => group.startsWith('9_delete'));
        assert.deepEqual(more, []);
        if (deletion === undefined) continue;
        withDeletion++;
        assert.equal(shown.at(-1), deletion, `${view}: ${viewItem}`);
      }
    }
    assert.ok(withDeletion > 5, `${withDeletion}`);
  });

  it('recognize every row of a resource, and every list, by one word', () => {
    const kinds = [...seen.entries()].flatMap(([view, values]) =>
      ['scalekit.environments', 'scalekit.activity'].includes(view) ? [] : [...values].filter((value) => value !== ''),
    );
    for (const kind of kinds)
      assert.ok(/ resource$|^list |^(found|loadMore)$/.test(kind) && !/^list .*\bresource\b/.test(kind), kind);
    assert.ok(kinds.length > 20);
  });

  it('offer to enable or to disable each connection, or neither before it’s set up', () => {
    for (const value of seen.get('scalekit.organizations') ?? []) {
      if (!value.startsWith('connection ')) continue;
      const offered = entries
        .filter(
          ({ command = '', when }) =>
            /connection\.(enable|disable)$/.test(command) &&
            suits(when, 'scalekit.organizations', value) &&
            // Otherwise it's greyed out.
            suits(enablementOf(command), 'scalekit.organizations', value),
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
