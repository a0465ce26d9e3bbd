import { listSignIns, type SignIn, type SignInFilter } from '../../api/signInLog';
import type { ReadPage } from '../../tree/lists';

/** How to read an organization's sign-in log with a filter. */
export function signInCall(organizationId: string, filter: SignInFilter): ReadPage<SignIn> {
  return (client, page, options) => listSignIns(client, organizationId, filter, page, options);
}
