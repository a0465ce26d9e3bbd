import * as vscode from 'vscode';
import { EnvironmentUrlError, parseEnvironmentUrl } from '../api/client/environmentUrl';
import { isComplete, type FoundCredentials } from '../core/credentialText';
import type { Environment } from '../core/environment';
import { clientIdProblem, clientSecretProblem } from '../ui/credentialProblems';
import { enterCredentials, type EnterCredentialsDependencies } from './enterCredentials';
import type { EnvironmentStore } from './environmentStore';
import { saveEnvironment } from './saveCredentials';
import type { StoredEnvironments } from './storedEnvironments';

export interface AddFoundCredentialsDependencies extends EnterCredentialsDependencies {
  readonly store: EnvironmentStore;
  readonly stored: StoredEnvironments;
}

/**
 * Verifies credentials that were found in a text, asks for what's missing or refused, and stores them. One that is
 * stored with the same secret already stays as it is. Undefined if the person cancels.
 */
export async function addFoundCredentials(
  found: FoundCredentials,
  dependencies: AddFoundCredentialsDependencies,
): Promise<Environment | undefined> {
  const { store, stored } = dependencies;
  await store.load();
  const environmentUrl = usableUrl(found.environmentUrl);
  const clientId =
    found.clientId === undefined || clientIdProblem(found.clientId) === undefined ? found.clientId : undefined;
  const secretProblem = found.clientSecret === undefined ? undefined : clientSecretProblem(found.clientSecret);
  const clientSecret = secretProblem === undefined ? found.clientSecret : undefined;
  const known = { environmentUrl, clientId, clientSecret };
  if (isComplete(known)) {
    const id = await stored.find(known.environmentUrl, known.clientId);
    if (id !== undefined && (await hasSecret(store, id, known.clientSecret))) return store.get(id);
  }
  const entered = await enterCredentials(
    {
      title: vscode.l10n.t('Add Scalekit Environment'),
      known,
      verifyFirst: isComplete(known),
      secretProblem: secretProblem && vscode.l10n.t('Its client secret can’t be used. {0}', secretProblem),
    },
    dependencies,
  );
  if (entered === undefined) return undefined;
  await saveEnvironment(entered, dependencies);
  const id = await stored.find(entered.credentials.environmentUrl, entered.credentials.clientId);
  return id === undefined ? undefined : store.get(id);
}

/** Whether an environment's secret is this one. False if it can't be read. */
export async function hasSecret(store: EnvironmentStore, id: string, secret: string): Promise<boolean> {
  const credentials = await store.readCredentials(id).catch(() => undefined);
  return credentials?.clientSecret === secret;
}

/** The environment with this URL and client, wherever its credentials come from. */
export async function environmentWith(
  store: EnvironmentStore,
  environmentUrl: string,
  clientId: string,
): Promise<string | undefined> {
  await store.load();
  const { host } = new URL(environmentUrl);
  for (const environment of store.list()) {
    if (environment.host !== host) continue;
    const credentials = await store.readCredentials(environment.id).catch(() => undefined);
    if (credentials?.environmentUrl === environmentUrl && credentials.clientId === clientId) return environment.id;
  }
  return undefined;
}

function usableUrl(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : parseEnvironmentUrl(text);
  } catch (error) {
    if (error instanceof EnvironmentUrlError) return undefined;
    throw error;
  }
}
