import * as vscode from 'vscode';
import { generatePortalLink as callGeneratePortalLink, type PortalFeature } from '../../api/portalLinks';
import type { Choice } from '../../ui/prompts';
import type { Redactor } from '../../ui/redactor';
import type { ActionDependencies } from './actionDependencies';
import { chosenOrganization } from './chosenOrganization';
import {
  featureStates,
  featureTitles,
  readOrganizationAgain,
  setFeatures,
  type FeatureState,
} from './organizationFeatures';
import { pickStep, runWizard, stepIf, type Wizard } from '../../ui/wizard';

/** What happens to a link as soon as it exists: its minute has begun. */
type Delivery = 'copy' | 'open';

/** The input so far. */
interface Draft {
  readonly features: readonly PortalFeature[];
  /** Whether to enable those of the features that are disabled. */
  readonly enable: boolean;
  readonly delivery: Delivery;
}

/**
 * Generate Admin Portal Link…: for which features, which it can enable first, then copied or opened at once. The link lets in whoever has it, so
 * it's never shown.
 */
export async function generatePortalLink(argument: unknown, dependencies: ActionDependencies): Promise<void> {
  const chosen = await chosenOrganization(argument, vscode.l10n.t('Admin Portal Link'), dependencies);
  if (chosen === undefined) return;
  const { environment } = chosen;
  const organization = await readOrganizationAgain(chosen, dependencies);
  const customer = organization.displayName ?? organization.id;
  const states = featureStates(organization);
  const wizard: Wizard<Draft> = {
    title: vscode.l10n.t('Admin Portal Link for {0}', customer),
    draft: { features: [], enable: false, delivery: 'copy' },
    steps: {
      features: pickStep(() => ({
        placeholder: vscode.l10n.t('What can this customer’s admin set up with it?'),
        choices: featureChoices(states),
      })),
      enable: stepIf(
        ({ features }) => disabledOf(features, states).length > 0,
        pickStep(({ features }) => enablePrompt(disabledOf(features, states), customer)),
      ),
      delivery: pickStep(() => ({
        placeholder: vscode.l10n.t('The link works once, and only within one minute'),
        choices: deliveryChoices(),
      })),
    },
  };
  const wish = await runWizard(wizard, dependencies.prompts);
  if (wish === undefined) return;
  const disabled = disabledOf(wish.features, states);
  if (wish.enable && !(await setFeatures({ ...chosen, organization }, disabled, true, dependencies))) return;
  await dependencies.writer.run<boolean>({
    environmentId: environment.id,
    viewId: 'scalekit.organizations',
    object: `organization/${organization.id}`,
    title: vscode.l10n.t('Generating an admin portal link for {0}', customer),
    confirm: {
      question: vscode.l10n.t('Generate an admin portal link for {0}?', customer),
      detail: vscode.l10n.t(
        'The first person who opens it can change this customer’s {0} setup. It works once, within one minute.',
        featureTitles(wish.features),
      ),
      action: wish.delivery === 'copy' ? vscode.l10n.t('Generate and Copy') : vscode.l10n.t('Generate and Open'),
    },
    isHarmlessTwice: true,
    call: async (client) => {
      const link = await callGeneratePortalLink(client, organization.id, wish.features);
      learn(link, dependencies.redactor);
      if (wish.delivery === 'open') return dependencies.openLink(link);
      await dependencies.clipboard.copy(link);
      return true;
    },
    refresh: () => Promise.resolve(),
    done: (delivered) => {
      if (!delivered)
        return vscode.l10n.t('The admin portal link for {0} wasn’t opened. It expires within one minute', customer);
      return wish.delivery === 'copy'
        ? vscode.l10n.t('Copied the admin portal link for {0}. It works once, within one minute', customer)
        : vscode.l10n.t('Opened the admin portal of {0} in the browser', customer);
    },
  });
}

function disabledOf(features: readonly PortalFeature[], states: readonly FeatureState[]): FeatureState[] {
  return states.filter(({ feature, enabled }) => !enabled && features.includes(feature));
}

function enablePrompt(disabled: readonly FeatureState[], customer: string) {
  const names = featureTitles(disabled.map(({ feature }) => feature));
  return {
    placeholder: vscode.l10n.t('{0}: disabled for {1}', names, customer),
    choices: [
      {
        value: true,
        label: vscode.l10n.t('Enable and Continue'),
        description: names,
        icon: 'debug-start',
      },
      {
        value: false,
        label: vscode.l10n.t('Continue Without Enabling'),
        description: vscode.l10n.t('you can enable it later'),
        icon: 'arrow-right',
      },
    ],
  };
}

function deliveryChoices(): Choice<Delivery>[] {
  return [
    {
      value: 'copy',
      label: vscode.l10n.t('Copy Link'),
      description: vscode.l10n.t('to send it to the customer'),
      icon: 'copy',
    },
    {
      value: 'open',
      label: vscode.l10n.t('Open in Browser'),
      description: vscode.l10n.t('the link works only once'),
      icon: 'link-external',
    },
  ];
}

/** The enabled features come first, so that Enter selects exactly those. */
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
        label: featureTitles(combination.map(({ feature }) => feature)),
        description:
          off.length === 0
            ? undefined
            : off.length === combination.length
              ? vscode.l10n.t('disabled for this organization')
              : vscode.l10n.t('{0}: disabled for this organization', featureTitles(off)),
        icon: 'settings-gear',
      };
    },
  );
}

/** From now on, no log line or message can contain the link, or the part of it that lets people in. */
function learn(link: string, redactor: Redactor): void {
  redactor.add(link);
  redactor.add(new URL(link).pathname.split('/').at(-1) ?? '');
}
