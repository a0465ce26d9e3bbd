import * as vscode from 'vscode';
import {
  allPermissions,
  allRoles,
  createRole as callCreateRole,
  getRole,
  ROLE_LIMITS,
  type NewRole,
  type Permission,
  type Role,
} from '../../api/roles';
import { inEnvironment } from '../../core/environmentFailure';
import type { Choice, ManyChoice } from '../../ui/prompts';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { configurationEnvironment } from './configurationEnvironment';
import { roleChoice } from './roleChoice';
import { roleNames, type RoleNames } from './roleNames';
import type { Environment } from '../../core/environment';
import { entryStep, pickManyStep, pickStep, stepIf, textStep, type WizardStep } from '../../ui/wizard';
import { creationChoices } from '../../changes/creationChoices';
import { creationTitle, submitForm, type Form } from '../../changes/form';

/** The input so far. */
interface Draft {
  /** As typed: see `roleNames`. */
  readonly display_name: string;
  /** If empty, made from the display name. */
  readonly name: string;
  readonly description: string;
  /** Name of the role that it extends, or empty. */
  readonly extends: string;
  readonly permissions: readonly string[];
}

interface Choices {
  readonly roles: readonly Role[];
  readonly permissions: readonly Permission[];
}

/**
 * Create Role…: a display name, from which the name in code is made, and on request description, base role and
 * permissions. Asks again for what Scalekit rejects.
 */
export async function createRole(argument: unknown, dependencies: ActionDependencies): Promise<void> {
  const environment = await configurationEnvironment(argument, dependencies);
  if (environment === undefined) return;
  let choices = await choicesIn(environment, dependencies);
  const form: Form<Draft, Role> = {
    title: creationTitle(vscode.l10n.t('Create Role'), environment),
    draft: { display_name: '', name: '', description: '', extends: '', permissions: [] },
    steps: {
      display_name: entryStep(() => ({
        placeholder: vscode.l10n.t('Name of the role, for example Support Agent'),
        validate: (text) =>
          text.trim() === '' ? vscode.l10n.t('A role needs a name.') : tooLong(text, ROLE_LIMITS.displayName),
        choices: (text) => {
          const names = roleNames(text);
          const more = vscode.l10n.t('Name in code, description, base role, permissions');
          // A text without a Latin letter or digit gives no name in code, so it's asked for.
          return creationChoices(names.name === '' ? 'name' : 'display_name', preview(names), more);
        },
      })),
      name: nameStep(),
      description: textStep(() => ({
        prompt: vscode.l10n.t('What the role is for (optional)'),
        placeholder: vscode.l10n.t('Optional'),
        validate: (text) => tooLong(text, ROLE_LIMITS.description),
      })),
      extends: stepIf(
        () => choices.roles.length > 0,
        pickStep((draft) => ({
          placeholder: vscode.l10n.t('Which role does it extend? It gets that role’s permissions too'),
          choices: baseChoices(choices.roles, draft.extends),
        })),
      ),
      permissions: stepIf(
        () => choices.permissions.length > 0,
        pickManyStep((draft) => ({
          placeholder: vscode.l10n.t('Permissions to add (optional)'),
          choices: permissionChoices(choices.permissions, draft.permissions),
          validate: ({ length }) =>
            length > ROLE_LIMITS.permissions
              ? vscode.l10n.t(
                  'You picked {0}. A role can have at most {1} permissions of its own.',
                  length,
                  ROLE_LIMITS.permissions,
                )
              : undefined,
        })),
      ),
    },
    send: (draft) => create(requestOf(draft), choices, environment, dependencies),
    stepFor: ({ kind }) =>
      kind === 'conflict'
        ? { step: 'name', problem: vscode.l10n.t('A role with this name already exists. Enter another name.') }
        : undefined,
    // What was rejected may have been deleted since the lists were read. A temporary failure may affect this request
    // too.
    onRefused: async () => {
      choices = await choicesIn(environment, dependencies).catch(() => choices);
    },
  };
  const role = await submitForm(form, dependencies.prompts);
  if (role !== undefined) await dependencies.configurationView.revealInTopList(environment.id, 'roles', role.name);
}

