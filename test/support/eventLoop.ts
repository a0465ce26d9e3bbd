import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long this process's event loop was held, in milliseconds. */
export interface LoopDelay {
  /** By the clock: what else the machine does at the time counts too. */
  readonly longestMs: number;
  /** The longest time that this thread itself computed between two turns of the loop, however busy the machine is. */
  readonly longestCpuMs: number;
}

/** Measures from now until the function it gives is called. */
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

/** Processor time of this thread; where the system does not tell, of the whole process, which is more. */
function threadCpuMs(): number {
  const { threadCpuUsage = process.cpuUsage } = process as { threadCpuUsage?: () => NodeJS.CpuUsage };
  if (process.platform === 'linux')
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  const { user, system } = threadCpuUsage.call(process);
  return (user + system) / 1000;
}
