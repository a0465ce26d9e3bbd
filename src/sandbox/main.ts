import { once } from 'node:events';
import type { About } from './control/about';
import { parseCommandLine, USAGE, UsageError } from './commandLine';
import { coverageText } from './coverage';
import { startWithKeptData, type KeepingSandbox, type KeptDataProblem } from './data/startWithKeptData';
import { endWithoutReaders } from './endWithoutReaders';
import { dotenvLines } from './environmentVariables';
import { hostWarning } from './hostWarning';
import { readInterceptorFile } from './interceptors/interceptorFile';
import { PortTakenError } from './portTaken';
import { optional } from './protocol/optional';
import { startSandbox } from './sandboxServer';
import type { ShownRequest } from './shownRequest';
import { isKeepDataMessage, MANAGED_FLAG, readStartMessage, type ManagedOptions } from './startMessage';

/** What the sandbox sends to the process that started it, over the IPC channel. */
export type SandboxMessage =
  | {
      readonly type: 'started';
      readonly url: string;
      readonly clientId: string;
      readonly clientSecret: string;
      /** Set if it has started with its samples, because the data that it had kept can't be read. */
      readonly dataProblem?: KeptDataProblem;
    }
  | {
      readonly type: 'failed';
      readonly message: string;
      /** Set if its port can't be had. */
      readonly portTaken?: { readonly by?: About };
    }
  | ({ readonly type: 'request' } & ShownRequest);

/** What the process that started this one sends first. */
async function firstMessage(): Promise<unknown> {
  if (process.send === undefined) throw new UsageError(`${MANAGED_FLAG} is for VS Code.`);
  const [message] = (await once(process, 'message')) as [unknown];
  return message;
}

/** Keeps everything, and ends. Whoever starts the next sandbox here must not find the port free and the file old. */
async function end({ sandbox, kept }: KeepingSandbox): Promise<void> {
  await kept.save();
  await sandbox.close();
  await kept.save();
}

async function main(): Promise<void> {
  endWithoutReaders();
  const parent =
    process.send === undefined ? undefined : (message: SandboxMessage) => process.send?.(message, () => undefined);
  // Before anything else: if the window dies while the sandbox starts, the sandbox must not stay behind.
  let stop = (): void => process.exit();
  if (parent !== undefined) process.on('disconnect', () => stop());
  let started: KeepingSandbox;
  try {
    const command =
      process.argv[2] === MANAGED_FLAG
        ? ({ kind: 'start', ...readStartMessage(await firstMessage()) } as const)
        : parseCommandLine(process.argv.slice(2), process.env);
    if (command.kind === 'help') {
      process.stdout.write(USAGE);
      return;
    }
    if (command.kind === 'coverage') {
      const probe = await startSandbox({ organizations: 0 });
      process.stdout.write(coverageText(probe.coverage()));
      await probe.close();
      return;
    }
    const { interceptorFile, dataFile, ...options }: ManagedOptions & { readonly interceptorFile?: string } = command;
    started = await startWithKeptData(
      {
        ...options,
        ...(interceptorFile === undefined ? {} : { interceptors: await readInterceptorFile(interceptorFile) }),
        onRequest: (request) => parent?.({ type: 'request', ...request }),
      },
      dataFile,
      (sentence) => process.stderr.write(`${sentence}\n`),
    );
    const warning = hostWarning(options.host);
    if (warning !== undefined && parent === undefined) process.stderr.write(`${warning}\n`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    parent?.({
      type: 'failed',
      message,
      ...(error instanceof PortTakenError ? { portTaken: optional('by', error.other) } : {}),
    });
    if (parent === undefined)
      process.stderr.write(error instanceof UsageError ? `${message}\n\n${USAGE}` : `${message}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
    if (parent !== undefined) process.disconnect();
    return;
  }
  const { sandbox, kept, problem } = started;
  let ending: Promise<void> | undefined;
  stop = () => void (ending ??= end(started).finally(() => process.exit(0)));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (parent !== undefined) {
    process.on('message', (message) => {
      if ((message as { type?: unknown } | null)?.type === 'stop') stop();
      if (isKeepDataMessage(message)) void kept.keepIn(message.file);
    });
    const { url, clientId, clientSecret } = sandbox;
    parent({ type: 'started', url, clientId, clientSecret, ...optional('dataProblem', problem) });
    return;
  }
  process.stdout.write(dotenvLines(sandbox));
}

void main();
