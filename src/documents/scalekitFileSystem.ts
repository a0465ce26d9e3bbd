import * as vscode from 'vscode';
import { readText, readTime, type JsonRecord } from '../api/json.js';
import { getOrganizationJson, updateOrganization, type OrganizationChanges } from '../api/organizations.js';
import { ScalekitError } from '../api/scalekitError.js';
import { displayText } from '../editor/displayText.js';
import { documentUri, readDocumentUri, SCALEKIT_SCHEME, type DocumentReference } from '../editor/documentReference.js';
import type { EnvironmentAccess, EnvironmentFacts } from '../editor/environmentAccess.js';
import { EnvironmentFailure, inEnvironment } from '../editor/environmentFailure.js';
import type { Prompts } from '../editor/prompts.js';
import type { Redactor } from '../editor/redactor.js';
import { deletedMessage, documentFailureMessage, editProblemMessage, notFoundMessage, notInListMessage } from './documentMessages.js';
import { ignoredChanges, readOrganizationEdit } from './organizationEdit.js';
import { readResource } from './readResource.js';
import { resourceFile, versionedSize, type ResourceFile } from './resourceFile.js';
import { isEditable, resourceRequest } from './resourceKinds.js';

export interface ScalekitFileSystemOptions {
  readonly environments: EnvironmentAccess;
  readonly prompts: Prompts;
  readonly redactor: Redactor;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of each resource that a save has changed, with its JSON as it is now. */
  readonly onDidWrite: (reference: DocumentReference, json: JsonRecord) => void;
}

/** What is known of one file. */
interface KnownFile {
  latest: ResourceFile;
  /** Texts that were given out or saved, the newest first: a person's edit started from one of them. */
  shown: JsonRecord[];
  /** It was saved, but the editor still holds the text as the person typed it. */
  saved: boolean;
}

/** A save that VS Code has announced and not yet brought. */
interface AnnouncedSave {
  readonly reason: vscode.TextDocumentSaveReason;
  readonly at: number;
  /** The version that VS Code has compared with the one the person started from. */
  compared?: number;
}

/** An answer this old, in milliseconds, is used again within one operation of VS Code, which asks for the facts and then for the text. */
const SAME_OPERATION_MS = 3_000;
const ANNOUNCEMENT_LASTS_MS = 10_000;
const MOST_SHOWN = 5;
const MOST_RECORDS = 500;

/**
 * Scalekit's resources as files: `scalekit:/<environment>/organizations/<id>.json` and what is below. Reading is a GET. An
 * organization can be edited: saving sends what was changed. Everything else is read-only.
 */
