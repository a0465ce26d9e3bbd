import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { AccessToken } from '../../src/api/client/accessToken';
import type { EnteredCredentials } from '../../src/environments/enterCredentials';
import { Environments } from '../../src/environments/environments';
import { saveEnvironment } from '../../src/environments/saveCredentials';
import { secretKey } from '../../src/environments/secretRecord';
import { faultySecrets } from '../support/faultySecrets';
import { ScriptedPrompts } from '../support/scriptedPrompts';
import { startWorkbench, type StartOptions, type StartedWorkbench } from '../support/startWorkbench';

const ACME = { environmentUrl: 'https://acme.scalekit.dev', clientId: 'skc_1', clientSecret: 'test_verySecretAcme' };
const ROUNDS = 10;

describe('environments that are changed or added at the same time', () => {
  const opened: StartedWorkbench[] = [];

  async function open(options: StartOptions = {}): Promise<StartedWorkbench> {
    const parts = await startWorkbench(options);
    opened.push(parts);
    await parts.store.load();
    return parts;
  }

  afterEach(async () => {
    for (const parts of opened.splice(0)) await parts.end();
  });

  /** Each change of an environment, and a check that it lasted. */
  const CHANGES: Readonly<
    Record<
      string,
      {
        readonly make: (parts: StartedWorkbench, id: string, round: number) => Promise<unknown>;
        readonly has: (parts: StartedWorkbench, id: string, round: number) => unknown;
      }
    >
  > = {
    mark: {
      make: ({ stored }, id, round) => stored.setProduction(id, round % 2 === 0),
      has: ({ store }, id, round) => store.get(id)?.production === (round % 2 === 0),
    },
    use: { make: ({ stored }, id) => stored.touch(id), has: () => true },
    name: {
      make: ({ stored }, id, round) => stored.rename(id, `name ${round}`),
      has: ({ store }, id, round) => store.get(id)?.name === `name ${round}`,
    },
    tokensOnly: {
      make: ({ stored }, id, round) => stored.setTokensOnly(id, round % 2 === 1),
      has: ({ store }, id, round) => store.get(id)?.tokensOnly === (round % 2 === 1),
    },
    switch: { make: ({ store }, id) => store.setActive(id), has: ({ store }, id) => store.active?.id === id },
  };

  for (const [one, first] of Object.entries(CHANGES)) {
    it(`keep a change (${one}) and every other one made at the same time, in this window and on disk`, async () => {
      const parts = await open();
      const id = await parts.add(ACME);
      for (const [two, second] of Object.entries(CHANGES)) {
        if (one === two) continue;
        for (let round = 0; round < ROUNDS; round++) {
          await Promise.all([first.make(parts, id, round), second.make(parts, id, round)]);
          for (const { has } of [first, second]) assert.ok(has(parts, id, round), `${one}, ${two}: round ${round}`);
        }
        const reloaded = await open({ globalStorageUri: parts.globalStorageUri });
        for (const [name, { has }] of Object.entries({ [one]: first, [two]: second }))
          if (name !== 'switch') assert.ok(has(reloaded, id, ROUNDS - 1), `${name} after a reload`);
      }
    });

    it(`keep a change (${one}) and every other one that another window makes at the same time`, async () => {
      const here = await open();
      const id = await here.add(ACME);
      const there = await open({ globalStorageUri: here.globalStorageUri });
      for (const [two, second] of Object.entries(CHANGES)) {
        if (one === two) continue;
        for (let round = 0; round < ROUNDS; round++) {
          await Promise.all([first.make(here, id, round), second.make(there, id, round)]);
          const found = await open({ globalStorageUri: here.globalStorageUri });
          for (const [name, { has }] of Object.entries({ [one]: first, [two]: second }))
            if (name !== 'switch') assert.ok(has(found, id, round), `${one}, ${two}: ${name}, round ${round}`);
        }
      }
    });
  }

  it('end with the last requested change', async () => {
    const parts = await open();
    const id = await parts.add(ACME);
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all([
        parts.stored.setProduction(id, true),
        parts.stored.setProduction(id, false),
        parts.stored.setProduction(id, true),
      ]);
      assert.equal(parts.store.get(id)?.production, true);
    }
    assert.equal((await open({ globalStorageUri: parts.globalStorageUri })).store.get(id)?.production, true);
  });

  it('keep a mark that one window sets while another one replaces the secret', async () => {
    const here = await open();
    const id = await here.add(ACME);
    const there = await open({ globalStorageUri: here.globalStorageUri });
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all([
        here.stored.setProduction(id, true),
        there.stored.replace(id, { ...ACME, clientSecret: `test_secret${round}` }, false),
      ]);
      assert.equal((await open({ globalStorageUri: here.globalStorageUri })).store.get(id)?.production, true);
      await there.stored.setProduction(id, false);
    }
  });

  it('keep a mark that another window sets while this one has the secret only in memory', async () => {
    const here = await open();
    const id = await here.add(ACME);
    let isLocked = true;
    const store = async (key: string, value: string): Promise<void> =>
      isLocked ? Promise.reject(new Error('keyring locked')) : here.secrets.store(key, value);
    const there = await open({
      globalStorageUri: here.globalStorageUri,
      secrets: faultySecrets(here.secrets, { store }),
    });
    assert.equal((await there.stored.replace(id, { ...ACME, clientSecret: 'test_another' }, false)).place, 'session');
    await here.stored.setProduction(id, true);
    await there.stored.rename(id, 'Ours');
    isLocked = false;
    assert.equal(
      (await there.stored.replace(id, { ...ACME, clientSecret: 'test_another' }, false)).place,
      'secretStorage',
    );
    const { store: found } = await open({ globalStorageUri: here.globalStorageUri });
    assert.deepEqual([found.get(id)?.production, found.get(id)?.name], [true, 'Ours']);
  });

  describe('for one client', () => {
    const entered = (clientSecret: string, verified = true): EnteredCredentials => ({
      credentials: { ...ACME, clientSecret },
      verified,
      tokensOnly: false,
    });
    const keep = (parts: StartedWorkbench, clientSecret: string): Promise<void> =>
      saveEnvironment(entered(clientSecret), {
        store: parts.store,
        stored: parts.stored,
        prompts: new ScriptedPrompts(),
      });

    for (const windows of [1, 2, 3]) {
      it(`are one row if they’re added twice at once in each of ${windows} windows`, async () => {
        for (let round = 0; round < ROUNDS; round++) {
          const first = await open();
          const all = [
            first,
            ...(await Promise.all(
              Array.from({ length: windows - 1 }, () => open({ globalStorageUri: first.globalStorageUri })),
            )),
          ];
          await Promise.all(
            all.flatMap((parts, index) => [keep(parts, `test_${index}a`), keep(parts, `test_${index}b`)]),
          );
          const found = await open({ globalStorageUri: first.globalStorageUri });
          assert.equal(found.store.list().length, 1, `round ${round}`);
          const [environment] = found.store.list();
          assert.match((await found.store.readCredentials(environment?.id ?? ''))?.clientSecret ?? '', /^test_\d[ab]$/);
          assert.deepEqual(
            (await vscode.workspace.fs.readDirectory(first.folder)).map(([name]) => name),
            [`${environment?.id}.json`],
          );
        }
      });
    }

    it('are one row if the stores add them at once', async () => {
      const here = await open();
      const there = await open({ globalStorageUri: here.globalStorageUri });
      const ids = await Promise.all([here.add(ACME), there.add(ACME)]);
      assert.equal(new Set(ids).size, 1);
      assert.equal((await open({ globalStorageUri: here.globalStorageUri })).store.list().length, 1);
    });

    it('are two rows if there are two clients', async () => {
      const here = await open();
      const there = await open({ globalStorageUri: here.globalStorageUri });
      await Promise.all([here.add(ACME), there.add({ ...ACME, clientId: 'skc_2' })]);
      assert.equal((await open({ globalStorageUri: here.globalStorageUri })).store.list().length, 2);
    });

    it('are one row after a crash left a pending file, whose ID isn’t reused', async () => {
      const here = await open();
      await vscode.workspace.fs.writeFile(
        vscode.Uri.joinPath(here.folder, 'acme-scalekit-dev.pending'),
        Buffer.from('1\n'),
      );
      const there = await open({ globalStorageUri: here.globalStorageUri });
      await Promise.all([keep(here, 'test_1'), keep(there, 'test_2')]);
      assert.equal((await open({ globalStorageUri: here.globalStorageUri })).store.list().length, 1);
      const files = (await vscode.workspace.fs.readDirectory(here.folder)).map(([name]) => name).sort();
      // Whichever of the two found its ID free stays: the first free one, or the next.
      assert.match(files.join(' '), /^acme-scalekit-dev-[23]\.json acme-scalekit-dev\.pending$/);
    });

    it('are one row if this window can’t read the secret that another one stored', async () => {
      const here = await open();
      const id = await here.add(ACME);
      for (const get of [
        async () => undefined,
        async () => Promise.reject(new Error('keyring locked')),
        async () => '{"url":',
      ]) {
        const parts = await open({
          globalStorageUri: here.globalStorageUri,
          secrets: faultySecrets(here.secrets, { get }),
        });
        assert.equal(await parts.stored.find(ACME.environmentUrl, ACME.clientId), id);
        assert.equal(await parts.stored.find(ACME.environmentUrl, 'skc_2'), undefined);
      }
    });

    it('are one row in a window whose keyring doesn’t work', async () => {
      const { secrets } = await open();
      const parts = await open({
        secrets: faultySecrets(secrets, { store: async () => Promise.reject(new Error('keyring locked')) }),
      });
      await Promise.all([parts.add(ACME), parts.add(ACME)]);
      assert.equal(parts.store.list().length, 1);
    });

    it('don’t replace a secret that another window just verified with an unverified one', async () => {
      const here = await open();
      const there = await open({ globalStorageUri: here.globalStorageUri });
      const prompts = new ScriptedPrompts().expectConfirm({ message: /with one that hasn’t been verified/ }, false);
      const id = await here.add(ACME);
      await saveEnvironment(entered('test_mistyped', false), { store: there.store, stored: there.stored, prompts });
      prompts.assertAllUsed();
      assert.equal((await there.store.readCredentials(id))?.clientSecret, ACME.clientSecret);
    });
  });

  it('leave nothing behind if one window removes an environment while another one changes it', async () => {
    const here = await open();
    const there = await open({ globalStorageUri: here.globalStorageUri });
    for (let round = 0; round < ROUNDS; round++) {
      const id = await here.add(ACME);
      await there.stored.find(ACME.environmentUrl, ACME.clientId);
      await Promise.allSettled([
        here.stored.remove(id),
        there.stored.setProduction(id, true),
        there.stored.replace(id, { ...ACME, clientSecret: 'test_2' }, false),
        there.stored.touch(id),
      ]);
      assert.deepEqual(await vscode.workspace.fs.readDirectory(here.folder), [], `round ${round}`);
      assert.equal(await here.secrets.get(secretKey(id)), undefined);
    }
  });

  it('ignore a token that arrives for a client that was replaced or removed', async () => {
    const parts = await open();
    const id = await parts.add(ACME);
    const heard: ((token: AccessToken) => void)[] = [];
    const environments = new Environments(
      parts.store,
      (credentials, onToken) => {
        heard.push(onToken);
        return parts.createClient(credentials, onToken);
      },
      Date.now,
    );
    const token: AccessToken = { value: 'test.access.token', receivedAt: 1, lifetimeMs: 1_000 } as AccessToken;
    await environments.client(id);
    heard[0]?.(token);
    assert.equal(environments.tokenStatus(id)?.fetchedAt, 1);
    await parts.stored.replace(id, { ...ACME, clientId: 'skc_2' }, false);
    assert.equal(environments.tokenStatus(id), undefined);
    heard[0]?.(token);
    assert.equal(environments.tokenStatus(id), undefined);
    await environments.client(id);
    heard[0]?.(token);
    assert.deepEqual(environments.tokenStatus(id), { clientId: 'skc_2' });
    await parts.stored.remove(id);
    const told: string[] = [];
    environments.onDidChangeTokenStatus((environmentId) => told.push(environmentId));
    heard[1]?.(token);
    assert.deepEqual([environments.tokenStatus(id), told], [undefined, []]);
    environments.dispose();
  });
});
