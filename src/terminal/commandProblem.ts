import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Why a command can't be run. */
export interface CommandProblem {
  /** A shell's exit code: 127 for a command that isn't there, 126 for one that can't be run. */
  readonly exitCode: 126 | 127;
  /**
   * What the problem is, and what to write instead. Includes only a variable's name, since its value may be a secret.
   */
  readonly sentence: string;
}

/**
 * Looks for a command like a shell does, and says what's wrong if there's none. On Windows only the system knows what
 * it can run, so this says nothing.
 */
export function commandProblem(
  command: string,
  path: string,
  platform: NodeJS.Platform = process.platform,
): CommandProblem | undefined {
  if (platform === 'win32') return undefined;
  const candidates = command.includes('/')
    ? [command]
    : command === ''
      ? []
      : path.split(':').map((folder) => join(folder || '.', command));
  const files = candidates.filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
  const runnable = files.find(isExecutable);
  if (runnable !== undefined) {
    const interpreter = interpreterOf(runnable);
    if (interpreter === undefined || statSync(interpreter, { throwIfNoEntry: false }) !== undefined) return undefined;
    return {
      exitCode: 126,
      sentence: `${shown(command)}: its first line names ${JSON.stringify(interpreter)}, which isn’t there.`,
    };
  }
  if (files.length > 0) {
    return {
      exitCode: 126,
      sentence: `${shown(command)}: permission denied. Make it executable with chmod +x, or name the program that runs it, such as node or sh.`,
    };
  }
  if (command.includes('/') && statSync(command, { throwIfNoEntry: false })?.isDirectory()) {
    return { exitCode: 126, sentence: `${shown(command)}: is a directory.` };
  }
  return missingCommand(command, platform);
}

/** A missing command, with what was probably meant. */
export function missingCommand(command: string, platform: NodeJS.Platform = process.platform): CommandProblem {
  return { exitCode: 127, sentence: missingSentence(command, platform === 'win32') };
}

function missingSentence(command: string, isWindows: boolean): string {
  const variable = /^([A-Za-z_]\w*)\+?=\S*$/.exec(command)?.[1];
  if (variable !== undefined) {
    const instead = isWindows
      ? `Set ${variable} first, then run scalekit-run COMMAND.`
      : `Put env before it: scalekit-run env ${variable}=… COMMAND`;
    return `${variable}=… sets a variable and isn’t a command. ${instead}`;
  }
  if (/^[\w@+:,./-]+(?: +[\w@+=:,./-]+)+$/.test(command)) {
    return `“${command}” was given as one word: command not found. Leave out the quotes: scalekit-run ${command}`;
  }
  if (/[\s;&|<>$`]/.test(command)) {
    const shell = isWindows ? 'cmd /c "…"' : "sh -c '…'";
    return `a whole command line was given as one word: command not found. Run it in a shell: scalekit-run ${shell}`;
  }
  const shell = isWindows ? 'scalekit-run cmd /c …' : "scalekit-run bash -ic '…'";
  return `${shown(command)}: command not found. An alias, function, or built-in of a shell needs that shell: ${shell}`;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The program in a script's first line. */
function interpreterOf(file: string): string | undefined {
  const start = Buffer.alloc(256);
  try {
    const descriptor = openSync(file, 'r');
    try {
      readSync(descriptor, start, 0, start.length, 0);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // It may be a program that can be run but not read.
    return undefined;
  }
  return /^#![ \t]*([^ \t\n\0]+)/.exec(start.toString('latin1'))?.[1];
}

/** A command that's safe to write to a terminal. */
function shown(command: string): string {
  return command === '' ? '“”' : command.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}
