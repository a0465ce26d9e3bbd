import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { ScalekitClient } from '@scalekit-sdk/node';
import type { WebhookPayload } from '../../src/api/webhooks/webhookPayload';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { MOST_AT_ONCE, MOST_PENDING } from '../../src/sandbox/webhooks/deliveryQueue';
import { startHttpServer, type HttpServer } from '../support/httpServer';
import { until } from '../support/until';

interface Delivery {
  readonly id: string;
  readonly state: string;
  readonly type: string;
  readonly event_id: string;
  readonly attempts: readonly {
    readonly status: number | null;
    readonly problem: string | null;
    readonly response?: string;
    readonly milliseconds: number;
  }[];
  readonly payload?: WebhookPayload;
}

describe('deliveries of webhooks', () => {
  let sandbox: Sandbox;
  let receiver: HttpServer;
  let secret = '';
  const sdk = new ScalekitClient('http://127.0.0.1:1', 'skc_1', 'test_1');

  beforeEach(async () => {
    receiver = await startHttpServer((_request, response) => void response.writeHead(201).end());
    // A thousandth of a second for each second: the eight tries take 100 seconds instead of 28 hours.
    sandbox = await startSandbox({ organizations: 1, seed: 7, webhookRetryFactor: 1000 });
  });
  afterEach(async () => {
    await sandbox.close();
    await receiver.close();
  });

  const control = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${sandbox.url}/__sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const add = async (url: string) => {
    const { json, status } = await control('POST', 'webhooks', { url });
    assert.equal(status, 200, JSON.stringify(json));
    secret = String(json['secret']);
    return String(json['id']);
  };
  const fire = async (count = 1) => {
    const ids: string[] = [];
    for (let index = 0; index < count; index++)
      ids.push(String((await control('POST', 'webhook-events', { type: 'role.created' })).json['event_id']));
    return ids;
  };
  const list = async (state?: string) =>
    (await control('GET', `webhook-deliveries${state === undefined ? '' : `?state=${state}`}`)).json[
      'deliveries'
    ] as Delivery[];
  const settled = async (state: string, count = 1) => {
    await until(`${count} deliveries are ${state}`, async () => (await list(state)).length === count, 20_000);
    const found = await list(state);
    return Promise.all(
      found.map(async ({ id }) => (await control('GET', `webhook-deliveries/${id}`)).json as unknown as Delivery),
    );
  };
  const eventIds = () => receiver.requests.map(({ body }) => (JSON.parse(body) as WebhookPayload).id);
  const verify = () => {
    for (const { headers, body } of receiver.requests)
      assert.equal(sdk.verifyWebhookPayload(secret, headers as Record<string, string>, body), true);
  };

  it('are tried eight times, with the same id and payload and a signature of their own', async () => {
    await control('POST', 'webhook-retries', { factor: 1_000_000 });
    receiver.answerWith((_request, response) => void response.writeHead(500).end('no'));
    await add(receiver.url);
    const [eventId] = await fire();
    const [failed] = await settled('Failed');
    assert.equal(failed?.attempts.length, 8);
    assert.deepEqual(
      new Set(failed.attempts.map(({ status, response }) => `${status} ${response}`)),
      new Set(['500 no']),
    );
    assert.equal(receiver.requests.length, 8);
    assert.equal(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size, 1);
    assert.equal(new Set(receiver.requests.map(({ body }) => body)).size, 1);
    assert.deepEqual(new Set(eventIds()), new Set([eventId]));
    verify();
  });

  it('wait between two tries as long as Scalekit’s documentation says, divided by the factor', async () => {
    await control('POST', 'webhook-retries', { factor: 1 });
    receiver.answerWith((_request, response) => void response.writeHead(503).end());
    await add(receiver.url);
    await fire();
    const [waiting] = await settled('Retrying');
    assert.equal(waiting?.attempts.length, 1);
    // A new factor counts for what waits already.
    receiver.answerWith((_request, response) => void response.writeHead(204).end());
    assert.equal((await control('POST', 'webhook-retries', { factor: 100_000 })).status, 200);
    const [done] = await settled('Success');
    assert.deepEqual(
      done?.attempts.map(({ status }) => status),
      [503, 204],
    );
    for (const factor of [0, 0.5, -1, 'x', null, 1e9])
      assert.equal((await control('POST', 'webhook-retries', { factor })).status, 400, String(factor));
    assert.deepEqual((await control('GET', 'webhook-retries')).json, { factor: 100_000 });
  });

  it('lose nothing while the receiver is down, and is killed in the middle of requests', async () => {
    const target = new URL(receiver.url);
    await add(receiver.url);
    await receiver.close();
    const events = await fire(40);
    await settled('Retrying', 40);
    let killed = 0;
    const seen = new Map<string, number>();
    const open = (port: number) =>
      new Promise<Server>((resolve) => {
        const server = createServer((socket) => {
          socket.on('error', () => undefined);
          let text = '';
          socket.on('data', (chunk: Buffer) => {
            text += chunk.toString();
            const [, length = '0'] = /content-length: (\d+)/i.exec(text) ?? [];
            const at = text.indexOf('\r\n\r\n') + 4;
            if (at < 4 || text.length - at < Number(length)) return;
            const { id } = JSON.parse(text.slice(at, at + Number(length))) as WebhookPayload;
            text = '';
            seen.set(id, (seen.get(id) ?? 0) + 1);
            // Every third request was done, but its response never comes.
            if (seen.size % 3 === 0 && seen.get(id) === 1) {
              killed++;
              socket.destroy();
            } else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
          });
        });
        server.listen(port, '127.0.0.1', () => resolve(server));
      });
    await control('POST', 'webhook-retries', { factor: 20_000 });
    const server = await open(Number(target.port));
    try {
      await settled('Success', 40);
      assert.deepEqual([...seen.keys()].sort(), [...events].sort());
      assert.ok(killed > 0);
      const duplicates = [...seen.values()].filter((count) => count > 1).length;
      assert.ok(duplicates > 0, 'what was done without a response comes again');
      console.log(
        `      40 events to a receiver that was down: 0 lost, ${killed} connections killed, ${duplicates} came more than once`,
      );
    } finally {
      await new Promise((resolve) => {
        server.close(resolve);
        void sandbox.close();
      });
    }
  });

  it('survive a receiver that refuses, hangs up, redirects, switches protocols, or answers without end', async () => {
    const cases: Readonly<Record<string, (socket: Socket) => void>> = {
      'the target closed the connection': (socket) => socket.destroy(),
      redirect: (socket) =>
        socket.end('HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n'),
      upgrade: (socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
      endless: (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
        const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
        const more = (): void => {
          while (!socket.destroyed && socket.write(chunk));
          if (!socket.destroyed) socket.once('drain', more);
        };
        more();
      },
      'endless headers': (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const more = (): void => {
          while (!socket.destroyed && socket.write(`x-a: ${'x'.repeat(0x4000)}\r\n`));
          if (!socket.destroyed) socket.once('drain', more);
        };
        more();
      },
      nonsense: (socket) => socket.end('this is not HTTP\r\n\r\n'),
      'cut off': (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
    };
    const sockets = new Set<Socket>();
    const outcomes: Record<string, readonly [string | undefined, number | null | undefined]> = {};
    for (const [name, act] of Object.entries(cases)) {
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
        socket.on('error', () => undefined);
        socket.once('data', () => act(socket));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      await control('POST', 'webhook-retries', { factor: 1 });
      await control('DELETE', 'webhook-deliveries');
      const id = await add(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await fire();
      await until(name, async () => (await list())[0]?.attempts.length === 1, 20_000);
      const [delivery] = await list();
      const [attempt] = delivery?.attempts ?? [];
      outcomes[name] = [delivery?.state, attempt?.status];
      const whole = (await control('GET', `webhook-deliveries/${delivery?.id}`)).json as unknown as Delivery;
      assert.ok((whole.attempts[0]?.response?.length ?? 0) <= 65_536);
      assert.equal((await control('DELETE', `webhooks/${id}`)).status, 200);
      await new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      });
    }
    assert.deepEqual(outcomes, {
      'the target closed the connection': ['Retrying', null],
      redirect: ['Retrying', 302],
      upgrade: ['Retrying', 101],
      endless: ['Success', 200],
      'endless headers': ['Retrying', null],
      nonsense: ['Retrying', null],
      'cut off': ['Success', 200],
    });
  });

  it('wait for a hanging receiver no longer than the sandbox lives', async () => {
    receiver.answerWith(() => undefined);
    await add(receiver.url);
    await fire(20);
    await until('the first ones hang', () => receiver.requests.length === MOST_AT_ONCE);
    assert.equal(sandbox.webhooks.endpoints()[0]?.pending, 20);
    await sandbox.close();
    await until('every connection is closed', () => receiver.openSockets === 0);
    assert.equal(receiver.requests.length, MOST_AT_ONCE, 'nothing is sent after the end');
    assert.deepEqual(new Set(sandbox.webhooks.log.list().map(({ delivery }) => delivery.state)), new Set(['Failed']));
  });

  it('go only to this machine, whatever the address looks like', async () => {
    for (const [url, sentence] of [
      ['http://192.0.2.1/', /only to this machine/],
      ['http://0.0.0.0:3000/', /only to this machine/],
      ['http://[::ffff:192.0.2.1]/', /only to this machine/],
      ['http://[::]:3000/', /only to this machine/],
      ['http://3221225985/', /only to this machine/],
      ['ftp://localhost/', /must begin with http/],
      ['http://me:secret@localhost/', /user name or password/],
      ['localhost:3000', /must begin with http/],
      ['nonsense', /must be a URL/],
      ['', /url is required/],
      [7, /url is required/],
      [`http://localhost/${'x'.repeat(3000)}`, /longer than/],
      [`${sandbox.url}/__sandbox/expire-tokens`, /can't send to itself/],
    ] as const) {
      const { status, json } = await control('POST', 'webhooks', { url });
      assert.equal(status, 400, String(url));
      assert.match(String(json['error']), sentence);
      assert.ok(!String(json['error']).includes('me:secret'));
    }
    for (const host of ['localhost', 'app.localhost', '127.0.0.1', '2130706433']) {
      const id = await add(receiver.url.replace('127.0.0.1', host));
      const before = receiver.requests.length;
      await fire();
      await until(host, () => receiver.requests.length === before + 1, 10_000);
      await control('DELETE', `webhooks/${id}`);
    }
    // A name is checked when it's resolved.
    await control('POST', 'webhook-retries', { factor: 1 });
    await add('http://example.invalid:3000/');
    await control('DELETE', 'webhook-deliveries');
    await fire();
    const [retrying] = await settled('Retrying');
    assert.match(retrying?.attempts[0]?.problem ?? '', /can't be resolved|another machine/);
  });

  it('are resent with a new signature, and twice at once only if they’re done', async () => {
    await add(receiver.url);
    const [eventId] = await fire();
    const [done] = await settled('Success');
    const path = `webhook-deliveries/${done?.id}/resend`;
    assert.deepEqual((await control('POST', path)).json, { id: done?.id, state: 'Queued' });
    await until('it came again', () => receiver.requests.length === 2);
    assert.deepEqual(eventIds(), [eventId, eventId]);
    assert.equal(receiver.requests[0]?.headers['webhook-id'], receiver.requests[1]?.headers['webhook-id']);
    verify();
    let release: () => void = () => undefined;
    receiver.answerWith((_request, response) => {
      release = () => void response.writeHead(200).end();
    });
    await control('POST', path);
    await until('it is being sent', () => receiver.requests.length === 3);
    const refused = await control('POST', path);
    assert.deepEqual([refused.status, /being sent/.test(String(refused.json['error']))], [400, true]);
    release();
    assert.equal((await control('POST', 'webhook-deliveries/msg_1/resend')).status, 400);
    assert.equal((await control('GET', 'webhook-deliveries/msg_1')).status, 404);
    assert.equal((await control('DELETE', 'webhooks/ep_1')).status, 404);
  });

  it('are only those of the types that an endpoint wants', async () => {
    const { json } = await control('POST', 'webhooks', { url: receiver.url, events: ['role.deleted', 'role.deleted'] });
    assert.deepEqual(json['events'], ['role.deleted']);
    await fire();
    await control('POST', 'webhook-events', { type: 'role.deleted' });
    await settled('Success');
    assert.equal((JSON.parse(receiver.requests[0]?.body ?? '{}') as WebhookPayload).type, 'role.deleted');
    for (const events of [[], ['user.created'], 'none', [1]])
      assert.equal((await control('POST', 'webhooks', { url: receiver.url, events })).status, 400);
  });

  it('never show a secret again', async () => {
    const own = 'whsec_dGVzdHNlY3JldHRlc3RzZWNyZXQ=';
    const { json } = await control('POST', 'webhooks', { url: receiver.url, secret: own });
    assert.equal(json['secret'], own);
    await fire();
    await settled('Success');
    const texts = await Promise.all(
      ['webhooks', 'webhook-deliveries', 'webhook-events', 'webhook-retries'].map(async (path) =>
        JSON.stringify((await control('GET', path)).json),
      ),
    );
    texts.push(JSON.stringify(sandbox.requests), JSON.stringify(sandbox.webhooks.endpoints()));
    for (const text of texts) assert.ok(!text.includes(own.slice(6)));
    for (const bad of ['private', 'whsec_', 5, 'whsec_' + 'x'.repeat(600)]) {
      const refused = await control('POST', 'webhooks', { url: receiver.url, secret: bad });
      assert.equal(refused.status, 400);
      assert.ok(!JSON.stringify(refused.json).includes('private'));
    }
  });

  it('come through 10,000 at once, a few at a time, while the sandbox answers', async () => {
    let atOnce = 0;
    let most = 0;
    receiver.answerWith(async (_request, response) => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce--;
      response.writeHead(200).end();
    });
    await add(receiver.url);
    let answered = 0;
    let isDone = false;
    const asking = (async () => {
      while (!isDone) {
        assert.equal((await fetch(`${sandbox.url}/keys`)).status, 200);
        answered++;
      }
    })();
    for (let index = 0; index < 10_000; index++) {
      sandbox.webhooks.emit('role.created', undefined, () => ({ index }));
      if (index % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until('all came', () => receiver.requests.length >= 10_000, 60_000);
    isDone = true;
    await asking;
    assert.equal(new Set(eventIds()).size, 10_000);
    assert.ok(most <= MOST_AT_ONCE, String(most));
    assert.ok(answered > 0);
    assert.equal((await list()).length, 200);
    console.log(
      `      10,000 events: 10,000 received, at most ${most} at once, ${answered} requests answered meanwhile`,
    );
  });

  it('fail with a sentence beyond a full queue, and hurt no other endpoint', async () => {
    receiver.answerWith(() => undefined);
    await add(receiver.url);
    for (let index = 0; index < MOST_PENDING + 5; index++)
      sandbox.webhooks.emit('role.created', undefined, () => ({ index }));
    assert.equal(sandbox.webhooks.endpoints()[0]?.pending, MOST_PENDING);
    const failed = await list('Failed');
    assert.equal(failed.length, 5);
    assert.match(
      failed[0]?.attempts[0]?.problem ?? '',
      /too many deliveries of this endpoint were waiting \(at most 20000\)/,
    );
    const second = await startHttpServer((_request, response) => void response.writeHead(200).end());
    try {
      await add(second.url);
      await fire();
      await until('the other one got it', () => second.requests.length === 1);
    } finally {
      await second.close();
    }
  });
});
