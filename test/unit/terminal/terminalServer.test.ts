import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeSocketAddress } from '../../../src/terminal/socketAddress';
import { TerminalServer, type RefusalReason, type TerminalGrant } from '../../../src/terminal/terminalServer';
import { until } from '../../support/until';

describe('the terminals’ socket', () => {
  let server: TerminalServer;
  let refused: RefusalReason[];
  let asked: string[];

  beforeEach(async () => {
    refused = [];
    asked = [];
    server = await TerminalServer.start({ onRefused: (reason) => refused.push(reason), requestDeadlineMs: 150 });
  });
  afterEach(() => server.dispose());

  const grantFor = (name: string): TerminalGrant =>
    server.grant(async (wants) => {
      asked.push(`${name} ${wants}`);
      return { token: `token of ${name}` };
    });

  /** Sends this over a new connection. Resolves with everything that was received until it's closed. */
  function knock(text: string, parts = 1, pauseMs = 0): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(server.address);
      let received = '';
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(received));
      socket.on('connect', async () => {
        const length = Math.ceil(text.length / parts);
        for (let at = 0; at < text.length && !socket.destroyed; at += length) {
          socket.write(text.slice(at, at + length));
          if (pauseMs > 0) await delay(pauseMs);
        }
      });
    });
  }
  const request = (grant: Partial<TerminalGrant>, wants: unknown = 'token'): string =>
    `${JSON.stringify({ ...grant, wants })}\n`;

  it('responds to a terminal that knows its nonce, for its own environment', async () => {
    const [one, two] = [grantFor('one'), grantFor('two')];
    assert.equal(await knock(request(one)), '{"token":"token of one"}\n');
    assert.equal(await knock(request(two, 'credentials')), '{"token":"token of two"}\n');
    assert.deepEqual(asked, ['one token', 'two credentials']);
    assert.deepEqual(refused, []);
  });

  it('responds to a request that arrives in pieces', async () => {
    assert.equal(await knock(request(grantFor('one')), 5, 5), '{"token":"token of one"}\n');
  });

  it('responds to many requests at once', async () => {
    const grant = grantFor('one');
    const answers = await Promise.all(Array.from({ length: 40 }, () => knock(request(grant))));
    assert.deepEqual(new Set(answers), new Set(['{"token":"token of one"}\n']));
    assert.equal(asked.length, 40);
  });

  const knocks: readonly [string, (grant: TerminalGrant) => string, RefusalReason][] = [
    ['without a nonce', ({ handle }) => request({ handle }), 'nonce'],
    ['with an empty nonce', ({ handle }) => request({ handle, nonce: '' }), 'nonce'],
    [
      'with a wrong nonce',
      ({ handle, nonce }) => request({ handle, nonce: `${nonce.slice(0, -1)}${nonce.endsWith('A') ? 'B' : 'A'}` }),
      'nonce',
    ],
    ['with the nonce cut short', ({ handle, nonce }) => request({ handle, nonce: nonce.slice(0, -1) }), 'nonce'],
    ['for an unknown terminal', ({ nonce }) => request({ handle: '0123456789abcdef', nonce }), 'nonce'],
    ['for an unknown terminal, without a nonce', () => request({ handle: 'x', nonce: '' }), 'nonce'],
    [
      'with a nonce that isn’t text',
      ({ handle }) => `${JSON.stringify({ handle, nonce: [1], wants: 'token' })}\n`,
      'nonce',
    ],
    ['for something that isn’t offered', (grant) => request(grant, 'everything'), 'malformed'],
    ['without JSON', () => 'GET / HTTP/1.1\r\n\r\n', 'malformed'],
    ['with JSON that isn’t an object', () => '"token"\n', 'malformed'],
    ['with 1 MB in one line', () => `${'x'.repeat(1024 * 1024)}\n`, 'tooLarge'],
    ['with 1 MB without a line break', () => 'x'.repeat(1024 * 1024), 'tooLarge'],
    ['with a line that never ends', () => '{"handle":', 'tooSlow'],
    ['with nothing at all', () => '', 'tooSlow'],
  ];
  for (const [how, text, reason] of knocks) {
    it(`refuses a request ${how} silently, and logs it`, async () => {
      assert.equal(await knock(text(grantFor('one'))), '');
      assert.deepEqual(refused, [reason]);
      assert.deepEqual(asked, []);
    });
  }

  it('refuses a request that arrives too slowly', async () => {
    assert.equal(await knock(request(grantFor('one')), 40, 20), '');
    assert.deepEqual(refused, ['tooSlow']);
  });

  it('refuses a closed terminal', async () => {
    const grant = grantFor('one');
    server.revoke(grant.handle);
    assert.equal(await knock(request(grant)), '');
    assert.deepEqual(refused, ['nonce']);
  });

  it('aborts the work on a response when the program disconnects', async () => {
    let gone = false;
    const grant = server.grant(
      (_wants, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => ((gone = true), resolve({ error: 'gone' })))),
    );
    const socket = connect(server.address);
    socket.write(request(grant));
    await delay(30);
    assert.equal(gone, false);
    socket.destroy();
    await until('the abort', () => gone);
  });

  it('is open only to this user, in a separate folder', () => {
    assert.equal(statSync(server.address).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(server.address)).mode & 0o777, 0o700);
    assert.ok(Buffer.byteLength(server.address) < 104, server.address);
  });

  it('gives each terminal a handle and a nonce that can’t be guessed', () => {
    const grants = Array.from({ length: 100 }, () => grantFor('one'));
    assert.equal(new Set(grants.map(({ nonce }) => nonce)).size, 100);
    assert.equal(new Set(grants.map(({ handle }) => handle)).size, 100);
    for (const { nonce } of grants) assert.equal(Buffer.from(nonce, 'base64url').length, 32);
  });

  it('removes its folder, and disconnects waiting programs, when it’s disposed', async () => {
    const grant = server.grant(() => new Promise(() => undefined));
    const waiting = knock(request(grant));
    await delay(30);
    const { address } = server;
    server.dispose();
    assert.equal(await waiting, '');
    assert.equal(existsSync(address), false);
    assert.equal(existsSync(dirname(address)), false);
  });
});

