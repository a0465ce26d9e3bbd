import * as vscode from 'vscode';
import {
  createClientSecret,
  getOrganizationClient,
  type ClientSecret,
  type OrganizationClient,
} from '../../api/organizationClients';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { isCreatedSince } from '../../changes/createdSince';
import { refreshList } from '../organizations/organizationLists';
import { handOver, tellOfSecret, type CopiedSecret } from './secretHandover';
import type { Environment } from '../../core/environment';

export interface ClientPlace {
  readonly environment: Environment;
  readonly organizationId: string;
}

/**
 * Add Secret: adds one to the client's existing secrets, so that they can be rotated without downtime. It's copied,
 * never shown.
 */
export async function addSecret(
  client: OrganizationClient,
  { environment, organizationId }: ClientPlace,
  dependencies: ActionDependencies,
): Promise<void> {
  const { documents, organizationsView, prompts, writer } = dependencies;
  const name = client.name ?? client.id;
  const which = { organizationId, clientId: client.id };
  const known = new Set(client.secrets.map(({ id }) => id));
  const begun = Date.now();
  const outcome = await writer.run<{ readonly secret: ClientSecret; readonly copied: CopiedSecret | undefined }>({
    environmentId: environment.id,
    viewId: 'scalekit.organizations',
    object: `client/${client.id}`,
    title: vscode.l10n.t('Adding a secret to {0}', name),
    confirm: {
      question: vscode.l10n.t('Add a secret to {0}?', name),
      detail: vscode.l10n.t('The new secret is copied. Existing secrets stay valid.'),
      action: vscode.l10n.t('Add Secret'),
    },
    call: async (api) => {
      const { created, plainSecret } = await createClientSecret(api, which);
      return { secret: created, copied: await handOver(plainSecret, dependencies) };
    },
    verify: async (api) => {
      const { secrets } = await getOrganizationClient(api, which, { fresh: true });
      const secret = secrets.find((each) => !known.has(each.id) && isCreatedSince(each, begun));
      return secret === undefined ? undefined : { secret, copied: undefined };
    },
    refresh: async () => {
      documents.refresh({
        environmentId: environment.id,
        path: ['organizations', organizationId, 'clients', client.id],
      });
      await refreshList({ environmentId: environment.id, organizationId }, 'clients', organizationsView);
    },
    done: ({ copied }) => (copied === undefined ? undefined : vscode.l10n.t('Copied a new secret of {0}', name)),
  });
  if (outcome === undefined) return;
  const { copied, secret } = outcome.result;
  if (copied !== undefined) await tellOfSecret(copied, client, environment, dependencies);
  else
    await prompts.message(
      'warning',
      vscode.l10n.t(
        '{0} has a new secret, {1}, but it couldn’t be copied, and Scalekit won’t show it again. Revoke it and add another.',
        name,
        suffixOf(secret),
      ),
    );
}

/** A secret's last characters, which are all that is known of it. */
export function suffixOf({ id, suffix }: ClientSecret): string {
  return suffix === undefined ? id : `…${suffix}`;
}
