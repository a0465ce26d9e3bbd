import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import * as vscode from 'vscode';
import { listEvents } from '../../src/api/signInEvents';
import {
  documentAddress,
  documentKey,
  documentUri,
  readDocumentReference,
  readDocumentUri,
  type DocumentReference,
} from '../../src/core/documentReference';
import { companion } from '../support/companion';
import { startDocumentWorkbench, type DocumentWorkbench } from '../support/startDocumentWorkbench';
import { faultySecrets } from '../support/faultySecrets';
import { isFileError } from '../support/isFileError';
import { startOwnSandbox, type OwnSandbox } from '../support/ownSandbox';
import { typeInto } from '../support/typeInto';
import { until } from '../support/until';

function uri(path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: 'scalekit', path });
}

describe('Scalekit documents', () => {
  let world: DocumentWorkbench;
  let organization: string;

  beforeEach(async () => {
    world = await startDocumentWorkbench();
    const { organizations } = await world.sdk.organization.listOrganization({ pageSize: 10 });
    organization = organizations[1]?.id ?? assert.fail('there is no organization');
  });

  afterEach(() => world.end());

  const path = (id = organization, environmentId = world.development): vscode.Uri =>
    uri(`/${environmentId}/organizations/${id}.json`);
  const read = async (at: vscode.Uri): Promise<string> => Buffer.from(await world.files.readFile(at)).toString();

  it('are the formatted JSON of a GET', async () => {
    const text = await read(path());
    const json = JSON.parse(text) as { id: string; settings: unknown };
    assert.equal(json.id, organization);
    assert.ok(json.settings !== undefined);
    assert.ok(text.startsWith('{\n  "'));
    assert.ok(text.endsWith('}\n'));
  });

  it('have a size and times', async () => {
    const { type, size, mtime, ctime } = await world.files.stat(path());
    assert.equal(type, vscode.FileType.File);
    assert.ok(size > 0);
    assert.ok(mtime >= ctime && ctime > Date.UTC(2024, 0, 1));
  });

  it('are read again each time you open one', async () => {
    await world.files.stat(path());
    const before = JSON.parse(await read(path())) as { display_name: string };
    await world.sdk.organization.updateOrganization(organization, { displayName: 'Changed elsewhere' });
    await world.files.stat(path());
    const after = JSON.parse(await read(path())) as { display_name: string };
    assert.notEqual(before.display_name, after.display_name);
    assert.equal(after.display_name, 'Changed elsewhere');
  });

  it('are the same at a URI with any name, without one, and in the form of version 1.0.0', async () => {
    const reference: DocumentReference = { environmentId: world.development, path: ['organizations', organization] };
    const addresses = ['', 'Acme', 'An older name', '..', 'x.json'].map((name) => documentUri({ ...reference, name }));
    assert.equal(addresses[0]?.path, path().path);
    for (const address of [...addresses, uri(`/${world.development}/organizations/${organization}/.json`)]) {
      const json = JSON.parse(await read(address)) as { id: string; display_name: string };
      assert.equal(json.id, organization);
      const name = `Saved at ${address.path.slice(-20)}`;
      await world.save(address, { ...json, display_name: name });
      assert.equal((await world.sdk.organization.getOrganization(organization)).organization?.displayName, name);
    }
  });

  it('say that Scalekit doesn’t have the resource', async () => {
    await assert.rejects(
      async () => world.files.stat(path('org_1')),
      isFileError('Unavailable', /no organization.*org_1/),
    );
    await assert.rejects(
      async () => world.files.readFile(path('org_1')),
      isFileError('Unavailable', /no organization.*org_1/),
    );
  });

  it('aren’t found at invalid URIs, and send no request', async () => {
    const before = world.exchanges.length;
    for (const bad of [
      '/x.json',
      `/${world.development}.json`,
      `/${world.development}/organizations.json`,
      `/${world.development}/organizations/.json`,
      `/${world.development}/organizations//b.json`,
      `/${world.development}/organizations/a/USERS/b/c.json`,
      '/../organizations/x.json',
      '/UPPER/organizations/x.json',
    ]) {
      await assert.rejects(
        async () => world.files.readFile(uri(bad)),
        isFileError('FileNotFound', /^No Scalekit document has the address “.+”\. Open it from the view again\.$/),
        bad,
      );
      await assert.rejects(async () => world.files.stat(uri(bad)), isFileError('FileNotFound'), bad);
    }
    await assert.rejects(
      async () => world.files.readFile(uri(`/${world.development}/organizations/${organization}`)),
      isFileError('FileNotFound'),
    );
    // A kind that doesn't exist, and an ID that a URL would resolve away: neither gets into a request.
    for (const bad of [`/${world.development}/others/x.json`, `/${world.development}/organizations/...json`]) {
      await assert.rejects(async () => world.files.stat(uri(bad)), vscode.FileSystemError, bad);
    }
    assert.equal(world.exchanges.length, before);
  });

  it('say why they can’t be read', async () => {
    world.sandbox.addFault({ path: '/api/*', status: 500 });
    await assert.rejects(async () => world.files.stat(path('org_2')), isFileError('Unavailable', /HTTP 500/));
    world.sandbox.clearFaults();
    world.sandbox.addFault({ path: '/api/*', drop: true });
    await assert.rejects(async () => world.files.stat(path('org_3')), isFileError('Unavailable', /connection/));
  });

  it('say why an environment can’t be used, and what to do', async () => {
    const { context } = await companion();
    let secret: () => Promise<string | undefined> = async () => undefined;
    let isFaulty = false;
    const secrets = faultySecrets(context.secrets, {
      get: (key: string) => (isFaulty ? secret() : context.secrets.get(key)),
    });
    const other = await startDocumentWorkbench({ organizations: 1 }, { secrets });
    const at = path('org_1', other.development);
    const says = async (document: vscode.Uri, message: RegExp): Promise<void> => {
      for (const read of [() => other.files.stat(document), () => other.files.readFile(document)])
        await assert.rejects(async () => read(), isFileError('Unavailable', message));
    };
    try {
      await says(
        path('org_1', 'never-there'),
        /^never-there: this environment isn’t in VS Code\. Run “Scalekit: Add Environment…”/,
      );
      await says(path('org_1', 'sandbox'), /^sandbox is stopped\. Run “Scalekit: Start Local Sandbox”/);
      await says(
        uri(`/${other.development}/others/x.json`),
        /no Scalekit document has the address “others\/x”\. Open it from the view again\./,
      );
      isFaulty = true;
      await says(at, /can’t find its client secret\. Reload the window/);
      secret = async () => 'no record';
      await says(at, /its record in the secret storage is damaged\. Enter the secret again\./);
      secret = () => Promise.reject(new Error('locked'));
      await says(at, /the secret storage can’t be read\. Unlock/);
      isFaulty = false;
      await other.stored.remove(other.development);
      await says(at, /this environment isn’t in VS Code/);
    } finally {
      await other.end();
    }
  });

  it('can’t be created, moved or deleted', async () => {
    const attempts: Record<string, () => unknown> = {
      createDirectory: () => world.files.createDirectory(uri('/x')),
      delete: () => world.files.delete(path()),
      rename: () => world.files.rename(path()),
    };
    for (const [name, attempt] of Object.entries(attempts))
      await assert.rejects(async () => attempt(), isFileError('NoPermissions'), name);
  });

  describe('in the editor, from the sandbox that the extension started,', () => {
    let own: OwnSandbox;

    before(async function () {
      this.timeout(40_000);
      own = await startOwnSandbox();
    });

    after(() => own.stop());

    it('open with Open as JSON, and contain no token', async () => {
      const [id] = await own.organizationIds();
      await vscode.commands.executeCommand('scalekit.document.open', {
        environmentId: 'sandbox',
        organizationId: id,
      });
      const document = vscode.window.activeTextEditor?.document;
      assert.equal(document?.uri.toString(), `scalekit:/sandbox/organizations/${id}.json`);
      assert.equal(document?.languageId, 'json');
      assert.equal((JSON.parse(document?.getText() ?? '') as { id: string }).id, id);
      assert.ok(!document?.isUntitled && !document?.isDirty);
      assert.ok(!document?.getText().includes(own.token));
    });

    it('can’t be opened while the sandbox is stopped, and can again once it runs', async function () {
      this.timeout(40_000);
      // One that no editor has shown. VS Code keeps a text for a while after its tab was closed.
      const [, , id] = await own.organizationIds();
      const document = uri(`/sandbox/organizations/${id}.json`);
      await vscode.commands.executeCommand('scalekit.sandbox.stop');
      await assert.rejects(Promise.resolve(vscode.workspace.openTextDocument(document)), /stopped/);
      await vscode.commands.executeCommand('scalekit.sandbox.start');
      assert.equal(
        (JSON.parse((await vscode.workspace.openTextDocument(document)).getText()) as { id: string }).id,
        id,
      );
    });

    describe('with names', () => {
      const of = (id: string, name?: string): DocumentReference => ({
        environmentId: 'sandbox',
        path: ['organizations', id],
        name,
      });
      const tabs = (): vscode.Uri[] =>
        vscode.window.tabGroups.all
          .flatMap((group) => group.tabs)
          .flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri] : []));
      const names = (): string[] => tabs().map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
      const open = async (reference: DocumentReference): Promise<vscode.TextDocument> => {
        await vscode.commands.executeCommand('scalekit.document.open', { document: reference });
        const document = vscode.window.activeTextEditor?.document;
        assert.equal(document && (JSON.parse(document.getText()) as { id: string }).id, reference.path[1]);
        return document ?? assert.fail('nothing is open');
      };
      const keep = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.keepEditor');
      const newName = (document: vscode.TextDocument, name: string): Promise<void> =>
        typeInto(document, (text) => text.replace(/"display_name": ".*"/, `"display_name": "${name}"`));
      let id: string;
      let other: string;

      before(async function () {
        this.timeout(40_000);
        // It was restarted at another address.
        own = await startOwnSandbox();
      });
      beforeEach(async () => {
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
        [, , , id = '', other = ''] = await own.organizationIds();
      });
      after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

      it('are two documents for two organizations of the same name', async () => {
        const first = await open(of(id, 'Acme'));
        await keep();
        const second = await open(of(other, 'Acme'));
        assert.deepEqual(names(), ['Acme.json', 'Acme.json']);
        assert.notEqual(first.getText(), second.getText());
      });

      it('stay one document when the organization is renamed while it’s open, even with unsaved changes', async () => {
        const document = await open(of(id, 'Before'));
        const updateTime = (): unknown => (JSON.parse(document.getText()) as { update_time: unknown }).update_time;
        const before = updateTime();
        await newName(document, 'After');
        assert.equal(await document.save(), true);
        // VS Code reads the text again after a save, and refuses a test's edits meanwhile.
        await until('the text as Scalekit prints it', () => !document.isDirty && updateTime() !== before, 5_000);
        await newName(document, 'Not saved yet');
        for (const reference of [of(id, 'After'), of(id), of(id, 'Before')]) {
          assert.equal(await open(reference), document);
          assert.equal(documentAddress(reference).toString(), document.uri.toString());
        }
        assert.deepEqual(names(), ['Before.json']);
        assert.ok(document.isDirty && document.getText().includes('Not saved yet'));

        await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
        await open(of(id, 'After'));
        assert.deepEqual(names(), ['After.json'], 'opened again, it has its new name');
      });

      it('stay one document when VS Code opens it under another name, in its group or another one', async () => {
        const document = await open(of(id, 'Now'));
        await newName(document, 'Not saved yet');
        for (const viewColumn of [vscode.ViewColumn.Active, vscode.ViewColumn.Beside]) {
          for (const before of [of(id, 'Before'), of(id)]) {
            await vscode.commands.executeCommand('vscode.open', documentUri(before), viewColumn);
            await until(
              'the document that was open',
              () =>
                vscode.window.activeTextEditor?.document === document &&
                new Set(names()).size === 1 &&
                tabs().length <= 2,
              5_000,
            );
          }
        }
        assert.deepEqual([...new Set(names())], ['Now.json']);
        assert.ok(document.isDirty && document.getText().includes('Not saved yet'));
        await vscode.commands.executeCommand('workbench.action.files.revert');
      });

      it('that version 1.0.0 opened can be opened and saved, and keep their URI while they’re open', async () => {
        const document = await vscode.workspace.openTextDocument(uri(`/sandbox/organizations/${id}.json`));
        await vscode.window.showTextDocument(document);
        await newName(document, 'Restored');
        assert.equal(await document.save(), true);
        const { organization } = (await own.api('GET', `/organizations/${id}`)) as {
          organization: { display_name: string };
        };
        assert.equal(organization.display_name, 'Restored');
        assert.equal(await open(of(id, 'Restored')), document);
        assert.deepEqual(names(), [`${id}.json`]);
      });

      it('are compared at the URIs that are open', async () => {
        const document = await open(of(id, 'One'));
        await keep();
        await vscode.commands.executeCommand('scalekit.document.compare', undefined, [
          { document: of(id, 'Renamed') },
          { document: of(other, 'Two') },
        ]);
        const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        assert.ok(input instanceof vscode.TabInputTextDiff);
        assert.equal(input.original.toString(), document.uri.toString());
        assert.ok(input.modified.path.endsWith(`/${other}/Two.json`));
        assert.equal(documentAddress(of(other, 'Renamed')).toString(), input.modified.toString());
      });
    });
  });
});

