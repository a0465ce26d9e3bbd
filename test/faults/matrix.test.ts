import assert from 'node:assert/strict';
import fetch from 'node-fetch';
import { nodeFetch } from '../../src/api/client/nodeFetch';
import { ScalekitClient } from '../../src/api/client/scalekitClient';
import { ScalekitError } from '../../src/api/client/scalekitError';
import { TokenSource } from '../../src/api/client/tokenSource';
import { createTransport } from '../../src/api/client/transport';
import type { Send, RequestLogEntry } from '../../src/api/client/http';
import { callMessage, lostResponseMessage } from '../../src/ui/callMessage';
import { english } from '../support/english';
import { expectedCell, type Cell } from './expectations';
import { faults, type Fault, type FaultName } from './faults';
import { startFaultyWorld, type FaultyWorld } from './faultyWorld';
import { MovableClock, turn } from './movableClock';
import { operations, type Operation, type OperationName, type ServerView } from './operations';

const ENVIRONMENT = 'Acme';
const TITLE = 'Creating an organization';
const ORGANIZATIONS = 250;

const faultNames = Object.keys(faults) as FaultName[];
const operationNames = Object.keys(operations) as OperationName[];

/** What happened in one cell. */
interface Seen extends Omit<Cell, 'seconds'> {
  readonly seconds: number;
}

describe('When things go wrong:', function () {
  const clock = new MovableClock();
  const seen = new Map<string, Seen>();
  let world: FaultyWorld;
  let onServer: ServerView;
  let organizationIds: string[];
  let cells = 0;

  before(async () => {
    world = await startFaultyWorld(clock, ORGANIZATIONS);
    const { view, ids } = await lookAtServer(world);
    onServer = view;
    organizationIds = ids;
    clock.start();
  });

  after(async () => {
    clock.stop();
    await world.close();
    console.log(matrix(seen));
  });

  afterEach(() => world.heal());

  for (const faultName of faultNames) {
    describe(`on “${faultName}”,`, () => {
      for (const operationName of operationNames) {
        const expected = expectedCell(faultName, operationName);
        it(`${operationName} ${inWords(expected, operations[operationName].kind)}`, async () => {
          const organizationId = organizationIds[cells++ % organizationIds.length] ?? assert.fail('no organization');
          const outcome = await meet(world, clock, faults[faultName], operations[operationName], {
            onServer,
            organizationId,
            expected,
          });
          seen.set(`${faultName}/${operationName}`, outcome);
        });
      }
    });
  }

  // In a describe, so that it runs after the cells.
  describe('in total,', () => {
    it('every operation meets every fault', () => {
      assert.equal(seen.size, faultNames.length * operationNames.length);
      assert.ok(faultNames.length >= 30 && operationNames.length >= 7);
    });
  });
});

interface CellSetting {
  readonly onServer: ServerView;
  readonly organizationId: string;
  readonly expected: Cell;
}

