import { domainsPath, readDomain, type Domain } from './domains';
import { isRecord } from './json';
import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';
import { ScalekitError } from './client/scalekitError';

/** What a domain is there for (openapi.json, CreateDomain). */
export type DomainType = 'ORGANIZATION_DOMAIN' | 'ALLOWED_EMAIL_DOMAIN';

/** How long a domain may be, in characters (messages.txt, CreateDomain). */
export const DOMAIN_LENGTH = { least: 4, most: 255 } as const;

/** What a domain is addressed by. */
export interface DomainReference {
  readonly organizationId: string;
  readonly domainId: string;
}

/** One domain as it is now. @throws ScalekitError */
export async function getDomain(
  client: ScalekitClient,
  which: DomainReference,
  options?: ReadOptions,
): Promise<Domain> {
  return client.read(domainPath(which), {}, readResponse, options);
}

/**
 * Gives an organization a domain.
 *
 * @throws ScalekitError `invalid` for a public, disposable or existing domain (docs/scalekit-api.md, 2.5), perhaps `conflict` for the last
 */
export async function createDomain(
  client: ScalekitClient,
  organizationId: string,
  domain: string,
  type: DomainType,
): Promise<Domain> {
  const path = domainsPath(organizationId);
  return readResponse(
    await client.writeJson({
      method: 'POST',
      path,
      body: { domain, domain_type: type },
      changes: (target) => showsDomain(target, organizationId),
    }),
  );
}

/**
 * Has Scalekit look for a domain's TXT record now; whether it is verified then. The call is a preview, which not every environment offers
 * (docs/scalekit-api.md, 2.5): `notOffered` there.
 *
 * @throws ScalekitError
 */
export async function verifyDomain(client: ScalekitClient, which: DomainReference): Promise<boolean | 'notOffered'> {
  try {
    const json = await client.writeJson({
      method: 'PATCH',
      path: `${domainPath(which)}:verify`,
      changes: (target) => showsDomain(target, which.organizationId),
    });
    return isRecord(json) && json['verified'] === true;
  } catch (error) {
    if (!(error instanceof ScalekitError) || error.details.server !== 'api') throw error;
    if (error.details.status === 501) return 'notOffered';
    if (error.kind !== 'notFound') throw error;
    // A call that does not exist and a domain that does not are both a 404.
    await getDomain(client, which, { fresh: true });
    return 'notOffered';
  }
}

/** Takes a domain from an organization. @throws ScalekitError */
export async function deleteDomain(client: ScalekitClient, which: DomainReference): Promise<void> {
  await client.writeJson({
    method: 'DELETE',
    path: domainPath(which),
    changes: (target) => showsDomain(target, which.organizationId),
  });
}

function readResponse(json: unknown): Domain {
  const domain = readDomain(isRecord(json) ? json['domain'] : undefined);
  if (domain === undefined)
    throw new ScalekitError('protocol', { server: 'api', reason: 'noDomain', maybeReceived: true });
  return domain;
}

/** Whether an answer holds domains of the organization: its connections' answers name them too. */
function showsDomain(target: string, organizationId: string): boolean {
  return (
    target.startsWith(domainsPath(organizationId)) || /^\/api\/v1\/(organizations\/[^/?]+\/)?connections\b/.test(target)
  );
}

function domainPath({ organizationId, domainId }: DomainReference): string {
  return `${domainsPath(organizationId)}/${pathSegment(domainId)}`;
}
