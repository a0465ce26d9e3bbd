import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { SecretUnavailableError } from '../../src/environments/environmentSource';
import { EnvironmentFailure } from '../../src/core/environmentFailure';
import { activeAfterRemoval } from '../../src/environments/showActiveEnvironment';
import { secretKey } from '../../src/environments/secretRecord';
import { faultySecrets } from '../support/faultySecrets';
import { until } from '../support/until';
import { MemoryState, startWorkbench, type StartOptions, type StartedWorkbench } from '../support/startWorkbench';
import type { EnvironmentChange } from '../../src/core/environmentAccess';

const ACME = { environmentUrl: 'https://acme.scalekit.dev', clientId: 'skc_1', clientSecret: 'test_verySecretAcme' };
const GLOBEX = {
  environmentUrl: 'https://globex.scalekit.com',
  clientId: 'prd_skc_2',
  clientSecret: 'test_verySecretGlobex',
};

/** A short form of a change. */
function told(change: EnvironmentChange): Record<string, unknown> {
  const { added, changed, removed, invalidated, active, activeChanged } = change;
  return {
    added: added.map(({ id }) => id),
    changed: changed.map(({ id }) => (invalidated.includes(id) ? `${id} credentials` : id)),
    removed: removed.map(({ id }) => id),
    active: active?.id,
    activeChanged,
  };
}

