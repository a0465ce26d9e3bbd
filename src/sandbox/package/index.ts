import type { LocalSandbox, StartOptions } from './api';
import { runProgram } from './program';
import { startLocalSandbox } from './startLocalSandbox';

/** The package's own interface, as `api.ts` declares it. */
export const startSandbox: (options?: StartOptions) => Promise<LocalSandbox> = startLocalSandbox;

/** For the package's own `bin`. */
export { runProgram };