export class ScalekitFileSystem implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly known = new Map<string, KnownFile>();
  private readonly records = new Map<string, JsonRecord>();
  private readonly saves = new Map<string, AnnouncedSave>();
  private readonly writing = new Map<string, Promise<unknown>>();
  /** Files that are known to have changed: their next reading goes past the cache. */
  private readonly outdated = new Set<string>();
  private readonly listeners: vscode.Disposable;

  readonly onDidChangeFile = this.changes.event;

  constructor(private readonly options: ScalekitFileSystemOptions) {
    this.listeners = vscode.Disposable.from(
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        if (document.uri.scheme === SCALEKIT_SCHEME) this.saves.set(document.uri.toString(), { reason, at: options.now() });
      }),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => this.afterSave(uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme !== SCALEKIT_SCHEME) return;
        this.known.delete(uri.toString());
        this.outdated.delete(uri.toString());
      }),
      options.environments.onDidChange(({ voided }) => this.forget(voided)),
    );
  }

  /** Keeps what a list has said of a resource, for those that Scalekit gives out in lists alone. */
  remember(reference: DocumentReference): vscode.Uri {
    const uri = documentUri(reference);
    const key = uri.toString();
    if (reference.record !== undefined) {
      const before = this.records.get(key);
      this.records.delete(key);
      this.records.set(key, reference.record);
      const oldest = this.records.keys().next();
      if (this.records.size > MOST_RECORDS && !oldest.done) this.records.delete(oldest.value);
      if (before !== undefined && before !== reference.record) this.fireChanged([uri]);
    }
    return uri;
  }

  /** Has the open documents of a resource, and of what belongs to it, read again. */
  refresh(reference: DocumentReference): void {
    this.fireChanged(openDocuments().filter((uri) => isWithin(readDocumentUri(uri), reference)));
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    if (!uri.path.endsWith('.json')) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    const { reference, editable } = readable(uri);
    const key = uri.toString();
    const known = this.known.get(key);
    const save = this.saves.get(key);
    const unasked = save !== undefined && isUnasked(save) && this.options.now() - save.at < ANNOUNCEMENT_LASTS_MS;
    // After a save, VS Code asks what has become of the file; and a save that will be refused need ask nobody.
    const file = known !== undefined && (known.saved || unasked) ? known.latest : await this.load(uri, reference, editable);
    if (save !== undefined) save.compared = file.version;
    return {
      type: vscode.FileType.File,
      ctime: readTime(file.json['create_time'])?.getTime() ?? 0,
      mtime: file.mtime,
      // The text as typed and the text as Scalekit prints it are two versions, so that the editor takes the second one.
      size: versionedSize(file) + (this.known.get(key)?.saved === true ? 1 : 0),
      ...(editable ? {} : { permissions: vscode.FilePermission.Readonly }),
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { reference, editable } = readable(uri);
    const known = this.known.get(uri.toString());
    const isNew = known !== undefined && this.options.now() - known.latest.readAt < SAME_OPERATION_MS;
    const file = isNew ? known.latest : await this.load(uri, reference, editable);
    this.keepShown(uri, file);
    return file.bytes;
  }

  /** Saves an organization. @throws vscode.FileSystemError whose text says why it was not saved */
  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const key = uri.toString();
    const { reference, editable } = readable(uri);
    if (!editable) throw vscode.FileSystemError.NoPermissions(uri);
    const save = this.saves.get(key);
    this.saves.delete(key);
    if (save === undefined ? isDirty(key) : isUnasked(save)) {
      throw refusal(vscode.l10n.t('Auto Save does not write to Scalekit. Save with the Save command when the text is ready.'));
    }
    const text = new TextDecoder().decode(content);
    const before = this.writing.get(key) ?? Promise.resolve();
    const write = before.then(
      () => this.write(uri, reference, text, save),
      () => this.write(uri, reference, text, save),
    );
    this.writing.set(key, write);
    try {
      await write;
    } finally {
      if (this.writing.get(key) === write) this.writing.delete(key);
    }
  }

  watch(): vscode.Disposable {
    // Nothing polls: a document is read anew when it is opened, saved, or known to have changed.
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.listeners.dispose();
    this.changes.dispose();
  }

  private async write(uri: vscode.Uri, reference: DocumentReference, text: string, save: AnnouncedSave | undefined): Promise<void> {
    const key = uri.toString();
    const environment = await this.environment(reference.environmentId);
    const started = this.known.get(key)?.latest.version;
    // VS Code has compared already, unless it could not read the file at that moment.
    const current = await this.currentForWrite(uri, reference, environment, save?.compared);
    const expected = save?.compared ?? started;
    if (expected !== undefined && expected !== current.version) throw refusal(changedMeanwhile());

    const edit = readOrganizationEdit(text, current.json, this.known.get(key)?.shown ?? []);
    if ('problem' in edit) throw refusal(editProblemMessage(edit.problem));
    if (Object.keys(edit.changes).length > 0) {
      if (environment.production) await this.confirmProduction(uri, reference, environment, current, edit.changes);
      const saved = await this.send(reference, environment, edit.changes);
      this.keep(uri, saved);
      this.options.onDidWrite(reference, saved);
      this.warnOfIgnored(environment, edit.changes, saved);
    }
    const known = this.known.get(key);
    if (known !== undefined) {
      this.keepShown(uri, known.latest);
      known.saved = save !== undefined;
    }
    const others = openDocuments().filter((other) => other.toString() !== key && isWithin(readDocumentUri(other), reference));
    this.fireChanged(save === undefined ? [uri, ...others] : others);
  }

  /** The organization as it is now; not asked again if it was read for this very save, as `compared`, a moment ago. */
  private async currentForWrite(
    uri: vscode.Uri,
    reference: DocumentReference,
    environment: EnvironmentFacts,
    compared?: number,
  ): Promise<ResourceFile> {
    const latest = this.known.get(uri.toString())?.latest;
    if (latest !== undefined && latest.version === compared && this.options.now() - latest.readAt < SAME_OPERATION_MS) return latest;
    try {
      return this.keep(uri, await this.inEnvironment(reference, async () => this.organization(reference)));
    } catch (error) {
      if (error instanceof EnvironmentFailure && error.failure instanceof ScalekitError && error.failure.kind === 'notFound') {
        throw refusal(deletedMessage(environment.name, reference.path));
      }
      throw this.failure(error, reference);
    }
  }

  /** @throws when the person does not confirm, or the organization has changed while they thought about it */
  private async confirmProduction(
    uri: vscode.Uri,
    reference: DocumentReference,
    environment: EnvironmentFacts,
    current: ResourceFile,
    changes: OrganizationChanges,
  ): Promise<void> {
    const name = displayText(readText(current.json['display_name']) ?? reference.path.at(-1) ?? '');
    const confirmed = await this.options.prompts.confirm({
      message: vscode.l10n.t('Save the organization “{0}” in the production environment {1}?', name, displayText(environment.name)),
      detail: vscode.l10n.t('{0}\nChanged: {1}', reference.path.at(-1) ?? '', Object.keys(changes).join(', ')),
      action: vscode.l10n.t('Save to Production'),
    });
    if (!confirmed) throw refusal(vscode.l10n.t('Not saved: you cancelled it. Your text stays in the editor.'));
    const now = await this.currentForWrite(uri, reference, environment);
    if (now.version !== current.version) throw refusal(changedMeanwhile());
  }

  private async send(reference: DocumentReference, environment: EnvironmentFacts, changes: OrganizationChanges): Promise<JsonRecord> {
    try {
      return await this.inEnvironment(reference, async () => {
        const client = await this.options.environments.client(reference.environmentId);
        return updateOrganization(client, reference.path.at(-1) ?? '', changes);
      });
    } catch (error) {
      const cause = error instanceof EnvironmentFailure ? error.failure : undefined;
      if (cause instanceof ScalekitError && cause.kind === 'notFound') throw refusal(deletedMessage(environment.name, reference.path));
      if (cause instanceof ScalekitError && isUncertain(cause)) {
        // It may have been done all the same: the server is asked before a person is told that it was not.
        const now = await this.organization(reference).catch(() => undefined);
        if (now !== undefined && ignoredChanges(changes, now).length === 0) return now;
      }
      throw this.failure(error, reference);
    }
  }

  private warnOfIgnored(environment: EnvironmentFacts, changes: OrganizationChanges, saved: JsonRecord): void {
    const ignored = ignoredChanges(changes, saved);
    if (ignored.length === 0) return;
    const text = vscode.l10n.t('{0}: Scalekit took the save, but left {1} as it was.', displayText(environment.name), ignored.join(', '));
    void this.options.prompts.message('warning', text);
  }

  /** The editor is given the text as Scalekit prints it now, with the new `update_time`. */
  private afterSave(uri: vscode.Uri): void {
    const known = this.known.get(uri.toString());
    if (known?.saved !== true) return;
    known.saved = false;
    this.fireChanged([uri]);
  }

  private async load(uri: vscode.Uri, reference: DocumentReference, editable: boolean): Promise<ResourceFile> {
    const key = uri.toString();
    try {
      return this.keep(uri, await this.inEnvironment(reference, () => this.read(uri, reference, editable)));
    } catch (error) {
      const isGone = error instanceof EnvironmentFailure && error.failure instanceof ScalekitError && error.failure.kind === 'notFound';
      if (isGone && this.known.delete(key)) this.changes.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
      const failure = this.failure(error, reference);
      // An open editor takes this as a file that was deleted; one that is to be opened shows the sentence.
      throw isGone && failure instanceof Error && isOpen(key) ? vscode.FileSystemError.FileNotFound(failure.message) : failure;
    }
  }

  private async read(uri: vscode.Uri, reference: DocumentReference, editable: boolean): Promise<JsonRecord> {
    const request = resourceRequest(reference.path);
    const record = this.records.get(uri.toString());
    if (record !== undefined && request?.get === undefined) return record;
    const { name } = await this.environment(reference.environmentId);
    if (request === undefined) throw refusal(notFoundMessage(name, reference.path));
    const client = await this.options.environments.client(reference.environmentId);
    const found = (await readResource(client, request, { fresh: this.outdated.delete(uri.toString()) || editable })) ?? record;
    if (found === undefined) throw refusal(notInListMessage(name, reference.path));
    return found;
  }

  private async organization({ environmentId, path }: DocumentReference): Promise<JsonRecord> {
    return getOrganizationJson(await this.options.environments.client(environmentId), path.at(-1) ?? '', { fresh: true });
  }

  private async environment(id: string): Promise<EnvironmentFacts> {
    await this.options.environments.ready();
    return this.options.environments.get(id) ?? { id, name: id, host: '', production: false };
  }

  private async inEnvironment<T>({ environmentId }: DocumentReference, task: () => Promise<T>): Promise<T> {
    return inEnvironment(await this.environment(environmentId), task);
  }

  private failure(error: unknown, reference: DocumentReference): unknown {
    return error instanceof EnvironmentFailure ? refusal(this.options.redactor.redact(documentFailureMessage(error, reference))) : error;
  }

  private keep(uri: vscode.Uri, json: JsonRecord): ResourceFile {
    const key = uri.toString();
    const before = this.known.get(key);
    const latest = resourceFile(json, this.options.now(), before?.latest);
    if (before === undefined) this.known.set(key, { latest, shown: [], saved: false });
    else before.latest = latest;
    return latest;
  }

  private keepShown(uri: vscode.Uri, { shown }: ResourceFile): void {
    const known = this.known.get(uri.toString());
    if (known !== undefined) known.shown = [shown, ...known.shown].slice(0, MOST_SHOWN);
  }

  private forget(environmentIds: readonly string[]): void {
    const isVoid = (uri: vscode.Uri): boolean => environmentIds.includes(readDocumentUri(uri)?.environmentId ?? '');
    for (const map of [this.known, this.records]) {
      for (const key of [...map.keys()]) if (isVoid(vscode.Uri.parse(key))) map.delete(key);
    }
  }

  private fireChanged(uris: readonly vscode.Uri[]): void {
    if (uris.length === 0) return;
    for (const uri of uris) this.outdated.add(uri.toString());
    this.changes.fire(uris.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
  }
}

