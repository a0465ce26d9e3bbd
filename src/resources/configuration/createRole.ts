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
import type { EnvironmentFacts } from '../../core/environmentAccess';
import { inEnvironment } from '../../core/environmentFailure';
import type { Choice, PromptResult } from '../../ui/prompts';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { configurationEnvironment } from './configurationEnvironment';
import { roleChoice } from './roleChoice';
import { creationTitle, stepWithError, type StepError } from '../../changes/stepError';

const STEPS = ['name', 'display_name', 'description', 'extends', 'permissions'] as const;
type Step = (typeof STEPS)[number];

interface Draft {
  readonly name: string;
  readonly display_name: string;
  readonly description: string;
  /** Name of the role that it extends, or empty. */
  readonly extends: string;
  readonly permissions: readonly string[];
}

/** What there is to choose from. */
interface Choices {
  readonly roles: readonly Role[];
  readonly permissions: readonly Permission[];
}

/** Create Role…: name, display name, description, the role it extends and its permissions. What Scalekit refuses is asked for again. */
export async function createRole(argument: unknown, tools: ActionDependencies): Promise<void> {
  const { configurationView } = tools;
  const environment = await configurationEnvironment(argument, tools);
  if (environment === undefined) return;
  let choices = await choicesIn(environment, tools);
  let draft: Draft | undefined = { name: '', display_name: '', description: '', extends: '', permissions: [] };
  let place: StepError<Step> = { step: 'name' };
  for (;;) {
    draft = await enter(draft, place, choices, environment, tools);
    if (draft === undefined) return;
    const taken = {
      step: 'name',
      problem: vscode.l10n.t('A role with this name already exists. Enter another name.'),
    } as const;
    const outcome = await create(draft, choices, environment, tools).catch((error: unknown) =>
      stepWithError(error, STEPS, taken),
    );
    if (outcome === undefined) return;
    if ('result' in outcome) return configurationView.revealInTopList(environment.id, 'roles', draft.name);
    place = outcome;
    // What was refused may have been deleted since the lists were read. A failure that passes may meet this reading too.
    choices = await choicesIn(environment, tools).catch(() => choices);
  }
}

/** As they are now, past the cache: a role made elsewhere must not be taken for the one that is made here. */
function choicesIn(environment: EnvironmentFacts, { environments }: ActionDependencies): Promise<Choices> {
  return inEnvironment(environment, async () => {
    const client = await environments.client(environment.id);
    const [roles, permissions] = await Promise.all([
      allRoles(client, { fresh: true }),
      allPermissions(client, { fresh: true }),
    ]);
    return { roles: roles.filter((role) => !role.isOfOrganization), permissions };
  });
}

async function enter(
  typed: Draft,
  place: StepError<Step>,
  choices: Choices,
  environment: EnvironmentFacts,
  tools: ActionDependencies,
): Promise<Draft | undefined> {
  const steps = STEPS.filter((step) =>
    step === 'extends' ? choices.roles.length > 0 : step === 'permissions' ? choices.permissions.length > 0 : true,
  );
  let draft = typed;
  let { problem } = place;
  for (let index = Math.max(0, steps.indexOf(place.step)); ; ) {
    const step = steps[index];
    if (step === undefined) return draft;
    const frame = {
      title: creationTitle(vscode.l10n.t('Create Role'), environment),
      step: { number: index + 1, of: steps.length },
    };
    const result = await ask(step, draft, problem, frame, choices, tools);
    problem = undefined;
    if (result === undefined) return undefined;
    if (result === 'back') index = Math.max(0, index - 1);
    else {
      draft = { ...draft, ...result.answer };
      index++;
    }
  }
}

interface Frame {
  readonly title: string;
  readonly step: { readonly number: number; readonly of: number };
}

