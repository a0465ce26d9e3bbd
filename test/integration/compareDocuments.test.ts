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
    return compareDocuments(argument, selection, { environments, prompts: world.prompts, files: world.files });
  };
  const row = (environmentId: string, ...path: string[]): unknown => ({
    kind: 'row',
    document: { environmentId, path },
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
      title: `${a} (Acme dev) ↔ ${b} (Acme dev)`,
      uris: [`scalekit:/sandbox/organizations/${a}.json`, `scalekit:/sandbox/organizations/${b}.json`],
    });
  });

  it('offers the open documents and each environment', async () => {
    const [a = '', b = ''] = await own.organizationIds();
    await vscode.window.showTextDocument(documentUri({ environmentId: 'sandbox', path: ['organizations', b] }), {
      preview: false,
    });
    world.prompts.expectPick(
      { title: `Compare ${a} (Acme dev) with`, labels: [b, 'By ID in Acme dev…', 'By ID in Acme…'] },
      { label: b },
    );
    await compare(row('sandbox', 'organizations', a));
    assert.deepEqual(
      shown().uris.map((uri) => uri.split('/').at(-1)),
      [`${a}.json`, `${b}.json`],
    );
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
    world.prompts.expectPick({ title: `Compare ${a} (Acme dev) with` }, { label: 'By ID in Acme dev…' });
    world.prompts.expectInput({ value: a }, b);
    await compare(undefined);
    assert.deepEqual(
      shown().uris.map((uri) => uri.split('/').at(-1)),
      [`${a}.json`, `${b}.json`],
    );
  });

  it('says what to do when there is nothing to compare', async () => {
    world.prompts.expectMessage({ severity: 'information', text: /No Scalekit document is open/ });
    await compare(undefined);
  });

  it('shows nothing if you cancel', async () => {
    world.prompts.expectPick({}, undefined);
    await compare(row('sandbox', 'organizations', 'org_1'));
    world.prompts.expectPick({}, { label: 'By ID in Acme…' });
    world.prompts.expectInput({}, undefined);
    await compare(row('sandbox', 'organizations', 'org_1'));
    assert.deepEqual(
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs),
      [],
    );
  });
});
