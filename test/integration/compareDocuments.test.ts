import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { compareDocuments } from '../../src/documents/compareDocuments';
import { documentUri } from '../../src/core/documentReference';
import { startDocumentWorkbench, type DocumentWorkbench } from '../support/startDocumentWorkbench';
import { startOwnSandbox, type OwnSandbox } from '../support/ownSandbox';
import type { Environment } from '../../src/core/environment';

describe('Compare with…', () => {
  let own: OwnSandbox;
  let world: DocumentWorkbench;

  before(async function () {
    this.timeout(40_000);
    own = await startOwnSandbox();
  });
  after(() => own.stop());
  beforeEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    world = await startDocumentWorkbench();
    names = {};
  });
  afterEach(() => world.end());

  const environment = (own: Pick<Environment, 'id' | 'name' | 'host'> & Partial<Environment>): Environment => ({
    kind: 'stored',
    production: false,
    tokensOnly: false,
    sessionOnly: false,
    state: 'ready',
    lastUsedAt: 0,
    credentialsRevision: '',
    ...own,
  });
  const both = [
    environment({ id: 'sandbox', name: 'Acme dev', host: 'acme.scalekit.dev' }),
    environment({ id: 'acme', name: 'Acme', host: 'acme.scalekit.com', production: true }),
  ];
  const compare = (argument: unknown, selection?: unknown): Promise<void> => {
    const environments = {
      ready: () => world.environments.ready(),
      list: () => both,
      get: (wanted: string) => both.find(({ id }) => id === wanted),
    };
    return compareDocuments(argument, selection, {
      environments,
      prompts: world.prompts,
      files: world.files,
      // Like Scalekit, but with names known to the test.
      organizations: async ({ id: environmentId }, text) => [
        ...(text === 'nothing' ? [{ note: 'No search here' }] : []),
        ...(names[environmentId] ?? [])
          .filter(([, displayName]) => displayName.toLowerCase().includes(text.toLowerCase()))
          .map(([id, displayName]) => ({ value: { id, displayName }, label: displayName, detail: id })),
      ],
    });
  };
  let names: Record<string, readonly (readonly [id: string, displayName: string])[]>;
  const row = (environmentId: string, ...path: string[]): unknown => ({
    kind: 'row',
    document: { environmentId, path },
  });
  const named = (environmentId: string, id: string, name: string): unknown => ({
    kind: 'row',
    document: { environmentId, path: ['organizations', id], name },
  });
  const shown = (): { title: string; uris: string[] } => {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    const { input } = tab ?? assert.fail('no tab');
    assert.ok(input instanceof vscode.TabInputTextDiff);
    return { title: tab?.label ?? '', uris: [input.original.toString(), input.modified.toString()] };
  };

  it('compares two selected rows without asking', async () => {
    const [a = '', b = ''] = await own.organizationIds();
    await compare(row('sandbox', 'organizations', a), [
      row('sandbox', 'organizations', a),
      row('sandbox', 'organizations', b),
    ]);
    assert.deepEqual(shown(), {
      title: `${a} ↔ ${b} (Acme dev)`,
      uris: [`scalekit:/sandbox/organizations/${a}.json`, `scalekit:/sandbox/organizations/${b}.json`],
    });
  });

  it('names two environments in its title, and the IDs of equal names', async () => {
    const [a = '', b = ''] = await own.organizationIds();
    const titleOf = async (...rows: unknown[]): Promise<string> => {
      await compare(rows[0], rows);
      return shown().title;
    };
    assert.equal(
      await titleOf(named('sandbox', a, 'Looney'), named('sandbox', b, 'Initech')),
      'Looney ↔ Initech (Acme dev)',
    );
    assert.equal(
      await titleOf(named('sandbox', a, 'Looney'), named('acme', b, 'Looney')),
      'Looney (Acme dev) ↔ Looney (Acme)',
    );
    assert.equal(
      await titleOf(named('sandbox', a, 'Looney'), named('sandbox', b, 'Looney')),
      `Looney ${a} ↔ Looney ${b} (Acme dev)`,
    );
  });

  it('offers an organization the open documents first, then the others by name, then other environments', async () => {
    const [a = '', b = '', c = ''] = await own.organizationIds();
    names = {
      sandbox: [
        [a, 'Looney'],
        [b, 'Initech'],
        [c, 'Umbrella'],
      ],
    };
    await vscode.window.showTextDocument(
      documentUri({ environmentId: 'sandbox', path: ['organizations', b], name: 'Initech' }),
      { preview: false },
    );
    world.prompts.expectSearch(
      '',
      { title: 'Compare Looney with', labels: ['Initech', 'Umbrella', 'Search in Acme…'] },
      { label: 'Umbrella' },
    );
    await compare(named('sandbox', a, 'Looney'));
    assert.deepEqual(shown(), {
      title: 'Looney ↔ Umbrella (Acme dev)',
      uris: [`scalekit:/sandbox/organizations/${a}/Looney.json`, `scalekit:/sandbox/organizations/${c}/Umbrella.json`],
    });
    world.prompts.expectSearch('UMB', { labels: ['Umbrella', 'Search in Acme…'] }, undefined);
    await compare(named('sandbox', a, 'Looney'));
    world.prompts.expectSearch('init', { labels: ['Initech', 'Search in Acme…'] }, { label: 'Initech' });
    await compare(named('sandbox', a, 'Looney'));
    assert.equal(shown().title, 'Looney ↔ Initech (Acme dev)');
  });

  it('finds an organization of another environment by name too, and shows notes of the search', async () => {
    const [a = '', b = ''] = await own.organizationIds();
    names = { acme: [[b, 'Nothing but Initech']] };
    world.prompts.expectSearch(
      'nothing',
      { labels: ['No search here', 'Search in Acme…'] },
      { label: 'Search in Acme…' },
    );
    world.prompts.expectSearch(
      'nothing',
      { placeholder: /in Acme$/, labels: ['No search here', 'Nothing but Initech', 'Search in Acme dev…'] },
      { label: /Initech/ },
    );
    await compare(named('sandbox', a, 'Looney'));
    assert.equal(shown().title, 'Looney (Acme dev) ↔ Nothing but Initech (Acme)');
  });

  it('offers other kinds the open documents and each environment', async () => {
    const [a = ''] = await own.organizationIds();
    await vscode.window.showTextDocument(
      documentUri({ environmentId: 'sandbox', path: ['organizations', a], name: 'Looney' }),
      { preview: false },
    );
    world.prompts.expectPick(
      { title: 'Compare conn_1 with', labels: ['Looney', 'By ID in Acme dev…', 'By ID in Acme…'] },
      undefined,
    );
    await compare(row('sandbox', 'connections', 'conn_1'));
  });

  it('finds the other document by its IDs, and lets you go back: a connection’s organization comes first', async () => {
    world.prompts.expectPick({ labels: ['By ID in Acme dev…', 'By ID in Acme…'] }, { label: 'By ID in Acme dev…' });
    world.prompts.expectInput(
      { prompt: /organization in Acme dev/, value: 'org_1', step: { number: 1, of: 2 } },
      'org_3',
    );
    world.prompts.expectInput(
      { prompt: /connection in Acme dev/, value: 'conn_1', step: { number: 2, of: 2 } },
      'back!',
    );
    world.prompts.expectInput({ prompt: /organization/, value: 'org_3' }, ' org_2 ');
    world.prompts.expectInput({ prompt: /connection/, value: 'conn_1' }, 'conn_2');
    await compare(row('sandbox', 'organizations', 'org_1', 'connections', 'conn_1'));
    assert.deepEqual(shown().uris, [
      'scalekit:/sandbox/organizations/org_1/connections/conn_1.json',
      'scalekit:/sandbox/organizations/org_2/connections/conn_2.json',
    ]);
  });

  it('uses the document in the active editor when it has no argument', async () => {
    const [a = '', b = ''] = await own.organizationIds();
    await vscode.window.showTextDocument(documentUri({ environmentId: 'sandbox', path: ['organizations', a] }));
    names = { sandbox: [[b, 'Initech']] };
    world.prompts.expectSearch(b, { title: `Compare ${a} with`, labels: ['Search in Acme…'] }, undefined);
    await compare(undefined);
    world.prompts.expectSearch('', { labels: ['Initech', 'Search in Acme…'] }, { label: 'Initech' });
    await compare(undefined);
    assert.deepEqual(
      shown().uris.map((uri) => uri.split('/').at(-1)),
      [`${a}.json`, 'Initech.json'],
    );
  });

  it('says what to do when there is nothing to compare', async () => {
    world.prompts.expectMessage({ severity: 'information', text: /No Scalekit document is open/ });
    await compare(undefined);
  });

  it('shows nothing if you cancel', async () => {
    world.prompts.expectSearch('', {}, undefined);
    await compare(row('sandbox', 'organizations', 'org_1'));
    world.prompts.expectPick({}, { label: 'By ID in Acme…' });
    world.prompts.expectInput({}, undefined);
    await compare(row('sandbox', 'connections', 'conn_1'));
    assert.deepEqual(
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs),
      [],
    );
  });
});
