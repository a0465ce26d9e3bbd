import assert from 'node:assert/strict';
import { spawn, type SpawnOptions } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPrograms } from '../../src/tokens/terminal/installPrograms';
import { TERMINAL_VARIABLES, type TerminalAnswer } from '../../src/tokens/terminal/terminalProtocol';
import { TerminalServer } from '../../src/tokens/terminal/terminalServer';
import { projectRoot } from '../host/project';

const SHIPPED = join(projectRoot(), 'dist/terminal');
const ENDED = 'Diese Verbindung ist beendet.';

/** Quotes, spaces, dollars, backslashes, line breaks and the letter that the script uses as a mark: whatever a shell could stumble over. */
const SECRET = ' test_ab\'c"d$HOME`id`\\n%PATH%!\n*?\n x\n';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the programs in a terminal', () => {
  let folder: string;
  let server: TerminalServer;
  let answer: TerminalAnswer;
  let asked: string[];
  let environment: NodeJS.ProcessEnv;

  before(async () => {
    folder = join(mkdtempSync(join(tmpdir(), 'scalekit-unit-')), 'bin');
    await installPrograms(SHIPPED, folder);
  });
  after(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  beforeEach(async () => {
    asked = [];
    answer = { token: 'eyJ.token.1', credentials: { environmentUrl: 'https://acme.scalekit.dev', clientId: 'skc_1', clientSecret: SECRET } };
    server = await TerminalServer.start({ onRefused: (reason) => asked.push(`refused ${reason}`) });
    const grant = server.grant(async (wants) => {
      asked.push(wants);
      return answer;
    });
    environment = {
      PATH: `${folder}:${process.env['PATH']}`,
      [TERMINAL_VARIABLES.socket]: server.address,
      [TERMINAL_VARIABLES.handle]: grant.handle,
      [TERMINAL_VARIABLES.nonce]: grant.nonce,
      [TERMINAL_VARIABLES.node]: process.execPath,
      [TERMINAL_VARIABLES.program]: join(folder, 'scalekit-terminal.cjs'),
      [TERMINAL_VARIABLES.ended]: ENDED,
    };
  });
  afterEach(() => server.dispose());

  function run(program: string, args: readonly string[] = [], options: SpawnOptions & { input?: string; onStart?: (pid: number) => void } = {}): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(program, [...args], { env: environment, stdio: 'pipe', ...options });
      let stdout = '';
      let stderr = '';
      child.stdout?.on('data', (chunk) => {
        stdout += String(chunk);
        if (stdout.includes('ready') && child.pid !== undefined) options.onStart?.(child.pid);
      });
      child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
      // A program that ends without reading its input closes the pipe, which is no failure of it.
      child.stdin?.on('error', () => undefined).end(options.input ?? '');
    });
  }
  const node = (script: string): string[] => [process.execPath, '-e', script];

  it('scalekit-token prints the token and nothing else, asked for anew at every call', async () => {
    assert.deepEqual(await run('scalekit-token'), { code: 0, signal: null, stdout: 'eyJ.token.1\n', stderr: '' });
    answer = { token: 'eyJ.token.2' };
    assert.equal((await run('scalekit-token')).stdout, 'eyJ.token.2\n');
    assert.deepEqual(asked, ['token', 'token']);
  });

  it('scalekit-token is a word in the command substitution of a shell', async () => {
    const { stdout } = await run('sh', ['-c', 'printf "[%s]" "Authorization: Bearer $(scalekit-token)"']);
    assert.equal(stdout, '[Authorization: Bearer eyJ.token.1]');
  });

  it('scalekit-token says why there is no token, on the error output and by its exit code', async () => {
    answer = { error: 'acme: this environment was removed.' };
    assert.deepEqual(await run('scalekit-token'), { code: 1, signal: null, stdout: '', stderr: 'scalekit-token: acme: this environment was removed.\n' });
  });

  it('is not disturbed by a debugger that waits for the person’s own programs, or by tracing', async () => {
    environment = { ...environment, NODE_OPTIONS: '--inspect-brk=127.0.0.1:0', SHELLOPTS: 'xtrace' };
    assert.deepEqual(await run('scalekit-token'), { code: 0, signal: null, stdout: 'eyJ.token.1\n', stderr: '' });
    const { stderr } = await run('bash', [join(folder, 'scalekit-run'), 'true']);
    assert.ok(!stderr.includes('test_ab') && !stderr.includes('eyJ.token.1'), stderr);
  });

  for (const program of ['scalekit-token', 'scalekit-run']) {
    const args = program === 'scalekit-run' ? ['true'] : [];

    it(`${program} says in a sentence that the window is gone`, async () => {
      server.dispose();
      assert.deepEqual(await run(program, args), { code: 1, signal: null, stdout: '', stderr: `${program}: ${ENDED}\n` });
    });

    it(`${program} says the same when its nonce is not that of this window`, async () => {
      environment = { ...environment, [TERMINAL_VARIABLES.nonce]: 'another' };
      assert.deepEqual(await run(program, args), { code: 1, signal: null, stdout: '', stderr: `${program}: ${ENDED}\n` });
      assert.deepEqual(asked, ['refused nonce']);
    });

    it(`${program} says the same when VS Code itself was moved or updated`, async () => {
      environment = { ...environment, [TERMINAL_VARIABLES.node]: join(folder, 'no-node') };
      assert.deepEqual(await run(program, args), { code: 1, signal: null, stdout: '', stderr: `${program}: ${ENDED}\n` });
    });

    it(`${program} says where it works when it was called elsewhere`, async () => {
      environment = { PATH: environment['PATH'] };
      const { code, stdout, stderr } = await run(program, args);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, new RegExp(`^${program}: this is not a terminal that .*Open Terminal with Scalekit`));
    });

    it(`${program} explains itself`, async () => {
      const { code, stdout } = await run(program, ['--help']);
      assert.deepEqual([code, asked], [0, []]);
      assert.match(stdout, new RegExp(`^Usage: ${program}`));
    });
  }

  it('scalekit-token takes no arguments', async () => {
    assert.deepEqual(await run('scalekit-token', ['x']), { code: 2, signal: null, stdout: '', stderr: 'Usage: scalekit-token\n' });
    assert.deepEqual(asked, []);
  });

  it('scalekit-run needs a command', async () => {
    const { code, stderr } = await run('scalekit-run');
    assert.equal(code, 2);
    assert.match(stderr, /^Usage: scalekit-run COMMAND/);
    assert.deepEqual(asked, []);
  });

  const hostile = ['', ' ', "it's", '"quoted"', '$HOME', '$(id)', '`id`', '*', 'a\nb', '\\', '\\n', '-n', '--', 'ü😀', '%PATH%', '!!', ';ls', '&&', '|', '>x'];
  const shown = `process.stdout.write(JSON.stringify({ args: process.argv.slice(1), env: process.env }))`;

  // The first is what a POSIX system has on its PATH; the second is what the Windows scripts start.
  for (const [name, prefix] of [
    ['scalekit-run', (): string[] => ['scalekit-run']],
    ['the program behind scalekit-run.cmd', (): string[] => [process.execPath, join(folder, 'scalekit-terminal.cjs'), 'run']],
  ] as const) {
    const start = (args: readonly string[], options?: Parameters<typeof run>[2]): Promise<Ended> => {
      const [program = '', ...first] = prefix();
      return run(program, [...first, ...args], options);
    };

    it(`${name} gives the command the four variables, and every argument as it is`, async () => {
      environment = { ...environment, NODE_NO_WARNINGS: '1', MINE: 'kept' };
      const { code, stdout, stderr } = await start([...node(shown), '--', ...hostile]);
      assert.deepEqual([code, stderr], [0, '']);
      const { args, env } = JSON.parse(stdout) as { args: string[]; env: NodeJS.ProcessEnv };
      assert.deepEqual(args, hostile);
      assert.equal(env['SCALEKIT_ENVIRONMENT_URL'], 'https://acme.scalekit.dev');
      assert.equal(env['SCALEKIT_CLIENT_ID'], 'skc_1');
      assert.equal(env['SCALEKIT_CLIENT_SECRET'], SECRET);
      assert.equal(env['SCALEKIT_ACCESS_TOKEN'], 'eyJ.token.1');
      assert.equal(env['MINE'], 'kept');
      assert.equal(env['ELECTRON_RUN_AS_NODE'], undefined);
      assert.deepEqual(Object.keys(env).filter((key) => key.startsWith('scalekit_')), []);
      assert.deepEqual(asked, ['credentials']);
    });

    it(`${name} ends as the command does`, async () => {
      for (const code of [0, 255]) assert.equal((await start(node(`process.exit(${code})`))).code, code);
      const killed = await start(node('process.kill(process.pid, "SIGKILL")'));
      assert.equal(killed.signal, 'SIGKILL');
    });

    it(`${name} hands signals on to the command`, async () => {
      const waits = node('process.on("SIGTERM", () => process.exit(43)); setInterval(() => {}, 1000); console.log("ready")');
      const { code } = await start(waits, { onStart: (pid) => process.kill(pid, 'SIGTERM') });
      assert.equal(code, 43);
    });

    it(`${name} lets the command read the input`, async () => {
      const { stdout } = await start(['cat'], { input: 'line 1\nline 2' });
      assert.equal(stdout, 'line 1\nline 2');
    });

    it(`${name} takes a command that is not there for what it is`, async () => {
      const { code, stderr } = await start(['scalekit-no-such-command']);
      assert.equal(code, 127);
      assert.match(stderr, /not found/);
      assert.ok(!stderr.includes('test_ab'));
    });

    it(`${name} passes over a leading --`, async () => {
      assert.equal((await start(['--', 'echo', '--', 'x'])).stdout, '-- x\n');
    });

    it(`${name} runs nothing without credentials, and says why`, async () => {
      answer = { error: 'acme is stopped.' };
      const marker = join(folder, 'ran');
      assert.deepEqual(await start(['touch', marker]), { code: 1, signal: null, stdout: '', stderr: 'scalekit-run: acme is stopped.\n' });
      assert.equal(existsSync(marker), false);
    });
  }

  it('scalekit-run becomes the command, so that Ctrl-C and Ctrl-Z are the command’s own', async () => {
    let started = 0;
    const { stdout } = await run('scalekit-run', node('console.log("ready", process.pid)'), { onStart: (pid) => (started = pid) });
    assert.equal(stdout, `ready ${started}\n`);
  });

  it('leave the credentials in no process but the command’s', async () => {
    const { stdout } = await run('sh', ['-c', 'scalekit-run true; env']);
    assert.ok(!/SCALEKIT_(?:CLIENT|ACCESS|ENVIRONMENT)/.test(stdout) && !stdout.includes('test_ab'), stdout);
  });
});

