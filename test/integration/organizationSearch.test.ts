import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { ListNode } from '../../src/tree/listNode';
import { searchOrganizations } from '../../src/resources/organizations/organizationSearch';
import { filterSignInLog } from '../../src/resources/signIns/signInLogFilter';
import type { TreeNode } from '../../src/tree/treeNode';
import { searchUsers } from '../../src/resources/users/searchUsers';
import { startSandboxWorkbench, type SandboxWorkbench } from '../support/startSandboxWorkbench';
import { until } from '../support/until';

describe('a search in the Organizations view', () => {
  let world: SandboxWorkbench;
  /** An organization that isn't among the first 100. */
  let far: { readonly id: string; readonly name: string };

  const tree = () => world.organizationsView.treeView;
  const rows = (): Promise<TreeNode[]> => tree().getChildren();
  const search = (): Promise<void> => searchOrganizations(world.organizationsView, world.environments, world.prompts);
  const beneath = async (row: TreeNode | undefined): Promise<(string | undefined)[]> =>
    row?.kind === 'found' ? (await tree().getChildren(row)).map(({ document }) => document?.path[1]) : [];

  /** Switches to another environment, and shows it, as soon as the next prompt of this kind is answered. */
  async function switchAfter(kind: 'search' | 'input'): Promise<string> {
    const other = await world.add({
      environmentUrl: world.sandbox.url,
      clientId: world.sandbox.clientId,
      clientSecret: world.sandbox.clientSecret,
    });
    const answer = world.prompts[kind].bind(world.prompts) as (prompt: never) => Promise<unknown>;
    Object.assign(world.prompts, {
      [kind]: async (prompt: never) => {
        const result = await answer(prompt);
        await world.store.setActive(other);
        await rows();
        return result;
      },
    });
    return other;
  }

  /** A list of the first organization, which has been read. */
  async function list(label: string): Promise<ListNode> {
    const row = await world.row(tree(), 'Looney Corp', label);
    await tree().getChildren(row);
    return row instanceof ListNode ? row : assert.fail('it is no list');
  }

  beforeEach(async () => {
    world = await startSandboxWorkbench({ organizations: 120, seed: 1 });
    const { nextPageToken } = await world.sdk.organization.listOrganization({ pageSize: 100 });
    const { organizations } = await world.sdk.organization.listOrganization({
      pageSize: 100,
      pageToken: nextPageToken,
    });
    const { id, displayName } = organizations[0] ?? assert.fail('there is no second page');
    far = { id, name: displayName };
    await rows();
    world.sandbox.clearRequests();
  });

  afterEach(() => world.end());

  it('shows the picked organization under “Found” if it’s not on a loaded page', async () => {
    world.prompts.expectSearch(
      far.name,
      { title: `Search Organizations of ${world.environmentName}` },
      { label: far.name },
    );
    await search();
    assert.deepEqual(await beneath((await rows())[0]), [far.id]);
    assert.deepEqual(
      tree().view.selection.map(({ document }) => document?.path[1]),
      [far.id],
    );
  });

  it('selects the row of a loaded organization, and searches without a request while the text is short', async () => {
    world.prompts.expectSearch('Lo', {}, { label: 'Looney Corp' });
    await search();
    assert.deepEqual(
      tree().view.selection.map(({ id }) => id),
      [(await rows())[0]?.id],
    );
    assert.deepEqual(
      world.sandbox.requests.filter(({ path }) => path.includes(':search')),
      [],
    );
  });

  for (const text of ['🏢🏢', '🏢', ' 🏢🏢 ', '𝒜𝒷', '㐀𠀀']) {
    it(`filters the loaded rows for “${text}”, which is too short for Scalekit’s search`, async () => {
      const [, second] = await rows();
      const name = `${text.trim()} Ltd`;
      await world.sdk.organization.updateOrganization(second?.document?.path[1] ?? assert.fail('there is none'), {
        displayName: name,
      });
      await world.organizationsView.refresh(undefined);
      world.sandbox.clearRequests();
      world.prompts.expectSearch(text, { labels: [name] }, undefined);
      await search();
      assert.deepEqual(
        world.sandbox.requests.filter(({ path }) => path.includes(':')),
        [],
      );
    });
  }

  it('sends three characters of any kind to the server, and never half of one', async () => {
    world.prompts.expectSearch('🏢🏢🏢', {}, undefined).expectSearch(`${'x'.repeat(99)}🏢🏢`, {}, undefined);
    await search();
    await search();
    const queries = world.sandbox.requests
      .filter(({ path }) => path.includes(':search'))
      .map(({ path }) => new URL(path, 'http://x').searchParams.get('query'));
    assert.deepEqual(queries, ['🏢🏢🏢', `${'x'.repeat(99)}🏢`]);
  });

  it('lists all matches if you pick that', async () => {
    world.prompts.expectSearch('labs', {}, { label: /^Show all that match/ });
    await search();
    assert.match(String(tree().view.message), /“labs”/);
    assert.ok((await world.labels(tree())).every((label) => /labs/i.test(label)));
  });

  it('changes nothing if you cancel', async () => {
    const before = (await rows()).map(({ id }) => id);
    world.prompts.expectSearch('labs', {}, undefined);
    await search();
    assert.deepEqual(
      (await rows()).map(({ id }) => id),
      before,
    );
  });

  for (const [what, label] of [
    ['of the picked organization', () => far.name],
    ['of all matches', () => /^Show all that match/],
  ] as const) {
    it(`shows nothing ${what} if you switch environments meanwhile`, async () => {
      world.prompts.expectSearch(far.name, {}, (prompt) => {
        assert.ok(prompt.choices.some((choice) => choice.label === far.name));
        return { label: label() };
      });
      const other = await switchAfter('search');
      await search();
      const shown = await rows();
      assert.ok(shown.every(({ id, kind }) => id.startsWith(`${other}/`) && kind !== 'found'));
      assert.equal(shown.length, 101);
      assert.equal(world.organizationsView.shownSearch(other), undefined);
      assert.equal(tree().view.message, undefined);
    });
  }

  it('for users filters no list of an environment that’s no longer shown', async () => {
    const users = await list('Users');
    world.prompts.expectSearch('looney', {}, { label: /^Show all that match/ });
    await switchAfter('search');
    await searchUsers(users, world.organizationsView, world.prompts);
    assert.equal(users.isFiltered, false);
  });

  it('in the sign-in log filters no list of an environment that’s no longer shown', async () => {
    const log = await list('Sign-in Log');
    world.prompts.expectPick({}, { label: 'Failed' }).expectInput({}, '');
    await switchAfter('input');
    await filterSignInLog(log, world.organizationsView, world.prompts);
    assert.equal(log.isFiltered, false);
  });

  it('in the sign-in log says that nothing matches, not that the log is empty', async () => {
    const log = await list('Sign-in Log');
    world.prompts.expectPick({}, { label: 'Failed' }).expectInput({}, 'nobody@nowhere.example');
    await filterSignInLog(log, world.organizationsView, world.prompts);
    assert.deepEqual(await world.labels(tree(), log), ['Nothing matches the filter']);
  });

  it('refreshes its results with the view, and drops deleted ones', async () => {
    await world.organizationsView.reveal(world.environmentId, { id: far.id, displayName: far.name, metadata: {} });
    await world.sdk.organization.updateOrganization(far.id, { displayName: 'Renamed elsewhere' });
    await world.organizationsView.refresh(undefined);
    assert.deepEqual(
      await world
        .labels(tree(), await world.row(tree(), 'Found'))
        .then((labels) => labels.map((label) => label.split(' (')[0])),
      ['Renamed elsewhere'],
    );
    await world.sdk.organization.deleteOrganization(far.id);
    await world.organizationsView.refresh(undefined);
    assert.notEqual((await rows())[0]?.kind, 'found');
  });

  it('reads no list on a refresh while the organization around it is collapsed', async () => {
    const users = await list('Users');
    const { view } = tree();
    const refreshed = async (): Promise<number> => {
      world.sandbox.clearRequests();
      await world.organizationsView.refresh(undefined);
      return world.sandbox.requests.filter(({ path }) => path.includes('/users')).length;
    };
    // What VS Code has drawn is told by what a refresh reads. It draws some time after it's told to.
    const isReadOnRefresh = async (): Promise<boolean> => (await refreshed()) === 1;
    const expand = () => view.reveal(users, { expand: true });
    await until('the list to be shown', async () => (await expand(), isReadOnRefresh()), 20_000);
    let isCollapsed = false;
    view.onDidCollapseElement(() => (isCollapsed = true));
    view.onDidExpandElement(() => (isCollapsed = false));
    await until(
      'the organization to collapse',
      async () => {
        // VS Code doesn't report the collapse of rows that it's just reading again, so they're expanded for each try.
        await expand();
        await vscode.commands.executeCommand('workbench.actions.treeView.scalekit.organizations.collapseAll');
        await delay(500);
        return isCollapsed;
      },
      20_000,
    );
    assert.equal(await refreshed(), 0);
  });
});
