import * as vscode from 'vscode';
import { allRoles, countRoleUsers, deleteRole as callDeleteRole, getRole, type Role } from '../../api/roles';
import type { ScalekitClient } from '../../api/client/scalekitClient';
import { ScalekitError } from '../../api/client/scalekitError';
import { EnvironmentFailure, inEnvironment, isNotFound } from '../../core/environmentFailure';
import { failureMessage } from '../../ui/failureMessage';
import { showStatus } from '../../ui/statusMessage';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { editableRole } from './editableRow';
import { deleteResource } from '../../changes/deleteResource';
import { roleChoice } from './roleChoice';
import type { Environment } from '../../core/environment';

/** What depends on a role. */
interface Use {
  /** Undefined if it couldn't be read. */
  readonly users: number | undefined;
  readonly role: Role;
  /** The roles that extend it directly. */
  readonly dependents: readonly Role[];
  /** The possible successors: none that extends it, which would then extend itself. */
  readonly others: readonly Role[];
}

/**
 * Delete Role…: asks for a successor if users have it or other roles extend it, then asks for confirmation, in
 * production by its name.
 */
export async function deleteRole(argument: unknown, dependencies: ActionDependencies): Promise<void> {
  const row = editableRole(argument, dependencies);
  const environment = row === undefined ? undefined : dependencies.environments.get(row.environmentId);
  if (row === undefined || environment === undefined) return;
  const use = await useOf(row.role, environment, dependencies);
  if (use === undefined) return;
  let successor: string | undefined;
  let isNeeded = (use.users ?? 0) > 0 || use.role.dependentCount > 0;
  let placeholder = useSentence(use);
  for (;;) {
    if (isNeeded) {
      successor = await pickSuccessor(use, placeholder, environment, dependencies);
      if (successor === undefined) return;
    }
    try {
      return await removeRole(use, successor, environment, dependencies);
    } catch (error) {
      // Someone may have been given the role since it was read, or the successor may no longer exist.
      const isRefused =
        error instanceof EnvironmentFailure &&
        error.failure instanceof ScalekitError &&
        error.failure.kind === 'invalid';
      if (!isRefused || use.others.length === 0) throw error;
      isNeeded = true;
      placeholder = failureMessage(error).text;
    }
  }
}

/**
 * Reads what depends on the role. Undefined if it no longer exists; the view then shows that.
 *
 * @throws EnvironmentFailure
 */
