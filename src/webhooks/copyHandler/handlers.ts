/** The frameworks that a handler can be copied for. */
export const HANDLER_FRAMEWORKS = ['Express', 'Next.js', 'Fastify', 'FastAPI'] as const;

export type HandlerFramework = (typeof HANDLER_FRAMEWORKS)[number];

const CLIENT = `const scalekit = new ScalekitClient(
  process.env.SCALEKIT_ENVIRONMENT_URL ?? '',
  process.env.SCALEKIT_CLIENT_ID ?? '',
  process.env.SCALEKIT_CLIENT_SECRET ?? '',
);`;

const SEEN = `// An event can come more than once. Keep the IDs in your database: this set ends with the process.
const seen = new Set();`;

/**
 * A program that receives Scalekit's webhooks: it verifies the raw body with Scalekit's SDK, handles each event once, and
 * responds before it works.
 */
export function webhookHandler(framework: HandlerFramework): string {
  return HANDLERS[framework];
}

// The programs' text starts in the first column.
const HANDLERS: Readonly<Record<HandlerFramework, string>> = {
  Express: `// npm install express @scalekit-sdk/node
import express from 'express';
import { ScalekitClient } from '@scalekit-sdk/node';

${CLIENT}

${SEEN}

export const app = express();

// The signature covers the bytes as they came: this route must stand before any app.use(express.json()).
app.post('/webhooks/scalekit', express.raw({ type: '*/*', limit: '1mb' }), (request, response) => {
  const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  try {
    scalekit.verifyWebhookPayload(
      process.env.SCALEKIT_WEBHOOK_SECRET ?? '',
      {
        'webhook-id': request.get('webhook-id') ?? '',
        'webhook-timestamp': request.get('webhook-timestamp') ?? '',
        'webhook-signature': request.get('webhook-signature') ?? '',
      },
      body,
    );
  } catch {
    response.status(401).send('The webhook could not be verified.');
    return;
  }
  const event = JSON.parse(body);
  // Scalekit waits only a few seconds, and sends again whatever isn't answered with 2xx.
  response.sendStatus(200);
  if (seen.has(event.id)) return;
  seen.add(event.id);
  handle(event).catch(console.error);
});

async function handle(event) {
  console.log(event.type, event.id);
}
`,

  'Next.js': `// npm install @scalekit-sdk/node
// app/webhooks/scalekit/route.ts
import { ScalekitClient } from '@scalekit-sdk/node';

${CLIENT}

// An event can come more than once. Keep the IDs in your database: this set ends with the process.
const seen = new Set<string>();

export async function POST(request: Request): Promise<Response> {
  // The signature covers the text as it came: request.json() would lose it.
  const body = await request.text();
  try {
    scalekit.verifyWebhookPayload(
      process.env.SCALEKIT_WEBHOOK_SECRET ?? '',
      Object.fromEntries(request.headers),
      body,
    );
  } catch {
    return new Response('The webhook could not be verified.', { status: 401 });
  }
  const event = JSON.parse(body);
  if (!seen.has(event.id)) {
    seen.add(event.id);
    // Scalekit waits only a few seconds. On serverless hosts, pass this to after() of next/server.
    handle(event).catch(console.error);
  }
  return new Response(null, { status: 200 });
}

async function handle(event: { id: string; type: string }): Promise<void> {
  console.log(event.type, event.id);
}
`,

  Fastify: `// npm install fastify @scalekit-sdk/node
import Fastify from 'fastify';
import { ScalekitClient } from '@scalekit-sdk/node';

${CLIENT}

${SEEN}

export const app = Fastify();

// The parser is only for the routes in here. The signature covers the bytes as they came.
app.register(async (routes) => {
  routes.removeAllContentTypeParsers();
  routes.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 1_048_576 }, (_request, body, done) => {
    done(null, body);
  });
  routes.post('/webhooks/scalekit', async (request, reply) => {
    const body = typeof request.body === 'string' ? request.body : '';
    try {
      scalekit.verifyWebhookPayload(
        process.env.SCALEKIT_WEBHOOK_SECRET ?? '',
        {
          'webhook-id': String(request.headers['webhook-id'] ?? ''),
          'webhook-timestamp': String(request.headers['webhook-timestamp'] ?? ''),
          'webhook-signature': String(request.headers['webhook-signature'] ?? ''),
        },
        body,
      );
    } catch {
      return reply.code(401).send('The webhook could not be verified.');
    }
    const event = JSON.parse(body);
    if (!seen.has(event.id)) {
      seen.add(event.id);
      // Scalekit waits only a few seconds, so nothing waits for this.
      handle(event).catch(console.error);
    }
    return reply.code(200).send();
  });
});

async function handle(event) {
  console.log(event.type, event.id);
}
`,

  FastAPI: `# pip install fastapi scalekit-sdk-python
import json
import os

from fastapi import BackgroundTasks, FastAPI, Request, Response
from scalekit import ScalekitClient

scalekit = ScalekitClient(
    os.environ["SCALEKIT_ENVIRONMENT_URL"],
    os.environ["SCALEKIT_CLIENT_ID"],
    os.environ["SCALEKIT_CLIENT_SECRET"],
)
app = FastAPI()

# An event can come more than once. Keep the IDs in your database: this set ends with the process.
seen: set[str] = set()


@app.post("/webhooks/scalekit")
async def scalekit_webhook(request: Request, background: BackgroundTasks) -> Response:
    # The signature covers the bytes as they came: request.json() would lose them.
    body = await request.body()
    try:
        scalekit.verify_webhook_payload(
            secret=os.environ["SCALEKIT_WEBHOOK_SECRET"],
            headers=dict(request.headers),
            payload=body,
        )
    except Exception:
        return Response("The webhook could not be verified.", status_code=401)
    event = json.loads(body)
    if event["id"] not in seen:
        seen.add(event["id"])
        # Scalekit waits only a few seconds. This runs after the response.
        background.add_task(handle, event)
    return Response(status_code=200)


def handle(event: dict) -> None:
    print(event["type"], event["id"])
`,
};
