import { constants } from 'node:os';
import spawn from 'cross-spawn';

/**
 * Runs a command to its end, with this process's input and output.
 * @returns its exit code: 128 and the signal's number if a signal ended it, as shells have it
 */
export function runCommand(
  [command, ...args]: readonly [command: string, ...args: string[]],
  variables: Readonly<Record<string, string>>,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...variables } });
    // Ctrl-C reaches the command too, which decides what to do. Signals sent only to this process are passed on.
    const ignore = () => undefined;
    const pass = (signal: NodeJS.Signals) => void child.kill(signal);
    process.on('SIGINT', ignore);
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, pass);
    child.on('error', (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ENOENT';
      process.stderr.write(
        isMissing ? `There is no command ${command}.\n` : `${command} can't be run (${error.code ?? error.message}).\n`,
      );
      resolve(isMissing ? 127 : 126);
    });
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