/** The current ones, past the cache: a role created elsewhere must not be mistaken for this one. */
function choicesIn(environment: Environment, { environments }: ActionDependencies): Promise<Choices> {
  return inEnvironment(environment, async () => {
    const client = await environments.client(environment.id);
    const [roles, permissions] = await Promise.all([
      allRoles(client, { fresh: true }),
      allPermissions(client, { fresh: true }),
    ]);
    return { roles: roles.filter((role) => !role.isOfOrganization), permissions };
  });
}

/** Suggests a name made from the display name. An unchanged suggestion follows later changes of the display name. */
function nameStep(): WizardStep<Draft, string> {
  const step = textStep<Draft>((draft) => ({
    value: nameIn(draft),
    prompt: vscode.l10n.t('Name of the role in code and in the API. You can’t change it later.'),
    placeholder: 'support_agent',
    validate: (text) =>
      ROLE_LIMITS.name.test(text.trim())
        ? undefined
        : vscode.l10n.t('A role’s name has 1 to 64 letters, digits and underscores.'),
  }));
  return {
    ask: async (draft, ...rest) => {
      const result = await step.ask(draft, ...rest);
      return typeof result === 'object' && result.answer === roleNames(draft.display_name).name
        ? { answer: '' }
        : result;
    },
  };
}

function nameIn({ name, display_name }: Draft): string {
  return name === '' ? roleNames(display_name).name : name;
}

/** `Support Agent (support_agent)` */
function preview({ name, displayName }: RoleNames): string | undefined {
  return name === '' ? undefined : vscode.l10n.t('{0} ({1})', displayName, name);
}

/** The roles that can be extended, and none. The previous choice comes first, so that Enter accepts it again. */
function baseChoices(roles: readonly Role[], picked: string): Choice<string>[] {
  const none = {
    value: '',
    label: vscode.l10n.t('None'),
    description: vscode.l10n.t('only permissions of its own'),
    icon: 'circle-slash',
  };
  const all = [none, ...roles.map(roleChoice)];
  return [...all.filter(({ value }) => value === picked), ...all.filter(({ value }) => value !== picked)];
}

function permissionChoices(permissions: readonly Permission[], picked: readonly string[]): ManyChoice<string>[] {
  return permissions.map(({ name, description, isScalekitPermission }) => ({
    value: name,
    label: name,
    description: [
      ...(isScalekitPermission ? [vscode.l10n.t('Scalekit’s own')] : []),
      ...(description === undefined ? [] : [description]),
    ].join(' · '),
    picked: picked.includes(name),
  }));
}

function create(
  role: NewRole,
  { roles }: Choices,
  environment: Environment,
  { configurationView, writer }: ActionDependencies,
): Promise<{ readonly result: Role } | undefined> {
  const { name, permissions = [] } = role;
  const isNew = roles.every((known) => known.name !== name);
  return writer.run<Role>({
    environmentId: environment.id,
    viewId: 'scalekit.configuration',
    object: `role/${name}`,
    title: vscode.l10n.t('Creating the role {0}', name),
    confirm: {
      question: vscode.l10n.t('Create the role {0}?', name),
      ...(permissions.length === 0 ? {} : { detail: vscode.l10n.t('Permissions: {0}', permissions.join(', ')) }),
      action: vscode.l10n.t('Create'),
    },
    call: (client) => callCreateRole(client, role),
    verify: async (client) => (isNew ? getRole(client, name, { fresh: true }) : undefined),
    refresh: () => configurationView.refreshTopList(environment.id, 'roles'),
    done: () => vscode.l10n.t('Created the role {0}', name),
  });
}

function requestOf(draft: Draft): NewRole {
  const { display_name, description, extends: base, permissions } = draft;
  return {
    name: nameIn(draft),
    display_name: roleNames(display_name).displayName,
    ...(description === '' ? {} : { description }),
    ...(base === '' ? {} : { extends: base }),
    ...(permissions.length === 0 ? {} : { permissions }),
  };
}

function tooLong(text: string, most: number): string | undefined {
  return [...text.trim()].length > most ? vscode.l10n.t('At most {0} characters.', most) : undefined;
}
