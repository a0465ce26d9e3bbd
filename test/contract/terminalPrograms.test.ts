import assert from 'node:assert/strict';
import { spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPrograms } from '../../src/terminal/installPrograms';
import { SAVED_NODE_OPTIONS, TERMINAL_VARIABLES, type TerminalResponse } from '../../src/terminal/terminalProtocol';
import { TerminalServer } from '../../src/terminal/terminalServer';
import { projectRoot } from '../host/project';
import { findExecutable } from '../host/vscodeHost';

const SHIPPED = join(projectRoot(), 'dist/terminal');
const ENDED = 'Diese Verbindung ist beendet.';

/** Quotes, spaces, dollars, backslashes, line breaks and the letter that the script uses as a mark: everything that a shell could trip over. */
const SECRET = ' test_ab\'c"d$HOME`id`\\n%PATH%!\n*?\n x\n';

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('In a terminal,', () => {
  let folder: string;
  let server: TerminalServer;
  let response: TerminalResponse;
  let asked: string[];
  let environment: NodeJS.ProcessEnv;

  before(async () => {
    folder = join(mkdtempSync(join(tmpdir(), 'scalekit-unit-')), 'bin');
    await installPrograms(SHIPPED, folder);
  });
  after(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  beforeEach(async () => {
    asked = [];
    response = {
      token: 'eyJ.token.1',
      credentials: { environmentUrl: 'https://acme.scalekit.dev', clientId: 'skc_1', clientSecret: SECRET },
    };
    server = await TerminalServer.start({ onRefused: (reason) => asked.push(`refused ${reason}`) });
    const grant = server.grant(async (wants) => {
      asked.push(wants);
      return response;
    });
    environment = {
      PATH: `${folder}:${process.env['PATH']}`,
      [TERMINAL_VARIABLES.socket]: server.address,
      [TERMINAL_VARIABLES.handle]: grant.handle,
      [TERMINAL_VARIABLES.nonce]: grant.nonce,
      [TERMINAL_VARIABLES.node]: process.execPath,
      [TERMINAL_VARIABLES.ended]: ENDED,
    };
  });
  afterEach(() => server.dispose());

  function run(
    program: string,
    args: readonly string[] = [],
    options: SpawnOptions & { input?: string; onStart?: (pid: number) => void } = {},
  ): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(program, [...args], { env: environment, stdio: 'pipe', ...options });
      let stdout = '';
      let stderr = '';
      child.stdout?.on('data', (chunk) => {
        const wasReady = stdout.includes('ready');
        stdout += String(chunk);
        if (!wasReady && stdout.includes('ready') && child.pid !== undefined) options.onStart?.(child.pid);
      });
      child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
      // A program that ends without reading its input closes the pipe, which isn't a failure.
      child.stdin?.on('error', () => undefined).end(options.input ?? '');
    });
  }
  const node = (script: string): string[] => [process.execPath, '-e', script];

  it('scalekit-token prints nothing but the token, and gets a valid one at every call', async () => {
    assert.deepEqual(await run('scalekit-token'), { code: 0, signal: null, stdout: 'eyJ.token.1\n', stderr: '' });
    response = { token: 'eyJ.token.2' };
    assert.equal((await run('scalekit-token')).stdout, 'eyJ.token.2\n');
    assert.deepEqual(asked, ['token', 'token']);
  });

  it('scalekit-token works in the command substitution of a shell', async () => {
    const { stdout } = await run('sh', ['-c', 'printf "[%s]" "Authorization: Bearer $(scalekit-token)"']);
    assert.equal(stdout, '[Authorization: Bearer eyJ.token.1]');
  });

  it('scalekit-token explains a missing token on stderr and fails', async () => {
    response = { error: 'acme: this environment was removed.' };
    assert.deepEqual(await run('scalekit-token'), {
      code: 1,
      signal: null,
      stdout: '',
      stderr: 'scalekit-token: acme: this environment was removed.\n',
    });
  });

  it('the programs ignore a debugger that waits for the person’s own programs, and tracing', async () => {
    environment = { ...environment, NODE_OPTIONS: '--inspect-brk=127.0.0.1:0', SHELLOPTS: 'xtrace' };
    assert.deepEqual(await run('scalekit-token'), { code: 0, signal: null, stdout: 'eyJ.token.1\n', stderr: '' });
    const { stderr } = await run('bash', [join(folder, 'scalekit-run'), 'true']);
    assert.ok(!stderr.includes('test_ab') && !stderr.includes('eyJ.token.1'), stderr);
  });

  for (const program of ['scalekit-token', 'scalekit-run']) {
    const args = program === 'scalekit-run' ? ['true'] : [];

    it(`${program} says in a sentence that the window was closed`, async () => {
      server.dispose();
      assert.deepEqual(await run(program, args), {
        code: 1,
        signal: null,
        stdout: '',
        stderr: `${program}: ${ENDED}\n`,
      });
    });

    it(`${program} says the same when its nonce isn’t this window’s`, async () => {
      environment = { ...environment, [TERMINAL_VARIABLES.nonce]: 'another' };
      assert.deepEqual(await run(program, args), {
        code: 1,
        signal: null,
        stdout: '',
        stderr: `${program}: ${ENDED}\n`,
      });
      assert.deepEqual(asked, ['refused nonce']);
    });

    it(`${program} says the same when VS Code itself was moved or updated`, async () => {
      environment = { ...environment, [TERMINAL_VARIABLES.node]: join(folder, 'no-node') };
      assert.deepEqual(await run(program, args), {
        code: 1,
        signal: null,
        stdout: '',
        stderr: `${program}: ${ENDED}\n`,
      });
    });

    it(`${program} says where it works when it’s called elsewhere`, async () => {
      environment = { PATH: environment['PATH'] };
      const { code, stdout, stderr } = await run(program, args);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, new RegExp(`^${program}: this is not a terminal that .*Open Terminal with Scalekit`));
    });

    it(`${program} explains itself with --help`, async () => {
      const { code, stdout } = await run(program, ['--help']);
      assert.deepEqual([code, asked], [0, []]);
      assert.match(stdout, new RegExp(`^Usage: ${program}`));
      assert.match(
        stdout,
        program === 'scalekit-run'
          ? /SCALEKIT_CLIENT_SECRET.*set for that command alone/s
          : /Prints a valid access token/,
      );
      assert.deepEqual(await run(program, ['-h']), { code: 0, signal: null, stdout, stderr: '' });
    });

    it(`${program} refuses an unknown option without repeating its value`, async () => {
      for (const [option, shown] of [
        ['--verbose', '--verbose'],
        ['-x', '-x'],
        ['--secret=test_abc', '--secret'],
      ] as const) {
        const { code, stdout, stderr } = await run(program, [option, ...args]);
        assert.deepEqual([code, stdout, asked], [2, '', []], option);
        assert.match(
          stderr,
          new RegExp(
            `^${program}: there is no option ${shown}\\. ${program} --help says what it does\\.\\nUsage: ${program}`,
          ),
        );
        assert.ok(!stderr.includes('test_abc'));
      }
    });

    it(`${program} prints no stack trace if another program listens at its socket`, async () => {
      const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n')).listen(join(folder, 'other'));
      await once(other, 'listening');
      try {
        for (const socket of [join(folder, 'other'), join(folder, 'nothing'), folder, '7'.repeat(300), '0']) {
          environment = { ...environment, [TERMINAL_VARIABLES.socket]: socket };
          assert.deepEqual(
            await run(program, args),
            { code: 1, signal: null, stdout: '', stderr: `${program}: ${ENDED}\n` },
            socket,
          );
        }
      } finally {
        other.close();
      }
    });

    it(`${program} ignores variables that are meant for the person’s own Node programs`, async () => {
      const coverage = join(folder, 'coverage');
      const own = {
        NODE_OPTIONS: '--require=./not-there.js',
        NODE_DEBUG: 'net,stream',
        NODE_V8_COVERAGE: coverage,
        NODE_EXTRA_CA_CERTS: '/not/there',
      };
      environment = { ...environment, ...own };
      const { code, stderr } = await run(program, args);
      assert.deepEqual([code, stderr, existsSync(coverage)], [0, '', false]);
      if (program === 'scalekit-run') {
        const { stdout } = await run(program, [
          'sh',
          '-c',
          'echo "$NODE_OPTIONS $NODE_DEBUG $NODE_V8_COVERAGE $NODE_EXTRA_CA_CERTS"',
        ]);
        assert.equal(stdout, `${Object.values(own).join(' ')}\n`);
      }
    });
  }

  // Each shell handles pipes, closed descriptors and exit codes in its own way.
  const SHELLS = [['bash', '--norc'], ['zsh', '-f'], ['fish', '--no-config'], ['dash']] as const;
  for (const [shell, ...own] of SHELLS.filter(([shell]) => findExecutable([shell]) !== undefined)) {
    const typed = (line: string): Promise<Ended> => run(shell, [...own, '-c', line]);
    /** The exit code of a pipeline’s first program. */
    const first = { bash: '${PIPESTATUS[0]}', zsh: '${pipestatus[1]}', fish: '$pipestatus[1]', dash: undefined }[shell];
    const status = shell === 'fish' ? '$status' : '$?';

    describe(`in ${shell},`, () => {
      it('scalekit-token ends quietly when its reader is gone', async () => {
        for (const reader of ['true', 'head -c0', 'sh -c "exec <&-"']) {
          const { stdout, stderr } = await typed(
            `scalekit-token | ${reader}${first === undefined ? '' : `; echo "${first}"`}`,
          );
          assert.equal(stderr, '', reader);
          // It wrote before its reader was gone, or ended as SIGPIPE ends other programs.
          if (first !== undefined) assert.match(stdout, /^(?:0|141)\n$/, reader);
        }
        assert.equal((await typed('scalekit-token | head -c3')).stdout, 'eyJ');
      });

      it('scalekit-token that can’t write says so and fails', async () => {
        const full = await typed(`scalekit-token > /dev/full; echo ${status}`);
        assert.deepEqual(
          [full.stdout, full.stderr],
          ['1\n', 'scalekit-token: the output can’t be written (ENOSPC).\n'],
        );
        const closed = await typed(`scalekit-token >&-; echo ${status}`);
        assert.deepEqual(
          [closed.stdout, closed.stderr],
          ['1\n', 'scalekit-token: the output is closed, so the token can’t be written.\n'],
        );
      });

      it('the programs work with a closed stdin or stderr, and fail with the same codes', async () => {
        const secret = `sh -c 'printf %s "$SCALEKIT_CLIENT_ID"'`;
        for (const [line, stdout] of [
          ['scalekit-token <&-', 'eyJ.token.1\n'],
          ['scalekit-token 2>&-', 'eyJ.token.1\n'],
          ['scalekit-token <&- 2>&-', 'eyJ.token.1\n'],
          [`scalekit-run ${secret} <&-`, 'skc_1'],
          [`scalekit-run ${secret} 2>&-`, 'skc_1'],
          [`scalekit-run ${secret} <&- 2>&-`, 'skc_1'],
          [`scalekit-run sh -c 'printf %s "$SCALEKIT_CLIENT_ID" >&2' <&- 2>&1 >&-`, 'skc_1'],
          [`scalekit-token --no 2>&-; echo ${status}`, '2\n'],
          [`scalekit-run no-such-command 2>&-; echo ${status}`, '127\n'],
          [`scalekit-token --no 2>/dev/full; echo ${status}`, '2\n'],
        ] as const) {
          assert.deepEqual(await typed(line), { code: 0, signal: null, stdout, stderr: '' }, line);
        }
        assert.equal((await typed('scalekit-token --no 2>&1 | true')).stderr, '');
      });

      it('a command run by scalekit-run ends as it would without it', async () => {
        for (const command of [
          'true',
          'false',
          `sh -c 'exit 3'`,
          `sh -c 'exit 255'`,
          `sh -c 'kill -TERM $$'`,
          `sh -c 'kill -INT $$'`,
          `sh -c 'kill -PIPE $$'`,
          `sh -c 'kill -USR1 $$'`,
        ]) {
          const [plain, through] = [
            await typed(`${command}; echo ${status}`),
            await typed(`scalekit-run ${command}; echo ${status}`),
          ];
          assert.equal(through.stdout, plain.stdout, command);
        }
      });

      it('a mistake gets a helpful sentence and the exit code of shells', async () => {
        writeFileSync(join(folder, '../plain.js'), '1', { mode: 0o644 });
        writeFileSync(join(folder, '../windows.sh'), '#!/bin/sh\r\necho x\r\n', { mode: 0o755 });
        const here = join(folder, '..');
        for (const [line, code, sentence] of [
          [
            'scalekit-run NODE_ENV=test npm start',
            127,
            /^NODE_ENV=… sets a variable and isn’t a command\. Put env before it: scalekit-run env NODE_ENV=… COMMAND$/,
          ],
          ['scalekit-run TOKEN=test_abc', 127, /^TOKEN=… sets/],
          [
            'scalekit-run "npm start"',
            127,
            /^“npm start” was given as one word: command not found\. Leave out the quotes: scalekit-run npm start$/,
          ],
          [
            'scalekit-run "npm run build && npm start"',
            127,
            /^a whole command line was given as one word: .* scalekit-run sh -c '…'$/,
          ],
          ['scalekit-run "TOKEN=test_abc npm start"', 127, /^a whole command line/],
          [
            'scalekit-run no-such-command --flag',
            127,
            /^no-such-command: command not found\. An alias, function, or built-in of a shell needs that shell: scalekit-run bash -ic '…'$/,
          ],
          ['scalekit-run source .env', 127, /^source: command not found\. An alias/],
          ["scalekit-run ''", 127, /^“”: command not found/],
          ['scalekit-run -- --version', 127, /^--version: command not found/],
          ['scalekit-run ./no/such', 127, /^\.\/no\/such: command not found/],
          [`scalekit-run ${here}/plain.js`, 126, /plain\.js: permission denied\. Make it executable with chmod \+x/],
          [`scalekit-run ${here}`, 126, /: is a directory\.$/],
          [
            `scalekit-run ${here}/windows.sh`,
            126,
            /windows\.sh: its first line names "\/bin\/sh\\r", which isn’t there\.$/,
          ],
        ] as const) {
          const { stdout, stderr } = await typed(`${line}; echo ${status}`);
          assert.equal(stdout, `${code}\n`, line);
          assert.match(stderr, /^scalekit-run: [^\n]+\n$/, line);
          assert.match(stderr.slice('scalekit-run: '.length, -1), sentence, line);
          assert.ok(!stderr.includes('test_abc'), line);
        }
        assert.deepEqual(asked, [], 'credentials were requested for a command that can’t be run');
      });
    });
  }

  it('scalekit-run runs commands with spaces or an equals sign in their name, and scripts without a first line', async () => {
    const at = join(folder, '..', 'a b=c');
    writeFileSync(at, 'echo "ran $SCALEKIT_CLIENT_ID"\n', { mode: 0o755 });
    assert.equal((await run('scalekit-run', [at])).stdout, 'ran skc_1\n');
    writeFileSync(join(folder, '..', 'a b'), 'echo "ran $SCALEKIT_CLIENT_ID"\n', { mode: 0o755 });
    environment = { ...environment, PATH: `${join(folder, '..')}:${environment['PATH']}` };
    assert.equal((await run('scalekit-run', ['a b'])).stdout, 'ran skc_1\n');
  });

  it('scalekit-run runs a command in the current folder if PATH says so', async () => {
    writeFileSync(join(folder, 'beside'), '#!/bin/sh\necho beside\n', { mode: 0o755 });
    environment = { ...environment, PATH: `:${environment['PATH']}` };
    assert.equal((await run('scalekit-run', ['beside'], { cwd: folder })).stdout, 'beside\n');
    rmSync(join(folder, 'beside'));
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const) {
    it(`scalekit-run forwards ${signal} to the command`, async () => {
      const waits = `trap 'echo got; exit 9' ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`;
      const { code, stdout } = await run('scalekit-run', ['sh', '-c', waits], {
        onStart: (pid) => process.kill(pid, signal),
      });
      assert.deepEqual([code, stdout], [9, 'ready\ngot\n']);
    });
  }

  it('a signal ends both programs silently while they wait for VS Code', async () => {
    let started: () => void = () => undefined;
    server.dispose();
    server = await TerminalServer.start({ onRefused: () => undefined });
    const grant = server.grant(() => new Promise(() => started()));
    environment = {
      ...environment,
      [TERMINAL_VARIABLES.socket]: server.address,
      [TERMINAL_VARIABLES.handle]: grant.handle,
      [TERMINAL_VARIABLES.nonce]: grant.nonce,
    };
    for (const [program, args] of [
      ['scalekit-token', []],
      ['scalekit-run', ['true']],
    ] as const) {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        const child = spawn(program, args, { env: environment, stdio: 'pipe', detached: true });
        let output = '';
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
        await new Promise<void>((resolve) => (started = resolve));
        // Like a terminal: to everything that runs in it.
        process.kill(-(child.pid ?? 0), signal);
        const [, ended] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
        assert.deepEqual([ended, output], [signal, ''], program);
      }
    }
  });

  it('the scripts for Windows hide the person’s NODE_OPTIONS from their own helper, and restore them for the command', async () => {
    for (const name of ['scalekit-token.cmd', 'scalekit-run.cmd']) {
      const script = readFileSync(join(SHIPPED, name), 'latin1');
      assert.match(script, /\r\nset NODE_OPTIONS=\r\nset ELECTRON_RUN_AS_NODE=1\r\n"%SCALEKIT_WORKBENCH_NODE%" /, name);
      assert.doesNotMatch(script, /[^\r]\n/, name);
    }
    environment = {
      ...environment,
      ELECTRON_RUN_AS_NODE: '1',
      [SAVED_NODE_OPTIONS]: '--no-deprecation --title="a & b"',
    };
    const { stdout } = await run(process.execPath, [join(folder, 'scalekit-terminal.cjs'), 'run', 'env']);
    assert.match(stdout, /^NODE_OPTIONS=--no-deprecation --title="a & b"$/m);
    assert.doesNotMatch(stdout, new RegExp(`^(?:${SAVED_NODE_OPTIONS}|ELECTRON_RUN_AS_NODE)=`, 'm'));
  });

  it('the program behind scalekit-run.cmd ends like a command that a closed pipe ends', async () => {
    const script = join(folder, 'scalekit-terminal.cjs');
    assert.equal((await run(process.execPath, [script, 'run', 'sh', '-c', 'kill -PIPE $$'])).code, 141);
  });

  it('scalekit-token takes no arguments', async () => {
    const { code, stdout, stderr } = await run('scalekit-token', ['test_x']);
    assert.deepEqual([code, stdout, asked], [2, '', []]);
    assert.equal(
      stderr,
      'scalekit-token: it takes no arguments. scalekit-token --help says what it does.\nUsage: scalekit-token\n',
    );
  });

  it('scalekit-run needs a command', async () => {
    const { code, stderr } = await run('scalekit-run');
    assert.equal(code, 2);
    assert.match(stderr, /^scalekit-run: no command was given\.\nUsage: scalekit-run \[--\] COMMAND/);
    assert.deepEqual(asked, []);
  });

  const hostile = [
    '',
    ' ',
    "it's",
    '"quoted"',
    '$HOME',
    '$(id)',
    '`id`',
    '*',
    'a\nb',
    '\\',
    '\\n',
    '-n',
    '--',
    'ü😀',
    '%PATH%',
    '!!',
    ';ls',
    '&&',
    '|',
    '>x',
  ];
  const shown = `process.stdout.write(JSON.stringify({ args: process.argv.slice(1), env: process.env }))`;

  // The first is on the PATH of a POSIX system. The Windows scripts start the second.
  for (const [name, prefix] of [
    ['scalekit-run', (): string[] => ['scalekit-run']],
    [
      'the program behind scalekit-run.cmd',
      (): string[] => [process.execPath, join(folder, 'scalekit-terminal.cjs'), 'run'],
    ],
  ] as const) {
    const start = (args: readonly string[], options?: Parameters<typeof run>[2]): Promise<Ended> => {
      const [program = '', ...first] = prefix();
      return run(program, [...first, ...args], options);
    };

    it(`${name} passes the four variables and every argument unchanged to the command`, async () => {
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
      assert.deepEqual(
        Object.keys(env).filter((key) => key.startsWith('scalekit_')),
        [],
      );
      assert.deepEqual(asked, ['credentials']);
    });

    it(`${name} ends with the command’s exit code`, async () => {
      for (const code of [0, 255]) assert.equal((await start(node(`process.exit(${code})`))).code, code);
      const killed = await start(node('process.kill(process.pid, "SIGKILL")'));
      assert.equal(killed.signal, 'SIGKILL');
    });

    it(`${name} forwards signals to the command`, async () => {
      const waits = node(
        'process.on("SIGTERM", () => process.exit(43)); setInterval(() => {}, 1000); console.log("ready")',
      );
      const { code } = await start(waits, { onStart: (pid) => process.kill(pid, 'SIGTERM') });
      assert.equal(code, 43);
    });

    it(`${name} lets the command read the input`, async () => {
      const { stdout } = await start(['cat'], { input: 'line 1\nline 2' });
      assert.equal(stdout, 'line 1\nline 2');
    });

    it(`${name} says that a command doesn’t exist`, async () => {
      const { code, stderr } = await start(['scalekit-no-such-command']);
      assert.equal(code, 127);
      assert.match(stderr, /not found/);
      assert.ok(!stderr.includes('test_ab'));
    });

    it(`${name} skips a leading --`, async () => {
      assert.equal((await start(['--', 'echo', '--', 'x'])).stdout, '-- x\n');
    });

    it(`${name} runs nothing without credentials, and says why`, async () => {
      response = { error: 'acme is stopped.' };
      const marker = join(folder, 'ran');
      assert.deepEqual(await start(['touch', marker]), {
        code: 1,
        signal: null,
        stdout: '',
        stderr: 'scalekit-run: acme is stopped.\n',
      });
      assert.equal(existsSync(marker), false);
    });
  }

  it('scalekit-run becomes the command, so that Ctrl-C and Ctrl-Z reach the command itself', async () => {
    let started = 0;
    const { stdout } = await run('scalekit-run', node('console.log("ready", process.pid)'), {
      onStart: (pid) => (started = pid),
    });
    assert.equal(stdout, `ready ${started}\n`);
  });

  it('no process but the command’s gets the credentials', async () => {
    const { stdout } = await run('sh', ['-c', 'scalekit-run true; env']);
    assert.ok(!/SCALEKIT_(?:CLIENT|ACCESS|ENVIRONMENT)/.test(stdout) && !stdout.includes('test_ab'), stdout);
  });
});

