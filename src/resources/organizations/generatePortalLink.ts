import * as vscode from 'vscode';
import { generatePortalLink as callGeneratePortalLink, type PortalFeature } from '../../api/portalLinks';
import type { Choice, Prompts } from '../../ui/prompts';
import type { Redactor } from '../../ui/redactor';
import type { ActionDependencies } from './actionDependencies';
import { chosenOrganization } from './chosenOrganization';
import { featureStates, featureTitle, readOrganizationAnew, type FeatureState } from './toggleFeatures';

/** What becomes of a link as soon as it is there: its minute has begun. */
type Delivery = 'copy' | 'open';

/**
 * Generate Admin Portal Link…: for which features, then copied or opened at once. The link lets in whoever has it, so it is never shown.
 */
export async function generatePortalLink(argument: unknown, tools: ActionDependencies): Promise<void> {
  const chosen = await chosenOrganization(argument, vscode.l10n.t('Admin Portal Link'), tools);
  if (chosen === undefined) return;
  const { environment } = chosen;
  const organization = await readOrganizationAnew(chosen, tools);
  const customer = organization.displayName ?? organization.id;
  const wish = await ask(
    featureStates(organization),
    vscode.l10n.t('Admin Portal Link for {0}', customer),
    tools.prompts,
  );
  if (wish === undefined) return;
  await tools.writer.run<boolean>({
    environmentId: environment.id,
    viewId: 'scalekit.organizations',
    object: `organization/${organization.id}`,
    title: vscode.l10n.t('Generating an admin portal link for {0}', customer),
    confirm: {
      question: vscode.l10n.t('Generate an admin portal link for {0}?', customer),
      detail: vscode.l10n.t(
        'Whoever opens it first can change this customer’s {0} setup. It opens once, within one minute.',
        namesOf(wish.features),
      ),
      action: wish.delivery === 'copy' ? vscode.l10n.t('Generate and Copy') : vscode.l10n.t('Generate and Open'),
    },
    isHarmlessTwice: true,
    call: async (client) => {
      const link = await callGeneratePortalLink(client, organization.id, wish.features);
      learn(link, tools.redactor);
      if (wish.delivery === 'open') return tools.openLink(link);
      await tools.clipboard.copy(link);
      return true;
    },
    refresh: () => Promise.resolve(),
    done: (delivered) => {
      if (!delivered)
        return vscode.l10n.t('The admin portal link for {0} was not opened; it expires within one minute', customer);
      return wish.delivery === 'copy'
        ? vscode.l10n.t('Admin portal link for {0} copied: it opens once, within one minute', customer)
        : vscode.l10n.t('Admin portal of {0} opened in the browser', customer);
    },
  });
}

async function ask(
  states: readonly FeatureState[],
  title: string,
  prompts: Prompts,
): Promise<{ readonly features: readonly PortalFeature[]; readonly delivery: Delivery } | undefined> {
  for (;;) {
    const features = await prompts.pick<readonly PortalFeature[]>({
      title,
      step: { number: 1, of: 2 },
      placeholder: vscode.l10n.t('What can this customer’s admin set up with it?'),
      choices: featureChoices(states),
    });
    if (features === undefined || features === 'back') return undefined;
    const delivery = await prompts.pick<Delivery>({
      title,
      step: { number: 2, of: 2 },
      canGoBack: true,
      placeholder: vscode.l10n.t('The link opens once, and only within one minute'),
      choices: [
        {
          value: 'copy',
          label: vscode.l10n.t('Copy Link'),
          description: vscode.l10n.t('to send it to the customer'),
          icon: 'copy',
        },
        {
          value: 'open',
          label: vscode.l10n.t('Open in Browser'),
          description: vscode.l10n.t('uses it up'),
          icon: 'link-external',
        },
      ],
    });
    if (delivery === undefined) return undefined;
    if (delivery !== 'back') return { features: features.answer, delivery: delivery.answer };
  }
}

/** What is switched on comes first, so that Enter takes just that. */
function featureChoices(states: readonly FeatureState[]): Choice<readonly PortalFeature[]>[] {
  const enabled = states.filter((state) => state.enabled);
  const combinations = [states, ...states.map((state) => [state])];
  const first = combinations.find(
    (combination) => combination.length === enabled.length && combination.every((state) => state.enabled),
  );
  return [...(first === undefined ? [] : [first]), ...combinations.filter((combination) => combination !== first)].map(
    (combination) => {
      const off = combination.filter((state) => !state.enabled).map(({ feature }) => feature);
      return {
        value: combination.map(({ feature }) => feature),
        label: namesOf(combination.map(({ feature }) => feature)),
        description:
          off.length === 0
            ? undefined
            : off.length === combination.length
              ? vscode.l10n.t('disabled for this organization')
              : vscode.l10n.t('{0}: disabled for this organization', namesOf(off)),
        icon: 'settings-gear',
      };
    },
  );
}

function namesOf(features: readonly PortalFeature[]): string {
  const [first, second] = features.map(featureTitle);
  return second === undefined ? (first ?? '') : vscode.l10n.t('{0} and {1}', first ?? '', second);
}

/** From now on no log line and no message can hold the link, or the part of it that lets people in. */
function learn(link: string, redactor: Redactor): void {
  redactor.add(link);
  redactor.add(new URL(link).pathname.split('/').at(-1) ?? '');
}
