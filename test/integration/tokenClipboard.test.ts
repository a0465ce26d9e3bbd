import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { TokenClipboard } from '../../src/tokens/tokenClipboard';
import { until } from '../support/until';

describe('a token on the clipboard', () => {
  const clipboards: TokenClipboard[] = [];
  const open = (canClear: boolean): TokenClipboard => {
    const clipboard = new TokenClipboard(canClear);
    clipboards.push(clipboard);
    return clipboard;
  };
  const clearAfter = (seconds: unknown): Thenable<void> =>
    vscode.workspace
      .getConfiguration('scalekit')
      .update('clearClipboardAfterSeconds', seconds, vscode.ConfigurationTarget.Global);
  const text = (): Thenable<string> => vscode.env.clipboard.readText();

  afterEach(async () => {
    for (const clipboard of clipboards.splice(0)) clipboard.dispose();
    await clearAfter(undefined);
  });

  it('is cleared after the time that you chose', async () => {
    await clearAfter(1);
    await open(true).copy('token 1');
    assert.equal(await text(), 'token 1');
    await until('it is gone', async () => (await text()) === '', 3_000);
  });

  it('is left there by default, or if you copied something else', async () => {
    await clearAfter(1);
    await open(true).copy('token 2');
    await vscode.env.clipboard.writeText('mine');
    await delay(1_300);
    assert.equal(await text(), 'mine');
    await clearAfter(undefined);
    await open(true).copy('token 3');
    await delay(1_300);
    assert.equal(await text(), 'token 3');
  });

  it('is cleared relative to the last copy', async () => {
    await clearAfter(1);
    const clipboard = open(true);
    await clipboard.copy('token 4');
    await delay(700);
    await clipboard.copy('token 4');
    await delay(600);
    assert.equal(await text(), 'token 4');
    await until('it is gone', async () => (await text()) === '', 3_000);
  });

  it('is left there in a browser, which can’t read the clipboard unasked, and with an invalid setting', async () => {
    await clearAfter(1);
    await open(false).copy('token 5');
    await delay(1_300);
    assert.equal(await text(), 'token 5');
    for (const wrong of ['soon', -5, null]) {
      await clearAfter(wrong);
      await open(true).copy('token 6');
    }
    await delay(300);
    assert.equal(await text(), 'token 6');
  });
});
