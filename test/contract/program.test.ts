import assert from 'node:assert/strict';
import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { SandboxMessage } from '../../src/sandbox/main';
import { otherSandboxAt } from '../../src/sandbox/portTaken';
import { startHttpServer } from '../support/httpServer';
import { until } from '../support/until';
import { fetchToken } from './restJudge';

const PROGRAM = join(process.cwd(), 'dist', 'sandbox.js');

describe('the sandbox as a program', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  const run = (args: string[], variables: NodeJS.ProcessEnv = {}) => {
    const env = { ...process.env, ...variables };
    const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
    children.push(child);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const exit = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
    return { child, exit, output: () => stdout };
  };
  const start = async (args: string[], environment: NodeJS.ProcessEnv = {}) => {
    const program = run(args, environment);
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

  it('prints the same three lines at each start with --port, --client-id and SANDBOX_CLIENT_SECRET', async () => {
    const secret = `test_${randomBytes(24).toString('base64url')}`;
    const port = await freePort();
    const args = ['--port', String(port), '--client-id', 'skc_1234', '--organizations', '1'];
    const seen: string[] = [];
    for (let round = 0; round < 2; round++) {
      const { child, exit, output } = await start(args, { SANDBOX_CLIENT_SECRET: secret });
      seen.push(output());
      await fetchToken(`http://127.0.0.1:${port}`, 'skc_1234', secret);
      child.kill('SIGTERM');
      assert.equal((await exit).code, 0);
    }
    const lines = `SCALEKIT_ENVIRONMENT_URL=http://127.0.0.1:${port}\nSCALEKIT_CLIENT_ID=skc_1234\nSCALEKIT_CLIENT_SECRET=${secret}\n`;
    assert.deepEqual(seen, [lines, lines]);
  });

  it('refuses a client secret or id that a .env file could change, without repeating it', async () => {
    for (const value of ['', 'two words', 'a#b', "a'b", 'a"b', 'a$b', 'a\\b', 'pässword', 'x'.repeat(201)]) {
      const secret = await run(['--port', '0'], { SANDBOX_CLIENT_SECRET: value }).exit;
      const rule = 'needs 1 to 200 letters, digits or characters of _ . ~ + / = -.';
      assert.deepEqual([secret.code, secret.stdout], [2, ''], value);
      assert.equal(secret.stderr.split('\n\n')[0], `SANDBOX_CLIENT_SECRET ${rule}`);
      const id = await run(['--port', '0', `--client-id=${value}`]).exit;
      assert.deepEqual([id.code, id.stderr.split('\n\n')[0]], [2, `--client-id ${rule}`]);
    }
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
    const { variables } = await start([]);
    const other = new URL(variables['SCALEKIT_ENVIRONMENT_URL'] ?? '').port;
    const second = await run(['--port', other]).exit;
    assert.deepEqual([second.code, second.stdout], [1, '']);
    assert.equal(
      second.stderr,
      `Port ${other} on 127.0.0.1 is in use by another sandbox. Choose another port, or 0 for any free one.\n`,
    );
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

  it('sends webhooks and asks interceptors as its flags say, with secrets of its environment', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-interceptors-'));
    const app = await startHttpServer((_request, response) => void response.writeHead(200).end());
    try {
      const file = join(folder, 'interceptors.json');
      writeFileSync(file, JSON.stringify([{ trigger_point: 'PRE_SIGNUP', url: `${app.url}/ask` }]));
      const { exit, child, variables } = await start(['--webhook', `${app.url}/hooks`, '--interceptors', file], {
        SANDBOX_WEBHOOK_SECRET: 'whsec_dGVzdHNlY3JldA==',
      });
      const url = variables['SCALEKIT_ENVIRONMENT_URL'] ?? '';
      const { interceptors } = (await (await fetch(`${url}/__sandbox/interceptors`)).json()) as {
        interceptors: unknown[];
      };
      assert.equal(interceptors.length, 1);
      await fetch(`${url}/__sandbox/webhook-events`, { method: 'POST', body: '{"type":"role.created"}' });
      await until('it came', () => app.requests.length === 1);
      child.kill('SIGTERM');
      const { stdout, code } = await exit;
      assert.equal(code, 0);
      assert.match(stdout, /^SCALEKIT_WEBHOOK_SECRET=whsec_dGVzdHNlY3JldA==$/m);
      assert.match(stdout, /^SCALEKIT_INTERCEPTOR_SECRET=whsec_[\w+/]{43}=$/m);
      for (const [text, sentence] of [
        [undefined, /can't be read \(ENOENT\)/],
        ['{', /isn't JSON/],
        ['{}', /must hold a list/],
        ['[{"trigger_point":"PRE_SIGNUP","url":"http://192.0.2.1/"}]', /only to this machine/],
      ] as const) {
        if (text !== undefined) writeFileSync(file, text);
        const failed = await run(['--interceptors', text === undefined ? join(folder, 'none') : file]).exit;
        assert.deepEqual([failed.code, failed.stdout], [1, '']);
        assert.match(failed.stderr, sentence);
      }
      const far = await run(['--webhook', 'http://192.0.2.1/']).exit;
      assert.deepEqual([far.code, /only to this machine/.test(far.stderr)], [1, true]);
    } finally {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    }
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
        const { time, traceId, milliseconds = -1, ...more } = message;
        assert.ok(Number.isInteger(milliseconds) && milliseconds >= 0);
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
          problem: 'UNAUTHENTICATED: Token empty',
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

  it('started by VS Code, takes its address and secret from the first message alone, and says who has its port', async () => {
    const managed = (message: unknown) => {
      const child = fork(PROGRAM, ['--managed'], {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        execArgv: [],
        // What a person's own variables say doesn't count.
        env: { ...process.env, SANDBOX_CLIENT_SECRET: 'test_of_another' },
      });
      children.push(child);
      const first = once(child, 'message').then(([received]) => received as SandboxMessage);
      child.send(message as object);
      return { child, first };
    };
    const clientSecret = `test_${randomBytes(24).toString('base64url')}`;
    const start = {
      type: 'start',
      port: await freePort(),
      clientId: 'skc_1',
      clientSecret,
      seed: 5,
      firstStartedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
      startedBy: 'my app',
    };
    const { child, first } = managed(start);
    const url = `http://127.0.0.1:${start.port}`;
    assert.deepEqual(await first, { type: 'started', url, clientId: 'skc_1', clientSecret });
    for (const file of ['cmdline', 'environ']) {
      const text = await readFile(`/proc/${child.pid}/${file}`, 'utf8').catch(() => '');
      assert.ok(!text.includes(clientSecret), file);
    }
    const token = await fetchToken(url, 'skc_1', clientSecret);
    const logins = await fetch(`${url}/api/v1/logs/authentication/requests?page_size=1`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { authRequests } = (await logins.json()) as { authRequests: { timestamp: string }[] };
    const newest = Date.parse(authRequests[0]?.timestamp ?? '');
    assert.ok(newest <= start.firstStartedAt && newest > start.firstStartedAt - 3_600_000);

    const second = await managed({ ...start, startedBy: 'other' }).first;
    assert.ok(second.type === 'failed');
    assert.ok(!JSON.stringify(second).includes(clientSecret));
    const { startedAt, ...by } = second.portTaken?.by ?? assert.fail('it does not know who');
    assert.deepEqual(by, { clientId: 'skc_1', startedBy: 'my app' });
    assert.ok(Math.abs(Date.now() - startedAt) < 3_600_000);

    for (const bad of [
      { type: 'stop' },
      { ...start, port: 70_000 },
      { ...start, seed: 1.5 },
      { ...start, clientSecret: 7 },
    ]) {
      const message = "The message that starts the sandbox can't be read.";
      assert.deepEqual(await managed(bad).first, { type: 'failed', message });
    }
    const alone = await run(['--managed']).exit;
    assert.deepEqual([alone.code, alone.stderr.split('\n\n')[0]], [2, '--managed is for VS Code.']);
  });

  it('reads little, and believes nothing, of another program that has its port', async () => {
    for (const body of [
      '',
      'null',
      '[]',
      '{"sandbox":"other","client_id":"skc_1","started_at":1}',
      '{"sandbox":"scalekit-workbench","client_id":7,"started_at":1}',
      `{"sandbox":"scalekit-workbench","client_id":"skc_1","started_at":1,"more":"${'x'.repeat(5_000)}"}`,
      undefined,
    ]) {
      // The last one takes the connection and says nothing.
      const server = createHttpServer((_request, response) => body !== undefined && response.end(body));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo;
      assert.equal(await otherSandboxAt('127.0.0.1', port), undefined, body?.slice(0, 60) ?? 'silence');
      server.closeAllConnections();
      server.close();
    }
    const long = JSON.stringify({
      sandbox: 'scalekit-workbench',
      client_id: 'c'.repeat(500),
      started_by: 's'.repeat(500),
      started_at: 1,
    });
    const server = createHttpServer((_request, response) => response.end(long));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const about = await otherSandboxAt('127.0.0.1', (server.address() as AddressInfo).port);
    server.closeAllConnections();
    server.close();
    assert.deepEqual(about, { clientId: 'c'.repeat(100), startedBy: 's'.repeat(100), startedAt: 1 });
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

/** A port that nobody listens on at the moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
