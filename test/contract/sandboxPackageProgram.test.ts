import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { packageSandbox } from '../host/packageSandbox';
import { isRunning } from '../host/processes';
import { projectRoot } from '../host/project';
import { removeTemporaryFolder, temporaryFolder } from '../host/temporary';
import { until } from '../support/until';

describe('the program scalekit-sandbox', function () {
  this.timeout(120_000);
  const program = join(projectRoot(), 'out/scalekit-sandbox/bin.cjs');
  const children: ChildProcess[] = [];
  let folder = '';
  before(async () => {
    await packageSandbox();
    folder = await temporaryFolder();
  });
  after(() => removeTemporaryFolder(folder));
  afterEach(() => {
    for (const child of children.splice(0)) {
      // The whole group, with what a failed test left behind.
      if (child.pid !== undefined && isRunning(child.pid)) process.kill(-child.pid, 'SIGKILL');
    }
  });

  const run = (...args: string[]) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const exit = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as string | null,
      stdout,
      stderr,
    }));
    return { child, pid: child.pid ?? 0, exit, output: () => stdout };
  };
  /** A command for `exec`: it prints its process id and the sandbox's address, and goes on. */
  const longCommand = (onSignal = '') => [
    '--',
    process.execPath,
    '-e',
    `${onSignal}; setInterval(() => undefined, 1000); console.log(process.pid, process.env.SCALEKIT_ENVIRONMENT_URL, 'ready')`,
  ];
  const started = async (...args: string[]) => {
    const running = run('exec', ...args);
    await until('the command runs', () => running.output().includes('ready'), 20_000);
    const [, pid = '', url = ''] = /^(\d+) (\S+) ready/m.exec(running.output()) ?? [];
    assert.ok(isRunning(Number(pid)));
    await fetch(`${url}/keys`);
    return { ...running, command: Number(pid), url };
  };
  const isGone = async ({ pid, command, url }: { pid: number; command: number; url: string }) => {
    assert.deepEqual([isRunning(pid), isRunning(command)], [false, false]);
    await assert.rejects(fetch(`${url}/keys`), TypeError);
  };

  it('exec gives the command credentials that work, and exits with its code', async () => {
    const test = `const e = process.env;
      const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: e.SCALEKIT_CLIENT_ID, client_secret: e.SCALEKIT_CLIENT_SECRET });
      fetch(e.SCALEKIT_ENVIRONMENT_URL + '/oauth/token', { method: 'POST', body }).then(({ status }) => {
        console.log(status, Object.keys(e).filter((name) => name.startsWith('SCALEKIT_')).sort().join());
        process.exit(7);
      });`;
    const { code, stdout, stderr } = await run('exec', '--', process.execPath, '-e', test).exit;
    assert.deepEqual(
      [code, stdout, stderr],
      [7, '200 SCALEKIT_CLIENT_ID,SCALEKIT_CLIENT_SECRET,SCALEKIT_ENVIRONMENT_URL\n', ''],
    );
    const hooked = await run(
      'exec',
      '--webhook',
      'http://localhost:1/',
      '--',
      'sh',
      '-c',
      'echo $SCALEKIT_WEBHOOK_SECRET',
    ).exit;
    assert.match(hooked.stdout, /^whsec_.+\n$/);
    assert.equal(hooked.code, 0);
  });

  it("exec exits with 128 and the signal's number if its command is killed", async () => {
    for (const [signal, code] of [
      ['SIGKILL', 137],
      ['SIGTERM', 143],
    ] as const) {
      const running = await started(...longCommand());
      process.kill(running.command, signal);
      assert.equal((await running.exit).code, code);
      await isGone(running);
    }
  });

  it('exec waits for its command after Ctrl-C, which a terminal sends to both', async () => {
    const slow = await started(...longCommand(`process.on('SIGINT', () => setTimeout(() => process.exit(5), 300))`));
    process.kill(-slow.pid, 'SIGINT');
    assert.equal((await slow.exit).code, 5);
    await isGone(slow);
    const quick = await started(...longCommand());
    process.kill(-quick.pid, 'SIGINT');
    assert.equal((await quick.exit).code, 130);
    await isGone(quick);
  });

  it('exec passes SIGTERM and SIGHUP on, and waits', async () => {
    for (const [signal, code] of [
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      const running = await started(...longCommand());
      process.kill(running.pid, signal);
      assert.equal((await running.exit).code, code);
      await isGone(running);
    }
    const polite = await started(...longCommand(`process.on('SIGTERM', () => setTimeout(() => process.exit(0), 300))`));
    process.kill(polite.pid, 'SIGTERM');
    assert.equal((await polite.exit).code, 0);
    await isGone(polite);
  });

  it("exec says what it can't run, and runs nothing if the sandbox can't start", async () => {
    const missing = await run('exec', '--', 'no-such-command').exit;
    assert.deepEqual([missing.code, missing.stderr], [127, 'There is no command no-such-command.\n']);
    const file = join(folder, 'not-executable');
    await writeFile(file, 'text');
    await chmod(file, 0o644);
    const forbidden = await run('exec', '--', file).exit;
    assert.deepEqual([forbidden.code, forbidden.stderr], [126, `${file} can't be run (EACCES).\n`]);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const mark = join(folder, 'was-run');
    const taken = await run('exec', '--port', String(port), '--', 'touch', mark).exit;
    server.close();
    assert.deepEqual(
      [taken.code, taken.stderr],
      [1, `Port ${port} on 127.0.0.1 is in use. Choose another port, or 0 for any free one.\n`],
    );
    const bad = await run('exec', '--data', 'none.json', '--', 'touch', mark).exit;
    assert.deepEqual([bad.code, bad.stdout, bad.stderr], [2, '', "none.json doesn't exist.\n"]);
    assert.equal(existsSync(mark), false);
    for (const args of [
      ['exec'],
      ['exec', '--'],
      ['exec', 'npm', 'test'],
      ['--data', ''],
      ['--data', 'a', '--users', '1'],
    ]) {
      const { code, stdout, stderr } = await run(...args).exit;
      assert.deepEqual([code, stdout], [2, ''], args.join(' '));
      assert.match(stderr, /^\S.*\.\n\nUsage: scalekit-sandbox \[options\]\n/);
    }
  });

  it('keeps its data in one file for --data and --export, from the samples of the first start on', async () => {
    const change = `const e = process.env;
      const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: e.SCALEKIT_CLIENT_ID, client_secret: e.SCALEKIT_CLIENT_SECRET });
      (async () => {
        const { access_token } = await (await fetch(e.SCALEKIT_ENVIRONMENT_URL + '/oauth/token', { method: 'POST', body })).json();
        const made = await fetch(e.SCALEKIT_ENVIRONMENT_URL + '/api/v1/organizations', {
          method: 'POST', headers: { authorization: 'Bearer ' + access_token }, body: JSON.stringify({ display_name: 'New' }) });
        process.exit(made.status === 200 || made.status === 201 ? 0 : 1);
      })()`;
    const args = ['exec', '--organizations', '2', '--data', 'kept.json', '--export', 'kept.json'];
    for (const count of [3, 4, 5]) {
      const { code, stderr } = await run(...args, '--', process.execPath, '-e', change).exit;
      assert.deepEqual([code, stderr], [0, '']);
      const data = JSON.parse(await readFile(join(folder, 'kept.json'), 'utf8')) as { organizations: unknown[] };
      assert.equal(data.organizations.length, count);
    }
    const data = JSON.parse(await readFile(join(folder, 'kept.json'), 'utf8')) as object;
    const first = `${JSON.stringify({ $schema: './data.schema.json', ...data }, undefined, 2)}\n`;
    await writeFile(join(folder, 'kept.json'), first);
    const standing = run(...args.slice(1));
    await until('it started', () => /SECRET=.*\n/.test(standing.output()), 20_000);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGINT'] as const) standing.child.kill(signal);
    const { code, stdout, stderr } = await standing.exit;
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(await readFile(join(folder, 'kept.json'), 'utf8'), first);
    assert.match(
      stdout,
      /^SCALEKIT_ENVIRONMENT_URL=http.*\nSCALEKIT_CLIENT_ID=skc_\d+\nSCALEKIT_CLIENT_SECRET=test_.*\n$/,
    );
  });

  it('warns, like the sandbox of the extension, if others can reach it', async () => {
    const warning = 'Warning: anyone who can reach 0.0.0.0 can sign in to this sandbox as anyone.\n';
    const { code, stderr, stdout } = await run('exec', '--host', '0.0.0.0', '--', 'true').exit;
    assert.deepEqual([code, stdout, stderr], [0, '', warning]);
    for (const [host, expected] of [
      ['0.0.0.0', warning],
      ['localhost', ''],
    ] as const) {
      const own = spawn(process.execPath, [join(projectRoot(), 'dist/sandbox.js'), '--host', host], { detached: true });
      children.push(own);
      let said = '';
      own.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      await once(own.stdout, 'data');
      own.kill('SIGTERM');
      await once(own, 'close');
      assert.equal(said, expected);
    }
  });

  it('has a usage, a version and the coverage', async () => {
    const { version } = JSON.parse(await readFile(join(projectRoot(), 'package.json'), 'utf8')) as { version: string };
    assert.deepEqual((await run('--version').exit).stdout, `${version}\n`);
    assert.match(
      (await run('--help').exit).stdout,
      /^Usage: scalekit-sandbox \[options\]\n.*exec \[options\] -- COMMAND/s,
    );
    assert.match((await run('--coverage').exit).stdout, /^\d+ of \d+ served$/m);
  });
});