describe('the URI of a document', () => {
  const hostile = [
    '..',
    '.',
    '...',
    'a/b',
    'a\\b',
    '%2F',
    '%2e%2e',
    '%',
    'a?b#c',
    'organizations:read',
    ' ',
    '\u202eevil',
    'ünï—😀',
    'a.json',
    '\u0000',
    'x'.repeat(256),
  ];

  it('keeps any ID within its own segment, and reads back unchanged', () => {
    for (const id of hostile) {
      const reference: DocumentReference = { environmentId: 'acme', path: ['organizations', id, 'users', 'usr_1'] };
      const uri = documentUri(reference);
      assert.equal(uri.path.split('/').length, 6, id);
      assert.deepEqual(readDocumentUri(uri), reference, id);
      assert.deepEqual(readDocumentUri(vscode.Uri.parse(uri.toString())), reference, id);
      assert.ok(!/(^|\/)\.+(\/|$)/.test(uri.path), uri.path);
    }
  });

  it('reads back unchanged for any text that a URL can carry', () => {
    const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(id, id, (first, second) => {
        const reference: DocumentReference = { environmentId: 'acme', path: ['roles', first, 'users', second] };
        assert.deepEqual(readDocumentUri(vscode.Uri.parse(documentUri(reference).toString())), reference);
      }),
    );
  });

  const hostileNames: Readonly<Record<string, string>> = {
    '../': '',
    '../x': '..-x',
    '..': '',
    '.': '',
    '': '',
    '   ': '',
    '///': '',
    '\t\u00a0\n': '',
    'a/b\\c': 'a-b-c',
    '\u202eevil\u2066': '-evil-',
    'a\u0000b\u200bc': 'a-b-c',
    'Two\nlines': 'Two lines',
    '%2F': '-2F',
    '#?': '',
    'a#b?c': 'a-b-c',
    '<a>:"b"|*': '-a---b---',
    'Acme Inc.': 'Acme Inc',
    '.NET Foundation': '.NET Foundation',
    'acme.json': 'acme.json',
    'ünï—😀': 'ünï—😀',
    '👩‍👩‍👧 Family': '👩‍👩‍👧 Family',
    '\ud83d half': '- half',
    ['x'.repeat(500)]: 'x'.repeat(60),
    [`${'x'.repeat(59)}😀😀`]: `${'x'.repeat(59)}😀`,
    [`${'x'.repeat(58)}👩‍👩‍👧`]: 'x'.repeat(58),
    ['😀'.repeat(500)]: '😀'.repeat(60),
    [`${'x'.repeat(58)}. y`]: 'x'.repeat(58),
    [`e${'\u0301'.repeat(100)}`]: '',
    org_1: '',
  };

  it('ends with the displayable part of the name, or has no name', () => {
    for (const [name, shown] of Object.entries(hostileNames)) {
      const reference: DocumentReference = { environmentId: 'acme', path: ['organizations', 'org_1'] };
      const uri = documentUri({ ...reference, name });
      assert.equal(uri.path, `/acme/organizations/org_1${shown === '' ? '' : `/${shown}`}.json`, JSON.stringify(name));
      assert.deepEqual(readDocumentUri(vscode.Uri.parse(uri.toString())), reference);
    }
  });

  it('refers to the same resource whatever the name, and to another one for another ID', () => {
    const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
    const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom(...Object.keys(hostileNames)));
    fc.assert(
      fc.property(id, id, name, (first, second, called) => {
        const [one, two] = [first, second].map((each): DocumentReference => {
          const path = ['organizations', 'org_1', 'roles', each];
          const uri = vscode.Uri.parse(documentUri({ environmentId: 'acme', path, name: called }).toString());
          const reference = readDocumentUri(uri) ?? assert.fail(uri.path);
          assert.deepEqual(reference, { environmentId: 'acme', path });
          const [file = ''] = uri.path.split('/').slice(6);
          assert.ok(uri.path.split('/').length <= 7 && [...file].length <= 60 + '.json'.length, uri.path);
          assert.ok(!/[\p{Cc}\p{Cs}\p{Bidi_Control}<>:"\\|?*#%]/u.test(file), uri.path);
          assert.ok(!/(^|\/)\.+(\/|$)/.test(uri.path), uri.path);
          return reference;
        });
        if (one !== undefined && two !== undefined)
          assert.equal(documentKey(one) === documentKey(two), first === second);
      }),
    );
  });

  it('is read from a tree row or from a reference, and from nothing else', () => {
    const reference = { environmentId: 'acme', path: ['organizations', 'org_1'] };
    assert.deepEqual(readDocumentReference({ kind: 'organization', document: reference }), reference);
    assert.deepEqual(readDocumentReference(reference), reference);
    assert.deepEqual(readDocumentReference({ ...reference, name: 'Acme' }), { ...reference, name: 'Acme' });
    assert.deepEqual(readDocumentReference({ ...reference, name: 7 }), reference);
    for (const bad of [
      undefined,
      null,
      7,
      'x',
      [],
      {},
      { document: 7 },
      { environmentId: 'acme', path: [] },
      { environmentId: 'acme', path: ['organizations'] },
      { environmentId: '../x', path: ['organizations', 'o'] },
      { environmentId: 'acme', path: ['../x', 'o'] },
      { environmentId: 'acme', path: ['organizations', 'x'.repeat(257)] },
    ]) {
      assert.equal(readDocumentReference(bad), undefined, JSON.stringify(bad));
    }
  });
});

