import assert from 'node:assert/strict';
import { ScalekitClient as Sdk } from '@scalekit-sdk/node';
import fc from 'fast-check';
import * as vscode from 'vscode';
import { compareDocuments } from '../../src/documents/compareDocuments';
import { ScalekitFileSystem } from '../../src/documents/scalekitFileSystem';
import { documentUri, readDocumentReference, readDocumentUri, type DocumentReference } from '../../src/editor/documentReference';
import type { Prompts } from '../../src/editor/prompts';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { workbenchExtension } from '../support/companion';
import { startRecordingProxy } from '../support/recordingProxy';
import type { HttpServer } from '../support/httpServer';
import { ScriptedPrompts } from '../support/scriptedPrompts';
import { until } from '../support/until';
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

describe('the address of a document', () => {
  const hostile = ['..', '.', '...', 'a/b', 'a\\b', '%2F', '%2e%2e', '%', 'a?b#c', 'organizations:read', ' ', '\u202eevil', 'ünï—😀', 'a.json', '\u0000', 'x'.repeat(256)];

  it('keeps every id apart from the others, within its segment, and comes back as it was', () => {
    for (const id of hostile) {
      const reference: DocumentReference = { environmentId: 'acme', path: ['organizations', id, 'users', 'usr_1'] };
      const uri = documentUri(reference);
      assert.equal(uri.path.split('/').length, 6, id);
      assert.deepEqual(readDocumentUri(uri), reference, id);
      assert.deepEqual(readDocumentUri(vscode.Uri.parse(uri.toString())), reference, id);
      assert.ok(!/(^|\/)\.+(\/|$)/.test(uri.path), uri.path);
    }
  });

  it('comes back for any text that a URL can carry', () => {
    const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(id, id, (first, second) => {
        const reference: DocumentReference = { environmentId: 'acme', path: ['roles', first, 'users', second] };
        assert.deepEqual(readDocumentUri(vscode.Uri.parse(documentUri(reference).toString())), reference);
      }),
    );
  });

  it('is taken from a tree row or as it is, and from nothing else', () => {
    const reference = { environmentId: 'acme', path: ['organizations', 'org_1'] };
    assert.deepEqual(readDocumentReference({ kind: 'organization', document: reference }), reference);
    assert.deepEqual(readDocumentReference(reference), reference);
    for (const bad of [undefined, null, 7, 'x', [], {}, { document: 7 }, { environmentId: 'acme', path: [] }, { environmentId: 'acme', path: ['organizations'] }, { environmentId: '../x', path: ['organizations', 'o'] }, { environmentId: 'acme', path: ['../x', 'o'] }, { environmentId: 'acme', path: ['organizations', 'x'.repeat(257)] }]) {
      assert.equal(readDocumentReference(bad), undefined, JSON.stringify(bad));
    }
  });
});

