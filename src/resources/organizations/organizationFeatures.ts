import * as vscode from 'vscode';
import { getOrganization, setOrganizationFeatures, type Organization } from '../../api/organizations';
import type { PortalFeature } from '../../api/portalLinks';
import { ScalekitError } from '../../api/client/scalekitError';
import { inEnvironment, isNotFound } from '../../core/environmentFailure';
import { showStatus } from '../../ui/statusMessage';
import type { ActionDependencies } from './actionDependencies';
import { chosenOrganization, type ChosenOrganization } from './chosenOrganization';

/** The current state of an organization's feature. */
export interface FeatureState {
  readonly feature: PortalFeature;
  /** Scalekit's name in this organization: `dir_sync` was once `directory_sync` (docs/scalekit-api.md, 2.2). */
  readonly name: string;
  readonly enabled: boolean;
}

/** Enable SSO and its like. Reads the organization first, since its row may not know its features, or old ones. */
export async function enableFeature(
  argument: unknown,
  feature: PortalFeature,
  enabled: boolean,
  dependencies: ActionDependencies,
): Promise<void> {
  const title = featureTitle(feature);
  const command = enabled ? vscode.l10n.t('Enable {0}', title) : vscode.l10n.t('Disable {0}', title);
  const chosen = await chosenOrganization(argument, command, dependencies);
  if (chosen === undefined) return;
  const organization = await readOrganizationAgain(chosen, dependencies);
  const state = featureStates(organization).find((each) => each.feature === feature);
  if (state === undefined) return;
  if (state.enabled !== enabled) {
    await setFeatures({ ...chosen, organization }, [state], enabled, dependencies);
    return;
  }
  dependencies.organizationsView.update(chosen.environment.id, organization);
  const customer = organization.displayName ?? organization.id;
  showStatus(
    enabled
      ? vscode.l10n.t('{0} is already enabled for {1}', title, customer)
      : vscode.l10n.t('{0} is already disabled for {1}', title, customer),
  );
}

/** SSO and SCIM of an organization. A missing one is disabled. */
export function featureStates({ features = [] }: Organization): FeatureState[] {
  const stateOf = (feature: PortalFeature, ...names: string[]): FeatureState => {
    const found = features.find(({ name }) => names.includes(name));
    return { feature, name: found?.name ?? feature, enabled: found?.enabled ?? false };
  };
  return [stateOf('sso', 'sso'), stateOf('dir_sync', 'dir_sync', 'directory_sync')];
}

/** The name that users know. */
export function featureTitle(feature: PortalFeature): string {
  return feature === 'sso' ? 'SSO' : 'SCIM';
}

/**
 * Reads an organization itself, since lists may leave out its features (docs/scalekit-api.md, 2.2). Removes its row if
 * it no longer exists.
 *
 * @throws EnvironmentFailure
 */
export async function readOrganizationAgain(
  { environment, organization }: ChosenOrganization,
  { environments, organizationsView }: ActionDependencies,
): Promise<Organization> {
  return vscode.window.withProgress({ location: { viewId: 'scalekit.organizations' } }, async () => {
    try {
      return await inEnvironment(environment, async () =>
        getOrganization(await environments.client(environment.id), organization.id, { fresh: true }),
      );
    } catch (error) {
      if (isNotFound(error)) organizationsView.remove(environment.id, organization.id);
      throw error;
    }
  });
}

function meaning(feature: PortalFeature, enabled: boolean): string {
  if (feature === 'sso') {
    return enabled
      ? vscode.l10n.t('Its users can sign in through their own identity provider.')
      : vscode.l10n.t('Its users can’t sign in through their own identity provider anymore.');
  }
  return enabled
    ? vscode.l10n.t('Its directory can sync users and groups.')
    : vscode.l10n.t('Its directory no longer syncs users and groups.');
}

/** The names of one or both, as a sentence has them. */
export function featureTitles(features: readonly PortalFeature[]): string {
  const [first, second] = features.map(featureTitle);
  return second === undefined ? (first ?? '') : vscode.l10n.t('{0} and {1}', first ?? '', second);
}

/** Enables or disables one or both in one request, with one Undo. Returns whether it was done. */
export async function setFeatures(
  chosen: ChosenOrganization,
  states: readonly FeatureState[],
  enabled: boolean,
  dependencies: ActionDependencies,
): Promise<boolean> {
  const { environment, organization } = chosen;
  const { documents, organizationsView, writer } = dependencies;
  const features = states.map(({ feature }) => feature);
  const title = featureTitles(features);
  const customer = organization.displayName ?? organization.id;
  const isSwitched = (now: Organization): boolean =>
    featureStates(now).every((state) => !features.includes(state.feature) || state.enabled === enabled);
  const outcome = await writer.run<Organization>({
    environmentId: environment.id,
    viewId: 'scalekit.organizations',
    object: `organization/${organization.id}`,
    title: enabled
      ? vscode.l10n.t('Enabling {0} for {1}', title, customer)
      : vscode.l10n.t('Disabling {0} for {1}', title, customer),
    confirm: {
      question: enabled
        ? vscode.l10n.t('Enable {0} for {1}?', title, customer)
        : vscode.l10n.t('Disable {0} for {1}?', title, customer),
      detail: features.map((feature) => meaning(feature, enabled)).join(' '),
      action: enabled ? vscode.l10n.t('Enable') : vscode.l10n.t('Disable'),
    },
    call: async (client) => {
      const wanted = states.map(({ name }) => ({ name, enabled }));
      const now = await setOrganizationFeatures(client, organization.id, wanted);
      if (isSwitched(now)) return now;
      throw new ScalekitError('invalid', {
        server: 'api',
        serverMessage: vscode.l10n.t('{0} stayed as it was.', title),
        maybeReceived: true,
      });
    },
    verify: async (client) => {
      const now = await getOrganization(client, organization.id, { fresh: true });
      return isSwitched(now) ? now : undefined;
    },
    refresh: async (now) => {
      if (now === undefined)
        await organizationsView.refreshOrganization(environment.id, organization.id).catch(() => undefined);
      else organizationsView.update(environment.id, now);
      documents.refresh({ environmentId: environment.id, path: ['organizations', organization.id] });
    },
    done: () =>
      enabled
        ? vscode.l10n.t('Enabled {0} for {1}', title, customer)
        : vscode.l10n.t('Disabled {0} for {1}', title, customer),
    undo: {
      run: () => setFeatures(chosen, states, !enabled, dependencies),
      needs: [{ environmentId: environment.id, path: ['organizations', organization.id] }],
    },
  });
  return outcome !== undefined;
}
