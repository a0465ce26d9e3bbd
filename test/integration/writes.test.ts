import assert from 'node:assert/strict';
import { Commands } from '../../src/ui/commands';
import type { TreeNode } from '../../src/tree/treeNode';
import { startSandboxWorkbench, type SandboxWorkbench } from '../support/startSandboxWorkbench';
import { failsWith } from '../support/failsWith';
import { until } from '../support/until';

describe('a change from the tree', () => {
  let world: SandboxWorkbench;
  let connectionId: string;
  let organizationId: string;

  const connection = (): Promise<TreeNode> =>
    world.row(world.organizationsView.treeView, 'Looney Corp', 'SSO Connections', 'Okta · SAML');
  const isEnabled = async (): Promise<boolean | undefined> =>
    (await world.sdk.connection.getConnection(organizationId, connectionId)).connection?.enabled;
  const isEnabledNow = async (): Promise<boolean> => (await isEnabled()) === true;
  /** What a screen reader says of the row. The icon shows its state to others. */
  const shown = async (): Promise<string | undefined> => {
    const list = await world.row(world.organizationsView.treeView, 'Looney Corp', 'SSO Connections');
    return (await spoken(list)).find((label) => label.includes(', Okta · SAML,'));
  };
  const spoken = async (list: TreeNode): Promise<string[]> => {
    const { treeView } = world.organizationsView;
    const rows = await treeView.getChildren(list);
    return rows.map((row) => treeView.getTreeItem(row).accessibilityInformation?.label ?? '');
  };
  const token = async (): Promise<string> =>
    (await (await world.environments.client(world.environmentId)).tokens.get({})).value;
  const disables = (): number => world.writes(/:disable$/).length;

  async function start(production = false): Promise<void> {
    world = await startSandboxWorkbench({ organizations: 3, seed: 1 }, { production });
    const row = await connection();
    ({
      path: [, organizationId = '', , connectionId = ''],
    } = row.document ?? assert.fail());
    world.sandbox.clearRequests();
  }

  afterEach(() => world.end());

  it('is sent once and shown, as the official SDK confirms', async () => {
    await start();
    await world.act('scalekit.connection.disable', await connection());
    assert.equal(disables(), 1);
    assert.match((await shown()) ?? '', /, disabled\b/);
    assert.equal(await isEnabled(), false);
  });

  it('is shown even if its list is still being read after another change', async () => {
    await start();
    const google = await world.row(world.organizationsView.treeView, 'Looney Corp', 'SSO Connections', 'Google · OIDC');
    const before: unknown = await (
      await fetch(`${world.sandbox.url}/api/v1/connections?organization_id=${organizationId}&include=all`, {
        headers: { authorization: `Bearer ${await token()}` },
      })
    ).json();
    // The response from before the second one was disabled arrives after that.
    world.sandbox.addFault({
      method: 'GET',
      path: '/api/v1/connections',
      delayMs: 2_000,
      respond: { body: before },
      times: 1,
    });
    const first = world.act('scalekit.connection.disable', google);
    await until('the first one is disabled', () => disables() === 1);
    await world.act('scalekit.connection.disable', await connection());
    await first;
    assert.match((await shown()) ?? '', /, disabled\b/);
    assert.equal(await isEnabled(), false);
  });

  it('is undone with one request', async () => {
    await start();
    await world.act('scalekit.connection.disable', await connection());
    await world.undo.run();
    assert.equal(world.writes(/:enable$/).length, 1);
    assert.equal(await isEnabled(), true);
    assert.match((await shown()) ?? '', /, enabled\b/);
    await world.undo.run();
    assert.equal(world.writes().length, 3, 'what was undone can be made again in the same way');
  });

  it('can still be undone after a failed Undo, with Try Again or another Undo', async () => {
    await start();
    const commands = new Commands(world.prompts, world.log, world.redactor);
    const undo = (): Promise<void> => world.undo.run((task) => commands.run('scalekit.change.undo', task));
    for (const pressed of ['Try Again', undefined]) {
      await world.act('scalekit.connection.disable', await connection());
      world.sandbox.addFault({ path: '*:enable', status: 429, times: 1 });
      world.prompts.expectMessage({ severity: 'error', text: /too many requests/ }, pressed);
      await undo();
      if (pressed === undefined) {
        assert.equal(await isEnabled(), false);
        await undo();
      } else await until('it is tried again', isEnabledNow);
      assert.equal(await isEnabled(), true);
    }
    assert.equal(world.writes(/:enable$/).length, 4);
  });

  it('is undone by its own Try Again, not by that of an earlier change', async () => {
    await start();
    await world.act('scalekit.connection.disable', await connection());
    world.sandbox.addFault({ path: '*:enable', status: 429, times: 1 });
    let tryAgain: (() => Promise<void>) | undefined;
    await world.undo.run(async (task) => {
      tryAgain = task;
      await assert.rejects(task(), failsWith('rateLimit'));
    });
    const directory = await world.row(world.organizationsView.treeView, 'Looney Corp', 'Directories', /./);
    await world.act('scalekit.directory.disable', directory);
    await tryAgain?.();
    assert.equal(await isEnabled(), true);
    assert.deepEqual(
      world.writes().map(({ path }) => path.replace(/^.*\/(.*)\/.*:/, '$1 ')),
      ['connections disable', 'connections enable', 'directories disable', 'connections enable'],
    );
    await tryAgain?.();
    assert.equal(world.writes().length, 4, 'it is done already');
  });

  it('can still be undone if you didn’t confirm the Undo in production', async () => {
    await start(true);
    world.prompts
      .expectConfirm({ action: 'Disable' }, true)
      .expectConfirm({ action: 'Enable' }, false)
      .expectConfirm({ action: 'Enable' }, true);
    await world.act('scalekit.connection.disable', await connection());
    await world.undo.run();
    assert.equal(await isEnabled(), false);
    await world.undo.run();
    assert.equal(await isEnabled(), true);
  });

  it('asks first in production, naming object and environment, and sends nothing if you cancel', async () => {
    await start(true);
    const name = world.environmentName;
    const question = {
      message: 'Disable Okta SAML of Looney Corp?',
      detail: new RegExp(`^Nobody can sign in with it anymore\\.\n\nEnvironment: ${name} \\(production\\)`),
      action: 'Disable',
    };
    world.prompts.expectConfirm(question, false);
    await world.act('scalekit.connection.disable', await connection());
    assert.equal(world.writes().length, 0);
    world.prompts.expectConfirm(question, true);
    await world.act('scalekit.connection.disable', await connection());
    assert.equal(disables(), 1);
    assert.equal(await isEnabled(), false);
  });

  it('includes the environment’s host if it was renamed', async () => {
    await start(true);
    await world.stored.rename(world.environmentId, 'Shop');
    const { host } = new URL(world.sandbox.url);
    world.prompts.expectConfirm({ detail: new RegExp(`\n\nEnvironment: Shop \\(production, ${host}\\)$`) }, false);
    await world.act('scalekit.connection.disable', await connection());
    assert.equal(world.writes().length, 0);
  });

  it('is sent once for two clicks', async () => {
    await start();
    const row = await connection();
    await Promise.all([world.act('scalekit.connection.disable', row), world.act('scalekit.connection.disable', row)]);
    assert.equal(disables(), 1);
    assert.equal(await isEnabled(), false);
  });

  it('is found after a lost response', async () => {
    await start();
    world.sandbox.addFault({ path: '*:disable', halfBody: true });
    await world.act('scalekit.connection.disable', await connection());
    assert.equal(disables(), 1, 'it is not sent again');
    assert.equal(await isEnabled(), false);
    assert.match((await shown()) ?? '', /, disabled\b/);
  });

  it('is reported as unclear after a lost response if it isn’t found', async () => {
    await start();
    world.sandbox.addFault({ path: '*:disable', status: 503 });
    world.prompts.expectMessage({
      severity: 'warning',
      text: /it’s unclear whether this succeeded: Disabling Okta SAML of Looney Corp \(HTTP 503\)\. The view now shows.*Trace id: [0-9a-f]{32}$/,
      buttons: [],
    });
    await world.act('scalekit.connection.disable', await connection());
    assert.equal(disables(), 1, 'it is not sent again');
    assert.equal(await isEnabled(), true);
    assert.match((await shown()) ?? '', /, enabled\b/);
  });

  it('fails if Scalekit refuses it, naming the environment, and the tree shows the server’s state', async () => {
    await start();
    world.sandbox.addFault({ path: '*:disable', status: 403 });
    await assert.rejects(
      async () => world.act('scalekit.connection.disable', await connection()),
      failsWith('forbidden'),
    );
    assert.equal(disables(), 1);
    assert.match((await shown()) ?? '', /, enabled\b/);
  });

  it('fails with Scalekit’s own message if a 200 says that nothing changed', async () => {
    await start();
    world.sandbox.addFault({
      path: '*:disable',
      respond: { status: 200, body: { enabled: true, error_message: 'The last connection stays.' } },
    });
    await assert.rejects(
      async () => world.act('scalekit.connection.disable', await connection()),
      failsWith('invalid', { serverMessage: 'The last connection stays.' }),
    );
  });

  it('continues if you switch environments, and the tree shows the new one', async () => {
    await start();
    const row = await connection();
    const { url, clientId, clientSecret } = world.sandbox;
    const other = await world.add({ environmentUrl: url, clientId, clientSecret });
    world.sandbox.addFault({ path: '*:disable', delayMs: 300 });
    const done = world.act('scalekit.connection.disable', row);
    await world.store.setActive(other);
    await done;
    assert.equal(await isEnabled(), false);
    const { treeView } = world.organizationsView;
    assert.equal(world.organizationsView.environment?.id ?? other, other);
    for (const labels of [[], ['Looney Corp'], ['Looney Corp', 'SSO Connections']]) {
      const rows = await treeView.getChildren(labels.length === 0 ? undefined : await world.row(treeView, ...labels));
      assert.ok(rows.length > 0 && rows.every(({ id }) => id.startsWith(`${other}/`)), rows.map(({ id }) => id).join());
    }
    await world.store.setActive(world.environmentId);
    assert.match((await shown()) ?? '', /, disabled\b/);
  });

  it('is shown in both rows of an organization that was found and then loaded', async () => {
    world = await startSandboxWorkbench({ organizations: 3, seed: 1 });
    const { treeView } = world.organizationsView;
    world.sandbox.addFault({
      path: '/api/v1/organizations',
      respond: { body: { organizations: [], total_size: 0 } },
      times: 1,
    });
    await treeView.getChildren();
    const [looney] = (await world.sdk.organization.listOrganization({ pageSize: 10 })).organizations;
    await world.organizationsView.reveal(world.environmentId, {
      id: looney?.id ?? '',
      displayName: 'Looney Corp',
      metadata: {},
    });
    await world.organizationsView.refresh(undefined);
    const places = [['Looney Corp'], ['Found', 'Looney Corp']] as const;
    for (const [list, label, action] of [
      ['SSO Connections', 'Okta · SAML', 'scalekit.connection.disable'],
      ['Directories', 'Okta', 'scalekit.directory.disable'],
    ] as const) {
      const rowsOf = async () => Promise.all(places.map(async (place) => world.row(treeView, ...place, list)));
      const lists = await rowsOf();
      const labels = async () =>
        Promise.all(lists.map(async (row) => (await spoken(row)).find((text) => text.includes(`, ${label},`))));
      for (const text of await labels()) assert.match(text ?? '', /, enabled\b/);
      const [, found] = lists;
      const row = (await treeView.getChildren(found)).find((node) =>
        node.item().accessibilityInformation?.label?.includes(`, ${label},`),
      );
      await world.act(action, row);
      for (const text of await labels()) assert.match(text ?? '', /, disabled\b/);
    }
  });

  it('uses the organization’s current name', async () => {
    await start(true);
    await world.sdk.organization.updateOrganization(organizationId, { displayName: 'Acme' });
    await world.organizationsView.refresh(undefined);
    const { treeView } = world.organizationsView;
    const row = await world.row(treeView, 'Acme', 'SSO Connections', 'Okta · SAML');
    world.prompts.expectConfirm({ message: 'Disable Okta SAML of Acme?' }, false);
    await world.act('scalekit.connection.disable', row);
    world.prompts.expectEntry({ title: /^Add Domain to Acme \(production\)$/ }, undefined);
    await world.act('scalekit.domain.add', await world.row(treeView, 'Acme', 'Domains'));
  });

  it('isn’t started for a row that no view has shown', async () => {
    await start();
    const { kind, id, document, ...row } = await connection();
    for (const argument of [
      { kind, id, document, ...row },
      undefined,
      null,
      'connection',
      7,
      [],
      { kind: 'connection' },
    ]) {
      await world.act('scalekit.connection.disable', argument as TreeNode);
    }
    assert.equal(world.writes().length, 0);
  });
});
