import { isRecord, readText, readTime } from './json';
import { readPage, type Page } from './page';
import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';

/** A domain that an organization owns or lets in (docs/scalekit-api.md, 2.5). */
export interface Domain {
  readonly id: string;
  readonly domain?: string;
  /** `PENDING`, `VERIFIED`, `FAILED` or `AUTO_VERIFIED`. */
  readonly verificationStatus?: string;
  /** `ORGANIZATION_DOMAIN` or `ALLOWED_EMAIL_DOMAIN`. */
  readonly type?: string;
  /** Name of the DNS record that proves ownership. */
  readonly txtRecordKey?: string;
  /** Its value, which is public as soon as it is in DNS. Both are in preview, so perhaps not everywhere. */
  readonly txtRecordValue?: string;
  readonly createTime?: Date;
}

/** The most that a page of domains may hold (docs/scalekit-api.md, 2.1). */
const LARGEST_DOMAIN_PAGE = 100;

/**
 * One page of an organization's domains. This list has page numbers from 0, no tokens and no total (docs/scalekit-api.md, 2.1).
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

export function domainsPath(organizationId: string): string {
  return `/api/v1/organizations/${pathSegment(organizationId)}/domains`;
}
