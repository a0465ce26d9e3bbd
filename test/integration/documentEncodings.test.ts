import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { documentUri } from '../../src/core/documentReference';
import { startOwnSandbox, type OwnSandbox } from '../support/ownSandbox';
import { typeInto } from '../support/typeInto';
import { until } from '../support/until';

type Settings = Readonly<Record<string, unknown>>;

/** The user's settings, for all languages or for one. */
async function configure(settings: Settings, languageId?: string): Promise<void> {
  const files = vscode.workspace.getConfiguration('files', languageId === undefined ? undefined : { languageId });
  for (const [name, value] of Object.entries(settings))
    await files.update(name, value, vscode.ConfigurationTarget.Global, languageId !== undefined);
}

describe('a document in an editor whose encoding isn’t UTF-8', () => {
  let own: OwnSandbox;
  let ids: string[];

  before(async function () {
    this.timeout(40_000);
    own = await startOwnSandbox();
    ids = ((await own.api('GET', '/organizations?page_size=25'))['organizations'] as { id: string }[]).map(
      ({ id }) => id,
    );
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    for (const languageId of [undefined, 'json'])
      await configure({ encoding: undefined, autoGuessEncoding: undefined }, languageId);
  });
  after(async () => {
    await own.stop();
  });

  const name = async (id: string): Promise<unknown> =>
    ((await own.api('GET', `/organizations/${id}`))['organization'] as Record<string, unknown>)['display_name'];
  const rename = (id: string, displayName: string): Promise<unknown> =>
    own.api('PATCH', `/organizations/${id}`, { display_name: displayName });
  const shownName = (document: vscode.TextDocument): unknown =>
    (JSON.parse(document.getText()) as Record<string, unknown>)['display_name'];
  const typeName = (document: vscode.TextDocument, displayName: string): Promise<void> =>
    typeInto(document, (text) =>
      text.replace(/"display_name": ".*"/, `"display_name": ${JSON.stringify(displayName)}`),
    );

  /** An organization that no editor has shown. VS Code keeps a text for a while after its tab was closed. */
  async function open(displayName: string, encoding?: string): Promise<{ id: string; document: vscode.TextDocument }> {
    const id = ids.pop() ?? assert.fail('there are too few organizations');
    await rename(id, displayName);
    const uri = documentUri({ environmentId: 'sandbox', path: ['organizations', id] });
    const document = await vscode.workspace.openTextDocument(uri, ...(encoding === undefined ? [] : [{ encoding }]));
    await vscode.window.showTextDocument(document, { preview: false });
    return { id, document };
  }

  const cases: [title: string, settings: Settings, language: string | undefined, before: string, after: string][] = [
    ['files.encoding windows1252', { encoding: 'windows1252' }, undefined, 'Müller AG', 'Müller & Söhne €'],
    [
      'files.encoding windows1252, and characters outside it',
      { encoding: 'windows1252' },
      undefined,
      'Acme',
      '日本 Müller',
    ],
    ['[json] files.encoding shiftjis', { encoding: 'shiftjis' }, 'json', 'Müller', '日本株式会社'],
    ['files.encoding gb18030', { encoding: 'gb18030' }, undefined, '中国公司', '中国公司 Ünal 👩🏽‍💻'],
    ['files.encoding iso88592', { encoding: 'iso88592' }, undefined, 'Łódź', 'Łódź sp. z o.o.'],
    ['files.encoding utf16le', { encoding: 'utf16le' }, undefined, 'Müller', 'Møller'],
    ['[json] files.encoding utf16be', { encoding: 'utf16be' }, 'json', 'Müller', '日本'],
    ['files.encoding utf8bom', { encoding: 'utf8bom' }, undefined, 'Müller', 'Møller'],
    ['files.autoGuessEncoding', { autoGuessEncoding: true }, undefined, 'Müller', 'Søren Ærø'],
    [
      'files.autoGuessEncoding and windows1251',
      { autoGuessEncoding: true, encoding: 'windows1251' },
      undefined,
      'Ромашка',
      'Ромашка ü',
    ],
    ['no encoding setting', {}, undefined, 'Müller', '日本'],
  ];
  for (const [title, settings, language, before, after] of cases) {
    it(`is shown and saved correctly with ${title}`, async () => {
      await configure(settings, language);
      const { id, document } = await open(before);
      assert.equal(shownName(document), before);
      await typeName(document, after);
      assert.equal(await document.save(), true);
      assert.equal(await name(id), after);
      await until('the text as Scalekit prints it', () => !document.isDirty && shownName(document) === after, 5_000);
    });
  }

  it('is read and saved in the encoding that you choose for it', async () => {
    const { id, document } = await open('Müller', 'windows1252');
    await until('the right text', () => document.getText().includes('"Müller"'), 5_000);
    await typeName(document, 'Møller');
    assert.equal(await document.save(), true);
    assert.equal(await name(id), 'Møller');
    await until('the text as Scalekit prints it', () => !document.isDirty && shownName(document) === 'Møller', 5_000);
    assert.equal(document.encoding, 'windows1252');
  });

  it('isn’t saved if the encoding that you chose can’t represent the new text', async () => {
    const { id, document } = await open('Müller', 'windows1252');
    await until('the right text', () => document.getText().includes('"Müller"'), 5_000);
    await typeName(document, '日本');
    assert.equal(await document.save(), false);
    assert.equal(await name(id), 'Müller');
    assert.ok(document.isDirty && document.getText().includes('日本'), 'the text stays');
  });

  it('isn’t saved if you opened it in an encoding that can’t represent its text', async () => {
    const { id, document } = await open('日本', 'windows1252');
    await typeInto(document, (text) => text.replace('"metadata": {', '"metadata": { "a-new-one": "x",'));
    assert.equal(await document.save(), false);
    assert.equal(await name(id), '日本');
  });
});
