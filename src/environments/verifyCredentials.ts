import { listOrganizations } from '../api/organizations';
import type { ScalekitClient } from '../api/client/scalekitClient';
import { ScalekitError } from '../api/client/scalekitError';

/** What a token request and one list call have shown. */
export interface Verification {
  /** How many organizations the environment has; undefined when the answer does not say, or the API refused the client. */
  readonly organizations?: number;
  /** The API's refusal of a client that does get tokens. */
  readonly refusal?: ScalekitError;
}

/**
 * Finds out whether credentials work: a new token, then one list call.
 *
 * @throws ScalekitError for whatever stops it before it is clear that the token is good.
 */
export async function verifyCredentials(client: ScalekitClient, signal?: AbortSignal): Promise<Verification> {
  await client.tokens.fetchNew({ signal });
  try {
    const page = await listOrganizations(client, {}, { signal, fresh: true });
    return { organizations: page.totalSize };
  } catch (error) {
    if (error instanceof ScalekitError && error.kind === 'forbidden') return { refusal: error };
    throw error;
  }
}
