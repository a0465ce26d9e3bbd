import * as vscode from 'vscode';
import { readText, type JsonRecord } from '../api/json.js';
import { isOutcomeUnknown, ScalekitError } from '../api/scalekitError.js';
import type { DocumentReference } from '../editor/documentReference.js';
import type { EnvironmentAccess, EnvironmentFacts } from '../editor/environmentAccess.js';
import { EnvironmentFailure, inEnvironment } from '../editor/environmentFailure.js';
import type { Prompts } from '../editor/prompts.js';
import type { Redactor } from '../editor/redactor.js';
import { changedMeanwhileMessage, deletedMessage, kindName } from './documentMessages.js';
import type { EditableKind } from './editableKinds.js';
import { editProblemMessage } from './editProblemMessage.js';
import { readResourceNow } from './readResource.js';
import { asRefusal, refusal } from './fileRefusal.js';
import { describeChanges, ignoredChanges, isSame, readResourceEdit, type Changes } from './resourceEdit.js';
import type { ResourceFile } from './resourceFile.js';

/** One save of the document of a resource. */
export interface ResourceSave {
  readonly reference: DocumentReference;
  readonly kind: EditableKind;
  readonly environment: EnvironmentFacts;
  /** As the person has edited it. */
  readonly text: string;
  /** The resource as it is now. */
  readonly current: ResourceFile;
  /** Versions that the editor was given, the newest first: the edit started from one of them. */
  readonly shown: readonly JsonRecord[];
  /** Reads the resource again, if that was not done just now. */
  readonly readCurrent: () => Promise<ResourceFile>;
}

export interface SaveTools {
  readonly environments: EnvironmentAccess;
  readonly prompts: Prompts;
  readonly redactor: Redactor;
  /** Told of each resource that a save has changed, if only in part, with its JSON as it is now. */
  readonly onDidWrite: (reference: DocumentReference, json: JsonRecord) => void;
}

/**
 * Sends what was changed in a document; in production the person is asked first. Gives the resource as it is then, or undefined when
 * nothing was changed.
 *
 * @throws vscode.FileSystemError whose text says why it was not saved
 */
export async function saveResource(save: ResourceSave, tools: SaveTools): Promise<JsonRecord | undefined> {
  const { reference, kind, environment, text, current, shown } = save;
  const edit = readResourceEdit(kind.fields, text, current.json, shown);
  if ('problem' in edit) throw refusal(editProblemMessage(edit.problem, reference.path));
  const { changes } = edit;
  if (Object.keys(changes).length === 0) return undefined;
  if (environment.production) await confirmProduction(save, changes, tools.prompts);
  const saved = await send(save, changes, tools);
  tools.onDidWrite(reference, saved);
  warnOfIgnored(save, changes, saved, tools.prompts);
  return saved;
}

/** @throws when the person does not confirm, or the resource has changed while they thought about it */
async function confirmProduction({ reference: { path }, kind, environment, current, readCurrent }: ResourceSave, changes: Changes, prompts: Prompts): Promise<void> {
  const id = path.at(-1) ?? '';
  const name = readText(current.json[kind.nameField]) ?? id;
  const what = describeChanges(kind.fields, changes, current.json);
  const confirmed = await prompts.confirm({
    message: vscode.l10n.t('Save the {0} “{1}” in the production environment {2}?', kindName(path), name, environment.name),
    detail: [id, vscode.l10n.t('Changed: {0}', what)],
    action: vscode.l10n.t('Save to Production'),
  });
  if (!confirmed) throw refusal(vscode.l10n.t('Not saved: you cancelled it. Your text stays in the editor.'));
  if ((await readCurrent()).version !== current.version) throw refusal(changedMeanwhileMessage(path));
}

async function send({ reference, kind, environment, current }: ResourceSave, changes: Changes, { environments, redactor, onDidWrite }: SaveTools): Promise<JsonRecord> {
  const { path } = reference;
  const readNow = async (): Promise<JsonRecord> => readResourceNow(await environments.client(environment.id), path);
  try {
    return await inEnvironment(environment, async () => {
      const client = await environments.client(environment.id);
      return (await kind.send(client, path.at(-1) ?? '', changes, current.json)) ?? (await readNow());
    });
  } catch (error) {
    const cause = error instanceof EnvironmentFailure ? error.failure : undefined;
    if (!(cause instanceof ScalekitError)) throw asRefusal(error, reference, redactor);
    // It may have been done all the same, or in part: the server is asked before a person is told that it was not.
    const now = await readNow().catch(() => undefined);
    const left = now === undefined ? [] : ignoredChanges(kind.fields, changes, now);
    if (now !== undefined && left.length === 0 && isOutcomeUnknown(cause)) return now;
    if (now === undefined && cause.kind === 'notFound') throw refusal(deletedMessage(environment.name, path));
    const failure = asRefusal(error, reference, redactor);
    const isAsItWas = now === undefined || Object.keys(changes).every((field) => isSame(kind.fields, field, now, current.json));
    if (isAsItWas || !(failure instanceof Error)) throw failure;
    onDidWrite(reference, now);
    throw refusal(vscode.l10n.t('Saved only in part. Not saved, or not completely: {0}. {1}', left.join(', '), failure.message));
  }
}

function warnOfIgnored({ kind, environment }: ResourceSave, changes: Changes, saved: JsonRecord, prompts: Prompts): void {
  const ignored = ignoredChanges(kind.fields, changes, saved);
  if (ignored.length === 0) return;
  const text = vscode.l10n.t('{0}: saved, but Scalekit left {1} unchanged.', environment.name, ignored.join(', '));
  void prompts.message('warning', text);
}
