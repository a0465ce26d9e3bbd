import * as vscode from 'vscode';
import type { ScalekitClient } from '../api/client/scalekitClient';
import { ScalekitError } from '../api/client/scalekitError';
import { displayText } from '../ui/displayText';
import type { DocumentReference } from '../core/documentReference';
import type { Environment } from '../core/environment';
import type { Prompts } from '../ui/prompts';
import type { Write, Writer } from './writer';

/** The result of a deletion: done, or already done by someone else. */
export type DeletionResult = 'removed' | 'gone';

export interface DeletionDependencies {
  readonly prompts: Prompts;
  readonly writer: Writer;
  /** Closes the documents of what was deleted; see `ActionDocuments.deleted`. */
  readonly documents: { deleted(reference: DocumentReference): Promise<void> };
}

/** A deletion that can't be undone. Texts may contain names from the server. */
export interface Deletion {
  readonly environment: Environment;
  /** As in Write. Default: the Organizations view. */
  readonly viewId?: Write<unknown>['viewId'];
  /** As in Write. */
  readonly object: string;
  readonly title: string;
  /** The question outside production, and the text above the box in production. */
  readonly question: string;
  /** What is lost with it, in sentences. */
  readonly meaning: string;
  /** The button: `Delete`. */
  readonly action: string;
  /** What the user types in production: the name, or the ID if there is no name that can be typed. */
  readonly name: string | undefined;
  readonly id: string;
  readonly call: (client: ScalekitClient) => Promise<void>;
  /** Reads it past the cache. Fails with `notFound` if it no longer exists. */
  readonly read: (client: ScalekitClient) => Promise<unknown>;
  readonly refresh: (result: DeletionResult | undefined) => Promise<unknown>;
  readonly done: (result: DeletionResult) => string;
  readonly document?: DocumentReference;
}

/**
 * Deletes something. In production the user types its name, elsewhere they confirm. If it no longer exists, it counts
 * as deleted. Undefined if it wasn't deleted, or if that's unknown.
 *
 * @throws EnvironmentFailure
 */
export async function deleteResource(
  removal: Deletion,
  { documents, prompts, writer }: DeletionDependencies,
): Promise<DeletionResult | undefined> {
  const {
    environment,
    viewId = 'scalekit.organizations',
    object,
    title,
    question,
    meaning,
    action,
    refresh,
    done,
    document,
  } = removal;
  if (environment.production && !(await isNameTyped(removal, prompts))) return undefined;
  const outcome = await writer.run<DeletionResult>({
    environmentId: environment.id,
    viewId,
    object,
    title,
    confirm: environment.production ? false : { question, detail: meaning, action, always: true },
    call: (client) => ignoreNotFound(removal.call(client)),
    verify: async (client) => ((await ignoreNotFound(removal.read(client))) === 'gone' ? 'removed' : undefined),
    refresh,
    done,
  });
  if (outcome !== undefined && document !== undefined) {
    writer.forget(document);
    await documents.deleted(document);
  }
  return outcome?.result;
}

async function isNameTyped({ question, meaning, name, id, environment }: Deletion, prompts: Prompts): Promise<boolean> {
  const wanted = name === undefined || name.trim() === '' || displayText(name) !== name ? id : name.trim();
  const result = await prompts.input({
    title: vscode.l10n.t('{0} ({1}, production)', question, environment.name),
    prompt: `${meaning} ${vscode.l10n.t('To confirm, type: {0}', wanted)}`,
    placeholder: wanted,
    validate: (text) =>
      text.trim() === wanted ? undefined : vscode.l10n.t('That isn’t “{0}”. Nothing was changed.', wanted),
  });
  return result !== undefined && result !== 'back';
}

async function ignoreNotFound(task: Promise<unknown>): Promise<DeletionResult> {
  try {
    await task;
    return 'removed';
  } catch (error) {
    if (error instanceof ScalekitError && error.kind === 'notFound' && error.details.server === 'api') return 'gone';
    throw error;
  }
}
