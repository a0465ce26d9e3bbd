import { isRecord, readArray, readCount, readText } from './json.js';
import { ScalekitError } from './scalekitError.js';

/** A record that was read, or the place of one that could not be: it takes one row, never the whole page. */
export type PageItem<T> = { readonly record: T } | { readonly unreadable: unknown };

/** One page of a list (api.md 2.1). */
export interface Page<T> {
  readonly items: readonly PageItem<T>[];
  /** Absent after the last page. Servers were seen to send one there too, so an empty page also ends a list. */
  readonly nextPageToken?: string;
  readonly totalSize?: number;
  /** Whether an empty page does not mean the end: its records were chosen from those that the server sent. */
  readonly mayBeEmpty?: boolean;
}

/** The most that a page of organizations may hold (api.md 2.1). */
export const LARGEST_PAGE = 100;

/**
 * Reads a list answer; `read` gives undefined for a record it cannot use.
 *
 * @throws ScalekitError `protocol` when the answer holds no such list at all.
 */
export function readPage<T>(json: unknown, field: string, read: (value: unknown) => T | undefined): Page<T> {
  // A list answer prints at least its list or its total; a body without either is some other server's.
  const isList = isRecord(json) && (Array.isArray(json[field]) || (json[field] ?? undefined) === undefined && 'total_size' in json);
  if (!isList) {
    throw new ScalekitError('protocol', { stage: 'api', reason: 'notAList', mayHaveArrived: true });
  }
  return {
    items: readArray(json[field]).map((value) => {
      const record = read(value);
      return record === undefined ? { unreadable: value } : { record };
    }),
    nextPageToken: readText(json['next_page_token']),
    totalSize: readCount(json['total_size']),
  };
}
