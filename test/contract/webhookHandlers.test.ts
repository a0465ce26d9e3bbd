import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import { projectRoot } from '../host/project';
import { webhookHandler, type HandlerFramework } from '../../src/webhooks/copyHandler/handlers';
import { deliveriesOf, SENDINGS, type Sending } from '../../src/webhooks/send/brokenWebhook';
import { postWebhook } from '../../src/webhooks/send/postWebhook';
import { until } from '../support/until';

const SECRET = 'whsec_bG9jYWwgc2FuZGJveCBzZWNyZXQgMzIgYnl0ZXMgb2s=';

const VARIABLES = {
  SCALEKIT_ENVIRONMENT_URL: 'https://acme.scalekit.dev',
  SCALEKIT_CLIENT_ID: 'skc_1',
  SCALEKIT_CLIENT_SECRET: 'test_1',
  SCALEKIT_WEBHOOK_SECRET: SECRET,
};

/** What a handler responds to each way to send. */
const STATUSES: Readonly<Record<Exclude<Sending, 'slow'>, readonly number[]>> = {
  good: [200],
  oldTimestamp: [401],
  futureTimestamp: [401],
  milliseconds: [401],
  wrongSecret: [401],
  changedByte: [401],
  missingHeader: [401],
  secondSignature: [200],
  duplicate: [200, 200],
  outOfOrder: [200, 200],
  large: [413],
};

interface Running {
  readonly port: number;
  close(): Promise<unknown>;
}

type Post = (request: Request) => Promise<Response>;

describe('a copied webhook handler', () => {
  let folder: string;
  const before_ = { ...process.env };
  let lines: string[];
  const log = console.log;

  before(async () => {
    // Beside the project's packages, which the program imports.
    folder = await mkdtemp(join(projectRoot(), 'out', 'handlers-'));
    Object.assign(process.env, VARIABLES);
  });
  after(async () => {
    process.env = before_;
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    lines = [];
    console.log = (...words: unknown[]) => void lines.push(words.join(' '));
  });
  afterEach(() => {
    console.log = log;
  });

  const load = async (framework: HandlerFramework): Promise<Record<string, unknown>> => {
    const { code } = await transform(webhookHandler(framework), { loader: 'ts', format: 'esm' });
    const file = join(folder, `${framework}.mjs`);
    await writeFile(file, code);
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  };

  const START: Readonly<Record<Exclude<HandlerFramework, 'FastAPI'>, () => Promise<Running>>> = {
    Express: async () => {
      const { app } = (await load('Express')) as {
        app: { listen(port: number, host: string, done: () => void): Server };
      };
      const server = await new Promise<Server>((resolve) => {
        const starting = app.listen(0, '127.0.0.1', () => resolve(starting));
      });
      return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
    },
    Fastify: async () => {
      const { app } = (await load('Fastify')) as {
        app: { listen(options: object): Promise<string>; close(): Promise<unknown> };
      };
      const address = await app.listen({ port: 0, host: '127.0.0.1' });
      return { port: Number(new URL(address).port), close: () => app.close() };
    },
    'Next.js': async () => {
      const { POST } = (await load('Next.js')) as { POST: Post };
      const { createServer } = await import('node:http');
      const server = createServer((request, response) => {
        const parts: Buffer[] = [];
        request.on('data', (part: Buffer) => parts.push(part));
        request.on('end', () => {
          const headers = new Headers(request.headers as Record<string, string>);
          const body = Buffer.concat(parts);
          void POST(new Request('http://localhost/webhooks/scalekit', { method: 'POST', headers, body })).then(
            (answer) => void response.writeHead(answer.status).end(),
          );
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
    },
  };

  for (const framework of ['Express', 'Fastify', 'Next.js'] as const) {
    it(`of ${framework} takes what Scalekit’s SDK accepts, refuses the rest, and handles an event once`, async () => {
      const { port, close } = await START[framework]();
      try {
        let number = 0;
        let events = 0;
        for (const sending of SENDINGS) {
          if (sending === 'slow') continue;
          // Next.js sets no limit of its own.
          const expected = sending === 'large' && framework === 'Next.js' ? [200] : STATUSES[sending];
          const body = JSON.stringify(
            { id: `evt_${++number}`, type: 'role.created', data: { name: 'Zoë' } },
            undefined,
            2,
          );
          const statuses: unknown[] = [];
          for (const delivery of deliveriesOf({ body, secret: SECRET, sending, now: Date.now() })) {
            const url = new URL(`http://127.0.0.1:${port}/webhooks/scalekit`);
            const result = await postWebhook({ url, addresses: undefined, ...delivery });
            statuses.push('status' in result ? result.status : result.failure);
          }
          assert.deepEqual(statuses, expected, sending);
          if (expected[0] === 200) events += sending === 'outOfOrder' ? 2 : 1;
        }
        await until('the events', () => lines.length >= events);
        assert.equal(lines.length, events, lines.join('\n'));
      } finally {
        await close();
      }
    }).timeout(60_000);
  }

  it('of FastAPI compiles, and calls the SDK for Python as it is', async () => {
    const text = webhookHandler('FastAPI');
    const file = join(await mkdtemp(join(tmpdir(), 'handler-')), 'handler.py');
    await writeFile(file, text);
    const { status, stderr } = spawnSync('python3', ['-m', 'py_compile', file], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.match(
      text,
      /verify_webhook_payload\(\s*secret=.+,\s*headers=dict\(request\.headers\),\s*payload=body,\s*\)/,
    );
  });
});

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