describe('installing the programs', () => {
  let folder: string;
  beforeEach(() => (folder = join(mkdtempSync(join(tmpdir(), 'scalekit-unit-')), 'bin')));
  afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  it('makes them executable for this user alone, whatever bits they came with', async () => {
    await installPrograms(SHIPPED, folder);
    assert.deepEqual(readdirSync(folder).sort(), readdirSync(SHIPPED).sort());
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    for (const name of readdirSync(folder)) {
      assert.equal(statSync(join(folder, name)).mode & 0o777, 0o700, name);
      assert.deepEqual(readFileSync(join(folder, name)), readFileSync(join(SHIPPED, name)));
    }
  });

  it('mends what is outdated, changed or not executable, and leaves the rest', async () => {
    await installPrograms(SHIPPED, folder);
    writeFileSync(join(folder, 'scalekit-token'), '#!/bin/sh\necho old\n');
    chmodSync(join(folder, 'scalekit-run'), 0o644);
    const untouched = statSync(join(folder, 'scalekit-terminal.cjs')).ino;
    await installPrograms(SHIPPED, folder);
    assert.deepEqual(readFileSync(join(folder, 'scalekit-token')), readFileSync(join(SHIPPED, 'scalekit-token')));
    assert.equal(statSync(join(folder, 'scalekit-run')).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, 'scalekit-terminal.cjs')).ino, untouched);
  });

  it('by several windows at once leaves whole files and nothing else', async () => {
    await Promise.all(Array.from({ length: 8 }, () => installPrograms(SHIPPED, folder)));
    assert.deepEqual(readdirSync(folder).sort(), readdirSync(SHIPPED).sort());
    for (const name of readdirSync(folder)) assert.deepEqual(readFileSync(join(folder, name)), readFileSync(join(SHIPPED, name)), name);
  });
});