describe('documents of every kind', () => {
  let sandbox: Sandbox;
  let parts: WorkbenchParts;
  let files: ScalekitFileSystem;
  let environmentId: string;
  let organization: string;

  const get = async (path: string): Promise<Record<string, unknown>> => {
    const { value } = await (await parts.clients.get(environmentId)).tokens.get();
    return (await (await fetch(`${sandbox.url}/api/v1${path}`, { headers: { authorization: `Bearer ${value}` } })).json()) as Record<string, unknown>;
  };
  const first = async (path: string, field: string): Promise<Record<string, unknown>> =>
    ((await get(path))[field] as Record<string, unknown>[])[0] ?? assert.fail(`${path} has none`);
  const read = async (...path: string[]): Promise<Record<string, unknown>> => {
    const uri = documentUri({ environmentId, path });
    await files.stat(uri);
    return JSON.parse(Buffer.from(await files.readFile(uri)).toString()) as Record<string, unknown>;
  };

  before(async () => {
    sandbox = await startSandbox({ organizations: 20, seed: 7 });
    parts = await workbenchParts();
    await parts.store.load();
    environmentId = await parts.add({ environmentUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret });
    files = new ScalekitFileSystem({ environments: parts.environments, prompts: new ScriptedPrompts(), redactor: parts.redactor, now: Date.now, onDidWrite: () => undefined });
    const { organizations } = (await get('/organizations?page_size=20')) as { organizations: { id: string }[] };
    for (const { id } of organizations) {
      const directories = (await get(`/organizations/${id}/directories`))['directories'] as { last_synced_at?: string }[];
      const connections = (await get(`/connections?organization_id=${id}&include=all`))['connections'] as unknown[];
      if (directories[0]?.last_synced_at !== undefined && connections.length > 0) organization = id;
      if (organization !== undefined) break;
    }
    assert.ok(organization !== undefined, 'the sample has an organization with everything');
  });
  afterEach(() => sandbox.clearFaults());
  after(async () => {
    files.dispose();
    await parts.dispose();
    await sandbox.close();
  });

  it('show what a GET gives, without its envelope', async () => {
    const of = `/organizations/${organization}`;
    const connection = await first(`/connections?organization_id=${organization}&include=all`, 'connections');
    const directory = await first(`${of}/directories`, 'directories');
    const domain = await first(`${of}/domains`, 'domains');
    const user = await first(`${of}/users`, 'users');
    const role = await first('/roles', 'roles');
    const permission = await first('/permissions', 'permissions');
    assert.equal((await read('organizations', organization, 'connections', String(connection['id'])))['id'], connection['id']);
    assert.equal((await read('connections', String(connection['id'])))['id'], connection['id']);
    assert.equal((await read('organizations', organization, 'directories', String(directory['id'])))['id'], directory['id']);
    assert.equal((await read('organizations', organization, 'domains', String(domain['id'])))['id'], domain['id']);
    assert.equal((await read('organizations', organization, 'users', String(user['id'])))['email'], user['email']);
    assert.equal((await read('roles', String(role['name'])))['name'], role['name']);
    assert.equal((await read('permissions', String(permission['name'])))['name'], permission['name']);
  });

  it('show what only a list gives: a directory’s users and groups, sign-ins', async () => {
    const directory = String((await first(`/organizations/${organization}/directories`, 'directories'))['id']);
    const users = `/organizations/${organization}/directories/${directory}`;
    const user = await first(`${users}/users`, 'users');
    const group = await first(`${users}/groups`, 'groups');
    const signIn = await first('/logs/authentication/requests', 'authRequests');
    assert.deepEqual(await read('organizations', organization, 'directories', directory, 'users', String(user['id'])), user);
    assert.deepEqual(await read('organizations', organization, 'directories', directory, 'groups', String(group['id'])), group);
    assert.deepEqual(await read('organizations', organization, 'sign-ins', String(signIn['auth_request_id'])), signIn);
    await assert.rejects(read('organizations', organization, 'directories', directory, 'users', 'diruser_none'), isFileError('Unavailable', /lists alone.*diruser_none/));
  });

  it('show what the tree knows of it, without a request, where there is no GET', async () => {
    const path = ['organizations', organization, 'sign-ins', 'auth_remembered'];
    const uri = files.remember({ environmentId, path, record: { auth_request_id: 'auth_remembered', status: 'FAILED', access_token: 'secret-1' } });
    const before = sandbox.requests.length;
    assert.deepEqual(await read(...path), { auth_request_id: 'auth_remembered', status: 'FAILED', access_token: '[redacted]' });
    assert.equal(sandbox.requests.length, before);
    let changed = 0;
    const listener = files.onDidChangeFile((events) => (changed += events.filter((event) => event.uri.toString() === uri.toString()).length));
    files.remember({ environmentId, path, record: { auth_request_id: 'auth_remembered', status: 'SUCCESS' } });
    listener.dispose();
    assert.equal(changed, 1);
    assert.equal((await read(...path))['status'], 'SUCCESS');
  });

  for (const status of [404, 501]) {
    it(`fall back to the list where a preview GET answers ${status}`, async () => {
      const { id } = await first('/connections?include=all', 'connections');
      sandbox.addFault({ path: `/api/v1/connections/${String(id)}`, status });
      assert.equal((await read('connections', String(id)))['id'], id);
    });
  }

  it('hold no secret', async () => {
    const { organizations } = (await get('/organizations?page_size=20')) as { organizations: { id: string }[] };
    const lists = await Promise.all(organizations.map(async ({ id }) => ({ id, connections: (await get(`/connections?organization_id=${id}&include=all`))['connections'] as { id: string; type: string }[] })));
    const [oidc] = lists.flatMap(({ id, connections }) => connections.filter(({ type }) => type === 'OIDC').map((connection) => `/organizations/${id}/connections/${connection.id}`));
    const path = oidc ?? assert.fail('the sample has no OIDC connection');
    const { connection } = (await get(path)) as { connection: { oidc_config: { client_secret: string } } };
    assert.ok(connection.oidc_config.client_secret.length > 0, 'the server does send one');
    const shown = (await read(...path.slice(1).split('/'))) as { oidc_config: { client_secret: string } };
    assert.equal(shown.oidc_config.client_secret, '[redacted]');
    assert.ok(!JSON.stringify(shown).includes(connection.oidc_config.client_secret));
  });

  it('are read-only, organizations excepted', async () => {
    const { name } = await first('/roles', 'roles');
    const role = documentUri({ environmentId, path: ['roles', String(name)] });
    assert.equal((await files.stat(role)).permissions, vscode.FilePermission.Readonly);
    await assert.rejects(files.writeFile(role, Buffer.from('{}')), isFileError('NoPermissions'));
    assert.equal((await files.stat(documentUri({ environmentId, path: ['organizations', organization] }))).permissions, undefined);
  });
});

