import * as vscode from 'vscode';
import {
  deleteClientSecret,
  deleteOrganizationClient,
  getOrganizationClient,
  type ClientReference,
  type ClientSecret,
  type OrganizationClient,
} from '../../api/organizationClients';
import { isRecord } from '../../api/json';
import type { ScalekitClient } from '../../api/client/scalekitClient';
import { ScalekitError } from '../../api/client/scalekitError';
import type { CommandTable } from '../../ui/commands';
import type { Environment } from '../../core/environment';
import { inEnvironment } from '../../core/environmentFailure';
import { localDay } from '../../ui/localTime';
import type { Choice } from '../../ui/prompts';
import type { OrganizationClientNode } from './organizationClientNode';
import { onRow, type ActionDependencies } from '../organizations/actionDependencies';
import { addSecret, suffixOf } from './addSecret';
import { createClient } from './createClient';
import { refreshList } from '../organizations/organizationLists';
import { deleteResource } from '../../changes/deleteResource';

export function clientActions(dependencies: ActionDependencies) {
  const act = onRow(shownClient, dependencies);
  return {
    'scalekit.client.create': (argument) => createClient(argument, dependencies),
    'scalekit.client.addSecret': act(({ node, environment }) =>
      addSecret(node.client, { environment, organizationId: node.organizationId }, dependencies),
    ),
    'scalekit.client.revokeSecret': act(revokeSecret),
    'scalekit.client.delete': act(deleteClient),
  } satisfies CommandTable;
}

/** An API client's row, and what calls and messages need from it. */
interface ShownClient {
  readonly node: OrganizationClientNode;
  readonly environment: Environment;
  readonly which: ClientReference;
  readonly name: string;
}

function shownClient(
  argument: unknown,
  { environments, organizationsView }: ActionDependencies,
): ShownClient | undefined {
  if (!isClientNode(argument) || !organizationsView.treeView.hasShown(argument)) return undefined;
  const { environmentId, organizationId, client } = argument;
  const environment = environments.get(environmentId);
  if (environment === undefined) return undefined;
  return {
    node: argument,
    environment,
    which: { organizationId, clientId: client.id },
    name: client.name ?? client.id,
  };
}

/** Revoke Secret…: one of the client's current secrets, identified by their last characters. */
async function revokeSecret(
  { node, environment, which, name }: ShownClient,
  dependencies: ActionDependencies,
): Promise<void> {
  const { documents, environments, organizationsView, prompts } = dependencies;
  const { secrets } = await vscode.window.withProgress({ location: { viewId: 'scalekit.organizations' } }, () =>
    inEnvironment(environment, async () =>
      getOrganizationClient(await environments.client(environment.id), which, { fresh: true }),
    ),
  );
  if (secrets.length === 0) {
    await prompts.message('information', vscode.l10n.t('{0} has no secret.', name));
    return;
  }
  const result = await prompts.pick<ClientSecret>({
    title: vscode.l10n.t('Revoke a Secret of {0}', name),
    placeholder: vscode.l10n.t('Choose it by its last characters'),
    choices: secrets.map(secretChoice),
  });
  if (result === undefined || result === 'back') return;
  const secret = result.answer;
  const suffix = suffixOf(secret);
  const isLast = isActive(secret) && secrets.every((each) => each.id === secret.id || !isActive(each));
  await deleteResource(
    {
      environment,
      object: `client/${which.clientId}`,
      title: vscode.l10n.t('Revoking {0} of {1}', suffix, name),
      question: vscode.l10n.t('Revoke the secret {0} of {1}?', suffix, name),
      meaning: [
        vscode.l10n.t('Programs that use it can’t get access tokens anymore.'),
        ...(isLast
          ? [vscode.l10n.t('It’s the last active secret. The client can’t be used until it has another.')]
          : []),
        vscode.l10n.t('You can’t undo this.'),
      ].join(' '),
      action: vscode.l10n.t('Revoke'),
      name: secret.suffix,
      id: secret.id,
      call: (client) => deleteClientSecret(client, which, secret.id),
      read: (client) => readSecret(client, which, secret.id),
      refresh: async () => {
        if (node.document !== undefined) documents.refresh(node.document);
        await refreshList(node, 'clients', organizationsView);
      },
      done: (outcome) =>
        outcome === 'gone'
          ? vscode.l10n.t('{0} of {1} was already revoked', suffix, name)
          : vscode.l10n.t('Revoked {0} of {1}', suffix, name),
    },
    dependencies,
  );
}

function secretChoice(secret: ClientSecret): Choice<ClientSecret> {
  const day = (time: Date | undefined): string => (time === undefined ? vscode.l10n.t('never') : localDay(time));
  const details = [
    isActive(secret) ? vscode.l10n.t('active') : vscode.l10n.t('inactive'),
    ...(secret.createTime === undefined ? [] : [vscode.l10n.t('created {0}', day(secret.createTime))]),
    vscode.l10n.t('last used: {0}', day(secret.lastUsedTime)),
  ];
  return { value: secret, label: suffixOf(secret), description: details.join(' · '), icon: 'key' };
}

function isActive({ status }: ClientSecret): boolean {
  return status !== 'INACTIVE';
}

/** @throws ScalekitError `notFound` if the client has no such secret */
async function readSecret(
  client: ScalekitClient,
  which: ClientReference,
  secretId: string,
): Promise<OrganizationClient> {
  const now = await getOrganizationClient(client, which, { fresh: true });
  if (!now.secrets.some(({ id }) => id === secretId))
    throw new ScalekitError('notFound', { server: 'api', maybeReceived: true });
  return now;
}

async function deleteClient(
  { node, environment, which, name }: ShownClient,
  dependencies: ActionDependencies,
): Promise<void> {
  await deleteResource(
    {
      environment,
      object: `client/${which.clientId}`,
      title: vscode.l10n.t('Deleting {0}', name),
      question: vscode.l10n.t('Delete the API client {0}?', name),
      meaning: vscode.l10n.t(
        'Its secrets are deleted too, and programs that use them can’t get access tokens anymore. You can’t undo this.',
      ),
      action: vscode.l10n.t('Delete'),
      name: node.client.name,
      id: which.clientId,
      call: (client) => deleteOrganizationClient(client, which),
      read: (client) => getOrganizationClient(client, which, { fresh: true }),
      refresh: () => refreshList(node, 'clients', dependencies.organizationsView),
      done: (result) =>
        result === 'gone' ? vscode.l10n.t('{0} was already deleted', name) : vscode.l10n.t('Deleted {0}', name),
      document: node.document,
    },
    dependencies,
  );
}

function isClientNode(value: unknown): value is OrganizationClientNode {
  return isRecord(value) && value['kind'] === 'organizationClient' && isRecord(value['client']);
}
