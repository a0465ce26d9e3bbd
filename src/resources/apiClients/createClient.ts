import * as vscode from 'vscode';
import {
  CLIENT_LIMITS,
  createOrganizationClient,
  listOrganizationClients,
  type NewOrganizationClient,
  type OrganizationClient,
} from '../../api/organizationClients';
import { findRecord } from '../../api/page';
import { durationInWords } from '../../ui/duration';
import type { Choice, InputPrompt, PromptResult, Prompts } from '../../ui/prompts';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { addSecret } from './addSecret';
import { withOrganization, type ChosenOrganization } from '../organizations/chosenOrganization';
import { stepWithError, type StepError } from '../../changes/stepError';
import { isCreatedSince } from '../../changes/createdSince';
import { refreshList, shownIds, showNew } from '../organizations/organizationLists';
import { handOver, tellOfSecret } from './secretHandover';
import { readLifetime } from './tokenLifetime';

const TEXT_STEPS = ['name', 'description', 'scopes', 'audience'] as const;
type TextStep = (typeof TEXT_STEPS)[number];
const STEPS = [...TEXT_STEPS, 'expiry'] as const;
type Step = (typeof STEPS)[number];

/** What was entered so far. */
type Draft = Readonly<Record<TextStep, string>> & { readonly tokenLifetimeSeconds?: number };

/** A new client, and whether its secret is on the clipboard. */
interface Created {
  readonly client: OrganizationClient;
  readonly isSecretCopied: boolean;
}

/** A scope (RFC 6749, 3.3). */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Create API Client…: name, and what is skipped with Enter: description, scopes, audience, lifetime of its tokens. Its secret is copied, never shown. */
export async function createClient(argument: unknown, tools: ActionDependencies): Promise<void> {
  await withOrganization(argument, vscode.l10n.t('Create API Client'), tools, (chosen) =>
    createClientIn(chosen, tools),
  );
}

async function createClientIn(chosen: ChosenOrganization, tools: ActionDependencies): Promise<void> {
  let draft: Draft | undefined = { name: '', description: '', scopes: '', audience: '' };
  let place: StepError<Step> = { step: 'name' };
  for (;;) {
    draft = await enter(draft, place, chosen, tools.prompts);
    if (draft === undefined) return;
    const outcome = await create(requestOf(draft), chosen, tools).catch((error: unknown) =>
      stepWithError(error, STEPS),
    );
    if (outcome === undefined) return;
    if ('result' in outcome) return tell(outcome.result, chosen, tools);
    place = outcome;
  }
}

async function enter(
  typed: Draft,
  place: StepError<Step>,
  { environment, organization }: ChosenOrganization,
  prompts: Prompts,
): Promise<Draft | undefined> {
  const customer = organization.displayName ?? organization.id;
  const title = environment.production
    ? vscode.l10n.t('Create API Client for {0} (production)', customer)
    : vscode.l10n.t('Create API Client for {0}', customer);
  const of = STEPS.length;
  let draft = typed;
  let said = place.problem;
  for (let index = STEPS.indexOf(place.step); index < of; ) {
    const step = { number: index + 1, of };
    const field = TEXT_STEPS[index];
    if (field === undefined) {
      const result = await askLifetime(title, step, said, prompts);
      if (result === undefined) return undefined;
      if (result !== 'back') draft = { ...draft, tokenLifetimeSeconds: result.answer };
      index = result === 'back' ? Math.max(0, index - 1) : index + 1;
    } else {
      const result = await prompts.input({ title, step, value: draft[field], problem: said, ...promptOf(field) });
      if (result === undefined) return undefined;
      if (result !== 'back') draft = { ...draft, [field]: result.answer.text.trim() };
      index = result === 'back' ? Math.max(0, index - 1) : index + 1;
    }
    said = undefined;
  }
  return draft;
}

function promptOf(field: TextStep): Pick<InputPrompt, 'prompt' | 'placeholder' | 'validate'> {
  switch (field) {
    case 'name':
      return {
        prompt: vscode.l10n.t('Name of the API client'),
        placeholder: vscode.l10n.t('CI pipeline'),
        validate: (text) =>
          text.trim() === '' ? vscode.l10n.t('An API client needs a name.') : tooLong(text, CLIENT_LIMITS.name),
      };
    case 'description':
      return {
        prompt: vscode.l10n.t('Description: what it is for (optional)'),
        placeholder: vscode.l10n.t('Optional'),
        validate: (text) => tooLong(text, CLIENT_LIMITS.description),
      };
    case 'scopes':
      return {
        prompt: vscode.l10n.t('Scopes that its tokens may have, separated by spaces (optional)'),
        placeholder: vscode.l10n.t('deploy:resources read:deployments'),
        validate: (text) => {
          const wrong = words(text).find((scope) => !SCOPE.test(scope));
          return wrong === undefined
            ? undefined
            : vscode.l10n.t(
                '“{0}” is not a scope: quotes, backslashes and letters beyond ASCII are not allowed.',
                wrong,
              );
        },
      };
    case 'audience':
      return {
        prompt: vscode.l10n.t('Audience: the APIs that its tokens are for, separated by spaces (optional)'),
        placeholder: vscode.l10n.t('https://api.acme.com'),
      };
  }
}

