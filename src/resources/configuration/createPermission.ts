import * as vscode from 'vscode';
import {
  createPermission as callCreatePermission,
  getPermission,
  PERMISSION_LIMITS,
  type NewPermission,
  type Permission,
} from '../../api/roles';
import type { EnvironmentFacts } from '../../core/environmentAccess';
import type { InputPrompt } from '../../ui/prompts';
import type { ListNode } from '../../tree/listNode';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { configurationEnvironment } from './configurationEnvironment';
import { creationTitle, stepWithError, type StepError } from '../../changes/stepError';
import { isCreatedSince } from '../../changes/createdSince';

const STEPS = ['name', 'description'] as const;
type Step = (typeof STEPS)[number];
type Draft = Readonly<Record<Step, string>>;

/** Create Permission…: name and description. What Scalekit refuses is asked for again. */
export async function createPermission(argument: unknown, tools: ActionDependencies): Promise<void> {
  const environment = await configurationEnvironment(argument, tools);
  if (environment === undefined) return;
  let draft: Draft | undefined = { name: '', description: '' };
  let place: StepError<Step> = { step: 'name' };
  for (;;) {
    draft = await enter(draft, place, environment, tools);
    if (draft === undefined) return;
    const taken = {
      step: 'name',
      problem: vscode.l10n.t('A permission with this name already exists. Enter another name.'),
    } as const;
    const outcome = await create(draft, environment, tools).catch((error: unknown) =>
      stepWithError(error, STEPS, taken),
    );
    if (outcome === undefined) return;
    if ('result' in outcome) return tools.configurationView.revealInTopList(environment.id, 'permissions', draft.name);
    place = outcome;
  }
}

async function enter(
  typed: Draft,
  place: StepError<Step>,
  environment: EnvironmentFacts,
  { prompts }: ActionDependencies,
): Promise<Draft | undefined> {
  let draft = typed;
  let { problem } = place;
  for (let index = STEPS.indexOf(place.step); ; ) {
    const step = STEPS[index];
    if (step === undefined) return draft;
    const result = await prompts.input({
      title: creationTitle(vscode.l10n.t('Create Permission'), environment),
      step: { number: index + 1, of: STEPS.length },
      value: draft[step],
      problem,
      ...promptOf(step),
    });
    problem = undefined;
    if (result === undefined) return undefined;
    if (result === 'back') index = Math.max(0, index - 1);
    else {
      draft = { ...draft, [step]: result.answer.text.trim() };
      index++;
    }
  }
}

function promptOf(step: Step): Pick<InputPrompt, 'prompt' | 'placeholder' | 'validate'> {
  switch (step) {
    case 'name':
      return {
        prompt: vscode.l10n.t('Name of the permission in code and in the API. It cannot be changed later.'),
        placeholder: 'documents:read',
        validate: (text) =>
          PERMISSION_LIMITS.name.test(text.trim())
            ? undefined
            : vscode.l10n.t('A permission’s name has 1 to 64 letters, digits, underscores and colons.'),
      };
    case 'description':
      return {
        prompt: vscode.l10n.t('What it allows (optional)'),
        placeholder: vscode.l10n.t('Optional'),
        validate: (text) =>
          [...text.trim()].length > PERMISSION_LIMITS.description
            ? vscode.l10n.t('At most {0} characters.', PERMISSION_LIMITS.description)
            : undefined,
      };
  }
}

function create(
  { name, description }: Draft,
  environment: EnvironmentFacts,
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
    done: () => vscode.l10n.t('The permission {0} is created', name),
  });
}
