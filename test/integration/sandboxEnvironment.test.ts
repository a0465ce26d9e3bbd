import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { EnvironmentFailure } from '../../src/core/environmentFailure';
import { listOrganizations } from '../../src/api/organizations';
import type { SandboxEnvironment } from '../../src/environments/sandboxEnvironment';
import { SandboxStartError } from '../../src/environments/sandboxEnvironment';
import { companion } from '../support/companion';
import { until } from '../support/until';
import { MemoryState, startWorkbench, type StartedWorkbench } from '../support/startWorkbench';

describe('the sandbox as an environment', () => {
  let parts: StartedWorkbench;
  let sandbox: SandboxEnvironment;
  let workspaceState: MemoryState;

  async function open(programs?: string): Promise<void> {
    parts = await startWorkbench({ programs, workspaceState });
    sandbox = parts.localSandbox;
    await parts.store.load();
  }

  async function answers(url: string): Promise<boolean> {
    return fetch(`${url}/keys`).then(
      (response) => response.ok,
      () => false,
    );
  }

  beforeEach(async () => {
    workspaceState = new MemoryState();
    await open();
  });

  afterEach(async () => {
    sandbox.stop();
    await parts.end();
  });

  it('doesn’t exist before its first start', () => {
    assert.deepEqual(parts.store.list(), []);
    assert.equal(sandbox.isRunning, false);
  });

  it('starts, serves its organizations, and stops', async () => {
    await sandbox.start();
    const [environment] = parts.store.list();
    assert.equal(environment?.kind, 'sandbox');
    assert.equal(environment?.state, 'ready');
    assert.match(environment?.host ?? '', /^127\.0\.0\.1:\d+$/);
    assert.equal(sandbox.isRunning, true);
    const client = await parts.environments.client('sandbox');
    assert.ok((await listOrganizations(client, {})).items.length > 0);
    const url = client.environmentUrl;
    assert.ok(await answers(url));

    sandbox.stop();
    assert.equal(parts.store.get('sandbox')?.state, 'stopped');
    await assert.rejects(
      parts.environments.client('sandbox'),
      (error) => error instanceof EnvironmentFailure && error.failure === 'sandboxStopped',
    );
    await until('its process has ended', async () => !(await answers(url)));
  });

  it('starts one process for several requests', async () => {
    await Promise.all([sandbox.start(), sandbox.start(), sandbox.start()]);
    await sandbox.start();
    assert.equal(parts.differences.flatMap(({ added }) => added).length, 1);
    assert.equal(parts.differences.flatMap(({ changed }) => changed).length, 0);
  });

  for (const [what, end] of [
    ['removed', () => sandbox.forget()],
    ['stopped', async () => sandbox.stop()],
    ['closed with the window', async () => sandbox.dispose()],
  ] as const) {
    it(`doesn’t come back if it’s ${what} while it starts, and its process ends`, async () => {
      const { context } = await companion();
      const programs = vscode.Uri.joinPath(context.globalStorageUri, 'slow').fsPath;
      await mkdir(programs, { recursive: true });
      const file = join(programs, 'sandbox.js');
      const pidFile = join(context.globalStorageUri.fsPath, `pid-${randomUUID()}`);
      await writeFile(
        file,
        `require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => undefined, 1000);`,
      );
      await parts.end();
      await open(programs);
      const start = sandbox.start();
      await until('it is starting', () => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
      await end();
      await start;
      assert.deepEqual([parts.store.list(), sandbox.isRunning], [[], false]);
      const pid = Number(readFileSync(pidFile, 'utf8'));
      await until('its process has ended', () => !isAlive(pid));
      rmSync(pidFile);
    });
  }

  it('starts again after it was removed while it started', async () => {
    const first = sandbox.start();
    await sandbox.forget();
    assert.deepEqual(parts.store.list(), []);
    const second = sandbox.start();
    await Promise.all([first, second]);
    assert.deepEqual([parts.store.get('sandbox')?.state, sandbox.isRunning], ['ready', true]);
    await sandbox.forget();
    assert.deepEqual(parts.store.list(), []);
  });

  it('starts, and can be removed, even if its row can’t be stored', async () => {
    workspaceState.update = async () => Promise.reject(new Error('storage is read-only'));
    await sandbox.start();
    assert.equal(parts.store.get('sandbox')?.state, 'ready');
    await sandbox.forget();
    assert.deepEqual(parts.store.list(), []);
  });

  it('has new credentials each time', async () => {
    await sandbox.start();
    const first = await parts.store.readCredentials('sandbox');
    sandbox.stop();
    parts.differences.length = 0;
    await sandbox.start();
    const second = await parts.store.readCredentials('sandbox');
    assert.notEqual(first?.clientSecret, second?.clientSecret);
    assert.ok(parts.differences.some(({ invalidated }) => invalidated.includes('sandbox')));
  });

  it('keeps its secret only in memory, and is "stopped" after a reload', async () => {
    await sandbox.start();
    const credentials = (await parts.store.readCredentials('sandbox')) ?? assert.fail('no credentials');
    const kept = JSON.stringify(workspaceState.keys().map((key) => [key, workspaceState.get(key)]));
    assert.ok(!kept.includes(credentials.clientSecret) && !kept.includes(credentials.environmentUrl));
    assert.equal(await parts.secrets.get('scalekit.environment.sandbox'), undefined);
    assert.ok(!JSON.stringify(parts.differences).includes(credentials.clientSecret));
    sandbox.stop();
    await open();
    assert.equal(parts.store.get('sandbox')?.state, 'stopped');
    assert.equal(await parts.store.readCredentials('sandbox'), undefined);
    await sandbox.forget();
    assert.deepEqual(parts.store.list(), []);
  });

  it('notices that its process has died', async () => {
    await sandbox.start();
    const { environmentUrl } = (await parts.store.readCredentials('sandbox')) ?? assert.fail('no credentials');
    const port = new URL(environmentUrl).port;
    // For example, the system ends it when memory is short. Only its port identifies it.
    await endListener(Number(port));
    await until('the row says that it is stopped', () => parts.store.get('sandbox')?.state === 'stopped');
    assert.equal(sandbox.isRunning, false);
    await sandbox.start();
    assert.equal(parts.store.get('sandbox')?.state, 'ready');
  });

  it('says that it couldn’t be started', async () => {
    await parts.end();
    const { context } = await companion();
    const broken = vscode.Uri.joinPath(context.globalStorageUri, 'broken').fsPath;
    await mkdir(broken, { recursive: true });
    await writeFile(join(broken, 'sandbox.js'), 'process.exit(3)');
    for (const programs of [broken, vscode.Uri.joinPath(context.globalStorageUri, 'missing').fsPath]) {
      await open(programs);
      await assert.rejects(sandbox.start(), SandboxStartError);
      assert.equal(sandbox.isRunning, false);
      assert.deepEqual(parts.store.list(), []);
    }
  });

  it('doesn’t pass on the variables of a real environment', async () => {
    await parts.end();
    const { context } = await companion();
    const spy = vscode.Uri.joinPath(context.globalStorageUri, 'spy').fsPath;
    await mkdir(spy, { recursive: true });
    await writeFile(
      join(spy, 'sandbox.js'),
      `process.send({ type: 'failed', message: Object.keys(process.env).filter((name) => name.startsWith('SCALEKIT_')).join() + '|' });`,
    );
    process.env['SCALEKIT_CLIENT_SECRET'] = 'test_real';
    try {
      await open(spy);
      await assert.rejects(sandbox.start(), (error) => error instanceof SandboxStartError && error.message === '|');
    } finally {
      delete process.env['SCALEKIT_CLIENT_SECRET'];
    }
  });
});

/** Whether a process exists and isn't a zombie. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Ends our process that listens on a port. */
async function endListener(port: number): Promise<void> {
  const { readdir, readFile, readlink } = await import('node:fs/promises');
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const line = (await readFile('/proc/net/tcp', 'utf8'))
    .split('\n')
    .find((entry) => new RegExp(`^\\s*\\d+: \\w+:${hex} \\w+:0000 0A`).test(entry));
  const inode = line?.trim().split(/\s+/)[9] ?? assert.fail('nobody listens');
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      if ((await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')) === `socket:[${inode}]`) {
        process.kill(Number(pid), 'SIGKILL');
        return;
      }
    }
  }
  assert.fail('its process was not found');
}
