import assert from 'node:assert/strict';
import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { SandboxMessage } from '../../src/sandbox/main';
import { fetchToken } from './restJudge';

const PROGRAM = join(process.cwd(), 'dist', 'sandbox.js');

describe('the sandbox as a program', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  const run = (args: string[]) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const exit = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
    return { child, exit, output: () => stdout };
  };
  const start = async (args: string[]) => {
    const program = run(args);
    while (!/SECRET=.*\n/.test(program.output())) {
      await Promise.race([once(program.child.stdout, 'data'), program.exit.then(({ stderr }) => assert.fail(stderr))]);
    }
    const variables = Object.fromEntries(
      program
        .output()
        .trim()
        .split('\n')
        .map((line) => line.split(/=(.*)/s).slice(0, 2)),
    ) as Record<string, string>;
    return { ...program, variables };
  };

  it('prints the three lines for a .env file, with credentials that work', async () => {
    const { variables, child, exit } = await start(['--organizations', '250']);
    assert.deepEqual(Object.keys(variables), [
      'SCALEKIT_ENVIRONMENT_URL',
      'SCALEKIT_CLIENT_ID',
      'SCALEKIT_CLIENT_SECRET',
    ]);
    const {
      SCALEKIT_ENVIRONMENT_URL: url = '',
      SCALEKIT_CLIENT_ID: id = '',
      SCALEKIT_CLIENT_SECRET: secret = '',
    } = variables;
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.match(id, /^skc_\d{18}$/);
    assert.match(secret, /^test_[\w-]{48}$/);
    const token = await fetchToken(url, id, secret);
    const response = await fetch(`${url}/api/v1/organizations`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(((await response.json()) as { total_size: number }).total_size, 250);
    child.kill('SIGTERM');
    assert.equal((await exit).code, 0);
  });

  it('creates the same data and client id for the same seed, but never the same secret', async () => {
    const seen: string[][] = [];
    for (const seed of ['5', '5', '6']) {
      const { variables } = await start(['--seed', seed]);
      const {
        SCALEKIT_ENVIRONMENT_URL: url = '',
        SCALEKIT_CLIENT_ID: id = '',
        SCALEKIT_CLIENT_SECRET: secret = '',
      } = variables;
      const token = await fetchToken(url, id, secret);
      const response = await fetch(`${url}/api/v1/organizations?page_size=100`, {
        headers: { authorization: `Bearer ${token}` },
      });
      seen.push([id, await response.text(), secret]);
    }
    assert.deepEqual(seen[0]?.slice(0, 2), seen[1]?.slice(0, 2));
    assert.notEqual(seen[0]?.[2], seen[1]?.[2]);
    assert.notEqual(seen[0]?.[0], seen[2]?.[0]);
    assert.notEqual(seen[0]?.[1], seen[2]?.[1]);
  });

  it('has the first and the last of 100,000 organizations', async () => {
    const { variables } = await start(['--organizations', '100000']);
    const {
      SCALEKIT_ENVIRONMENT_URL: url = '',
      SCALEKIT_CLIENT_ID: id = '',
      SCALEKIT_CLIENT_SECRET: secret = '',
    } = variables;
    const token = await fetchToken(url, id, secret);
    const get = async (path: string) =>
      (await fetch(`${url}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } })).json() as Promise<{
        total_size: number;
        organizations: { id: string; external_id?: string }[];
      }>;
    const list = await get('organizations?page_size=100');
    assert.equal(list.total_size, 100_000);
    const last = await Promise.all(
      Array.from({ length: 20 }, (_, index) => get(`organizations?external_id=crm-${109_999 - index}`)),
    );
    assert.ok(
      last.some(({ organizations }) => organizations.length === 1),
      'the last ones exist',
    );
  });

  it('lists each of the first organization’s 20,000 users once, and the other organizations’ users too', async () => {
    const { variables } = await start(['--organizations', '3', '--users', '20000', '--seed', '1']);
    const {
      SCALEKIT_ENVIRONMENT_URL: url = '',
      SCALEKIT_CLIENT_ID: id = '',
      SCALEKIT_CLIENT_SECRET: secret = '',
    } = variables;
    const token = await fetchToken(url, id, secret);
    const get = async <T>(path: string) =>
      (await fetch(`${url}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } })).json() as Promise<T>;
    const { organizations } = await get<{ organizations: { id: string }[] }>('organizations');
    type Users = { users: { id: string; email: string }[]; next_page_token: string; total_size: number };
    const ids = new Set<string>();
    const emails = new Set<string>();
    let pageToken = '';
    do {
      const page = await get<Users>(
        `organizations/${organizations[0]?.id}/users?page_size=100&page_token=${encodeURIComponent(pageToken)}`,
      );
      assert.equal(page.total_size, 20_000);
      for (const user of page.users) {
        ids.add(user.id);
        emails.add(user.email);
      }
      pageToken = page.next_page_token;
    } while (pageToken !== '');
    assert.deepEqual([ids.size, emails.size], [20_000, 20_000]);
    const others = await Promise.all(
      [1, 2].map((index) => get<Users>(`organizations/${organizations[index]?.id}/users?page_size=100`)),
    );
    assert.deepEqual(
      others.map(({ users, total_size }) => [users.length, total_size]),
      [
        [4, 4],
        [7, 7],
      ],
    );
  });

  it('listens on this machine only', async () => {
    const { variables } = await start([]);
    const port = new URL(variables['SCALEKIT_ENVIRONMENT_URL'] ?? '').port;
    const other = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal);
    const elsewhere = other === undefined ? '127.0.0.2' : other.address;
    await assert.rejects(fetch(`http://${elsewhere}:${port}/keys`), TypeError);
    await fetch(`http://127.0.0.1:${port}/keys`);
  });

  it('says in a sentence that the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, stderr, stdout } = await run(['--port', String(port)]).exit;
    server.close();
    assert.deepEqual([code, stdout], [1, '']);
    assert.equal(stderr, `Port ${port} on 127.0.0.1 is in use. Choose another port, or 0 for any free one.\n`);
    const unknown = await run(['--host', '203.0.113.1']).exit;
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /^203\.0\.113\.1 isn't an address of this machine\.\n$/);
  });

  it('explains bad arguments with a clear error and the usage', async () => {
    for (const args of [
      ['--port', 'x'],
      ['--port', '70000'],
      ['--organizations=-1'],
      ['--organizations', '1.5'],
      ['--colour'],
      ['extra'],
      ['--token-lifetime', '0'],
      ['--host', ''],
    ]) {
      const { code, stderr, stdout } = await run(args).exit;
      assert.deepEqual([code, stdout], [2, ''], args.join(' '));
      assert.match(stderr, /^\S.*\n\nUsage: sandbox/s);
      assert.ok(!stderr.includes('    at '), 'there is no stack trace');
    }
    for (const [args, sentence] of [
      [['--port'], '--port needs a value.'],
      [['--port', '-1'], '--port needs a value.'],
      [['--port='], '--port needs a whole number from 0 to 65535, not "".'],
      [['--port=0x50'], '--port needs a whole number from 0 to 65535, not "0x50".'],
      [['--colour'], "Unknown option '--colour'."],
      [['-x'], "Unknown option '-x'."],
      [['extra'], "Unexpected argument 'extra'."],
      [['--coverage=yes'], "Option '--coverage' does not take an argument."],
    ] as const) {
      const { code, stderr } = await run([...args]).exit;
      assert.deepEqual([code, stderr.split('\n\n')[0]], [2, sentence]);
    }
    const help = await run(['--help']).exit;
    assert.equal(help.code, 0);
    assert.match(help.stdout, /--organizations N/);
  });

  it('ends without a stack trace when its output is full or closed', () => {
    const shell = (line: string) =>
      spawnSync('bash', ['--norc', '-c', `sandbox() { '${process.execPath}' '${PROGRAM}' "$@"; }; ${line}`], {
        encoding: 'utf8',
      });
    for (const args of ['--help', '--coverage', '--port 0']) {
      const full = shell(`sandbox ${args} > /dev/full`);
      assert.deepEqual([full.status, full.stderr], [1, "The output can't be written (ENOSPC).\n"], args);
      const gone = shell(`sandbox ${args} | true; echo "\${PIPESTATUS[0]}"`);
      assert.deepEqual([gone.stdout, gone.stderr], ['141\n', ''], args);
    }
    const unseen = shell('sandbox --colour 2> /dev/full');
    assert.deepEqual([unseen.status, unseen.stderr], [2, '']);
  });

  it('ends quietly on each signal, on several at once, and while a request is open', async () => {
    for (const signals of [['SIGINT'], ['SIGTERM'], ['SIGINT', 'SIGINT', 'SIGTERM']] as const) {
      const { child, exit, variables } = await start([]);
      const url = variables['SCALEKIT_ENVIRONMENT_URL'] ?? '';
      await (await fetch(`${url}/keys`)).text();
      for (const signal of signals) child.kill(signal);
      const { code, stderr } = await exit;
      assert.deepEqual([code, stderr], [0, ''], signals.join());
    }
  });

  it('prints its coverage of at least 70 of 101 endpoints with --coverage', async () => {
    const { code, stdout } = await run(['--coverage']).exit;
    const [, served, published] = /^(\d+) of (\d+) served$/m.exec(stdout) ?? [];
    assert.equal(code, 0);
    assert.equal(published, '101');
    assert.ok(Number(served) >= 70, stdout);
    assert.equal(stdout.split('\n').filter((line) => line.startsWith('- ')).length, 101 - Number(served));
  });

  it('started by VS Code, reports requests over IPC, prints nothing, and ends on request or when VS Code is gone', async () => {
    for (const ending of ['stop', 'disconnect'] as const) {
      const child = fork(PROGRAM, ['--port', '0'], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
      children.push(child);
      let printed = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding('utf8').on('data', (text: string) => (printed += text));
      const messages: SandboxMessage[] = [];
      child.on('message', (message) => messages.push(message as SandboxMessage));
      await once(child, 'message');
      const started = messages[0];
      assert.ok(started?.type === 'started');
      await fetchToken(started.url, started.clientId, started.clientSecret);
      await fetch(`${started.url}/api/v1/organizations?page_size=1`, {
        headers: { 'user-agent': 'scalekit-workbench/1.0.0' },
      });
      while (messages.length < 3) await once(child, 'message');
      const told = messages.slice(1).map((message) => {
        assert.ok(message.type === 'request');
        const { time, traceId, ...more } = message;
        assert.match(traceId, /^[0-9a-f]{32}$/);
        assert.ok(Math.abs(Date.now() - time) < 3_600_000);
        return more;
      });
      const request = { type: 'request', protocol: 'oauth', query: [], fromWorkbench: false };
      assert.deepEqual(told, [
        { ...request, method: 'POST', path: '/oauth/token', status: 200 },
        {
          ...request,
          protocol: 'rest',
          method: 'GET',
          path: '/api/v1/organizations',
          query: ['page_size'],
          status: 401,
          fromWorkbench: true,
        },
      ]);
      if (ending === 'stop') child.send({ type: 'stop' });
      else child.disconnect();
      const [code] = (await once(child, 'exit')) as [number | null];
      assert.deepEqual([code, printed], [0, '']);
    }
    const failing = fork(PROGRAM, ['--port', 'x'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
    children.push(failing);
    const [message] = (await once(failing, 'message')) as [SandboxMessage];
    assert.deepEqual(message, { type: 'failed', message: '--port needs a whole number from 0 to 65535, not "x".' });
    const [code] = (await once(failing, 'exit')) as [number | null];
    assert.equal(code, 2);
  });

  it("has a bundle with the SDK's schemas, without the SDK's client, and within its budget", async () => {
    const { metafile } = await build({
      entryPoints: ['src/sandbox/main.ts'],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      write: false,
      metafile: true,
    });
    const packages = Object.keys(metafile.inputs).filter((file) => file.includes('node_modules/'));
    const sdk = packages.filter((file) => file.includes('node_modules/@scalekit-sdk/node/'));
    assert.ok(sdk.length > 15);
    assert.deepEqual(
      sdk.filter((file) => !file.includes('/lib/pkg/')),
      [],
    );
    assert.deepEqual(
      packages.filter((file) => /node_modules\/(axios|qs|vscode)\//.test(file)),
      [],
    );
    const shipped = await readFile(PROGRAM);
    assert.ok(!shipped.includes('AxiosError'));
    assert.ok(gzipSync(shipped, { level: 9 }).length < 490_000, 'the measured size of these parts');
  });
});
