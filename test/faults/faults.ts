import { setTimeout as wait } from 'node:timers/promises';
import type { Fault as SandboxFault } from '../../src/sandbox/package/api';
import type { FaultyWorld } from './faultyWorld';
import type { Harm, Target } from './gateway';

/** One thing that goes wrong. */
export interface Fault {
  /** Makes it go wrong from the start, before the first token. */
  readonly from?: (world: FaultyWorld) => void;
  /** Makes it go wrong with the next request for `target`. Returns the origin that the client uses meanwhile. */
  readonly arm: (world: FaultyWorld, target: Target) => string;
  /** True if the server's log claims success, although the server only sent this response. */
  readonly pretends?: boolean;
  /** True if the person cancels as soon as the request reaches the server. */
  readonly cancels?: boolean;
}

const HOUR_MS = 60 * 60 * 1000;

/** Larger than anything the client reads. */
const TEN_MEGABYTES = JSON.stringify({ organizations: [], total_size: 0, padding: 'x'.repeat(10_000_000) });

/** Fields of responses, each with a type that isn't Scalekit's. */
const WRONG_TYPES = {
  organizations: 'none',
  total_size: 'many',
  next_page_token: {},
  organization: 7,
  access_token: 5,
  expires_in: [],
};

/** The server's own words in an error. */
export const SAID = 'A fault of the sandbox';

/** A fault that the sandbox makes. */
function ordered(fault: SandboxFault): Fault {
  return {
    arm: ({ sandbox }, target) => {
      sandbox.addFault({ ...target, message: SAID, ...fault });
      return sandbox.url;
    },
  };
}

/** The API refuses the token, or the authorization server refuses the credentials. */
function unauthorized(times?: number): Fault {
  return {
    arm: (world, target) =>
      ordered({ status: 401, times, errorCode: target.path === '/oauth/token' ? 'invalid_client' : undefined }).arm(
        world,
        target,
      ),
  };
}

/** A fault that the gateway makes. */
function harmed(harm: (world: FaultyWorld) => Harm, orders: Partial<Fault> = {}): Fault {
  return {
    ...orders,
    arm: (world, target) => {
      world.gateway.harm(target, harm(world));
      return world.gateway.url;
    },
  };
}

/** The server gets the request, and this replaces its response. */
function replaced(body: string, contentType = 'application/json'): Fault {
  return harmed(() => async ({ forward, response }) => {
    await forward();
    response.on('error', () => undefined);
    response.writeHead(200, { 'content-type': contentType, connection: 'close' }).end(body);
  });
}

function skewed(milliseconds: number): Fault {
  return { from: (world) => world.setSkew(milliseconds), arm: ({ sandbox }) => sandbox.url };
}

const redirect = (status: number, to: (world: FaultyWorld, target: Target) => string): Fault => ({
  arm: (world, target) => {
    world.sandbox.addFault({ ...target, respond: { status, headers: { location: to(world, target) } } });
    return world.sandbox.url;
  },
});

/** Sends the head and the first half of the server's response. Returns the other half. */
async function sendHalf(
  { forward, response }: Parameters<Harm>[0],
  contentLength: (length: number) => number,
): Promise<Buffer> {
  const { status, body } = await forward();
  const half = Math.ceil(body.length / 2);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': contentLength(body.length),
    connection: 'close',
  });
  await new Promise((resolve) => response.write(body.subarray(0, half), resolve));
  return body.subarray(half);
}

/** What goes wrong, by name. */
export const faults = {
  'connection refused': { arm: ({ refusedUrl }) => refusedUrl },
  'reset before the request was read': {
    arm: ({ gateway }) => {
      gateway.resetConnections();
      return gateway.url;
    },
  },
  'reset after the request was read': harmed(() => async ({ forward, socket }) => {
    await forward();
    socket.resetAndDestroy();
  }),
  'closed without a response': ordered({ drop: true }),
  'host name unknown': { arm: ({ unknownHostUrl }) => unknownHostUrl },
  'TLS certificate untrusted': { arm: ({ untrustedTls }) => untrustedTls.url },
  'TLS certificate expired': { arm: ({ expiredTls }) => expiredTls.url },
  'no response': harmed(() => async ({ forward, stall }) => {
    await forward();
    stall();
  }),
  'silence inside the body': harmed(() => async (request) => {
    await sendHalf(request, (length) => length);
    request.stall();
  }),
  'a byte each second': harmed(() => async ({ forward, response, stall, socket }) => {
    const { status, body } = await forward();
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': body.length,
      connection: 'close',
    });
    response.flushHeaders();
    stall();
    for (const byte of body) {
      if (socket.destroyed) return;
      response.write(Buffer.of(byte));
      await wait(1_000);
    }
    stall(false);
    response.end();
  }),
  'slow, but in time': harmed(() => async ({ forward, pass, stall }) => {
    const upstream = await forward();
    stall();
    await wait(15_000);
    stall(false);
    pass(upstream);
  }),
  'half a body': ordered({ halfBody: true }),
  'length larger than the body': harmed(() => async (request) => {
    request.response.end(await sendHalf(request, (length) => length + 100), () => request.socket.destroy());
  }),
  'length smaller than the body': harmed(() => async ({ forward, socket }) => {
    const { body } = await forward();
    const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length - 2}\r\nconnection: close\r\n\r\n`;
    socket.end(Buffer.concat([Buffer.from(head), body]));
  }),
  'empty body': replaced(''),
  'HTML with status 200': { ...ordered({ html: true, status: 200 }), pretends: true },
  'HTML with status 401': ordered({ html: true, status: 401 }),
  'HTML with status 403': ordered({ html: true, status: 403 }),
  'HTML with status 502': ordered({ html: true }),
  'JSON cut off': { ...ordered({ wrongJson: true }), pretends: true },
  'values of wrong types': replaced(JSON.stringify(WRONG_TYPES)),
  '10 MB': replaced(TEN_MEGABYTES),
  'HTTP 400': ordered({ status: 400 }),
  '401 once': unauthorized(1),
  '401 forever': unauthorized(),
  'HTTP 403': ordered({ status: 403 }),
  'HTTP 404': ordered({ status: 404 }),
  'HTTP 409': ordered({ status: 409 }),
  '429 with Retry-After': ordered({ status: 429, retryAfter: 7 }),
  '429 with a long Retry-After': ordered({ status: 429, retryAfter: 120 }),
  '429 without Retry-After': ordered({ status: 429 }),
  '429 once': ordered({ status: 429, retryAfter: 2, times: 1 }),
  'HTTP 500': ordered({ status: 500 }),
  'HTTP 502': ordered({ status: 502 }),
  'HTTP 503': ordered({ status: 503 }),
  '503 twice': ordered({ status: 503, times: 2 }),
  'HTTP 504': ordered({ status: 504 }),
  'redirect to another host': redirect(307, ({ otherHost }) => `${otherHost.url}/catch`),
  'redirect loop': redirect(302, (_world, { path }) => path),
  'token expires in flight': harmed(({ sandbox }) => {
    let expired = false;
    const expire = (): void => {
      if (!expired) sandbox.expireTokens();
      expired = true;
    };
    return async ({ forward, pass, path }) => {
      const isToken = path === '/oauth/token';
      if (!isToken) expire();
      const upstream = await forward();
      if (isToken) expire();
      pass(upstream);
    };
  }),
  'server clock a day ahead': skewed(25 * HOUR_MS),
  'server clock a day behind': skewed(-25 * HOUR_MS),
  'cancelled by the person': harmed(
    () =>
      async ({ forward, stall }) => {
        await forward();
        stall();
      },
    { cancels: true },
  ),
} satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof faults;