/** Runs an operation with a fault, and asserts what was sent, done, said and shown, and how it continues. */
async function meet(
  world: FaultyWorld,
  clock: MovableClock,
  fault: Fault,
  operation: Operation,
  setting: CellSetting,
): Promise<Seen> {
  const { onServer, organizationId, expected } = setting;
  const { sandbox, gateway } = world;
  const reports: RequestLogEntry[] = [];
  const secrets = [sandbox.clientSecret];
  let origin = sandbox.url;
  let underWay = 0;

  const transport = createTransport({
    // The environment stays the same, but its host name leads elsewhere.
    fetch: (url, init) => nodeFetch(url.replace(sandbox.url, origin), init),
    userAgent: 'faults/1',
    now: clock.now,
    onRequest: (report) => reports.push(report),
  });
  const exchange: Send = async (request) => {
    underWay++;
    try {
      return await transport(request);
    } finally {
      underWay--;
    }
  };
  const credentials = { environmentUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret };
  const tokens = new TokenSource({
    credentials,
    exchange,
    now: clock.now,
    onToken: ({ value }) => secrets.push(value),
  });
  const client = new ScalekitClient({ environmentUrl: sandbox.url, tokens, exchange, now: clock.now });

  fault.from?.(world);
  const started = await operation.start({
    client,
    tokens,
    organizationId,
    onServer,
    now: clock.now,
    sent: () => reports.length,
  });
  const target = operation.target(organizationId);
  sandbox.clearRequests();
  reports.length = 0;
  origin = fault.arm(world, target);

  let error: unknown;
  let lost: ScalekitError | undefined;
  const work = started.run().then(
    (outcome) => (lost = outcome?.lost),
    (reason: unknown) => (error = reason),
  );
  if (fault.cancels === true) {
    while (gateway.stalled === 0) await turn();
    started.cancel();
  }
  const took = await clock.settle(work, () => underWay === gateway.stalled);
  for (let turns = 0; fault.cancels === true && underWay > 0 && turns < 10_000; turns++) await turn();
  assert.equal(underWay, 0, 'a cancelled request ends');

  const ofTokens = reports.filter(({ url }) => url.endsWith('/oauth/token'));
  const isOwn = ({ method, url }: RequestLogEntry): boolean =>
    method === target.method && url === `${sandbox.url}${target.path}`;
  const wasDone = sandbox.requests.filter(
    ({ method, path, status }) =>
      method === target.method && path.split('?')[0] === target.path && status >= 200 && status < 300,
  );
  const own = reports.filter(isOwn).length;
  const result: Seen = {
    ...outcomeOf(error, lost, fault.cancels === true && operation.kind === 'read'),
    requests: own,
    tokenRequests: operation.kind === 'token' ? 0 : ofTokens.length,
    looks: operation.kind === 'token' ? 0 : reports.length - own - ofTokens.length,
    executed: operation.kind === 'read' || fault.pretends === true ? 0 : wasDone.length,
    seconds: took / 1000,
  };
  const { seconds, ...others } = result;
  const { seconds: expectedSeconds, ...expectedOthers } = expected;
  assert.deepEqual(others, { says: undefined, lost: undefined, ...expectedOthers });
  const [least, most] = expectedSeconds;
  assert.ok(seconds >= least && seconds <= most, `it took ${seconds} s by the clock, not ${least} to ${most}`);

  assert.equal(world.otherHost.requests.length, 0, 'nothing goes to another host');
  assert.equal(
    world.untrustedTls.requests + world.expiredTls.requests,
    0,
    'nothing goes to a server with a bad certificate',
  );
  const failure = error ?? lost;
  const traces = `${failure instanceof Error ? failure.stack : ''}${JSON.stringify(failure)}${JSON.stringify(reports)}`;
  for (const secret of secrets) assert.ok(!traces.includes(secret), 'a secret is in an error or a report');

  world.heal();
  origin = sandbox.url;
  await started.expectScreen(others.outcome === 'done', others.executed);
  await started.expectRecovery(others.executed);
  for (let turns = 0; gateway.openSockets > 0 && turns < 10_000; turns++) await turn();
  assert.equal(gateway.openSockets, 0, 'no connection is left open');
  return result;
}

/** The outcome, in the words that a person reads. */
function outcomeOf(
  error: unknown,
  lost: ScalekitError | undefined,
  cancelled: boolean,
): Pick<Seen, 'outcome' | 'says' | 'lost'> {
  if (lost !== undefined) {
    const [, why] =
      LOST.exec(sentence(lost, lostResponseMessage(english, lost, ENVIRONMENT, TITLE))) ??
      assert.fail('no reason is given');
    return { outcome: lost.kind, says: undefined, lost: why };
  }
  // A cancelled list stays as it was.
  if (error === undefined) return { outcome: cancelled ? 'cancelled' : 'done', says: undefined, lost: undefined };
  if (!(error instanceof ScalekitError)) throw error;
  if (error.kind === 'cancelled') return { outcome: error.kind, says: undefined, lost: undefined };
  return { outcome: error.kind, says: sentence(error, callMessage(english, error, ENVIRONMENT).text), lost: undefined };
}

