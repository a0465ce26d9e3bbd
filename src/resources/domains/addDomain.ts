import * as vscode from 'vscode';
import { createDomain, listDomains, type Domain, type DomainType } from '../../api/domains';
import { findRecord } from '../../api/page';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { withOrganization, type ChosenOrganization } from '../organizations/chosenOrganization';
import { copyTxtRecord } from './copyTxtRecord';
import { submitForm, type Form } from '../../changes/form';
import { entryStep, type NextSteps } from '../../ui/wizard';
import type { Choice } from '../../ui/prompts';
import { readDomainText } from './parseDomain';
import { isCreatedSince } from '../../changes/createdSince';
import { refreshList, shownIds, showNew } from '../organizations/organizationLists';
import { txtRecordOf } from './txtRecord';

/** The input so far. */
interface Draft {
  readonly domain: string;
  readonly domain_type: DomainType;
}

/** Add Domain…: its name and purpose. Asks again for what Scalekit rejects. */
export async function addDomain(argument: unknown, dependencies: ActionDependencies): Promise<void> {
  await withOrganization(argument, vscode.l10n.t('Add Domain'), dependencies, async (chosen) => {
    const domain = await submitForm(domainForm(chosen, dependencies), dependencies.prompts);
    if (domain === undefined) return;
    await showNew(chosen, 'domains', domain.id, dependencies);
    await offerTxtRecord(domain, chosen, dependencies);
  });
}

function domainForm(chosen: ChosenOrganization, dependencies: ActionDependencies): Form<Draft, Domain> {
  const { environment, organization } = chosen;
  const name = organization.displayName ?? organization.id;
  return {
    title: environment.production
      ? vscode.l10n.t('Add Domain to {0} (production)', name)
      : vscode.l10n.t('Add Domain to {0}', name),
    draft: { domain: '', domain_type: 'ORGANIZATION_DOMAIN' },
    steps: {
      domain: entryStep(() => ({
        placeholder: vscode.l10n.t('A business domain that the customer owns, for example acme.com'),
        validate: (text) =>
          readDomainText(text) === undefined
            ? vscode.l10n.t('This isn’t a domain. Enter one, for example acme.com.')
            : undefined,
        choices: purposes,
      })),
    },
    send: (draft) => add(domainOf(draft), draft.domain_type, chosen, dependencies),
  };
}

/** What a domain is added for. A pasted web address is shown as its domain. */
function purposes(text: string): readonly Choice<NextSteps<Draft>>[] {
  const domain = readDomainText(text);
  const choice = (domain_type: DomainType): NextSteps<Draft> => ({ also: { domain_type } });
  return [
    {
      value: choice('ORGANIZATION_DOMAIN'),
      label: vscode.l10n.t('Add for Single Sign-On'),
      description: domain ?? vscode.l10n.t('organization domain'),
      detail: vscode.l10n.t('Its users sign in with the customer’s identity provider. Must be verified in DNS.'),
      icon: 'verified',
    },
    {
      value: choice('ALLOWED_EMAIL_DOMAIN'),
      label: vscode.l10n.t('Add as Sign-in Suggestion'),
      description: domain ?? vscode.l10n.t('allowed email domain'),
      detail: vscode.l10n.t('Its users are offered this organization, however they sign in.'),
      icon: 'mail',
    },
  ];
}

/** The domain in the typed text, which may be a web address. */
function domainOf({ domain }: Draft): string {
  return readDomainText(domain) ?? domain;
}

function add(
  domain: string,
  type: DomainType,
  chosen: ChosenOrganization,
  { organizationsView, writer }: ActionDependencies,
): Promise<{ readonly result: Domain } | undefined> {
  const { environment, organization } = chosen;
  const name = organization.displayName ?? organization.id;
  const known = shownIds(chosen, 'domains', organizationsView);
  const begun = Date.now();
  const isIt = (found: Domain): boolean =>
    found.domain === domain && !known.has(found.id) && isCreatedSince(found, begun);
  return writer.run<Domain>({
    environmentId: environment.id,
    viewId: 'scalekit.organizations',
    object: `domains/${domain}`,
    title: vscode.l10n.t('Adding {0} to {1}', domain, name),
    confirm: { question: vscode.l10n.t('Add {0} to {1}?', domain, name), action: vscode.l10n.t('Add Domain') },
    call: (client) => createDomain(client, organization.id, domain, type),
    verify: (client) => findRecord((page) => listDomains(client, organization.id, page, { fresh: true }), isIt),
    refresh: () =>
      refreshList({ environmentId: environment.id, organizationId: organization.id }, 'domains', organizationsView),
    done: () => vscode.l10n.t('Added {0} to {1}', domain, name),
  });
}

/** The next step for a domain that must be verified in DNS. */
async function offerTxtRecord(
  domain: Domain,
  { environment, organization }: ChosenOrganization,
  dependencies: ActionDependencies,
): Promise<void> {
  if (domain.verificationStatus !== 'PENDING' || txtRecordOf(domain) === undefined) return;
  const copy = vscode.l10n.t('Copy TXT Record…');
  const text = vscode.l10n.t(
    'Added {0}. To verify it, the customer adds a DNS TXT record.',
    domain.domain ?? domain.id,
  );
  if ((await dependencies.prompts.message('information', text, copy)) === copy) {
    await copyTxtRecord(environment, { organizationId: organization.id, domainId: domain.id }, dependencies);
  }
}
