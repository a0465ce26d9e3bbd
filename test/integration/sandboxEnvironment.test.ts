import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { EnvironmentFailure } from '../../src/editor/environmentFailure';
import { listOrganizations } from '../../src/api/organizations';
import { SandboxEnvironment, SandboxStartError } from '../../src/environments/sandboxEnvironment';
import { companion, workbenchExtension } from '../support/companion';
import { until } from '../support/until';
import { MemoryState, workbenchParts, type WorkbenchParts } from '../support/workbenchParts';

describe('the sandbox as an environment', () => {
  let program: string;
  let parts: WorkbenchParts;
  let sandbox: SandboxEnvironment;
  let workspaceState: MemoryState;

  async function open(file = program): Promise<void> {
    const { log } = await workbenchParts();
    sandbox = new SandboxEnvironment(file, 'Local sandbox', workspaceState, Date.now, log);
    parts = await workbenchParts({ sources: [sandbox], workspaceState });
    await parts.store.load();
  }

  async function answers(url: string): Promise<boolean> {
    return fetch(`${url}/keys`).then(
      (response) => response.ok,
      () => false,
    );
  }

  before(async () => {
    program = join((await workbenchExtension()).extensionPath, 'dist', 'sandbox.js');
  });

  beforeEach(async () => {
    workspaceState = new MemoryState();
    await open();
  });

  afterEach(async () => {
    sandbox.stop();
    await parts.dispose();
  });

  it('is not there before it was started once', () => {
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
    const client = await parts.clients.get('sandbox');
    assert.ok((await listOrganizations(client, {})).items.length > 0);
    const url = client.environmentUrl;
    assert.ok(await answers(url));

    sandbox.stop();
    assert.equal(parts.store.get('sandbox')?.state, 'stopped');
    await assert.rejects(parts.clients.get('sandbox'), (error) => error instanceof EnvironmentFailure && error.failure === 'sandboxStopped');
    await until('its process has ended', async () => !(await answers(url)));
  });

  it('starts one process however often it is asked to', async () => {
    await Promise.all([sandbox.start(), sandbox.start(), sandbox.start()]);
    await sandbox.start();
    assert.equal(parts.differences.flatMap(({ added }) => added).length, 1);
    assert.equal(parts.differences.flatMap(({ changed }) => changed).length, 0);
  });

  it('has other credentials each time', async () => {
    await sandbox.start();
    const first = await parts.store.readCredentials('sandbox');
    sandbox.stop();
    parts.differences.length = 0;
    await sandbox.start();
    const second = await parts.store.readCredentials('sandbox');
    assert.notEqual(first?.clientSecret, second?.clientSecret);
    assert.ok(parts.differences.flatMap(({ changed }) => changed).some(({ credentials }) => credentials));
  });

  it('keeps nothing of its secret but in memory, and is "stopped" after a reload', async () => {
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
    // Whatever ends it, such as the system when memory is short. Found by its port, as nothing gives the process away.
    await endListener(Number(port));
    await until('the row says that it is stopped', () => parts.store.get('sandbox')?.state === 'stopped');
    assert.equal(sandbox.isRunning, false);
    await sandbox.start();
    assert.equal(parts.store.get('sandbox')?.state, 'ready');
  });

  it('says that it could not be started', async () => {
    await parts.dispose();
    const { context } = await companion();
    await vscode.workspace.fs.createDirectory(context.globalStorageUri);
    const broken = join(context.globalStorageUri.fsPath, 'broken.js');
    await writeFile(broken, 'process.exit(3)');
    for (const file of [broken, join(context.globalStorageUri.fsPath, 'missing.js')]) {
      await open(file);
      await assert.rejects(sandbox.start(), SandboxStartError);
      assert.equal(sandbox.isRunning, false);
      assert.deepEqual(parts.store.list(), []);
    }
  });

  it('does not pass the variables of a real environment on', async () => {
    await parts.dispose();
    const { context } = await companion();
    await vscode.workspace.fs.createDirectory(context.globalStorageUri);
    const spy = join(context.globalStorageUri.fsPath, 'spy.js');
    await writeFile(spy, `process.send({ type: 'failed', message: Object.keys(process.env).filter((name) => name.startsWith('SCALEKIT_')).join() + '|' });`);
    process.env['SCALEKIT_CLIENT_SECRET'] = 'test_real';
    try {
      await open(spy);
      await assert.rejects(sandbox.start(), (error) => error instanceof SandboxStartError && error.message === '|');
    } finally {
      delete process.env['SCALEKIT_CLIENT_SECRET'];
    }
  });
});

/** Ends the process of ours that listens on a port. */
async function endListener(port: number): Promise<void> {
  const { readdir, readFile, readlink } = await import('node:fs/promises');
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const line = (await readFile('/proc/net/tcp', 'utf8')).split('\n').find((entry) => new RegExp(`^\\s*\\d+: \\w+:${hex} \\w+:0000 0A`).test(entry));
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
