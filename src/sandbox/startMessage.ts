import { optional } from './protocol/optional';
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
  /** Where its data are kept from one start to the next. Without it, they aren't. */
  readonly dataFile?: string;
}

/** A later message: where its data are kept from now on. Without a file, they aren't any more. */
export interface KeepDataMessage {
  readonly type: 'keepData';
  readonly file?: string;
}

/** What a start message says. */
export type ManagedOptions = SandboxOptions & Pick<StartMessage, 'dataFile'>;

/** The options in a start message. @throws Error with a sentence that repeats nothing of it */
export function readStartMessage(message: unknown): ManagedOptions {
  const fields = (typeof message === 'object' && message !== null ? message : {}) as Partial<StartMessage>;
  const { type, port, clientId, clientSecret, seed, firstStartedAt, startedBy, dataFile } = fields;
  if (
    type !== 'start' ||
    !isCount(port) ||
    port > 65_535 ||
    typeof clientId !== 'string' ||
    typeof clientSecret !== 'string' ||
    !isCount(seed) ||
    !isCount(firstStartedAt) ||
    !isOptionalText(startedBy) ||
    !isOptionalText(dataFile)
  )
    throw new Error("The message that starts the sandbox can't be read.");
  const address = { port, clientId, clientSecret, seed, firstStartedAt };
  return { ...address, ...optional('startedBy', startedBy), ...optional('dataFile', dataFile) };
}

/** Whether a message is a `KeepDataMessage`. */
export function isKeepDataMessage(message: unknown): message is KeepDataMessage {
  const { type, file } = (message ?? {}) as Partial<KeepDataMessage>;
  return type === 'keepData' && isOptionalText(file);
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
