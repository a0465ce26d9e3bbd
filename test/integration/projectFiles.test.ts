import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { ProjectFiles } from '../../src/projectFiles/projectFiles';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import type { ScriptedPrompts } from '../support/scriptedPrompts';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';
import { until } from '../support/until';

/** Not a local sandbox's, so that nothing is left out. */
const CREDENTIALS = {
  environmentUrl: 'https://acme.scalekit.dev',
  clientId: 'skc_100000000000000001',
  clientSecret: 'test_AbCd1234EfGh56IjKl9fMnKq7Z',
};

describe('the files of a project', () => {
  let sandbox: Sandbox;
  let parts: StartedWorkbench;
  let prompts: ScriptedPrompts;
  let checks: ProjectFiles;
  /** Another one for each test: VS Code may still have a document of the test before. */
  let number = 0;
  const folder = (): vscode.Uri =>
    vscode.Uri.joinPath(
      vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('the tests have a folder open'),
      `projectFiles${number}`,
    );
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('scalekit.projectFiles');

  before(async () => {
    sandbox = await startSandbox({ organizations: 1 });
  });
  after(() => sandbox.close());
  beforeEach(async () => {
    number++;
    parts = await startWorkbench();
    ({ prompts } = parts);
    await parts.store.load();
    checks = await parts.projectFiles();
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(folder(), { recursive: true });
    await settings().update('checks', undefined, vscode.ConfigurationTarget.Global);
    await parts.end();
    prompts.assertAllUsed();
  });

  async function open(name: string, text: string | Uint8Array): Promise<vscode.TextDocument> {
    const uri = vscode.Uri.joinPath(folder(), name);
    await vscode.workspace.fs.writeFile(uri, typeof text === 'string' ? Buffer.from(text) : text);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    return document;
  }

  /** What this workbench's own checks find. The extension itself also runs in this window. */
  async function found(document: vscode.TextDocument): Promise<string[]> {
    await checks.check(document);
    return checks
      .findingsOf(document)
      .map(({ check, start, end }) => `${check}: ${document.getText().slice(start, end)}`);
  }

  const marks = (document: vscode.TextDocument): vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'Scalekit');

  /**
   * Runs one of VS Code's `vscode.execute…Provider` commands until each of its results is whole. VS Code forgets the
   * commands of the results 100 ms after it sent them, even if a busy extension host hasn't read them yet.
   */
  async function provided<T extends { command?: vscode.Command }>(
    command: string,
    isWhole: (result: T) => boolean,
    ...given: unknown[]
  ): Promise<T[]> {
    let results: T[] = [];
    await until(
      `whole results of ${command}`,
      async () => {
        results = await vscode.commands.executeCommand<T[]>(command, ...given);
        return results.every(isWhole);
      },
      10_000,
    );
    return results;
  }

  async function actions(document: vscode.TextDocument, at: string): Promise<vscode.CodeAction[]> {
    const position = document.positionAt(document.getText().indexOf(at));
    return provided<vscode.CodeAction>(
      'vscode.executeCodeActionProvider',
      ({ edit, command }) => edit !== undefined || command !== undefined,
      document.uri,
      new vscode.Range(position, position),
    );
  }

  async function lenses(document: vscode.TextDocument): Promise<(vscode.Command | undefined)[]> {
    const all = await provided<vscode.CodeLens>(
      'vscode.executeCodeLensProvider',
      ({ command }) => command !== undefined,
      document.uri,
      20,
    );
    return all.map(({ command }) => command);
  }

  it('are marked as soon as they’re open, with a message, a page of the documentation, and nothing of a secret', async () => {
    const document = await open(
      '.env.local',
      `SCALEKIT_ENV_URL=http://acme.scalekit.dev\nNEXT_PUBLIC_SCALEKIT_CLIENT_SECRET=${CREDENTIALS.clientSecret}\n`,
    );
    await until('marks by the extension itself', () => marks(document).length === 2, 10_000);
    const texts = marks(document).map(({ message }) => message);
    assert.match(texts[0] ?? '', /^http:\/\/ would send the secret in clear text\./);
    assert.match(texts[1] ?? '', /^With the prefix NEXT_PUBLIC_, /);
    for (const mark of marks(document)) {
      assert.equal(typeof mark.code === 'object' && mark.code.target.authority, 'docs.scalekit.com');
      assert.ok(!JSON.stringify(mark).includes(CREDENTIALS.clientSecret.slice(5)));
    }
  });

  it('are corrected by quick fixes, and what was corrected is no longer marked', async () => {
    const document = await open('.env', 'SCALKIT_CLIENT_ID=skc_1\n');
    await found(document);
    const [fix] = (await actions(document, 'SCALKIT')).filter(({ title }) => title === 'Rename to SCALEKIT_CLIENT_ID');
    assert.ok(fix?.edit && fix.isPreferred);
    await vscode.workspace.applyEdit(fix.edit);
    assert.equal(document.getText(), 'SCALEKIT_CLIENT_ID=skc_1\n');
    await until('no mark', () => marks(document).length === 0, 10_000);
  });

  it('are checked again while somebody types, and only the newest text counts', async () => {
    const document = await open('.env', 'PORT=1\n');
    assert.deepEqual(await found(document), []);
    const outdated = checks.check(document);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(1, 0), 'SCALKIT_CLIENT_ID=skc_1\n');
    await vscode.workspace.applyEdit(edit);
    await outdated;
    await until('the new text’s mark', () => checks.findingsOf(document).length === 1, 10_000);
  });

  it('that use the SDK are marked in JavaScript, TypeScript and Python', async () => {
    const setup = `import { Scalekit } from '@scalekit-sdk/node';\nconst scalekit = new Scalekit(a, b, c);\n`;
    for (const name of ['a.js', 'b.ts', 'c.tsx', 'd.mjs'])
      assert.deepEqual(await found(await open(name, `${setup}scalekit.webhooks.verifySignature(x);\n`)), [
        'sdkMethods: webhooks.verifySignature',
      ]);
    const python = 'from scalekit import ScalekitClient\nc = ScalekitClient(a, b, d)\nc.get_logout_url(x, y)\n';
    assert.deepEqual(await found(await open('e.py', python)), ['logoutUrls: x, y']);
    assert.deepEqual(await found(await open('f.md', setup)), []);
  });

  it('are marked where the secret of a stored environment is, and not before it’s stored', async () => {
    const text = `{"note": "${CREDENTIALS.clientSecret}"}\n`;
    const document = await open('notes.json', text);
    assert.deepEqual(await found(document), []);
    const id = await parts.add(CREDENTIALS);
    await until('the secret’s mark', () => checks.findingsOf(document).length === 1, 10_000);
    assert.equal(checks.findingsOf(document)[0]?.environmentId, id);
    const mark = marks(document)[0] ?? assert.fail('none');
    assert.match(mark.message, /^This is the client secret of acme, which is in VS Code’s secret storage\./);
    assert.ok(!JSON.stringify([mark, checks.findingsOf(document)]).includes(CREDENTIALS.clientSecret));
    await parts.stored.remove(id);
    await until('no mark', () => checks.findingsOf(document).length === 0, 10_000);
  });

  it('are left alone if they’re too large, binary, bundles, or if the checks are off', async () => {
    await parts.add(CREDENTIALS);
    const named = `SCALKIT_CLIENT_ID=skc_1\nSCALEKIT_CLIENT_SECRET=${CREDENTIALS.clientSecret}\n`;
    assert.deepEqual(await found(await open('large.env', named + '#'.repeat(1024 * 1024))), []);
    assert.deepEqual(await found(await open('binary.env', `${named}${'#'.repeat(5_000)}\n\0\u0001`)), []);
    const bundle = `import { Scalekit } from '@scalekit-sdk/node';const s=new Scalekit();s.nope();${'a();'.repeat(2_000)}`;
    assert.deepEqual(await found(await open('bundle.js', bundle)), []);
    assert.equal((await found(await open('latin1.env', Buffer.from(`# caf\u00e9\n${named}`, 'latin1')))).length, 2);
    const document = await open('.env', named);
    await settings().update('checks', { misspeltNames: false }, vscode.ConfigurationTarget.Global);
    assert.deepEqual(await found(document), [`storedSecrets: ${CREDENTIALS.clientSecret}`]);
    await settings().update('checks', { off: true }, vscode.ConfigurationTarget.Global);
    assert.deepEqual(await found(document), []);
  });

  it('are marked where git tracks a secret', async () => {
    const git = (...given: string[]): Promise<unknown> => promisify(execFile)('git', given, { cwd: folder().fsPath });
    await vscode.workspace.fs.createDirectory(folder());
    await git('init');
    const text = `SCALEKIT_ENVIRONMENT_URL=${CREDENTIALS.environmentUrl}\nSCALEKIT_CLIENT_SECRET=${CREDENTIALS.clientSecret}\n`;
    const document = await open('.env', text);
    assert.deepEqual(await found(document), []);
    await git('add', '.env');
    await until(
      'git to know the file',
      async () => (await found(document)).join() === `trackedSecrets: ${CREDENTIALS.clientSecret}`,
      20_000,
    );
  });

  describe('with credentials', () => {
    const lines = (): string =>
      `PORT=3000\nSCALEKIT_ENVIRONMENT_URL=${sandbox.url}\nSCALEKIT_CLIENT_ID=${sandbox.clientId}\nSCALEKIT_CLIENT_SECRET=${sandbox.clientSecret}\nLAST=1\n`;

    it('say in one line whose they are, and what can be done with them', async () => {
      const document = await open('.env', lines());
      const titles = async (): Promise<string[]> => (await lenses(document)).map((command) => command?.title ?? '');
      assert.ok((await titles()).includes('Scalekit: Add Environment…'));
      const id = await parts.add({
        environmentUrl: sandbox.url,
        clientId: sandbox.clientId,
        clientSecret: 'test_other',
      });
      const own = (await lenses(document)).filter((command) => command?.arguments?.[0] === id);
      assert.deepEqual(
        own.map((command) => [command?.title, command?.command]),
        [
          [`Scalekit: ${parts.store.get(id)?.name}`, 'scalekit.environment.switch'],
          ['Test', 'scalekit.environment.test'],
          ['Copy Token', 'scalekit.token.copy'],
        ],
      );
      for (const name of ['.env.example', 'notes.txt'])
        assert.deepEqual(await lenses(await open(name, 'SCALEKIT_CLIENT_ID=your_client_id\n')), [], name);
    });

    it('move their secret to secret storage, and say where copies may remain', async () => {
      const document = await open('.env', lines());
      const move = (await actions(document, sandbox.clientSecret)).find(
        ({ title }) => title === 'Move to Secret Storage',
      );
      assert.equal(move?.command?.command, 'scalekit.projectFile.moveSecret');
      assert.deepEqual(move.command.arguments?.map(String), [document.uri.toString()]);
      prompts.expectMessage({
        severity: 'information',
        text: /^The client secret of .* is in secret storage now, and no longer in .*\.env\. Copies may still be in git’s history and in VS Code’s Local History\./,
        buttons: ['Replace Client Secret…'],
      });
      await parts.act('scalekit.projectFile.moveSecret', document.uri);
      const saved = Buffer.from(await vscode.workspace.fs.readFile(document.uri)).toString();
      assert.equal(
        saved,
        lines().replace(
          /SCALEKIT_CLIENT_SECRET=.*/,
          '# The client secret is in VS Code’s secret storage. Run your app with it: scalekit-run npm start',
        ),
      );
      assert.ok(!document.isDirty);
      assert.deepEqual(await parts.store.readCredentials(parts.store.active?.id ?? ''), {
        environmentUrl: sandbox.url,
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
      });
    });

    it('keep their secret if Scalekit refuses it and you cancel', async () => {
      const text = lines().replace(sandbox.clientSecret, 'test_outdated_1234567890');
      const document = await open('.env', text);
      prompts.expectInput({ problem: /refused/ }, undefined);
      await parts.act('scalekit.projectFile.moveSecret', document.uri);
      assert.equal(document.getText(), text);
      assert.deepEqual(parts.store.list(), []);
    });

    it('aren’t saved if there are other unsaved changes, and a message says so', async () => {
      const document = await open('.env', lines());
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), '# mine\n');
      await vscode.workspace.applyEdit(edit);
      prompts.expectMessage({ severity: 'information', text: /Save .*\.env to remove it from the disk too\./ });
      await parts.act('scalekit.projectFile.moveSecret', document.uri);
      assert.ok(document.isDirty && !document.getText().includes(sandbox.clientSecret));
      assert.ok(document.getText().startsWith('# mine\nPORT=3000\n'));
    });

    it('are added without a change to the file', async () => {
      const document = await open('.env', lines());
      await parts.act('scalekit.projectFile.addEnvironment', document.uri);
      assert.equal(parts.store.list().length, 1);
      assert.equal(document.getText(), lines());
      prompts.expectMessage({ severity: 'information', text: /has no Scalekit credentials\.$/ });
      await parts.act('scalekit.projectFile.addEnvironment', (await open('empty.env', 'PORT=1\n')).uri);
    });
  });
});
