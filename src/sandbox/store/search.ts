import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Listing } from './pages';

const ROWS_A_TURN = 1_000;

/** All rows that match, in order. Lets other requests through in between, because there may be 100,000 rows. */
export async function search<T>(listing: Listing<T>, matches: (value: T) => boolean): Promise<T[]> {
  const found: T[] = [];
  let rows = 0;
  for (const [, value] of listing.after(-1)) {
    if (matches(value)) found.push(value);
    if (++rows % ROWS_A_TURN === 0) await nextTurn();
  }
  return found;
}

/** Whether one of the texts contains the query, ignoring case. */
export function contains(query: string, ...texts: (string | undefined)[]): boolean {
  const wanted = query.toLowerCase();
  return texts.some((text) => text?.toLowerCase().includes(wanted));
}
