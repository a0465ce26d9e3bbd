import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { nodeFetch } from '../../src/api/client/nodeFetch';
import { listOrganizations, type Organization } from '../../src/api/organizations';
import { ScalekitClient } from '../../src/api/client/scalekitClient';
import { TokenSource } from '../../src/api/client/tokenSource';
import { createTransport } from '../../src/api/client/transport';
import { PagedList } from '../../src/tree/pagedList';
import type { RequestCounter } from './benchSandbox';
import type { Credentials } from './contender';

/** The cost of opening the Organizations view, without the view itself. */
export interface FirstRows {
  /** From cold, token included, to the first 100 rows. */
  readonly milliseconds: number;
  readonly tokenRequests: number;
  readonly listRequests: number;
  /** The longest time that the event loop was blocked, from there to 1,000 rows. */
  readonly longestHoldMs: number;
  /** Getting the cached token again. */
  readonly warmTokenMs: number;
  /** Requests for the cached token and rows. */
  readonly warmRequests: number;
}

const ROWS = 1_000;
const RESOLUTION_MS = 1;

export async function measureFirstRows(sandbox: Credentials & RequestCounter): Promise<FirstRows> {
  let requests = 0;
  const exchange = createTransport({
    fetch: nodeFetch,
    userAgent: 'bench/1',
    now: Date.now,
    onRequest: () => requests++,
  });
  const { url: environmentUrl, clientId, clientSecret } = sandbox;
  const tokens = new TokenSource({ credentials: { environmentUrl, clientId, clientSecret }, exchange, now: Date.now });
  const client = new ScalekitClient({ environmentUrl, tokens, exchange, now: Date.now });
  const list = new PagedList<Organization>(
    ({ pageToken, fresh, signal }) => listOrganizations(client, { pageToken }, { fresh, signal }),
    () => undefined,
  );
  await sandbox.forgetRequests();
  const startedAt = performance.now();
  await list.ensureLoaded();
  const milliseconds = performance.now() - startedAt;
  if (list.state.items.length !== 100) throw new Error(`${list.state.items.length} rows were read first.`);
  const { token: tokenRequests, api: listRequests } = await sandbox.countRequests();

  const cold = requests;
  const warmAt = performance.now();
  await tokens.get();
  const warmTokenMs = performance.now() - warmAt;
  await list.ensureLoaded();
  const warmRequests = requests - cold;

  const holds = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  holds.enable();
  while (list.state.hasMore && list.state.items.length < ROWS) {
    await list.loadMore();
    if (list.state.moreError !== undefined) throw list.state.moreError;
  }
  // The last block is counted at the next turn of the loop.
  await delay(10);
  holds.disable();
  return {
    milliseconds,
    tokenRequests,
    listRequests,
    longestHoldMs: Math.max(0, holds.max / 1e6 - RESOLUTION_MS),
    warmTokenMs,
    warmRequests,
  };
}
