import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { patient } from './patience';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds on an idle machine. */
  readonly deadline?: number;
  /** True if it needs no orderly end. It's killed when this process exits, before its folders are removed. */
  readonly killAtExit?: boolean;
}

export interface CommandResult {
  readonly code: number;
  /** stdout and stderr, in the order they came. */
  readonly output: string;
}

/** Runs a command to its end. A non-zero exit is a result, not an error. */
export async function run(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const group = startGroup(program, args, options);
  let output = '';
  group.onOutput((text) => (output += text));
  const limit = options.deadline === undefined ? 2 ** 31 - 1 : patient(options.deadline);
  const timer = setTimeout(() => {
    output += `\nStopped: not done after ${Math.round(limit / 1000)} s.\n`;
    void group.end();
  }, limit);
  const code = await group.exited;
  clearTimeout(timer);
  return { code, output };
}

/** Runs a command to its end. A non-zero exit is an error with the end of the output. */
export async function runOrThrow(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { code, output } = await run(program, args, options);
  if (code !== 0) throw new Error(`${[program, ...args].join(' ')} ended with ${code}:\n${output.slice(-4000)}`);
  return output;
}

/** A process and everything it starts. */
export interface ProcessGroup {
  readonly pid: number;
  /** Resolves with the exit code: 128 and above for a signal, 127 if the program couldn't be started. Never rejects. */
  readonly exited: Promise<number>;
  onOutput(listener: (text: string, stream: 'stdout' | 'stderr') => void): void;
  /** Ends the whole group: SIGTERM, and after at most two seconds SIGKILL to what is left. */
  end(): Promise<void>;
}

// The group's watchdog waits on a pipe from us. When that closes, by end() or because this process died in any way, it ends the
// group. It also ends what the program leaves behind. The program keeps the shell's process id.
const guardScript = `
{ trap '' TERM INT HUP; read -r _ <&3; kill -TERM 0; sleep 2; kill -KILL 0; } >/dev/null 2>&1 </dev/null &
exec 3<&-
exec "$@"
`;

/** Starts a program in its own process group, which ends with this process, even if this process is killed. */
export function startGroup(program: string, args: readonly string[], options: CommandOptions = {}): ProcessGroup {
  const child = spawn('/bin/sh', ['-c', guardScript, 'sh', program, ...args], {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  const guard = child.stdio[3] as Writable;
  guard.on('error', () => {}); // The group may be gone first.
  const kill = (): void => {
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  };
  if (options.killAtExit) process.once('exit', kill);
  const exited = new Promise<number>((resolve) => {
    child.on('error', () => resolve(127));
    child.on('exit', (code, signal) => {
      guard.destroy();
      process.off('exit', kill);
      // Output still in the pipes belongs to the result, but a process that's left in the group must not delay it.
      const settled = (): void => resolve(code ?? (signal === 'SIGKILL' ? 137 : 143));
      const timer = setTimeout(settled, 3000);
      child.on('close', () => {
        clearTimeout(timer);
        settled();
      });
    });
  });
  return {
    pid: child.pid ?? -1,
    exited,
    onOutput(listener) {
      child.stdout.setEncoding('utf8').on('data', (text: string) => listener(text, 'stdout'));
      child.stderr.setEncoding('utf8').on('data', (text: string) => listener(text, 'stderr'));
    },
    async end() {
      if (child.pid === undefined) return;
      signalGroup(child.pid, 'SIGTERM');
      await Promise.race([exited, pause(2000)]);
      await pause(200); // For what the program itself started.
      signalGroup(child.pid, 'SIGKILL');
      await exited;
    },
  };
}

function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-groupId, signal);
  } catch {
    // nothing of the group is left
  }
}

/**
 * This process's environment without variables that would affect the VS Code we start: the settings of a VS Code whose terminal this
 * is, those of npm's script runner, and the developer's own Scalekit credentials.
 */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const foreign =
    /^(VSCODE_|SCALEKIT_|CODE_SERVER_|CS_|npm_package_|npm_lifecycle_|ELECTRON_|NODE_OPTIONS$|NODE_ENV$|PASSWORD$|HASHED_PASSWORD$|PORT$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}

/** Whether a process with this id exists. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // It belongs to another user.
  }
}
