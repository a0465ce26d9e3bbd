import * as vscode from 'vscode';
import { ORGANIZATION_LIMITS, type NewOrganization, type Organization } from '../../api/organizations';
import { resolveEnvironment } from '../../ui/resolveEnvironment';
import type { EnvironmentFacts } from '../../core/environmentAccess';
import type { InputPrompt, Prompts } from '../../ui/prompts';
import type { ActionDependencies } from './actionDependencies';
import { creationTitle, stepWithError, type StepError } from '../../changes/stepError';
import { readMetadata, type MetadataProblem } from './metadataText';
import { organizationCreation } from './organizationCreation';
import { readFormError } from '../../changes/formError';

const STEPS = ['display_name', 'external_id', 'metadata'] as const;
type Step = (typeof STEPS)[number];

/** What was typed so far. */
type Draft = Readonly<Record<Step, string>>;

/** Create Organization…: name, external id and metadata, the last two skipped with Enter. A text that Scalekit refuses is asked for again. */
export async function createOrganization(tools: ActionDependencies): Promise<void> {
  const environment = await resolveEnvironment(undefined, tools.environments, tools.prompts);
  if (environment === undefined) return;
  let draft: Draft | undefined = { display_name: '', external_id: '', metadata: '' };
  let place: StepError<Step> = { step: 'display_name' };
  for (;;) {
    draft = await enter(draft, place, environment, tools.prompts);
    if (draft === undefined) return;
    const { external_id } = draft;
    const outcome = await create(requestOf(draft), environment, tools).catch((error: unknown) =>
      refusedAt(error, external_id),
    );
    if (outcome === undefined) return;
    if ('result' in outcome) return show(outcome.result, environment, tools);
    place = outcome;
  }
}

async function enter(
  typed: Draft,
  { step, problem }: StepError<Step>,
  environment: EnvironmentFacts,
  prompts: Prompts,
): Promise<Draft | undefined> {
  let draft = typed;
  let said = problem;
  for (let index = STEPS.indexOf(step); ; ) {
    const current = STEPS[index];
    if (current === undefined) return draft;
    const result = await prompts.input({
      title: creationTitle(vscode.l10n.t('Create Organization'), environment),
      step: { number: index + 1, of: STEPS.length },
      value: draft[current],
      problem: said,
      ...promptOf(current),
    });
    said = undefined;
    if (result === undefined) return undefined;
    if (result === 'back') index = Math.max(0, index - 1);
    else {
      draft = { ...draft, [current]: result.answer.text.trim() };
      index++;
    }
  }
}

function promptOf(step: Step): Pick<InputPrompt, 'prompt' | 'placeholder' | 'validate'> {
  switch (step) {
    case 'display_name':
      return {
        prompt: vscode.l10n.t('Name of the organization'),
        placeholder: vscode.l10n.t('Acme Inc.'),
        validate: (text) => {
          if (text.trim() === '') return vscode.l10n.t('An organization needs a name.');
          return [...text.trim()].length > ORGANIZATION_LIMITS.name
            ? vscode.l10n.t('A name has at most {0} characters.', ORGANIZATION_LIMITS.name)
            : undefined;
        },
      };
    case 'external_id':
      return {
        prompt: vscode.l10n.t('External ID: how your own system names this customer (optional)'),
        placeholder: vscode.l10n.t('Optional'),
      };
    case 'metadata':
      return {
        prompt: vscode.l10n.t('Metadata: pairs separated by commas, or a JSON object of texts (optional)'),
        placeholder: vscode.l10n.t('plan=team, region=eu'),
        validate: (text) => {
          const read = readMetadata(text);
          return 'problem' in read ? metadataSentence(read.problem) : undefined;
        },
      };
  }
}

function metadataSentence({ kind, part }: MetadataProblem): string {
  const { metadataPairs, metadataKey, metadataValue } = ORGANIZATION_LIMITS;
  switch (kind) {
    case 'notAPair':
      return vscode.l10n.t(
        '“{0}” is not a pair such as plan=team. A value with a comma in it can be given as JSON: {"note": "a, b"}',
        part,
      );
    case 'notJson':
      return vscode.l10n.t('This is not valid JSON. Write {"plan": "team"} or plan=team.');
    case 'notTexts':
      return vscode.l10n.t('The value of “{0}” must be text in quotation marks.', part);
    case 'duplicate':
      return vscode.l10n.t('“{0}” is there twice.', part);
    case 'keyLength':
      return vscode.l10n.t('The key “{0}” must have {1} to {2} characters.', part, metadataKey.least, metadataKey.most);
    case 'valueLength':
      return vscode.l10n.t('The value of “{0}” must have 1 to {1} characters.', part, metadataValue);
    case 'tooMany':
      return vscode.l10n.t('These are {0} pairs; Scalekit accepts at most {1}.', part, metadataPairs);
  }
}

function requestOf({ display_name, external_id, metadata }: Draft): NewOrganization {
  const read = readMetadata(metadata);
  const values = 'values' in read ? read.values : {};
  return {
    display_name,
    ...(external_id === '' ? {} : { external_id }),
    ...(Object.keys(values).length === 0 ? {} : { metadata: values }),
  };
}

function create(
  organization: NewOrganization,
  environment: EnvironmentFacts,
  tools: ActionDependencies,
): Promise<{ readonly result: Organization } | undefined> {
  const { organizationsView, writer } = tools;
  const name = organization.display_name;
  const known = new Set(organizationsView.shownOrganizations(environment.id).map(({ id }) => id));
  return writer.run<Organization>({
    environmentId: environment.id,
    viewId: 'scalekit.organizations',
    object: `organizations/${name}`,
    title: vscode.l10n.t('Creating {0}', name),
    confirm: {
      question: vscode.l10n.t('Create the organization {0}?', name),
      ...(organization.external_id === undefined
        ? {}
        : { detail: vscode.l10n.t('External ID: {0}', organization.external_id) }),
      action: vscode.l10n.t('Create'),
    },
    ...organizationCreation(organization, known, Date.now()),
    refresh: () => organizationsView.refreshList(environment.id),
    done: () => vscode.l10n.t('{0} is created', name),
  });
}

/** Where the person goes on after a failure. @throws the error itself when no text can help against it */
function refusedAt(error: unknown, external_id: string): StepError<Step> {
  const taken = {
    step: 'external_id',
    problem: vscode.l10n.t('Another organization has this external ID. Enter another one, or none.'),
  } as const;
  const refusal = readFormError(error);
  // That a conflict comes with 409 is not certain (docs/scalekit-api.md, 2.2): a 400 may speak of it too.
  if (external_id !== '' && refusal?.fields.length === 0 && /external.?id/i.test(refusal.problem)) return taken;
  return stepWithError(error, STEPS, external_id === '' ? undefined : taken);
}

async function show(
  organization: Organization,
  environment: EnvironmentFacts,
  { documents, organizationsView }: ActionDependencies,
): Promise<void> {
  await documents.open({
    environmentId: environment.id,
    path: ['organizations', organization.id],
    name: organization.displayName,
  });
  await organizationsView.reveal(environment.id, organization, { focus: false });
}
