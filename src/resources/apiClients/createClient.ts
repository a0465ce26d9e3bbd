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
import type { Choice } from '../../ui/prompts';
import { entryStep, pickStep, textStep } from '../../ui/wizard';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { addSecret } from './addSecret';
import { withOrganization, type ChosenOrganization } from '../organizations/chosenOrganization';
import { creationChoices } from '../../changes/creationChoices';
import { submitForm, type Form } from '../../changes/form';
import { isCreatedSince } from '../../changes/createdSince';
import { refreshList, shownIds, showNew } from '../organizations/organizationLists';
import { handOver, tellOfSecret, type CopiedSecret } from './secretHandover';
import { readLifetime } from './tokenLifetime';

/** The input so far. */
interface Draft {
  readonly name: string;
  readonly description: string;
  readonly scopes: string;
  readonly audience: string;
  /** How long its tokens are valid, in seconds. Undefined for Scalekit's default. */
  readonly expiry: number | undefined;
}

interface Created {
  readonly client: OrganizationClient;
  readonly secret: CopiedSecret | undefined;
}

/** A scope (RFC 6749, 3.3). */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Create API Client…: a name, and on request a description, scopes, audience and token lifetime. Its secret is copied,
 * never shown.
 */
export async function createClient(argument: unknown, dependencies: ActionDependencies): Promise<void> {
  await withOrganization(argument, vscode.l10n.t('Create API Client'), dependencies, async (chosen) => {
    const created = await submitForm(clientForm(chosen, dependencies), dependencies.prompts);
    if (created !== undefined) await tell(created, chosen, dependencies);
  });
}

function clientForm(chosen: ChosenOrganization, dependencies: ActionDependencies): Form<Draft, Created> {
  const { environment, organization } = chosen;
  const customer = organization.displayName ?? organization.id;
  return {
    title: environment.production
      ? vscode.l10n.t('Create API Client for {0} (production)', customer)
      : vscode.l10n.t('Create API Client for {0}', customer),
    draft: { name: '', description: '', scopes: '', audience: '', expiry: undefined },
    steps: {
      name: entryStep(() => ({
        placeholder: vscode.l10n.t('Name of the API client, for example CI pipeline'),
        validate: (text) =>
          text.trim() === '' ? vscode.l10n.t('An API client needs a name.') : tooLong(text, CLIENT_LIMITS.name),
        choices: () =>
          creationChoices('name', undefined, vscode.l10n.t('Description, scopes, audience, token lifetime')),
      })),
      description: textStep(() => ({
        prompt: vscode.l10n.t('Description: what it is for (optional)'),
        placeholder: vscode.l10n.t('Optional'),
        validate: (text) => tooLong(text, CLIENT_LIMITS.description),
      })),
      scopes: textStep(() => ({
        prompt: vscode.l10n.t('Scopes that its tokens may have, separated by spaces (optional)'),
        placeholder: vscode.l10n.t('deploy:resources read:deployments'),
        validate: scopeProblem,
      })),
      audience: textStep(() => ({
        prompt: vscode.l10n.t('Audience: the APIs that its tokens are for, separated by spaces (optional)'),
        placeholder: vscode.l10n.t('https://api.acme.com'),
      })),
      expiry: pickStep(() => ({
        placeholder: vscode.l10n.t('How long its tokens are valid. Choose, or type a time: 900 (seconds), 15m, 8h, 7d'),
        choices: lifetimeChoices(),
        typed: typedLifetime,
      })),
    },
    send: (draft) => create(requestOf(draft), chosen, dependencies),
  };
}

function scopeProblem(text: string): string | undefined {
  const wrong = words(text).find((scope) => !SCOPE.test(scope));
  return wrong === undefined
    ? undefined
    : vscode.l10n.t('“{0}” isn’t a scope. Use ASCII characters without quotes and backslashes.', wrong);
}

function tooLong(text: string, most: number): string | undefined {
  return [...text.trim()].length > most ? vscode.l10n.t('This has more than {0} characters.', most) : undefined;
}

function lifetimeChoices(): Choice<number | undefined>[] {
  const hour = 3_600;
  return [
    { value: undefined, label: vscode.l10n.t('Scalekit’s Default'), description: vscode.l10n.t('1 hour') },
    { value: hour / 4, label: vscode.l10n.t('15 Minutes') },
    { value: 24 * hour, label: vscode.l10n.t('24 Hours') },
  ];
}

function typedLifetime(text: string): Choice<number | undefined> | undefined {
  const seconds = readLifetime(text);
  return seconds === undefined
    ? undefined
    : { value: seconds, label: durationInWords(seconds * 1000, vscode.env.language), description: text.trim() };
}

function requestOf({ name, description, scopes, audience, expiry }: Draft): NewOrganizationClient {
  return {
    name,
    ...(description === '' ? {} : { description }),
    scopes: words(scopes),
    audience: words(audience),
    tokenLifetimeSeconds: expiry,
  };
}

function words(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((word) => word !== ''))];
}

function create(
  wanted: NewOrganizationClient,
  chosen: ChosenOrganization,
  dependencies: ActionDependencies,
): Promise<{ readonly result: Created } | undefined> {
  const { name } = wanted;
  const { environment, organization } = chosen;
  const customer = organization.displayName ?? organization.id;
  const known = shownIds(chosen, 'clients', dependencies.organizationsView);
  const begun = Date.now();
  return dependencies.writer.run<Created>({
    environmentId: environment.id,
    viewId: 'scalekit.organizations',
    object: `clients/${organization.id}/${name}`,
    title: vscode.l10n.t('Creating the API client {0} for {1}', name, customer),
    confirm: {
      question: vscode.l10n.t('Create the API client {0} for {1}?', name, customer),
      detail: vscode.l10n.t('Its secret is copied. Anyone who has it can get access tokens for this organization.'),
      action: vscode.l10n.t('Create'),
    },
    call: async (client) => {
      const { created, plainSecret } = await createOrganizationClient(client, organization.id, wanted);
      return { client: created, secret: await handOver(plainSecret, dependencies) };
    },
    verify: async (client) => {
      const isIt = (found: OrganizationClient): boolean =>
        found.name === name && !known.has(found.id) && isCreatedSince(found, begun);
      const found = await findRecord(
        (page) => listOrganizationClients(client, organization.id, page, { fresh: true }),
        isIt,
      );
      return found === undefined ? undefined : { client: found, secret: undefined };
    },
    refresh: () =>
      refreshList(
        { environmentId: environment.id, organizationId: organization.id },
        'clients',
        dependencies.organizationsView,
      ),
    done: ({ secret }) =>
      secret === undefined
        ? vscode.l10n.t('Created {0}', name)
        : vscode.l10n.t('Created {0} and copied its secret', name),
  });
}

async function tell(
  { client, secret }: Created,
  chosen: ChosenOrganization,
  dependencies: ActionDependencies,
): Promise<void> {
  const { environment, organization } = chosen;
  if (secret !== undefined) await tellOfSecret(secret, client, environment, dependencies);
  await showNew(chosen, 'clients', client.id, dependencies);
  if (secret !== undefined) return;
  const another = vscode.l10n.t('Add Secret');
  const text = vscode.l10n.t(
    'Created {0}, but its secret couldn’t be copied, and Scalekit won’t show it again. Add another one, and revoke the first.',
    client.name ?? client.id,
  );
  if ((await dependencies.prompts.message('warning', text, another)) === another)
    await addSecret(client, { environment, organizationId: organization.id }, dependencies);
}
