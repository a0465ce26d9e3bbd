import * as vscode from 'vscode';
import {
  createPermission as callCreatePermission,
  getPermission,
  PERMISSION_LIMITS,
  type NewPermission,
  type Permission,
} from '../../api/roles';
import type { ListNode } from '../../tree/listNode';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { configurationEnvironment } from './configurationEnvironment';
import { isCreatedSince } from '../../changes/createdSince';
import type { Environment } from '../../core/environment';
import { entryStep, textStep } from '../../ui/wizard';
import { creationChoices } from '../../changes/creationChoices';
import { creationTitle, submitForm, type Form } from '../../changes/form';

/** The input so far. */
interface Draft {
  readonly name: string;
  readonly description: string;
}

/** Create Permission…: a name, and on request a description. Asks again for what Scalekit rejects. */
export async function createPermission(argument: unknown, dependencies: ActionDependencies): Promise<void> {
  const environment = await configurationEnvironment(argument, dependencies);
  if (environment === undefined) return;
  const form: Form<Draft, Permission> = {
    title: creationTitle(vscode.l10n.t('Create Permission'), environment),
    draft: { name: '', description: '' },
    steps: {
      name: entryStep(() => ({
        placeholder: vscode.l10n.t('Name of the permission in code and in the API, for example documents:read'),
        validate: (text) =>
          PERMISSION_LIMITS.name.test(text.trim())
            ? undefined
            : vscode.l10n.t('A permission’s name has 1 to 64 letters, digits, underscores and colons.'),
        choices: () =>
          creationChoices('name', vscode.l10n.t('You can’t rename it later'), vscode.l10n.t('Description')),
      })),
      description: textStep(() => ({
        prompt: vscode.l10n.t('What it allows (optional)'),
        placeholder: vscode.l10n.t('Optional'),
        validate: (text) =>
          [...text.trim()].length > PERMISSION_LIMITS.description
            ? vscode.l10n.t('At most {0} characters.', PERMISSION_LIMITS.description)
            : undefined,
      })),
    },
    send: (draft) => create(draft, environment, dependencies),
    stepFor: ({ kind }) =>
      kind === 'conflict'
        ? { step: 'name', problem: vscode.l10n.t('A permission with this name already exists. Enter another name.') }
        : undefined,
  };
  const permission = await submitForm(form, dependencies.prompts);
  if (permission !== undefined)
    await dependencies.configurationView.revealInTopList(environment.id, 'permissions', permission.name);
}

function create(
  { name, description }: Draft,
  environment: Environment,
  { configurationView, writer }: ActionDependencies,
): Promise<{ readonly result: Permission } | undefined> {
  const permission: NewPermission = { name, ...(description === '' ? {} : { description }) };
  const begun = Date.now();
  const known = configurationView.topList(environment.id, 'permissions') as ListNode<Permission> | undefined;
  const isShown = known?.records().some((shown) => shown.name === name) === true;
  return writer.run<Permission>({
    environmentId: environment.id,
    viewId: 'scalekit.configuration',
    object: `permission/${name}`,
    title: vscode.l10n.t('Creating the permission {0}', name),
    confirm: { question: vscode.l10n.t('Create the permission {0}?', name), action: vscode.l10n.t('Create') },
    call: (client) => callCreatePermission(client, permission),
    verify: async (client) => {
      const found = await getPermission(client, name, { fresh: true });
      return !isShown && isCreatedSince(found, begun) ? found : undefined;
    },
    refresh: () => configurationView.refreshTopList(environment.id, 'permissions'),
    done: () => vscode.l10n.t('Created the permission {0}', name),
  });
}
