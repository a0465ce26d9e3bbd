import * as vscode from 'vscode';
import { readText, type JsonRecord } from '../api/json';
import type { DocumentReference } from '../core/documentReference';
import type { Environment } from '../core/environment';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { EnvironmentFailure, inEnvironment } from '../core/environmentFailure';
import type { Prompts } from '../ui/prompts';
import { showStatus } from '../ui/statusMessage';
import { kindName } from './documentMessages';
import { DocumentRefusal } from './documentRefusal';
import type { EditableKind } from './editableKinds';
import { describeChanges, ignoredChanges, readResourceEdit, type Changes } from './resourceEdit';
import type { ResourceFile } from './resourceFile';
import { sendChanges } from './sendChanges';

/** One save of a resource's document. */
export interface ResourceSave {
  readonly reference: DocumentReference;
  readonly kind: EditableKind;
  readonly environment: Pick<Environment, 'id' | 'name' | 'production'>;
  /** The text as the user edited it. */
  readonly text: string;
  /** The resource in its current state. */
  readonly current: ResourceFile;
  /** Versions that the editor received, newest first. The edit started from one of them. */
  readonly shown: readonly JsonRecord[];
  /** Reads the resource again, unless it was just read. */
  readonly readCurrent: () => Promise<ResourceFile>;
}

export interface SaveDependencies {
  readonly environments: EnvironmentAccess;
  readonly prompts: Prompts;
  /** Called for each resource that a save has changed, even partly, with its current JSON. */
  readonly onDidWrite: (reference: DocumentReference, json: JsonRecord) => void;
}

/**
 * Sends the changes in a document. In production the user is asked first. Returns the resource afterwards, or undefined
 * if nothing changed.
 *
 * @throws DocumentRefusal, EnvironmentFailure
 */
export async function saveResource(save: ResourceSave, tools: SaveDependencies): Promise<JsonRecord | undefined> {
  const { reference, kind, environment, text, current, shown } = save;
  const edit = readResourceEdit(kind.fields, text, current.json, shown);
  if ('problem' in edit) throw new DocumentRefusal({ kind: 'edit', problem: edit.problem });
  const { changes } = edit;
  if (Object.keys(changes).length === 0) return undefined;
  if (environment.production) await confirmProduction(save, changes, tools.prompts);
  const saved = await send(save, changes, tools);
  tools.onDidWrite(reference, saved);
  report(save, changes, saved, tools.prompts);
  return saved;
}

/** @throws DocumentRefusal if the user doesn't confirm, or if the resource has changed before they did */
async function confirmProduction(
  { reference: { path }, kind, environment, current, readCurrent }: ResourceSave,
  changes: Changes,
  prompts: Prompts,
): Promise<void> {
  const id = path.at(-1) ?? '';
  const name = readText(current.json[kind.nameField]) ?? id;
  const what = describeChanges(kind.fields, changes, current.json);
  const confirmed = await prompts.confirm({
    message: vscode.l10n.t(
      'Save the {0} “{1}” in the production environment {2}?',
      kindName(path),
      name,
      environment.name,
    ),
    detail: [id, vscode.l10n.t('Changed: {0}', what)],
    action: vscode.l10n.t('Save to Production'),
  });
  if (!confirmed) throw new DocumentRefusal({ kind: 'declined' });
  if ((await readCurrent()).version !== current.version) throw new DocumentRefusal({ kind: 'changedMeanwhile' });
}

async function send(
  { reference, kind, environment, current }: ResourceSave,
  changes: Changes,
  { environments, onDidWrite }: SaveDependencies,
): Promise<JsonRecord> {
  const client = await environments.client(environment.id);
  const outcome = await inEnvironment(environment, () =>
    sendChanges(client, { kind, path: reference.path, changes, current: current.json }),
  );
  if ('saved' in outcome) return outcome.saved;
  const { now, left } = outcome;
  if (now === undefined && outcome.failure.kind === 'notFound') throw new DocumentRefusal({ kind: 'deleted' });
  const failure = new EnvironmentFailure(environment, outcome.failure);
  if (now === undefined || left === undefined) throw failure;
  onDidWrite(reference, now);
  throw new DocumentRefusal({ kind: 'savedInPart', left, failure });
}

/** Says which fields Scalekit has saved, and which it hasn't. */
function report({ kind, environment }: ResourceSave, changes: Changes, saved: JsonRecord, prompts: Prompts): void {
  const ignored = ignoredChanges(kind.fields, changes, saved);
  const done = Object.keys(changes).filter((field) => !ignored.includes(field));
  if (done.length > 0) showStatus(vscode.l10n.t('Saved to Scalekit: {0} · {1}', done.join(', '), environment.name));
  if (ignored.length === 0) return;
  const text = vscode.l10n.t('{0}: saved, but Scalekit left {1} unchanged.', environment.name, ignored.join(', '));
  void prompts.message('warning', text);
}
