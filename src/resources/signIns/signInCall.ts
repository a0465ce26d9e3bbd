import { listSignIns, type SignIn, type SignInFilter } from '../../api/signInLog';
import type { ListCall } from '../../tree/branches';

/** How the sign-in log of an organization is read, narrowed by a filter. */
export function signInCall(organizationId: string, filter: SignInFilter): ListCall<SignIn> {
  return (client, page, options) => listSignIns(client, organizationId, filter, page, options);
}
