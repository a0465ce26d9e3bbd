import * as vscode from 'vscode';
import { ORGANIZATION_LIMITS, type NewOrganization, type Organization } from '../../api/organizations';
import { resolveEnvironment } from '../../ui/resolveEnvironment';
import type { Environment } from '../../core/environment';
import { entryStep, textStep, type StepError } from '../../ui/wizard';
import type { ActionDependencies } from './actionDependencies';
import { creationChoices } from '../../changes/creationChoices';
import { creationTitle, submitForm, type Form, type FormError } from '../../changes/form';
import { readMetadata, type MetadataProblem } from './metadataText';
import { organizationCreation } from './organizationCreation';

/** The input so far. */
interface Draft {
  readonly display_name: string;
  readonly external_id: string;
  readonly metadata: string;
}

/** Create Organization…: a name, and on request an external ID and metadata. Asks again for a text that Scalekit rejects. */
export async function createOrganization(dependencies: ActionDependencies): Promise<void> {
  const { environments, prompts } = dependencies;
  const environment = await resolveEnvironment(undefined, environments, prompts);
  if (environment === undefined) return;
  const form: Form<Draft, Organization> = {
    title: creationTitle(vscode.l10n.t('Create Organization'), environment),
    draft: { display_name: '', external_id: '', metadata: '' },
    steps: {
      display_name: entryStep(() => ({
        placeholder: vscode.l10n.t('Name of the organization, for example Acme Inc.'),
        validate: nameProblem,
        choices: () => creationChoices('display_name', undefined, vscode.l10n.t('External ID, metadata')),
      })),
      external_id: textStep(() => ({
        prompt: vscode.l10n.t('External ID: how your own system names this customer (optional)'),
        placeholder: vscode.l10n.t('Optional'),
      })),
      metadata: textStep(() => ({
        prompt: vscode.l10n.t(
          'Metadata: key=value pairs separated by commas, or a JSON object with string values (optional)',
        ),
        placeholder: vscode.l10n.t('plan=team, region=eu'),
        validate: (text) => {
          const read = readMetadata(text);
          return 'problem' in read ? metadataSentence(read.problem) : undefined;
        },
      })),
    },
    send: (draft) => create(requestOf(draft), environment, dependencies),
    stepFor: takenExternalId,
  };
  const organization = await submitForm(form, prompts);
  if (organization !== undefined) await show(organization, environment, dependencies);
}

function nameProblem(text: string): string | undefined {
  if (text.trim() === '') return vscode.l10n.t('An organization needs a name.');
  return [...text.trim()].length > ORGANIZATION_LIMITS.name
    ? vscode.l10n.t('A name has at most {0} characters.', ORGANIZATION_LIMITS.name)
    : undefined;
}

function metadataSentence({ kind, part }: MetadataProblem): string {
  const { metadataPairs, metadataKey, metadataValue } = ORGANIZATION_LIMITS;
  switch (kind) {
    case 'notAPair':
      return vscode.l10n.t(
        '“{0}” isn’t a pair like plan=team. For a value with a comma, use JSON: {"note": "a, b"}',
        part,
      );
    case 'notJson':
      return vscode.l10n.t('This isn’t valid JSON. Write {"plan": "team"} or plan=team.');
    case 'notTexts':
      return vscode.l10n.t('The value of “{0}” must be text in quotation marks.', part);
    case 'duplicate':
      return vscode.l10n.t('“{0}” appears twice.', part);
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
  environment: Environment,
  { organizationsView, writer }: ActionDependencies,
): Promise<{ readonly result: Organization } | undefined> {
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
    done: () => vscode.l10n.t('Created {0}', name),
  });
}

function takenExternalId({ kind, problem, fields }: FormError, { external_id }: Draft): StepError<Draft> | undefined {
  // A conflict isn't certain to be a 409 (docs/scalekit-api.md, 2.2). A 400 may report it too.
  const isTaken = kind === 'conflict' || (fields.length === 0 && /external.?id/i.test(problem));
  if (external_id === '' || !isTaken) return undefined;
  return {
    step: 'external_id',
    problem: vscode.l10n.t('Another organization has this external ID. Enter another one, or none.'),
  };
}

async function show(
  organization: Organization,
  environment: Environment,
  { documents, organizationsView }: ActionDependencies,
): Promise<void> {
  await documents.open({
    environmentId: environment.id,
    path: ['organizations', organization.id],
    name: organization.displayName,
  });
  await organizationsView.reveal(environment.id, organization, { focus: false });
}
