import type { ScalekitErrorKind } from '../../src/api/client/scalekitError';
import { SAID, type FaultName } from './faults';
import { operations, type OperationName } from './operations';

/** What must happen in one cell of the matrix. */
export interface Cell {
  /** `done`, or the kind of failure. */
  readonly outcome: 'done' | ScalekitErrorKind;
  /** The sentence that a person reads after the environment's name. If `lost` is given, they read another sentence. */
  readonly says?: string;
  /**
   * For a change whose response was lost and that wasn't found on the server, so that it may still happen: the reason that the sentence
   * gives. It asks the person to look before they try again.
   */
  readonly lost?: string;
  /** How often the request is sent. */
  readonly requests: number;
  /** How many token requests are sent with it. */
  readonly tokenRequests: number;
  /** Requests that verify a write afterwards. */
  readonly looks: number;
  /** How often the server does it: writes made, or tokens issued. Reads change nothing. */
  readonly executed: number;
  /** How many seconds it takes by the movable clock. */
  readonly seconds: readonly [least: number, most: number];
}

/** What is expected for one fault: for all operations, then the differences for some. */
interface Row extends Partial<Cell> {
  readonly token?: Partial<Cell>;
  readonly read?: Partial<Cell>;
  readonly write?: Partial<Cell>;
  readonly save?: Partial<Cell>;
  readonly action?: Partial<Cell>;
}

/** The backoff of three more tries: 0.5, 1 and 2 s, with jitter of up to the same again, in steps of the clock. */
const BACKOFF = [3.5, 8.5] as const;
const TWICE_BACKOFF = [7, 17] as const;
const AT_ONCE = [0, 0.5] as const;

const DONE: Partial<Cell> = { outcome: 'done', says: undefined, executed: 1, looks: 0 };

/** A write that the server made, although its response was bad. Verifying finds it, so it's a success like any other. */
const FOUND: Partial<Cell> = { ...DONE, looks: 1 };

/** A change that the server may have received and that isn't found. Making it again might duplicate it, so its outcome is unclear. */
const open = (reason: string): Partial<Cell> => ({ lost: reason, looks: 1 });

/** Tried four times if repeating is safe. A write that the server may have received is sent once. */
const REPEATED: Row = { requests: 4, seconds: BACKOFF, write: { requests: 1, seconds: AT_ONCE } };

const lostConnection = (reason: string): Row => ({
  ...REPEATED,
  outcome: 'network',
  says: `the connection failed (${reason}). Check the network, then try again.`,
  action: open(reason),
});

/** The server did it, but its response was lost or cut off. */
const CUT: Row = {
  ...lostConnection('ECONNRESET'),
  executed: 4,
  write: { ...FOUND, requests: 1, seconds: AT_ONCE },
  action: undefined,
};
const CUT_INSIDE: Row = {
  ...CUT,
  says: 'the connection was lost in the middle of the response (ECONNRESET). Try again.',
};

const WEB_PAGE =
  'this doesn’t look like Scalekit: a web page came instead of JSON. If this network, VPN or proxy wants you to sign in, do so in a browser. Otherwise, check the environment URL.';
const EMPTY = 'this doesn’t look like Scalekit: the response is empty. Try again, or check the environment URL.';
const DAMAGED = 'the response is damaged or was cut off on its way. Try again.';
const NOT_SCALEKIT =
  'this doesn’t look like Scalekit: the response isn’t the expected JSON. Check the environment URL.';
const NOT_A_TOKEN = 'the server’s token response has no bearer token. Check the environment URL.';
const NO_TLS = 'Check the URL. Behind a company proxy, add its certificate to the operating system.';

/** Two tries with a deadline of 20 s each. */
const TIMEOUT: Row = {
  outcome: 'timeout',
  says: 'Scalekit didn’t respond in time. Check the network, then try again.',
  requests: 2,
  seconds: [40.5, 42],
  executed: 2,
  write: { ...FOUND, requests: 1, seconds: [20, 20.5] },
};

const gatewayStatus = (status: number): Row => ({
  ...REPEATED,
  outcome: 'server',
  says: `Scalekit has a problem (HTTP ${status}). Try again in a moment.`,
  action: open(`HTTP ${status}`),
});

const redirected: Row = {
  outcome: 'protocol',
  says: 'the server responded with a redirect. Redirects aren’t followed, so your secret can’t reach another host. Check the environment URL.',
  action: open('redirect'),
};

const REFUSED_CREDENTIALS =
  'Scalekit refused the client ID or client secret (invalid_client). Check both in the Scalekit dashboard, then replace the secret here.';

