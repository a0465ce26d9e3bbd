import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';
import { ScalekitError } from './client/scalekitError';
import { envelope } from './envelope';
import { isRecord, readText, readTime } from './json';
import { readPage, type Page } from './page';

/** A domain that an organization owns or allows (docs/scalekit-api.md, 2.5). */
export interface Domain {
  readonly id: string;
  readonly domain?: string;
  /** `PENDING`, `VERIFIED`, `FAILED` or `AUTO_VERIFIED`. */
  readonly verificationStatus?: string;
  /** `ORGANIZATION_DOMAIN` or `ALLOWED_EMAIL_DOMAIN`. */
  readonly type?: string;
  /** Name of the DNS record that proves the domain's ownership. */
  readonly txtRecordKey?: string;
  /** The record's value, which is public once it's in DNS. Both are previews, so they may be absent. */
  readonly txtRecordValue?: string;
  readonly createTime?: Date;
}

/** What a domain is for (docs/scalekit-api.md, 2.5). */
export type DomainType = 'ORGANIZATION_DOMAIN' | 'ALLOWED_EMAIL_DOMAIN';

/** How long a domain may be, in characters (docs/scalekit-api.md, 2.5). */
export const DOMAIN_LENGTH = { least: 4, most: 255 } as const;

export interface DomainReference {
  readonly organizationId: string;
  readonly domainId: string;
}

/** The largest page of domains (docs/scalekit-api.md, 2.1). */
const LARGEST_DOMAIN_PAGE = 100;

/**
 * One page of an organization's domains. This list has page numbers from 0, no tokens and no total
 * (docs/scalekit-api.md, 2.1).
 *
 * @throws ScalekitError
 */
export async function listDomains(
  client: ScalekitClient,
  organizationId: string,
  page: { readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<Domain>> {
  const number = Number(page.pageToken ?? 0);
  const path = domainsPath(organizationId);
  const query = { page_size: LARGEST_DOMAIN_PAGE, page_number: number };
  const { items } = await client.read(path, query, (json) => readPage(json, 'domains', readDomain), options);
  return { items, nextPageToken: items.length < LARGEST_DOMAIN_PAGE ? undefined : String(number + 1) };
}

/** One domain in its current state. @throws ScalekitError */
export async function getDomain(
  client: ScalekitClient,
  which: DomainReference,
  options?: ReadOptions,
): Promise<Domain> {
  return client.read(domainPath(which), {}, readEnvelope, options);
}

/**
 * Adds a domain to an organization.
 *
 * @throws ScalekitError `invalid` for a public, disposable or existing domain (docs/scalekit-api.md, 2.5), perhaps
 * `conflict` for an existing one
 */
export async function createDomain(
  client: ScalekitClient,
  organizationId: string,
  domain: string,
  type: DomainType,
): Promise<Domain> {
  const body = { domain, domain_type: type };
  return readEnvelope(await client.writeJson({ method: 'POST', path: domainsPath(organizationId), body }));
}

/**
 * Asks Scalekit to check a domain's TXT record now. Returns whether it's verified afterwards, or `notOffered` if the
 * environment lacks this call, which is a preview (docs/scalekit-api.md, 2.5).
 *
 * @throws ScalekitError
 */
export async function verifyDomain(client: ScalekitClient, which: DomainReference): Promise<boolean | 'notOffered'> {
  try {
    const json = await client.writeJson({ method: 'PATCH', path: `${domainPath(which)}:verify` });
    return isRecord(json) && json['verified'] === true;
  } catch (error) {
    if (!(error instanceof ScalekitError) || error.details.server !== 'api') throw error;
    if (error.details.status === 501) return 'notOffered';
    if (error.kind !== 'notFound') throw error;
    // Both a call and a domain that don't exist are a 404.
    await getDomain(client, which, { fresh: true });
    return 'notOffered';
  }
}

/** Removes a domain from an organization. @throws ScalekitError */
export async function deleteDomain(client: ScalekitClient, which: DomainReference): Promise<void> {
  await client.writeJson({ method: 'DELETE', path: domainPath(which) });
}

export function readDomain(value: unknown): Domain | undefined {
  if (!isRecord(value)) return undefined;
  const id = readText(value['id']);
  if (id === undefined) return undefined;
  return {
    id,
    domain: readText(value['domain']),
    verificationStatus: readText(value['verification_status']),
    type: readText(value['domain_type']),
    txtRecordKey: readText(value['txt_record_key']),
    txtRecordValue: readText(value['txt_record_secret']),
    createTime: readTime(value['create_time']),
  };
}

function readEnvelope(json: unknown): Domain {
  return envelope(json, 'domain', readDomain);
}

function domainsPath(organizationId: string): string {
  return `/api/v1/organizations/${pathSegment(organizationId)}/domains`;
}

function domainPath({ organizationId, domainId }: DomainReference): string {
  return `${domainsPath(organizationId)}/${pathSegment(domainId)}`;
}
