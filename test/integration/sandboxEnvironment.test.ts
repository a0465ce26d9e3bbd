import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { EnvironmentFailure } from '../../src/core/environmentFailure';
import { createOrganization, listOrganizations } from '../../src/api/organizations';
import { listSignIns } from '../../src/api/signInLog';
import type { SandboxEnvironment } from '../../src/environments/sandboxEnvironment';
import { SandboxStartError } from '../../src/environments/sandboxLauncher';
import { startSandbox } from '../../src/sandbox/sandboxServer';
import { companion } from '../support/companion';
import { faultySecrets } from '../support/faultySecrets';
import { until } from '../support/until';
import { MemoryState, startWorkbench, type StartedWorkbench, type StartOptions } from '../support/startWorkbench';

describe('the sandbox as an environment', () => {
  let parts: StartedWorkbench;
  let sandbox: SandboxEnvironment;
  let workspaceState: MemoryState;

  async function open(options: StartOptions = {}): Promise<void> {
    parts = await startWorkbench({ ...options, workspaceState });
    sandbox = parts.localSandbox;
    await parts.store.load();
  }

  const portOf = (): number => Number(parts.store.get('sandbox')?.host.split(':')[1]);

  /** Where its secret is in SecretStorage. */
  const secretKey = (): string =>
    `scalekit.sandbox.${workspaceState.get<{ secretId: string }>('scalekit.sandboxAddress').secretId}`;

  async function organizationNames(): Promise<(string | undefined)[]> {
    const client = await parts.environments.client('sandbox');
    return (await listOrganizations(client, {})).items.map((item) =>
      'record' in item ? item.record.displayName : assert.fail('it cannot be read'),
    );
  }

  /** The sample sign-in log of the first organization. */
  async function signIns(): Promise<string[]> {
    const client = await parts.environments.client('sandbox');
    const [first] = (await listOrganizations(client, {})).items;
    const id = first !== undefined && 'record' in first ? first.record.id : assert.fail('there is no organization');
    const { items } = await listSignIns(client, id, {}, {});
    assert.ok(items.length > 0);
    return items.map((item) =>
      'record' in item
        ? `${item.record.time?.toISOString()} ${item.record.email} ${item.record.status}`
        : assert.fail('it cannot be read'),
    );
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
    await sandbox.forget();
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

  it('opens its page in the browser while it runs, and says so if it doesn’t', async () => {
    parts.prompts.expectMessage({ severity: 'information', text: 'The local sandbox isn’t running.' });
    await parts.act('scalekit.sandbox.openPage');
    assert.deepEqual(parts.opened, []);
    await sandbox.start();
    await parts.act('scalekit.sandbox.openPage');
    const [address = ''] = parts.opened;
    // The name is for VS Code in a browser.
    const [, port] = parts.store.get('sandbox')?.host.split(':') ?? [];
    const name = vscode.env.uiKind === vscode.UIKind.Web ? 'scalekit.localhost' : '127.0.0.1';
    assert.deepEqual(parts.opened, [`http://${name}:${port}/`]);
    const page = await (await fetch(address.replace(name, '127.0.0.1'))).text();
    const { clientId, clientSecret } = (await sandbox.readCredentials('sandbox')) ?? assert.fail('it runs');
    assert.ok(page.includes(clientId) && !page.includes(clientSecret));
    parts.prompts.assertAllUsed();
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
      await open({ programs });
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

  it('has the same three lines at each start, in this window and after a reload', async () => {
    const lines: string[] = [];
    const copy = async (): Promise<void> => {
      parts.prompts.expectConfirm({ message: 'Copy the client secret of “Local sandbox”?' }, true);
      await parts.act('scalekit.environment.copyDotenv', 'sandbox');
      lines.push(parts.copied.at(-1) ?? '');
    };
    await sandbox.start();
    await copy();
    const first = await organizationNames();
    const firstLog = await signIns();
    sandbox.stop();
    await sandbox.start();
    await copy();
    assert.deepEqual(await organizationNames(), first);
    assert.deepEqual(await signIns(), firstLog);
    await parts.end();
    await open();
    assert.equal(parts.store.get('sandbox')?.state, 'stopped');
    await sandbox.start();
    await copy();
    assert.match(
      lines[0] ?? '',
      /^SCALEKIT_ENVIRONMENT_URL=http:\/\/127\.0\.0\.1:2\d{4}\nSCALEKIT_CLIENT_ID=skc_\d{18}\nSCALEKIT_CLIENT_SECRET=test_[\w-]{48}\n$/,
    );
    assert.deepEqual(lines, [lines[0], lines[0], lines[0]]);
    assert.deepEqual([await organizationNames(), await signIns()], [first, firstLog]);
    assert.equal(parts.store.get('sandbox')?.sessionOnly, false);
  });

  it('drops the tokens of its last start', async () => {
    await sandbox.start();
    sandbox.stop();
    parts.differences.length = 0;
    await sandbox.start();
    assert.ok(parts.differences.some(({ invalidated }) => invalidated.includes('sandbox')));
  });

  it('belongs to its workspace: another one has another address, client and secret', async () => {
    await sandbox.start();
    const first = await parts.store.readCredentials('sandbox');
    const other = await startWorkbench({ workspaceState: new MemoryState(), secrets: parts.secrets });
    await other.store.load();
    await other.localSandbox.start();
    const second = await other.store.readCredentials('sandbox');
    for (const name of ['environmentUrl', 'clientId', 'clientSecret'] as const)
      assert.notEqual(first?.[name], second?.[name]);
    await other.localSandbox.forget();
    await other.end();
  });

  it('has another address, client and secret after it was removed, and leaves nothing behind', async () => {
    await sandbox.start();
    const first = await parts.store.readCredentials('sandbox');
    const key = secretKey();
    assert.equal(await parts.secrets.get(key), first?.clientSecret);
    await sandbox.forget();
    assert.equal(await parts.secrets.get(key), undefined);
    assert.deepEqual(workspaceState.keys(), []);
    await sandbox.start();
    const second = await parts.store.readCredentials('sandbox');
    assert.notEqual(first?.clientId, second?.clientId);
    assert.notEqual(first?.clientSecret, second?.clientSecret);
  });

  it('keeps its secret in SecretStorage alone: not in the workspace’s state, the log, arguments or variables', async () => {
    const logged: string[] = [];
    for (const level of ['debug', 'info', 'warn', 'error'] as const)
      Object.assign(parts.log, { [level]: (message: string) => logged.push(message) });
    await sandbox.start();
    const credentials = (await parts.store.readCredentials('sandbox')) ?? assert.fail('no credentials');
    const kept = JSON.stringify(workspaceState.keys().map((key) => [key, workspaceState.get(key)]));
    assert.ok(kept.includes(credentials.clientId), 'the client id is there');
    assert.ok(!kept.includes(credentials.clientSecret));
    assert.equal(await parts.secrets.get(secretKey()), credentials.clientSecret);
    assert.equal(await parts.secrets.get('scalekit.environment.sandbox'), undefined);
    assert.ok(!JSON.stringify(parts.differences).includes(credentials.clientSecret));
    assert.ok(logged.length > 0);
    assert.ok(!logged.join('\n').includes(credentials.clientSecret));
    const pid = await listenerOf(Number(new URL(credentials.environmentUrl).port));
    for (const file of ['cmdline', 'environ']) {
      const text = readFileSync(`/proc/${pid}/${file}`, 'utf8');
      assert.ok(text.length > 0 && !text.includes(credentials.clientSecret), file);
    }
    assert.equal(parts.redactor.redact(`it is ${credentials.clientSecret}`), 'it is [redacted]');
    sandbox.stop();
    await open();
    assert.equal(parts.store.get('sandbox')?.state, 'stopped');
    assert.equal(await parts.store.readCredentials('sandbox'), undefined);
  });

  it('is for this session only where SecretStorage keeps nothing, and makes a new secret where one was lost', async () => {
    await parts.end();
    const { context } = await companion();
    const empty = faultySecrets(context.secrets, { get: async () => undefined });
    await open({ secrets: empty });
    await sandbox.start();
    assert.equal(parts.store.get('sandbox')?.sessionOnly, true);
    const first = (await parts.store.readCredentials('sandbox')) ?? assert.fail('no credentials');
    await parts.end();

    await open();
    await sandbox.start();
    const second = (await parts.store.readCredentials('sandbox')) ?? assert.fail('no credentials');
    assert.deepEqual([second.environmentUrl, second.clientId], [first.environmentUrl, first.clientId]);
    await parts.secrets.delete(secretKey());
    sandbox.stop();
    await sandbox.start();
    const third = (await parts.store.readCredentials('sandbox')) ?? assert.fail('no credentials');
    assert.notEqual(third.clientSecret, second.clientSecret);
    assert.deepEqual([third.environmentUrl, third.clientId], [first.environmentUrl, first.clientId]);
    assert.equal(parts.store.get('sandbox')?.sessionOnly, false);
    assert.equal(await parts.secrets.get(secretKey()), third.clientSecret);
  });

  it('does not overwrite a secret that SecretStorage just doesn’t give', async () => {
    await sandbox.start();
    const { clientSecret } = (await parts.store.readCredentials('sandbox')) ?? assert.fail('no credentials');
    const key = secretKey();
    await parts.end();
    const { context } = await companion();
    const locked = faultySecrets(context.secrets, {
      get: async () => Promise.reject(new Error('the keyring is locked')),
    });
    await open({ secrets: locked });
    await sandbox.start();
    assert.equal(parts.store.get('sandbox')?.sessionOnly, true);
    const meanwhile = await parts.store.readCredentials('sandbox');
    assert.notEqual(meanwhile?.clientSecret, clientSecret);
    assert.equal(await context.secrets.get(key), clientSecret);
    await parts.end();
    await open();
    await sandbox.start();
    assert.equal((await parts.store.readCredentials('sandbox'))?.clientSecret, clientSecret);
  });

  it('reads an address that is damaged as none', async () => {
    for (const damaged of [
      7,
      'x',
      {},
      { port: 70_000, clientId: 'skc_1', seed: 1, firstStartedAt: 1, secretId: 'x' },
    ]) {
      await workspaceState.update('scalekit.sandboxAddress', damaged);
      await sandbox.start();
      assert.match(parts.store.get('sandbox')?.host ?? '', /^127\.0\.0\.1:2\d{4}$/);
      await sandbox.forget();
    }
  });

  describe('when its port is taken', () => {
    let port: number;
    beforeEach(async () => {
      await sandbox.start();
      port = portOf();
    });

    it('says that another program has it, and tries again there when asked', async () => {
      sandbox.stop();
      const other = await occupy(port);
      const message = {
        severity: 'warning',
        text: `The local sandbox can’t start: port ${port} is taken by another program.`,
        buttons: ['Use Another Port', 'Try Again'],
      } as const;
      parts.prompts.expectMessage(message, 'Try Again').expectMessage(message, undefined);
      await parts.act('scalekit.sandbox.start');
      parts.prompts.assertAllUsed();
      assert.equal(parts.store.get('sandbox')?.state, 'stopped');
      other.close();
      await parts.act('scalekit.sandbox.start');
      assert.equal(portOf(), port);
    });

    it('takes another port from now on when a person wants that, with the same client and secret', async () => {
      const before = (await parts.store.readCredentials('sandbox')) ?? assert.fail('no credentials');
      sandbox.stop();
      const other = await occupy(port);
      parts.prompts
        .expectMessage({ text: /is taken by another program/ }, 'Use Another Port')
        .expectMessage(
          {
            severity: 'information',
            text: /^From now on, the local sandbox of this workspace is at 127\.0\.0\.1:2\d{4}\. Change the address in your app’s \.env\.$/,
            buttons: ['Copy as .env'],
          },
          'Copy as .env',
        )
        .expectConfirm({ message: 'Copy the client secret of “Local sandbox”?' }, true);
      await parts.act('scalekit.sandbox.start');
      const after = (await parts.store.readCredentials('sandbox')) ?? assert.fail('no credentials');
      assert.notEqual(portOf(), port);
      assert.deepEqual([after.clientId, after.clientSecret], [before.clientId, before.clientSecret]);
      await until('it was copied', () => parts.copied.length === 1);
      assert.match(parts.copied[0] ?? '', new RegExp(`^SCALEKIT_ENVIRONMENT_URL=${after.environmentUrl}\\n`));
      const moved = portOf();
      sandbox.stop();
      other.close();
      await sandbox.start();
      assert.equal(portOf(), moved, 'it stays there');
      parts.prompts.assertAllUsed();
    });

    it('names the window that runs the sandbox of this workspace, which keeps the address, and runs here at another port', async () => {
      const second = await startWorkbench({ workspaceState });
      await second.store.load();
      second.prompts.expectMessage(
        {
          severity: 'warning',
          text: new RegExp(
            `^The local sandbox of this workspace already runs in another window \\(${vscode.workspace.name ?? 'without a folder'}\\), since \\w.*\\d\\d:\\d\\d\\.$`,
          ),
          buttons: ['Use Another Port', 'Try Again'],
        },
        'Use Another Port',
      );
      await second.act('scalekit.sandbox.start');
      const there = (await second.store.readCredentials('sandbox')) ?? assert.fail('no credentials');
      assert.notEqual(new URL(there.environmentUrl).port, String(port));
      assert.equal(second.store.get('sandbox')?.sessionOnly, true);
      assert.ok(await answers(`http://127.0.0.1:${port}`), 'the first one runs');
      second.localSandbox.stop();
      second.prompts.assertAllUsed();
      await second.end();
      sandbox.stop();
      await sandbox.start();
      assert.equal(portOf(), port);
    });

    it('says that a sandbox outside VS Code has it', async () => {
      sandbox.stop();
      (await occupy(port)).close();
      const program = await startSandbox({ port, organizations: 1 });
      parts.prompts.expectMessage({ text: new RegExp(`port ${port} is taken by a sandbox that runs outside VS Code`) });
      await parts.act('scalekit.sandbox.start');
      await program.close();
      parts.prompts.assertAllUsed();
      assert.equal(sandbox.isRunning, false);
    });

    it('names the window of another workspace that has it', async () => {
      const address = workspaceState.get<Record<string, unknown>>('scalekit.sandboxAddress');
      const otherState = new MemoryState();
      await otherState.update('scalekit.sandboxAddress', { ...address, clientId: 'skc_2', secretId: randomUUID() });
      const second = await startWorkbench({ workspaceState: otherState });
      await second.store.load();
      second.prompts.expectMessage({ text: new RegExp(`port ${port} is taken by the sandbox of another window`) });
      await second.act('scalekit.sandbox.start');
      assert.equal(second.localSandbox.isRunning, false);
      second.prompts.assertAllUsed();
      await second.end();
    });
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

  describe('with data that it keeps', () => {
    let storageUri: vscode.Uri;
    const keepData = async (value: boolean | undefined): Promise<void> =>
      vscode.workspace
        .getConfiguration('scalekit')
        .update('sandbox.keepData', value, vscode.ConfigurationTarget.Global);
    const file = (): string => join(storageUri.fsPath, 'sandbox', 'data.json');
    /** Empty while the file isn't there, as it is between an old one and a new one. */
    const kept = async (): Promise<string> => readFile(file(), 'utf8').catch(() => '');
    const create = async (displayName: string): Promise<void> => {
      const client = await parts.environments.client('sandbox');
      await createOrganization(client, { display_name: displayName });
    };

    beforeEach(async () => {
      const { context } = await companion();
      storageUri = vscode.Uri.joinPath(context.globalStorageUri, `storage-${randomUUID()}`);
      await parts.end();
      await open({ storageUri });
      await keepData(true);
    });
    afterEach(async () => {
      await keepData(undefined);
      await sandbox.forget();
      rmSync(storageUri.fsPath, { recursive: true, force: true });
    });

    it('has them after it was stopped, and after the window was closed, without its secret in the file', async () => {
      await sandbox.start();
      await create('Kept after a stop');
      sandbox.stop();
      await sandbox.start();
      assert.ok((await organizationNames()).includes('Kept after a stop'));
      await create('Kept after a reload');
      const { clientSecret } = (await sandbox.readCredentials('sandbox')) ?? assert.fail('it runs');
      sandbox.dispose();
      await until('it is kept', async () => (await kept()).includes('Kept after a reload'));
      await parts.end();
      await open({ storageUri });
      await startPatiently();
      assert.ok((await organizationNames()).includes('Kept after a reload'));
      assert.ok(!readFileSync(file(), 'utf8').includes(clientSecret));
    });

    it('begins with its samples while the setting is off, and leaves the file as it is', async () => {
      await sandbox.start();
      await create('In the file');
      sandbox.stop();
      await keepData(false);
      await sandbox.start();
      const before = readFileSync(file(), 'utf8');
      assert.ok(before.includes('In the file'));
      assert.ok(!(await organizationNames()).includes('In the file'));
      await create('Not in the file');
      // What is there now is kept as soon as the setting is on again, and the old file isn't lost.
      await keepData(true);
      await until('it is kept', async () => (await kept()).includes('Not in the file'));
      assert.equal(readFileSync(`${file()}.previous`, 'utf8'), before);
    });

    it('keeps nothing without the setting, and nothing in a window without a folder', async () => {
      await keepData(undefined);
      await sandbox.start();
      await create('Lost');
      sandbox.stop();
      await sandbox.start();
      assert.ok(!(await organizationNames()).includes('Lost'));
      assert.ok(!existsSync(storageUri.fsPath));
      await parts.end();
      await keepData(true);
      await open();
      await startPatiently();
      assert.ok(!(await organizationNames()).includes('Lost'));
      assert.ok(!existsSync(storageUri.fsPath));
    });

    it('says where the old file is if it can’t be read, and starts with its samples', async () => {
      await mkdir(join(storageUri.fsPath, 'sandbox'), { recursive: true });
      await writeFile(file(), 'damaged');
      let warned = false;
      const old = `${file()}.unreadable`;
      parts.prompts.expectMessage({
        severity: 'warning',
        text: `The local sandbox couldn’t read the data that it had kept, so it started with its sample data. The old file is ${old}.`,
        buttons: ['Show Log'],
      });
      Object.assign(parts.log, { warn: (message: string) => (warned ||= /^sandbox: .*isn't JSON/.test(message)) });
      await sandbox.start();
      await until('it is in the log', () => warned);
      assert.equal((await organizationNames()).length, 25);
      assert.equal(readFileSync(old, 'utf8'), 'damaged');
      parts.prompts.assertAllUsed();
    });

    it('deletes them, and what was set aside, when it’s removed', async () => {
      await mkdir(join(storageUri.fsPath, 'sandbox'), { recursive: true });
      await writeFile(`${file()}.previous`, '');
      await sandbox.start();
      await create('Removed');
      await sandbox.forget();
      assert.ok(existsSync(storageUri.fsPath) && !existsSync(join(storageUri.fsPath, 'sandbox')));
      await sandbox.start();
      assert.ok(!(await organizationNames()).includes('Removed'));
    });

    /** A process of the window before may still have the port. */
    async function startPatiently(): Promise<void> {
      await until('the port is free', async () =>
        sandbox.start().then(
          () => true,
          (error: unknown) => (error instanceof SandboxStartError ? false : assert.fail(String(error))),
        ),
      );
    }
  });

  it('says that it couldn’t be started', async () => {
    await parts.end();
    const { context } = await companion();
    const broken = vscode.Uri.joinPath(context.globalStorageUri, 'broken').fsPath;
    await mkdir(broken, { recursive: true });
    await writeFile(join(broken, 'sandbox.js'), 'process.exit(3)');
    for (const programs of [broken, vscode.Uri.joinPath(context.globalStorageUri, 'missing').fsPath]) {
      await open({ programs });
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
      await open({ programs: spy });
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
  process.kill(await listenerOf(port), 'SIGKILL');
}

/** The id of the process that listens on a port. */
async function listenerOf(port: number): Promise<number> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const line = (await readFile('/proc/net/tcp', 'utf8'))
    .split('\n')
    .find((entry) => new RegExp(`^\\s*\\d+: \\w+:${hex} \\w+:0000 0A`).test(entry));
  const inode = line?.trim().split(/\s+/)[9] ?? assert.fail('nobody listens');
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors)
      if ((await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')) === `socket:[${inode}]`) return Number(pid);
  }
  return assert.fail('its process was not found');
}

/** Listens on a port as a program that is no sandbox, once it is free. */
async function occupy(port: number): Promise<Server> {
  for (;;) {
    const server = createServer((socket) => socket.destroy());
    const listening = once(server, 'listening');
    server.listen(port, '127.0.0.1');
    if (
      await listening.then(
        () => true,
        () => false,
      )
    )
      return server;
    await delay(20);
  }
}