describe('The installation of the programs', () => {
  let folder: string;
  beforeEach(() => (folder = join(mkdtempSync(join(tmpdir(), 'scalekit-unit-')), 'bin')));
  afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  it('makes them executable only for this user, whatever bits they came with', async () => {
    await installPrograms(SHIPPED, folder);
    assert.deepEqual(readdirSync(folder).sort(), readdirSync(SHIPPED).sort());
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    for (const name of readdirSync(folder)) {
      assert.equal(statSync(join(folder, name)).mode & 0o777, 0o700, name);
      assert.deepEqual(readFileSync(join(folder, name)), readFileSync(join(SHIPPED, name)));
    }
  });

  it('repairs what is outdated, changed or not executable, and leaves the rest', async () => {
    await installPrograms(SHIPPED, folder);
    writeFileSync(join(folder, 'scalekit-token'), '#!/bin/sh\necho old\n');
    chmodSync(join(folder, 'scalekit-run'), 0o644);
    const untouched = statSync(join(folder, 'scalekit-terminal.cjs')).ino;
    await installPrograms(SHIPPED, folder);
    assert.deepEqual(readFileSync(join(folder, 'scalekit-token')), readFileSync(join(SHIPPED, 'scalekit-token')));
    assert.equal(statSync(join(folder, 'scalekit-run')).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, 'scalekit-terminal.cjs')).ino, untouched);
  });

  it('leaves only complete files when several windows install at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => installPrograms(SHIPPED, folder)));
    assert.deepEqual(readdirSync(folder).sort(), readdirSync(SHIPPED).sort());
    for (const name of readdirSync(folder))
      assert.deepEqual(readFileSync(join(folder, name)), readFileSync(join(SHIPPED, name)), name);
  });
});
