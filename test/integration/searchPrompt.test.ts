import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { vscodePrompts } from '../../src/ui/vscodePrompts';
import type { Choice, Note, PromptResult } from '../../src/ui/prompts';
import { deferred, until, type Deferred } from '../support/until';

describe('a search in VS Code’s own list', () => {
  const { createQuickPick } = vscode.window;
  /** The open list. */
  let list: vscode.QuickPick<vscode.QuickPickItem>;
  /** What each started search waits for, by its text. */
  let searches: Map<string, Deferred<readonly (Choice<string> | Note)[]>>;
  let results: PromptResult<string>[];
  let failure: unknown;

  const choices = (...values: string[]): Choice<string>[] => values.map((value) => ({ value, label: value }));
  const accept = async (): Promise<void> =>
    void (await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'));
  const begun = (text: string): Promise<void> => until(`the search for “${text}” has begun`, () => searches.has(text));

  /** Types like a user, and resolves once the list has reported it. */
  async function type(text: string): Promise<void> {
    const told = new Promise<void>((resolve) => {
      const listener = list.onDidChangeValue(() => {
        listener.dispose();
        resolve();
      });
    });
    list.value = text;
    await told;
  }

  /** Ends the search for a text with these rows, and resolves once the first selectable one is active. */
  async function answer(text: string, ...rows: (Choice<string> | Note)[]): Promise<void> {
    await begun(text);
    searches.get(text)?.resolve(rows);
    const first = rows.find((row) => 'value' in row);
    await until('the first row is active', () => list.activeItems[0]?.label === first?.label);
    // The window has the rows once it has responded to something that was sent after them.
    await vscode.commands.executeCommand('getContextKeyInfo');
  }

  beforeEach(async () => {
    searches = new Map();
    results = [];
    failure = undefined;
    Object.assign(vscode.window, {
      createQuickPick: () => (list = createQuickPick.call(vscode.window)),
    });
    const search = (text: string): Promise<readonly (Choice<string> | Note)[]> => {
      const rows = deferred<readonly (Choice<string> | Note)[]>();
      searches.set(text, rows);
      return rows.promise;
    };
    vscodePrompts.search({ title: 'Search', search }).then(
      (came) => void results.push(came),
      (error: unknown) => (failure = error),
    );
    await answer('', ...choices('first of all', 'second of all'));
  });

  afterEach(() => {
    list.hide();
    Object.assign(vscode.window, { createQuickPick });
  });

  it('returns the row that you press Enter on', async () => {
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
    await accept();
    await until('it is answered', () => results.length > 0);
    assert.deepEqual(results, [{ answer: 'second of all' }]);
  });

  it('returns no row of the previous text, neither before the next search begins nor while it runs', async () => {
    await type('b');
    await accept();
    await begun('b');
    for (let presses = 0; presses < 3; presses++) await accept();
    assert.deepEqual(results, []);
    assert.deepEqual(list.items, [], 'nor could a click take one');
    await answer('b', ...choices('first of b', 'second of b'));
    assert.deepEqual(results, [], 'an Enter of before takes no row that was not there yet');
    await accept();
    await until('it is answered', () => results.length > 0);
    assert.deepEqual(results, [{ answer: 'first of b' }]);
  });

  it('returns no row of an older text whose results arrive late', async () => {
    await type('b');
    await begun('b');
    await type('bc');
    searches.get('b')?.resolve(choices('first of b'));
    await begun('bc');
    await accept();
    assert.deepEqual([results, list.items], [[], []]);
    await answer('bc', ...choices('first of bc'));
    await accept();
    await until('it is answered', () => results.length > 0);
    assert.deepEqual(results, [{ answer: 'first of bc' }]);
  });

  it('returns no old row if you restore an earlier text', async () => {
    await type('b');
    searches.clear();
    await type('');
    await accept();
    assert.deepEqual([results, list.items], [[], []]);
    await answer('', ...choices('first of all anew'));
    await accept();
    await until('it is answered', () => results.length > 0);
    assert.deepEqual(results, [{ answer: 'first of all anew' }]);
  });

  it('returns nothing if there are no results, and never a note', async () => {
    await type('nothing');
    await begun('nothing');
    searches.get('nothing')?.resolve([{ note: 'Only exact IDs are found' }]);
    await until('the note is shown', () => list.items.length === 1);
    await vscode.commands.executeCommand('getContextKeyInfo');
    await accept();
    await type('none');
    await begun('none');
    searches.get('none')?.resolve([]);
    await until('it is not busy', () => !list.busy);
    await accept();
    assert.deepEqual(results, []);
  });

  it('fails with the search’s own error', async () => {
    await type('b');
    await begun('b');
    const error = new Error('offline');
    searches.get('b')?.reject(error);
    await until('it has ended', () => failure !== undefined);
    assert.equal(failure, error);
  });
});
