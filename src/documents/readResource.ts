import type { ScalekitClient } from '../api/client/scalekitClient';
import { ScalekitError } from '../api/client/scalekitError';
import { envelope } from '../api/envelope';
import { isRecord, readArray, readRecord, readText, type JsonRecord } from '../api/json';
import { findRecord, type Page } from '../api/page';
import { resourceRequest, type ResourceList, type ResourceRequest } from './resourceKinds';

/** A document is opened to see what is there now: the cache may hold an older answer than the rows of the tree come from. */
export const FRESH = { fresh: true } as const;

/**
 * Reads a resource as it is right now: by its GET, else out of the list that holds it; undefined when there is only the list and its pages looked at do not.
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

/** The resource at a document's path as it is right now. @throws ScalekitError, also when there is none */
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

/** Whether a GET is missing on this server, as previews may be, or does not know the resource. */
function isNotServed(error: unknown): boolean {
  return error instanceof ScalekitError && (error.kind === 'notFound' || error.details.status === 501);
}
