import { ScalekitClient } from '@scalekit-sdk/node';
import type { WebhookPayload } from '../../src/api/webhooks/webhookPayload';
import { startHttpServer, type HttpServer } from './httpServer';
import { until } from './until';

/** An app that receives webhooks on this machine, and checks each one with the official SDK. */
export interface WebhookReceiver {
  readonly url: string;
  readonly server: HttpServer;
  /** What came and was good, in order. */
  readonly payloads: readonly WebhookPayload[];
  /** What the SDK refused. */
  readonly refused: readonly unknown[];
  /** The secret that it checks with. */
  secret: string;
  /** Takes what has come so far, once there are `count`. */
  take(count: number): Promise<readonly WebhookPayload[]>;
  close(): Promise<void>;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const sdk = new ScalekitClient('http://127.0.0.1:1', 'skc_1', 'test_1');
  const payloads: WebhookPayload[] = [];
  const refused: unknown[] = [];
  let taken = 0;
  const server = await startHttpServer(({ headers, body }, response) => {
    try {
      sdk.verifyWebhookPayload(receiver.secret, headers as Record<string, string>, body);
      payloads.push(JSON.parse(body) as WebhookPayload);
    } catch (error) {
      refused.push(error);
    }
    response.writeHead(201).end();
  });
  const receiver: WebhookReceiver = {
    url: `${server.url}/webhooks`,
    server,
    payloads,
    refused,
    secret: '',
    async take(count) {
      await until(`${count} webhooks`, () => payloads.length - taken >= count, 20_000);
      const found = payloads.slice(taken);
      taken = payloads.length;
      return found;
    },
    close: () => server.close(),
  };
  return receiver;
}
