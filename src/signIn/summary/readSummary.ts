import type { ScalekitClient } from '../../api/client/scalekitClient';
import { beginningOf } from '../../api/beginningOf';
import { pagesFrom, records } from '../../api/page';
import { failureReason, readEventPage, signInOf, type EventFilter } from '../../api/signInEvents';
import { readSignInLog } from '../../api/signInLog';
import type { SignInTally } from './signInTally';

/** How many entries of the log to look at. Scalekit can't count them itself. */
export const MOST_LOOKED_AT = 10_000;

/** How many pages of events to read for the reasons. */
export const MOST_EVENT_PAGES = 20;

/** An event may be written a little before or after its sign-in, in milliseconds. */
const AROUND_MS = 60_000;

/** The longest reason, in characters. */
const LONGEST_REASON = 200;

/**
 * Reads the log into a tally: to the beginning of what is wanted, but at most `MOST_LOOKED_AT` entries. Returns whether
 * it reached that beginning. What was read stays in the tally if this throws.
 *
 * @param onPage called after each page
 * @throws ScalekitError
 */
export async function readLogInto(
  tally: SignInTally,
  client: ScalekitClient,
  signal: AbortSignal,
  onPage: () => void,
): Promise<boolean> {
  const read = (pageToken: string | undefined) => readSignInLog(client, tally.scope.since, pageToken, signal);
  for await (const page of pagesFrom(read)) {
    const isOlder = tally.add(page.items);
    onPage();
    if (isOlder || page.nextPageToken === undefined) return true;
    if (tally.looked >= MOST_LOOKED_AT) return false;
  }
  return true;
}

/**
 * Reads the events around the failed attempts into their reasons, at most `MOST_EVENT_PAGES` pages, and no further than
 * needed. Whether an event says why a sign-in failed isn't documented (docs/scalekit-api.md, 2.12).
 *
 * @throws ScalekitError
 */
export async function readReasonsInto(tally: SignInTally, client: ScalekitClient, signal: AbortSignal): Promise<void> {
  const span = tally.failureSpan;
  if (span === undefined) return;
  const filter: EventFilter = {
    ...(tally.scope.organizationId === undefined ? {} : { organization_id: tally.scope.organizationId }),
    start_time: new Date(span.start.getTime() - AROUND_MS).toISOString(),
    end_time: new Date(span.end.getTime() + AROUND_MS).toISOString(),
  };
  let pages = 0;
  for await (const page of pagesFrom((pageToken) => readEventPage(client, filter, pageToken, signal))) {
    for (const event of records(page)) {
      const id = signInOf(event);
      if (id === undefined || !tally.lacksReason(id)) continue;
      const reason = failureReason([event]);
      if (reason !== undefined) tally.setReason(id, beginningOf(reason, LONGEST_REASON));
    }
    if (tally.withoutReason === 0 || ++pages === MOST_EVENT_PAGES) return;
  }
}
