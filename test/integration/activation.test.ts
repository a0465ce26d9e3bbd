import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { companion, workbenchExtension } from '../support/companion';

// Mocha runs the files by name, so this one comes before any that uses the extension.
describe('activation', () => {
  it('takes less than 10 ms, opens no connection and reads no secret', async () => {
    const { cost, stopCounting } = await companion();
    await workbenchExtension();
    // What it does not wait for, it does within this time.
    await delay(500);
    stopCounting();
    console.log(`      activate() ${cost.activateMs?.toFixed(1)} ms, loading the bundle ${cost.loadMs.toFixed(1)} ms, in VS Code ${vscode.version}`);
    assert.ok(cost.activateMs !== undefined, 'it was activated before the stopwatch was there');
    assert.ok(cost.activateMs < 10, `${cost.activateMs} ms`);
    assert.equal(cost.sockets, 0);
    assert.equal(cost.secretReads, 0);
  });

  it('gives other extensions nothing', async () => {
    assert.equal((await workbenchExtension()).exports, undefined);
  });
});
