import assert from 'node:assert/strict';
import { EnvironmentFailure } from '../../src/core/environmentFailure';
import { failureMessage } from '../../src/ui/failureMessage';
import type { TreeNode } from '../../src/tree/treeNode';
import { startSandboxWorkbench, type SandboxWorkbench } from '../support/startSandboxWorkbench';
import { failsWith } from '../support/failsWith';

describe('actions on directories', () => {
  let world: SandboxWorkbench;
  let organizationId: string;
  let directoryId: string;

  const directory = (): Promise<TreeNode> =>
    world.row(world.organizationsView.treeView, 'Looney Corp', 'Directories', 'Okta');
  const isEnabled = async (): Promise<boolean | undefined> =>
    (await world.sdk.directory.getDirectory(organizationId, directoryId)).directory?.enabled;
  /** What a screen reader says of the row. The icon shows its state to others. */
  const shown = async (): Promise<string | undefined> => (await directory()).item().accessibilityInformation?.label;

  async function start(production = false): Promise<void> {
    world = await startSandboxWorkbench({ organizations: 3, seed: 1 }, { production });
    ({
      path: [, organizationId = '', , directoryId = ''],
    } = (await directory()).document ?? assert.fail());
    world.sandbox.clearRequests();
  }

  afterEach(() => world.end());

  it('disable a directory once, as the official SDK confirms, and Undo enables it once', async () => {
    await start();
    await world.act('scalekit.directory.disable', await directory());
    assert.equal(await isEnabled(), false);
    assert.match((await shown()) ?? '', /disabled/);
    await world.undo.run();
    assert.equal(await isEnabled(), true);
    assert.match((await shown()) ?? '', /enabled/);
    const path = `/api/v1/organizations/${organizationId}/directories/${directoryId}`;
    assert.deepEqual(world.writes(), [
      { method: 'PATCH', path: `${path}:disable` },
      { method: 'PATCH', path: `${path}:enable` },
    ]);
    assert.deepEqual(
      world.documents,
      Array(2).fill(`refresh /${world.environmentId}/organizations/${organizationId}/directories/${directoryId}.json`),
    );
  });

  it('ask first in production, name the consequence, and send nothing if you cancel', async () => {
    await start(true);
    const name = world.environmentName;
    const detail = new RegExp(
      `^Scalekit stops syncing its user and group changes.*\n\nEnvironment: ${name} \\(production\\)`,
    );
    world.prompts.expectConfirm(
      { message: 'Disable Okta directory of Looney Corp?', detail, action: 'Disable' },
      false,
    );
    await world.act('scalekit.directory.disable', await directory());
    assert.equal(world.writes().length, 0);
    world.prompts.expectConfirm({ message: 'Disable Okta directory of Looney Corp?' }, true);
    await world.act('scalekit.directory.disable', await directory());
    assert.equal(await isEnabled(), false);
  });

  it('send one request for two clicks, and check the state after a lost response', async () => {
    await start();
    world.sandbox.addFault({ path: '*:disable', halfBody: true });
    const row = await directory();
    await Promise.all([world.act('scalekit.directory.disable', row), world.act('scalekit.directory.disable', row)]);
    assert.equal(world.writes().length, 1);
    assert.equal(await isEnabled(), false);
    assert.match((await shown()) ?? '', /disabled/);
  });

  it('leave the row as the server has it after a 403', async () => {
    await start();
    world.sandbox.addFault({ path: '*:disable', status: 403 });
    await assert.rejects(
      async () => world.act('scalekit.directory.disable', await directory()),
      failsWith('forbidden'),
    );
    assert.equal(await isEnabled(), true);
    assert.match((await shown()) ?? '', /enabled/);
  });

  it('fail for a directory whose organization was deleted', async () => {
    await start();
    const row = await directory();
    await world.sdk.organization.deleteOrganization(organizationId);
    await assert.rejects(async () => world.act('scalekit.directory.disable', row), failsWith('notFound'));
    assert.equal(world.writes(/directories/).length, 1);
  });

  it('work only on rows of the view', async () => {
    await start();
    const { kind, id, document, ...row } = await directory();
    for (const argument of [
      { kind, id, document, ...row },
      undefined,
      'directory',
      { kind: 'directory' },
      await world.row(world.organizationsView.treeView, 'Looney Corp'),
    ]) {
      await world.act('scalekit.directory.enable', argument as TreeNode);
    }
    assert.equal(world.writes().length, 0);
  });
});

