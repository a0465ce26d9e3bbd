import * as vscode from 'vscode';
import { allRoles, setDefaultRole as callSetDefaultRole, type Role } from '../../api/roles';
import type { ScalekitClient } from '../../api/client/scalekitClient';
import { inEnvironment } from '../../core/environmentFailure';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { editableRole } from './editableRow';
import type { Environment } from '../../core/environment';

/** Who gets a role by default: those who create an organization, or those who join one. */
export type DefaultFor = 'creator' | 'member';

/** Set as Default for Creators, and for Members. Undo restores the previous one. */
export async function setDefaultRole(
  argument: unknown,
  who: DefaultFor,
  dependencies: ActionDependencies,
): Promise<void> {
  const row = editableRole(argument, dependencies);
  const environment = row === undefined ? undefined : dependencies.environments.get(row.environmentId);
  if (row !== undefined && environment !== undefined) await setDefault(row.role.name, who, environment, dependencies);
}

async function setDefault(
  name: string,
  who: DefaultFor,
  environment: Environment,
  dependencies: ActionDependencies,
): Promise<boolean> {
  const { configurationView, documents, environments, writer } = dependencies;
  const before = await inEnvironment(environment, async () =>
    defaultRole(await environments.client(environment.id), who),
  );
  const outcome = await writer.run<true>({
    environmentId: environment.id,
    viewId: 'scalekit.configuration',
    object: `roles/default/${who}`,
    title: vscode.l10n.t('Setting the default role {0}', name),
    confirm: {
      question: question(name, who),
      detail: detail(before?.name, who),
      action: vscode.l10n.t('Set as Default'),
    },
    call: async (client) => {
      await callSetDefaultRole(client, who, name);
      return true;
    },
    verify: async (client) => ((await defaultRole(client, who))?.name === name ? true : undefined),
    refresh: () => configurationView.refreshTopList(environment.id, 'roles'),
    done: () =>
      who === 'creator'
        ? vscode.l10n.t('{0} is now the default for creators of organizations', name)
        : vscode.l10n.t('{0} is now the default for members', name),
    undo:
      before === undefined || before.name === name
        ? undefined
        : {
            run: () => setDefault(before.name, who, environment, dependencies),
            needs: [{ environmentId: environment.id, path: ['roles', before.name] }],
          },
  });
  if (outcome === undefined) return false;
  for (const changed of new Set([name, before?.name])) {
    if (changed !== undefined) documents.refresh({ environmentId: environment.id, path: ['roles', changed] });
  }
  return true;
}

async function defaultRole(client: ScalekitClient, who: DefaultFor): Promise<Role | undefined> {
  const roles = await allRoles(client, { fresh: true });
  return roles.find((role) => !role.isOfOrganization && (who === 'creator' ? role.defaultCreator : role.defaultMember));
}

function question(name: string, who: DefaultFor): string {
  return who === 'creator'
    ? vscode.l10n.t('Make {0} the default role of users who create an organization?', name)
    : vscode.l10n.t('Make {0} the default role of users who join an organization?', name);
}

function detail(before: string | undefined, who: DefaultFor): string {
  const now = before === undefined ? vscode.l10n.t('There’s no default now.') : vscode.l10n.t('Now it is {0}.', before);
  const stays =
    who === 'creator'
      ? vscode.l10n.t('Users who have already created one keep their role.')
      : vscode.l10n.t('Users who have already joined one keep their role.');
  return `${now} ${stays}`;
}
