import { constants } from 'node:os';

/** Reports output that can't be written in a sentence. If the reader has gone, ends silently, as SIGPIPE ends other programs. */
export function endWithoutReaders(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(128 + constants.signals.SIGPIPE);
    process.stderr.write(`The output can't be written (${error.code ?? error.message}).\n`, () => process.exit(1));
  });
  process.stderr.on('error', () => undefined);
}
