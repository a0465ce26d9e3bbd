import { isRecord, type JsonRecord } from './json';
import {
  getOrganization,
  readOrganization,
  showsOrganization,
  type Organization,
  type OrganizationFeature,
} from './organizations';
import { pathSegment, type ScalekitClient } from './client/scalekitClient';
import { ScalekitError } from './client/scalekitError';

/** What a new organization begins with; limits are in {@link ORGANIZATION_LIMITS}. */
export interface NewOrganization {
  readonly display_name: string;
  readonly external_id?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** How long its texts may be, in characters, and how many pairs its metadata may have (docs/scalekit-api.md, 2.2). */
export const ORGANIZATION_LIMITS = {
  name: 200,
  metadataPairs: 10,
  metadataKey: { least: 3, most: 25 },
  metadataValue: 256,
} as const;

/**
 * Makes an organization; gives it as Scalekit has it.
 *
 * @throws ScalekitError `conflict` when another one has the external id (docs/scalekit-api.md, 2.2: perhaps `invalid`)
 */
export async function createOrganization(client: ScalekitClient, organization: NewOrganization): Promise<Organization> {
  const path = '/api/v1/organizations';
  return readResponse(
    await client.writeJson({
      method: 'POST',
      path,
      body: organization,
      changes: (target) => showsOrganization(target, path),
    }),
  );
}

/** Deletes an organization with all that it has. Its external id is free again (docs/scalekit-api.md, 2.2). @throws ScalekitError */
export async function deleteOrganization(client: ScalekitClient, id: string): Promise<void> {
  const path = `/api/v1/organizations/${pathSegment(id)}`;
  const isOfIt = (target: string): boolean => target.startsWith(`${path}/`) || showsOrganization(target, path);
  await client.writeJson({ method: 'DELETE', path, changes: isOfIt });
}

/**
 * Switches features, such as `sso` and `dir_sync`; those that are not named stay. Gives the organization as it is then
 * (docs/scalekit-api.md, 2.2).
 *
 * @throws ScalekitError
 */
export async function setOrganizationFeatures(
  client: ScalekitClient,
  id: string,
  features: readonly OrganizationFeature[],
): Promise<Organization> {
  const path = `/api/v1/organizations/${pathSegment(id)}`;
  const json = await client.writeJson({
    method: 'PATCH',
    path: `${path}/settings`,
    body: { features },
    changes: (target) => showsOrganization(target, path),
  });
  const organization = readOrganization(inResponse(json));
  return organization?.features === undefined ? getOrganization(client, id, { fresh: true }) : organization;
}

function readResponse(json: unknown): Organization {
  const organization = readOrganization(inResponse(json));
  if (organization === undefined)
    throw new ScalekitError('protocol', { server: 'api', reason: 'noOrganization', maybeReceived: true });
  return organization;
}

function inResponse(json: unknown): JsonRecord | undefined {
  const organization = isRecord(json) ? json['organization'] : undefined;
  return isRecord(organization) ? organization : undefined;
}