describe('saving an organization', () => {
  let sandbox: Sandbox;
  let proxy: HttpServer;
  let parts: WorkbenchParts;
  let prompts: ScriptedPrompts;
  let files: ScalekitFileSystem;
  let sdk: Sdk;
  let development: string;
  let production: string;
  let id: string;
  let written: string[];
  const closers: (() => unknown)[] = [];

  const patches = (): unknown[] => proxy.requests.filter(({ method }) => method === 'PATCH').map(({ body }) => JSON.parse(body) as unknown);
  const bySdk = async () => (await sdk.organization.getOrganization(id)).organization ?? assert.fail('none');
  const at = (environmentId = development): vscode.Uri => documentUri({ environmentId, path: ['organizations', id] });
  const make = (with_: Prompts = prompts): ScalekitFileSystem => {
    const made = new ScalekitFileSystem({
      environments: parts.environments,
      prompts: with_,
      redactor: parts.redactor,
      now: Date.now,
      onDidWrite: ({ path }) => written.push(path.join('/')),
    });
    closers.push(() => made.dispose());
    return made;
  };
  const open = async (from = files, uri = at()): Promise<Record<string, unknown>> => {
    await from.stat(uri);
    return JSON.parse(Buffer.from(await from.readFile(uri)).toString()) as Record<string, unknown>;
  };
  const save = (json: unknown, from = files, uri = at()): Promise<void> => from.writeFile(uri, Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)));

  before(async () => {
    sandbox = await startSandbox({ organizations: 3 });
    proxy = await startRecordingProxy(sandbox.url);
    sdk = new Sdk(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    parts = await workbenchParts();
    await parts.store.load();
    const credentials = { environmentUrl: proxy.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret };
    development = await parts.add(credentials);
    production = await parts.add(credentials, { production: true });
  });
  after(async () => {
    await parts.dispose();
    await proxy.close();
    await sandbox.close();
  });

  beforeEach(async () => {
    sandbox.clearFaults();
    written = [];
    prompts = new ScriptedPrompts();
    files = make();
    const created = await sdk.organization.createOrganization('Acme', { externalId: `ext-${Date.now()}-${Math.random()}` });
    id = created.organization?.id ?? assert.fail('none');
    (proxy.requests as unknown[]).length = 0;
  });
  afterEach(() => {
    prompts.assertAllUsed();
    for (const close of closers.splice(0)) close();
  });

  it('sends what was changed in one PATCH, and tells it on', async () => {
    await save({ ...(await open()), display_name: 'Acme Inc' });
    assert.deepEqual(patches(), [{ display_name: 'Acme Inc' }]);
    assert.equal((await bySdk()).displayName, 'Acme Inc');
    assert.deepEqual(written, [`organizations/${id}`]);
    assert.equal((await open())['display_name'], 'Acme Inc');
  });

  it('keeps a secret in metadata that is not shown, and never sends the mark', async () => {
    await sdk.organization.updateOrganization(id, { metadata: { plan: 'team', api_key: 'k-123' } });
    const shown = await open();
    assert.deepEqual(shown['metadata'], { plan: 'team', api_key: '[redacted]' });
    await save({ ...shown, metadata: { plan: 'free', api_key: '[redacted]' } });
    assert.deepEqual({ ...(await bySdk()).metadata }, { plan: 'free', api_key: 'k-123' });
    await assert.rejects(save({ ...(await open()), metadata: { plan: '[redacted]' } }), isFileError('Unavailable', /metadata\.plan/));
    assert.deepEqual({ ...(await bySdk()).metadata }, { plan: 'free', api_key: 'k-123' });
  });

  it('refuses what cannot be saved, in words, and sends nothing', async () => {
    const shown = await open();
    const cases: [unknown, RegExp][] = [
      ['{', /not valid JSON/],
      ['[]', /JSON object/],
      [{ ...shown, display_name: undefined }, /must have a “display_name”/],
      [{ ...shown, id: 'org_2' }, /“id” be changed/],
      [{ ...shown, region_code: undefined }, /“region_code” be removed/],
      [{ ...shown, colour: 'red' }, /no field “colour”/],
      [{ ...shown, slug: 7 }, /“slug” must be a text/],
    ];
    for (const [json, message] of cases) await assert.rejects(save(json), isFileError('Unavailable', message));
    assert.deepEqual(patches(), []);
    assert.deepEqual(written, []);
  });

  it('names the field that Scalekit refuses', async () => {
    await assert.rejects(save({ ...(await open()), slug: 'Not A Slug' }), isFileError('Unavailable', /slug/));
    await assert.rejects(save({ ...(await open()), metadata: { ab: 'x' } }), isFileError('Unavailable', /metadata/));
  });

  it('says when an external id belongs to another organization', async () => {
    const taken = 'taken-elsewhere';
    await sdk.organization.createOrganization('Other', { externalId: taken });
    await assert.rejects(save({ ...(await open()), external_id: taken }), isFileError('Unavailable', /conflict.*already exists/));
  });

  it('is done one after the other for two at once', async () => {
    const shown = await open();
    sandbox.addFault({ path: '/api/v1/organizations/*', method: 'PATCH', delayMs: 100, times: 1 });
    const outcomes = await Promise.allSettled([save({ ...shown, display_name: 'First' }), save({ ...shown, display_name: 'Second' })]);
    assert.deepEqual(outcomes.map(({ status }) => status), ['fulfilled', 'fulfilled']);
    assert.deepEqual(patches(), [{ display_name: 'First' }, { display_name: 'Second' }]);
    assert.equal((await bySdk()).displayName, 'Second');
  });

  it('is refused when the organization has changed in between and VS Code did not see it', async () => {
    const shown = await open();
    await sdk.organization.updateOrganization(id, { displayName: 'Theirs' });
    await assert.rejects(save({ ...shown, display_name: 'Mine' }), isFileError('Unavailable', /changed in Scalekit meanwhile/));
    assert.deepEqual(patches(), []);
    assert.equal((await bySdk()).displayName, 'Theirs');
  });

  it('says that the organization was deleted', async () => {
    const shown = await open();
    await sdk.organization.deleteOrganization(id);
    await assert.rejects(save({ ...shown, display_name: 'Mine' }), isFileError('Unavailable', /It was deleted there/));
    assert.deepEqual(patches(), []);
  });

  it('has succeeded when the answer was lost, but the change is there', async () => {
    const shown = await open();
    sandbox.addFault({ path: '/api/v1/organizations/*', method: 'PATCH', halfBody: true });
    await save({ ...shown, display_name: 'Arrived' });
    assert.equal(patches().length, 1);
    assert.equal((await bySdk()).displayName, 'Arrived');
    assert.deepEqual(written, [`organizations/${id}`]);
  });

  for (const [what, fault, message] of [
    ['the connection is cut', { drop: true }, /connection/],
    ['Scalekit has a problem', { status: 503 }, /HTTP 503/],
    ['the client lacks a permission', { status: 403 }, /may not do that/],
  ] as const) {
    it(`is refused in words, and not sent again, when ${what}`, async () => {
      const shown = await open();
      sandbox.addFault({ path: '/api/v1/organizations/*', method: 'PATCH', ...fault });
      await assert.rejects(save({ ...shown, display_name: 'Lost' }), isFileError('Unavailable', message));
      assert.equal(patches().length, 1);
      assert.equal((await bySdk()).displayName, 'Acme');
      assert.deepEqual(written, []);
    });
  }

  it('gets a new token when the old one has expired', async () => {
    const shown = await open();
    sandbox.expireTokens();
    await save({ ...shown, display_name: 'Renewed' });
    assert.equal((await bySdk()).displayName, 'Renewed');
  });

  it('says which fields Scalekit left as they were', async () => {
    const shown = await open();
    sandbox.addFault({ path: '/api/v1/organizations/*', method: 'PATCH', respond: { body: { organization: shown } } });
    prompts.expectMessage({ severity: 'warning', text: /left external_id as it was/ });
    await save({ ...shown, external_id: '' });
    await until('the warning', () => {
      try {
        prompts.assertAllUsed();
        return true;
      } catch {
        return false;
      }
    });
  });

  it('asks first in production, naming organization, environment and fields', async () => {
    const shown = await open(files, at(production));
    const name = parts.environments.get(production)?.name ?? '';
    prompts.expectConfirm({ message: `Save the organization “Acme” in the production environment ${name}?`, detail: `${id}\nChanged: display_name`, action: 'Save to Production' }, false);
    await assert.rejects(save({ ...shown, display_name: 'Live' }, files, at(production)), isFileError('Unavailable', /you cancelled it/));
    assert.deepEqual(patches(), []);
    prompts.expectConfirm({}, true);
    await save({ ...shown, display_name: 'Live' }, files, at(production));
    assert.deepEqual(patches(), [{ display_name: 'Live' }]);
  });

  it('does not ask in production when there is nothing to save', async () => {
    await save(await open(files, at(production)), files, at(production));
    assert.deepEqual(patches(), []);
  });

  it('is refused when the organization changed while the person was thinking', async () => {
    const slow = new ScriptedPrompts();
    slow.confirm = async () => {
      await sdk.organization.updateOrganization(id, { displayName: 'Theirs' });
      return true;
    };
    const thoughtful = make(slow);
    const shown = await open(thoughtful, at(production));
    await assert.rejects(save({ ...shown, display_name: 'Mine' }, thoughtful, at(production)), isFileError('Unavailable', /meanwhile/));
    assert.deepEqual(patches(), []);
    assert.equal((await bySdk()).displayName, 'Theirs');
  });
});

