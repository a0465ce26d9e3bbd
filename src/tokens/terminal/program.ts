// What `scalekit-token` and `scalekit-run` run with VS Code's own Node: asks the extension over the terminal's socket.
//   token            prints an access token
//   credentials      prints URL, client id, token and secret, each after a line break but the first: for the shell script scalekit-run
//   run COMMAND…     runs a command with them: for Windows, where a script cannot hand its process over
import spawn from 'cross-spawn';
import { connect } from 'node:net';
import { ANSWER_DEADLINE_MS, TERMINAL_VARIABLES, type TerminalAnswer, type TerminalCredentials, type TerminalRequest } from './terminalProtocol.js';

const [mode = '', ...rest] = process.argv.slice(2);
const name = mode === 'token' ? 'scalekit-token' : 'scalekit-run';

async function main(): Promise<void> {
  switch (mode) {
    case 'token': {
      if (rest.length > 0) return usage('scalekit-token', rest);
      process.stdout.write(`${(await ask('token')).token}\n`);
      return;
    }
    case 'credentials': {
      const { token, environmentUrl, clientId, clientSecret } = await askForCredentials();
      // The secret comes last: it alone may hold a line break.
      process.stdout.write([environmentUrl, clientId, token, clientSecret].join('\n'));
      return;
    }
    case 'run': {
      const [command, ...args] = rest[0] === '--' ? rest.slice(1) : rest;
      if (command === undefined || command === '--help' || command === '-h') return usage('scalekit-run COMMAND [ARGUMENTS…]', rest);
      return run(command, args);
    }
    default:
      return usage('scalekit-token, or scalekit-run COMMAND [ARGUMENTS…]', []);
  }
}

function usage(line: string, args: readonly string[]): void {
  const asked = args.length === 1 && /^(?:-h|--help)$/.test(args[0] ?? '');
  (asked ? process.stdout : process.stderr).write(`Usage: ${line}\n`);
  process.exitCode = asked ? 0 : 2;
}

async function askForCredentials(): Promise<TerminalCredentials & { readonly token: string }> {
  const { token, credentials } = await ask('credentials');
  if (credentials === undefined) return fail(ended());
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
  // It was set for this program alone: Electron applications that the command starts must not take it for theirs.
  delete env['ELECTRON_RUN_AS_NODE'];
  const child = spawn(command, [...args], { stdio: 'inherit', env });
  // Ctrl-C reaches the command by itself, which decides what to do about it. What is sent to this process alone is passed on.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.on('error', (error: NodeJS.ErrnoException) => {
    process.stderr.write(error.code === 'ENOENT' ? `scalekit-run: ${command}: command not found\n` : `scalekit-run: ${command}: ${error.message}\n`);
    process.exitCode = error.code === 'ENOENT' ? 127 : 126;
  });
  child.on('exit', (code, signal) => {
    if (code !== null) process.exitCode = code;
    else if (signal !== null) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

/** Asks the extension. Does not come back when there is no good answer. */
function ask(wants: TerminalRequest['wants']): Promise<Exclude<TerminalAnswer, { error: string }>> {
  const variable = (key: keyof typeof TERMINAL_VARIABLES): string => process.env[TERMINAL_VARIABLES[key]] ?? '';
  const request: TerminalRequest = { handle: variable('handle'), nonce: variable('nonce'), wants };
  return new Promise((resolve) => {
    const socket = connect(variable('socket'));
    const timer = setTimeout(() => fail('VS Code has not answered in time.'), ANSWER_DEADLINE_MS);
    let received = '';
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (chunk: string) => (received += chunk));
    socket.on('error', () => fail(ended()));
    socket.on('close', () => {
      clearTimeout(timer);
      // An answer that is not whole is none.
      if (!received.endsWith('\n')) return fail(ended());
      const answer = JSON.parse(received) as TerminalAnswer;
      if ('error' in answer) fail(answer.error);
      else resolve(answer);
    });
  });
}

function ended(): string {
  return process.env[TERMINAL_VARIABLES.ended] ?? 'The connection to VS Code has ended.';
}

function fail(sentence: string): never {
  process.stderr.write(`${name}: ${sentence}\n`);
  process.exit(1);
}

void main();
