import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';

/** How many times longer than on our idle machine a test may wait for something. Passed to the processes that run tests. */
const PATIENCE = 'WORKBENCH_PATIENCE';

/** Even an idle machine like ours waits this many times longer before it gives up, because a wait that succeeds costs nothing. */
const GENEROSITY = 4;

/** A time limit in milliseconds, stretched for this machine. Use it for waiting, never for measuring. */
export function patient(milliseconds: number): number {
  return Math.round(milliseconds * Number(process.env[PATIENCE] ?? GENEROSITY));
}

/** Measures how fast this machine is now, and adjusts every limit of this process and its children. Resolves with the factor. */
export function setPatience(factor = GENEROSITY * slowness()): number {
  process.env[PATIENCE] = String(factor);
  return factor;
}

/** How many times longer a fixed piece of work takes than on our idle machine (2 cores, about 3 GHz), from 1 to 10. */
function slowness(): number {
  const begin = performance.now();
  const bytes = Buffer.alloc(1_000_000, 'scalekit');
  for (let round = 0; round < 100; round++) createHash('sha256').update(bytes).digest();
  const measured = (performance.now() - begin) / 90;
  const cores = cpus().length >= 2 ? 1 : 2;
  return Math.min(10, Math.max(1, measured * cores));
}
