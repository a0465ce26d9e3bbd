import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { documentUri, type DocumentReference } from '../../src/core/documentReference';
import { startDocumentWorkbench, type DocumentWorkbench } from '../support/startDocumentWorkbench';
import { isFileError } from '../support/isFileError';
import { startOwnSandbox, type OwnSandbox } from '../support/ownSandbox';
import { typeInto } from '../support/typeInto';
import { until } from '../support/until';

describe('saving an organization document', () => {
  let world: DocumentWorkbench;
  let id: string;

  const patches = (): unknown[] =>
    world.writes().map(([call, body]) => (call === `PATCH organizations/${id}` ? body : call));
  const bySdk = async () => (await world.sdk.organization.getOrganization(id)).organization ?? assert.fail('none');
  const at = (environmentId = world.development): vscode.Uri =>
    documentUri({ environmentId, path: ['organizations', id] });
  const open = (uri = at()): Promise<Record<string, unknown>> => world.open(uri);
  const save = (json: unknown, uri = at()): Promise<void> => world.save(uri, json);

  beforeEach(async () => {
    world = await startDocumentWorkbench();
    const created = await world.sdk.organization.createOrganization('Acme', { externalId: 'ext-acme' });
    id = created.organization?.id ?? assert.fail('none');
  });
  afterEach(() => world.end());

  it('sends the changes in one PATCH, and notifies listeners', async () => {
    await save({ ...(await open()), display_name: 'Acme Inc' });
    assert.deepEqual(patches(), [{ display_name: 'Acme Inc' }]);
    assert.equal((await bySdk()).displayName, 'Acme Inc');
    assert.deepEqual(world.written, [`organizations/${id}`]);
    assert.equal((await open())['display_name'], 'Acme Inc');
  });

  it('says in the status bar which fields Scalekit has saved', async () => {
    const { setStatusBarMessage } = vscode.window;
    const shown: string[] = [];
    Object.assign(vscode.window, {
      setStatusBarMessage: (text: string) => {
        shown.push(text);
        return new vscode.Disposable(() => undefined);
      },
    });
    try {
      const json = await open();
      await save(json);
      assert.deepEqual(shown, [], 'nothing was saved');
      await save({ ...json, display_name: 'Acme Inc', metadata: { tier: 'gold' } });
    } finally {
      Object.assign(vscode.window, { setStatusBarMessage });
    }
    const name = world.environments.get(world.development)?.name ?? '';
    assert.deepEqual(shown, [`$(check) Saved to Scalekit: display_name, metadata · ${name}`]);
  });

  it('keeps a redacted secret in the metadata, and never sends its placeholder', async () => {
    await world.sdk.organization.updateOrganization(id, { metadata: { plan: 'team', api_key: 'k-123' } });
    const shown = await open();
    assert.deepEqual(shown['metadata'], { plan: 'team', api_key: '[redacted]' });
    await save({ ...shown, metadata: { plan: 'free', api_key: '[redacted]' } });
    assert.deepEqual({ ...(await bySdk()).metadata }, { plan: 'free', api_key: 'k-123' });
    await assert.rejects(
      save({ ...(await open()), metadata: { plan: '[redacted]' } }),
      isFileError('Unavailable', /metadata\.plan/),
    );
    assert.deepEqual({ ...(await bySdk()).metadata }, { plan: 'free', api_key: 'k-123' });
  });

  it('refuses invalid text with a message, and sends nothing', async () => {
    const shown = await open();
    const cases: [unknown, RegExp][] = [
      ['{', /isn’t valid JSON/],
      ['[]', /JSON object/],
      [{ ...shown, display_name: undefined }, /must have a “display_name”/],
      [{ ...shown, id: 'org_2' }, /can’t change “id”/],
      [{ ...shown, region_code: undefined }, /you can’t remove “region_code”/],
      [{ ...shown, colour: 'red' }, /no field “colour”/],
      [{ ...shown, slug: 7 }, /“slug” must be text/],
    ];
    for (const [json, message] of cases) await assert.rejects(save(json), isFileError('Unavailable', message));
    assert.deepEqual(patches(), []);
    assert.deepEqual(world.written, []);
  });

  it('never sends a replacement character, whatever its form', async () => {
    const shown = JSON.stringify(await open());
    const latin1 = Buffer.from(shown.replace('"Acme"', '"Müller"'), 'latin1');
    await assert.rejects(world.files.writeFile(at(), latin1), isFileError('Unavailable', /Save with Encoding/));
    for (const lost of ['M\ufffdller', 'M\\ufffdller', 'half \\ud83d']) {
      await assert.rejects(
        save(shown.replace('"Acme"', `"${lost}"`)),
        isFileError('Unavailable', /“display_name” contains a character that was lost/),
        lost,
      );
    }
    await assert.rejects(
      save({ ...(await open()), metadata: { team: 'caf\ufffd' } }),
      isFileError('Unavailable', /“metadata”/),
    );
    assert.deepEqual(patches(), []);
  });

  it('leaves replacement characters from before alone, in changed and unchanged fields', async () => {
    await world.sdk.organization.updateOrganization(id, {
      displayName: 'M\ufffdller',
      metadata: { team: 'caf\ufffd' },
    });
    await save({ ...(await open()), external_id: 'ext-new', metadata: { team: 'caf\ufffd', plan: 'free' } });
    assert.deepEqual(patches(), [{ external_id: 'ext-new', metadata: { team: 'caf\ufffd', plan: 'free' } }]);
  });

  it('names the field that Scalekit refuses', async () => {
    await assert.rejects(save({ ...(await open()), slug: 'Not A Slug' }), isFileError('Unavailable', /slug/));
    await assert.rejects(save({ ...(await open()), metadata: { ab: 'x' } }), isFileError('Unavailable', /metadata/));
  });

  it('says that an external ID belongs to another organization', async () => {
    const taken = 'taken-elsewhere';
    await world.sdk.organization.createOrganization('Other', { externalId: taken });
    await assert.rejects(
      save({ ...(await open()), external_id: taken }),
      isFileError('Unavailable', /conflict.*already exists/),
    );
  });

  it('sends two saves at once one after the other', async () => {
    const shown = await open();
    world.sandbox.addFault({ path: '/api/v1/organizations/*', method: 'PATCH', delayMs: 100, times: 1 });
    const outcomes = await Promise.allSettled([
      save({ ...shown, display_name: 'First' }),
      save({ ...shown, display_name: 'Second' }),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'fulfilled'],
    );
    assert.deepEqual(patches(), [{ display_name: 'First' }, { display_name: 'Second' }]);
    assert.equal((await bySdk()).displayName, 'Second');
  });

  it('is refused if the organization changed without VS Code noticing', async () => {
    const shown = await open();
    await world.sdk.organization.updateOrganization(id, { displayName: 'Theirs' });
    await assert.rejects(
      save({ ...shown, display_name: 'Mine' }),
      isFileError('Unavailable', /changed in Scalekit in the meantime/),
    );
    assert.deepEqual(patches(), []);
    assert.equal((await bySdk()).displayName, 'Theirs');
  });

  it('says that the organization was deleted', async () => {
    const shown = await open();
    await world.sdk.organization.deleteOrganization(id);
    await assert.rejects(save({ ...shown, display_name: 'Mine' }), isFileError('Unavailable', /It was deleted there/));
    assert.deepEqual(patches(), []);
  });

  it('succeeds after a lost response if the change is there', async () => {
    const shown = await open();
    world.sandbox.addFault({ path: '/api/v1/organizations/*', method: 'PATCH', halfBody: true });
    await save({ ...shown, display_name: 'Arrived' });
    assert.equal(patches().length, 1);
    assert.equal((await bySdk()).displayName, 'Arrived');
    assert.deepEqual(world.written, [`organizations/${id}`]);
  });

  for (const [what, fault, message] of [
    ['the connection is cut', { drop: true }, /connection/],
    ['Scalekit has a problem', { status: 503 }, /HTTP 503/],
    ['the client lacks a permission', { status: 403 }, /may not do that/],
  ] as const) {
    it(`is refused with a message, and not retried, if ${what}`, async () => {
      const shown = await open();
      world.sandbox.addFault({ path: '/api/v1/organizations/*', method: 'PATCH', ...fault });
      await assert.rejects(save({ ...shown, display_name: 'Lost' }), isFileError('Unavailable', message));
      assert.equal(patches().length, 1);
      assert.equal((await bySdk()).displayName, 'Acme');
      assert.deepEqual(world.written, []);
    });
  }

  it('gets a new token if the old one has expired', async () => {
    const shown = await open();
    world.sandbox.expireTokens();
    await save({ ...shown, display_name: 'Renewed' });
    assert.equal((await bySdk()).displayName, 'Renewed');
  });

  it('says which fields Scalekit left unchanged', async () => {
    const shown = await open();
    world.sandbox.addFault({
      path: '/api/v1/organizations/*',
      method: 'PATCH',
      respond: { body: { organization: shown } },
    });
    world.prompts.expectMessage({ severity: 'warning', text: /left external_id unchanged/ });
    await save({ ...shown, external_id: '' });
    await until('the warning', () => {
      try {
        world.prompts.assertAllUsed();
        return true;
      } catch {
        return false;
      }
    });
  });

  it('asks first in production, naming organization, environment and fields', async () => {
    const shown = await open(at(world.production));
    const name = world.environments.get(world.production)?.name ?? '';
    world.prompts.expectConfirm(
      {
        message: `Save the organization “Acme” in the production environment ${name}?`,
        detail: `${id}\nChanged: display_name`,
        action: 'Save to Production',
      },
      false,
    );
    await assert.rejects(
      save({ ...shown, display_name: 'Live' }, at(world.production)),
      isFileError('Unavailable', /you canceled it/),
    );
    assert.deepEqual(patches(), []);
    world.prompts.expectConfirm({}, true);
    await save({ ...shown, display_name: 'Live' }, at(world.production));
    assert.deepEqual(patches(), [{ display_name: 'Live' }]);
  });

  it('doesn’t ask in production if nothing changed', async () => {
    await save(await open(at(world.production)), at(world.production));
    assert.deepEqual(patches(), []);
  });

  it('is refused if the organization changed while the question was open', async () => {
    world.prompts.confirm = async () => {
      await world.sdk.organization.updateOrganization(id, { displayName: 'Theirs' });
      return true;
    };
    const shown = await open(at(world.production));
    await assert.rejects(
      save({ ...shown, display_name: 'Mine' }, at(world.production)),
      isFileError('Unavailable', /in the meantime/),
    );
    assert.deepEqual(patches(), []);
    assert.equal((await bySdk()).displayName, 'Theirs');
  });
});

