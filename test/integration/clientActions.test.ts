import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TreeNode } from '../../src/tree/treeNode';
import { startListWorkbench, type ListWorkbench } from '../support/startSandboxWorkbench';
import { more } from '../support/scriptedPrompts';
import { failsWith } from '../support/failsWith';

describe('actions on API clients', () => {
  let world: ListWorkbench;

  const clients = async () =>
    (await world.sdk.m2m.listOrganizationClients(world.organizationId, { pageSize: 100 })).clients;
  const named = async (name: string) => (await clients()).find((client) => client.name === name);
  const row = (name: string): Promise<TreeNode> =>
    world.row(world.organizationsView.treeView, 'Looney Corp', 'API Clients', name);
  /** Whether a client gets a token with a secret. */
  const getsToken = async (clientId: string, clientSecret: string): Promise<boolean> => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
    return (await fetch(`${world.sandbox.url}/oauth/token`, { method: 'POST', body })).ok;
  };

  async function start(production = false): Promise<void> {
    world = await startListWorkbench('API Clients', { production });
  }

  /** A client beside the samples, with its first secret. */
  async function made(name = 'Deploy'): Promise<{ clientId: string; secret: string; row: TreeNode }> {
    const { client, plainSecret } = await world.sdk.m2m.createOrganizationClient(world.organizationId, { name });
    await world.organizationsView.refresh(await world.list());
    world.sandbox.clearRequests();
    return { clientId: client?.clientId ?? assert.fail(), secret: plainSecret, row: await row(name) };
  }

  afterEach(() => world.end());

  describe('Create API Client…', () => {
    const title = 'Create API Client for Looney Corp';
    const box = (number: number): { title: string; step: { number: number; of: number } } => ({
      title,
      step: { number, of: 5 },
    });
    const lifetimes = { labels: ['Scalekit’s Default', '15 Minutes', '24 Hours'] };
    const skipToLifetime = (name = 'Deploy'): void => {
      world.prompts
        .expectEntry({ title }, more(name))
        .expectInput(box(2), '')
        .expectInput(box(3), '')
        .expectInput(box(4), '');
    };
    const notice = () => ({
      message: 'The new client secret of Deploy is on the clipboard',
      detail: new RegExp(
        `^Paste it where you need it now\\. Scalekit won’t show it again, and VS Code hasn’t stored it\\.\n\nClient ID: m2morg_\\d+\nEnvironment: ${world.environmentName}$`,
      ),
    });

    it('creates it once from what you entered, copies its secret, which works, and says so in one modal', async () => {
      await start();
      world.prompts
        .expectEntry({ title, value: '', problem: undefined }, more(' Deploy '))
        .expectInput(box(2), 'Ships the site')
        .expectInput(box(3), 'deploy:all, read:all deploy:all')
        .expectInput(box(4), 'https://api.acme.com')
        .expectPick(lifetimes, { typed: '8h' })
        .expectNotice(notice());
      await world.act('scalekit.client.create', await world.list());
      assert.deepEqual(world.writes(), [
        { method: 'POST', path: `/api/v1/organizations/${world.organizationId}/clients` },
      ]);
      const { clientId, description, scopes, audience, expiry } = (await named('Deploy')) ?? assert.fail();
      assert.deepEqual(
        { description, scopes, audience, expiry },
        {
          description: 'Ships the site',
          scopes: ['deploy:all', 'read:all'],
          audience: ['https://api.acme.com'],
          expiry: 28_800n,
        },
      );
      assert.equal(world.copied.length, 1);
      assert.equal(await vscode.env.clipboard.readText(), world.copied[0]);
      assert.ok(await getsToken(clientId, world.copied[0] ?? ''));
      assert.ok((await world.shown()).includes(`Deploy (${clientId})`));
    });

    it('with only a name uses Scalekit’s defaults', async () => {
      await start();
      skipToLifetime();
      world.prompts.expectPick(lifetimes, { label: 'Scalekit’s Default' }).expectNotice(notice());
      await world.act('scalekit.client.create', await world.row(world.organizationsView.treeView, 'Looney Corp'));
      const { scopes, audience, expiry } = (await named('Deploy')) ?? assert.fail();
      assert.deepEqual({ scopes, audience, expiry }, { scopes: [], audience: [], expiry: 3600n });
    });

    it('asks for the organization in the Command Palette', async () => {
      await start();
      world.prompts.expectSearch(
        '',
        { title: `Create API Client: Which Organization of ${world.environmentName}?` },
        { label: 'Looney Corp' },
      );
      skipToLifetime();
      world.prompts.expectPick(lifetimes, { label: '15 Minutes' }).expectNotice({});
      await world.act('scalekit.client.create');
      assert.equal((await named('Deploy'))?.expiry, 900n);
    });

    it('says when the clipboard will be cleared', async () => {
      await start();
      world.clipboard.clearsAfter = 30;
      skipToLifetime();
      world.prompts
        .expectPick(lifetimes, { label: '24 Hours' })
        .expectNotice({ detail: /By your settings, it’s cleared from the clipboard after 30 seconds\.\n/ });
      await world.act('scalekit.client.create', await world.list());
    });

    it('shows the secret nowhere else: not in prompts, rows, documents or logs', async () => {
      await start();
      skipToLifetime();
      world.prompts.expectPick(lifetimes, { label: '24 Hours' }).expectNotice({});
      await world.act('scalekit.client.create', await world.list());
      const [secret = assert.fail()] = world.copied;
      const { treeView } = world.organizationsView;
      const node = await row('Deploy');
      const item = await treeView.resolveTreeItem(treeView.getTreeItem(node), node);
      const seen = JSON.stringify([
        await world.shown(),
        item.label,
        item.description,
        item.tooltip,
        item.accessibilityInformation,
        world.documents,
        node.id,
        node.document,
      ]);
      assert.ok(!seen.includes(secret));
      assert.equal(world.redactor.redact(`secret=${secret}`).includes(secret), false, 'no log line could hold it');
    });

    it('takes one step without more options, and can copy the ID together with the secret', async () => {
      await start();
      world.prompts
        .expectEntry({ title, labels: ['Create', 'More Options…'] }, 'Deploy')
        .expectNotice(notice(), 'Copy Client ID and Secret');
      await world.act('scalekit.client.create', await world.list());
      const { clientId, description, scopes } = (await named('Deploy')) ?? assert.fail();
      assert.deepEqual([description, scopes], ['', []]);
      const [secret = '', both, ...rest] = world.copied;
      assert.equal(both, `client_id=${clientId}\nclient_secret=${secret}\n`);
      assert.equal(await vscode.env.clipboard.readText(), both);
      assert.deepEqual(rest, []);
    });

    it('sends nothing if you cancel at a step, and keeps what you entered when you go back', async () => {
      await start(true);
      const title = { title: 'Create API Client for Looney Corp (production)' };
      world.prompts.expectEntry(title, undefined);
      await world.act('scalekit.client.create', await world.list());
      world.prompts
        .expectEntry(title, more('Deploy'))
        .expectInput(title, 'Ships')
        .expectInput(title, 'back!')
        .expectInput({ value: 'Ships' }, 'back!')
        .expectEntry({ value: 'Deploy' }, more('Deploy'))
        .expectInput({ value: 'Ships' }, 'Ships')
        .expectInput(title, 'a')
        .expectInput(title, 'b')
        .expectPick(lifetimes, 'back!')
        .expectInput({ value: 'b' }, 'b')
        .expectPick(lifetimes, undefined);
      await world.act('scalekit.client.create', await world.list());
      world.prompts
        .expectEntry(title, more('Deploy'))
        .expectInput({}, '')
        .expectInput({}, '')
        .expectInput({}, '')
        .expectPick(lifetimes, { label: '24 Hours' });
      world.prompts.expectConfirm(
        {
          message: 'Create the API client Deploy for Looney Corp?',
          detail:
            /^Its secret is copied\. Anyone who has it can get access tokens for this organization\.\n\nEnvironment: .*production/,
          action: 'Create',
        },
        false,
      );
      await world.act('scalekit.client.create', await world.list());
      assert.equal(world.writes().length, 0);
      assert.deepEqual(world.copied, []);
    });

    it('rejects invalid input in its box', async () => {
      await start();
      world.prompts
        .expectEntry({ title }, '')
        .expectEntry({ title }, 'n'.repeat(129))
        .expectEntry({ title }, more('n'.repeat(128)))
        .expectInput(box(2), 'd'.repeat(513))
        .expectInput(box(2), '')
        .expectInput(box(3), 'read"all')
        .expectInput(box(3), 'größe')
        .expectInput(box(3), undefined);
      await world.act('scalekit.client.create', await world.list());
      assert.equal(world.prompts.problems.length, 5);
      assert.equal(world.writes().length, 0);
    });

    it('asks again for what Scalekit rejects, with the reason', async () => {
      await start();
      const refuse = (field: string): void => {
        const info = {
          '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo',
          error_code: 'INVALID_ARGUMENT',
          validation_error_info: { field_violations: [{ field, description: 'is reserved', constraint: 'x' }] },
        };
        world.sandbox.addFault({
          path: '*/clients',
          method: 'POST',
          times: 1,
          respond: { status: 400, body: { code: 3, message: 'invalid', details: [info] } },
        });
      };
      refuse('client.scopes');
      refuse('client.expiry');
      skipToLifetime();
      world.prompts
        .expectPick(lifetimes, { label: '24 Hours' })
        .expectInput({ ...box(3), problem: 'Scalekit doesn’t accept this: is reserved' }, 'a')
        .expectInput(box(4), '')
        .expectPick(lifetimes, { label: '24 Hours' })
        .expectPick({ placeholder: 'Scalekit doesn’t accept this: is reserved' }, undefined);
      await world.act('scalekit.client.create', await world.list());
      assert.equal(world.writes().length, 2);
      assert.deepEqual(world.copied, []);
    });

    it('finds the new client after a lost response, and offers to add a secret because the first one is lost', async () => {
      await start();
      world.sandbox.addFault({ path: '*/clients', method: 'POST', halfBody: true, times: 1 });
      skipToLifetime();
      world.prompts
        .expectPick(lifetimes, { label: '24 Hours' })
        .expectMessage(
          {
            severity: 'warning',
            text: /^Created Deploy, but its secret couldn’t be copied, and Scalekit won’t show it again\./,
            buttons: ['Add Secret'],
          },
          'Add Secret',
        )
        .expectNotice(notice());
      await world.act('scalekit.client.create', await world.list());
      assert.deepEqual(
        world.writes().map(({ path }) => path.replace(/m2morg_\d+/, 'ID')),
        [
          `/api/v1/organizations/${world.organizationId}/clients`,
          `/api/v1/organizations/${world.organizationId}/clients/ID/secrets`,
        ],
      );
      const { clientId, secrets } = (await named('Deploy')) ?? assert.fail();
      assert.equal(secrets.length, 2);
      assert.ok(await getsToken(clientId, world.copied[0] ?? ''));
    });

    it('says that the outcome is unknown if the response is lost and no new client is found, and fails on a 403', async () => {
      await start();
      world.sandbox.addFault({ path: '*/clients', method: 'POST', status: 503, times: 1 });
      skipToLifetime();
      world.prompts.expectPick(lifetimes, { label: '24 Hours' }).expectMessage({
        severity: 'warning',
        text: /it’s unclear whether this succeeded: Creating the API client Deploy for Looney Corp \(HTTP 503\)/,
      });
      await world.act('scalekit.client.create', await world.list());
      world.sandbox.addFault({ path: '*/clients', method: 'POST', status: 403, times: 1 });
      skipToLifetime();
      world.prompts.expectPick(lifetimes, { label: '24 Hours' });
      await assert.rejects(async () => world.act('scalekit.client.create', await world.list()), failsWith('forbidden'));
      assert.equal(world.writes().length, 2);
      assert.equal(await named('Deploy'), undefined);
    });

    it('doesn’t mistake an older client of the same name for the new one after a lost response', async () => {
      await start();
      skipToLifetime();
      world.prompts.expectPick(lifetimes, { label: '24 Hours' }).expectNotice(notice());
      await world.act('scalekit.client.create', await world.list());
      world.sandbox.addFault({ path: '*/clients', method: 'POST', status: 503, times: 1 });
      skipToLifetime();
      world.prompts.expectPick(lifetimes, { label: '24 Hours' }).expectMessage({
        severity: 'warning',
        text: /it’s unclear whether this succeeded: Creating the API client Deploy /,
      });
      await world.act('scalekit.client.create', await world.list());
    });

    it('keeps what you entered after a 429', async () => {
      await start();
      world.sandbox.addFault({ path: '*/clients', method: 'POST', status: 429, times: 1 });
      skipToLifetime();
      world.prompts.expectPick(lifetimes, { label: '24 Hours' });
      world.prompts.expectPick({ placeholder: /too many requests/ }, { label: '15 Minutes' }).expectNotice(notice());
      await world.act('scalekit.client.create', await world.list());
      assert.equal((await named('Deploy'))?.expiry, 900n);
    });

    it('doesn’t create the client again if adding a secret after a lost response fails with a 429', async () => {
      await start();
      world.sandbox.addFault({ path: '*/clients', method: 'POST', halfBody: true, times: 1 });
      world.sandbox.addFault({ path: '*/secrets', method: 'POST', status: 429, times: 1 });
      skipToLifetime();
      world.prompts
        .expectPick(lifetimes, { label: '24 Hours' })
        .expectMessage({ text: /couldn’t be copied/ }, 'Add Secret');
      await assert.rejects(async () => world.act('scalekit.client.create', await world.list()), failsWith('rateLimit'));
      assert.equal((await clients()).filter(({ name }) => name === 'Deploy').length, 1);
    });

    it('says that the secret couldn’t be copied', async () => {
      await start();
      world.clipboard.fails = true;
      skipToLifetime();
      world.prompts
        .expectPick(lifetimes, { label: '24 Hours' })
        .expectMessage({ severity: 'warning', text: /couldn’t be copied/ });
      await world.act('scalekit.client.create', await world.list());
      assert.ok(await named('Deploy'));
    });
  });

  describe('Add Secret', () => {
    it('adds a secret beside the others, copies it, and all of them work', async () => {
      await start();
      const { clientId, secret, row: node } = await made();
      world.prompts.expectNotice({ message: 'The new client secret of Deploy is on the clipboard' });
      await Promise.all([world.act('scalekit.client.addSecret', node), world.act('scalekit.client.addSecret', node)]);
      assert.deepEqual(world.writes(), [
        { method: 'POST', path: `/api/v1/organizations/${world.organizationId}/clients/${clientId}/secrets` },
      ]);
      assert.equal((await named('Deploy'))?.secrets.length, 2);
      assert.deepEqual(await Promise.all([secret, world.copied[0] ?? ''].map((each) => getsToken(clientId, each))), [
        true,
        true,
      ]);
    });

    it('asks first in production, and says which secret to revoke after a lost response', async () => {
      await start(true);
      const { row: node } = await made();
      const question = {
        message: 'Add a secret to Deploy?',
        detail: /^The new secret is copied\. Existing secrets stay valid\.\n\nEnvironment: .*production/,
        action: 'Add Secret',
      };
      world.prompts.expectConfirm(question, false);
      await world.act('scalekit.client.addSecret', node);
      assert.equal(world.writes().length, 0);
      world.sandbox.addFault({ path: '*/secrets', method: 'POST', halfBody: true, times: 1 });
      world.prompts.expectConfirm(question, true).expectMessage({
        severity: 'warning',
        text: /^Deploy has a new secret, ….{4}, but it couldn’t be copied, and Scalekit won’t show it again\. Revoke it and add another\.$/,
        buttons: [],
      });
      await world.act('scalekit.client.addSecret', node);
      assert.equal(world.writes().length, 1);
      assert.deepEqual(world.copied, []);
    });

    it('fails for a deleted client, and removes its row', async () => {
      await start();
      const { clientId, row: node } = await made();
      await world.sdk.m2m.deleteOrganizationClient(world.organizationId, clientId);
      await assert.rejects(async () => world.act('scalekit.client.addSecret', node), failsWith('notFound'));
      assert.ok(!(await world.shown()).some((label) => label.startsWith('Deploy')));
    });
  });

  describe('Revoke Secret…', () => {
    it('revokes only the secret that you picked by its last characters', async () => {
      await start();
      const { clientId, secret: first, row: node } = await made();
      const { plainSecret: second } = await world.sdk.m2m.addOrganizationClientSecret(world.organizationId, clientId);
      const [one, other] = [`…${first.slice(-4)}`, `…${second.slice(-4)}`];
      world.prompts
        .expectPick({ title: 'Revoke a Secret of Deploy', labels: [one, other] }, { label: one })
        .expectConfirm(
          {
            message: `Revoke the secret ${one} of Deploy?`,
            detail: /^Programs that use it can’t get access tokens anymore\. You can’t undo this\.\n\nEnvironment: /,
            action: 'Revoke',
          },
          true,
        );
      await world.act('scalekit.client.revokeSecret', node);
      assert.deepEqual(
        world.writes().map(({ method }) => method),
        ['DELETE'],
      );
      assert.deepEqual(await Promise.all([first, second].map((each) => getsToken(clientId, each))), [false, true]);
      world.prompts
        .expectPick({ labels: [other] }, { label: other })
        .expectConfirm(
          { detail: /It’s the last active secret. The client can’t be used until it has another\./ },
          true,
        );
      await world.act('scalekit.client.revokeSecret', node);
      assert.equal(await getsToken(clientId, second), false);
      assert.ok((await world.shown()).some((label) => label.startsWith('Deploy (no active secret')));
      world.prompts.expectMessage({ severity: 'information', text: 'Deploy has no secret.' });
      await world.act('scalekit.client.revokeSecret', node);
    });

    it('sends nothing if you cancel, and asks for the last characters in production', async () => {
      await start(true);
      const { clientId, secret, row: node } = await made();
      const suffix = secret.slice(-4);
      world.prompts.expectPick({}, undefined);
      await world.act('scalekit.client.revokeSecret', node);
      const box = {
        title: `Revoke the secret …${suffix} of Deploy? (${world.environmentName}, production)`,
        prompt: new RegExp(`To confirm, type: ${suffix}$`),
      };
      world.prompts.expectPick({}, { label: `…${suffix}` }).expectInput(box, undefined);
      await world.act('scalekit.client.revokeSecret', node);
      assert.equal(world.writes().length, 0);
      world.prompts.expectPick({}, { label: `…${suffix}` }).expectInput(box, suffix);
      await world.act('scalekit.client.revokeSecret', node);
      assert.equal(await getsToken(clientId, secret), false);
    });

    it('succeeds if the secret is already revoked, or if only the response was lost', async () => {
      await start();
      const { clientId, row: node } = await made();
      const { secret: second } = await world.sdk.m2m.addOrganizationClientSecret(world.organizationId, clientId);
      world.sandbox.addFault({ path: '*/secrets/*', method: 'DELETE', halfBody: true, times: 1 });
      world.prompts.expectPick({}, { label: `…${second?.secretSuffix}` }).expectConfirm({}, true);
      await world.act('scalekit.client.revokeSecret', node);
      assert.equal(world.writes().length, 1);
      const [left] = (await named('Deploy'))?.secrets ?? [];
      assert.notEqual(left?.id, second?.id);
      world.sandbox.addFault({ path: '*/secrets/*', method: 'DELETE', status: 404, times: 1 });
      world.prompts.expectPick({}, { label: `…${left?.secretSuffix}` }).expectConfirm({}, true);
      await world.act('scalekit.client.revokeSecret', node);
    });
  });

  describe('Delete API Client…', () => {
    it('asks first, and deletes the client with its secrets', async () => {
      await start();
      const { clientId, secret, row: node } = await made();
      const question = {
        message: 'Delete the API client Deploy?',
        detail: /^Its secrets are deleted too, .*You can’t undo this\.\n\nEnvironment: /,
        action: 'Delete',
      };
      world.prompts.expectConfirm(question, false);
      await world.act('scalekit.client.delete', node);
      assert.equal(world.writes().length, 0);
      world.prompts.expectConfirm(question, true);
      await world.act('scalekit.client.delete', node);
      assert.deepEqual(world.writes(), [
        { method: 'DELETE', path: `/api/v1/organizations/${world.organizationId}/clients/${clientId}` },
      ]);
      assert.equal(await named('Deploy'), undefined);
      assert.equal(await getsToken(clientId, secret), false);
      assert.deepEqual(world.documents, [
        `deleted /${world.environmentId}/organizations/${world.organizationId}/clients/${clientId}.json`,
      ]);
    });

    it('asks for the client’s name in production, and keeps the row if Scalekit refuses', async () => {
      await start(true);
      const { row: node } = await made();
      const box = {
        title: `Delete the API client Deploy? (${world.environmentName}, production)`,
        prompt: /To confirm, type: Deploy$/,
      };
      world.prompts.expectInput(box, 'deploy').expectInput(box, undefined);
      await world.act('scalekit.client.delete', node);
      assert.equal(world.writes().length, 0);
      world.sandbox.addFault({ path: '*/clients/*', method: 'DELETE', status: 403, times: 1 });
      world.prompts.expectInput(box, 'Deploy');
      await assert.rejects(async () => world.act('scalekit.client.delete', node), failsWith('forbidden'));
      assert.ok(await named('Deploy'));
      world.prompts.expectInput(box, 'Deploy');
      await world.act('scalekit.client.delete', await row('Deploy'));
      assert.equal(await named('Deploy'), undefined);
    });
  });

  it('work only on rows that a view has shown', async () => {
    await start();
    const { row: node } = await made();
    for (const action of [
      'scalekit.client.addSecret',
      'scalekit.client.revokeSecret',
      'scalekit.client.delete',
    ] as const) {
      for (const argument of [{ ...node }, undefined, { kind: 'organizationClient' }, await world.list()])
        await world.act(action, argument as TreeNode);
    }
    assert.equal(world.writes().length, 0);
  });
});
