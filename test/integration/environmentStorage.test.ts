import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import * as vscode from 'vscode';
import { Commands } from '../../src/ui/commands';
import { storageMessage } from '../../src/ui/storageMessage';
import { StorageFailure } from '../../src/ui/storageFailure';
import { secretKey } from '../../src/environments/secretRecord';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { environmentCommands } from '../support/environmentCommands';
import { faultySecrets } from '../support/faultySecrets';
import type { ScriptedPrompts } from '../support/scriptedPrompts';
import { until } from '../support/until';
import { MemoryState, startWorkbench, type StartOptions, type StartedWorkbench } from '../support/startWorkbench';

const CODES = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES'] as const;

describe('if storage fails', () => {
  let sandbox: Sandbox;
  const opened: StartedWorkbench[] = [];
  const scripts: ScriptedPrompts[] = [];
  const original = { ...fs };

  async function open(options: StartOptions = {}): Promise<{
    parts: StartedWorkbench;
    prompts: ScriptedPrompts;
    actions: ReturnType<typeof environmentCommands>;
  }> {
    const parts = await startWorkbench(options);
    opened.push(parts);
    await parts.store.load();
    parts.clipboard.text = '';
    const { prompts } = parts;
    scripts.push(prompts);
    const actions = environmentCommands(parts);
    return { parts, prompts, actions };
  }

  const good = (): { environmentUrl: string; clientId: string; clientSecret: string } => ({
    environmentUrl: sandbox.url,
    clientId: sandbox.clientId,
    clientSecret: sandbox.clientSecret,
  });
  const enter = (prompts: ScriptedPrompts): ScriptedPrompts =>
    prompts.expectInput({}, sandbox.url).expectInput({}, sandbox.clientId).expectInput({}, sandbox.clientSecret);

  /** The system can't fail this way on demand, so anything that writes to this folder fails instead. */
  function breakFolder({ folder }: StartedWorkbench, code: string): void {
    const fail = (file: unknown): boolean => String(file).startsWith(folder.fsPath);
    const error = Object.assign(new Error(`${code}: simulated`), { code });
    for (const name of ['writeFile', 'utimes', 'rename', 'rm'] as const) {
      const call = original[name] as (...parameters: unknown[]) => Promise<unknown>;
      // A full disk still allows deletion.
      if (name === 'rm' && (code === 'ENOSPC' || code === 'EDQUOT')) continue;
      (fs as unknown as Record<string, unknown>)[name] = async (...parameters: unknown[]) =>
        fail(parameters[0]) ? Promise.reject(error) : call(...parameters);
    }
  }
  const mend = (): void => void Object.assign(fs, original);

  before(async () => {
    sandbox = await startSandbox({ organizations: 4 });
  });
  after(() => sandbox.close());
  afterEach(async () => {
    mend();
    for (const parts of opened.splice(0)) await parts.end();
    for (const prompts of scripts.splice(0)) prompts.assertAllUsed();
  });

  for (const code of CODES) {
    it(`with ${code}, a new environment works in this window, a message names the folder and the cause, and Try Again saves it`, async () => {
      const { parts, prompts, actions } = await open();
      breakFolder(parts, code);
      enter(prompts).expectMessage(
        {
          severity: 'warning',
          text: new RegExp(
            `works until you close this window, but it wasn’t saved\\. ${parts.folder.fsPath} can’t be written: [a-z ’-]+ \\(${code}\\)\\. Fix that, then try again\\.$`,
          ),
          buttons: ['Try Again'],
        },
        'Try Again',
      );
      // It fails again, with a message each time.
      prompts.expectMessage({ text: new RegExp(code) });
      await actions.add();
      const id = parts.store.active?.id ?? '';
      assert.equal(parts.store.get(id)?.sessionOnly, true);
      assert.deepEqual(await parts.store.readCredentials(id), good());
      await until('it was tried again', () => scripts.every((script) => script.isAllUsed));
      assert.equal(await parts.secrets.get(secretKey('127-0-0-1')), undefined);
      mend();
      const kept = await parts.stored.replace(id, good(), false);
      assert.equal(kept.place, 'secretStorage');
      assert.deepEqual(
        (await open({ globalStorageUri: parts.globalStorageUri })).parts.store
          .list()
          .map((environment) => environment.id),
        [kept.id],
      );
    });

    it(`with ${code}, you can still switch to an environment, use it and test it`, async () => {
      const { parts, prompts, actions } = await open();
      await parts.add({ ...good(), clientId: 'skc_other' });
      const id = await parts.add(good());
      breakFolder(parts, code);
      await actions.switch(id);
      assert.equal(parts.store.active?.id, id);
      await parts.store.touch(id);
      sandbox.addFault({ path: '/api/v1/organizations', status: 403, times: 1 });
      prompts.expectMessage({ text: /^Scalekit gave a token/ }).expectMessage({ text: /4 organizations/ });
      await actions.test(id);
      assert.equal(parts.store.get(id)?.tokensOnly, true);
      await actions.test(id);
      assert.equal(parts.store.get(id)?.tokensOnly, false);
    });

    it(`with ${code}, a new name is asked for again with your text, and a mark fails with a message`, async () => {
      const { parts, prompts, actions } = await open();
      const id = await parts.add(good());
      const name = parts.store.get(id)?.name ?? '';
      breakFolder(parts, code);
      prompts.expectInput({ problem: undefined }, 'Ours');
      prompts.expectInput(
        {
          value: 'Ours',
          problem: new RegExp(
            `^${name}: nothing was changed\\. ${parts.folder.fsPath} can’t be written: .*\\(${code}\\)`,
          ),
        },
        () => {
          mend();
          return 'Ours';
        },
      );
      await actions.rename(id);
      assert.equal(parts.store.get(id)?.name, 'Ours');

      breakFolder(parts, code);
      const commands = new Commands(prompts, parts.log, parts.redactor);
      let tries = 0;
      prompts.expectMessage(
        {
          severity: 'error',
          text: new RegExp(`^Ours: nothing was changed\\. ${parts.folder.fsPath} can’t be written`),
          buttons: ['Try Again', 'Show Log'],
        },
        'Try Again',
      );
      const done = await commands.run('mark', () => {
        if (tries++ > 0) mend();
        return actions.setProduction(id, true);
      });
      assert.equal(done, false);
      await until('it was tried again', () => parts.store.get(id)?.production === true);
      commands.dispose();
    });

    it(`with ${code}, a replaced secret is used and not lost, and its mark stays`, async () => {
      const { parts, prompts, actions } = await open();
      const id = await parts.add({ ...good(), clientSecret: 'test_outdated' }, { production: true });
      breakFolder(parts, code);
      prompts
        .expectInput({ password: true }, sandbox.clientSecret)
        .expectMessage({ severity: 'warning', text: new RegExp(code) });
      await actions.replaceSecret(id);
      assert.deepEqual(await parts.store.readCredentials(id), good());
      assert.equal(parts.store.get(id)?.production, true);
      mend();
      assert.deepEqual(
        await (await open({ globalStorageUri: parts.globalStorageUri })).parts.store.readCredentials(id),
        good(),
      );
    });
  }

  for (const code of ['ENOSPC', 'EDQUOT']) {
    it(`with ${code}, an environment is still removed with its secret`, async () => {
      const { parts, prompts, actions } = await open();
      const id = await parts.add(good());
      breakFolder(parts, code);
      prompts.expectConfirm({}, true);
      await actions.remove(id);
      assert.deepEqual(parts.store.list(), []);
      assert.equal(await parts.secrets.get(secretKey(id)), undefined);
      assert.deepEqual(await vscode.workspace.fs.readDirectory(parts.folder), []);
    });
  }

  it('with EROFS, an environment that can’t be removed stays complete', async () => {
    const { parts, prompts, actions } = await open();
    const id = await parts.add(good());
    breakFolder(parts, 'EROFS');
    prompts.expectConfirm({}, true);
    await assert.rejects(
      actions.remove(id),
      (error) =>
        error instanceof StorageFailure &&
        /: nothing was changed\. .*the disk is read-only \(EROFS\)/.test(storageMessage(error)),
    );
    assert.deepEqual(await parts.store.readCredentials(id), good());
  });

  it('because a file is in the folder’s place, a new environment works, and Try Again saves it once the file is gone', async () => {
    const { parts: other } = await open();
    const globalStorageUri = vscode.Uri.joinPath(other.folder, 'another');
    const folder = vscode.Uri.joinPath(globalStorageUri, 'environments');
    await vscode.workspace.fs.writeFile(folder, Buffer.from(''));
    const { parts, prompts, actions } = await open({ globalStorageUri });
    enter(prompts).expectMessage({
      text: new RegExp(`${folder.fsPath} can’t be written: there is a file where a folder should be \\(EEXIST\\)`),
    });
    await actions.add();
    const id = parts.store.active?.id ?? '';
    assert.equal(
      ((await (await parts.environments.client(id)).getJson('/api/v1/organizations')) as { organizations: unknown[] })
        .organizations.length,
      4,
    );
    await actions.switch(id);
    await actions.setProduction(id, true);
    assert.equal(parts.store.get(id)?.production, true);
    await vscode.workspace.fs.delete(folder);
    enter(prompts);
    await actions.add();
    const [environment, ...more] = parts.store.list();
    assert.deepEqual([environment?.sessionOnly, environment?.production, more.length], [false, true, 0]);
  });

  it('because its folder is missing, you can still switch, this window loses no environment, and a new one is saved', async () => {
    const { parts, prompts, actions } = await open();
    const id = await parts.add({ ...good(), clientId: 'skc_other' });
    await vscode.workspace.fs.delete(parts.folder, { recursive: true });
    await actions.switch(id);
    assert.equal(parts.store.active?.id, id);
    enter(prompts);
    await actions.add();
    assert.equal(parts.store.active?.sessionOnly, false);
  });

  for (const [what, faults] of Object.entries({
    'rejects everything': {
      get: async () => Promise.reject(new Error('locked')),
      store: async () => Promise.reject(new Error('locked')),
      delete: async () => Promise.reject(new Error('locked')),
    },
    'throws at once': {
      get: () => {
        throw new Error('locked');
      },
      store: () => {
        throw new Error('locked');
      },
      delete: () => {
        throw new Error('locked');
      },
    },
  })) {
    it(`because the secret storage ${what}, a new environment works in this window, and Try Again saves it`, async () => {
      const { parts: whole } = await open();
      let isLocked = true;
      const choose = <K extends 'get' | 'store' | 'delete'>(name: K): vscode.SecretStorage[K] =>
        ((...parameters: [string, string]) =>
          isLocked
            ? (faults[name] as (...all: string[]) => Thenable<never>)(...parameters)
            : (whole.secrets[name] as (...all: string[]) => Thenable<void>)(...parameters)) as vscode.SecretStorage[K];
      const { parts, prompts, actions } = await open({
        secrets: faultySecrets(whole.secrets, { get: choose('get'), store: choose('store'), delete: choose('delete') }),
      });
      enter(prompts).expectMessage(
        {
          severity: 'warning',
          text: /works until you close this window, because the system’s keyring didn’t save its secret\./,
          buttons: ['Try Again'],
        },
        'Try Again',
      );
      prompts.expectMessage({ text: /keyring/ });
      await actions.add();
      await until('it was tried again', () => prompts.isAllUsed);
      const id = parts.store.active?.id ?? '';
      assert.ok(await (await parts.environments.client(id)).tokens.get());
      isLocked = false;
      enter(prompts);
      await actions.add();
      assert.deepEqual(
        parts.store.list().map(({ sessionOnly }) => sessionOnly),
        [false],
      );
    });
  }

  it('because this workspace’s state is read-only, you can still switch to an environment', async () => {
    const workspaceState = new MemoryState();
    workspaceState.update = async () => Promise.reject(new Error('storage is read-only'));
    const { parts, actions } = await open({ workspaceState });
    await parts.add({ ...good(), clientId: 'skc_other' });
    const id = await parts.add(good());
    await actions.switch(id);
    assert.equal(parts.store.active?.id, id);
  });

  it('because a file of the index can’t be read for a while, its row and its secret stay', async () => {
    const { parts } = await open();
    const id = await parts.add(good());
    const { readFile } = original;
    (fs as unknown as Record<string, unknown>)['readFile'] = async (...parameters: Parameters<typeof readFile>) =>
      String(parameters[0]).startsWith(parts.folder.fsPath)
        ? Promise.reject(Object.assign(new Error('EMFILE'), { code: 'EMFILE' }))
        : readFile(...parameters);
    await parts.stored.find('https://globex.scalekit.com', 'skc_9');
    assert.equal(parts.store.get(id)?.id, id);
    assert.equal((await parts.stored.replace(id, good(), false)).place, 'secretStorage');
    assert.deepEqual(await parts.store.readCredentials(id), good());
  });
});