describe('the location of the socket', () => {
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'scalekit-unit-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is the next folder if one is too long, missing or not a folder', async () => {
    const long = join(folder, 'x'.repeat(100));
    for (const unusable of [long, join(folder, 'missing'), '/dev/null']) {
      const made = await makeSocketAddress([unusable, folder]);
      assert.equal(dirname(dirname(made.address)), folder);
      made.remove();
      assert.equal(existsSync(dirname(made.address)), false);
    }
  });

  it('may be as long as a path can be, and no longer', async () => {
    const fits = join(folder, 'y'.repeat(103 - 18 - folder.length - 1));
    rmSync(folder, { recursive: true });
    mkdirSync(fits, { recursive: true });
    const server = await TerminalServer.start({ onRefused: () => undefined, folders: [fits] });
    assert.equal(server.address.length, 103);
    server.dispose();
    await assert.rejects(makeSocketAddress([`${fits}z`]), /path too long/);
  });

  it('is cleared of what killed windows left behind, and of nothing live, new or foreign', async () => {
    const paths = [
      'scalekit-killed',
      'scalekit-listen',
      'scalekit-newnew',
      'scalekit-empty0',
      'scalekit-workbench-1',
    ].map((name) => join(folder, name));
    const [killed = '', living = '', fresh = '', empty = '', other = ''] = paths;
    for (const path of paths) mkdirSync(path);
    for (const path of [killed, fresh, other]) {
      spawnSync(process.execPath, [
        '-e',
        `require('node:net').createServer().listen(${JSON.stringify(join(path, 's'))}, () => process.kill(process.pid, 'SIGKILL'))`,
      ]);
      assert.ok(existsSync(join(path, 's')));
    }
    const server = createServer().listen(join(living, 's'));
    await once(server, 'listening');
    for (const path of [killed, living, empty, other]) utimesSync(path, new Date(0), new Date(0));
    try {
      (await makeSocketAddress([folder])).remove();
      assert.deepEqual(
        paths.map((path) => existsSync(path)),
        [false, true, true, true, true],
      );
    } finally {
      server.close();
    }
  });

  it('is refused with a reason if no folder is usable', async () => {
    await assert.rejects(makeSocketAddress([join(folder, 'missing')]), /ENOENT/);
  });
});
