import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ScalekitFileSystem } from '../../src/documents/scalekitFileSystem';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { workbenchExtension } from '../support/companion';
import { ScriptedPrompts } from '../support/scriptedPrompts';
import { workbenchParts, type WorkbenchParts } from '../support/workbenchParts';

function uri(path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: 'scalekit', path });
}

function isFileError(code: string, text?: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof vscode.FileSystemError && error.code === code && (text === undefined || text.test(error.message));
}

describe('the documents of Scalekit', () => {
  let sandbox: Sandbox;
  let parts: WorkbenchParts;
  let files: ScalekitFileSystem;
  let prompts: ScriptedPrompts;
  let environment: string;
  let organization: string;

  before(async () => {
    sandbox = await startSandbox({ organizations: 3 });
    parts = await workbenchParts();
    await parts.store.load();
    environment = await parts.add({ environmentUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret });
    const client = await parts.clients.get(environment);
    const list = (await client.getJson('/api/v1/organizations')) as { organizations: { id: string }[] };
    organization = list.organizations[1]?.id ?? assert.fail('there is no organization');
  });

  after(async () => {
    await parts.dispose();
    await sandbox.close();
  });

  beforeEach(() => {
    prompts = new ScriptedPrompts();
    files = new ScalekitFileSystem({ environments: parts.environments, prompts, redactor: parts.redactor, now: Date.now, onDidWrite: () => undefined });
    sandbox.clearFaults();
  });

  afterEach(() => {
    files.dispose();
    prompts.assertAllUsed();
  });

  const path = (id = organization, environmentId = environment): vscode.Uri => uri(`/${environmentId}/organizations/${id}.json`);
  const read = async (at: vscode.Uri): Promise<string> => Buffer.from(await files.readFile(at)).toString();

  it('are the JSON of a GET, readable for people', async () => {
    const text = await read(path());
    const json = JSON.parse(text) as { id: string; settings: unknown };
    assert.equal(json.id, organization);
    assert.ok(json.settings !== undefined);
    assert.ok(text.startsWith('{\n  "'));
    assert.ok(text.endsWith('}\n'));
  });

  it('have a size and times', async () => {
    const { type, size, mtime, ctime } = await files.stat(path());
    assert.equal(type, vscode.FileType.File);
    assert.ok(size > 0);
    assert.ok(mtime >= ctime && ctime > Date.UTC(2024, 0, 1));
  });

  it('are the newest each time one is opened', async () => {
    await files.stat(path());
    const before = JSON.parse(await read(path())) as { display_name: string };
    const client = await parts.clients.get(environment);
    const { value } = await client.tokens.get();
    const response = await fetch(`${sandbox.url}/api/v1/organizations/${organization}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${value}`, 'content-type': 'application/json' },
      body: JSON.stringify({ display_name: 'Changed elsewhere' }),
    });
    assert.equal(response.status, 200);
    await files.stat(path());
    const after = JSON.parse(await read(path())) as { display_name: string };
    assert.notEqual(before.display_name, after.display_name);
    assert.equal(after.display_name, 'Changed elsewhere');
  });

  it('say that Scalekit has none, where it has none', async () => {
    await assert.rejects(async () => files.stat(path('org_1')), isFileError('Unavailable', /no organization.*org_1/));
    await assert.rejects(async () => files.readFile(path('org_1')), isFileError('Unavailable', /no organization.*org_1/));
  });

  it('are not found at addresses that are none, without a request', async () => {
    const before = parts.exchanges.length;
    for (const bad of ['/x.json', `/${environment}.json`, `/${environment}/organizations.json`, `/${environment}/organizations/.json`, `/${environment}/organizations/a/b.json`, '/../organizations/x.json', '/UPPER/organizations/x.json']) {
      await assert.rejects(async () => files.readFile(uri(bad)), isFileError('FileNotFound'), bad);
      await assert.rejects(async () => files.stat(uri(bad)), isFileError('FileNotFound'), bad);
    }
    await assert.rejects(async () => files.readFile(uri(`/${environment}/organizations/${organization}`)), isFileError('FileNotFound'));
    // A kind that there is not, and an id that a URL would resolve away: neither gets into a request.
    for (const bad of [`/${environment}/others/x.json`, `/${environment}/organizations/...json`]) {
      await assert.rejects(async () => files.stat(uri(bad)), vscode.FileSystemError, bad);
    }
    assert.equal(parts.exchanges.length, before);
  });

  it('say what is wrong when they cannot be read', async () => {
    sandbox.addFault({ path: '/api/*', status: 500 });
    await assert.rejects(async () => files.stat(path('org_2')), isFileError('Unavailable', /HTTP 500/));
    sandbox.clearFaults();
    sandbox.addFault({ path: '/api/*', drop: true });
    await assert.rejects(async () => files.stat(path('org_3')), isFileError('Unavailable', /connection/));
    await assert.rejects(async () => files.stat(path('org_1', 'no-such-environment')), isFileError('Unavailable', /removed/));
  });

  it('can be neither made, moved nor deleted', async () => {
    const attempts: Record<string, () => unknown> = {
      createDirectory: () => files.createDirectory(uri('/x')),
      delete: () => files.delete(path()),
      rename: () => files.rename(path()),
    };
    for (const [name, attempt] of Object.entries(attempts)) await assert.rejects(async () => attempt(), isFileError('NoPermissions'), name);
  });

  describe('in the editor, of the sandbox that the extension itself started', () => {
    let url: string;
    let token: string;

    before(async function () {
      this.timeout(40_000);
      await workbenchExtension();
      await vscode.commands.executeCommand('scalekit.sandbox.start');
      await vscode.commands.executeCommand('scalekit.token.copy', 'sandbox');
      token = await vscode.env.clipboard.readText();
      const payload = token.split('.')[1] ?? '';
      url = (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iss: string }).iss;
    });

    after(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand('scalekit.sandbox.stop');
    });

    async function organizationIds(): Promise<string[]> {
      const response = await fetch(`${url}/api/v1/organizations?page_size=10`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(response.status, 200);
      return ((await response.json()) as { organizations: { id: string }[] }).organizations.map(({ id }) => id);
    }

    it('open as JSON on Open as JSON, and hold no token', async () => {
      const [id] = await organizationIds();
      await vscode.commands.executeCommand('scalekit.organization.open', { environmentId: 'sandbox', organizationId: id });
      const document = vscode.window.activeTextEditor?.document;
      assert.equal(document?.uri.toString(), `scalekit:/sandbox/organizations/${id}.json`);
      assert.equal(document?.languageId, 'json');
      assert.equal((JSON.parse(document?.getText() ?? '') as { id: string }).id, id);
      assert.ok(!document?.isUntitled && !document?.isDirty);
      assert.ok(!document?.getText().includes(token));
    });

    it('cannot be opened once the sandbox is stopped, and can again once it is started', async function () {
      this.timeout(40_000);
      const [, id] = await organizationIds();
      const document = uri(`/sandbox/organizations/${id}.json`);
      await vscode.commands.executeCommand('scalekit.sandbox.stop');
      await assert.rejects(Promise.resolve(vscode.workspace.openTextDocument(document)), /stopped/);
      await vscode.commands.executeCommand('scalekit.sandbox.start');
      assert.equal((JSON.parse((await vscode.workspace.openTextDocument(document)).getText()) as { id: string }).id, id);
    });
  });
});
