import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long this process's event loop was blocked, in milliseconds. */
export interface LoopDelay {
  /** By the clock, which includes other work of the machine. */
  readonly longestMs: number;
  /** The longest time that this thread computed between two turns of the loop, however busy the machine is. */
  readonly longestCpuMs: number;
}

/** Measures until the returned function is called. */
export function measureLoopDelay(): () => LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  let before = threadCpuMs();
  let longestCpuMs = 0;
  const look = (): void => {
    const now = threadCpuMs();
    longestCpuMs = Math.max(longestCpuMs, now - before);
    before = now;
  };
  const timer = setInterval(look, 1);
  return () => {
    clearInterval(timer);
    look();
    histogram.disable();
    return { longestMs: histogram.max / 1e6, longestCpuMs };
  };
}

/** Processor time of this thread. If the system doesn't report it, of the whole process, which is more. */
function threadCpuMs(): number {
  const { threadCpuUsage = process.cpuUsage } = process as { threadCpuUsage?: () => NodeJS.CpuUsage };
  if (process.platform === 'linux')
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  const { user, system } = threadCpuUsage.call(process);
  return (user + system) / 1000;
}