describe('Open Test Sign-in', () => {
  let world: SandboxWorkbench;
  let organizationId: string;
  let connectionId: string;

  const connection = (): Promise<TreeNode> =>
    world.row(world.organizationsView.treeView, 'Looney Corp', 'SSO Connections', 'Okta · SAML');
  const answer = (test_connection_uri: string): void => {
    world.sandbox.addFault({
      path: `/api/v1/organizations/*/connections/${connectionId}`,
      respond: { status: 200, body: { connection: { id: connectionId, status: 'COMPLETED', test_connection_uri } } },
    });
  };

  beforeEach(async () => {
    world = await startSandboxWorkbench({ organizations: 3, seed: 1 });
    ({
      path: [, organizationId = '', , connectionId = ''],
    } = (await connection()).document ?? assert.fail());
    world.sandbox.clearRequests();
  });

  afterEach(() => world.end());

  it('opens the URL that the connection gives, and changes nothing', async () => {
    await world.act('scalekit.connection.openTestSignIn', await connection());
    const { connection: read } = await world.sdk.connection.getConnection(organizationId, connectionId);
    assert.deepEqual(world.opened, [read?.testConnectionUri]);
    assert.equal(world.writes().length, 0);
  });

  it('says that the connection has none', async () => {
    answer('');
    world.prompts.expectMessage({
      severity: 'information',
      text: 'Scalekit has no test sign-in for Okta SAML of Looney Corp.',
    });
    await world.act('scalekit.connection.openTestSignIn', await connection());
    assert.deepEqual(world.opened, []);
  });

  for (const address of [
    'http://example.com/test',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'vscode://x.y',
    'not an address',
  ]) {
    it(`doesn’t open ${address}`, async () => {
      answer(address);
      world.prompts.expectMessage({
        severity: 'warning',
        text: /wasn’t opened: its URL doesn’t begin with https/,
      });
      await world.act('scalekit.connection.openTestSignIn', await connection());
      assert.deepEqual(world.opened, []);
    });
  }

  it('fails for a deleted connection', async () => {
    const row = await connection();
    await world.sdk.organization.deleteOrganization(organizationId);
    await assert.rejects(async () => world.act('scalekit.connection.openTestSignIn', row), failsWith('notFound'));
    assert.deepEqual(world.opened, []);
  });

  it('says that a connection of the environment has none, and how to finish a draft', async () => {
    world.prompts.expectMessage({ severity: 'information', text: 'Scalekit has no test sign-in for Google OAuth.' });
    await world.act(
      'scalekit.connection.openTestSignIn',
      await world.row(world.configurationView, 'Connections', /^Google/),
    );
    const draft = (
      await world.labels(
        world.organizationsView.treeView,
        await world.row(world.organizationsView.treeView, 'Looney Corp', 'SSO Connections'),
      )
    ).find((label) => label.includes('draft)'));
    const row = await world.row(
      world.organizationsView.treeView,
      'Looney Corp',
      'SSO Connections',
      draft?.split(' (')[0] ?? 'a draft',
    );
    world.sandbox.addFault({
      path: '/api/v1/organizations/*/connections/*',
      respond: { status: 200, body: { connection: { id: 'conn_1', status: 'DRAFT' } } },
    });
    world.prompts.expectMessage({
      severity: 'information',
      text: /^Scalekit has no test sign-in for .* of Looney Corp\. Finish its setup first, for instance with an admin portal link\.$/,
    });
    await world.act('scalekit.connection.openTestSignIn', row);
    assert.deepEqual(world.opened, []);
  });

  it('works only on rows of a view', async () => {
    await world.act('scalekit.connection.openTestSignIn', { ...(await connection()) });
    assert.deepEqual(world.opened, []);
  });
});

describe('an action that Scalekit doesn’t offer for a connection of the environment', () => {
  let world: SandboxWorkbench;

  const google = (): Promise<TreeNode> => world.row(world.configurationView, 'Connections', /^Google/);
  const NOT_OFFERED = {
    severity: 'information' as const,
    text: /: this environment’s API doesn’t offer that for its own connections; it’s a preview there\. Use the Scalekit dashboard for Google OAuth\.$/,
  };

  beforeEach(async () => {
    world = await startSandboxWorkbench({ organizations: 3, seed: 1 });
  });

  afterEach(() => world.end());

  for (const status of [404, 501]) {
    it(`says that nothing was changed after HTTP ${status}, and keeps the row`, async () => {
      world.sandbox.addFault({ path: '/api/v1/connections/*', status });
      world.prompts.expectMessage(NOT_OFFERED).expectMessage(NOT_OFFERED);
      await world.act('scalekit.connection.disable', await google());
      await world.act('scalekit.connection.openTestSignIn', await google());
      assert.equal(world.writes().length, 1);
      assert.ok((await google()).document !== undefined);
    });
  }

  it('fails if the connection was deleted', async () => {
    const row = await google();
    world.sandbox.addFault({ path: '/api/v1/connections/*', status: 404 });
    world.sandbox.addFault({ path: '/api/v1/connections', respond: { body: { connections: [], total_size: 0 } } });
    await assert.rejects(world.act('scalekit.connection.disable', row), failsWith('notFound'));
  });

  it('fails with a message for an organization’s connection too', async () => {
    world.sandbox.addFault({ path: '*:disable', status: 501 });
    const row = await world.row(world.organizationsView.treeView, 'Looney Corp', 'SSO Connections', 'Okta · SAML');
    await assert.rejects(world.act('scalekit.connection.disable', row), (error: unknown) => {
      assert.ok(error instanceof EnvironmentFailure);
      assert.match(failureMessage(error).text, /: Scalekit doesn’t offer this here \(HTTP 501\)\./);
      return true;
    });
    assert.equal(world.writes().length, 1);
  });
});
