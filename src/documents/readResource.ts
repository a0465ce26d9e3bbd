import { isRecord, readArray, readText, type JsonRecord } from '../api/json.js';
import type { ReadOptions, ScalekitClient } from '../api/scalekitClient.js';
import { ScalekitError } from '../api/scalekitError.js';
import { unwrap, type ResourceList, type ResourceRequest } from './resourceKinds.js';

/** So many pages of a list are looked through for one resource. */
const MOST_PAGES = 10;

/** Reads a resource: by its GET, else out of the list that holds it; undefined when the pages looked at do not. @throws ScalekitError */
export async function readResource(client: ScalekitClient, request: ResourceRequest, options: ReadOptions): Promise<JsonRecord | undefined> {
  const { get, list } = request;
  if (get !== undefined) {
    try {
      const record = unwrap(await client.getJson(get.path, get.query, options), get.field);
      if (record === undefined) throw new ScalekitError('protocol', { stage: 'api', reason: 'noResource', mayHaveArrived: true });
      return record;
    } catch (error) {
      if (list === undefined || !isNotServed(error)) throw error;
    }
  }
  return list === undefined ? undefined : findInList(client, list, options);
}

async function findInList(client: ScalekitClient, list: ResourceList, options: ReadOptions): Promise<JsonRecord | undefined> {
  let pageToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const json = await client.getJson(list.path, { ...list.query, page_token: pageToken }, options);
    const entries = isRecord(json) ? readArray(json[list.field]).filter(isRecord) : [];
    const found = entries.find(list.matches);
    if (found !== undefined) return found;
    pageToken = isRecord(json) ? readText(json['next_page_token']) : undefined;
    if (pageToken === undefined || entries.length === 0) return undefined;
  }
  return undefined;
}

/** Whether a GET is missing on this server, as previews may be, or does not know the resource. */
function isNotServed(error: unknown): boolean {
  return error instanceof ScalekitError && (error.kind === 'notFound' || error.details.status === 501);
}
