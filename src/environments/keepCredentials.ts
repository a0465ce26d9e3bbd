import * as vscode from 'vscode';
import type { Prompts } from '../editor/prompts.js';
import { showStatus } from '../editor/statusMessage.js';
import type { EnteredCredentials } from './enterCredentials.js';
import type { EnvironmentStore } from './environmentStore.js';
import { looksLikeProduction } from './production.js';
import type { StoredEnvironments } from './storedEnvironments.js';

export interface KeepCredentialsContext {
  readonly store: EnvironmentStore;
  readonly stored: StoredEnvironments;
  readonly prompts: Prompts;
}

/**
 * Keeps what a person entered as a new environment and makes it the active one. A client that is kept already gets its secret
 * replaced instead: the same environment twice helps nobody.
 */
export async function keepAsEnvironment(entered: EnteredCredentials, context: KeepCredentialsContext): Promise<void> {
  const { store, stored } = context;
  const { credentials, tokensOnly } = entered;
  const kept = await stored.find(credentials.environmentUrl, credentials.clientId);
  if (kept !== undefined) {
    await keepInPlace(kept, entered, context);
    await store.setActive(kept);
    showStatus(vscode.l10n.t('Scalekit: {0} was already here; its secret is replaced', store.get(kept)?.name ?? kept));
    return;
  }
  const { id, place } = await stored.add({ credentials, tokensOnly, production: looksLikeProduction(credentials.clientId) });
  await store.setActive(id);
  const name = store.get(id)?.name ?? id;
  if (place === 'session') sayNotKept(name, context.prompts);
  else showStatus(vscode.l10n.t('Scalekit: {0} added', name));
}

/** Puts what a person entered in the place of an environment's credentials. */
export async function keepInPlace(id: string, entered: EnteredCredentials, { store, stored, prompts }: KeepCredentialsContext): Promise<void> {
  const place = await stored.replace(id, entered.credentials, entered.tokensOnly);
  if (place === 'session') sayNotKept(store.get(id)?.name ?? id, prompts);
}

function sayNotKept(name: string, prompts: Prompts): void {
  void prompts.message(
    'warning',
    vscode.l10n.t(
      '{0} works until this window is closed: the system’s keyring did not keep its secret. Unlock or install a keyring, then add it again.',
      name,
    ),
  );
}
