import { createHash } from 'node:crypto';
import { ApiError } from '../protocol/apiError';

const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;

/** A sequence that can be read in both directions from a position. */
export interface Listing<T> {
  readonly size: number;
  after(position: number): Iterable<[number, T]>;
  before(position: number): Iterable<[number, T]>;
}

/** A page, ready for the fields of a list response. */
export interface Page<T> {
  readonly items: T[];
  readonly nextPageToken: string;
  readonly prevPageToken: string;
  readonly totalSize: number;
}

export interface PageRequest {
  readonly pageSize: number;
  readonly pageToken: string;
}

/**
 * One page of a listing. A token says where to continue, so that objects added or deleted in between are neither skipped
 * nor repeated. It belongs to one list with its filters.
 * @param scope names the list and its filters
 * @throws ApiError INVALID_ARGUMENT for an invalid token, or the token of another list
 */
export function page<T>(
  listing: Listing<T>,
  request: PageRequest,
  scope: string,
  defaultSize = DEFAULT_PAGE_SIZE,
): Page<T> {
  const size = request.pageSize === 0 ? defaultSize : Math.min(Math.max(request.pageSize, 1), MAX_PAGE_SIZE);
  const start = request.pageToken === '' ? undefined : readToken(request.pageToken, scope);
  const rows: [number, T][] = [];
  let more = false;
  const source = start?.backwards ? listing.before(start.position) : listing.after(start?.position ?? -1);
  for (const row of source) {
    if (rows.length === size) {
      more = true;
      break;
    }
    rows.push(row);
  }
  if (start?.backwards) rows.reverse();
  const first = rows[0]?.[0];
  const last = rows.at(-1)?.[0];
  const hasNext = start?.backwards ? true : more;
  const hasPrevious = start === undefined ? false : start.backwards ? more : true;
  return {
    items: rows.map(([, value]) => value),
    nextPageToken: hasNext && last !== undefined ? writeToken('>', last, scope) : '',
    prevPageToken: hasPrevious && first !== undefined ? writeToken('<', first, scope) : '',
    totalSize: listing.size,
  };
}

/** An array as a listing: its positions are its indexes. */
export function listingOf<T>(values: readonly T[]): Listing<T> {
  return {
    size: values.length,
    *after(position) {
      for (let at = Math.max(position + 1, 0); at < values.length; at++) yield [at, values[at] as T];
    },
    *before(position) {
      for (let at = Math.min(position, values.length) - 1; at >= 0; at--) yield [at, values[at] as T];
    },
  };
}

/** Values in the order of their positions, which stay the same when others are deleted. */
export function listingBy<T>(values: readonly T[], positionOf: (value: T) => number): Listing<T> {
  const rows = values.map((value): [number, T] => [positionOf(value), value]);
  return {
    size: rows.length,
    after: (position) => rows.filter(([at]) => at > position),
    before: (position) => rows.filter(([at]) => at < position).reverse(),
  };
}

function writeToken(direction: '>' | '<', position: number, scope: string): string {
  return `${direction}:${Buffer.from(`${position}.${checksum(position, scope)}`).toString('base64')}`;
}

function readToken(token: string, scope: string): { backwards: boolean; position: number } {
  const [, direction, encoded] = /^([<>]):([A-Za-z0-9+/]+=*)$/.exec(token) ?? [];
  const [, digits, sum] =
    /^(\d{1,15})\.([0-9a-f]+)$/.exec(Buffer.from(encoded ?? '', 'base64').toString('latin1')) ?? [];
  const position = Number(digits);
  const known = digits !== undefined && sum === checksum(position, scope);
  if (!known || (direction !== '>' && direction !== '<') || writeToken(direction, position, scope) !== token) {
    throw ApiError.invalid('invalid page token', 'page_token', 'page_token');
  }
  return { backwards: direction === '<', position };
}

function checksum(position: number, scope: string): string {
  return createHash('sha1').update(`${position}\n${scope}`).digest('hex').slice(0, 10);
}
