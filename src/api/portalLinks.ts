import { pathSegment, type ScalekitClient } from './client/scalekitClient';
import { envelope } from './envelope';
import { isRecord, readText } from './json';
import { isWebAddress } from './webAddress';

/** What a customer's admin can set up in the admin portal. */
export type PortalFeature = 'sso' | 'dir_sync';

/**
 * Creates a link into an organization's admin portal. It works once, within one minute (docs/scalekit-api.md, 2.2). It
 * lets in whoever has it, so it's a secret.
 *
 * @throws ScalekitError `protocol` if the response contains no link that may be opened
 */
export async function generatePortalLink(
  client: ScalekitClient,
  organizationId: string,
  features: readonly PortalFeature[],
): Promise<string> {
  const query = new URLSearchParams(features.map((feature): [string, string] => ['features', feature])).toString();
  const path = `/api/v1/organizations/${pathSegment(organizationId)}/portal_links?${query}`;
  return envelope(await client.writeJson({ method: 'PUT', path }), 'link', readLocation);
}

function readLocation(link: unknown): string | undefined {
  const location = isRecord(link) ? readText(link['location']) : undefined;
  return location !== undefined && isWebAddress(location) ? location : undefined;
}
