import type { SampleIds } from '../../api/webhooks/samplePayload';
import type { Models } from '../resources/models';

/** Records of the sandbox for sample payloads: its first organization and a member of it. */
export function sampleIdsOf({ organizations, users }: Models): SampleIds {
  const { environmentId } = organizations.world;
  const [[, organization] = []] = organizations.all.after(-1);
  if (organization === undefined) return { environmentId };
  const [[, user] = []] = users.members(organization.id).after(-1);
  return {
    environmentId,
    organizationId: organization.id,
    organizationName: organization.displayName,
    ...(user === undefined ? {} : { userId: user.id, email: user.email }),
  };
}
