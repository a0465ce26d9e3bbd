import { FLAGS, FLAGS_HELP, readCommand, readFlags, UsageError, VARIABLES_HELP, type Command } from '../commandLine';

/** What the package's command line asks for. */
export type PackageCommand =
  | { readonly kind: 'help' | 'version' | 'coverage' }
  | {
      readonly kind: 'start';
      readonly options: Omit<Extract<Command, { kind: 'start' }>, 'kind'>;
      /** A JSON file with data. */
      readonly dataFile: string | undefined;
      /** Where to write the data at the end. */
      readonly exportFile: string | undefined;
      /** What to run with the sandbox. Undefined to wait for Ctrl-C. */
      readonly run: readonly [command: string, ...args: string[]] | undefined;
    };

export const PACKAGE_USAGE = `Usage: scalekit-sandbox [options]
       scalekit-sandbox exec [options] -- COMMAND [ARGUMENTS…]

A local Scalekit for development and tests. Unofficial: it isn't made by Scalekit.

Without exec, it prints the three SCALEKIT_ lines for a .env file when it's ready, and goes on until you press Ctrl-C.
With exec, it runs the command with these variables in its environment, ends with it, and exits with its code.

${FLAGS_HELP}  --data FILE               JSON file with your own organizations, users and more, instead of samples
  --export FILE             write what is in the sandbox to this file when it ends, in the same form
  --coverage                list which of Scalekit's endpoints the sandbox serves, and exit
  --version                 show the version, and exit
  --help                    show this, and exit

--data and --export can name the same file: what you change stays for the next time. If there's no such file yet, the sandbox starts as
it does without --data.

${VARIABLES_HELP}
Exit codes: 0 at the end, 1 if the sandbox can't start or the data can't be written, 2 for arguments or data that can't be used. With
exec, the command's own code, 128 and the signal's number if a signal ended it, 126 if it can't be run, 127 if there's no such command.
`;

/** @throws UsageError */
export function parsePackageCommandLine(args: readonly string[], environment: NodeJS.ProcessEnv): PackageCommand {
  const isExec = args[0] === 'exec';
  const end = isExec ? args.indexOf('--') : -1;
  const own = args.slice(isExec ? 1 : 0, end < 0 ? undefined : end);
  const values = readFlags(own, {
    ...FLAGS,
    data: { type: 'string' },
    export: { type: 'string' },
    version: { type: 'boolean' },
  });
  if (values.version === true) return { kind: 'version' };
  const { data: dataFile, export: exportFile } = values;
  const command = readCommand(values, environment);
  if (command.kind !== 'start') return command;
  if (dataFile === '') throw new UsageError('--data needs a file.');
  if (exportFile === '') throw new UsageError('--export needs a file.');
  const { kind, ...options } = command;
  if (!isExec) return { kind, options, dataFile, exportFile, run: undefined };
  const [program, ...rest] = end < 0 ? [] : args.slice(end + 1);
  if (program === undefined || program === '') throw new UsageError('exec needs -- and a command after it.');
  return { kind, options, dataFile, exportFile, run: [program, ...rest] };
}