async function ask(
  step: Step,
  draft: Draft,
  problem: string | undefined,
  frame: Frame,
  choices: Choices,
  { prompts }: ActionDependencies,
): Promise<PromptResult<Partial<Draft>>> {
  switch (step) {
    case 'name':
      return answering(
        await prompts.input({
          ...frame,
          problem,
          value: draft.name,
          prompt: vscode.l10n.t('Name of the role in code and in the API. It cannot be changed later.'),
          placeholder: 'content_editor',
          validate: (text) =>
            ROLE_LIMITS.name.test(text.trim())
              ? undefined
              : vscode.l10n.t('A role’s name has 1 to 64 letters, digits and underscores.'),
        }),
        // A name for people that was made of the name follows it.
        ({ text }) => ({
          name: text.trim(),
          display_name: draft.display_name === titleOf(draft.name) ? '' : draft.display_name,
        }),
      );
    case 'display_name':
      return answering(
        await prompts.input({
          ...frame,
          problem,
          value: draft.display_name === '' ? titleOf(draft.name) : draft.display_name,
          prompt: vscode.l10n.t('Display name of the role, for people'),
          validate: (text) => {
            if (text.trim() === '') return vscode.l10n.t('A role needs a display name.');
            return tooLong(text, ROLE_LIMITS.displayName);
          },
        }),
        ({ text }) => ({ display_name: text.trim() }),
      );
    case 'description':
      return answering(
        await prompts.input({
          ...frame,
          problem,
          value: draft.description,
          prompt: vscode.l10n.t('What the role is for (optional)'),
          placeholder: vscode.l10n.t('Optional'),
          validate: (text) => tooLong(text, ROLE_LIMITS.description),
        }),
        ({ text }) => ({ description: text.trim() }),
      );
    case 'extends':
      return answering(
        await prompts.pick({
          ...frame,
          canGoBack: true,
          placeholder: problem ?? vscode.l10n.t('Which role does it extend? It gets that role’s permissions too'),
          choices: baseChoices(choices.roles, draft.extends),
        }),
        (name) => ({ extends: name }),
      );
    case 'permissions':
      return answering(
        await prompts.pickMany({
          ...frame,
          canGoBack: true,
          placeholder: problem ?? vscode.l10n.t('Permissions of its own; you may pick none'),
          choices: choices.permissions.map(({ name, description, isScalekitPermission }) => ({
            value: name,
            label: name,
            description: [
              ...(isScalekitPermission ? [vscode.l10n.t('Scalekit’s own')] : []),
              ...(description === undefined ? [] : [description]),
            ].join(' · '),
            picked: draft.permissions.includes(name),
          })),
          validate: ({ length }) =>
            length > ROLE_LIMITS.permissions
              ? vscode.l10n.t(
                  'You picked {0}; a role has at most {1} permissions of its own.',
                  length,
                  ROLE_LIMITS.permissions,
                )
              : undefined,
        }),
        (permissions) => ({ permissions }),
      );
  }
}

/** The roles that can be extended, and none; the one picked before comes first, so that Enter takes it again. */
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

function create(
  draft: Draft,
  { roles }: Choices,
  environment: EnvironmentFacts,
  { configurationView, writer }: ActionDependencies,
): Promise<{ readonly result: Role } | undefined> {
  const { name } = draft;
  const isNew = roles.every((role) => role.name !== name);
  return writer.run<Role>({
    environmentId: environment.id,
    viewId: 'scalekit.configuration',
    object: `role/${name}`,
    title: vscode.l10n.t('Creating the role {0}', name),
    confirm: {
      question: vscode.l10n.t('Create the role {0}?', name),
      ...(draft.permissions.length === 0
        ? {}
        : { detail: vscode.l10n.t('Permissions: {0}', draft.permissions.join(', ')) }),
      action: vscode.l10n.t('Create'),
    },
    call: (client) => callCreateRole(client, requestOf(draft)),
    verify: async (client) => (isNew ? getRole(client, name, { fresh: true }) : undefined),
    refresh: () => configurationView.refreshTopList(environment.id, 'roles'),
    done: () => vscode.l10n.t('The role {0} is created', name),
  });
}

function requestOf({ name, display_name, description, extends: base, permissions }: Draft): NewRole {
  return {
    name,
    display_name,
    ...(description === '' ? {} : { description }),
    ...(base === '' ? {} : { extends: base }),
    ...(permissions.length === 0 ? {} : { permissions }),
  };
}

function answering<T, R>(result: PromptResult<T>, read: (answer: T) => R): PromptResult<R> {
  return result === undefined || result === 'back' ? result : { answer: read(result.answer) };
}

function tooLong(text: string, most: number): string | undefined {
  return [...text.trim()].length > most ? vscode.l10n.t('At most {0} characters.', most) : undefined;
}

/** `content_editor` as a name for people: `Content Editor`. */
function titleOf(name: string): string {
  return name
    .split('_')
    .filter((word) => word !== '')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join(' ');
}
