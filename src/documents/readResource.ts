import type { ScalekitClient } from '../api/client/scalekitClient';
import { ScalekitError } from '../api/client/scalekitError';
import { envelope } from '../api/envelope';
import { isRecord, readArray, readRecord, readText, type JsonRecord } from '../api/json';
import { findRecord, type Page } from '../api/page';
import { resourceRequest, type ResourceList, type ResourceRequest } from './resourceKinds';

/** A document shows what is there now. The cache may have a response older than the tree's rows. */
export const FRESH = { fresh: true } as const;

/**
 * Reads a resource in its current state, by its GET or from the list that contains it. Undefined if there is only the
 * list and the pages read don't contain it.
 *
 * @throws ScalekitError
 */
export async function readResource(client: ScalekitClient, request: ResourceRequest): Promise<JsonRecord | undefined> {
  const { get, list, transform: present = (json) => json } = request;
  let missing: unknown;
  if (get !== undefined) {
    try {
      return present(await client.read(get.path, get.query, (json) => envelope(json, get.field, readRecord), FRESH));
    } catch (error) {
      if (list === undefined || !isNotServed(error)) throw error;
      if (error instanceof ScalekitError && error.kind === 'notFound') missing = error;
    }
  }
  const found = list === undefined ? undefined : await findInList(client, list);
  if (found === undefined && missing !== undefined) throw missing;
  return found === undefined ? undefined : present(found);
}

/** The resource at a document's path in its current state. @throws ScalekitError, also if it doesn't exist */
export async function readResourceNow(client: ScalekitClient, path: readonly string[]): Promise<JsonRecord> {
  const request = resourceRequest(path);
  const json = request === undefined ? undefined : await readResource(client, request);
  if (json === undefined) throw new ScalekitError('notFound', { server: 'api', maybeReceived: true });
  return json;
}

function findInList(client: ScalekitClient, list: ResourceList): Promise<JsonRecord | undefined> {
  const read = async ({ pageToken }: { readonly pageToken?: string }): Promise<Page<JsonRecord>> => {
    const json = await client.getJson(list.path, { ...list.query, page_token: pageToken }, FRESH);
    const page = isRecord(json) ? json : {};
    return {
      items: readArray(page[list.field])
        .filter(isRecord)
        .map((record) => ({ record })),
      nextPageToken: readText(page['next_page_token']),
    };
  };
  return findRecord(read, list.matches);
}

/** Whether this server lacks the GET, as is possible for previews, or doesn't know the resource. */
function isNotServed(error: unknown): boolean {
  return error instanceof ScalekitError && (error.kind === 'notFound' || error.details.status === 501);
}