describe('documents of every kind', () => {
  let world: DocumentWorkbench;
  let organization: string;

  const get = async (path: string): Promise<Record<string, unknown>> => {
    const { value } = await (await world.environments.client(world.development)).tokens.get();
    return (await (
      await fetch(`${world.sandbox.url}/api/v1${path}`, { headers: { authorization: `Bearer ${value}` } })
    ).json()) as Record<string, unknown>;
  };
  const first = async (path: string, field: string): Promise<Record<string, unknown>> =>
    ((await get(path))[field] as Record<string, unknown>[])[0] ?? assert.fail(`${path} has none`);
  /** Waits for the next operation of VS Code. Within one, a response is reused. */
  const laterOperation = (): Promise<unknown> => delay(3_100);
  const read = (...path: string[]): Promise<Record<string, unknown>> =>
    world.open(documentUri({ environmentId: world.development, path }));

  before(async () => {
    world = await startDocumentWorkbench({ organizations: 20, seed: 7 });
    const { organizations } = (await get('/organizations?page_size=20')) as { organizations: { id: string }[] };
    for (const { id } of organizations) {
      const directories = (await get(`/organizations/${id}/directories`))['directories'] as {
        last_synced_at?: string;
      }[];
      const connections = (await get(`/connections?organization_id=${id}&include=all`))['connections'] as unknown[];
      if (directories[0]?.last_synced_at !== undefined && connections.length > 0) organization = id;
      if (organization !== undefined) break;
    }
    assert.ok(organization !== undefined, 'the sample has an organization with everything');
  });
  afterEach(() => world.sandbox.clearFaults());
  after(() => world.end());

  it('show a GET’s response without its envelope', async () => {
    const of = `/organizations/${organization}`;
    const connection = await first(`/connections?organization_id=${organization}&include=all`, 'connections');
    const directory = await first(`${of}/directories`, 'directories');
    const domain = await first(`${of}/domains`, 'domains');
    const user = await first(`${of}/users`, 'users');
    const role = await first('/roles', 'roles');
    const permission = await first('/permissions', 'permissions');
    assert.equal(
      (await read('organizations', organization, 'connections', String(connection['id'])))['id'],
      connection['id'],
    );
    assert.equal((await read('connections', String(connection['id'])))['id'], connection['id']);
    assert.equal(
      (await read('organizations', organization, 'directories', String(directory['id'])))['id'],
      directory['id'],
    );
    assert.equal((await read('organizations', organization, 'domains', String(domain['id'])))['id'], domain['id']);
    assert.equal((await read('organizations', organization, 'users', String(user['id'])))['email'], user['email']);
    assert.equal((await read('roles', String(role['name'])))['name'], role['name']);
    assert.equal((await read('permissions', String(permission['name'])))['name'], permission['name']);
  });

  it('are read again each time you open one, even if the resource was just read', async () => {
    await laterOperation();
    const user = await first(`/organizations/${organization}/users`, 'users');
    const connection = await first(`/connections?organization_id=${organization}&include=all`, 'connections');
    const client = await world.environments.client(world.development);
    const userId = String(user['id']);
    const connectionId = String(connection['id']);
    // The tree, or one of its hovers, has read them.
    await client.getJson(`/api/v1/users/${userId}`);
    await client.getJson(`/api/v1/organizations/${organization}/connections/${connectionId}`);
    await world.sdk.user.updateUser(userId, { metadata: { changed: 'elsewhere' } });
    if (connection['enabled'] === true) await world.sdk.connection.disableConnection(organization, connectionId);
    else await world.sdk.connection.enableConnection(organization, connectionId);
    const before = world.sandbox.requests.length;
    assert.deepEqual((await read('organizations', organization, 'users', userId))['metadata'], {
      changed: 'elsewhere',
    });
    assert.equal(
      (await read('organizations', organization, 'connections', connectionId))['enabled'] === true,
      connection['enabled'] !== true,
    );
    assert.equal(world.sandbox.requests.length - before, 2, 'its facts and its text come from one answer');
  });

  it('show the newest events of a sign-in whose record its row has', async () => {
    await laterOperation();
    const signIn = await first('/logs/authentication/requests', 'authRequests');
    const id = String(signIn['auth_request_id']);
    const path = ['organizations', organization, 'sign-ins', id];
    world.files.remember({ environmentId: world.development, path, record: signIn });
    await listEvents(await world.environments.client(world.development), { auth_request_id: id });
    world.sandbox.addFault({
      path: '/api/v1/events/*',
      respond: { body: { events: [{ id: 'evt_newest', type: 'x' }], total_size: 1 } },
    });
    assert.deepEqual(
      ((await read(...path))['events'] as { id: string }[]).map((event) => event.id),
      ['evt_newest'],
    );
  });

  it('show records that only a list has: a directory’s users and groups, sign-ins', async () => {
    await laterOperation();
    const directory = String((await first(`/organizations/${organization}/directories`, 'directories'))['id']);
    const users = `/organizations/${organization}/directories/${directory}`;
    const user = await first(`${users}/users`, 'users');
    const group = await first(`${users}/groups`, 'groups');
    const signIn = await first('/logs/authentication/requests', 'authRequests');
    assert.deepEqual(
      await read('organizations', organization, 'directories', directory, 'users', String(user['id'])),
      user,
    );
    assert.deepEqual(
      await read('organizations', organization, 'directories', directory, 'groups', String(group['id'])),
      group,
    );
    const signInId = String(signIn['auth_request_id']);
    const events = await world.sdk.events.listEventsPaginated(10, '', { authRequestId: signInId });
    const { events: shownEvents, ...shownSignIn } = await read('organizations', organization, 'sign-ins', signInId);
    assert.deepEqual(shownSignIn, signIn);
    assert.deepEqual(
      (shownEvents as { id: string; data: unknown }[]).map(({ id, data }) => ({ id, data })),
      events.events.map(({ id, data }) => ({ id, data })),
    );
    await assert.rejects(
      read('organizations', organization, 'directories', directory, 'users', 'diruser_none'),
      isFileError('Unavailable', /only in lists.*diruser_none/),
    );
  });

  it('show the tree’s record without a request where there is no GET', async () => {
    const path = ['organizations', organization, 'directories', 'dir_1', 'users', 'diruser_remembered'];
    const uri = world.files.remember({
      environmentId: world.development,
      path,
      record: { id: 'diruser_remembered', email: 'a@example.com', access_token: 'secret-1' },
    });
    const before = world.sandbox.requests.length;
    assert.deepEqual(await read(...path), {
      id: 'diruser_remembered',
      email: 'a@example.com',
      access_token: '[redacted]',
    });
    assert.equal(world.sandbox.requests.length, before);
    let changed = 0;
    const listener = world.files.onDidChangeFile(
      (events) => (changed += events.filter((event) => event.uri.toString() === uri.toString()).length),
    );
    world.files.remember({
      environmentId: world.development,
      path,
      record: { id: 'diruser_remembered', email: 'b@example.com' },
    });
    listener.dispose();
    assert.equal(changed, 1);
    assert.equal((await read(...path))['email'], 'b@example.com');
  });

  it('show a sign-in whose events can’t be read, and say why they’re missing', async () => {
    world.sandbox.addFault({ path: '/api/v1/events/*', status: 403 });
    const path = ['organizations', organization, 'sign-ins', 'auth_remembered'];
    world.files.remember({
      environmentId: world.development,
      path,
      record: { auth_request_id: 'auth_remembered', status: 'FAILED' },
    });
    const { events_unavailable: why, ...rest } = await read(...path);
    assert.deepEqual(rest, { auth_request_id: 'auth_remembered', status: 'FAILED' });
    assert.match(String(why), /may not do that/);
  });

  for (const status of [404, 501]) {
    it(`use the list if a preview GET returns ${status}`, async () => {
      const { id } = await first('/connections?include=all', 'connections');
      world.sandbox.addFault({ path: `/api/v1/connections/${String(id)}`, status });
      assert.equal((await read('connections', String(id)))['id'], id);
    });
  }

  it('contain no secret', async () => {
    const { organizations } = (await get('/organizations?page_size=20')) as { organizations: { id: string }[] };
    const lists = await Promise.all(
      organizations.map(async ({ id }) => ({
        id,
        connections: (await get(`/connections?organization_id=${id}&include=all`))['connections'] as {
          id: string;
          type: string;
        }[],
      })),
    );
    const [oidc] = lists.flatMap(({ id, connections }) =>
      connections
        .filter(({ type }) => type === 'OIDC')
        .map((connection) => `/organizations/${id}/connections/${connection.id}`),
    );
    const path = oidc ?? assert.fail('the sample has no OIDC connection');
    const { connection } = (await get(path)) as { connection: { oidc_config: { client_secret: string } } };
    assert.ok(connection.oidc_config.client_secret.length > 0, 'the server does send one');
    const shown = (await read(...path.slice(1).split('/'))) as { oidc_config: { client_secret: string } };
    assert.equal(shown.oidc_config.client_secret, '[redacted]');
    assert.ok(!JSON.stringify(shown).includes(connection.oidc_config.client_secret));
  });

  it('are read-only, except organizations, and roles and permissions of your own', async () => {
    const user = await first(`/organizations/${organization}/users`, 'users');
    const own = await first('/permissions?type=ENVIRONMENT', 'permissions');
    const theirs = await first('/permissions?type=SCALEKIT', 'permissions');
    const at = (...path: string[]): vscode.Uri => documentUri({ environmentId: world.development, path });
    for (const uri of [
      at('organizations', organization, 'users', String(user['id'])),
      at('permissions', String(theirs['name'])),
      at('roles', 'cartoonist'),
    ]) {
      assert.equal((await world.files.stat(uri)).permissions, vscode.FilePermission.Readonly, uri.path);
      await assert.rejects(world.files.writeFile(uri, Buffer.from('{}')), isFileError('NoPermissions'), uri.path);
    }
    for (const uri of [
      at('organizations', organization),
      at('roles', 'admin'),
      at('permissions', String(own['name'])),
    ]) {
      assert.equal((await world.files.stat(uri)).permissions, undefined, uri.path);
    }
  });
});