/** What a URI addresses. @throws FileNotFound when it is no address of ours */
function readable(uri: vscode.Uri): { reference: DocumentReference; editable: boolean } {
  const reference = readDocumentUri(uri);
  if (reference === undefined) throw vscode.FileSystemError.FileNotFound(uri);
  return { reference, editable: isEditable(reference.path) };
}

function isUnasked({ reason }: AnnouncedSave): boolean {
  return reason !== vscode.TextDocumentSaveReason.Manual;
}

function isDirty(key: string): boolean {
  return vscode.workspace.textDocuments.some((document) => document.isDirty && document.uri.toString() === key);
}

function isOpen(key: string): boolean {
  return openDocuments().some((uri) => uri.toString() === key);
}

function openDocuments(): vscode.Uri[] {
  return vscode.workspace.textDocuments.map(({ uri }) => uri).filter(({ scheme }) => scheme === SCALEKIT_SCHEME);
}

function isWithin(reference: DocumentReference | undefined, whole: DocumentReference): boolean {
  return reference?.environmentId === whole.environmentId && whole.path.every((segment, index) => reference.path[index] === segment);
}

/** Whether a write's failure leaves open whether it was done. */
function isUncertain({ kind, details }: ScalekitError): boolean {
  return details.stage === 'api' && details.mayHaveArrived && (kind === 'network' || kind === 'timeout' || kind === 'server' || kind === 'protocol');
}

/** VS Code puts an error's name before its text; without one, a person reads the sentence alone. */
function refusal(message: string): vscode.FileSystemError {
  const error = vscode.FileSystemError.Unavailable(message);
  error.name = '';
  return error;
}

function changedMeanwhile(): string {
  return vscode.l10n.t('Not saved: the organization has changed in Scalekit meanwhile. Save again to compare.');
}
