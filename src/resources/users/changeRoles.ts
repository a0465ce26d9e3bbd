import * as vscode from 'vscode';
import { getUser, setMembershipRoles, type User } from '../../api/users';
import { ScalekitError } from '../../api/client/scalekitError';
import { inEnvironment } from '../../core/environmentFailure';
import type { DocumentReference } from '../../core/documentReference';
import { showStatus } from '../../ui/statusMessage';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { refreshList } from '../organizations/organizationLists';
import { readRoles, roleChoices, roleTitle } from './pickRoles';
import type { ShownUser } from './shownUser';

/**
 * Change Roles…: starts with the member's current roles, and replaces them by the picked ones. Undo restores the
 * previous ones.
 */
export async function changeRoles(shown: ShownUser, dependencies: ActionDependencies): Promise<void> {
  const { environment, organization, which, name } = shown;
  const { environments, prompts, organizationsView } = dependencies;
  const known = await readRoles(shown, dependencies);
  const user = await inEnvironment(environment, async () =>
    getUser(await environments.client(environment.id), which.userId, { fresh: true }),
  );
  const membership = user.memberships.find(({ organizationId }) => organizationId === which.organizationId);
  if (membership === undefined) {
    await refreshList(shown.node, 'users', organizationsView);
    throw await noMember(shown);
  }
  const result = await prompts.pickMany<string>({
    title: vscode.l10n.t('Roles of {0} in {1}', name, organization.displayName ?? organization.id),
    placeholder: vscode.l10n.t('The user gets exactly the roles you pick'),
    choices: roleChoices(known, membership.roles),
    validate: (roles) =>
      roles.length === 0 ? vscode.l10n.t('Pick at least one role. To remove all roles, remove the user.') : undefined,
  });
  if (result === undefined || result === 'back') return;
  const before = membership.roles.map((role) => role.name);
  if (isSame(result.answer, before)) {
    showStatus(vscode.l10n.t('The roles of {0} didn’t change', name));
    return;
  }
  const titles = new Map([...known, ...membership.roles].map((role) => [role.name, roleTitle(role)]));
  await setRoles(shown, result.answer, before, titles, dependencies);
}

async function setRoles(
  shown: ShownUser,
  roles: readonly string[],
  before: readonly string[],
  titles: ReadonlyMap<string, string>,
  dependencies: ActionDependencies,
): Promise<boolean> {
  const { environment, organization, which, name, node } = shown;
  const customer = organization.displayName ?? organization.id;
  const list = roles.map((role) => titles.get(role) ?? role).join(', ');
  const hasThem = (user: User): boolean =>
    user.memberships.some(
      (membership) =>
        membership.organizationId === which.organizationId &&
        isSame(
          membership.roles.map((role) => role.name),
          roles,
        ),
    );
  const outcome = await dependencies.writer.run<User>({
    environmentId: environment.id,
    viewId: 'scalekit.organizations',
    object: `membership/${which.organizationId}/${which.userId}`,
    title: vscode.l10n.t('Changing the roles of {0}', name),
    confirm: {
      question: vscode.l10n.t('Change the roles of {0} in {1}?', name, customer),
      detail: vscode.l10n.t('New roles: {0}', list),
      action: vscode.l10n.t('Change Roles'),
    },
    call: async (client) => {
      const user = await setMembershipRoles(client, which, roles);
      if (hasThem(user)) return user;
      throw new ScalekitError('invalid', {
        server: 'api',
        serverMessage: vscode.l10n.t('the user doesn’t have the roles that were sent.'),
        maybeReceived: true,
      });
    },
    verify: async (client) => {
      const user = await getUser(client, which.userId, { fresh: true });
      return hasThem(user) ? user : undefined;
    },
    refresh: async () => {
      if (node.document !== undefined) dependencies.documents.refresh(node.document);
      await refreshList(node, 'users', dependencies.organizationsView);
    },
    done: () => vscode.l10n.t('Roles of {0}: {1}', name, list),
    // Without a role to restore, no call would undo it.
    ...(before.length === 0
      ? {}
      : { undo: { run: () => setRoles(shown, before, roles, titles, dependencies), needs: neededFor(shown, before) } }),
  });
  return outcome !== undefined;
}

/** What must exist to give a user these roles. */
function neededFor({ environment, node }: ShownUser, roles: readonly string[]): DocumentReference[] {
  return [
    ...(node.document === undefined ? [] : [node.document]),
    ...roles.map((role) => ({ environmentId: environment.id, path: ['roles', role] })),
  ];
}

function isSame(roles: readonly string[], others: readonly string[]): boolean {
  return roles.length === others.length && roles.every((role) => others.includes(role));
}

/** The user exists but is no longer a member, as if the membership weren't found. */
function noMember({ environment }: ShownUser): Promise<never> {
  return inEnvironment(environment, () =>
    Promise.reject(new ScalekitError('notFound', { server: 'api', maybeReceived: true })),
  );
}
