import { isRecord, readText } from './json';
import { pathSegment, type ScalekitClient } from './client/scalekitClient';
import { ScalekitError } from './client/scalekitError';
import { isWebAddress } from './webAddress';

/** What a customer's admin can set up in the admin portal. */
export type PortalFeature = 'sso' | 'dir_sync';

/**
 * Makes a link into an organization's admin portal, good once and for one minute (docs/scalekit-api.md, 2.2). Whoever has it is let
 * in: it is a secret.
 *
 * @throws ScalekitError `protocol` when the answer holds no link that may be opened
 */
export async function generatePortalLink(
  client: ScalekitClient,
  organizationId: string,
  features: readonly PortalFeature[],
): Promise<string> {
  const query = new URLSearchParams(features.map((feature): [string, string] => ['features', feature])).toString();
  const path = `/api/v1/organizations/${pathSegment(organizationId)}/portal_links?${query}`;
  const json = await client.writeJson({ method: 'PUT', path, changes: () => false });
  const location = isRecord(json) && isRecord(json['link']) ? readText(json['link']['location']) : undefined;
  if (location === undefined || !isWebAddress(location))
    throw new ScalekitError('protocol', { server: 'api', reason: 'noPortalLink', maybeReceived: true });
  return location;
}
