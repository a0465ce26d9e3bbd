import { isRecord, readArray, readText, readTime, type JsonRecord } from './json';
import { PAGE_SIZE, readPage, type Page } from './page';
import type { ReadOptions, ScalekitClient } from './client/scalekitClient';

/** Which events to request: those of one sign-in, or all of a period, of one organization or of the environment. */
export type EventFilter =
  | { readonly auth_request_id: string }
  | { readonly organization_id?: string; readonly start_time: string; readonly end_time: string };

const EVENTS = '/api/v1/events/paginated';

/** An event as a reader of times needs it. */
export interface TimedEvent {
  readonly time?: Date;
  /** Scalekit's name for people, or else its type. */
  readonly name?: string;
  readonly json: JsonRecord;
}

/**
 * The first 100 matching events, probably the newest, as Scalekit prints them (docs/scalekit-api.md, 2.12;
 * `events.listEventsPaginated` of its SDK).
 *
 * @throws ScalekitError
 */
export async function listEvents(
  client: ScalekitClient,
  filter: EventFilter,
  options?: ReadOptions,
): Promise<JsonRecord[]> {
  const json = await client.readJsonByPost(EVENTS, { page_size: PAGE_SIZE }, filter, options);
  return isRecord(json) ? readArray(json['events']).filter(isRecord) : [];
}

/**
 * One page of the matching events, probably the newest first, past the cache.
 *
 * @throws ScalekitError
 */
export function readEventPage(
  client: ScalekitClient,
  filter: EventFilter,
  pageToken: string | undefined,
  signal: AbortSignal,
): Promise<Page<JsonRecord>> {
  const read = (json: unknown): Page<JsonRecord> =>
    readPage(json, 'events', (value) => (isRecord(value) ? value : undefined));
  return client.readOnce(EVENTS, { page_size: PAGE_SIZE, page_token: pageToken }, read, { filter, signal });
}

/** Events in the order in which they happened. Those without a time come last. */
export function inOrderOfTime(events: readonly JsonRecord[]): TimedEvent[] {
  return events
    .map((json) => ({
      json,
      time: readTime(json['occurred_at']),
      name: readText(json['display_name']) ?? readText(json['type']),
    }))
    .toReversed()
    .sort((one, other) => (one.time?.getTime() ?? Infinity) - (other.time?.getTime() ?? Infinity) || 0);
}

/** The `auth_request_id` that an event is about. */
export function signInOf(event: JsonRecord): string | undefined {
  return isRecord(event['data']) ? readText(event['data']['auth_request_id']) : undefined;
}

/** Why a sign-in failed, according to its events. Undefined if none says so. */
export function failureReason(events: readonly JsonRecord[]): string | undefined {
  return events.map((event) => reasonIn(event['data'])).find((reason) => reason !== undefined);
}

/**
 * What an event's `data` contains isn't documented, so we look for the usual names of an error, there and one level
 * deeper.
 */
const DESCRIPTIONS = [
  'error_description',
  'error_message',
  'error_details',
  'failure_reason',
  'reason',
  'message',
  'description',
  'detail',
];
const CODES = ['error_code', 'error', 'code'];

function reasonIn(data: unknown): string | undefined {
  if (!isRecord(data)) return undefined;
  const description = firstText(data, DESCRIPTIONS);
  const code = firstText(data, CODES);
  if (description !== undefined && code !== undefined) return `${description} (${code})`;
  const nested = ['error', 'failure', 'details']
    .map((field) => reasonIn(data[field]))
    .find((reason) => reason !== undefined);
  return description ?? nested ?? code;
}

function firstText(record: JsonRecord, fields: readonly string[]): string | undefined {
  return fields.map((field) => readText(record[field])).find((text) => text !== undefined);
}
