import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Organization } from '../../src/api/organizations';
import type { ResourceAction } from '../../src/resources/commandIds';
import type { TreeNode } from '../../src/tree/treeNode';
import { startSandboxWorkbench, type SandboxWorkbench } from '../support/startSandboxWorkbench';
import { more } from '../support/scriptedPrompts';
import { failsWith } from '../support/failsWith';

interface Found extends Organization {
  readonly displayName: string;
}

describe('actions on organizations', () => {
  let world: SandboxWorkbench;

  const start = async (organizations = 3, production = false): Promise<void> => {
    world = await startSandboxWorkbench({ organizations, seed: 1 }, { production });
  };
  const row = (label: string): Promise<TreeNode> => world.row(world.organizationsView.treeView, label);
  const labels = (): Promise<string[]> => world.labels(world.organizationsView.treeView);
  const reads = (path: RegExp): number =>
    world.sandbox.requests.filter((request) => request.method === 'GET' && path.test(request.path)).length;
  /** Two organizations that aren't among the first 100. */
  const beyondFirstPage = async (): Promise<[Found, Found]> => {
    const { nextPageToken } = await world.sdk.organization.listOrganization({ pageSize: 100 });
    const { organizations } = await world.sdk.organization.listOrganization({
      pageSize: 100,
      pageToken: nextPageToken,
    });
    const [one, other] = organizations.map(({ id, displayName }) => ({ id, displayName, metadata: {} }));
    return [one ?? assert.fail('there is no second page'), other ?? assert.fail('there is only one')];
  };
  const idOf = (node: TreeNode): string => node.document?.path[1] ?? assert.fail('it is no organization');

  afterEach(() => world.end());

  describe('Create Organization…', () => {
    const NAME = 'Name of the organization, for example Acme Inc.';
    const enter = (name: string, externalId: string, metadata: string): void => {
      world.prompts.expectEntry({ placeholder: NAME, value: '', problem: undefined }, more(name));
      world.prompts.expectInput(
        { prompt: /^External ID/, step: { number: 2, of: 3 }, value: '', problem: undefined },
        externalId,
      );
      world.prompts.expectInput(
        { prompt: /^Metadata/, step: { number: 3, of: 3 }, value: '', problem: undefined },
        metadata,
      );
    };
    const find = async (externalId: string): Promise<string | undefined> =>
      (await world.sdk.organization.getOrganizationByExternalId(externalId)).organization?.displayName;

    it('takes one step without more options', async () => {
      await start();
      world.prompts.expectEntry({ labels: ['Create', 'More Options…'] }, 'Wile E. Labs');
      await world.act('scalekit.organization.create');
      assert.equal(world.writes().length, 1);
      assert.ok((await labels()).some((label) => label.startsWith('Wile E. Labs')));
    });

    it('asks again at that step if Scalekit is busy, without asking for more', async () => {
      await start();
      world.sandbox.addFault({ path: '/api/v1/organizations', method: 'POST', status: 429, times: 1 });
      world.prompts
        .expectEntry({}, 'Wile E. Labs')
        .expectEntry({ value: 'Wile E. Labs', problem: /too many requests/ }, 'Wile E. Labs');
      await world.act('scalekit.organization.create');
      assert.ok((await labels()).some((label) => label.startsWith('Wile E. Labs')));
    });

    it('creates it once from what you typed, opens it, and shows it in the tree, as the official SDK confirms', async () => {
      await start();
      const before = await labels();
      enter(' Wile E. Labs ', 'wile-1', 'plan=team, region=eu');
      await world.act('scalekit.organization.create');
      assert.equal(world.writes().length, 1);
      const { organization } = await world.sdk.organization.getOrganizationByExternalId('wile-1');
      assert.equal(organization?.displayName, 'Wile E. Labs');
      assert.deepEqual({ ...organization?.metadata }, { plan: 'team', region: 'eu' });
      assert.deepEqual(world.documents, [`open /${world.environmentId}/organizations/${organization?.id}.json`]);
      const after = await labels();
      assert.deepEqual(
        after.filter((label) => !before.includes(label)),
        ['Wile E. Labs (wile-1)'],
      );
    });

    it('needs only a name', async () => {
      await start();
      enter('Just a Name', '', '');
      await world.act('scalekit.organization.create');
      assert.equal(world.writes().length, 1);
      const { organizations } = await world.sdk.organization.searchOrganization('Just a Name');
      const [made, ...others] = organizations;
      assert.deepEqual(others, []);
      assert.deepEqual(
        [made?.displayName, made?.externalId, made?.slug, { ...made?.metadata }],
        ['Just a Name', undefined, undefined, {}],
      );
    });

    it('shows the new organization at the top if it’s not on a loaded page, even after a search', async () => {
      await start(120);
      await labels();
      world.organizationsView.showSearch(world.environmentId, 'labs');
      await labels();
      enter('Wile E. Inc.', '', '');
      await world.act('scalekit.organization.create');
      const [first] = await labels();
      assert.equal(first, 'Found');
      assert.deepEqual(await world.labels(world.organizationsView.treeView, await row('Found')), ['Wile E. Inc.']);
    });

    it('shows it in a list that was empty', async () => {
      await start(0);
      assert.deepEqual(await labels(), ['No organizations yet', 'Create Organization…']);
      enter('First', '', '');
      await world.act('scalekit.organization.create');
      assert.deepEqual(await labels(), ['First']);
    });

    it('shows it even if the view wasn’t opened before', async () => {
      await start();
      enter('Unseen', '', '');
      await world.act('scalekit.organization.create');
      assert.ok((await labels()).includes('Unseen'));
    });

    it('rejects invalid texts before it sends anything', async () => {
      await start();
      for (const text of ['', '   ', 'x'.repeat(201)]) world.prompts.expectEntry({}, text);
      world.prompts.expectEntry({}, more('😀'.repeat(200)));
      world.prompts.expectInput({}, '');
      for (const text of ['plan', '{"plan": 1}', 'ab=x', 'plan=']) world.prompts.expectInput({}, text);
      world.prompts.expectInput({}, undefined);
      await world.act('scalekit.organization.create');
      assert.equal(world.prompts.problems.length, 7, world.prompts.problems.join('\n'));
      for (const problem of world.prompts.problems) assert.match(problem, /\.$|"\}$/);
      assert.equal(world.sandbox.requests.length, 0);
    });

    it('creates nothing if you cancel at any step, and keeps what you typed when you go back', async () => {
      await start();
      world.prompts.expectEntry({ placeholder: NAME }, undefined);
      await world.act('scalekit.organization.create');
      world.prompts.expectEntry({ placeholder: NAME }, more('Acme')).expectInput({ prompt: /^External ID/ }, undefined);
      await world.act('scalekit.organization.create');
      world.prompts
        .expectEntry({ placeholder: NAME }, more('Acme'))
        .expectInput({ prompt: /^External ID/ }, 'acme-1')
        .expectInput({ prompt: /^Metadata/ }, 'back!')
        .expectInput({ prompt: /^External ID/, value: 'acme-1' }, 'back!')
        .expectEntry({ placeholder: NAME, value: 'Acme' }, undefined);
      await world.act('scalekit.organization.create');
      assert.equal(world.sandbox.requests.length, 0);
    });

    it('returns to the external ID if another organization has it, and keeps your texts', async () => {
      await start();
      enter('Copy', 'my_unique_id', 'plan=team');
      world.prompts
        .expectInput(
          { prompt: /^External ID/, value: 'my_unique_id', problem: /Another organization has this external ID/ },
          'my_other_id',
        )
        .expectInput({ prompt: /^Metadata/, value: 'plan=team', problem: undefined }, 'plan=team');
      await world.act('scalekit.organization.create');
      assert.equal(world.writes().length, 2);
      assert.equal(await find('my_other_id'), 'Copy');
    });

    it('keeps what you typed after a 429, or if Scalekit names no field', async () => {
      await start();
      world.sandbox.addFault({ path: '/api/v1/organizations', method: 'POST', status: 429, times: 1 });
      enter('Acme', 'acme-1', 'plan=team');
      world.prompts.expectInput({ prompt: /^Metadata/, value: 'plan=team', problem: /too many requests/ }, () => {
        world.sandbox.addFault({
          path: '/api/v1/organizations',
          method: 'POST',
          status: 400,
          message: 'the region is full',
          times: 1,
        });
        return 'plan=team';
      });
      world.prompts.expectEntry(
        { placeholder: NAME, value: 'Acme', problem: 'Scalekit doesn’t accept this: the region is full' },
        more('Acme'),
      );
      world.prompts.expectInput({ value: 'acme-1' }, 'acme-1').expectInput({ value: 'plan=team' }, 'plan=team');
      await world.act('scalekit.organization.create');
      assert.equal(await find('acme-1'), 'Acme');
    });

    it('returns to the field that Scalekit names', async () => {
      await start();
      world.sandbox.addFault({
        path: '/api/v1/organizations',
        method: 'POST',
        times: 1,
        respond: {
          status: 400,
          body: {
            code: 3,
            message: 'invalid',
            details: [
              {
                '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo',
                error_code: 'INVALID_ARGUMENT',
                validation_error_info: {
                  field_violations: [
                    { field: 'organization.metadata', description: 'key is reserved', constraint: 'x' },
                  ],
                },
              },
            ],
          },
        },
      });
      enter('Acme', '', 'plan=team');
      world.prompts.expectInput({ prompt: /^Metadata/, value: 'plan=team', problem: /key is reserved/ }, '');
      await world.act('scalekit.organization.create');
      assert.equal(world.writes().length, 2);
    });

    it('asks first in production, naming organization and environment', async () => {
      await start(3, true);
      const question = {
        message: 'Create the organization Acme?',
        detail: /^External ID: acme-1\n\nEnvironment: .*production/,
        action: 'Create',
      };
      world.prompts
        .expectEntry({ title: /\(production\)$/ }, more('Acme'))
        .expectInput({}, 'acme-1')
        .expectInput({}, '')
        .expectConfirm(question, false);
      await world.act('scalekit.organization.create');
      assert.equal(world.sandbox.requests.length, 0);
      enter('Acme', 'acme-1', '');
      world.prompts.expectConfirm(question, true);
      await world.act('scalekit.organization.create');
      assert.equal(world.writes().length, 1);
      assert.equal(await find('acme-1'), 'Acme');
    });

    it('finds the new organization by its external ID after a lost response', async () => {
      await start();
      world.sandbox.addFault({ path: '/api/v1/organizations', method: 'POST', halfBody: true });
      enter('Lost', 'lost-1', '');
      await world.act('scalekit.organization.create');
      assert.equal(world.writes().length, 1, 'it is not sent again');
      assert.equal(await find('lost-1'), 'Lost');
      assert.equal(world.documents.length, 1);
    });

    it('finds it by its name after a lost response, and doesn’t mistake an older one for it', async () => {
      await start();
      await labels();
      enter('Twice Made', '', '');
      await world.act('scalekit.organization.create');
      world.sandbox.addFault({ path: '/api/v1/organizations', method: 'POST', status: 503, times: 1 });
      enter('Twice Made', '', '');
      world.prompts.expectMessage({ severity: 'warning', text: /Creating Twice Made \(HTTP 503\)/ });
      await world.act('scalekit.organization.create');
      assert.equal(world.documents.length, 1, 'what the first one made is not the answer to the second');
      world.sandbox.addFault({ path: '/api/v1/organizations', method: 'POST', halfBody: true, times: 1 });
      enter('Twice Made', '', '');
      await world.act('scalekit.organization.create');
      assert.equal(world.documents.length, 2);
      assert.equal(new Set(world.documents).size, 2);
      assert.equal(world.writes().length, 3);
    });

    it('fails if the client lacks the permission, and names the environment', async () => {
      await start();
      world.sandbox.addFault({ path: '/api/v1/organizations', method: 'POST', status: 403 });
      enter('Forbidden', '', '');
      await assert.rejects(world.act('scalekit.organization.create'), failsWith('forbidden'));
      assert.equal(world.writes().length, 1);
    });

    it('creates it in the environment where you started, even if you switch meanwhile', async () => {
      await start();
      world.sandbox.addFault({ path: '/api/v1/organizations', method: 'POST', delayMs: 300 });
      enter('Steady', 'steady-1', '');
      const done = world.act('scalekit.organization.create');
      await world.store.setActive(
        await world.add({
          environmentUrl: 'https://other.scalekit.dev',
          clientId: 'skc_1',
          clientSecret: 'test_1',
        }),
      );
      await done;
      assert.equal(await find('steady-1'), 'Steady');
      assert.match(world.documents[0] ?? '', new RegExp(`^open /${world.environmentId}/`));
    });
  });

  describe('Delete Organization…', () => {
    const QUESTION = {
      message: 'Delete the organization Looney Corp?',
      detail: /connections, directories, domains, API clients.*You can’t undo this\.\n\nEnvironment: /s,
      action: 'Delete',
    };
    const exists = (id: string): Promise<boolean> =>
      world.sdk.organization.getOrganization(id).then(
        () => true,
        () => false,
      );

    it('asks first, deletes it once, removes its row and closes its documents, as the official SDK confirms', async () => {
      await start();
      const node = await row('Looney Corp');
      world.prompts.expectConfirm(QUESTION, false);
      await world.act('scalekit.organization.delete', node);
      assert.equal(world.writes().length, 0);
      assert.deepEqual(world.documents, []);
      world.prompts.expectConfirm(QUESTION, true);
      await world.act('scalekit.organization.delete', node);
      assert.deepEqual(world.writes(), [{ method: 'DELETE', path: `/api/v1/organizations/${idOf(node)}` }]);
      assert.equal(await exists(idOf(node)), false);
      assert.ok(!(await labels()).some((label) => label.startsWith('Looney Corp')));
      assert.match(String(world.organizationsView.treeView.view.description), /^2 · /);
      assert.deepEqual(world.documents, [`deleted /${world.environmentId}/organizations/${idOf(node)}.json`]);
    });

    it('removes its row under “Found” and its lists, which aren’t read again', async () => {
      await start(120);
      const { treeView } = world.organizationsView;
      await labels();
      const [gone, stays] = await beyondFirstPage();
      for (const organization of [stays, gone]) await world.organizationsView.reveal(world.environmentId, organization);
      const found = await world.row(treeView, 'Found', gone.displayName);
      for (const list of ['Users', 'Domains'])
        await world.labels(treeView, await world.row(treeView, 'Found', gone.displayName, list));
      world.prompts.expectConfirm({ message: `Delete the organization ${gone.displayName}?` }, true);
      await world.act('scalekit.organization.delete', found);
      assert.deepEqual(
        (await treeView.getChildren(await row('Found'))).map(({ document }) => document?.path[1]),
        [stays.id],
      );
      world.sandbox.clearRequests();
      await world.organizationsView.refresh(undefined);
      assert.equal(reads(new RegExp(gone.id)), 0);
      assert.equal(reads(new RegExp(`${stays.id}$`)), 1, 'what is still there is read again');
    });

    it('removes both rows if it was found and then loaded, and an empty “Found” row too', async () => {
      await start(120);
      const { treeView } = world.organizationsView;
      await labels();
      const [gone] = await beyondFirstPage();
      await world.organizationsView.reveal(world.environmentId, gone);
      await treeView.loadMore((await treeView.getChildren()).at(-1));
      const rowsOf = async (): Promise<TreeNode[]> => {
        const top = await treeView.getChildren();
        const beneath = await Promise.all(
          top.filter(({ kind }) => kind === 'found').map((node) => treeView.getChildren(node)),
        );
        return [...top, ...beneath.flat()].filter(({ document }) => document?.path[1] === gone.id);
      };
      const [loaded, ...others] = await rowsOf();
      assert.equal(others.length, 1);
      world.prompts.expectConfirm({}, true);
      await world.act('scalekit.organization.delete', loaded);
      assert.deepEqual(await rowsOf(), []);
      assert.ok((await treeView.getChildren()).every(({ kind }) => kind !== 'found'));
    });

    for (const [action, answer] of [
      ['scalekit.domain.add', () => world.prompts.expectEntry({}, 'acme.com')],
      ['scalekit.client.create', () => world.prompts.expectEntry({}, 'CI')],
      // It reads the available roles first.
      ['scalekit.user.invite', () => undefined],
    ] as const) {
      it(`elsewhere makes ${action} fail, and removes the row`, async () => {
        await start();
        const node = await row('Looney Corp');
        await world.sdk.organization.deleteOrganization(idOf(node));
        // The text is too short for the server, so only the rows that are shown are searched.
        world.prompts.expectSearch('Lo', {}, { label: 'Looney Corp' });
        answer();
        await assert.rejects(world.act(action), failsWith('notFound'));
        assert.ok(!(await labels()).some((label) => label.startsWith('Looney Corp')));
      });
    }

    it('asks for the organization’s name in production, and accepts nothing else', async () => {
      await start(3, true);
      const node = await row('Looney Corp');
      const box = {
        title: /^Delete the organization Looney Corp\? \(.*, production\)$/,
        prompt: /You can’t undo this\. To confirm, type: Looney Corp$/,
        value: undefined,
      };
      world.prompts.expectInput(box, undefined);
      await world.act('scalekit.organization.delete', node);
      for (const text of ['', 'looney corp', 'Looney', 'yes']) world.prompts.expectInput(box, text);
      world.prompts.expectInput(box, undefined);
      await world.act('scalekit.organization.delete', node);
      assert.equal(world.prompts.problems.length, 4);
      assert.equal(world.writes().length, 0);
      world.prompts.expectInput(box, 'Looney Corp');
      await world.act('scalekit.organization.delete', node);
      assert.equal(world.writes().length, 1);
      assert.equal(await exists(idOf(node)), false);
    });

    it('asks for its ID in production if its name can’t be typed', async () => {
      await start(3, true);
      const { organization } = await world.sdk.organization.createOrganization('Loo\u200bney');
      // VS Code may have read the view's list before this one was created.
      await world.organizationsView.refresh(undefined);
      const node = await row('Loo\\u200bney');
      world.prompts.expectInput({ prompt: new RegExp(`type: ${organization?.id}$`) }, organization?.id);
      await world.act('scalekit.organization.delete', node);
      assert.equal(await exists(organization?.id ?? ''), false);
    });

    it('asks which one in the Command Palette', async () => {
      await start();
      await labels();
      world.prompts.expectSearch('Looney', { title: /^Delete Organization: Which Organization of / }, undefined);
      await world.act('scalekit.organization.delete');
      world.prompts.expectSearch('Looney', {}, { label: 'Looney Corp' }).expectConfirm(QUESTION, true);
      await world.act('scalekit.organization.delete');
      assert.equal(world.writes().length, 1);
      assert.ok(!(await labels()).some((label) => label.startsWith('Looney Corp')));
    });

    it('succeeds if it was already deleted', async () => {
      await start();
      const node = await row('Looney Corp');
      await world.sdk.organization.deleteOrganization(idOf(node));
      world.sandbox.clearRequests();
      world.prompts.expectConfirm(QUESTION, true);
      await world.act('scalekit.organization.delete', node);
      assert.equal(world.writes().length, 1);
      assert.ok(!(await labels()).some((label) => label.startsWith('Looney Corp')));
    });

    it('keeps its row if Scalekit refuses', async () => {
      await start();
      world.sandbox.addFault({ method: 'DELETE', path: '/api/*', status: 403 });
      world.prompts.expectConfirm(QUESTION, true);
      await assert.rejects(
        async () => world.act('scalekit.organization.delete', await row('Looney Corp')),
        failsWith('forbidden'),
      );
      assert.ok((await labels()).some((label) => label.startsWith('Looney Corp')));
      assert.deepEqual(world.documents, []);
    });

    it('checks whether it still exists after a lost response', async () => {
      await start();
      const node = await row('Looney Corp');
      world.sandbox.addFault({ method: 'DELETE', path: '/api/*', status: 503, times: 1 });
      world.prompts
        .expectConfirm(QUESTION, true)
        .expectMessage({ severity: 'warning', text: /Deleting Looney Corp \(HTTP 503\)/ });
      await world.act('scalekit.organization.delete', node);
      assert.ok((await labels()).some((label) => label.startsWith('Looney Corp')));
      world.sandbox.addFault({ method: 'DELETE', path: '/api/*', halfBody: true, times: 1 });
      world.prompts.expectConfirm(QUESTION, true);
      await world.act('scalekit.organization.delete', node);
      assert.ok(!(await labels()).some((label) => label.startsWith('Looney Corp')));
      assert.equal(world.writes().length, 2, 'none is sent again');
    });

    it('deletes it once for two clicks', async () => {
      await start();
      const node = await row('Looney Corp');
      world.prompts.expectConfirm(QUESTION, true);
      await Promise.all([
        world.act('scalekit.organization.delete', node),
        world.act('scalekit.organization.delete', node),
      ]);
      assert.equal(world.writes().length, 1);
    });
  });

  describe('Enable SSO, Disable SCIM and their opposites', () => {
    const isOn = async (name: string, id: string): Promise<boolean | undefined> =>
      (await world.sdk.organization.getOrganization(id)).organization?.settings?.features.find(
        (feature) => feature.name === name,
      )?.enabled;
    const patches = (): number => world.writes(/\/settings$/).length;

    it('change one feature, can be undone, and leave the row’s text alone', async () => {
      await start();
      const node = await row('Looney Corp');
      await world.act('scalekit.organization.disableSso', node);
      assert.equal(patches(), 1);
      assert.deepEqual([await isOn('sso', idOf(node)), await isOn('dir_sync', idOf(node))], [false, true]);
      assert.equal((await labels())[0], 'Looney Corp (my_unique_id)');
      assert.deepEqual(world.documents, [`refresh /${world.environmentId}/organizations/${idOf(node)}.json`]);

      await world.undo.run();
      assert.equal(patches(), 2);
      assert.equal(await isOn('sso', idOf(node)), true);
      assert.equal((await labels())[0], 'Looney Corp (my_unique_id)');

      await world.act('scalekit.organization.disableScim', await row('Looney Corp'));
      assert.equal(await isOn('dir_sync', idOf(node)), false);
      await world.act('scalekit.organization.enableScim', await row('Looney Corp'));
      assert.equal(await isOn('dir_sync', idOf(node)), true);
      assert.equal(patches(), 4);
    });

    it('change nothing if the feature has that state already', async () => {
      await start();
      const node = await row('Looney Corp');
      await world.act('scalekit.organization.enableSso', node);
      await world.act('scalekit.organization.enableScim', node);
      assert.equal(patches(), 0);
      await world.act('scalekit.organization.disableSso', node);
      await world.act('scalekit.organization.disableSso', node);
      assert.equal(patches(), 1);
    });

    it('show in each row what’s enabled if the list says so, even after a change', async () => {
      await start();
      const list = (await (await world.environments.client(world.environmentId)).getJson('/api/v1/organizations')) as {
        organizations: object[];
      };
      const settings = {
        features: [
          { name: 'sso', enabled: true },
          { name: 'dir_sync', enabled: true },
        ],
      };
      world.sandbox.addFault({
        path: '/api/v1/organizations',
        respond: { body: { ...list, organizations: list.organizations.map((each) => ({ ...each, settings })) } },
      });
      await world.organizationsView.refresh(undefined);
      assert.equal((await labels())[0], 'Looney Corp (SSO · SCIM · my_unique_id)');
      const words = async (): Promise<string | undefined> => (await row('Looney Corp')).item().contextValue;
      assert.match((await words()) ?? '', /\bssoEnabled scimEnabled\b/);
      await world.act('scalekit.organization.disableSso', await row('Looney Corp'));
      assert.equal((await labels())[0], 'Looney Corp (SCIM · my_unique_id)');
      assert.match((await words()) ?? '', /\bssoDisabled scimEnabled\b/);
    });

    it('offer no Undo once the organization is deleted', async () => {
      await start();
      world.prompts.expectConfirm({}, true);
      await world.act('scalekit.organization.disableSso', await row('Looney Corp'));
      await world.act('scalekit.organization.delete', await row('Looney Corp'));
      await world.undo.run();
      assert.equal(patches(), 1);
    });

    it('stop offering Undo, without an error, if the organization was deleted elsewhere', async () => {
      await start();
      const node = await row('Looney Corp');
      await world.act('scalekit.organization.disableSso', node);
      await world.sdk.organization.deleteOrganization(idOf(node));
      await world.undo.run();
      assert.equal(patches(), 2);
      await world.undo.run();
      assert.equal(patches(), 2, 'it is offered no more');
      assert.ok(!(await labels()).some((label) => label.startsWith('Looney Corp')));
    });

    it('ask first in production, and again for Undo', async () => {
      await start(3, true);
      const node = await row('Looney Corp');
      world.prompts.expectConfirm(
        {
          message: 'Disable SSO for Looney Corp?',
          detail: /^Its users can’t sign in.*production/s,
          action: 'Disable',
        },
        false,
      );
      await world.act('scalekit.organization.disableSso', node);
      assert.equal(patches(), 0);
      world.prompts.expectConfirm({}, true);
      await world.act('scalekit.organization.disableSso', node);
      world.prompts.expectConfirm({ message: 'Enable SSO for Looney Corp?' }, true);
      await world.undo.run();
      assert.equal(patches(), 2);
      assert.equal(await isOn('sso', idOf(node)), true);
    });

    it('fail if Scalekit changes nothing', async () => {
      await start();
      const node = await row('Looney Corp');
      const { organization } = (await (
        await world.environments.client(world.environmentId)
      ).getJson(`/api/v1/organizations/${idOf(node)}`)) as { organization: object };
      world.sandbox.addFault({ path: '*/settings', respond: { status: 200, body: { organization } } });
      await assert.rejects(
        world.act('scalekit.organization.disableSso', node),
        failsWith('invalid', { serverMessage: 'SSO stayed as it was.' }),
      );
    });

    it('check the state after a lost response', async () => {
      await start();
      const node = await row('Looney Corp');
      world.sandbox.addFault({ path: '*/settings', halfBody: true, times: 1 });
      await world.act('scalekit.organization.disableSso', node);
      assert.equal(patches(), 1);
      assert.equal(await isOn('sso', idOf(node)), false);
      assert.equal((await labels())[0], 'Looney Corp (my_unique_id)');
    });

    it('fail for a read-only client, and show the server’s state', async () => {
      await start();
      const node = await row('Looney Corp');
      world.sandbox.addFault({ path: '*/settings', status: 403 });
      await assert.rejects(world.act('scalekit.organization.disableSso', node), failsWith('forbidden'));
      assert.equal((await labels())[0], 'Looney Corp (my_unique_id)');
    });

    it('remove the row of a deleted organization', async () => {
      await start();
      const node = await row('Looney Corp');
      await world.sdk.organization.deleteOrganization(idOf(node));
      await assert.rejects(world.act('scalekit.organization.disableSso', node), failsWith('notFound'));
      assert.ok(!(await labels()).some((label) => label.startsWith('Looney Corp')));
    });
  });

  describe('Generate Admin Portal Link…', () => {
    const links = (): string[] =>
      world.sandbox.requests.filter(({ method }) => method === 'PUT').map(({ path }) => path);
    const copiesIt = (): void => {
      world.prompts.expectPick({}, { label: 'SSO and SCIM' }).expectPick({}, { label: 'Copy Link' });
    };

    it('copies a link for your choice, created once, which opens once', async () => {
      await start();
      const node = await row('Looney Corp');
      world.prompts
        .expectPick(
          { title: 'Admin Portal Link for Looney Corp', labels: ['SSO and SCIM', 'SSO', 'SCIM'] },
          { label: 'SCIM' },
        )
        .expectPick(
          { placeholder: /works once, and only within one minute/, labels: ['Copy Link', 'Open in Browser'] },
          'back!',
        )
        .expectPick({}, { label: 'SSO' })
        .expectPick({}, { label: 'Copy Link' });
      await world.act('scalekit.organization.generatePortalLink', node);
      assert.equal(world.writes().length, 1);
      assert.deepEqual(links(), [`/api/v1/organizations/${idOf(node)}/portal_links?features=sso`]);
      const [link = ''] = world.copied;
      assert.equal(await vscode.env.clipboard.readText(), link);
      assert.match(link, /^http:\/\/127\.0\.0\.1:\d+\/magicLink\/[\w-]+$/);
      assert.deepEqual(world.opened, []);
      const page = await fetch(link);
      assert.equal(page.status, 200);
      assert.match(await page.text(), new RegExp(`admin of ${idOf(node)} would set up sso\\.`));
      assert.equal((await fetch(link)).status, 410);
    });

    it('opens the link at once without copying it', async () => {
      await start();
      world.prompts.expectPick({}, { label: 'SSO and SCIM' }).expectPick({}, { label: 'Open in Browser' });
      await world.act('scalekit.organization.generatePortalLink', await row('Looney Corp'));
      assert.match(links()[0] ?? '', /portal_links\?features=sso&features=dir_sync$/);
      assert.equal(world.opened.length, 1);
      assert.deepEqual(world.copied, []);
    });

    it('offers enabled features first, and says which are disabled', async () => {
      await start();
      const node = await row('Looney Corp');
      await world.sdk.organization.updateOrganizationSettings(idOf(node), {
        features: [{ name: 'sso', enabled: false }],
      } as Parameters<typeof world.sdk.organization.updateOrganizationSettings>[1]);
      world.prompts.expectPick({ labels: ['SCIM', 'SSO and SCIM', 'SSO'] }, undefined);
      await world.act('scalekit.organization.generatePortalLink', node);
      world.prompts.expectPick({}, { label: 'SCIM' }).expectPick({}, undefined);
      await world.act('scalekit.organization.generatePortalLink', node);
      assert.deepEqual(links(), []);
    });

    const disableScim = (id: string) =>
      world.sdk.organization.updateOrganizationSettings(id, {
        features: [{ name: 'dir_sync', enabled: false }],
      } as Parameters<typeof world.sdk.organization.updateOrganizationSettings>[1]);
    const enableAndContinue = {
      placeholder: 'SCIM: disabled for Looney Corp',
      labels: ['Enable and Continue', 'Continue Without Enabling'],
    };
    const features = async (id: string) =>
      (await world.sdk.organization.getOrganization(id)).organization?.settings?.features
        .filter(({ enabled }) => enabled)
        .map(({ name }) => name);

    it('enables what the link is for first, if you want that', async () => {
      await start();
      const node = await row('Looney Corp');
      await disableScim(idOf(node));
      world.prompts
        .expectPick({}, { label: 'SSO and SCIM' })
        .expectPick(enableAndContinue, { label: 'Enable and Continue' })
        .expectPick({}, { label: 'Copy Link' });
      await world.act('scalekit.organization.generatePortalLink', node);
      assert.deepEqual(await features(idOf(node)), ['sso', 'dir_sync']);
      assert.match(links()[0] ?? '', /features=sso&features=dir_sync$/);
    });

    it('generates the link for a disabled feature as it is, if you want that', async () => {
      await start();
      const node = await row('Looney Corp');
      await disableScim(idOf(node));
      world.prompts
        .expectPick({}, { label: 'SCIM' })
        .expectPick(enableAndContinue, { label: 'Continue Without Enabling' })
        .expectPick({}, { label: 'Copy Link' });
      await world.act('scalekit.organization.generatePortalLink', node);
      assert.deepEqual(await features(idOf(node)), ['sso']);
      assert.match(links()[0] ?? '', /features=dir_sync$/);
    });

    it('generates no link if you don’t confirm that a feature is enabled in production', async () => {
      await start(3, true);
      const node = await row('Looney Corp');
      await disableScim(idOf(node));
      world.prompts
        .expectPick({}, { label: 'SCIM' })
        .expectPick(enableAndContinue, { label: 'Enable and Continue' })
        .expectPick({}, { label: 'Copy Link' })
        .expectConfirm({ message: 'Enable SCIM for Looney Corp?' }, false);
      await world.act('scalekit.organization.generatePortalLink', node);
      assert.deepEqual(await features(idOf(node)), ['sso']);
      assert.deepEqual(links(), []);
    });

    it('never logs the link or parts of it', async () => {
      await start();
      copiesIt();
      await world.act('scalekit.organization.generatePortalLink', await row('Looney Corp'));
      const [link = ''] = world.copied;
      const secret = link.split('/').at(-1) ?? '';
      const redacted = world.redactor.redact(
        `GET ${link} or ${secret} or ${encodeURIComponent(link)} or ${Buffer.from(link).toString('base64')}`,
      );
      assert.ok(!redacted.includes(secret), redacted);
      assert.ok(!redacted.includes('magicLink'), redacted);
      assert.ok(!JSON.stringify(world.exchanges).includes(secret));
      assert.ok(!JSON.stringify(await labels()).includes(secret));
    });

    it('asks first in production', async () => {
      await start(3, true);
      const node = await row('Looney Corp');
      const question = {
        message: 'Generate an admin portal link for Looney Corp?',
        detail:
          /change this customer’s SSO and SCIM setup\. It works once, within one minute\.\n\nEnvironment: .*production/,
        action: 'Generate and Copy',
      };
      copiesIt();
      world.prompts.expectConfirm(question, false);
      await world.act('scalekit.organization.generatePortalLink', node);
      assert.equal(world.writes().length, 0);
      copiesIt();
      world.prompts.expectConfirm(question, true);
      await world.act('scalekit.organization.generatePortalLink', node);
      assert.equal(world.writes().length, 1);
      assert.equal(world.copied.length, 1);
    });

    it('rejects a link that isn’t a web URL, and copies nothing', async () => {
      await start();
      for (const location of [
        'javascript:alert(1)',
        'file:///etc/passwd',
        'http://portal.example/x',
        'vscode://x/y',
        '',
        undefined,
      ]) {
        world.sandbox.addFault({
          path: '*/portal_links',
          times: 1,
          respond: { status: 200, body: { link: { id: 'lnk_1', location } } },
        });
        copiesIt();
        await assert.rejects(
          async () => world.act('scalekit.organization.generatePortalLink', await row('Looney Corp')),
          failsWith('protocol'),
          location,
        );
      }
      assert.deepEqual([world.copied, world.opened], [[], []]);
    });

    it('can be repeated after a lost response', async () => {
      await start();
      for (const [fault, kind] of [
        [{ status: 503 }, 'server'],
        [{ drop: true }, 'network'],
        [{ status: 403 }, 'forbidden'],
      ] as const) {
        world.sandbox.addFault({ path: '*/portal_links', times: 1, ...fault });
        copiesIt();
        await assert.rejects(
          async () => world.act('scalekit.organization.generatePortalLink', await row('Looney Corp')),
          failsWith(kind),
        );
      }
      assert.equal(world.writes().length, 3, 'none is sent again by itself');
    });
  });

  it('work only on rows that a view has shown', async () => {
    await start();
    const { kind, id, document, ...rest } = await row('Looney Corp');
    const actions: ResourceAction[] = [
      'scalekit.organization.delete',
      'scalekit.organization.enableSso',
      'scalekit.organization.generatePortalLink',
    ];
    for (const action of actions) {
      for (const argument of [
        { kind, id, document, ...rest },
        null,
        'organization',
        7,
        [],
        { organizationId: 'org_1', environmentId: world.environmentId },
      ]) {
        world.prompts.expectSearch('', {}, undefined);
        await world.act(action, argument as TreeNode);
      }
    }
    assert.equal(world.writes().length, 0);
  });
});