describe('an organization in the editor', () => {
  let url: string;
  let token: string;
  let id: string;

  before(async function () {
    this.timeout(40_000);
    await workbenchExtension();
    await vscode.commands.executeCommand('scalekit.sandbox.start');
    await vscode.commands.executeCommand('scalekit.token.copy', 'sandbox');
    token = await vscode.env.clipboard.readText();
    url = (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { iss: string }).iss;
    const { organizations } = (await api('GET', '/organizations?page_size=10')) as { organizations: { id: string }[] };
    id = organizations[1]?.id ?? assert.fail('there is no organization');
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('scalekit.sandbox.stop');
  });

  async function api(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.equal(response.status, 200);
    return response.json();
  }
  const now = async (): Promise<Record<string, unknown>> => ((await api('GET', `/organizations/${id}`)) as { organization: Record<string, unknown> }).organization;
  async function requestCount(call: string): Promise<number> {
    const { counts } = (await (await fetch(`${url}/__sandbox/requests`)).json()) as { counts: Record<string, number> };
    return counts[call] ?? 0;
  }
  const patchCount = (): Promise<number> => requestCount(`PATCH /api/v1/organizations/${id}`);
  async function type(document: vscode.TextDocument, change: (text: string) => string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), change(document.getText()));
    assert.equal(await vscode.workspace.applyEdit(edit), true);
    await until('the document is dirty', () => document.isDirty);
  }
  const show = async (): Promise<vscode.TextDocument> => {
    await vscode.commands.executeCommand('scalekit.document.open', { document: { environmentId: 'sandbox', path: ['organizations', id] } });
    const document = vscode.window.activeTextEditor?.document;
    if (document?.uri.path.endsWith(`/${id}.json`) !== true) return assert.fail('the document did not open');
    // VS Code shows a document that it still holds at once, and reads it anew behind that.
    const newest = `${JSON.stringify(await now(), undefined, 2)}\n`;
    await until('the newest text', () => document.getText() === newest, 5_000);
    return document;
  };

  it('is saved by one PATCH, and then has the text that Scalekit prints', async () => {
    const document = await show();
    const before = await patchCount();
    const name = String((await now())['display_name']);
    await type(document, (text) => text.replace(JSON.stringify(name), '"Saved in the editor"'));
    assert.equal(await patchCount(), before);
    assert.equal(await document.save(), true);
    assert.equal(await patchCount(), before + 1);
    const saved = await now();
    assert.equal(saved['display_name'], 'Saved in the editor');
    await until('the text as Scalekit prints it', () => document.getText() === `${JSON.stringify(saved, undefined, 2)}\n`, 5_000);
    assert.equal(document.isDirty, false);
  });

  it('can be saved a second and a third time at once', async () => {
    const document = await show();
    for (const name of ['Second', 'Third']) {
      await type(document, (text) => text.replace(/"display_name": ".*"/, `"display_name": "${name}"`));
      assert.equal(await document.save(), true);
      assert.equal((await now())['display_name'], name);
      await until('the new text', () => !document.isDirty && document.getText().includes(`"${name}"`), 5_000);
    }
  });

  it('is not saved over a change of someone else, even of equal length, and keeps its text', async () => {
    const document = await show();
    await type(document, (text) => text.replace(/"display_name": ".*"/, '"display_name": "Thirr"'));
    await api('PATCH', `/organizations/${id}`, { display_name: 'Thirx' });
    const before = await patchCount();
    assert.equal(await document.save(), false);
    assert.equal(await patchCount(), before);
    assert.equal((await now())['display_name'], 'Thirx');
    assert.ok(document.isDirty && document.getText().includes('Thirr'));
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('the newer text', () => !document.isDirty && document.getText().includes('Thirx'), 5_000);
  });

  it('keeps its text when a save is refused', async () => {
    const document = await show();
    const before = await patchCount();
    await type(document, (text) => text.slice(0, -4));
    const text = document.getText();
    assert.equal(await document.save(), false);
    assert.equal(document.getText(), text);
    assert.equal(await patchCount(), before);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('is checked by the schema', async () => {
    const document = await show();
    await type(document, (text) => text.replace(/"display_name": ".*"/, '"display_name": ""').replace('"metadata": {', '"colour": "red",\n  "metadata": {'));
    await until('problems', () => vscode.languages.getDiagnostics(document.uri).length >= 2, 15_000);
    const problems = vscode.languages.getDiagnostics(document.uri).map(({ message }) => message).join('\n');
    assert.match(problems, /shorter than the minimum length of 1/);
    assert.match(problems, /colour/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('has open documents beneath it read again after a save', async () => {
    const { users } = (await api('GET', `/organizations/${id}/users?page_size=1`)) as { users: { id: string }[] };
    const userId = users[0]?.id ?? assert.fail('the organization has no user');
    const user = await vscode.workspace.openTextDocument(documentUri({ environmentId: 'sandbox', path: ['organizations', id, 'users', userId] }));
    await vscode.window.showTextDocument(user, { preview: false });
    const call = `GET /api/v1/users/${userId}`;
    assert.equal(await requestCount(call), 1);
    await api('PATCH', `/users/${userId}`, { user_profile: { given_name: 'Refreshed' } });
    const document = await show();
    await type(document, (text) => text.replace(/"display_name": ".*"/, '"display_name": "Refreshed"'));
    assert.equal(await document.save(), true);
    await until('the newer text of the user', () => user.getText().includes('"given_name": "Refreshed"'), 5_000);
    assert.equal(await requestCount(call), 2);
  });
});

describe('Compare with…', () => {
  let files: ScalekitFileSystem;
  let prompts: ScriptedPrompts;
  let parts: WorkbenchParts;

  before(async function () {
    this.timeout(40_000);
    await workbenchExtension();
    await vscode.commands.executeCommand('scalekit.sandbox.start');
    parts = await workbenchParts();
    await parts.store.load();
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('scalekit.sandbox.stop');
    await parts.dispose();
  });
  beforeEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    prompts = new ScriptedPrompts();
    files = new ScalekitFileSystem({ environments: parts.environments, prompts, redactor: parts.redactor, now: Date.now, onDidWrite: () => undefined });
  });
  afterEach(() => {
    files.dispose();
    prompts.assertAllUsed();
  });

  const facts = [
    { id: 'sandbox', name: 'Acme dev', host: 'acme.scalekit.dev', production: false },
    { id: 'acme', name: 'Acme', host: 'acme.scalekit.com', production: true },
  ];
  const compare = (argument: unknown, selection?: unknown): Promise<void> => {
    const environments = { ...parts.environments, list: () => facts, get: (wanted: string) => facts.find(({ id }) => id === wanted) };
    return compareDocuments(argument, selection, { environments, prompts, files });
  };
  const row = (environmentId: string, ...path: string[]): unknown => ({ kind: 'row', document: { environmentId, path } });
  const shown = (): { title: string; uris: string[] } => {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    const { input } = tab ?? assert.fail('no tab');
    assert.ok(input instanceof vscode.TabInputTextDiff);
    return { title: tab?.label ?? '', uris: [input.original.toString(), input.modified.toString()] };
  };
  async function ids(): Promise<string[]> {
    await vscode.commands.executeCommand('scalekit.token.copy', 'sandbox');
    const token = await vscode.env.clipboard.readText();
    const url = (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { iss: string }).iss;
    const response = await fetch(`${url}/api/v1/organizations?page_size=10`, { headers: { authorization: `Bearer ${token}` } });
    return ((await response.json()) as { organizations: { id: string }[] }).organizations.map(({ id }) => id);
  }

  it('shows two selected rows side by side, without a question', async () => {
    const [a = '', b = ''] = await ids();
    await compare(row('sandbox', 'organizations', a), [row('sandbox', 'organizations', a), row('sandbox', 'organizations', b)]);
    assert.deepEqual(shown(), {
      title: `${a} (Acme dev) ↔ ${b} (Acme dev)`,
      uris: [`scalekit:/sandbox/organizations/${a}.json`, `scalekit:/sandbox/organizations/${b}.json`],
    });
  });

  it('offers the open documents, and each environment', async () => {
    const [a = '', b = ''] = await ids();
    await vscode.window.showTextDocument(documentUri({ environmentId: 'sandbox', path: ['organizations', b] }), { preview: false });
    prompts.expectPick({ title: `Compare ${a} (Acme dev) With`, labels: [b, 'By ID in Acme dev…', 'By ID in Acme…'] }, { label: b });
    await compare(row('sandbox', 'organizations', a));
    assert.deepEqual(shown().uris.map((uri) => uri.split('/').at(-1)), [`${a}.json`, `${b}.json`]);
  });

  it('finds the other one by its ids: of a connection, the organization’s first, with a way back', async () => {
    prompts.expectPick({ labels: ['By ID in Acme dev…', 'By ID in Acme…'] }, { label: 'By ID in Acme dev…' });
    prompts.expectInput({ prompt: /organization in Acme dev/, value: 'org_1', step: { number: 1, of: 2 } }, 'org_3');
    prompts.expectInput({ prompt: /connection in Acme dev/, value: 'conn_1', step: { number: 2, of: 2 } }, 'back!');
    prompts.expectInput({ prompt: /organization/, value: 'org_3' }, ' org_2 ');
    prompts.expectInput({ prompt: /connection/, value: 'conn_1' }, 'conn_2');
    await compare(row('sandbox', 'organizations', 'org_1', 'connections', 'conn_1'));
    assert.deepEqual(shown().uris, ['scalekit:/sandbox/organizations/org_1/connections/conn_1.json', 'scalekit:/sandbox/organizations/org_2/connections/conn_2.json']);
  });

  it('takes the document in the active editor when it is called on nothing', async () => {
    const [a = '', b = ''] = await ids();
    await vscode.window.showTextDocument(documentUri({ environmentId: 'sandbox', path: ['organizations', a] }));
    prompts.expectPick({ title: `Compare ${a} (Acme dev) With` }, { label: 'By ID in Acme dev…' });
    prompts.expectInput({ value: a }, b);
    await compare(undefined);
    assert.deepEqual(shown().uris.map((uri) => uri.split('/').at(-1)), [`${a}.json`, `${b}.json`]);
  });

  it('says what to do when there is nothing to compare', async () => {
    prompts.expectMessage({ severity: 'information', text: /No Scalekit document is open/ });
    await compare(undefined);
  });

  it('shows nothing when the person cancels', async () => {
    prompts.expectPick({}, undefined);
    await compare(row('sandbox', 'organizations', 'org_1'));
    prompts.expectPick({}, { label: 'By ID in Acme…' });
    prompts.expectInput({}, undefined);
    await compare(row('sandbox', 'organizations', 'org_1'));
    assert.deepEqual(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs), []);
  });
});
