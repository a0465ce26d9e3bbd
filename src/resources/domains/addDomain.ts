import * as vscode from 'vscode';
import { createDomain, listDomains, type Domain, type DomainType } from '../../api/domains';
import { findRecord } from '../../api/page';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { withOrganization, type ChosenOrganization } from '../organizations/chosenOrganization';
import { copyTxtRecord } from './copyTxtRecord';
import { stepWithError, type StepError } from '../../changes/stepError';
import { readDomainText } from './domainText';
import { isCreatedSince } from '../../changes/createdSince';
import { refreshList, shownIds, showNew } from '../organizations/organizationLists';
import { txtRecordOf } from './txtRecord';

const STEPS = ['domain', 'domain_type'] as const;
type Step = (typeof STEPS)[number];

/** What was entered so far. */
interface Draft {
  readonly text: string;
  readonly type?: DomainType;
}

/** Add Domain…: which, and what for. What Scalekit refuses is asked for again. */
export async function addDomain(argument: unknown, tools: ActionDependencies): Promise<void> {
  await withOrganization(argument, vscode.l10n.t('Add Domain'), tools, (chosen) => addDomainTo(chosen, tools));
}

async function addDomainTo(chosen: ChosenOrganization, tools: ActionDependencies): Promise<void> {
  let draft: Draft = { text: '' };
  let place: StepError<Step> = { step: 'domain' };
  for (;;) {
    const entered = await enter(draft, place, chosen, tools);
    if (entered === undefined) return;
    draft = entered.draft;
    const outcome = await add(entered.domain, entered.type, chosen, tools).catch((error: unknown) =>
      stepWithError(error, STEPS),
    );
    if (outcome === undefined) return;
    if ('result' in outcome) {
      await showNew(chosen, 'domains', outcome.result.id, tools);
      return offerTxtRecord(outcome.result, chosen, tools);
    }
    place = outcome;
  }
}

async function enter(
  typed: Draft,
  place: StepError<Step>,
  { environment, organization }: ChosenOrganization,
  { prompts }: ActionDependencies,
): Promise<{ readonly draft: Draft; readonly domain: string; readonly type: DomainType } | undefined> {
  const name = organization.displayName ?? organization.id;
  const title = environment.production
    ? vscode.l10n.t('Add Domain to {0} (production)', name)
    : vscode.l10n.t('Add Domain to {0}', name);
  let { text } = typed;
  let said = place.problem;
  for (let step = place.step; ; step = 'domain') {
    if (step === 'domain') {
      const result = await prompts.input({
        title,
        prompt: vscode.l10n.t('A business domain that the customer owns'),
        placeholder: vscode.l10n.t('acme.com'),
        value: text,
        problem: said,
        step: { number: 1, of: 2 },
        validate: (input) =>
          readDomainText(input) === undefined
            ? vscode.l10n.t('This is not a domain. Enter one such as acme.com.')
            : undefined,
      });
      if (result === undefined || result === 'back') return undefined;
      ({ text } = result.answer);
      said = undefined;
    }
    const domain = readDomainText(text);
    if (domain === undefined) continue;
    const type = await prompts.pick<DomainType>({
      title,
      placeholder: said ?? vscode.l10n.t('What is {0} for?', domain),
      step: { number: 2, of: 2 },
      canGoBack: true,
      choices: [
        {
          value: 'ORGANIZATION_DOMAIN',
          label: vscode.l10n.t('Single Sign-On'),
          description: vscode.l10n.t('organization domain'),
          detail: vscode.l10n.t(
            'People with an email address of this domain are sent to the customer’s identity provider to sign in. Its owner proves it in DNS.',
          ),
          icon: 'verified',
        },
        {
          value: 'ALLOWED_EMAIL_DOMAIN',
          label: vscode.l10n.t('Suggestion When Signing In'),
          description: vscode.l10n.t('allowed email domain'),
          detail: vscode.l10n.t(
            'People with an email address of this domain are offered this organization, however they sign in.',
          ),
          icon: 'mail',
        },
      ],
    });
    said = undefined;
    if (type === undefined) return undefined;
    if (type !== 'back') return { draft: { text, type: type.answer }, domain, type: type.answer };
  }
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
    done: () => vscode.l10n.t('{0} is added to {1}', domain, name),
  });
}

/** What comes next for a domain that must be proved in DNS. */
async function offerTxtRecord(
  domain: Domain,
  { environment, organization }: ChosenOrganization,
  tools: ActionDependencies,
): Promise<void> {
  if (domain.verificationStatus !== 'PENDING' || txtRecordOf(domain) === undefined) return;
  const copy = vscode.l10n.t('Copy TXT Record…');
  const text = vscode.l10n.t('{0} is added. Its owner proves it with a TXT record in DNS.', domain.domain ?? domain.id);
  if ((await tools.prompts.message('information', text, copy)) === copy) {
    await copyTxtRecord(environment, { organizationId: organization.id, domainId: domain.id }, tools);
  }
}