const LOST = new RegExp(
  `^it’s unclear whether this succeeded: ${TITLE} \\((.+)\\)\\. The view now shows Scalekit’s current state; check it before you try again\\.$`,
);

/** A sentence without the environment's name before it and the trace id after it. Both must be there. */
function sentence({ details: { traceId } }: ScalekitError, text: string): string {
  const [start, end] = [`${ENVIRONMENT}: `, traceId === undefined ? '' : ` Trace id: ${traceId}`];
  assert.ok(text.startsWith(start) && text.endsWith(end), text);
  return text.slice(start.length, text.length - end.length);
}

/** A cell in one line. */
function inWords({ outcome, requests, tokenRequests, looks, executed, lost }: Cell, kind: Operation['kind']): string {
  const sent = `${requests} ${requests === 1 ? 'request' : 'requests'}${tokenRequests === 0 ? '' : ` and ${tokenRequests} for a token`}`;
  const did = {
    read: '',
    token: `, with ${executed} issued`,
    write: `, done ${executed === 1 ? 'once' : `${executed} times`} by the server`,
  }[kind];
  const looked = looks === 0 ? '' : ` and ${looks} to verify it`;
  const ends = outcome === 'done' ? 'succeeds' : `fails as ${outcome}`;
  return `${ends}${lost === undefined ? '' : ', reported as unclear,'} after ${sent}${looked}${did}`;
}

/** All cells as a table. */
function matrix(seen: ReadonlyMap<string, Seen>): string {
  const cell = (fault: FaultName, operation: OperationName): string => {
    const result = seen.get(`${fault}/${operation}`);
    if (result === undefined) return '-';
    const { outcome, lost, requests, tokenRequests, looks, executed } = result;
    const did = operations[operation].kind === 'read' ? '' : ` !${executed}`;
    return `${outcome}${lost === undefined ? '' : '*'} ${requests}${tokenRequests === 0 ? '' : `+${tokenRequests}`}${looks === 0 ? '' : ` ?${looks}`}${did}`;
  };
  const rows = [
    ['', ...operationNames],
    ...faultNames.map((fault) => [fault, ...operationNames.map((operation) => cell(fault, operation))]),
  ];
  const widths = rows[0]?.map((_heading, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    '',
    'Outcome (* reported as unclear), requests sent (+ for tokens, ? to verify), ! how often the server did it:',
    ...lines,
  ].join('\n');
}

/**
 * Reads the server's state directly, with a token of its own. Not with Node 20's own fetch: a timer of it can throw when a
 * connection was collected as garbage, and ends the test that runs then.
 */
async function lookAtServer({ sandbox }: FaultyWorld): Promise<{ view: ServerView; ids: string[] }> {
  const read = async (path: string): Promise<Record<string, unknown>> => {
    const form = { grant_type: 'client_credentials', client_id: sandbox.clientId, client_secret: sandbox.clientSecret };
    const token = (await (
      await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
    ).json()) as { access_token: string };
    const response = await fetch(`${sandbox.url}/api/v1/${path}`, {
      headers: { authorization: `Bearer ${token.access_token}` },
    });
    assert.equal(response.status, 200, path);
    return (await response.json()) as Record<string, unknown>;
  };
  const list = async (): Promise<{ id: string; display_name: string }[]> => {
    const all: { id: string; display_name: string }[] = [];
    for (let token = ''; ; ) {
      const page = await read(`organizations?page_size=100&page_token=${encodeURIComponent(token)}`);
      all.push(...(page['organizations'] as typeof all));
      token = String(page['next_page_token'] ?? '');
      if (token === '' || all.length >= Number(page['total_size'])) return all;
    }
  };
  return {
    ids: (await list()).map(({ id }) => id),
    view: {
      displayName: async (id) =>
        ((await read(`organizations/${id}`))['organization'] as { display_name: unknown }).display_name,
      countNamed: async (name) => (await list()).filter(({ display_name }) => display_name === name).length,
    },
  };
}