describe('an organization document in the editor', () => {
  let own: OwnSandbox;
  let id: string;

  before(async function () {
    this.timeout(40_000);
    own = await startOwnSandbox();
    id = (await own.organizationIds())[1] ?? assert.fail('there is no organization');
  });
  after(() => own.stop());

  const now = async (): Promise<Record<string, unknown>> =>
    (await own.api('GET', `/organizations/${id}`))['organization'] as Record<string, unknown>;
  const patchCount = (): Promise<number> => own.requestCount(`PATCH /api/v1/organizations/${id}`);
  const show = async (): Promise<vscode.TextDocument> => {
    await vscode.commands.executeCommand('scalekit.document.open', {
      document: { environmentId: 'sandbox', path: ['organizations', id] },
    });
    const document = vscode.window.activeTextEditor?.document;
    if (document?.uri.path.endsWith(`/${id}.json`) !== true) return assert.fail('the document did not open');
    // VS Code shows a document that it still has at once, and then reads it again.
    const newest = `${JSON.stringify(await now(), undefined, 2)}\n`;
    await until('the newest text', () => document.getText() === newest, 5_000);
    return document;
  };

  it('is saved with one PATCH, and then shows Scalekit’s text', async () => {
    const document = await show();
    const before = await patchCount();
    const name = String((await now())['display_name']);
    await typeInto(document, (text) => text.replace(JSON.stringify(name), '"Saved in the editor"'));
    assert.equal(await patchCount(), before);
    assert.equal(await document.save(), true);
    assert.equal(await patchCount(), before + 1);
    const saved = await now();
    assert.equal(saved['display_name'], 'Saved in the editor');
    await until(
      'the text as Scalekit prints it',
      () => document.getText() === `${JSON.stringify(saved, undefined, 2)}\n`,
      5_000,
    );
    assert.equal(document.isDirty, false);
  });

  it('can be saved again right after a save', async () => {
    const document = await show();
    for (const name of ['Second', 'Third']) {
      await typeInto(document, (text) => text.replace(/"display_name": ".*"/, `"display_name": "${name}"`));
      assert.equal(await document.save(), true);
      assert.equal((await now())['display_name'], name);
      await until('the new text', () => !document.isDirty && document.getText().includes(`"${name}"`), 5_000);
    }
  });

  it('isn’t saved over someone else’s change, even of equal length, and keeps its text', async () => {
    const document = await show();
    await typeInto(document, (text) => text.replace(/"display_name": ".*"/, '"display_name": "Thirr"'));
    await own.api('PATCH', `/organizations/${id}`, { display_name: 'Thirx' });
    const before = await patchCount();
    assert.equal(await document.save(), false);
    assert.equal(await patchCount(), before);
    assert.equal((await now())['display_name'], 'Thirx');
    assert.ok(document.isDirty && document.getText().includes('Thirr'));
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('the newer text', () => !document.isDirty && document.getText().includes('Thirx'), 5_000);
  });

  it('then compares only what you can decide: read-only fields get Scalekit’s values, unless you changed them', async () => {
    const document = await show();
    const before = await now();
    const create = String(before['create_time']);
    await typeInto(document, (text) =>
      text.replace(/"display_name": ".*"/, '"display_name": "Mine"').replace(create, 'changed by hand'),
    );
    await own.api('PATCH', `/organizations/${id}`, { display_name: 'Theirs' });
    const theirs = await now();
    assert.notEqual(theirs['update_time'], before['update_time']);
    assert.equal(await document.save(), false);
    const text = (): Record<string, unknown> => JSON.parse(document.getText()) as Record<string, unknown>;
    await until('the current time', () => text()['update_time'] === theirs['update_time'], 5_000);
    assert.deepEqual(text(), { ...theirs, display_name: 'Mine', create_time: 'changed by hand' });
    assert.equal(document.isDirty, true);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('their text', () => !document.isDirty && document.getText().includes('"Theirs"'), 5_000);
  });

  it('marks a read-only field as soon as you change it, until you undo that', async () => {
    const document = await show();
    const marks = (): vscode.Diagnostic[] =>
      vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'Scalekit');
    await typeInto(document, (text) => text.replace(`"id": "${id}"`, '"id": "org_other"'));
    await until('the mark', () => marks().length > 0, 5_000);
    const [mark, ...others] = marks();
    assert.deepEqual(others, []);
    assert.equal(mark?.message, 'You can’t change “id” in Scalekit. Undo this change before you save.');
    assert.equal(mark === undefined ? '' : document.getText(mark.range), '"id": "org_other"');
    await typeInto(document, (text) =>
      text.replace('org_other', id).replace(/"display_name": ".*"/, '"display_name": "Mine"'),
    );
    await until('no mark', () => marks().length === 0, 5_000);
    await typeInto(document, (text) => text.replace(`"id": "${id}"`, '"id": "org_other"'));
    await until('the mark again', () => marks().length === 1, 5_000);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('no mark after Revert', () => marks().length === 0, 5_000);
  });

  it('is read again with Reload from Scalekit', async () => {
    const document = await show();
    await own.api('PATCH', `/organizations/${id}`, { display_name: 'Changed elsewhere' });
    await vscode.commands.executeCommand('scalekit.document.reload', document.uri);
    await until('the new text', () => document.getText().includes('"Changed elsewhere"'), 5_000);
    assert.equal(document.isDirty, false);
  });

  it('gives its ID to Copy ID, from its editor or from the Command Palette', async () => {
    const document = await show();
    for (const argument of [document.uri, undefined]) {
      await vscode.env.clipboard.writeText('something else');
      await vscode.commands.executeCommand('scalekit.resource.copyId', argument);
      assert.equal(await vscode.env.clipboard.readText(), id);
    }
  });

  it('keeps its text if a save is refused', async () => {
    const document = await show();
    const before = await patchCount();
    await typeInto(document, (text) => text.slice(0, -4));
    const text = document.getText();
    assert.equal(await document.save(), false);
    assert.equal(document.getText(), text);
    assert.equal(await patchCount(), before);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('is validated by the schema', async () => {
    const document = await show();
    await typeInto(document, (text) =>
      text
        .replace(/"display_name": ".*"/, '"display_name": ""')
        .replace('"metadata": {', '"colour": "red",\n  "metadata": {'),
    );
    await until('problems', () => vscode.languages.getDiagnostics(document.uri).length >= 2, 15_000);
    const problems = vscode.languages
      .getDiagnostics(document.uri)
      .map(({ message }) => message)
      .join('\n');
    assert.match(problems, /shorter than the minimum length of 1/);
    assert.match(problems, /colour/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('refreshes open documents beneath it after a save', async () => {
    const { users } = (await own.api('GET', `/organizations/${id}/users?page_size=1`)) as { users: { id: string }[] };
    const userId = users[0]?.id ?? assert.fail('the organization has no user');
    const user = await vscode.workspace.openTextDocument(
      documentUri({ environmentId: 'sandbox', path: ['organizations', id, 'users', userId] }),
    );
    await vscode.window.showTextDocument(user, { preview: false });
    const call = `GET /api/v1/users/${userId}`;
    // Once, unless a slow machine splits VS Code's simultaneous requests into two.
    const opened = await own.requestCount(call);
    assert.ok(opened >= 1);
    await own.api('PATCH', `/users/${userId}`, { user_profile: { given_name: 'Refreshed' } });
    const document = await show();
    await typeInto(document, (text) => text.replace(/"display_name": ".*"/, '"display_name": "Refreshed"'));
    assert.equal(await document.save(), true);
    await until('the newer text of the user', () => user.getText().includes('"given_name": "Refreshed"'), 5_000);
    assert.ok((await own.requestCount(call)) > opened);
  });

  it('closes when it’s deleted, but stays open with unsaved changes, which can no longer be saved', async () => {
    const world = await startDocumentWorkbench();
    const { files } = world;
    const deleted: string[] = [];
    files.onDidChangeFile((events) =>
      deleted.push(...events.filter(({ type }) => type === vscode.FileChangeType.Deleted).map(({ uri }) => uri.path)),
    );
    const reference: DocumentReference = { environmentId: 'sandbox', path: ['organizations', id] };
    const shown = (): string[] =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs.map(({ input }) => (input instanceof vscode.TabInputText ? input.uri.path : '')))
        .filter((path) => path.includes(id));
    try {
      const {
        uri: { path },
      } = await show();
      assert.ok(shown().includes(path) && shown().length > 1, 'a user of it is open too');
      await files.deleted(reference);
      assert.deepEqual(shown(), []);

      const document = await show();
      await typeInto(document, (text) => text.replace(/"display_name": ".*"/, '"display_name": "Too late"'));
      const before = deleted.length;
      await files.deleted(reference);
      assert.deepEqual(shown(), [path]);
      // VS Code keeps the user's document for a while after its tab was closed, so it may be reported as deleted too.
      assert.ok(deleted.slice(before).includes(path));
      await own.api('DELETE', `/organizations/${id}`);
      assert.equal(await document.save(), false);
      assert.ok(document.isDirty && document.getText().includes('Too late'));
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    } finally {
      await world.end();
    }
  });

  it('closes in a comparison too when it’s deleted, on either side, and other comparisons stay', async () => {
    const world = await startDocumentWorkbench();
    const ids = await own.organizationIds();
    const uriOf = (each: string | undefined): vscode.Uri =>
      documentUri({ environmentId: 'sandbox', path: ['organizations', each ?? ''] });
    const [one, two, three] = [ids[3], ids[4], ids[5]].map(uriOf);
    const titles = (): string[] =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs.map(({ label }) => label))
        .filter((label) => label.includes('↔'));
    try {
      for (const [left, right] of [
        [one, two],
        [two, one],
        [two, three],
      ]) {
        await vscode.commands.executeCommand('vscode.diff', left, right, `${left?.path} ↔ ${right?.path}`, {
          preview: false,
        });
      }
      assert.equal(titles().length, 3);
      await world.files.deleted({ environmentId: 'sandbox', path: ['organizations', ids[3] ?? ''] });
      assert.deepEqual(titles(), [`${two?.path} ↔ ${three?.path}`]);
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await world.end();
    }
  });
});
