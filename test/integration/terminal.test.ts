import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { EnvironmentFailure } from '../../src/core/environmentFailure';
import { Log } from '../../src/ui/log';
import { secretKey } from '../../src/environments/secretRecord';
import { usableCredentials } from '../../src/environments/usableCredentials';
import { snippet, TERMINAL_TOKEN } from '../../src/requests/snippets';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { TerminalActions, type TerminalActionsDependencies } from '../../src/terminal/terminalActions';
import { exampleLine } from '../../src/terminal/exampleLine';
import { TERMINAL_VARIABLES } from '../../src/terminal/terminalProtocol';
import { projectRoot } from '../host/project';
import { findExecutable } from '../host/vscodeHost';
import { companion } from '../support/companion';
import { sendJson, startHttpServer } from '../support/httpServer';
import { ScriptedPrompts } from '../support/scriptedPrompts';
import { until } from '../support/until';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';

const MINUTE = 60_000;

/** How each shell starts without the user's own settings, and its names for the last exit code and its own process. */
const SHELLS: readonly {
  readonly name: string;
  readonly args: readonly string[];
  readonly status: string;
  readonly pid: string;
}[] = [
  { name: 'bash', args: ['--norc'], status: '$?', pid: '$$' },
  { name: 'sh', args: [], status: '$?', pid: '$$' },
  { name: 'zsh', args: ['-f'], status: '$?', pid: '$$' },
  { name: 'fish', args: ['--no-config'], status: '$status', pid: '$fish_pid' },
  { name: 'pwsh', args: ['-NoProfile'], status: '$LASTEXITCODE', pid: '$PID' },
];
const present = SHELLS.filter(({ name }) => findExecutable([name]) !== undefined);
const absent = SHELLS.filter((shell) => !present.includes(shell)).map(({ name }) =>
  name === 'pwsh' ? 'PowerShell (pwsh)' : name,
);
if (absent.length > 0)
  console.log(`Not tried, for want of it on this machine: a terminal with Scalekit in ${absent.join(', in ')}.`);

