import * as vscode from 'vscode';
import type { Prompts } from '../ui/prompts';
import { EnvironmentFailure } from '../core/environmentFailure';
import { failureMessage } from '../ui/failureMessage';
import { showStatus } from '../ui/statusMessage';
import { storageMessage } from '../ui/storageMessage';
import type { EnteredCredentials } from './enterCredentials';
import type { EnvironmentStore } from './environmentStore';
import { looksLikeProduction } from './environmentMetadata';
import type { SavedEnvironment } from './storedChanges';
import type { StoredEnvironments } from './storedEnvironments';

export interface SaveCredentialsDependencies {
  readonly store: EnvironmentStore;
  readonly stored: StoredEnvironments;
  readonly prompts: Prompts;
}

/**
 * Saves what the user entered as a new environment and makes it the active one. If the client is already saved, only
 * its secret is replaced. Asks before it replaces a secret with one that wasn't verified.
 */
export async function saveEnvironment(
  entered: EnteredCredentials,
  dependencies: SaveCredentialsDependencies,
): Promise<void> {
  const { store, stored, prompts } = dependencies;
  const { credentials, tokensOnly, verified } = entered;
  const found = await stored.find(credentials.environmentUrl, credentials.clientId);
  const added =
    found === undefined
      ? await stored.add({ credentials, tokensOnly, production: looksLikeProduction(credentials.clientId), once: true })
      : undefined;
  // Another window may have added it at the same moment.
  const kept = added?.wasHere ? added.id : found;
  if (kept !== undefined) {
    if (!verified && !(await confirmUnverified(store.get(kept)?.name ?? kept, prompts))) return;
    const known = await stored.readCredentials(kept).catch(() => undefined);
    const { id, place } = await replaceCredentials(kept, entered, dependencies);
    await store.setActive(id);
    const name = store.get(id)?.name ?? id;
    if (place === 'secretStorage')
      showStatus(
        known?.clientSecret === credentials.clientSecret
          ? vscode.l10n.t('Scalekit: {0} was already here, with this secret', name)
          : vscode.l10n.t('Scalekit: {0} was already here; replaced its secret', name),
      );
    return;
  }
  if (added === undefined) return;
  await store.setActive(added.id);
  if (added.place === 'session') void warnNotPersisted(added, entered, dependencies);
  else showStatus(vscode.l10n.t('Scalekit: {0} added', store.get(added.id)?.name ?? added.id));
}

/**
 * Replaces an environment's credentials, and says so if the keyring didn't save them.
 *
 * @throws EnvironmentFailure if another window has removed it
 */
export async function replaceCredentials(
  replaced: string,
  entered: EnteredCredentials,
  dependencies: SaveCredentialsDependencies,
): Promise<SavedEnvironment> {
  const { store, stored } = dependencies;
  const wasActive = store.active?.id === replaced;
  const kept = await stored.replace(replaced, entered.credentials, entered.tokensOnly);
  if (wasActive && kept.id !== replaced) await store.setActive(kept.id);
  if (kept.place === 'session') void warnNotPersisted(kept, entered, dependencies);
  return kept;
}

/** The saved secret may be the one that works. */
function confirmUnverified(name: string, prompts: Prompts): Promise<boolean> {
  return prompts.confirm({
    message: vscode.l10n.t('Replace the client secret of “{0}” with one that hasn’t been verified?', name),
    detail: [vscode.l10n.t('The saved secret may be the one that works, and you can’t get it back.')],
    action: vscode.l10n.t('Replace'),
  });
}

/** Says why an environment is only in this window's memory, and tries to store it again if the user wants that. */
async function warnNotPersisted(
  { id, problem }: SavedEnvironment,
  entered: EnteredCredentials,
  dependencies: SaveCredentialsDependencies,
): Promise<void> {
  const { prompts, store } = dependencies;
  const name = store.get(id)?.name ?? id;
  const text =
    problem === undefined
      ? vscode.l10n.t(
          '{0} works until you close this window, because the system’s keyring didn’t save its secret. Unlock or install a keyring, then try again.',
          name,
        )
      : vscode.l10n.t('{0} works until you close this window, but it wasn’t saved. {1}', name, storageMessage(problem));
  const again = vscode.l10n.t('Try Again');
  if ((await prompts.message('warning', text, again)) !== again) return;
  try {
    const kept = await replaceCredentials(id, entered, dependencies);
    if (kept.place === 'secretStorage')
      showStatus(vscode.l10n.t('Scalekit: {0} saved', store.get(kept.id)?.name ?? kept.id));
  } catch (error) {
    // It was removed while the message was shown.
    if (!(error instanceof EnvironmentFailure)) throw error;
    void prompts.message('warning', failureMessage(error).text);
  }
}
