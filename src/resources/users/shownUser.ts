import type { MembershipReference } from '../../api/users';
import { isRecord } from '../../api/json';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { organizationOf, type ChosenOrganization } from '../organizations/chosenOrganization';
import type { UserNode } from './userNode';

/** A member's row, and what calls and messages need from it. */
export interface ShownUser extends Pick<ChosenOrganization, 'environment' | 'organization'> {
  readonly node: UserNode;
  readonly which: MembershipReference;
  /** As a sentence names them. */
  readonly name: string;
}

/** The member whose row an action was chosen on. Undefined for anything else. */
export function shownUser(
  argument: unknown,
  { environments, organizationsView }: ActionDependencies,
): ShownUser | undefined {
  if (!isUserNode(argument) || !organizationsView.treeView.hasShown(argument)) return undefined;
  const { environmentId, organizationId, user } = argument;
  const environment = environments.get(environmentId);
  const organization = organizationOf(argument)?.organization;
  if (environment === undefined || organization === undefined) return undefined;
  return {
    node: argument,
    environment,
    organization,
    which: { organizationId, userId: user.id },
    name: user.email ?? user.name ?? user.id,
  };
}

function isUserNode(value: unknown): value is UserNode {
  return isRecord(value) && value['kind'] === 'user' && isRecord(value['user']);
}