async function useOf(
  { name }: Role,
  environment: Environment,
  { configurationView, environments }: ActionDependencies,
): Promise<Use | undefined> {
  try {
    return await inEnvironment(environment, async () => {
      const client = await environments.client(environment.id);
      const [users, role, roles] = await Promise.all([
        usersOf(client, name),
        getRole(client, name, { fresh: true }),
        allRoles(client, { fresh: true }),
      ]);
      const heirs = heirsOf(name, roles);
      return {
        users,
        role,
        dependents: roles.filter((each) => each.extends === name),
        others: roles.filter((each) => each.name !== name && !each.isOfOrganization && !heirs.has(each.name)),
      };
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await configurationView.refreshTopList(environment.id, 'roles');
    showStatus(alreadyDeleted(name));
    return undefined;
  }
}

/**
 * How many users have a role. An unknown count doesn't prevent deletion: Scalekit asks for a successor if one is
 * needed.
 */
async function usersOf(client: ScalekitClient, name: string): Promise<number | undefined> {
  try {
    return await countRoleUsers(client, name);
  } catch (error) {
    if (error instanceof ScalekitError && error.details.server === 'api' && error.kind !== 'cancelled')
      return undefined;
    throw error;
  }
}

function alreadyDeleted(name: string): string {
  return vscode.l10n.t('The role {0} was already deleted', name);
}

/** Names of the roles that extend a role, directly or indirectly. */
function heirsOf(name: string, roles: readonly Role[]): ReadonlySet<string> {
  const heirs = new Set<string>();
  for (let found = [name]; found.length > 0; ) {
    found = roles
      .filter((role) => role.extends !== undefined && found.includes(role.extends) && !heirs.has(role.name))
      .map((role) => role.name);
    for (const heir of found) heirs.add(heir);
  }
  return heirs;
}

async function pickSuccessor(
  { role, others }: Use,
  placeholder: string,
  environment: Environment,
  { prompts }: ActionDependencies,
): Promise<string | undefined> {
  if (others.length === 0) {
    await prompts.message(
      'warning',
      vscode.l10n.t(
        'The role {0} is in use, and no role can replace it: roles that extend it can’t. Create another role first.',
        role.name,
      ),
    );
    return undefined;
  }
  const question = vscode.l10n.t('Which role replaces {0}?', role.name);
  const result = await prompts.pick({
    title: environment.production
      ? vscode.l10n.t('{0} ({1}, production)', question, environment.name)
      : vscode.l10n.t('{0} ({1})', question, environment.name),
    placeholder,
    choices: others.map(roleChoice),
  });
  return result === undefined || result === 'back' ? undefined : result.answer;
}

async function removeRole(
  use: Use,
  successor: string | undefined,
  environment: Environment,
  dependencies: ActionDependencies,
): Promise<void> {
  const { configurationView, documents, organizationsView } = dependencies;
  const { name } = use.role;
  const result = await deleteResource(
    {
      environment,
      viewId: 'scalekit.configuration',
      object: `role/${name}`,
      title: vscode.l10n.t('Deleting the role {0}', name),
      question: vscode.l10n.t('Delete the role {0}?', name),
      meaning: meaningOf(use, successor),
      action: vscode.l10n.t('Delete'),
      name,
      id: name,
      call: (client) => callDeleteRole(client, name, successor),
      read: (client) => getRole(client, name, { fresh: true }),
      refresh: () =>
        Promise.all([
          configurationView.refreshTopList(environment.id, 'roles'),
          // Its users now have its successor.
          successor === undefined ? undefined : organizationsView.refreshLists(environment.id, 'users'),
        ]),
      done: (outcome) => (outcome === 'gone' ? alreadyDeleted(name) : vscode.l10n.t('Deleted the role {0}', name)),
      document: { environmentId: environment.id, path: ['roles', name] },
    },
    dependencies,
  );
  if (result === undefined) return;
  // The roles that extended it now extend its successor.
  for (const dependent of use.dependents)
    documents.refresh({ environmentId: environment.id, path: ['roles', dependent.name] });
}

/** Why a successor is needed. */
function useSentence({ users, role: { name, dependentCount } }: Use): string {
  const counts = [
    ...(users === undefined
      ? [vscode.l10n.t('the number of its users couldn’t be read')]
      : users === 0
        ? []
        : [
            users === 1
              ? vscode.l10n.t('1 user has it')
              : vscode.l10n.t('{0} users have it', users.toLocaleString(vscode.env.language)),
          ]),
    ...(dependentCount === 0
      ? []
      : [
          dependentCount === 1
            ? vscode.l10n.t('1 role extends it')
            : vscode.l10n.t('{0} roles extend it', dependentCount),
        ]),
  ];
  return vscode.l10n.t('{0} is in use: {1}. They get the role that you pick.', name, counts.join(', '));
}

function meaningOf({ users, role }: Use, successor: string | undefined): string {
  return [
    ...(successor === undefined
      ? [
          users === undefined
            ? vscode.l10n.t('The number of its users couldn’t be read. No role extends it.')
            : vscode.l10n.t('No user has it, and no role extends it.'),
        ]
      : [
          ...(users === undefined
            ? [vscode.l10n.t('The number of its users couldn’t be read. Any users it has get the role {0}.', successor)]
            : []),
          ...(users === undefined || users === 0
            ? []
            : [
                users === 1
                  ? vscode.l10n.t('Its 1 user gets the role {0}.', successor)
                  : vscode.l10n.t(
                      'Its {0} users get the role {1}.',
                      users.toLocaleString(vscode.env.language),
                      successor,
                    ),
              ]),
          ...(role.dependentCount === 0 ? [] : [vscode.l10n.t('Roles that extend it will extend {0}.', successor)]),
        ]),
    ...(role.defaultCreator
      ? [vscode.l10n.t('It’s the default for creators of organizations. Set another default as well.')]
      : []),
    ...(role.defaultMember
      ? [vscode.l10n.t('It’s the default for members of organizations. Set another default as well.')]
      : []),
    vscode.l10n.t('You can’t undo this.'),
  ].join(' ');
}
