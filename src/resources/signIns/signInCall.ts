import { listSignIns, type SignIn, type SignInFilter } from '../../api/signInLog';
import type { ReadPage } from '../../tree/lists';

/** How the sign-in log of an organization is read, narrowed by a filter. */
export function signInCall(organizationId: string, filter: SignInFilter): ReadPage<SignIn> {
  return (client, page, options) => listSignIns(client, organizationId, filter, page, options);
}
