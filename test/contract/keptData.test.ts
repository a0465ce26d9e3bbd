import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScalekitClient } from '@scalekit-sdk/node';
import type { SandboxMessage } from '../../src/sandbox/main';
import { removeTemporaryFolder, temporaryFolder } from '../host/temporary';
import { until } from '../support/until';
import { fetchToken } from './restJudge';

const PROGRAM = join(process.cwd(), 'dist', 'sandbox.js');
const clientSecret = `test_${randomBytes(24).toString('base64url')}`;

type Started = Extract<SandboxMessage, { type: 'started' }>;

interface Running {
  readonly child: ChildProcess;
  readonly started: Started;
  readonly sdk: ScalekitClient;
  readonly errors: () => string;
  names(): Promise<string[]>;
  /** Ends it in some way, and waits until it has ended. */
  end(how: (child: ChildProcess) => void): Promise<void>;
}

describe('the data that a sandbox of VS Code keeps', function () {
  this.timeout(60_000);
  const children: ChildProcess[] = [];
  let folder = '';
  let file = '';
  beforeEach(async () => {
    folder = await temporaryFolder();
    file = join(folder, 'data.json');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await removeTemporaryFolder(folder);
  });

  const start = async (dataFile: string | null = file): Promise<Running> => {
    const child = fork(PROGRAM, ['--managed'], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
    children.push(child);
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const first = once(child, 'message');
    const firstStartedAt = Date.UTC(2026, 0, 2);
    child.send({
      type: 'start',
      port: 0,
      clientId: 'skc_1',
      clientSecret,
      seed: 5,
      firstStartedAt,
      ...(dataFile === null ? {} : { dataFile }),
    });
    const [started] = (await first) as [SandboxMessage];
    assert.ok(started.type === 'started', JSON.stringify(started));
    const sdk = new ScalekitClient(started.url, 'skc_1', clientSecret);
    return {
      child,
      started,
      sdk,
      errors: () => errors,
      names: async () =>
        (await sdk.organization.listOrganization({ pageSize: 100 })).organizations.map(
          ({ displayName }) => displayName,
        ),
      end: async (how) => {
        // Not `close`: it doesn't come after a disconnect.
        const exit = Promise.all([once(child, 'exit'), once(child.stderr ?? assert.fail(), 'close')]);
        how(child);
        await exit;
      },
    };
  };
  const stop = (child: ChildProcess): void => void child.send({ type: 'stop' });
  const kept = async (): Promise<string> => readFile(file, 'utf8').catch(() => '');

  for (const [how, end] of [
    ['SIGTERM', (child: ChildProcess) => void child.kill('SIGTERM')],
    ['a message', stop],
    ['the end of VS Code', (child: ChildProcess) => child.disconnect()],
  ] as const) {
    it(`are there again after ${how}`, async () => {
      const first = await start();
      await first.sdk.organization.createOrganization('Kept', { externalId: 'kept' });
      const before = await first.names();
      await first.end(end);
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.deepEqual(await readdir(folder), ['data.json'], 'nothing else is left');
      const second = await start();
      assert.deepEqual(await second.names(), before);
      assert.ok(before.includes('Kept'));
      assert.equal(second.started.dataProblem, undefined);
      const text = await kept();
      await second.end(end);
      assert.equal(await kept(), text, 'nothing has changed');
      assert.equal(second.errors(), '');
    });
  }

  it('are there after it was killed, once they were written, also what changed on its own pages', async () => {
    const first = await start();
    await first.sdk.organization.createOrganization('Before the end');
    await until('it is written', async () => (await kept()).includes('Before the end'));
    const { organizations } = await first.sdk.organization.listOrganization({ pageSize: 100 });
    const lists = await Promise.all(organizations.map(({ id }) => first.sdk.directory.listDirectories(id)));
    const directory = lists.flatMap(({ directories }) => directories)[0]?.id ?? assert.fail('there is no directory');
    const response = await fetch(`${first.started.url}/__sandbox/directories/${directory}/users`, {
      method: 'POST',
      body: JSON.stringify({ email: 'new.person@acme.example' }),
    });
    assert.ok(response.ok, await response.text());
    await until('it is written too', async () => (await kept()).includes('new.person@acme.example'));
    await first.end((child) => void child.kill('SIGKILL'));
    const second = await start();
    assert.ok((await second.names()).includes('Before the end'));
    assert.ok((await second.sdk.organization.listOrganization({ pageSize: 100 })).organizations.length > 0);
  });

  it('have no secret, token or fault in them', async () => {
    const first = await start();
    const { sdk, started } = first;
    const { organization } = await sdk.organization.createOrganization('Secretive');
    const id = organization?.id ?? assert.fail('no organization');
    const secrets = [clientSecret];
    const client = await sdk.m2m.createOrganizationClient(id, { name: 'machine' } as never);
    secrets.push(client.plainSecret);
    const { token } = await sdk.token.createToken(id, { description: 'x' });
    secrets.push(token);
    const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
      const response = await fetch(`${started.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
      assert.ok(response.ok, path);
      return (await response.json().catch(() => ({}))) as Record<string, unknown>;
    };
    const webhook = await post('/__sandbox/webhooks', { url: 'http://127.0.0.1:9/' });
    secrets.push(String(webhook['secret']));
    await post('/__sandbox/faults', { path: '/api/v1/none', respond: { body: 'test_of_a_fault' } });
    secrets.push('test_of_a_fault');
    const access = await fetchToken(started.url, 'skc_1', clientSecret);
    secrets.push(access);
    const { organizations } = await sdk.organization.listOrganization({ pageSize: 100 });
    const lists = await Promise.all(
      organizations.map(async ({ id: owner }) =>
        (await sdk.directory.listDirectories(owner)).directories.map(
          (directory) => `${owner}/directories/${directory.id}`,
        ),
      ),
    );
    const response = await fetch(`${started.url}/api/v1/organizations/${lists.flat()[0]}/secrets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access}` },
    });
    secrets.push(((await response.json()) as { plain_secret: string }).plain_secret);
    await first.end(stop);
    const text = await kept();
    assert.ok(text.includes('Secretive'));
    for (const secret of secrets) {
      assert.ok(secret.length > 10 && secret !== 'undefined');
      assert.ok(!text.includes(secret), secret.slice(0, 4));
    }
    assert.ok(!/secret"|token|password"|whsec_|faults/i.test(text.replaceAll(/"PASSWORD\w*"/g, '')));
  });

  const DATA = { organizations: [], users: [], roles: [], permissions: [], connections: [] };
  for (const [what, content, reason] of [
    ['is empty', '', /isn't JSON/],
    ['is cut', '{"organizations":[{"display_name":"A"', /isn't JSON/],
    ['is no JSON', 'nonsense', /isn't JSON/],
    ['is no text', Buffer.from([0x7b, 0xff, 0x7d]), /isn't in UTF-8/],
    ['is a list', '[]', /doesn't contain what a sandbox keeps/],
    ['is null', 'null', /doesn't contain/],
    ['is of another program', '{"private":true}', /doesn't contain/],
    ['has no users', JSON.stringify({ ...DATA, users: undefined }), /doesn't contain/],
    ['has an organization without a name', JSON.stringify({ ...DATA, organizations: [{ id: 'org_1' }] }), /doesn't/],
    ['has a number for a name', JSON.stringify({ ...DATA, organizations: [{ display_name: 7 }] }), /doesn't contain/],
    [
      'has a time that is none',
      JSON.stringify({ ...DATA, users: [{ email: 'a@b.example', create_time: 'yesterday' }] }),
      /\w/,
    ],
    ['is a folder', undefined, /is a folder/],
  ] as const) {
    it(`are set aside if the file ${what}, and the samples are there`, async () => {
      if (content === undefined) await mkdir(file);
      else await writeFile(file, content);
      const first = await start();
      const { reason: said, file: old } = first.started.dataProblem ?? assert.fail('it says nothing');
      assert.match(said, reason);
      assert.equal(old, `${file}.unreadable`);
      if (content !== undefined) assert.deepEqual(await readFile(old), Buffer.from(content));
      assert.equal((await first.names()).length, 25);
      await first.sdk.organization.createOrganization('New');
      await first.end(stop);
      const second = await start();
      assert.equal(second.started.dataProblem, undefined);
      assert.ok((await second.names()).includes('New'));
    });
  }

  it('never replace an older file that was set aside', async () => {
    for (const [content, name] of [
      ['one', 'data.json.unreadable'],
      ['two', 'data.json.unreadable-2'],
    ] as const) {
      await writeFile(file, content);
      const sandbox = await start();
      assert.equal(sandbox.started.dataProblem?.file, join(folder, name));
      await sandbox.end(stop);
      assert.equal(await readFile(join(folder, name), 'utf8'), content);
    }
  });

  it('are kept from the moment when that is switched on, and no longer when it is switched off', async () => {
    await writeFile(file, 'of another sandbox');
    const sandbox = await start(null);
    await sandbox.sdk.organization.createOrganization('Before');
    sandbox.child.send({ type: 'keepData', file });
    await until('they are written', async () => (await kept()).includes('Before'));
    assert.equal(await readFile(`${file}.previous`, 'utf8'), 'of another sandbox');
    await until('it says so', () => sandbox.errors().includes(`${file}.previous`));
    sandbox.child.send({ type: 'keepData' });
    await sandbox.sdk.organization.createOrganization('Meanwhile');
    sandbox.child.send({ type: 'keepData', file });
    await until('they are written', async () => (await kept()).includes('Meanwhile'));
    sandbox.child.send({ type: 'keepData' });
    await sandbox.sdk.organization.createOrganization('After');
    await sandbox.end(stop);
    assert.ok(!(await kept()).includes('After'));
    assert.deepEqual((await readdir(folder)).sort(), ['data.json', 'data.json.previous']);
  });

  it('are said not to be kept, once, if they can’t be written, and the sandbox goes on', async () => {
    const inside = join(folder, 'inside');
    await mkdir(inside);
    const sandbox = await start(join(inside, 'data.json'));
    await rm(inside, { recursive: true });
    await sandbox.sdk.organization.createOrganization('First');
    await until('it says so', () => sandbox.errors() !== '');
    await sandbox.sdk.organization.createOrganization('Second');
    await sandbox.end(stop);
    assert.match(sandbox.errors(), /^What changes isn't kept\. .*data\.json can't be written \(ENOENT\)\.\n$/);
    assert.ok(!existsSync(inside));
  });
});
