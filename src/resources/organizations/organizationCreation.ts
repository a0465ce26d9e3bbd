import { readTime } from '../../api/json';
import { records } from '../../api/page';
import {
  createOrganization,
  getOrganizationByExternalId,
  isSearchable,
  searchOrganizations,
  searchQuery,
  type NewOrganization,
  type Organization,
} from '../../api/organizations';
import type { ScalekitClient } from '../../api/client/scalekitClient';
import type { VerifiableWrite } from '../../api/client/writeOutcome';
import { isCreatedSince } from '../../changes/createdSince';

/**
 * Creates an organization. One with an ID in `known`, or created before `begun`, is a different one, even with the same
 * name.
 */
export function organizationCreation(
  organization: NewOrganization,
  known: ReadonlySet<string>,
  begun: number,
): VerifiableWrite<Organization> {
  const isNew = ({ id, createTime }: Organization): boolean =>
    !known.has(id) && isCreatedSince({ createTime: readTime(createTime) }, begun);
  return {
    call: (client) => createOrganization(client, organization),
    verify: (client) => findNew(client, organization, isNew),
  };
}

/**
 * The organization that a call with a lost response created after all: found by its external ID, or else by its name.
 */
async function findNew(
  client: ScalekitClient,
  wanted: NewOrganization,
  isNew: (found: Organization) => boolean,
): Promise<Organization | undefined> {
  const { display_name: name, external_id: externalId } = wanted;
  const isIt = (found: Organization): boolean =>
    found.displayName === name && found.externalId === externalId && isNew(found);
  if (externalId !== undefined) {
    const found = await getOrganizationByExternalId(client, externalId, { fresh: true });
    return isIt(found) ? found : undefined;
  }
  const query = searchQuery(name);
  if (!isSearchable(query)) return undefined;
  return records(await searchOrganizations(client, { query }, { fresh: true })).find(isIt);
}
