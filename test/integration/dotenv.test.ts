import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { EnvironmentFailure } from '../../src/core/environmentFailure';
import { findCredentials } from '../../src/core/credentialText';
import { DotenvActions, type DotenvActionsDependencies } from '../../src/environments/dotenvActions';
import { EnvironmentChooser } from '../../src/environments/environmentChooser';
import { secretKey } from '../../src/environments/secretRecord';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import type { ScriptedPrompts } from '../support/scriptedPrompts';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';

describe('.env files', () => {
  let sandbox: Sandbox;
  let parts: StartedWorkbench;
  let prompts: ScriptedPrompts;
  let host: string;

  const title = 'Import Scalekit Environment from .env';
  const workspace = (): vscode.Uri =>
    vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('the tests have a folder open');
  const files: vscode.Uri[] = [];

  async function write(path: string, text: string | Uint8Array): Promise<void> {
    const uri = vscode.Uri.joinPath(workspace(), path);
    files.push(uri);
    await vscode.workspace.fs.writeFile(uri, typeof text === 'string' ? Buffer.from(text) : text);
  }
  const lines = (secret = sandbox.clientSecret): string =>
    `SCALEKIT_ENVIRONMENT_URL=${sandbox.url}\nSCALEKIT_CLIENT_ID=${sandbox.clientId}\nSCALEKIT_CLIENT_SECRET=${secret}\n`;
  const kept = async (): Promise<unknown> => parts.store.readCredentials(parts.store.active?.id ?? '');

  before(async () => {
    sandbox = await startSandbox({ organizations: 2 });
    host = new URL(sandbox.url).host;
  });
  after(() => sandbox.close());

  beforeEach(async () => {
    sandbox.clearFaults();
    sandbox.clearRequests();
    parts = await startWorkbench();
    parts.clipboard.text = '';
    prompts = parts.prompts;
    await parts.store.load();
    await vscode.env.clipboard.writeText('something else');
  });

  /** Replaces VS Code's search and its dialog. */
  function context(): DotenvActionsDependencies {
    return {
      prompts,
      redactor: parts.redactor,
      createClient: parts.createClient,
      readClipboard: async () => '',
      store: parts.store,
      stored: parts.stored,
      chooser: new EnvironmentChooser(parts.store, prompts),
      clipboard: { clearsAfter: undefined, copy: async () => undefined, read: async () => '' },
    };
  }
  afterEach(async () => {
    for (const uri of files.splice(0)) await vscode.workspace.fs.delete(uri);
    await parts.end();
    prompts.assertAllUsed();
  });

  describe('are imported', () => {
    it('after you see the host and client ID and the credentials are verified', async () => {
      await write(
        '.env',
        `# web\r\nPORT=3000\r\nexport SCALEKIT_ENV_URL="${sandbox.url}/"\r\nSCALEKIT_CLIENT_ID='${sandbox.clientId}' # API\r\nKEY=${sandbox.clientSecret}\r\nSCALEKIT_CLIENT_SECRET=\${KEY}\r\n`,
      );
      await write(
        'services/api/.env.local',
        'SCALEKIT_ENVIRONMENT_URL=https://globex.scalekit.com\nSCALEKIT_CLIENT_ID=skc_2\n',
      );
      await write('node_modules/evil/.env', lines());
      await write('other/.env', 'PORT=1\n');
      let details: (string | undefined)[][] = [];
      prompts.expectPick(
        { title, placeholder: 'Choose the file to import from', labels: ['.env', 'services/api/.env.local'] },
        ({ choices }) => {
          details = choices.map(({ description, detail }) => [description, detail]);
          return { label: '.env' };
        },
      );
      await parts.act('scalekit.environment.importDotenv');
      assert.deepEqual(details, [
        [host, `Client ID ${sandbox.clientId}`],
        ['globex.scalekit.com', 'Client ID skc_2 · still to enter: client secret'],
      ]);
      assert.ok(!JSON.stringify(details).includes(sandbox.clientSecret));
      assert.deepEqual(await kept(), {
        environmentUrl: sandbox.url,
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
      });
      assert.deepEqual(sandbox.requests.map(({ method, path }) => `${method} ${path.split('?')[0]}`).slice(0, 2), [
        'POST /oauth/token',
        'GET /api/v1/organizations',
      ]);
    });

    it('after you enter what’s missing', async () => {
      await write('.env', `SCALEKIT_URL=${sandbox.url}\nSCALEKIT_CLIENT_ID=${sandbox.clientId}\n`);
      prompts
        .expectPick({}, { label: '.env' })
        .expectInput({ step: { number: 1, of: 3 }, value: sandbox.url }, sandbox.url)
        .expectInput({ step: { number: 2, of: 3 }, value: sandbox.clientId }, sandbox.clientId)
        .expectInput({ step: { number: 3, of: 3 }, value: '', password: true }, sandbox.clientSecret);
      await parts.act('scalekit.environment.importDotenv');
      assert.deepEqual(await kept(), {
        environmentUrl: sandbox.url,
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
      });
    });

    it('after you enter only the secret again if Scalekit refuses it', async () => {
      await write('.env', lines('test_outdated'));
      prompts
        .expectPick({}, { label: '.env' })
        .expectInput({ step: { number: 3, of: 3 }, problem: /^(?!.*outdated).*refused/ }, sandbox.clientSecret);
      await parts.act('scalekit.environment.importDotenv');
      assert.deepEqual(await kept(), {
        environmentUrl: sandbox.url,
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
      });
    });

    for (const [what, text, problem] of [
      [
        'one with an invalid URL',
        'SCALEKIT_ENVIRONMENT_URL=http://acme.scalekit.dev\nSCALEKIT_CLIENT_ID=skc_1\n',
        /Its environment URL can’t be used\. http:\/\/ would send the secret in clear text/,
      ],
      [
        'one with a line break in the client ID',
        'SCALEKIT_CLIENT_ID="skc_1\nskc_2"\n',
        /Its client ID can’t be used\. A client ID is one word: take out the space or line break\./,
      ],
      [
        'one with a secret as the client ID',
        'SCALEKIT_CLIENT_ID=test_AbCd1234EfGh56/9f+Kq=7Z\n',
        /Its client ID can’t be used\. It looks like a client secret\./,
      ],
      [
        'one of 5 MB',
        `SCALEKIT_CLIENT_ID=skc_1\n${'#'.repeat(5 * 1024 * 1024)}`,
        /This is too large for a \.env file, so it wasn’t read\./,
      ],
    ] as const) {
      it(`but not ${what}: a message says so, and nothing is saved`, async () => {
        await write('.env', text);
        prompts.expectPick({ labels: ['.env'] }, ({ choices: [choice] }) => {
          assert.match(choice?.detail ?? '', problem);
          return { label: '.env' };
        });
        prompts.expectMessage({ severity: 'warning', text: new RegExp(`^\\.env: ${problem.source}`) });
        await parts.act('scalekit.environment.importDotenv');
        assert.deepEqual(parts.store.list(), []);
        assert.deepEqual(sandbox.requests, []);
      });
    }

    it('unless you cancel, at the list or after a refusal', async () => {
      await write('.env', lines('test_outdated'));
      prompts.expectPick({}, undefined);
      await parts.act('scalekit.environment.importDotenv');
      assert.deepEqual(sandbox.requests, []);
      prompts.expectPick({}, { label: '.env' }).expectInput({ problem: /refused/ }, undefined);
      await parts.act('scalekit.environment.importDotenv');
      assert.deepEqual(parts.store.list(), []);
    });

    it('from other tools’ files too, and from the UTF-16 that Windows PowerShell writes', async () => {
      await write('.env', Buffer.from(`\ufeff${lines()}`, 'utf16le'));
      await write('prod.env', lines());
      await write('.dev.vars', lines());
      await write('.flaskenv', lines());
      await write('notes.txt', lines());
      prompts.expectPick({ labels: ['.dev.vars', '.env', '.flaskenv', 'prod.env'] }, { label: '.env' });
      await parts.act('scalekit.environment.importDotenv');
      assert.deepEqual(await kept(), {
        environmentUrl: sandbox.url,
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
      });
    });

    it('after you enter the secret if the file has a reference to a secret manager', async () => {
      await write('.env', lines('op://Dev/Scalekit/secret'));
      prompts.expectPick({ labels: ['.env'] }, ({ choices: [choice] }) => {
        assert.match(choice?.detail ?? '', /Its client secret can’t be used\. This is a reference to a secret manager/);
        return { label: '.env' };
      });
      prompts.expectInput(
        { step: { number: 3, of: 3 }, value: '', problem: /^Its client secret can’t be used\. This is a reference/ },
        sandbox.clientSecret,
      );
      await parts.act('scalekit.environment.importDotenv');
      assert.deepEqual(await kept(), {
        environmentUrl: sandbox.url,
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
      });
    });

    it('with an example’s placeholders named, and listed after files that work', async () => {
      await write(
        '.env.example',
        'SCALEKIT_ENVIRONMENT_URL=https://your-env.scalekit.dev\nSCALEKIT_CLIENT_ID=your_client_id\nSCALEKIT_CLIENT_SECRET=your_client_secret\n',
      );
      await write('web/.env', lines());
      prompts.expectPick({ labels: ['web/.env', '.env.example'] }, ({ choices: [, example] }) => {
        assert.equal(example?.icon, 'warning');
        assert.match(example?.detail ?? '', /Its environment URL can’t be used\. This is a placeholder/);
        return { label: '.env.example' };
      });
      prompts.expectMessage({
        severity: 'warning',
        text: /^\.env\.example: Its environment URL can’t be used\. This is a placeholder/,
      });
      await parts.act('scalekit.environment.importDotenv');
      assert.deepEqual(sandbox.requests, []);
    });

    it('one at a time if a file has several environments', async () => {
      await write(
        '.env',
        `${lines()}\n# prod\nSCALEKIT_ENVIRONMENT_URL=https://globex.scalekit.com\nSCALEKIT_CLIENT_ID=prd_skc_2\nSCALEKIT_CLIENT_SECRET=live_2\n`,
      );
      prompts.expectPick({ labels: ['.env', '.env'] }, ({ choices }) => {
        assert.deepEqual(
          choices.map(({ description }) => description),
          [host, 'globex.scalekit.com'],
        );
        return undefined;
      });
      await parts.act('scalekit.environment.importDotenv');
    });

    it('from the folder’s top level if VS Code can’t search, or from a file that you choose', async () => {
      const findFiles = async (): Promise<never> => Promise.reject(new Error('spawn rg ENOENT'));
      await write('.env.local', lines('test_other'));
      await write('services/.env', lines());
      const choose = new DotenvActions({
        ...context(),
        findFiles,
        chooseFile: async () => vscode.Uri.joinPath(workspace(), 'services/.env'),
      });
      prompts.expectPick({ labels: ['.env.local', 'Choose a File…'] }, { label: 'Choose a File…' });
      await choose.import();
      assert.deepEqual(await kept(), {
        environmentUrl: sandbox.url,
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
      });
    });

    it('from a file that you choose if VS Code can’t search and the folder has none', async () => {
      const findFiles = async (): Promise<never> => Promise.reject(new Error('spawn rg ENOENT'));
      await write(
        'services/settings.json',
        JSON.stringify({
          scalekit: { environmentUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret },
        }),
      );
      const choose = new DotenvActions({
        ...context(),
        findFiles,
        chooseFile: async () => vscode.Uri.joinPath(workspace(), 'services/settings.json'),
      });
      prompts.expectMessage(
        {
          severity: 'warning',
          text: /^VS Code couldn’t search this workspace/,
          buttons: ['Choose a File…', 'Add Environment…'],
        },
        'Choose a File…',
      );
      await choose.import();
      assert.deepEqual(await kept(), {
        environmentUrl: sandbox.url,
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
      });
    });

    it('only if there are any, and otherwise a message offers Add Environment…', async () => {
      await write('.env', 'PORT=3000\n');
      prompts.expectMessage({
        severity: 'information',
        text: 'No .env file in this workspace has SCALEKIT_ variables.',
        buttons: ['Add Environment…'],
      });
      await parts.act('scalekit.environment.importDotenv');
    });
  });

  describe('are copied', () => {
    const add = (clientSecret: string, production = false): Promise<string> =>
      parts.add({ environmentUrl: 'https://acme.scalekit.dev', clientId: 'skc_1', clientSecret }, { production });

    it('after a warning about the plain-text secret, with quotes that read back to the same values', async () => {
      const secret = 'test_a+b/c=&%#"$x `y`';
      const id = await add(secret);
      prompts.expectConfirm(
        {
          message: 'Copy the client secret of “acme”?',
          detail: /contain the client secret in plain text\. Keep the file .* out of version control/,
          action: 'Copy',
        },
        true,
      );
      await parts.act('scalekit.environment.copyDotenv', id);
      assert.deepEqual(findCredentials(await vscode.env.clipboard.readText()), {
        environmentUrl: 'https://acme.scalekit.dev',
        clientId: 'skc_1',
        clientSecret: secret,
      });
    });

    it('only if you confirm, and the question names production', async () => {
      const id = await add('test_1', true);
      prompts.expectPick({ labels: ['acme', 'Add Environment…'] }, { label: 'acme' });
      prompts.expectConfirm({ message: 'Copy the client secret of the production environment “acme”?' }, false);
      await parts.act('scalekit.environment.copyDotenv', undefined);
      prompts.expectPick({}, undefined);
      await parts.act('scalekit.environment.copyDotenv', undefined);
      assert.equal(await vscode.env.clipboard.readText(), 'something else');
      assert.ok(parts.store.get(id));
    });

    it('with an error instead if the secret has quotes that a .env file can’t hold', async () => {
      const id = await add(`test_both"and'`);
      prompts.expectConfirm({}, true);
      prompts.expectMessage({
        severity: 'warning',
        text: /^(?!.*both).*quotes that a \.env file can’t hold\. Nothing was copied\.$/,
      });
      await parts.act('scalekit.environment.copyDotenv', id);
      assert.equal(await vscode.env.clipboard.readText(), 'something else');
    });

    for (const [failure, spoil] of [
      ['secretMissing', (id: string) => parts.secrets.delete(secretKey(id))],
      ['secretDamaged', (id: string) => parts.secrets.store(secretKey(id), '{"url":')],
    ] as const) {
      it(`with a failure that names the environment if its secret can’t be read (${failure})`, async () => {
        const id = await add('test_1');
        await spoil(id);
        prompts.expectConfirm({}, true);
        await assert.rejects(
          parts.act('scalekit.environment.copyDotenv', id),
          (error) => error instanceof EnvironmentFailure && error.failure === failure && error.environment.id === id,
        );
        assert.equal(await vscode.env.clipboard.readText(), 'something else');
      });
    }
  });
});
