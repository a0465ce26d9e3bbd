import type { SampleIds } from '../../api/webhooks/samplePayload';
import type { Models } from '../resources/models';
import type { Listing } from '../store/pages';

/** Records of the sandbox for sample payloads: its first organization and a member of it. */
export function sampleIdsOf({ organizations, users }: Models): SampleIds {
  const { environmentId } = organizations.world;
  const organization = firstOf(organizations.all);
  if (organization === undefined) return { environmentId };
  const user = firstOf(users.members(organization.id));
  return {
    environmentId,
    organizationId: organization.id,
    organizationName: organization.displayName,
    ...(user === undefined ? {} : { userId: user.id, email: user.email }),
  };
}

function firstOf<T extends object>(listing: Listing<T>): T | undefined {
  for (const [, value] of listing.after(-1)) return value;
  return undefined;
}
