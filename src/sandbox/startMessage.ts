import type { SandboxOptions } from './sandboxServer';

/**
 * With this argument, the sandbox gets everything from the process that starts it, as one message. So the client secret is
 * neither in the arguments nor in the environment, where other programs could read it.
 */
export const MANAGED_FLAG = '--managed';

/** That message. */
export interface StartMessage {
  readonly type: 'start';
  readonly port: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly seed: number;
  /** Milliseconds since the epoch. */
  readonly firstStartedAt: number;
  /** Name of the window, if it has one. */
  readonly startedBy?: string;
}

/** The options in a start message. @throws Error with a sentence that repeats nothing of it */
export function readStartMessage(message: unknown): SandboxOptions {
  const fields = (typeof message === 'object' && message !== null ? message : {}) as Partial<StartMessage>;
  const { type, port, clientId, clientSecret, seed, firstStartedAt, startedBy } = fields;
  if (
    type !== 'start' ||
    !isCount(port) ||
    port > 65_535 ||
    typeof clientId !== 'string' ||
    typeof clientSecret !== 'string' ||
    !isCount(seed) ||
    !isCount(firstStartedAt) ||
    (startedBy !== undefined && typeof startedBy !== 'string')
  )
    throw new Error("The message that starts the sandbox can't be read.");
  return { port, clientId, clientSecret, seed, firstStartedAt, ...(startedBy === undefined ? {} : { startedBy }) };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