/** The whole table. Unless a row says otherwise: one request, no effect on the server, no waiting. */
const table: Readonly<Record<FaultName, Row>> = {
  'connection refused': {
    outcome: 'network',
    says: 'nothing responds at this address (connection refused). Check the environment URL and its port.',
    // Nothing was sent, so a write can be retried too.
    requests: 4,
    seconds: BACKOFF,
    save: { looks: 4, seconds: TWICE_BACKOFF },
  },
  'reset before the request was read': {
    ...lostConnection('ECONNRESET'),
    // Verifying fails too.
    save: { looks: 4, seconds: BACKOFF },
    action: { lost: 'ECONNRESET', looks: 4, seconds: BACKOFF },
  },
  'reset after the request was read': CUT,
  'closed without a response': lostConnection('ECONNRESET'),
  'host name unknown': {
    outcome: 'network',
    says: 'the host name couldn’t be found (DNS, ENOTFOUND). Check the environment URL and the network.',
  },
  'TLS certificate untrusted': {
    outcome: 'tls',
    says: `the server’s TLS certificate isn’t trusted (DEPTH_ZERO_SELF_SIGNED_CERT). ${NO_TLS}`,
  },
  'TLS certificate expired': {
    outcome: 'tls',
    says: 'by this computer’s clock, the server’s TLS certificate has expired (CERT_HAS_EXPIRED). Check the date and time; if they are right, whoever runs the server must renew it.',
  },
  'no response': TIMEOUT,
  'silence inside the body': TIMEOUT,
  'a byte each second': TIMEOUT,
  'slow, but in time': { ...DONE, seconds: [15, 15.5] },
  'half a body': CUT_INSIDE,
  'length larger than the body': CUT_INSIDE,
  'length smaller than the body': { outcome: 'protocol', says: DAMAGED, executed: 1, write: FOUND },
  'empty body': {
    outcome: 'protocol',
    says: EMPTY,
    executed: 1,
    write: FOUND,
  },
  'HTML with status 200': { outcome: 'protocol', says: WEB_PAGE, action: open('HTTP 200') },
  'HTML with status 401': {
    outcome: 'protocol',
    says: WEB_PAGE,
    requests: 2,
    tokenRequests: 1,
    token: { requests: 1, tokenRequests: 0 },
  },
  'HTML with status 403': { outcome: 'protocol', says: WEB_PAGE },
  'HTML with status 502': gatewayStatus(502),
  'JSON cut off': { outcome: 'protocol', says: DAMAGED, action: open('HTTP 200') },
  'values of wrong types': {
    outcome: 'protocol',
    says: NOT_SCALEKIT,
    executed: 1,
    token: { says: NOT_A_TOKEN },
    write: FOUND,
  },
  '10 MB': {
    outcome: 'protocol',
    says: 'the response is far larger than any of Scalekit’s, so it wasn’t read. Check the environment URL.',
    executed: 1,
    write: FOUND,
  },
  'HTTP 400': { outcome: 'invalid', says: `Scalekit didn’t accept the request: ${SAID}` },
  '401 once': {
    ...DONE,
    requests: 2,
    tokenRequests: 1,
    token: { outcome: 'credentials', says: REFUSED_CREDENTIALS, requests: 1, tokenRequests: 0, executed: 0 },
  },
  '401 forever': {
    outcome: 'forbidden',
    says: 'this client gets tokens, but the Scalekit API doesn’t accept them. Allow API access for it in the Scalekit dashboard.',
    requests: 2,
    tokenRequests: 1,
    token: { outcome: 'credentials', says: REFUSED_CREDENTIALS, requests: 1, tokenRequests: 0 },
  },
  'HTTP 403': { outcome: 'forbidden', says: `this client may not do that: ${SAID}` },
  'HTTP 404': {
    outcome: 'notFound',
    says: 'this no longer exists in Scalekit. Refresh the view.',
    token: { says: 'no Scalekit at this address: it has no /oauth/token. Check the environment URL.' },
  },
  'HTTP 409': { outcome: 'conflict', says: `Scalekit reports a conflict: ${SAID}` },
  '429 with Retry-After': {
    outcome: 'rateLimit',
    says: 'too many requests for this environment. Try again in 7 seconds.',
    requests: 4,
    seconds: [21, 30],
  },
  '429 with a long Retry-After': {
    outcome: 'rateLimit',
    says: 'too many requests for this environment. Try again in 2 minutes.',
  },
  '429 without Retry-After': {
    outcome: 'rateLimit',
    says: 'too many requests for this environment. Wait a minute, then try again.',
    requests: 4,
    seconds: BACKOFF,
  },
  '429 once': { ...DONE, requests: 2, seconds: [2, 3.5] },
  'HTTP 500': {
    outcome: 'server',
    says: 'Scalekit has a problem (HTTP 500). Try again in a moment.',
    action: open('HTTP 500'),
  },
  'HTTP 502': gatewayStatus(502),
  'HTTP 503': gatewayStatus(503),
  '503 twice': {
    ...DONE,
    requests: 3,
    seconds: [1.5, 4],
    write: {
      outcome: 'server',
      says: gatewayStatus(503).says,
      requests: 1,
      seconds: AT_ONCE,
      executed: 0,
      looks: undefined,
    },
    action: open('HTTP 503'),
  },
  'HTTP 504': gatewayStatus(504),
  'redirect to another host': redirected,
  'redirect loop': redirected,
  'token expires in flight': { ...DONE, requests: 2, tokenRequests: 1, token: { requests: 1, tokenRequests: 0 } },
  'server clock a day ahead': DONE,
  'server clock a day behind': DONE,
  'cancelled by the person': {
    // It needs no message.
    outcome: 'cancelled',
    executed: 1,
    // Once sent, a write can't be cancelled. It ends at its deadline.
    write: { ...FOUND, seconds: [20, 20.5] },
  },
};

/** What must happen when `fault` meets `operation`. */
export function expectedCell(fault: FaultName, operation: OperationName): Cell {
  const { token, read, write, save, action, ...all } = table[fault];
  const { kind } = operations[operation];
  const cell = {
    outcome: 'done',
    requests: 1,
    tokenRequests: 0,
    executed: 0,
    seconds: AT_ONCE,
    ...all,
    ...{ token, read, write }[kind],
  } as const;
  const own = { ...cell, ...(operation === 'save' ? save : operation === 'action' ? action : undefined) };
  return {
    ...own,
    // A document that wasn't saved is compared with the server's state.
    looks: own.looks ?? (operation === 'save' && own.outcome !== 'done' ? 1 : 0),
    says: own.lost === undefined ? own.says : undefined,
    executed: kind === 'read' ? 0 : own.executed,
  };
}
