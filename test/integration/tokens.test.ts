import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { isCancelled } from '../../src/api/client/scalekitError';
import { Commands } from '../../src/ui/commands';
import { EnvironmentFailure, inEnvironment } from '../../src/core/environmentFailure';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { TokenActions } from '../../src/tokens/tokenActions';
import { TokenClipboard } from '../../src/tokens/tokenClipboard';
import { ScriptedPrompts } from '../support/scriptedPrompts';
import { until } from '../support/until';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';

const MINUTE = 60_000;

describe('access tokens', () => {
  let sandbox: Sandbox;
  let parts: StartedWorkbench;
  let prompts: ScriptedPrompts;
  let id: string;
  /** How far the extension's clock is from the real one, in milliseconds. */
  let clock: number;

  const tokenRequests = (): number => sandbox.requests.filter(({ path }) => path === '/oauth/token').length;
  const apiRequests = (): number => sandbox.requests.filter(({ path }) => path.startsWith('/api/')).length;
  const clipboard = (): Thenable<string> => vscode.env.clipboard.readText();

  async function isAccepted(token: string): Promise<boolean> {
    const response = await fetch(`${sandbox.url}/api/v1/organizations`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return response.status === 200;
  }

  /** A hundred concurrent commands with one call each. Returns for each whether it succeeded. */
  function hundredCalls(done: () => void): Promise<boolean>[] {
    const commands = new Commands(prompts, parts.log, parts.redactor);
    const environment = parts.store.get(id) ?? assert.fail('it is gone');
    return Array.from({ length: 100 }, (_, index) =>
      commands.run(`call ${index}`, async () => {
        await inEnvironment(environment, async () =>
          (await parts.environments.client(id)).getJson('/api/v1/organizations', { page_size: index + 1 }),
        );
        done();
      }),
    );
  }

  before(async () => {
    sandbox = await startSandbox({ organizations: 3 });
  });

  after(() => sandbox.close());

  beforeEach(async () => {
    clock = 0;
    parts = await startWorkbench({ now: () => Date.now() + clock });
    prompts = parts.prompts;
    await parts.store.load();
    id = await parts.add({
      environmentUrl: sandbox.url,
      clientId: sandbox.clientId,
      clientSecret: sandbox.clientSecret,
    });
    await vscode.env.clipboard.writeText('something else');
    sandbox.clearFaults();
    sandbox.clearRequests();
  });

  afterEach(async () => {
    await parts.end();
    prompts.assertAllUsed();
  });

  it('cost exactly one token request and no API request for a first copy', async () => {
    await parts.act('scalekit.token.copy', undefined);
    assert.deepEqual(
      sandbox.requests.map(({ method, path }) => `${method} ${path}`),
      ['POST /oauth/token'],
    );
    assert.ok(await isAccepted(await clipboard()));
  });

  it('cost no request for a second copy', async () => {
    await parts.act('scalekit.token.copy', undefined);
    const first = await clipboard();
    await vscode.env.clipboard.writeText('');
    sandbox.clearRequests();
    await parts.act('scalekit.token.copy', { id });
    await parts.act('scalekit.token.copy', id);
    assert.deepEqual(sandbox.requests, []);
    assert.equal(await clipboard(), first);
  });

  it('are copied from the cache while they’re valid for more than 10 minutes, and cost one request after that', async () => {
    await parts.act('scalekit.token.copy', undefined);
    const first = await clipboard();
    clock = 86_399_000 - 10 * MINUTE - 5_000;
    await parts.act('scalekit.token.copy', undefined);
    assert.equal(tokenRequests(), 1);
    clock = 86_399_000 - 10 * MINUTE + 1;
    await parts.act('scalekit.token.copy', undefined);
    assert.equal(tokenRequests(), 2);
    assert.equal(apiRequests(), 0);
    assert.notEqual(await clipboard(), first);
  });

  for (const minutes of [-10, 10]) {
    it(`can be copied and used with a local clock that’s ${minutes} minutes off`, async () => {
      clock = minutes * MINUTE;
      await parts.act('scalekit.token.copy', undefined);
      await (await parts.environments.client(id)).getJson('/api/v1/organizations');
      await parts.act('scalekit.token.copy', undefined);
      assert.equal(tokenRequests(), 1);
      assert.ok(await isAccepted(await clipboard()));
    });
  }

  it('go to the clipboard and never into the index, a message or a command’s result', async () => {
    const commands = new Commands(prompts, parts.log, parts.redactor);
    commands.register({ 'scalekit.integrationTest.copy': (argument) => parts.act('scalekit.token.copy', argument) });
    try {
      assert.equal(await vscode.commands.executeCommand('scalekit.integrationTest.copy'), undefined);
      const token = await clipboard();
      assert.match(token, /^eyJ/);
      for (const [name] of await vscode.workspace.fs.readDirectory(parts.folder)) {
        const text = Buffer.from(
          await vscode.workspace.fs.readFile(vscode.Uri.joinPath(parts.folder, name)),
        ).toString();
        assert.ok(!text.includes(token) && !text.includes(sandbox.clientSecret), name);
      }
      assert.ok(!JSON.stringify([parts.differences, parts.exchanges, parts.store.list()]).includes(token));
    } finally {
      commands.dispose();
    }
  });

  it('can be copied as a header too, from the same token', async () => {
    await parts.act('scalekit.token.copy', undefined);
    const token = await clipboard();
    await parts.act('scalekit.token.copyHeader', undefined);
    assert.equal(await clipboard(), `Authorization: Bearer ${token}`);
    assert.equal(tokenRequests(), 1);
  });

  it('can be fetched again, and the old one stays valid', async () => {
    await parts.act('scalekit.token.copy', undefined);
    const old = await clipboard();
    prompts.expectMessage({ severity: 'information', text: /old one stays valid/ });
    await parts.act('scalekit.token.fetch', undefined);
    await parts.act('scalekit.token.copy', undefined);
    const renewed = await clipboard();
    assert.notEqual(renewed, old);
    assert.equal(tokenRequests(), 2);
    assert.ok((await isAccepted(old)) && (await isAccepted(renewed)));
  });

  it('with their own scope don’t replace the API’s token', async () => {
    await parts.act('scalekit.token.copy', undefined);
    const token = await clipboard();
    prompts.expectInput({}, 'openid "email"').expectInput({}, ' openid  email ');
    await parts.act('scalekit.token.copyWithScope', undefined);
    assert.notEqual(await clipboard(), token);
    await parts.act('scalekit.token.copy', undefined);
    assert.equal(await clipboard(), token);
    assert.equal(tokenRequests(), 2);
    assert.equal(prompts.problems.length, 1);
  });

  it('cost 1 token request for 100 concurrent first API calls', async () => {
    const client = await parts.environments.client(id);
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => client.getJson('/api/v1/organizations', { page_size: index + 1 })),
    );
    assert.equal(tokenRequests(), 1);
    assert.equal(apiRequests(), 100);
  });

  it('that are refused fail 100 concurrent calls with one request and one message', async () => {
    sandbox.addFault({ path: '/oauth/token', status: 401, errorCode: 'invalid_client' });
    prompts.expectMessage({
      severity: 'error',
      text: /refused the client ID or client secret.*invalid_client/,
      buttons: ['Replace Client Secret…', 'Show Log'],
    });
    assert.deepEqual(new Set(await Promise.all(hundredCalls(() => undefined))), new Set([false]));
    assert.equal(tokenRequests(), 1);
    assert.equal(apiRequests(), 0);

    // Nor is another one made until the user acts.
    await assert.rejects((await parts.environments.client(id)).getJson('/api/v1/organizations'));
    assert.equal(tokenRequests(), 1);
    await assert.rejects(parts.act('scalekit.token.copy', undefined), EnvironmentFailure);
    assert.equal(tokenRequests(), 2);
    sandbox.clearFaults();
    await parts.act('scalekit.token.copy', undefined);
    assert.ok(await isAccepted(await clipboard()));
  });

  it('can be cancelled while the server doesn’t respond, which leaves the clipboard alone', async function () {
    this.timeout(15_000);
    sandbox.addFault({ path: '/oauth/token', delayMs: 3_600_000 });
    const now = Date.now;
    const ways: readonly ((tried: TokenActions) => Promise<unknown>)[] = [
      (tried) => tried.copy(undefined),
      (tried) => tried.copyHeader(undefined),
      (tried) => tried.copyWithScope(undefined),
      (tried) => tried.fetch(undefined),
      (tried) => tried.handOut(parts.environments.get(id) ?? assert.fail('it is gone')),
    ];
    await Promise.all(
      ways.map(async (way, index) => {
        const asked = new ScriptedPrompts().cancelNextProgress(50);
        if (index === 2) asked.expectInput({}, 'openid');
        const tried = new TokenActions({
          environments: parts.environments,
          prompts: asked,
          now,
          clipboard: new TokenClipboard(false),
        });
        await assert.rejects(way(tried), isCancelled);
        assert.deepEqual(asked.progressTitles, [
          `Scalekit: fetching an access token from ${parts.environments.get(id)?.name}…`,
        ]);
        asked.assertAllUsed();
      }),
    );
    assert.equal(await clipboard(), 'something else');
    assert.equal(parts.exchanges.filter(({ failure }) => failure?.includes('cancelled')).length, 2);
    sandbox.clearFaults();
    await parts.act('scalekit.token.copy', undefined);
    assert.ok(await isAccepted(await clipboard()));
    assert.deepEqual(prompts.progressTitles, []);
  });

  it('that fail temporarily are all retried with one message’s button, and a later failure is shown again', async () => {
    sandbox.addFault({ path: '/oauth/token', status: 500, times: 2 });
    let done = 0;
    const failed = { severity: 'error', text: /Scalekit has a problem/, buttons: ['Try Again', 'Show Log'] } as const;
    prompts.expectMessage(failed, 'Try Again').expectMessage(failed, 'Try Again');
    await Promise.all(hundredCalls(() => done++));
    await until('all of them', () => done === 100, 10_000);
    assert.equal(tokenRequests(), 3);
  });

  it('leave the clipboard alone if the request fails, and the failure names the environment', async () => {
    sandbox.addFault({ path: '/oauth/token', status: 500 });
    await assert.rejects(
      parts.act('scalekit.token.copy', undefined),
      (error) => error instanceof EnvironmentFailure && error.environment.id === id,
    );
    assert.equal(await clipboard(), 'something else');
  });

  it('of a removed environment aren’t replaced by another one’s', async () => {
    const gone = await parts.add({
      environmentUrl: 'https://gone.scalekit.dev',
      clientId: 'skc_9',
      clientSecret: 'test_9',
    });
    await parts.stored.remove(gone);
    for (const argument of [gone, { id: gone }]) {
      await assert.rejects(
        parts.act('scalekit.token.copy', argument),
        (error) => error instanceof EnvironmentFailure && error.failure === 'gone',
      );
    }
    assert.equal(await clipboard(), 'something else');
    assert.equal(sandbox.requests.length, 0);
  });

  it('offer ways to add an environment if there is none', async () => {
    await parts.stored.remove(id);
    prompts.expectMessage({ severity: 'information', buttons: ['Add Environment…', 'Start Local Sandbox'] });
    await parts.act('scalekit.token.copy', undefined);
    assert.equal(await clipboard(), 'something else');
  });

  it('send an event for a new token, and for nothing else', async () => {
    const told: string[] = [];
    const subscription = parts.environments.onDidChangeTokenStatus((changed) => told.push(changed));
    const differences = parts.differences.length;
    await parts.act('scalekit.token.copy', undefined);
    await until('the facts are told', () => parts.environments.tokenStatus(id)?.expiresAt !== undefined);
    subscription.dispose();
    assert.ok(told.length > 0 && told.every((changed) => changed === id));
    assert.equal(parts.environments.tokenStatus(id)?.clientId, sandbox.clientId);
    assert.equal(parts.differences.length, differences);
  });
});