describe('a terminal with Scalekit', () => {
  let folder: string;
  let sandbox: Sandbox;
  let parts: StartedWorkbench;
  let prompts: ScriptedPrompts;
  let channel: vscode.LogOutputChannel;
  let log: Log;
  let channelName: string;
  let actions: TerminalActions;
  let id: string;
  let clock: number;
  const opened = new Set<vscode.Terminal>();

  const build = (more: Partial<TerminalActionsDependencies> = {}): TerminalActions =>
    new TerminalActions({
      environments: parts.environments,
      readCredentials: (environmentId) => usableCredentials(parts.store, environmentId),
      prompts,
      log,
      redactor: parts.redactor,
      shippedPrograms: join(projectRoot(), 'dist/terminal'),
      programFolder: join(folder, 'with space', 'bin'),
      terminalsAreElsewhere: false,
      ...more,
    });

  async function open(argument: unknown = id): Promise<vscode.Terminal> {
    const before = new Set(vscode.window.terminals);
    await actions.open(argument);
    const terminal = vscode.window.terminals.find((each) => !before.has(each)) ?? assert.fail('no terminal was opened');
    opened.add(terminal);
    return terminal;
  }
  const environmentOf = (terminal: vscode.Terminal): Record<string, string> =>
    (terminal.creationOptions as vscode.TerminalOptions).env as Record<string, string>;

  /** Types a line into a terminal as a user does, and waits for what it writes to `out`. */
  async function typed(terminal: vscode.Terminal, line: string): Promise<string> {
    const file = join(folder, randomUUID());
    terminal.sendText(`${line.replaceAll('OUT', `${file}.part`)}; mv ${file}.part ${file}`);
    await until(`the output of ${line}`, () => existsSync(file), 15_000);
    return readFileSync(file, 'utf8');
  }
  /** Runs one of the programs as a process with a terminal's environment, as a shell does. */
  function program(
    terminal: vscode.Terminal,
    name: string,
    ...args: string[]
  ): Promise<{ code: unknown; stdout: string; stderr: string }> {
    const env = { ...process.env, ...environmentOf(terminal) };
    const file = join(folder, 'with space', 'bin', name);
    return new Promise((resolve) =>
      execFile(file, args, { env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
      ),
    );
  }
  async function statusWith(token: string): Promise<number> {
    return (
      await fetch(`${sandbox.url}/api/v1/organizations`, { headers: { authorization: `Bearer ${token.trim()}` } })
    ).status;
  }
  const tokenRequests = (): number => sandbox.requests.filter(({ path }) => path === '/oauth/token').length;

  /** What the log says about terminals, without its times. */
  async function logged(): Promise<string> {
    const { context } = await companion();
    const logs = dirname(dirname(context.logUri.fsPath));
    const files = readdirSync(logs, { recursive: true, encoding: 'utf8' }).filter(
      (name) => basename(name) === `${channelName}.log`,
    );
    return files.map((name) => readFileSync(join(logs, name), 'utf8')).join('');
  }

  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('terminal.integrated');
  const profileName = (shell: string): string => `tested ${shell}`;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'scalekit-terminal-'));
    sandbox = await startSandbox({ organizations: 3 });
    // All at once, because VS Code reads the profiles again after each change, and may miss one that comes meanwhile.
    const profiles = present.map(({ name, args }) => [profileName(name), { path: findExecutable([name]), args }]);
    await settings().update('profiles.linux', Object.fromEntries(profiles), vscode.ConfigurationTarget.Global);
  });
  after(async () => {
    await settings().update('defaultProfile.linux', undefined, vscode.ConfigurationTarget.Global);
    await settings().update('profiles.linux', undefined, vscode.ConfigurationTarget.Global);
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    clock = 0;
    sandbox.clearFaults();
    sandbox.clearRequests();
    prompts = new ScriptedPrompts();
    parts = await startWorkbench({ now: () => Date.now() + clock });
    await parts.store.load();
    channelName = `Terminal test ${randomUUID()}`;
    channel = vscode.window.createOutputChannel(channelName, { log: true });
    log = new Log(channel, parts.redactor);
    actions = build();
    id = await parts.add({
      environmentUrl: sandbox.url,
      clientId: sandbox.clientId,
      clientSecret: sandbox.clientSecret,
    });
    await until('the environment', () => parts.store.get(id) !== undefined);
  });
  afterEach(async () => {
    for (const terminal of opened) terminal.dispose();
    opened.clear();
    actions.dispose();
    channel.dispose();
    await parts.end();
    prompts.assertAllUsed();
  });

  it('is tested at least in bash and sh', () => {
    assert.ok(present.some(({ name }) => name === 'bash') && present.some(({ name }) => name === 'sh'));
  });

  for (const { name, status, pid } of present) {
    describe(`running ${name}`, () => {
      before(async () => {
        await settings().update('defaultProfile.linux', profileName(name), vscode.ConfigurationTarget.Global);
        await until('the shell', () => basename(vscode.env.shell) === name, 10_000);
      });
      it('provides a token that the API accepts, and runs a command with the credentials and its exit code', async function () {
        this.timeout(60_000);
        const terminal = await open();
        const shell = await typed(terminal, `cat /proc/${pid}/comm > OUT`);
        assert.equal(shell.trim(), name);

        const token = await typed(terminal, 'scalekit-token > OUT');
        assert.match(token, /^eyJ[\w.-]+\n$/);
        assert.equal(await statusWith(token), 200);
        assert.equal(await typed(terminal, 'scalekit-token > OUT'), token);
        assert.equal(await typed(terminal, 'printf "Bearer %s" "$(scalekit-token)" > OUT'), `Bearer ${token.trim()}`);

        const variables = await typed(terminal, 'scalekit-run env > OUT');
        assert.match(variables, new RegExp(`^SCALEKIT_ENVIRONMENT_URL=${sandbox.url}$`, 'm'));
        assert.match(variables, new RegExp(`^SCALEKIT_CLIENT_ID=${sandbox.clientId}$`, 'm'));
        assert.match(variables, new RegExp(`^SCALEKIT_CLIENT_SECRET=${sandbox.clientSecret}$`, 'm'));
        assert.match(variables, new RegExp(`^SCALEKIT_ACCESS_TOKEN=${token.trim()}$`, 'm'));
        assert.equal((await typed(terminal, `scalekit-run sh -c 'exit 7'; echo ${status} > OUT`)).trim(), '7');

        assert.equal(await typed(terminal, 'printf "%s" "$SCALEKIT_ENVIRONMENT_URL" > OUT'), sandbox.url);
        const copied = snippet('cURL', `${sandbox.url}/api/v1/organizations?page_size=100`, TERMINAL_TOKEN).trimEnd();
        const listed = JSON.parse(await typed(terminal, `${copied} > OUT`)) as { total_size: number };
        assert.equal(listed.total_size, 3);
        const example = JSON.parse(await typed(terminal, `${exampleLine(name)} > OUT`)) as { total_size: number };
        assert.equal(example.total_size, 3);
        assert.ok(actions.isActive(id) && !actions.isActive('another'));

        const own = await typed(terminal, 'env > OUT');
        assert.ok(
          !own.includes(sandbox.clientSecret) && !own.includes('eyJ') && !own.includes('SCALEKIT_CLIENT'),
          'the terminal itself knows a secret',
        );
      });
    });
  }

  it('has no secret in the environment that VS Code writes to disk', async () => {
    const terminal = await open();
    const env = environmentOf(terminal);
    assert.deepEqual(
      Object.keys(env).sort(),
      ['PATH', 'SCALEKIT_ENVIRONMENT_URL', ...Object.values(TERMINAL_VARIABLES)].sort(),
    );
    assert.equal(env['SCALEKIT_ENVIRONMENT_URL'], sandbox.url);
    const token = (await program(terminal, 'scalekit-token')).stdout.trim();
    for (const value of [sandbox.clientSecret, sandbox.clientId, token, id])
      assert.ok(!JSON.stringify(env).includes(value), value.slice(0, 8));
    const socket = env[TERMINAL_VARIABLES.socket] ?? '';
    assert.equal(statSync(socket).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(socket)).mode & 0o777, 0o700);
  });

  it('opens no socket before the first terminal, and the same one for all', async () => {
    const first = await open();
    const second = await open();
    const [one, two] = [environmentOf(first), environmentOf(second)];
    assert.equal(one[TERMINAL_VARIABLES.socket], two[TERMINAL_VARIABLES.socket]);
    assert.notEqual(one[TERMINAL_VARIABLES.nonce], two[TERMINAL_VARIABLES.nonce]);
    const mixed = { ...two, [TERMINAL_VARIABLES.nonce]: one[TERMINAL_VARIABLES.nonce] };
    const file = join(folder, 'with space', 'bin', 'scalekit-token');
    const code = await new Promise((resolve) =>
      execFile(file, { env: { ...process.env, ...mixed } as NodeJS.ProcessEnv }, (error) => resolve(error?.code)),
    );
    assert.equal(code, 1, 'the nonce of one terminal opens another');
  });

  it('makes one token request for many calls, and another when the token is about to expire', async () => {
    const terminal = await open();
    const tokens = await Promise.all(Array.from({ length: 5 }, () => program(terminal, 'scalekit-token')));
    assert.equal(new Set(tokens.map(({ stdout }) => stdout)).size, 1);
    assert.equal(tokenRequests(), 1);
    clock = 86_399_000 - 10 * MINUTE + 1;
    const renewed = await program(terminal, 'scalekit-token');
    assert.equal(tokenRequests(), 2);
    assert.notEqual(renewed.stdout, tokens[0]?.stdout);
    assert.equal(await statusWith(renewed.stdout), 200);
  });

  it('doesn’t send refused credentials again and again', async () => {
    sandbox.addFault({ path: '/oauth/token', status: 401 });
    const terminal = await open();
    for (let call = 0; call < 3; call++) {
      const { code, stdout, stderr } = await program(terminal, 'scalekit-token');
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, /^scalekit-token: .*refused/);
    }
    assert.equal(tokenRequests(), 1);
  });

  it('doesn’t send refused credentials again either while the cached token is about to expire', async () => {
    const terminal = await open();
    assert.equal((await program(terminal, 'scalekit-token')).code, 0);
    clock = 86_399_000 - 5 * MINUTE;
    sandbox.addFault({ path: '/oauth/token', status: 401 });
    for (let call = 0; call < 3; call++)
      assert.match((await program(terminal, 'scalekit-token')).stderr, /^scalekit-token: .*refused/);
    assert.equal(tokenRequests(), 2);
  });

  it('cancels the request when its program ends, without an error in the log', async () => {
    const silent = await startHttpServer(() => undefined);
    try {
      const terminal = await open(
        await parts.add({ environmentUrl: silent.url, clientId: 'skc_2', clientSecret: 'test_secretsecretsecret' }),
      );
      const asking = execFile(join(folder, 'with space', 'bin', 'scalekit-token'), {
        env: { ...process.env, ...environmentOf(terminal) },
      });
      await until('the request', () => silent.requests.length === 1, 10_000);
      asking.kill('SIGINT');
      await until('its end', () => silent.openSockets === 0, 10_000);
      silent.answerWith((_request, response) => sendJson(response, { access_token: 'token1' }));
      assert.equal((await program(terminal, 'scalekit-token')).stdout, 'token1\n');
      assert.deepEqual(
        log.lastLines().filter((line) => /\[(?:error|warn)\]/.test(line)),
        [],
      );
    } finally {
      await silent.close();
    }
  });

  it('keeps its environment after a switch, and says that it was removed', async () => {
    const terminal = await open();
    const name = parts.environments.get(id)?.name ?? '';
    const other = await parts.add({
      environmentUrl: 'https://other.example',
      clientId: 'skc_2',
      clientSecret: 'test_secretsecretsecret',
    });
    await parts.store.setActive(other);
    assert.equal(await statusWith((await program(terminal, 'scalekit-token')).stdout), 200);
    await parts.stored.remove(id);
    const { code, stderr } = await program(terminal, 'scalekit-run', 'true');
    assert.equal(code, 1);
    assert.ok(stderr.startsWith(`scalekit-run: ${name}`) && stderr.includes('removed'), stderr);
  });

  it('explains what’s wrong with the secret storage if scalekit-run no longer finds the secret', async () => {
    const terminal = await open();
    assert.equal((await program(terminal, 'scalekit-run', 'true')).code, 0);
    await parts.secrets.delete(secretKey(id));
    const { code, stderr } = await program(terminal, 'scalekit-run', 'true');
    assert.equal(code, 1);
    assert.match(stderr, /^scalekit-run: .*: this window can’t find its client secret\./);
  });

  it('gets nothing once it’s closed', async () => {
    const terminal = await open();
    assert.equal((await program(terminal, 'scalekit-token')).code, 0);
    terminal.dispose();
    await until('its end', async () => (await program(terminal, 'scalekit-token')).code === 1, 5_000);
  });

  it('that outlived its window says to open a new one, and fails', async function () {
    this.timeout(60_000);
    const terminal = await open();
    assert.match(await typed(terminal, 'scalekit-token > OUT'), /^eyJ/);
    const socket = environmentOf(terminal)[TERMINAL_VARIABLES.socket] ?? '';
    actions.dispose();
    await until('the end of the socket', () => !existsSync(dirname(socket)));
    const output = await typed(terminal, '(scalekit-token; echo "exit $?") > OUT 2>&1');
    assert.equal(
      output,
      'scalekit-token: This terminal’s connection to VS Code has ended. Open a new one with “Scalekit: Open Terminal with Scalekit”.\nexit 1\n',
    );
  });

  it('logs every use, and no value', async () => {
    const terminal = await open();
    const { stdout } = await program(terminal, 'scalekit-token');
    await program(terminal, 'scalekit-run', 'true');
    const env = environmentOf(terminal);
    const knock = { ...process.env, ...env, [TERMINAL_VARIABLES.nonce]: 'guess' };
    await new Promise((resolve) =>
      execFile(join(folder, 'with space', 'bin', 'scalekit-token'), { env: knock }, resolve),
    );
    await until('the log', async () => (await logged()).includes('refused'), 10_000);
    const log = await logged();
    const shown = `Scalekit: ${parts.environments.get(id)?.name}`;
    assert.match(log, new RegExp(`terminal: opened for ${id}`));
    assert.ok(log.includes(`terminal “${shown}”, ${id}: access token given to scalekit-token`), log);
    assert.ok(log.includes(`terminal “${shown}”, ${id}: credentials and access token given to scalekit-run`), log);
    assert.match(log, /terminal: a request over the local socket was refused \(nonce\)/);
    for (const value of [stdout.trim(), sandbox.clientSecret, env[TERMINAL_VARIABLES.nonce] ?? '', 'guess'])
      assert.ok(!log.includes(value));
  });

  it('names its environment, marks production by word, icon and color, and escapes names', async () => {
    const production = await parts.add(
      { environmentUrl: sandbox.url, clientId: 'prd_skc_1', clientSecret: sandbox.clientSecret },
      { production: true },
    );
    await parts.stored.rename(production, 'Acme \u001b]0;owned\u0007\u202e');
    const options = (await open(production)).creationOptions as vscode.TerminalOptions;
    assert.equal(options.name, 'Scalekit: Acme \\u001b]0;owned\\u0007\\u202e (production)');
    assert.equal((options.iconPath as vscode.ThemeIcon).id, 'shield');
    assert.equal((options.color as { id?: string }).id, 'terminal.ansiYellow');
    assert.match(options.message ?? '', /production/);
    assert.ok(options.message?.endsWith(`  ${exampleLine(vscode.env.shell)}`), options.message);
    assert.doesNotMatch(
      (options.message ?? '').replace(/\u001b\[\d+m/g, ''),
      /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u202e]/,
    );
    const ordinary = (await open(id)).creationOptions as vscode.TerminalOptions;
    assert.equal(ordinary.name, `Scalekit: ${parts.environments.get(id)?.name}`);
    assert.equal((ordinary.iconPath as vscode.ThemeIcon).id, 'key');
    assert.equal(ordinary.color, undefined);
  });

  it('isn’t opened if terminals run on another machine, and a message says so', async () => {
    actions.dispose();
    actions = build({ terminalsAreElsewhere: true });
    const before = vscode.window.terminals.length;
    prompts.expectMessage({
      severity: 'warning',
      text: /^This window’s terminals run on another machine .* Use Copy Access Token, or open a local window\.$/,
    });
    await actions.open(id);
    assert.equal(vscode.window.terminals.length, before);
  });

  it('isn’t opened for an environment that can’t be used', async () => {
    const before = vscode.window.terminals.length;
    await assert.rejects(
      actions.open('gone'),
      (error) => error instanceof EnvironmentFailure && error.failure === 'gone',
    );
    assert.equal(vscode.window.terminals.length, before);
  });

  it('opens with the extension’s own command for the local sandbox', async function () {
    this.timeout(60_000);
    await vscode.commands.executeCommand('scalekit.sandbox.start');
    try {
      const before = new Set(vscode.window.terminals);
      assert.equal(await vscode.commands.executeCommand('scalekit.environment.openTerminal', 'sandbox'), undefined);
      await until('the terminal', () => vscode.window.terminals.some((each) => !before.has(each)), 10_000);
      const terminal = vscode.window.terminals.find((each) => !before.has(each)) ?? assert.fail();
      opened.add(terminal);
      const variables = await typed(terminal, 'scalekit-run env > OUT');
      const read = (variable: string): string => new RegExp(`^${variable}=(.*)$`, 'm').exec(variables)?.[1] ?? '';
      const response = await fetch(`${read('SCALEKIT_ENVIRONMENT_URL')}/api/v1/organizations`, {
        headers: {
          authorization: `Bearer ${await typed(terminal, 'scalekit-token > OUT').then((text) => text.trim())}`,
        },
      });
      assert.equal(response.status, 200);
    } finally {
      await vscode.commands.executeCommand('scalekit.sandbox.stop');
    }
  });
});
