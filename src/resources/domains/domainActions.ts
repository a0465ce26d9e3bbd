import * as vscode from 'vscode';
import { deleteDomain, getDomain, verifyDomain } from '../../api/domains';
import { isRecord } from '../../api/json';
import type { CommandTable } from '../../ui/commands';
import type { Environment } from '../../core/environment';
import type { DomainNode } from './domainNode';
import { onRow, type ActionDependencies } from '../organizations/actionDependencies';
import { addDomain } from './addDomain';
import { organizationOf } from '../organizations/chosenOrganization';
import { copyTxtRecord } from './copyTxtRecord';
import { refreshList } from '../organizations/organizationLists';
import { deleteResource } from '../../changes/deleteResource';

export function domainActions(dependencies: ActionDependencies) {
  const act = onRow(shownDomain, dependencies);
  return {
    'scalekit.domain.add': (argument) => addDomain(argument, dependencies),
    'scalekit.domain.copyTxtRecord': act(({ environment, which }) => copyTxtRecord(environment, which, dependencies)),
    'scalekit.domain.verify': act(verify),
    'scalekit.domain.remove': act(removeDomain),
  } satisfies CommandTable;
}

/** A domain's row, and what calls and messages need from it. */
interface ShownDomain {
  readonly node: DomainNode;
  readonly environment: Environment;
  readonly which: { readonly organizationId: string; readonly domainId: string };
  readonly name: string;
}

function shownDomain(
  argument: unknown,
  { environments, organizationsView }: ActionDependencies,
): ShownDomain | undefined {
  if (!isDomainNode(argument) || !organizationsView.treeView.hasShown(argument)) return undefined;
  const { environmentId, organizationId, domain } = argument;
  const environment = environments.get(environmentId);
  if (environment === undefined) return undefined;
  return {
    node: argument,
    environment,
    which: { organizationId, domainId: domain.id },
    name: domain.domain ?? domain.id,
  };
}

/** Verify Domain: Scalekit looks for the TXT record now. A missing record isn't a failure, but is reported. */
async function verify(
  { node, environment, which, name }: ShownDomain,
  dependencies: ActionDependencies,
): Promise<void> {
  const { documents, organizationsView, prompts, writer } = dependencies;
  const outcome = await writer.run<boolean | 'notOffered'>({
    environmentId: environment.id,
    viewId: 'scalekit.organizations',
    object: `domain/${which.domainId}`,
    title: vscode.l10n.t('Verifying {0}', name),
    confirm: {
      question: vscode.l10n.t('Verify {0}?', name),
      detail: vscode.l10n.t(
        'Scalekit looks for its TXT record in DNS. Once it’s verified, users with an email address on this domain sign in through the customer’s identity provider.',
      ),
      action: vscode.l10n.t('Verify'),
    },
    isHarmlessTwice: true,
    call: (client) => verifyDomain(client, which),
    verify: async (client) =>
      isVerified((await getDomain(client, which, { fresh: true })).verificationStatus) ? true : undefined,
    refresh: async () => {
      if (node.document !== undefined) documents.refresh(node.document);
      await refreshList(node, 'domains', organizationsView);
    },
    done: (result) => (result === true ? vscode.l10n.t('Verified {0}', name) : undefined),
  });
  if (outcome === undefined || outcome.result === true) return;
  if (outcome.result === 'notOffered') {
    await prompts.message(
      'information',
      vscode.l10n.t(
        '{0}: this environment’s API doesn’t offer verification; it’s a preview there. Verify {1} in the Scalekit dashboard.',
        environment.name,
        name,
      ),
    );
    return;
  }
  const copy = vscode.l10n.t('Copy TXT Record…');
  const text = vscode.l10n.t(
    '{0} isn’t verified: Scalekit didn’t find its TXT record. A new record can take hours to be seen everywhere. Verify again then.',
    name,
  );
  if ((await prompts.message('warning', text, copy)) === copy) await copyTxtRecord(environment, which, dependencies);
}

function isVerified(status: string | undefined): boolean {
  return status === 'VERIFIED' || status === 'AUTO_VERIFIED';
}

async function removeDomain(
  { node, environment, which, name }: ShownDomain,
  dependencies: ActionDependencies,
): Promise<void> {
  const organization = organizationOf(node)?.organization;
  const customer = organization?.displayName ?? which.organizationId;
  await deleteResource(
    {
      environment,
      object: `domain/${which.domainId}`,
      title: vscode.l10n.t('Removing {0}', name),
      question: vscode.l10n.t('Remove the domain {0} from {1}?', name, customer),
      // The effects of deleting a domain: docs/scalekit-api.md, 2.5.
      meaning:
        node.domain.type === 'ALLOWED_EMAIL_DOMAIN'
          ? vscode.l10n.t(
              'Users with an email address on this domain are no longer offered this organization when they sign in.',
            )
          : vscode.l10n.t(
              'Users with an email address on this domain no longer sign in through the customer’s identity provider, and may sign in without it. If you add it again, you may have to verify it again.',
            ),
      action: vscode.l10n.t('Remove'),
      name: node.domain.domain,
      id: which.domainId,
      call: (client) => deleteDomain(client, which),
      read: (client) => getDomain(client, which, { fresh: true }),
      refresh: () => refreshList(node, 'domains', dependencies.organizationsView),
      done: (result) =>
        result === 'gone'
          ? vscode.l10n.t('{0} was already removed', name)
          : vscode.l10n.t('Removed {0} from {1}', name, customer),
      document: node.document,
    },
    dependencies,
  );
}

function isDomainNode(value: unknown): value is DomainNode {
  return isRecord(value) && value['kind'] === 'domain' && isRecord(value['domain']);
}
