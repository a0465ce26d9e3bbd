import assert from 'node:assert/strict';
import { nodeFetch } from '../../src/api/client/nodeFetch';
import { ScalekitClient } from '../../src/api/client/scalekitClient';
import { TokenSource } from '../../src/api/client/tokenSource';
import { createTransport } from '../../src/api/client/transport';
import { inOrderOfTime, listEvents } from '../../src/api/signInEvents';
import { MOST_EVENT_PAGES, MOST_LOOKED_AT, readLogInto, readReasonsInto } from '../../src/signIn/summary/readSummary';
import { OUTCOMES, SignInTally, type TallyScope } from '../../src/signIn/summary/signInTally';
import { startSandbox, type SandboxProcess } from '../host/sandboxProcess';
import { measureLoopDelay } from '../support/eventLoop';
import { heapInUse } from '../support/heap';
import { rejection } from '../support/scalekitErrors';

const DAY_MS = 86_400_000;

/** The longest time that reading may compute without a pause, in milliseconds of this thread. */
const LONGEST_TURN_MS = 50;
/** What a tally of 10,000 attempts may take of the heap. */
const MOST_BYTES = 2 * 1024 * 1024;

describe('the summary of 10,000 attempts', () => {
  let sandbox: SandboxProcess;
  let requests: string[];
  let client: ScalekitClient;

  before(async function () {
    this.timeout(120_000);
    sandbox = await startSandbox(['--organizations', '3000', '--seed', '4']);
  });
  after(() => sandbox.end());

  beforeEach(() => {
    requests = [];
    const exchange = createTransport({
      fetch: nodeFetch,
      userAgent: 'test/1',
      now: Date.now,
      onRequest: ({ method, url }) => requests.push(`${method} ${new URL(url).pathname}`),
    });
    const { url: environmentUrl, clientId, clientSecret } = sandbox;
    const tokens = new TokenSource({
      credentials: { environmentUrl, clientId, clientSecret },
      exchange,
      now: Date.now,
    });
    client = new ScalekitClient({ environmentUrl, tokens, exchange, now: Date.now });
  });

  const counts = (): Record<string, number> => {
    const all: Record<string, number> = {};
    for (const request of requests) all[request] = (all[request] ?? 0) + 1;
    return all;
  };
  async function read(
    scope: TallyScope,
    onPage = () => undefined,
  ): Promise<{ tally: SignInTally; isComplete: boolean }> {
    const tally = new SignInTally(scope);
    const isComplete = await readLogInto(tally, client, new AbortController().signal, onPage);
    return { tally, isComplete };
  }

  it('takes one token, 100 pages of the log and at most 20 of events, little memory, and never holds the event loop', async function () {
    this.timeout(300_000);
    // Loads the code, and the sandbox's samples, which aren't part of it.
    await client.getJson('/api/v1/logs/authentication/requests', { page_size: 100 }, { fresh: true });
    requests = [];
    const before = heapInUse();
    const stop = measureLoopDelay();
    const begun = performance.now();
    let pages = 0;
    const { tally } = await read({}, () => void pages++);
    await readReasonsInto(tally, client, new AbortController().signal);
    const milliseconds = performance.now() - begun;
    const delay = stop();
    const bytes = heapInUse() - before;
    console.log(
      `      ${JSON.stringify(counts())}, ${Math.round(bytes / 1024)} kB kept, ${Math.round(milliseconds)} ms,`,
      `longest turn ${Math.round(delay.longestCpuMs)} ms of computing;`,
      `${tally.counts.FAILED} failed, ${tally.counts.FAILED - tally.withoutReason} reasons`,
    );
    assert.deepEqual([tally.looked, tally.attempts, pages], [MOST_LOOKED_AT, MOST_LOOKED_AT, 100]);
    const expected = {
      'GET /api/v1/logs/authentication/requests': 100,
      'POST /api/v1/events/paginated': MOST_EVENT_PAGES,
    };
    assert.deepEqual(counts(), expected);
    assert.equal(
      OUTCOMES.reduce((sum, outcome) => sum + tally.counts[outcome], 0),
      MOST_LOOKED_AT,
    );
    assert.ok(tally.reasons.length > 0 && tally.withoutReason > 0, 'the newest failures have their reasons');
    assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
    assert.ok(delay.longestCpuMs < LONGEST_TURN_MS, `${delay.longestCpuMs} ms`);
  });

  it('reads no further back than wanted, and finds the reason of each failed attempt', async () => {
    const since = new Date(Date.now() - 7 * DAY_MS);
    const { tally, isComplete } = await read({ since });
    await readReasonsInto(tally, client, new AbortController().signal);
    assert.equal(isComplete, true);
    assert.ok(tally.attempts > 300 && tally.attempts < 600, `${tally.attempts}, one each 23 minutes`);
    assert.ok((tally.lookedBackTo ?? new Date(0)) >= since);
    assert.ok(tally.days.length >= 7 && tally.days.length <= 8);
    assert.equal(counts()['GET /api/v1/logs/authentication/requests'], Math.ceil(tally.attempts / 100));
    assert.equal(tally.withoutReason, 0);
    assert.equal(
      tally.reasons.reduce((sum, [, count]) => sum + count, 0),
      tally.counts.FAILED,
    );
  });

  it('of an organization counts only its own', async () => {
    const since = new Date(Date.now() - 7 * DAY_MS);
    const { tally: all } = await read({ since });
    const [organizationId = '', failed = 0] = all.failedByOrganization[0] ?? assert.fail('none failed');
    const { tally } = await read({ since, organizationId });
    assert.equal(tally.counts.FAILED, failed);
    assert.ok(tally.attempts >= failed && tally.attempts < all.attempts);
    assert.equal(tally.looked, all.looked);
    const [failure] = tally.failures;
    const events = inOrderOfTime(await listEvents(client, { auth_request_id: failure?.id ?? '' }));
    assert.deepEqual(
      events.map(({ time, name }) => [time?.getTime(), name]),
      [[failure?.time?.getTime(), 'Login failed']],
    );
  });

  it('stops when the user cancels, and keeps what was read', async () => {
    const controller = new AbortController();
    const tally = new SignInTally({});
    const reading = readLogInto(tally, client, controller.signal, () => {
      if (tally.looked === 300) controller.abort();
    });
    await rejection(reading, 'cancelled');
    assert.equal(tally.looked, 300);
    assert.equal(counts()['GET /api/v1/logs/authentication/requests'], 3);
  });
});
