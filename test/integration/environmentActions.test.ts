import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { EnvironmentFailure } from '../../src/core/environmentFailure';
import { failureMessage } from '../../src/ui/failureMessage';
import type { PickPrompt } from '../../src/ui/prompts';
import { secretKey } from '../../src/environments/secretRecord';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { environmentCommands } from '../support/environmentCommands';
import type { ScriptedPrompts } from '../support/scriptedPrompts';
import { faultySecrets } from '../support/faultySecrets';
import { until } from '../support/until';
import { startWorkbench, type StartOptions, type StartedWorkbench } from '../support/startWorkbench';

const MINUTE = 60_000;

/** Secrets that must survive each encoding on the way to Scalekit, and each record on the way to the keyring. */
const SECRETS: Readonly<Record<string, string>> = {
  'with characters that URLs and forms use': 'test_a+b/c=d&e%f?g#h%20;i',
  'with quotes, backslashes and dollars': `test_"a'b\\c\`d$e\${f}`,
  'beyond ASCII': 'test_pässwört-密碼-🔑',
  'of 4 kB': `test_${'x9+/'.repeat(1024)}`,
};

describe('environment commands:', () => {
  let sandbox: Sandbox;
  const opened: StartedWorkbench[] = [];
  const closers: (() => Promise<unknown>)[] = [];

  interface Window {
    readonly parts: StartedWorkbench;
    readonly prompts: ScriptedPrompts;
    readonly actions: ReturnType<typeof environmentCommands>;
  }

  async function open(options: StartOptions = {}): Promise<Window> {
    const parts = await startWorkbench(options);
    opened.push(parts);
    await parts.store.load();
    parts.clipboard.text = '';
    const { prompts } = parts;
    const actions = environmentCommands(parts);
    scripts.push(prompts);
    return { parts, prompts, actions };
  }
  const scripts: ScriptedPrompts[] = [];

  /** Valid credentials for the sandbox. */
  const good = (): { environmentUrl: string; clientId: string; clientSecret: string } => ({
    environmentUrl: sandbox.url,
    clientId: sandbox.clientId,
    clientSecret: sandbox.clientSecret,
  });
  const tokenRequests = (): number => sandbox.requests.filter(({ path }) => path === '/oauth/token').length;

  before(async () => {
    sandbox = await startSandbox({ organizations: 4 });
  });
  after(() => sandbox.close());

  beforeEach(() => {
    sandbox.clearFaults();
    sandbox.clearRequests();
  });
  afterEach(async () => {
    for (const parts of opened.splice(0)) await parts.end();
    for (const close of closers.splice(0)) await close();
    for (const prompts of scripts.splice(0)) prompts.assertAllUsed();
  });

  describe('Add Environment…', () => {
    it('saves what you entered after verifying it, and makes it active', async () => {
      const { parts, prompts, actions } = await open();
      await parts.add({ environmentUrl: 'https://earlier.scalekit.dev', clientId: 'skc_1', clientSecret: 'test_1' });
      prompts.expectInput({}, sandbox.url).expectInput({}, sandbox.clientId).expectInput({}, sandbox.clientSecret);
      await actions.add();
      const added = parts.store.active;
      assert.equal(added?.host, new URL(sandbox.url).host);
      assert.equal(added?.production, false);
      assert.deepEqual(await parts.store.readCredentials(added?.id ?? ''), good());
    });

    it('guesses from the client ID that an environment is production, which you can change', async () => {
      const live = await startSandbox({ organizations: 1, clientId: 'prd_skc_12345' });
      closers.push(() => live.close());
      const { parts, prompts, actions } = await open();
      prompts.expectInput({}, live.url).expectInput({}, live.clientId).expectInput({}, live.clientSecret);
      await actions.add();
      const id = parts.store.active?.id ?? '';
      assert.equal(parts.store.get(id)?.production, true);
      await actions.setProduction(id, false);
      assert.equal(parts.store.get(id)?.production, false);
      prompts.expectPick(
        { labels: [parts.store.get(id)?.name, 'Add Environment…'] },
        { label: parts.store.get(id)?.name },
      );
      await actions.setProduction(undefined, true);
      assert.equal(parts.store.get(id)?.production, true);
    });

    for (const [what, clientSecret] of Object.entries(SECRETS)) {
      it(`stores a secret ${what} unchanged`, async () => {
        const hostile = await startSandbox({ organizations: 1, clientSecret });
        closers.push(() => hostile.close());
        const { parts, prompts, actions } = await open();
        prompts.expectInput({}, hostile.url).expectInput({}, hostile.clientId).expectInput({}, `  ${clientSecret}\t`);
        await actions.add();
        const id = parts.store.active?.id ?? '';
        const again = await open({ globalStorageUri: parts.globalStorageUri });
        assert.equal((await again.parts.store.readCredentials(id))?.clientSecret, clientSecret);
        assert.equal(
          (
            (await (await again.parts.environments.client(id)).getJson('/api/v1/organizations')) as {
              organizations: unknown[];
            }
          ).organizations.length,
          1,
        );
      });
    }

    for (const [form, text] of Object.entries({
      '.env lines': (url: string, id: string, secret: string) =>
        `\ufeff# Scalekit\r\nexport SCALEKIT_ENV_URL="${url}" # ours\r\nSCALEKIT_CLIENT_ID='${id}'\r\n\r\nSCALEKIT_CLIENT_SECRET=${secret}\r\n`,
      JSON: (url: string, id: string, secret: string) =>
        JSON.stringify({ scalekit: { environment_url: url, client_id: id, client_secret: secret } }),
    })) {
      it(`takes all three values from ${form} on the clipboard`, async () => {
        const { parts, prompts, actions } = await open();
        parts.clipboard.text = text(sandbox.url, sandbox.clientId, sandbox.clientSecret);
        prompts.expectInput({ step: { number: 1, of: 3 }, buttons: ['paste'] }, { text: '', button: 'paste' });
        await actions.add();
        assert.deepEqual(await parts.store.readCredentials(parts.store.active?.id ?? ''), good());
      });
    }

    it('asks for what the clipboard lacks, and says what’s wrong with what it contains', async () => {
      const { parts, prompts, actions } = await open();
      const paste = { text: '', button: 'paste' };
      const pasted = [
        'good morning',
        'SCALEKIT_ENVIRONMENT_URL=ftp://acme\nSCALEKIT_CLIENT_ID=skc_1',
        `SCALEKIT_CLIENT_ID=${sandbox.clientId}\nSCALEKIT_URL=${sandbox.url}/oauth/token`,
      ];
      const next = (): typeof paste => {
        parts.clipboard.text = pasted.shift() ?? '';
        return paste;
      };
      // Each value is read when its box is shown, because the clipboard changes in between.
      prompts.expectInput({ problem: undefined }, next);
      prompts.expectInput(
        { step: { number: 1, of: 3 }, problem: /^There are no credentials on the clipboard\./ },
        next,
      );
      prompts.expectInput(
        {
          step: { number: 1, of: 3 },
          problem: /^The URL on the clipboard can’t be used\. An environment URL begins with https/,
        },
        next,
      );
      prompts.expectInput({ step: { number: 3, of: 3 }, password: true, problem: undefined }, sandbox.clientSecret);
      await actions.add();
      assert.deepEqual(await parts.store.readCredentials(parts.store.active?.id ?? ''), good());
    });

    for (const step of [1, 2, 3]) {
      it(`saves nothing if you cancel at step ${step}`, async () => {
        const { parts, prompts, actions } = await open();
        for (const answer of [sandbox.url, sandbox.clientId].slice(0, step - 1)) prompts.expectInput({}, answer);
        prompts.expectInput({ step: { number: step, of: 3 } }, undefined);
        await actions.add();
        assert.deepEqual(parts.store.list(), []);
        assert.deepEqual(await vscode.workspace.fs.readDirectory(parts.folder), []);
      });
    }

    it('replaces the secret of a client that’s already saved, without adding it twice', async () => {
      const { parts, prompts, actions } = await open();
      const id = await parts.add({ ...good(), clientSecret: 'test_outdated' });
      await parts.stored.rename(id, 'Ours');
      prompts.expectInput({}, sandbox.url).expectInput({}, sandbox.clientId).expectInput({}, sandbox.clientSecret);
      await actions.add();
      assert.deepEqual(
        parts.store.list().map(({ name }) => name),
        ['Ours'],
      );
      assert.deepEqual(await parts.store.readCredentials(id), good());
    });

    it('stores an environment from this window’s memory once the keyring works, and keeps it active', async () => {
      const { parts: other } = await open();
      let isLocked = true;
      const store = (key: string, value: string): Thenable<void> =>
        isLocked ? Promise.reject(new Error('keyring is locked')) : other.secrets.store(key, value);
      const { parts, prompts, actions } = await open({ secrets: faultySecrets(other.secrets, { store }) });
      for (const message of [true, false]) {
        prompts.expectInput({}, sandbox.url).expectInput({}, sandbox.clientId).expectInput({}, sandbox.clientSecret);
        if (message) prompts.expectMessage({ text: /works until you close this window/ });
        await actions.add();
        isLocked = false;
      }
      const [environment, ...others] = parts.store.list();
      assert.deepEqual([environment?.sessionOnly, others.length, parts.store.active?.id], [false, 0, environment?.id]);
      assert.deepEqual(
        (await vscode.workspace.fs.readDirectory(parts.folder)).map(([name]) => name),
        [`${environment?.id}.json`],
      );
    });

    it('asks before it replaces a saved secret with one that wasn’t verified', async () => {
      const { parts, prompts, actions } = await open();
      const id = await parts.add(good());
      for (const confirmed of [false, true]) {
        prompts.expectInput({}, sandbox.url).expectInput({}, sandbox.clientId).expectInput({}, 'test_mistyped');
        prompts.expectInput(
          { problem: /refused/, buttons: ['saveUnverified'] },
          { text: 'test_mistyped', button: 'saveUnverified' },
        );
        prompts.expectConfirm(
          {
            message: `Replace the client secret of “${parts.store.get(id)?.name}” with one that hasn’t been verified?`,
            action: 'Replace',
          },
          confirmed,
        );
        await actions.add();
        assert.equal(
          (await parts.store.readCredentials(id))?.clientSecret,
          confirmed ? 'test_mistyped' : sandbox.clientSecret,
        );
      }
      assert.equal(parts.store.list().length, 1);
    });

    it('warns once that the keyring doesn’t work, and continues for this session', async () => {
      const { parts: other } = await open();
      const { parts, prompts, actions } = await open({
        secrets: faultySecrets(other.secrets, { store: () => Promise.reject(new Error('keyring is locked')) }),
      });
      prompts.expectInput({}, sandbox.url).expectInput({}, sandbox.clientId).expectInput({}, sandbox.clientSecret);
      prompts.expectMessage({
        severity: 'warning',
        text: /works until you close this window, because the system’s keyring didn’t save its secret\. Unlock or install a keyring/,
      });
      await actions.add();
      const id = parts.store.active?.id ?? '';
      assert.equal(parts.store.get(id)?.sessionOnly, true);
      assert.ok(await (await parts.environments.client(id)).tokens.get());
      assert.deepEqual(await vscode.workspace.fs.readDirectory(parts.folder), []);
    });
  });

  it('adds two environments of one host from two windows at once, each with its own secret', async () => {
    const here = await open();
    const there = await open({ globalStorageUri: here.parts.globalStorageUri });
    const [one, two] = await Promise.all([
      here.parts.add({ ...good(), clientId: 'skc_1' }),
      there.parts.add({ ...good(), clientId: 'skc_2' }),
    ]);
    assert.notEqual(one, two);
    // A watcher that has just started reports nothing, so the files are written again.
    await until(
      'both windows have both',
      async () => {
        await Promise.all([here.parts.stored.touch(one), there.parts.stored.touch(two)]);
        await delay(100);
        return [here, there].every(({ parts }) => parts.store.list().length === 2);
      },
      10_000,
    );
    assert.equal((await there.parts.store.readCredentials(one))?.clientId, 'skc_1');
    assert.equal((await here.parts.store.readCredentials(two))?.clientId, 'skc_2');
  });

  describe('Switch Environment…', () => {
    it('lists them by last use, each with its state, and remembers your choice', async () => {
      const { parts, prompts, actions } = await open();
      const ids: string[] = [];
      for (const name of ['acme', 'globex', 'initech']) {
        ids.push(
          await parts.add(
            { environmentUrl: `https://${name}.scalekit.dev`, clientId: 'skc_1', clientSecret: 'test_1' },
            { production: name === 'globex' },
          ),
        );
        await delay(5);
      }
      prompts.expectPick(
        { title: 'Switch Scalekit Environment', labels: ['initech', 'globex', 'acme', 'Add Environment…'] },
        { label: 'acme' },
      );
      await actions.switch(undefined);
      assert.equal(parts.store.active?.id, ids[0]);
      await actions.switch({ id: ids[1] });
      assert.equal(parts.store.active?.id, ids[1]);
      prompts.expectPick({ labels: ['globex', 'acme', 'initech', 'Add Environment…'] }, undefined);
      await actions.switch(undefined);
      assert.equal(parts.store.active?.id, ids[1]);
      const reloaded = await open({ globalStorageUri: parts.globalStorageUri, workspaceState: parts.workspaceState });
      assert.equal(reloaded.parts.store.active?.id, ids[1]);
    });
  });

  describe('Switch Environment…, if you press Enter at once,', () => {
    /** The first choice, which Enter accepts. */
    const enter = ({ choices }: PickPrompt<unknown>): { label: string } => ({
      label: choices.find(({ notPreselected }) => notPreselected !== true)?.label ?? assert.fail(),
    });

    it('switches to the previous environment and back, even after a reload or after another window used a third one', async () => {
      let clock = Date.now();
      const now = (): number => clock++;
      const { parts, prompts, actions } = await open({ now });
      const [acme = '', globex = '', initech = ''] = await Promise.all(
        ['acme', 'globex', 'initech'].map((name) =>
          parts.add({ environmentUrl: `https://${name}.scalekit.dev`, clientId: 'skc_1', clientSecret: 'test_1' }),
        ),
      );
      await actions.switch(acme);
      await actions.switch(globex);
      const there = await open({ now, globalStorageUri: parts.globalStorageUri });
      await there.parts.store.setActive(initech);
      for (const expected of [acme, globex, acme]) {
        prompts.expectPick({}, enter);
        await actions.switch(undefined);
        assert.equal(parts.store.active?.id, expected);
      }
      const reloaded = await open({
        now,
        globalStorageUri: parts.globalStorageUri,
        workspaceState: parts.workspaceState,
      });
      reloaded.prompts.expectPick({}, enter);
      await reloaded.actions.switch(undefined);
      assert.equal(reloaded.parts.store.active?.id, globex);
    });

    it('switches to another environment if none was active before, or if that one was removed', async () => {
      const { parts, prompts, actions } = await open();
      const ids: string[] = [];
      for (const name of ['acme', 'globex', 'initech'])
        ids.push(
          await parts.add({
            environmentUrl: `https://${name}.scalekit.dev`,
            clientId: 'skc_1',
            clientSecret: 'test_1',
          }),
        );
      const before = parts.store.active?.id ?? '';
      prompts.expectPick({}, enter);
      await actions.switch(undefined);
      assert.notEqual(parts.store.active?.id, before);
      await parts.stored.remove(before);
      const second = parts.store.active?.id;
      prompts.expectPick({}, enter);
      await actions.switch(undefined);
      assert.notEqual(parts.store.active?.id, second);
    });
  });

  it('shows in its row what tells it apart, and which one is active by its icon, and to a screen reader in words', async () => {
    const { parts } = await open();
    const { environmentsView: view } = parts;
    const first = await parts.add({
      environmentUrl: 'https://acme.scalekit.dev',
      clientId: 'skc_1',
      clientSecret: 'test_1',
    });
    const second = await parts.add(
      { environmentUrl: 'https://globex.scalekit.com', clientId: 'skc_2', clientSecret: 'test_2' },
      { production: true },
    );
    await parts.stored.rename(first, 'Ours');
    await parts.stored.rename(second, 'Theirs');
    const shown = async (): Promise<unknown[]> =>
      (await view.getChildren())
        .filter(({ kind }) => kind === 'stored')
        .map((row) => {
          const { label, description, iconPath, accessibilityInformation } = view.getTreeItem(row);
          return [label, description, (iconPath as vscode.ThemeIcon).id, accessibilityInformation?.label];
        });
    await parts.store.setActive(first);
    assert.deepEqual(await shown(), [
      ['Ours', 'acme.scalekit.dev', 'pass-filled', 'Ours, active, acme.scalekit.dev'],
      ['Theirs', 'production · globex.scalekit.com', 'shield', 'Theirs, production · globex.scalekit.com'],
    ]);
    await parts.store.setActive(second);
    assert.deepEqual(await shown(), [
      ['Ours', 'acme.scalekit.dev', 'circle-large-outline', 'Ours, acme.scalekit.dev'],
      ['Theirs', 'production · globex.scalekit.com', 'pass-filled', 'Theirs, active, production · globex.scalekit.com'],
    ]);
  });

  it('switches to the environment that you double-click, and not back', async () => {
    const { parts, actions } = await open();
    const { environmentsView: view } = parts;
    for (const name of ['acme', 'globex'])
      await parts.add({ environmentUrl: `https://${name}.scalekit.dev`, clientId: 'skc_1', clientSecret: 'test_1' });
    for (const index of [1, 0, 1]) {
      const wanted = (await view.getChildren())[index]?.id;
      for (let click = 0; click < 2; click++) {
        const [id] = view.getTreeItem((await view.getChildren())[index] ?? assert.fail()).command?.arguments ?? [];
        await actions.switch(id);
      }
      assert.equal(parts.store.active?.id, wanted);
    }
  });

  describe('Rename Environment…', () => {
    it('accepts any name except an empty, taken or very long one', async () => {
      const { parts, prompts, actions } = await open();
      const id = await parts.add(good());
      await parts.add({ environmentUrl: 'https://globex.scalekit.dev', clientId: 'skc_1', clientSecret: 'test_1' });
      const before = parts.store.get(id)?.name;
      prompts
        .expectInput({ title: `Rename ${before}`, value: before }, '  ')
        .expectInput({}, 'globex')
        .expectInput({}, 'x'.repeat(61))
        .expectInput({}, '  Ours $(trash) \u202e "é" ');
      await actions.rename(id);
      assert.deepEqual(prompts.problems, [
        'Enter a name.',
        'Another environment has this name. Enter another one.',
        'At most 60 characters.',
      ]);
      assert.equal(parts.store.get(id)?.name, 'Ours $(trash) \u202e "é"');
      assert.equal(parts.store.get(id)?.id, id, 'the id never changes: documents name it');
    });

    it('changes nothing if you cancel at either step', async () => {
      const { parts, prompts, actions } = await open();
      const id = await parts.add(good());
      const before = parts.store.list();
      prompts.expectPick({}, undefined);
      await actions.rename(undefined);
      prompts.expectInput({}, undefined);
      await actions.rename(id);
      assert.deepEqual(parts.store.list(), before);
    });
  });

  describe('Replace Client Secret…', () => {
    it('keeps the old secret until the new one is verified', async () => {
      const { parts, prompts, actions } = await open();
      const id = await parts.add(good());
      const old = await parts.environments.client(id);
      prompts
        .expectInput({ password: true, value: '' }, 'test_wrong')
        .expectInput({ problem: /refused this secret/, buttons: [] }, undefined);
      await actions.replaceSecret(id);
      assert.deepEqual(await parts.store.readCredentials(id), good());
      assert.equal(await parts.environments.client(id), old, 'nor is its client another');

      const stale = await parts.add({ ...good(), clientId: 'skc_9', clientSecret: 'test_stale' });
      await parts.stored.replace(stale, { ...good(), clientSecret: 'test_stale' }, false);
      prompts.expectInput(
        { title: new RegExp(`^Replace Client Secret of ${parts.store.get(stale)?.name}$`) },
        sandbox.clientSecret,
      );
      await actions.replaceSecret({ id: stale });
      assert.deepEqual(await parts.store.readCredentials(stale), good());
    });

    it('asks for everything if the stored secret is damaged, with the host filled in', async () => {
      const { parts, prompts, actions } = await open();
      const id = await parts.add(good());
      await parts.secrets.store(secretKey(id), '{"url":');
      prompts
        .expectInput({ step: { number: 1, of: 3 }, value: sandbox.url.replace('http:', 'https:') }, sandbox.url)
        .expectInput({}, sandbox.clientId)
        .expectInput({}, sandbox.clientSecret);
      await actions.replaceSecret(id);
      assert.deepEqual(await parts.store.readCredentials(id), good());
      assert.equal(parts.store.list().length, 1);
    });

    it('marks an environment as production when you enter a production client, and keeps your own mark for the same client', async () => {
      const live = await startSandbox({ organizations: 1, clientId: 'prd_skc_12345' });
      closers.push(() => live.close());
      const { parts, prompts, actions } = await open();
      const id = await parts.add(good());
      await parts.secrets.delete(secretKey(id));
      prompts.expectInput({}, live.url).expectInput({}, live.clientId).expectInput({}, live.clientSecret);
      await actions.replaceSecret(id);
      assert.equal(parts.store.get(id)?.production, true);
      await actions.setProduction(id, false);
      prompts.expectInput({ password: true }, live.clientSecret);
      await actions.replaceSecret(id);
      assert.equal(parts.store.get(id)?.production, false);
    });

    it('refuses a client that’s already saved in another environment', async () => {
      const { parts, prompts, actions } = await open();
      const id = await parts.add({ ...good(), clientId: 'skc_unreadable' });
      const kept = await parts.add(good());
      await parts.secrets.store(secretKey(id), '{"url":');
      prompts.expectInput({}, sandbox.url).expectInput({}, sandbox.clientId).expectInput({}, sandbox.clientSecret);
      const [unreadable, twin] = [parts.store.get(id)?.name ?? '', parts.store.get(kept)?.name ?? ''];
      prompts.expectMessage({
        severity: 'warning',
        text: `${twin} has this client already, so nothing was replaced. Enter another client, or remove ${unreadable}.`,
      });
      await actions.replaceSecret(id);
      assert.equal(await parts.secrets.get(secretKey(id)), '{"url":');
      assert.deepEqual(await parts.store.readCredentials(kept), good());
    });

    it('says that the environment was removed if another window removes it while you enter the secret', async () => {
      const { parts, prompts, actions } = await open();
      const id = await parts.add(good());
      prompts.expectInput({ password: true }, () => {
        rmSync(vscode.Uri.joinPath(parts.folder, `${id}.json`).fsPath);
        return sandbox.clientSecret;
      });
      await assert.rejects(
        actions.replaceSecret(id),
        (error) => error instanceof EnvironmentFailure && error.failure === 'gone' && error.environment.name !== id,
      );
      assert.deepEqual(parts.store.list(), []);
      assert.deepEqual(await vscode.workspace.fs.readDirectory(parts.folder), []);
      await parts.secrets.delete(secretKey(id));
    });

    it('says only that the keyring doesn’t work if it doesn’t', async () => {
      const { parts } = await open();
      const id = await parts.add({ ...good(), clientSecret: 'test_outdated' });
      const locked = await open({
        globalStorageUri: parts.globalStorageUri,
        secrets: faultySecrets(parts.secrets, { store: () => Promise.reject(new Error('keyring is locked')) }),
      });
      locked.prompts
        .expectInput({ password: true }, sandbox.clientSecret)
        .expectMessage({ severity: 'warning', text: /works until you close this window/ });
      await locked.actions.replaceSecret(id);
      assert.deepEqual(await locked.parts.store.readCredentials(id), good());
      assert.equal((await parts.store.readCredentials(id))?.clientSecret, 'test_outdated');
    });

    it('stores one of the two secrets if two windows replace it at once, and both windows use it', async () => {
      const here = await open();
      const id = await here.parts.add({ ...good(), clientSecret: 'test_outdated' });
      const there = await open({ globalStorageUri: here.parts.globalStorageUri });
      const places = await Promise.all([
        here.parts.stored.replace(id, { ...good(), clientSecret: 'test_fromHere' }, false),
        there.parts.stored.replace(id, good(), false),
      ]);
      assert.deepEqual(
        places.map(({ place }) => place),
        ['secretStorage', 'secretStorage'],
        'no window takes the other’s secret for a keyring that forgets',
      );
      const kept = await here.parts.store.readCredentials(id);
      assert.ok(['test_fromHere', sandbox.clientSecret].includes(kept?.clientSecret ?? ''), 'it is one of the two');
      await until('both windows have the same', async () => {
        const [one, two] = await Promise.all([
          here.parts.store.readCredentials(id),
          there.parts.store.readCredentials(id),
        ]);
        return one?.clientSecret === two?.clientSecret && one !== undefined;
      });
      assert.deepEqual(
        [...here.parts.store.list(), ...there.parts.store.list()].map((environment) => environment.id),
        [id, id],
      );
    });
  });

  describe('Remove Environment…', () => {
    it('names what it removes, and asks first', async () => {
      const { parts, prompts, actions } = await open();
      const id = await parts.add(good());
      const name = parts.store.get(id)?.name ?? '';
      prompts.expectConfirm(
        {
          message: `Remove the environment “${name}” from VS Code?`,
          detail: /deletes its client ID and secret/,
          action: 'Remove',
        },
        false,
      );
      await actions.remove(id);
      assert.equal(parts.store.get(id)?.id, id);
      await actions.setProduction(id, true);
      prompts.expectPick({ labels: [name, 'Add Environment…'] }, { label: name });
      prompts.expectConfirm({ message: `Remove the production environment “${name}” from VS Code?` }, true);
      await actions.remove(undefined);
      assert.deepEqual(parts.store.list(), []);
      assert.equal(await parts.secrets.get(secretKey(id)), undefined);
      assert.deepEqual(await vscode.workspace.fs.readDirectory(parts.folder), []);
    });

    it('explains where an environment from variables comes from', async () => {
      const variables = {
        SCALEKIT_ENVIRONMENT_URL: sandbox.url,
        SCALEKIT_CLIENT_ID: sandbox.clientId,
        SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
      };
      const { parts, prompts, actions } = await open({ processEnvironment: variables });
      prompts.expectMessage({
        severity: 'information',
        text: /comes from environment variables/,
      });
      await actions.remove('process');
      assert.equal(parts.store.list().length, 1);
    });
  });

  describe('environment variables', () => {
    const fromVariables = (clientSecret: string): Promise<Window> => {
      const variables = {
        SCALEKIT_ENVIRONMENT_URL: sandbox.url,
        SCALEKIT_CLIENT_ID: sandbox.clientId,
        SCALEKIT_CLIENT_SECRET: clientSecret,
      };
      return open({ processEnvironment: variables });
    };

    it('are named in the message if Scalekit refuses them, without offering a replacement', async () => {
      const { actions } = await fromVariables('test_wrong');
      await assert.rejects(actions.test('process'), (error) => {
        const { text, remedies } = failureMessage(error as EnvironmentFailure);
        assert.match(
          text,
          /^From environment variables: Scalekit refused the client ID or client secret \(invalid_client\)\. Correct SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET, then start VS Code again\./,
        );
        assert.deepEqual(remedies, []);
        return true;
      });
    });

    it('can’t be replaced, renamed or marked, and a message says why', async () => {
      const { prompts, actions } = await fromVariables(sandbox.clientSecret);
      for (const act of [
        () => actions.replaceSecret('process'),
        () => actions.rename({ id: 'process' }),
        () => actions.setProduction('process', true),
      ]) {
        prompts.expectMessage({
          severity: 'information',
          text: 'From environment variables comes from environment variables. Change them, then restart VS Code.',
        });
        await act();
      }
    });
  });

  describe('Test Connection', () => {
    it('tests the active environment by default, and offers to add one if there is none', async () => {
      const { parts, prompts, actions } = await open();
      prompts.expectPick({ labels: ['Add Environment…'] }, undefined);
      await actions.test(undefined);
      await parts.add({ environmentUrl: 'https://acme.scalekit.dev', clientId: 'skc_1', clientSecret: 'test_1' });
      const id = await parts.add(good());
      await parts.store.setActive(id);
      prompts.expectMessage({
        severity: 'information',
        text: new RegExp(`^${parts.store.get(id)?.name} .*4 organizations`),
      });
      await actions.test(undefined);
    });

    it('doesn’t mistake a proxy’s page for a refusal of the client', async () => {
      const { parts, actions } = await open();
      const id = await parts.add(good());
      for (const status of [401, 403]) {
        sandbox.addFault({ path: '/api/*', html: true, status });
        await assert.rejects(
          actions.test(id),
          (error) => error instanceof EnvironmentFailure && /protocol/.test(error.message),
        );
        assert.equal(parts.store.get(id)?.tokensOnly, false);
        sandbox.clearFaults();
      }
    });

    it('says what works, marks a refused client as “tokens only”, and clears the mark later', async () => {
      const { parts, prompts, actions } = await open();
      const id = await parts.add(good());
      prompts.expectMessage({
        severity: 'information',
        text: /works: it issues tokens, and the API lists 4 organizations\.$/,
      });
      await actions.test(id);
      sandbox.addFault({ path: '/api/*', status: 403, times: 1 });
      prompts.expectMessage({ severity: 'warning', text: /^Scalekit gave a token\. / });
      await actions.test(id);
      assert.equal(parts.store.get(id)?.tokensOnly, true);
      prompts.expectMessage({ severity: 'information', text: /4 organizations/ });
      await actions.test({ id });
      assert.equal(parts.store.get(id)?.tokensOnly, false);
      assert.equal(tokenRequests(), 3, 'each test begins with a new token');
    });

    it('leaves a failure to the error boundary, with its environment', async () => {
      const { parts, actions } = await open();
      const id = await parts.add({ ...good(), clientSecret: 'test_wrong' });
      await assert.rejects(
        actions.test(id),
        (error) =>
          error instanceof EnvironmentFailure &&
          error.environment.id === id &&
          !String(error.message).includes('test_wrong'),
      );
    });
  });

  describe('after a crash', () => {
    const later = { now: () => Date.now() + 2 * MINUTE };

    it('while adding an environment, before it was listed, the next start deletes its secret', async () => {
      const { parts } = await open();
      const id = 'acme-scalekit-dev';
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(parts.folder, `${id}.pending`), Buffer.from('1\n'));
      await parts.secrets.store(secretKey(id), 'the record');
      const next = await open({ globalStorageUri: parts.globalStorageUri, ...later });
      await until('the secret is gone', async () => (await next.parts.secrets.get(secretKey(id))) === undefined);
      await until('so is the mark', async () => (await vscode.workspace.fs.readDirectory(parts.folder)).length === 0);
      assert.deepEqual(next.parts.store.list(), []);
    });

    it('while adding an environment, after it was listed, the environment is complete', async () => {
      const { parts } = await open();
      const id = await parts.add(good());
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(parts.folder, `${id}.pending`), Buffer.from('1\n'));
      const next = await open({ globalStorageUri: parts.globalStorageUri, ...later });
      await until('the mark is gone', async () => (await vscode.workspace.fs.readDirectory(parts.folder)).length === 1);
      assert.deepEqual(await next.parts.store.readCredentials(id), good());
    });

    it('while removing an environment, before its secret was deleted, the next start deletes it', async () => {
      const { parts: whole } = await open();
      const id = await whole.add(good());
      const { parts } = await open({
        globalStorageUri: whole.globalStorageUri,
        secrets: faultySecrets(whole.secrets, { delete: () => Promise.reject(new Error('killed')) }),
      });
      await parts.stored.remove(id);
      assert.notEqual(await whole.secrets.get(secretKey(id)), undefined);
      const next = await open({ globalStorageUri: whole.globalStorageUri, ...later });
      assert.deepEqual(next.parts.store.list(), []);
      await until('the secret is gone', async () => (await next.parts.secrets.get(secretKey(id))) === undefined);
    });

    it('the next start doesn’t touch what another window is adding', async () => {
      const { parts } = await open();
      const id = 'acme-scalekit-dev';
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(parts.folder, `${id}.pending`), Buffer.from('1\n'));
      await parts.secrets.store(secretKey(id), 'the record');
      await open({ globalStorageUri: parts.globalStorageUri });
      await delay(300);
      assert.equal(await parts.secrets.get(secretKey(id)), 'the record');
      await parts.secrets.delete(secretKey(id));
    });
  });
});
