import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { companion, workbenchExtension } from '../support/companion';

// Mocha runs the files by name, so this one comes before any that uses the extension.
describe('activation', () => {
  it('opens no connection, reads no secret and doesn’t wait for the disk', async () => {
    const { cost, stopCounting } = await companion();
    await workbenchExtension();
    // Work that activation doesn't wait for happens within this time.
    await delay(500);
    stopCounting();
    const { activateMs, activateCpuMs, loadMs } = cost;
    assert.ok(
      activateMs !== undefined && activateCpuMs !== undefined,
      'it was activated before the stopwatch was there',
    );
    // The bench reads these figures.
    const [wall, cpu, load] = [activateMs, activateCpuMs, loadMs].map((time) => time.toFixed(1));
    console.log(
      `      activate() ${wall} ms (${cpu} ms of processor time), loading the bundle ${load} ms, in VS Code ${vscode.version}`,
    );
    assert.deepEqual(cost.blockingCalls, [], 'calls that wait for a disk');
    assert.equal(cost.sockets, 0);
    assert.equal(cost.secretReads, 0);
  });

  it('reads at most 150 kB of code', async () => {
    const { cost } = await companion();
    console.log(`      ${cost.loadedBytes} bytes of code were read`);
    assert.ok(cost.loadedBytes > 0 && cost.loadedBytes <= 150_000, `${cost.loadedBytes} bytes`);
  });

  it('exports nothing to other extensions', async () => {
    assert.equal((await workbenchExtension()).exports, undefined);
  });
});
