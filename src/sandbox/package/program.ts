import { resolve } from 'node:path';
import { UsageError } from '../commandLine';
import { coverageText } from '../coverage';
import { endWithoutReaders } from '../endWithoutReaders';
import { hostWarning } from '../hostWarning';
import { readInterceptorFile } from '../interceptors/interceptorFile';
import { startSandbox } from '../sandboxServer';
import type { SandboxData } from './api';
import { exportTarget, readDataFile } from '../data/dataFile';
import { DataError } from '../data/dataProblem';
import { writeDataFile } from '../data/writeDataFile';
import { PACKAGE_USAGE, parsePackageCommandLine, type PackageCommand } from './packageCommandLine';
import { runCommand } from './runCommand';
import { startWithData } from './startLocalSandbox';

/** The program `scalekit-sandbox`. It sets the exit code and never rejects. */
export async function runProgram(args: readonly string[], version: string): Promise<void> {
  endWithoutReaders();
  try {
    const command = parsePackageCommandLine(args, process.env);
    switch (command.kind) {
      case 'help':
        return void process.stdout.write(PACKAGE_USAGE);
      case 'version':
        return void process.stdout.write(`${version}\n`);
      case 'coverage': {
        const probe = await startSandbox({ organizations: 0 });
        process.stdout.write(coverageText(probe.coverage()));
        return await probe.close();
      }
      case 'start':
        process.exitCode = await start(command);
        // Signals are still listened to, and a command may leave something behind that holds the input open.
        process.exit();
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(error instanceof UsageError ? `${message}\n\n${PACKAGE_USAGE}` : `${message}\n`);
    process.exitCode = error instanceof UsageError || error instanceof DataError ? 2 : 1;
  }
}

/** Starts the sandbox, waits for its end, and returns the exit code. */
async function start({ options, run, ...files }: Extract<PackageCommand, { kind: 'start' }>): Promise<number> {
  const { data, target } = await readFiles(files, options);
  const { interceptorFile, ...rest } = options;
  const interceptors =
    interceptorFile === undefined ? {} : { interceptors: await readInterceptorFile(interceptorFile) };
  const samples = data === undefined ? {} : { organizations: undefined, users: undefined };
  const { local, variables } = await startWithData({
    ...withoutUndefined({ ...rest, ...samples }),
    ...interceptors,
    data,
  });
  const warning = hostWarning(options.host);
  if (warning !== undefined) process.stderr.write(`${warning}\n`);
  let code: number;
  if (run === undefined) {
    const ended = new Promise<void>((end) => {
      // A second one doesn't disturb the end.
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end());
    });
    process.stdout.write(
      Object.entries(variables)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    await ended;
    code = 0;
  } else code = await runCommand(run, variables);
  // A file that is written again keeps the line that gives completion in an editor.
  const result = { ...(data?.$schema === undefined ? {} : { $schema: data.$schema }), ...local.exportData() };
  await local.close();
  if (target === undefined) return code;
  try {
    await writeDataFile(target, result);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return code === 0 ? 1 : code;
  }
  return code;
}

/** The data to start with, and where to write it at the end. @throws DataError */
async function readFiles(
  { dataFile, exportFile }: { readonly dataFile: string | undefined; readonly exportFile: string | undefined },
  { organizations, users }: { readonly organizations?: number; readonly users?: number },
): Promise<{ readonly data: SandboxData | undefined; readonly target: string | undefined }> {
  const target = exportFile === undefined ? undefined : await exportTarget(exportFile);
  const isSame = dataFile !== undefined && exportFile !== undefined && resolve(dataFile) === resolve(exportFile);
  if (dataFile !== undefined && !isSame && (organizations !== undefined || users !== undefined))
    throw new UsageError('--organizations and --users are numbers of samples, and there are none with --data.');
  // In the same file, there may be nothing yet: the samples are the start.
  const data = isSame ? target?.data : dataFile === undefined ? undefined : await readDataFile(dataFile);
  return { data, target: target?.path };
}

function withoutUndefined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
