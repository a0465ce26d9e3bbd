import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { measureLoopDelay } from '../../support/eventLoop';

describe('measuring the event loop', () => {
  it('detects that computing blocked the loop', async () => {
    const stop = measureLoopDelay();
    await delay(10);
    const { user, system } = process.cpuUsage();
    let spent = 0;
    while (spent < 100) {
      const now = process.cpuUsage();
      spent = (now.user + now.system - user - system) / 1000;
    }
    await delay(10);
    const { longestMs, longestCpuMs } = stop();
    assert.ok(longestCpuMs > 60 && longestMs > 60, `${longestMs} ms, of these computing ${longestCpuMs} ms`);
  });

  it('doesn’t count waiting as computing', async () => {
    const stop = measureLoopDelay();
    await delay(10);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    await delay(10);
    const { longestMs, longestCpuMs } = stop();
    assert.ok(longestMs > 60 && longestCpuMs < 50, `${longestMs} ms, of these computing ${longestCpuMs} ms`);
  });
});