function tooLong(text: string, most: number): string | undefined {
  return [...text.trim()].length > most ? vscode.l10n.t('This has more than {0} characters.', most) : undefined;
}

function askLifetime(
  title: string,
  step: { readonly number: number; readonly of: number },
  said: string | undefined,
  prompts: Prompts,
): Promise<PromptResult<number | undefined>> {
  const hour = 3_600;
  return prompts.pick<number | undefined>({
    title,
    step,
    canGoBack: true,
    placeholder:
      said ?? vscode.l10n.t('How long its tokens are valid. Choose, or type a time: 900 (seconds), 15m, 8h, 7d'),
    choices: [
      { value: undefined, label: vscode.l10n.t('Scalekit’s Default'), description: vscode.l10n.t('1 hour') },
      { value: hour / 4, label: vscode.l10n.t('15 Minutes') },
      { value: 24 * hour, label: vscode.l10n.t('24 Hours') },
    ],
    typed: (text): Choice<number | undefined> | undefined => {
      const seconds = readLifetime(text);
      return seconds === undefined
        ? undefined
        : { value: seconds, label: durationInWords(seconds * 1000, vscode.env.language), description: text.trim() };
    },
  });
}

function requestOf({ name, description, scopes, audience, tokenLifetimeSeconds }: Draft): NewOrganizationClient {
  return {
    name,
    ...(description === '' ? {} : { description }),
    scopes: words(scopes),
    audience: words(audience),
    tokenLifetimeSeconds,
  };
}

function words(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((word) => word !== ''))];
}

function create(
  wanted: NewOrganizationClient,
  chosen: ChosenOrganization,
  tools: ActionDependencies,
): Promise<{ readonly result: Created } | undefined> {
  const { name } = wanted;
  const { environment, organization } = chosen;
  const customer = organization.displayName ?? organization.id;
  const known = shownIds(chosen, 'clients', tools.organizationsView);
  const begun = Date.now();
  return tools.writer.run<Created>({
    environmentId: environment.id,
    viewId: 'scalekit.organizations',
    object: `clients/${organization.id}/${name}`,
    title: vscode.l10n.t('Creating the API client {0} for {1}', name, customer),
    confirm: {
      question: vscode.l10n.t('Create the API client {0} for {1}?', name, customer),
      detail: vscode.l10n.t('Its secret is copied. Whoever has it can get access tokens for this organization.'),
      action: vscode.l10n.t('Create'),
    },
    call: async (client) => {
      const { made, plainSecret } = await createOrganizationClient(client, organization.id, wanted);
      return { client: made, isSecretCopied: await handOver(plainSecret, tools) };
    },
    verify: async (client) => {
      const isIt = (found: OrganizationClient): boolean =>
        found.name === name && !known.has(found.id) && isCreatedSince(found, begun);
      const found = await findRecord(
        (page) => listOrganizationClients(client, organization.id, page, { fresh: true }),
        isIt,
      );
      return found === undefined ? undefined : { client: found, isSecretCopied: false };
    },
    refresh: () =>
      refreshList(
        { environmentId: environment.id, organizationId: organization.id },
        'clients',
        tools.organizationsView,
      ),
    done: ({ isSecretCopied }) =>
      isSecretCopied
        ? vscode.l10n.t('{0} is created, and its secret copied', name)
        : vscode.l10n.t('{0} is created', name),
  });
}

async function tell(
  { client, isSecretCopied }: Created,
  chosen: ChosenOrganization,
  tools: ActionDependencies,
): Promise<void> {
  const { environment, organization } = chosen;
  if (isSecretCopied) await tellOfSecret(client, environment, tools);
  await showNew(chosen, 'clients', client.id, tools);
  if (isSecretCopied) return;
  const another = vscode.l10n.t('Add Secret');
  const text = vscode.l10n.t(
    '{0} is created, but its secret did not arrive here, and Scalekit does not show it again. Add another one, and revoke the first.',
    client.name ?? client.id,
  );
  if ((await tools.prompts.message('warning', text, another)) === another)
    await addSecret(client, { environment, organizationId: organization.id }, tools);
}