describe('the environment store', () => {
  const opened: StartedWorkbench[] = [];

  async function open(options: StartOptions = {}): Promise<StartedWorkbench> {
    const parts = await startWorkbench(options);
    opened.push(parts);
    await parts.store.load();
    return parts;
  }

  /** Two windows on one folder. The second one already sees the first one's writes: VS Code's watchers start slowly. */
  async function openTwo(
    secretsThere: (secrets: vscode.SecretStorage) => vscode.SecretStorage = (secrets) => secrets,
  ): Promise<{ readonly here: StartedWorkbench; readonly there: StartedWorkbench }> {
    const here = await open();
    const there = await open({ globalStorageUri: here.globalStorageUri, secrets: secretsThere(here.secrets) });
    const id = await here.add({ ...ACME, environmentUrl: 'https://first.scalekit.dev' });
    await until(
      'the other window hears',
      async () => {
        await here.stored.touch(id);
        await delay(100);
        return there.store.get(id) !== undefined;
      },
      10_000,
    );
    await here.stored.remove(id);
    await until('the other window has heard of all', () => there.store.list().length === 0);
    for (const { differences } of [here, there]) differences.length = 0;
    return { here, there };
  }

  async function filesOf({ folder }: StartedWorkbench): Promise<Record<string, string>> {
    const texts: Record<string, string> = {};
    for (const [name] of await vscode.workspace.fs.readDirectory(folder)) {
      texts[name] = Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name))).toString();
    }
    return texts;
  }

  afterEach(async () => {
    for (const parts of opened.splice(0)) await parts.end();
  });

  it('is empty at first, and sends no event', async () => {
    const { store, differences } = await open();
    assert.deepEqual(store.list(), []);
    assert.equal(store.active, undefined);
    assert.deepEqual(differences, []);
  });

  it('sends one event for an added environment, and makes the first one active', async () => {
    const parts = await open();
    const id = await parts.add(ACME);
    assert.equal(id, 'acme-scalekit-dev');
    assert.deepEqual(parts.differences.map(told), [
      { added: [id], changed: [], removed: [], active: id, activeChanged: true },
    ]);
    // The watcher sees this window's own file too, but nothing has changed.
    await delay(1_000);
    assert.equal(parts.differences.length, 1);
    const environment = parts.store.get(id);
    assert.equal(environment?.name, 'acme');
    assert.equal(environment?.host, 'acme.scalekit.dev');
    assert.equal(environment?.kind, 'stored');
    assert.equal(environment?.state, 'ready');
    assert.deepEqual(await parts.store.readCredentials(id), ACME);
  });

  it('stores the secret in SecretStorage, and nothing of it in the index', async () => {
    const parts = await open();
    const id = await parts.add(GLOBEX, { production: true });
    const files = await filesOf(parts);
    assert.deepEqual(Object.keys(files), [`${id}.json`]);
    const text = files[`${id}.json`] ?? '';
    for (const secret of [GLOBEX.clientSecret, Buffer.from(GLOBEX.clientSecret).toString('base64'), GLOBEX.clientId])
      assert.ok(!text.includes(secret), secret);
    assert.equal((JSON.parse(text) as { production: unknown }).production, true);
    assert.deepEqual(JSON.parse((await parts.secrets.get(secretKey(id))) ?? ''), {
      url: GLOBEX.environmentUrl,
      clientId: GLOBEX.clientId,
      clientSecret: GLOBEX.clientSecret,
    });
    assert.ok(!JSON.stringify(parts.differences).includes(GLOBEX.clientSecret));
  });

  it('finds its environments after a reload', async () => {
    const workspaceState = new MemoryState();
    const before = await open({ workspaceState });
    await before.add(ACME);
    const globex = await before.add(GLOBEX);
    await before.store.setActive(globex);
    const after = await open({ globalStorageUri: before.globalStorageUri, workspaceState });
    assert.deepEqual(
      after.store
        .list()
        .map(({ id }) => id)
        .sort(),
      ['acme-scalekit-dev', 'globex-scalekit-com'],
    );
    assert.equal(after.store.active?.id, globex);
    assert.deepEqual(await after.store.readCredentials(globex), GLOBEX);
  });

  it('sends an event for a switch, and remembers it for this workspace', async () => {
    const parts = await open();
    const acme = await parts.add(ACME);
    const globex = await parts.add(GLOBEX);
    const first = parts.store.active?.id;
    const other = first === acme ? globex : acme;
    parts.differences.length = 0;
    await parts.store.setActive(other);
    assert.equal(parts.store.active?.id, other);
    const switches = parts.differences.filter(({ activeChanged }) => activeChanged);
    assert.equal(switches.length, 1);
    assert.equal(switches[0]?.active?.id, other);
    for (const difference of parts.differences) {
      assert.deepEqual([...difference.added, ...difference.removed, ...difference.invalidated], []);
    }
  });

  it('lists environments by name, and by last use only on request', async () => {
    let clock = Date.now();
    const parts = await open({ now: () => clock++ });
    const ids: string[] = [];
    for (const name of ['shop10', 'shop9', 'acme'])
      ids.push(await parts.add({ ...ACME, environmentUrl: `https://${name}.scalekit.dev` }));
    const [ten = '', nine = '', acme = ''] = ids;
    parts.differences.length = 0;
    for (const id of [acme, ten, nine, ten]) {
      await parts.store.setActive(id);
      assert.deepEqual(
        parts.store.list().map((environment) => environment.id),
        [acme, nine, ten],
      );
    }
    assert.deepEqual(parts.store.listByUse()[0]?.id, ten);
    assert.equal(parts.store.previous?.id, nine);
    await parts.store.touch(acme);
    assert.equal(parts.store.previous?.id, nine, 'a use is no switch');
    assert.deepEqual(
      parts.differences.flatMap(({ changed }) => changed),
      [],
      'that one was used changes nothing that is shown',
    );
    const reloaded = await open({ globalStorageUri: parts.globalStorageUri, workspaceState: parts.workspaceState });
    assert.deepEqual([reloaded.store.active?.id, reloaded.store.previous?.id], [ten, nine]);
    await parts.stored.remove(nine);
    assert.equal(parts.store.previous, undefined);
  });

  it('says which environment is active after the active one was removed, here or in another window', async () => {
    const { here, there } = await openTwo();
    const acme = await here.add(ACME);
    const globex = await here.add(GLOBEX, { production: true });
    await until('the other window sees both', () => there.store.list().length === 2);
    for (const { store } of [here, there]) await store.setActive(acme);
    await here.stored.rename(globex, 'Globex');
    await until('the other window sees the name', () => there.store.get(globex)?.name === 'Globex');
    for (const { differences } of [here, there]) differences.length = 0;
    await here.stored.remove(acme);
    await until('the other window sees that it is gone', () => there.store.get(acme) === undefined);
    for (const { differences } of [here, there]) {
      assert.deepEqual(differences.map(activeAfterRemoval), [
        'Scalekit: acme removed; Globex is active now, which is production',
      ]);
      differences.length = 0;
    }
    const id = await here.add(ACME);
    await here.store.setActive(id);
    await here.stored.setProduction(globex, false);
    await here.stored.remove(globex);
    await here.stored.remove(id);
    assert.deepEqual(
      here.differences.map(activeAfterRemoval).filter((text) => text !== undefined),
      ['Scalekit: acme removed; no environment is left'],
    );
  });

  it('says that credentials changed after a replacement, and only then', async () => {
    const parts = await open();
    const id = await parts.add(ACME);
    parts.differences.length = 0;
    await parts.stored.rename(id, 'Acme (mine)');
    assert.deepEqual(parts.differences.map(told), [
      { added: [], changed: [id], removed: [], active: id, activeChanged: false },
    ]);
    assert.equal(parts.store.get(id)?.name, 'Acme (mine)');
    parts.differences.length = 0;
    await parts.stored.replace(id, { ...ACME, clientSecret: 'test_another' }, false);
    assert.deepEqual(parts.differences.map(told), [
      { added: [], changed: [`${id} credentials`], removed: [], active: id, activeChanged: false },
    ]);
    assert.equal((await parts.store.readCredentials(id))?.clientSecret, 'test_another');
  });

  it('creates a new client after a replacement', async () => {
    const parts = await open();
    const id = await parts.add(ACME);
    const before = await parts.environments.client(id);
    assert.equal(await parts.environments.client(id), before);
    await parts.stored.rename(id, 'Acme (mine)');
    assert.equal(await parts.environments.client(id), before);
    await parts.stored.replace(id, { ...ACME, clientSecret: 'test_another' }, false);
    assert.notEqual(await parts.environments.client(id), before);
  });

  it('deletes the secret and file of a removed environment, and makes another one active', async () => {
    const parts = await open();
    const acme = await parts.add(ACME);
    const globex = await parts.add(GLOBEX);
    await parts.store.setActive(acme);
    parts.differences.length = 0;
    await parts.stored.remove(acme);
    assert.deepEqual(parts.differences.map(told), [
      { added: [], changed: [], removed: [acme], active: globex, activeChanged: true },
    ]);
    assert.equal(await parts.secrets.get(secretKey(acme)), undefined);
    assert.deepEqual(Object.keys(await filesOf(parts)), [`${globex}.json`]);
    await assert.rejects(
      parts.environments.client(acme),
      (error) => error instanceof EnvironmentFailure && error.failure === 'gone',
    );
    await delay(1_000);
    assert.equal(parts.differences.length, 1);
  });

  it('numbers a second environment of the same host', async () => {
    const parts = await open();
    assert.equal(await parts.add(ACME), 'acme-scalekit-dev');
    assert.equal(await parts.add({ ...ACME, clientId: 'skc_9' }), 'acme-scalekit-dev-2');
    assert.deepEqual(
      parts.store
        .list()
        .map(({ name }) => name)
        .sort(),
      ['acme', 'acme 2'],
    );
    assert.equal(await parts.stored.find(ACME.environmentUrl, 'skc_9'), 'acme-scalekit-dev-2');
    assert.equal(await parts.stored.find(ACME.environmentUrl, 'skc_8'), undefined);
  });

  it('loses none of several environments added at once', async () => {
    const parts = await open();
    for (let number = 0; number < 8; number++) {
      await parts.add({ ...ACME, environmentUrl: `https://env${number}.scalekit.dev` });
      await delay(number * 15);
    }
    await delay(1_000);
    assert.equal(parts.store.list().length, 8);
    assert.deepEqual(
      parts.differences.flatMap(({ removed }) => removed),
      [],
    );
    assert.equal(parts.differences.flatMap(({ added }) => added).length, 8);
  });

  it('shows another window within 2 seconds what is added, renamed and removed here', async () => {
    const { here, there } = await openTwo();
    const id = await here.add(ACME, { production: true });
    await until('the other window sees it', () => there.store.get(id) !== undefined);
    assert.equal(there.store.get(id)?.production, true);
    assert.equal(there.store.active?.id, id);
    await here.stored.rename(id, 'Acme (mine)');
    await until('the other window sees the new name', () => there.store.get(id)?.name === 'Acme (mine)');
    await here.stored.remove(id);
    await until('the other window sees that it is gone', () => there.store.get(id) === undefined);
    assert.deepEqual(
      there.differences.flatMap(({ removed }) => removed.map((environment) => environment.id)),
      [id],
    );
  });

  it('never drops an environment while its file is written, here or in another window', async () => {
    const { here, there } = await openTwo();
    const ids = [await here.add(ACME), await here.add(GLOBEX)];
    await until('the other window sees both', () => there.store.list().length === 2);
    // Without a pause, so that reads happen during writes.
    const end = performance.now() + 2_000;
    while (performance.now() < end) for (const id of ids) await here.stored.touch(id);
    await delay(500);
    for (const { differences } of [here, there])
      assert.deepEqual(
        differences.flatMap(({ removed }) => removed),
        [],
      );
  });

  it('doesn’t change the active environment of another window', async () => {
    const { here, there } = await openTwo();
    const acme = await here.add(ACME);
    const globex = await here.add(GLOBEX);
    await until('the other window sees both', () => there.store.list().length === 2);
    await there.store.setActive(acme);
    await here.store.setActive(globex);
    await delay(1_000);
    assert.equal(there.store.active?.id, acme);
    assert.equal(here.store.active?.id, globex);
  });

  for (const [fault, reason, spoil] of [
    ['missing', 'secretMissing', (parts: StartedWorkbench, id: string) => parts.secrets.delete(secretKey(id))],
    [
      'damaged',
      'secretDamaged',
      (parts: StartedWorkbench, id: string) => parts.secrets.store(secretKey(id), '{"url":"https://acme.scalekit.dev"'),
    ],
  ] as const) {
    it(`says that a secret is ${fault}, keeps the row, and accepts a new secret`, async () => {
      const parts = await open();
      const id = await parts.add(ACME);
      await spoil(parts, id);
      await assert.rejects(
        parts.store.readCredentials(id),
        (error) => error instanceof SecretUnavailableError && error.fault === fault,
      );
      await assert.rejects(
        parts.environments.client(id),
        (error) => error instanceof EnvironmentFailure && error.failure === reason && error.environment.name === 'acme',
      );
      assert.equal(parts.store.get(id)?.id, id);
      await parts.stored.replace(id, ACME, false);
      assert.deepEqual(await parts.store.readCredentials(id), ACME);
      assert.equal(parts.store.get(id)?.state, 'ready');
      assert.equal((await parts.environments.client(id)).environmentUrl, ACME.environmentUrl);
    });
  }

  it('says that the secret storage can’t be read', async () => {
    const parts = await open();
    const id = await parts.add(ACME);
    const locked = await open({
      globalStorageUri: parts.globalStorageUri,
      secrets: faultySecrets(parts.secrets, { get: () => Promise.reject(new Error('keyring locked')) }),
    });
    await assert.rejects(
      locked.store.readCredentials(id),
      (error) => error instanceof SecretUnavailableError && error.fault === 'unreadable',
    );
  });

  for (const [name, faults] of Object.entries({
    'doesn’t store its values': { get: async () => undefined },
    throws: { store: () => Promise.reject(new Error('keyring locked')) },
  })) {
    it(`writes nothing to disk if the secret storage ${name}, and works until the window closes`, async () => {
      const { secrets } = await open();
      const parts = await open({ secrets: faultySecrets(secrets, faults) });
      const { id, place } = await parts.stored.add({ credentials: ACME, production: false, tokensOnly: false });
      assert.equal(place, 'session');
      assert.equal(parts.store.get(id)?.sessionOnly, true);
      assert.deepEqual(await parts.store.readCredentials(id), ACME);
      assert.deepEqual(Object.keys(await filesOf(parts)), []);
      const reloaded = await open({ globalStorageUri: parts.globalStorageUri });
      assert.deepEqual(reloaded.store.list(), []);
      await parts.stored.remove(id);
      assert.deepEqual(parts.store.list(), []);
    });
  }

  /** Two windows on one folder. The second one's secret storage stores nothing until it's unlocked. */
  async function openLocked(): Promise<{
    readonly here: StartedWorkbench;
    readonly locked: StartedWorkbench;
    readonly unlock: () => void;
  }> {
    let isLocked = true;
    const { here, there } = await openTwo((secrets) => {
      const store = async (key: string, value: string): Promise<void> =>
        isLocked ? Promise.reject(new Error('keyring locked')) : secrets.store(key, value);
      return faultySecrets(secrets, { store });
    });
    return { here, locked: there, unlock: () => void (isLocked = false) };
  }

  describe('with an environment only in one window’s memory', () => {
    it('leaves another window’s environment alone when it’s removed', async () => {
      const { here, locked } = await openLocked();
      const { id: session } = await locked.stored.add({ credentials: ACME, production: false, tokensOnly: false });
      const id = await here.add({ ...ACME, clientSecret: 'test_another' });
      await until('the window without a keyring sees both', () => locked.store.list().length === 2);
      assert.notEqual(session, id);
      await locked.stored.remove(session);
      assert.deepEqual(
        locked.store.list().map((environment) => environment.id),
        [id],
      );
      assert.equal((await here.store.readCredentials(id))?.clientSecret, 'test_another');
      assert.equal((await locked.store.readCredentials(id))?.clientSecret, 'test_another');
      assert.deepEqual(Object.keys(await filesOf(here)), [`${id}.json`]);
    });

    it('stores it under its own ID once the keyring works, with its name and mark', async () => {
      const { here, locked, unlock } = await openLocked();
      const { id: session } = await locked.stored.add({ credentials: ACME, production: true, tokensOnly: false });
      await locked.stored.rename(session, 'Acme (mine)');
      const other = await here.add({ ...ACME, clientId: 'skc_9', clientSecret: 'test_another' });
      const again = await locked.stored.replace(session, ACME, false);
      assert.deepEqual(again, { id: session, place: 'session' });
      unlock();
      const { id, place } = await locked.stored.replace(session, ACME, false);
      assert.equal(place, 'secretStorage');
      assert.ok(![session, other].includes(id), id);
      assert.equal(locked.store.get(session), undefined);
      assert.deepEqual(
        [locked.store.get(id)?.name, locked.store.get(id)?.production, locked.store.get(id)?.sessionOnly],
        ['Acme (mine)', true, false],
      );
      assert.deepEqual(await locked.store.readCredentials(id), ACME);
      assert.equal((await here.store.readCredentials(other))?.clientSecret, 'test_another');
      assert.deepEqual(Object.keys(await filesOf(here)).sort(), [`${id}.json`, `${other}.json`].sort());
    });

    it('keeps two of the same host apart', async () => {
      const { locked } = await openLocked();
      const { id: one } = await locked.stored.add({ credentials: ACME, production: false, tokensOnly: false });
      const { id: two } = await locked.stored.add({
        credentials: { ...ACME, clientId: 'skc_9' },
        production: false,
        tokensOnly: false,
      });
      await locked.stored.remove(one);
      assert.equal((await locked.store.readCredentials(two))?.clientId, 'skc_9');
    });

    it('removes it together with its stored environment, here or in another window', async () => {
      const { here, locked } = await openLocked();
      for (const remover of [here, locked]) {
        const id = await here.add(ACME);
        await until('the window without a keyring sees it', () => locked.store.get(id) !== undefined);
        const record = (await here.secrets.get(secretKey(id))) ?? '';
        await here.secrets.store(secretKey(id), '{"url":');
        await assert.rejects(locked.store.readCredentials(id));
        assert.equal(locked.store.get(id)?.state, 'noSecret');
        assert.deepEqual(await locked.stored.replace(id, { ...ACME, clientSecret: 'test_another' }, false), {
          id,
          place: 'session',
        });
        assert.equal(locked.store.get(id)?.state, 'ready');
        await here.secrets.store(secretKey(id), record);
        assert.equal((await locked.store.readCredentials(id))?.clientSecret, 'test_another');
        assert.equal((await here.store.readCredentials(id))?.clientSecret, ACME.clientSecret);
        await remover.stored.remove(id);
        for (const { store } of [here, locked]) await until('it is gone', () => store.list().length === 0);
        assert.equal(await here.secrets.get(secretKey(id)), undefined);
        assert.deepEqual(await filesOf(here), {});
      }
    });
  });

  it('deletes at the next start a secret that the keyring stored after all', async () => {
    const whole = await open();
    const broken = (): Promise<never> => Promise.reject(new Error('keyring locked'));
    const parts = await open({
      globalStorageUri: whole.globalStorageUri,
      secrets: faultySecrets(whole.secrets, { get: broken, delete: broken }),
    });
    const { place } = await parts.stored.add({ credentials: ACME, production: false, tokensOnly: false });
    assert.equal(place, 'session');
    const [pending = ''] = Object.keys(await filesOf(parts));
    assert.match(pending, /^acme-scalekit-dev\.pending$/);
    assert.notEqual(await whole.secrets.get(secretKey('acme-scalekit-dev')), undefined);
    await open({ globalStorageUri: whole.globalStorageUri, now: () => Date.now() + 120_000 });
    await until(
      'the secret is gone',
      async () => (await whole.secrets.get(secretKey('acme-scalekit-dev'))) === undefined,
    );
    await until('so is the mark', async () => Object.keys(await filesOf(parts)).length === 0);
  });

  describe('with an environment that another window has just removed', () => {
    for (const [what, act] of [
      [
        'a replacement',
        ({ stored }: StartedWorkbench, id: string) =>
          stored.replace(id, { ...ACME, clientSecret: 'test_another' }, false),
      ],
      ['a new name', ({ stored }: StartedWorkbench, id: string) => stored.rename(id, 'Acme (mine)')],
      ['a production mark', ({ stored }: StartedWorkbench, id: string) => stored.setProduction(id, true)],
      ['a switch', ({ store }: StartedWorkbench, id: string) => store.setActive(id)],
      ['a request for its client', ({ environments }: StartedWorkbench, id: string) => environments.client(id)],
    ] as const) {
      it(`rejects ${what} because it’s gone, removes the row, and writes nothing`, async () => {
        const here = await open();
        const id = await here.add(ACME);
        const there = await open({ globalStorageUri: here.globalStorageUri });
        // Right after the removal, most likely before the watcher has noticed.
        await here.secrets.delete(secretKey(id));
        rmSync(vscode.Uri.joinPath(here.folder, `${id}.json`).fsPath);
        await assert.rejects(
          (async () => act(there, id))(),
          (error) => error instanceof EnvironmentFailure && error.failure === 'gone' && error.environment.id === id,
        );
        assert.equal(there.store.get(id), undefined);
        assert.deepEqual(await filesOf(here), {});
        assert.equal(await here.secrets.get(secretKey(id)), undefined);
      });
    }
  });

  it('records the use of an environment once an hour, in only one of two windows', async () => {
    let clock = Date.now();
    const now = (): number => clock;
    const here = await open({ now });
    const acme = await here.add(ACME);
    const globex = await here.add(GLOBEX);
    const there = await open({ now, globalStorageUri: here.globalStorageUri });
    const file = vscode.Uri.joinPath(here.folder, `${acme}.json`).fsPath;
    const written = (): number => Math.round(statSync(file).mtimeMs);
    const text = (): string => readFileSync(file, 'utf8');
    const before = text();
    const addedAt = clock;
    clock += 59 * 60_000;
    await here.environments.client(acme);
    assert.equal(written(), addedAt);
    clock += 60_000;
    await Promise.all([here.environments.client(acme), here.environments.client(acme)]);
    await until('it is written', () => written() === clock);
    await until('it is known', () => here.store.listByUse()[0]?.id === acme);
    await until(
      'the other window has read it',
      async () => {
        await there.stored.touch(globex);
        return there.store.get(acme)?.lastUsedAt === clock;
      },
      10_000,
    );
    const notedAt = clock;
    clock += 30 * 60_000;
    await there.environments.client(acme);
    await here.environments.client(acme);
    await delay(500);
    assert.equal(written(), notedAt);
    assert.equal(text(), before, 'what others may be changing is not written');
    assert.deepEqual(
      [here, there].flatMap(({ differences }) => differences.flatMap(({ invalidated }) => invalidated)),
      [],
    );
  });

  it('retries a file of the index that can’t be read at the moment', async () => {
    const here = await open();
    const id = await here.add(ACME);
    const file = vscode.Uri.joinPath(here.folder, `${id}.json`);
    const text = await vscode.workspace.fs.readFile(file);
    rmSync(file.fsPath);
    mkdirSync(file.fsPath);
    const renamed = here.stored.rename(id, 'Acme (mine)');
    await delay(10);
    rmdirSync(file.fsPath);
    writeFileSync(file.fsPath, text);
    await renamed;
    assert.equal(here.store.get(id)?.name, 'Acme (mine)');
  });

  it('ignores other files in the index’s folder', async () => {
    const parts = await open();
    const id = await parts.add(ACME);
    for (const [name, text] of Object.entries({
      'broken.json': '{"host":',
      'Upper.json': '{"host":"x"}',
      '..json': '{"host":"x"}',
      'notes.txt': 'x',
      'list.json': '[]',
    })) {
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(parts.folder, name), Buffer.from(text));
    }
    const again = await open({ globalStorageUri: parts.globalStorageUri });
    assert.deepEqual(
      again.store.list().map((environment) => environment.id),
      [id],
    );
  });

  it('lists the environment from variables beside the stored ones', async () => {
    const variables = {
      SCALEKIT_ENVIRONMENT_URL: GLOBEX.environmentUrl,
      SCALEKIT_CLIENT_ID: GLOBEX.clientId,
      SCALEKIT_CLIENT_SECRET: GLOBEX.clientSecret,
    };
    const parts = await open({ processEnvironment: variables });
    assert.equal(parts.store.active?.id, 'process');
    const id = await parts.add(ACME);
    assert.deepEqual(
      parts.store
        .list()
        .map((environment) => environment.id)
        .sort(),
      [id, 'process'],
    );
    assert.deepEqual(await parts.store.readCredentials('process'), GLOBEX);
  });
});
