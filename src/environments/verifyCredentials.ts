import { listOrganizations } from '../api/organizations';
import type { ScalekitClient } from '../api/client/scalekitClient';
import { ScalekitError } from '../api/client/scalekitError';

/** The result of a token request and one list call. */
export interface Verification {
  /**
   * How many organizations the environment has; undefined if the response doesn't say, or the API refused the client.
   */
  readonly organizations?: number;
  /** The API's refusal of a client that gets tokens. */
  readonly refusal?: ScalekitError;
}

/**
 * Checks whether credentials work: requests a new token, then one list.
 *
 * @throws ScalekitError for any failure before the token proves good
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
