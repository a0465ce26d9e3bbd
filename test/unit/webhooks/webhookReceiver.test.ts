import assert from 'node:assert/strict';
import { request, Agent } from 'node:http';
import { PortTakenError } from '../../../src/core/loopbackServer';
import {
  MOST_BODY_BYTES,
  MOST_KEPT_BYTES,
  WebhookReceiver,
  type ReceivedWebhook,
  type WebhookReceiverOptions,
} from '../../../src/webhooks/listen/webhookReceiver';
import { deliveriesOf, type Sending } from '../../../src/webhooks/send/brokenWebhook';
import { startHttpServer } from '../../support/httpServer';
import { freePort } from '../../support/receiverClient';
import { until } from '../../support/until';

const SECRET = 'whsec_bG9jYWwgc2FuZGJveCBzZWNyZXQgMzIgYnl0ZXMgb2s=';

describe('the receiver of webhooks', () => {
  let port: number;
  let received: ReceivedWebhook[];
  const open: { close(): unknown }[] = [];

  beforeEach(async () => {
    port = await freePort();
    received = [];
  });
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });

  const start = async (more: Partial<WebhookReceiverOptions> = {}): Promise<WebhookReceiver> => {
    const receiver = await WebhookReceiver.start({
      port,
      secret: SECRET,
      response: 'ok',
      passOnTo: undefined,
      now: Date.now,
      onReceive: (webhook) => received.push(webhook),
      ...more,
    });
    open.push(receiver);
    return receiver;
  };

  const send = (
    body: Buffer,
    headers: Readonly<Record<string, string>> = {},
    { method = 'POST', host = '127.0.0.1', agent }: { method?: string; host?: string; agent?: Agent } = {},
  ): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = request(
        {
          host,
          port,
          path: '/hooks',
          method,
          agent: agent ?? false,
          headers: { host: `localhost:${port}`, ...headers },
        },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode ?? 0));
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });

  const deliver = async (sending: Sending = 'good'): Promise<void> => {
    const deliveries = deliveriesOf({
      body: '{"id":"evt_1","type":"role.created"}',
      secret: SECRET,
      sending,
      now: Date.now(),
    });
    for (const { headers, body } of deliveries) await send(body, Object.fromEntries(headers));
  };
  const arrived = (count: number): Promise<void> => until(`${count} webhooks`, () => received.length === count, 30_000);

  it('takes a webhook on either address, with headers and body as they came, and verifies it', async () => {
    await start();
    await deliver();
    assert.equal(await send(Buffer.from('not JSON \r\n'), { 'X-Own': 'Yes' }, { host: '::1' }), 200);
    await arrived(2);
    const [good, other] = received;
    assert.deepEqual([good?.verdict, good?.status, good?.path], ['true', 200, '/hooks']);
    assert.equal(other?.body.toString(), 'not JSON \r\n');
    assert.ok(other.headers.some(([name, value]) => name === 'X-Own' && value === 'Yes'));
    assert.equal(other.verdict, 'Missing required headers');
  });

  it('says what the SDK says about faults, and nothing without a secret', async () => {
    await start();
    for (const sending of ['oldTimestamp', 'wrongSecret', 'missingHeader'] as const) await deliver(sending);
    await arrived(3);
    assert.deepEqual(
      received.map(({ verdict }) => verdict),
      ['Message timestamp too old', 'Invalid Signature', 'Missing required headers'],
    );
    await open.pop()?.close();
    await start({ secret: undefined });
    await deliver();
    await arrived(4);
    assert.equal(received[3]?.verdict, undefined);
  });

  it('refuses web pages, other names and other methods, and lists none of them', async () => {
    await start();
    const body = Buffer.from('{}');
    assert.equal(await send(body, { origin: 'https://evil.example' }), 403);
    assert.equal(await send(body, { origin: `http://localhost:${port}` }), 403);
    assert.equal(await send(body, { host: `evil.example:${port}` }), 403);
    assert.equal(await send(body, { host: 'localhost' }), 403);
    for (const method of ['GET', 'PUT', 'OPTIONS']) assert.equal(await send(body, {}, { method }), 405);
    assert.equal(await send(body), 200);
    await arrived(1);
  });

  it('keeps 64 kB of a body, verifies all of it, and refuses more than 1 MB', async () => {
    await start();
    const body = JSON.stringify({ id: 'evt_1', padding: 'x'.repeat(200_000) });
    const { headers, body: bytes } =
      deliveriesOf({ body, secret: SECRET, sending: 'good', now: Date.now() })[0] ?? assert.fail();
    assert.equal(await send(bytes, Object.fromEntries(headers)), 200);
    assert.equal(await send(Buffer.alloc(MOST_BODY_BYTES + 1)), 413);
    await arrived(2);
    assert.deepEqual(
      received.map(({ body: kept, bytes: length, verdict, status }) => [kept.length, length, verdict, status]),
      [
        [MOST_KEPT_BYTES, body.length, 'true', 200],
        [0, MOST_BODY_BYTES, undefined, 413],
      ],
    );
    assert.equal(received[0]?.body.buffer.byteLength, MOST_KEPT_BYTES);
  });

  it('responds as chosen: with 500, or slowly', async () => {
    await start({ response: 'error' });
    assert.equal(await send(Buffer.from('{}')), 500);
    await open.pop()?.close();
    await start({ response: 'slow', slowMs: 50 });
    assert.equal(await send(Buffer.from('{}')), 200);
    await arrived(2);
  });

  it('passes webhooks on byte for byte, with what came back', async () => {
    const app = await startHttpServer((_seen, response) => void response.writeHead(401).end('no'));
    open.push(app);
    await start({ passOnTo: Number(new URL(app.url).port) });
    await deliver();
    await arrived(1);
    const { passedOn } = received[0] ?? assert.fail();
    assert.ok(passedOn !== undefined && 'status' in passedOn.result);
    assert.deepEqual([passedOn.result.status, passedOn.result.body.toString()], [401, 'no']);
    const [seen] = app.requests;
    assert.equal(seen?.path, '/hooks');
    assert.equal(seen.body, received[0]?.body.toString());
    assert.equal(seen.headers['webhook-id'], received[0]?.headers.find(([name]) => name === 'webhook-id')?.[1]);
    assert.equal(seen.headers.host, new URL(app.url).host.replace('127.0.0.1', 'localhost'));
    await app.close();
    await deliver();
    await arrived(2);
    const gone = received[1]?.passedOn?.result;
    assert.ok(gone !== undefined && 'failure' in gone && gone.failure === 'refused');
  });

  it('says which port is taken, and frees its own', async () => {
    const receiver = await start();
    await assert.rejects(start(), (error) => error instanceof PortTakenError && error.port === port);
    await receiver.close();
    await start();
  });

  it('takes 10,000 webhooks', async () => {
    let count = 0;
    await start({ onReceive: () => count++ });
    const { headers, body } =
      deliveriesOf({ body: '{}', secret: SECRET, sending: 'good', now: Date.now() })[0] ?? assert.fail();
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    open.push({ close: () => agent.destroy() });
    for (let sent = 0; sent < 10_000; sent += 500)
      await Promise.all(Array.from({ length: 500 }, () => send(body, Object.fromEntries(headers), { agent })));
    await until('all', () => count === 10_000);
  }).timeout(120_000);
});
