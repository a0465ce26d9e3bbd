import * as vscode from 'vscode';
import { records } from '../../api/page';
import { listOrganizationRoles, type Role } from '../../api/roles';
import type { MembershipRole } from '../../api/users';
import { inEnvironment } from '../../core/environmentFailure';
import type { ManyChoice } from '../../ui/prompts';
import type { ActionDependencies } from '../organizations/actionDependencies';
import type { ChosenOrganization } from '../organizations/chosenOrganization';

/**
 * The roles that an organization's members can have now: the environment's and the organization's own.
 *
 * @throws EnvironmentFailure
 */
export async function readRoles(
  { environment, organization }: Pick<ChosenOrganization, 'environment' | 'organization'>,
  { environments }: ActionDependencies,
): Promise<Role[]> {
  return vscode.window.withProgress({ location: { viewId: 'scalekit.organizations' } }, () =>
    inEnvironment(environment, async () => {
      const client = await environments.client(environment.id);
      return records(await listOrganizationRoles(client, organization.id, { fresh: true }));
    }),
  );
}

/**
 * Roles to pick from by name. Those that a member has are picked at the start, even one that is no longer in the list.
 */
export function roleChoices(roles: readonly Role[], present: readonly MembershipRole[]): ManyChoice<string>[] {
  const known = new Set(roles.map(({ name }) => name));
  const all: readonly (MembershipRole & Pick<Role, 'description'>)[] = [
    ...roles,
    ...present.filter(({ name }) => !known.has(name)),
  ];
  const has = new Set(present.map(({ name }) => name));
  return all.map((role) => ({
    value: role.name,
    label: roleTitle(role),
    description: role.displayName === undefined ? undefined : role.name,
    detail: role.description,
    picked: has.has(role.name),
  }));
}

/** The name under which users know a role. */
export function roleTitle({ name, displayName }: MembershipRole): string {
  return displayName ?? name;
}
