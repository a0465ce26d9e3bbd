// `scalekit-token` and `scalekit-run` run this with VS Code's own Node. It asks the extension over a local socket.
//   token                   prints an access token
//   credentials COMMAND…    prints URL, client id, token and secret, separated by line breaks, for the shell script
//                           scalekit-run, which then becomes the command. Checks the command first
//   run COMMAND…            runs a command with them, for Windows, where a script can't become another process
import spawn from 'cross-spawn';
import { connect } from 'node:net';
import { constants } from 'node:os';
import { commandProblem, missingCommand } from './commandProblem';
import {
  ANSWER_DEADLINE_MS,
  SAVED_NODE_OPTIONS,
  TERMINAL_VARIABLES,
  type TerminalResponse,
  type TerminalCredentials,
  type TerminalRequest,
} from './terminalProtocol';

const [mode = '', ...rest] = process.argv.slice(2);
const name = mode === 'token' ? 'scalekit-token' : 'scalekit-run';

const USAGE = {
  'scalekit-token': 'Usage: scalekit-token',
  'scalekit-run': 'Usage: scalekit-run [--] COMMAND [ARGUMENTS…]',
};
const HELP = {
  'scalekit-token': `
Prints a valid access token for the Scalekit environment that this terminal was opened for, and nothing else:

  curl -H "Authorization: Bearer $(scalekit-token)" …

Exit codes: 0 when the token was printed, 1 when there is none (a sentence says why), 2 for arguments that it doesn’t take.
`,
  'scalekit-run': `
Runs a command with the credentials of the Scalekit environment that this terminal was opened for. The variables
SCALEKIT_ENVIRONMENT_URL, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET and SCALEKIT_ACCESS_TOKEN are set for that command alone:

  scalekit-run npm start
  scalekit-run env NODE_ENV=test npm start

Exit codes: the command’s own; 1 when there are no credentials (a sentence says why), 2 for an option that it doesn’t have,
126 when the command can’t be run, 127 when it isn’t there.
`,
};

/** Ends the program with a message. */
class Failure extends Error {
  constructor(
    sentence: string,
    readonly exitCode = 1,
  ) {
    super(sentence);
  }
}

async function main(): Promise<void> {
  if (rest.length === 1 && /^(?:-h|--help)$/.test(rest[0] ?? '')) return print(`${USAGE[name]}\n${HELP[name]}`);
  switch (mode) {
    case 'token':
      if (rest.length > 0 && !(rest.length === 1 && rest[0] === '--')) throw misused(rest[0] ?? '');
      return print(`${(await ask('token')).token}\n`);
    case 'credentials': {
      checkCommand();
      const { token, environmentUrl, clientId, clientSecret } = await askForCredentials();
      // The secret comes last, because only it may have a line break.
      return print([environmentUrl, clientId, token, clientSecret].join('\n'));
    }
    case 'run': {
      const [command, args] = checkCommand();
      return run(command, args);
    }
    default:
      throw new Failure('this is a part of scalekit-token and scalekit-run. Use those.', 2);
  }
}

/**
 * The command and its arguments.
 *
 * @throws Failure if it can't be run
 */
function checkCommand(): [command: string, args: readonly string[]] {
  const isMarked = rest[0] === '--';
  const [command, ...args] = isMarked ? rest.slice(1) : rest;
  if (command === undefined) throw new Failure(`no command was given.\n${USAGE[name]}`, 2);
  if (!isMarked && command.startsWith('-')) throw misused(command);
  const problem = commandProblem(command, process.env['PATH'] ?? '');
  if (problem !== undefined) throw new Failure(problem.sentence, problem.exitCode);
  return [command, args];
}

/** An argument may be a secret by mistake, so only an option's name is shown. */
function misused(argument: string): Failure {
  const option = /^--?[A-Za-z][\w-]*/.exec(argument)?.[0];
  return new Failure(
    `${option === undefined ? 'it takes no arguments' : `there is no option ${option}`}. ${name} --help says what it does.\n${USAGE[name]}`,
    2,
  );
}

/**
 * Writes to the output. If the reader has closed it, ends like a program that SIGPIPE ends.
 *
 * @throws Failure if it can't write for another reason
 */
function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE')
        return reject(new Failure(`the output can’t be written (${error.code ?? error.message}).`));
      process.exitCode = 128 + constants.signals.SIGPIPE;
      resolve();
    });
    process.stdout.write(text, (error) => {
      if (!error) resolve();
    });
  });
}

async function askForCredentials(): Promise<TerminalCredentials & { readonly token: string }> {
  const { token, credentials } = await ask('credentials');
  if (credentials === undefined) throw ended();
  return { token, ...credentials };
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const { token, environmentUrl, clientId, clientSecret } = await askForCredentials();
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    SCALEKIT_ENVIRONMENT_URL: environmentUrl,
    SCALEKIT_CLIENT_ID: clientId,
    SCALEKIT_CLIENT_SECRET: clientSecret,
    SCALEKIT_ACCESS_TOKEN: token,
  };
  // Only this program needs them. Electron applications that the command starts must not inherit the first.
  delete env['ELECTRON_RUN_AS_NODE'];
  const nodeOptions = env[SAVED_NODE_OPTIONS];
  delete env[SAVED_NODE_OPTIONS];
  if (nodeOptions !== undefined) env['NODE_OPTIONS'] = nodeOptions;
  const child = spawn(command, [...args], { stdio: 'inherit', env });
  // Ctrl-C reaches the command too, which decides what to do. Signals sent only to this process are passed on.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.on('error', (error: NodeJS.ErrnoException) => {
    const problem = missingCommand(command);
    if (error.code === 'ENOENT') report(new Failure(problem.sentence, problem.exitCode));
    else report(new Failure(`${command}: ${error.message}`, 126));
  });
  child.on('exit', (code, signal) => {
    if (code !== null) process.exitCode = code;
    else if (signal !== null) {
      // SIGPIPE doesn't end this process, so it needs an exit code.
      process.exitCode = 128 + constants.signals[signal];
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

/**
 * Asks the extension.
 *
 * @throws Failure if there's no good response
 */
function ask(wants: TerminalRequest['wants']): Promise<Exclude<TerminalResponse, { error: string }>> {
  const variable = (key: keyof typeof TERMINAL_VARIABLES): string => process.env[TERMINAL_VARIABLES[key]] ?? '';
  const request: TerminalRequest = { handle: variable('handle'), nonce: variable('nonce'), wants };
  return new Promise((resolve, reject) => {
    const socket = connect({ path: variable('socket') });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Failure('VS Code didn’t respond in time.'));
    }, ANSWER_DEADLINE_MS);
    let received = '';
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (chunk: string) => (received += chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      const response = readResponse(received);
      if (response === undefined) reject(ended());
      else if ('error' in response) reject(new Failure(response.error));
      else resolve(response);
    });
  });
}

/** Undefined if the response is incomplete or from another program. */
function readResponse(received: string): TerminalResponse | undefined {
  if (!received.endsWith('\n')) return undefined;
  try {
    return JSON.parse(received) as TerminalResponse;
  } catch {
    return undefined;
  }
}

function ended(): Failure {
  return new Failure(process.env[TERMINAL_VARIABLES.ended] ?? 'The connection to VS Code has ended.');
}

/** Reports only a message, never a stack. */
function report(error: unknown): void {
  process.exitCode = error instanceof Failure ? error.exitCode : 1;
  process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
}

// If the error output is closed, nobody reads the message.
process.stderr.on('error', () => undefined);
main().catch(report);
