import * as vscode from 'vscode';
import { readTime, type JsonRecord, readText } from '../api/json';
import { ScalekitError } from '../api/client/scalekitError';
import {
  documentAddress,
  documentKey,
  readDocumentUri,
  SCALEKIT_SCHEME,
  shownIn,
  type DocumentReference,
} from '../core/documentReference';
import { EnvironmentFailure, inEnvironment, isNotFound } from '../core/environmentFailure';
import { failureMessage } from '../ui/failureMessage';
import type { Redactor } from '../ui/redactor';
import { chosenEncoding, decodeDocument, encodeDocument, openDocument } from './documentEncoding';
import { DocumentRefusal } from './documentRefusal';
import { editableKind, type EditableKind } from './editableKinds';
import { FRESH, readResource, readResourceNow } from './readResource';
import { keepOneAddress } from './oneAddress';
import type { EditedDocument, ReadOnlyFields } from './readOnlyFields';
import { resourceFile, versionedSize, type ResourceFile } from './resourceFile';
import { resourceRequest } from './resourceKinds';
import type { ResourceSave, saveResource, SaveDependencies } from './saveResource';

export interface ScalekitFileSystemDependencies extends Omit<SaveDependencies, 'onDidWrite'> {
  readonly redactor: Redactor;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Sends the changes. Passed in, since most documents are only read. */
  readonly saveResource: typeof saveResource;
  /** Loaded at the first edit. */
  readonly readOnlyFields: () => Promise<ReadOnlyFields>;
}

/** A resource that a save has changed, even partly, with its current JSON. */
export interface SavedResource {
  readonly reference: DocumentReference;
  readonly json: JsonRecord;
}

interface KnownFile {
  latest: ResourceFile;
  /** Texts that were returned or saved, newest first. The user's edit started from one of them. */
  shown: JsonRecord[];
  /** It was saved, but the editor still has the text as the user typed it. */
  saved: boolean;
}

/** A save that VS Code has announced but not yet made. */
interface PendingSave {
  reason: vscode.TextDocumentSaveReason;
  readonly at: number;
  /** VS Code's version of the saved text. */
  readonly documentVersion: number;
  /** The version that VS Code has compared with the one that the user started from. */
  compared?: number;
  /** The editor's text when VS Code began to write. */
  text?: string;
}

/**
 * How old a response may be, in milliseconds, to be used again within one operation of VS Code, which first requests
 * the metadata, then the text.
 */
const SAME_OPERATION_MS = 3_000;
const ANNOUNCEMENT_LASTS_MS = 10_000;
const MOST_SHOWN = 5;
/**
 * How often to request a save that VS Code may have skipped, and how long to wait in between for its own save, in
 * milliseconds.
 */
const MOST_TRIES = 50;
const BETWEEN_TRIES_MS = 100;
const MOST_RECORDS = 5_000;

/**
 * Scalekit's resources as files: `scalekit:/<environment>/organizations/<id>/<name>.json` and below. Reading is a GET.
 * Resources of the editable kinds can be edited: saving sends the changes. Everything else is read-only. Failures
 * inside are typed errors; `run` turns them into VS Code's errors.
 */
export class ScalekitFileSystem implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly known = new Map<string, KnownFile>();
  /** By the key of the resource. */
  private readonly records = new Map<string, JsonRecord>();
  private readonly saves = new Map<string, PendingSave>();
  private savesByHand = 0;
  private writesByHand = 0;
  private readonly writing = new Map<string, Promise<unknown>>();
  /** Files that are known to have changed since they were read, each with its last reported change. */
  private readonly outdated = new Map<string, object>();
  private readonly listeners: vscode.Disposable;

  private readonly saved = new vscode.EventEmitter<SavedResource>();

  readonly onDidChangeFile = this.changes.event;
  readonly onDidSave = this.saved.event;

  constructor(private readonly options: ScalekitFileSystemDependencies) {
    this.listeners = vscode.Disposable.from(
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        if (document.uri.scheme !== SCALEKIT_SCHEME) return;
        const before = this.saves.get(document.uri.toString());
        const save: PendingSave = { reason, at: options.now(), documentVersion: document.version };
        // An Auto Save of the same text doesn't replace the user's save that hasn't been written yet.
        const isRecent = before !== undefined && save.at - before.at < ANNOUNCEMENT_LASTS_MS;
        if (isRecent && !isAutoSave(before) && before.documentVersion === save.documentVersion)
          save.reason = before.reason;
        this.saves.set(document.uri.toString(), save);
        if (!isAutoSave(save)) this.savesByHand++;
      }),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => this.afterSave(uri)),
      vscode.workspace.onDidOpenTextDocument((document) => this.afterOpen(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => void this.markReadOnly(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme !== SCALEKIT_SCHEME) return;
        this.known.delete(uri.toString());
        this.outdated.delete(uri.toString());
      }),
      options.environments.onDidChange(({ invalidated }) => this.forget(invalidated)),
      keepOneAddress(),
    );
  }

  /**
   * Where a resource's document opens. Stores the list's record of it, for resources that Scalekit only returns in
   * lists.
   */
  remember(reference: DocumentReference): vscode.Uri {
    const key = documentKey(reference);
    if (reference.record !== undefined) {
      const before = this.records.get(key);
      this.records.delete(key);
      this.records.set(key, reference.record);
      const oldest = this.records.keys().next();
      if (this.records.size > MOST_RECORDS && !oldest.done) this.records.delete(oldest.value);
      if (before !== undefined && before !== reference.record)
        this.fireChanged(this.knownFiles().filter((uri) => keyOf(uri) === key));
    }
    return documentAddress(reference);
  }

  /** The name of an open document's resource, as it was last read. The name at its address is from when it was opened. */
  nameOf(uri: vscode.Uri): string | undefined {
    const kind = editableKind(readDocumentUri(uri)?.path ?? []);
    const json = this.known.get(uri.toString())?.latest.json;
    return kind === undefined || json === undefined ? undefined : readText(json[kind.nameField]);
  }

  /** Opens a resource as JSON, in a preview tab like a file from the Explorer. */
  async open(reference: DocumentReference): Promise<void> {
    await vscode.commands.executeCommand('vscode.open', this.remember(reference));
  }

  /**
   * Saves the document in the active editor. While Auto Save is saving the same text, VS Code's own command does
   * nothing, and nobody learns that the user asked for it. Here, the running save becomes the user's, or is requested
   * again when it's over.
   */
  async save(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const key = document?.uri.toString() ?? '';
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const running = this.saves.get(key);
      if (running !== undefined) running.reason = vscode.TextDocumentSaveReason.Manual;
      const before = this.savesByHand + this.writesByHand;
      await vscode.commands.executeCommand('workbench.action.files.save');
      // Announced or written as the user's: then it was saved, or VS Code has said why not.
      if (document?.isDirty !== true || this.savesByHand + this.writesByHand > before) return;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS));
    }
  }

  /** Reloads the open documents of a resource and of everything in it. */
  refresh(reference: DocumentReference): void {
    this.fireChanged(openDocuments().filter((uri) => isWithin(readDocumentUri(uri), reference)));
  }

  /**
   * A resource was deleted. Closes its open documents, including comparisons, and those of everything in it. A text
   * with unsaved changes stays, and VS Code marks it as deleted.
   */
  async deleted(reference: DocumentReference): Promise<void> {
    const isOfIt = (uri: vscode.Uri): boolean =>
      uri.scheme === SCALEKIT_SCHEME && isWithin(readDocumentUri(uri), reference);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    await vscode.window.tabGroups.close(
      tabs.filter(({ input, isDirty }) => !isDirty && shownIn(input).some(isOfIt)),
      true,
    );
    const left = openDocuments().filter(isOfIt);
    for (const uri of left) this.known.delete(uri.toString());
    this.changes.fire(left.map((uri) => ({ type: vscode.FileChangeType.Deleted, uri })));
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    if (!uri.path.endsWith('.json')) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    return this.run('read', uri, (reference) => this.statResource(uri, reference));
  }

  private async statResource(uri: vscode.Uri, reference: DocumentReference): Promise<vscode.FileStat> {
    const kind = editableKind(reference.path);
    const key = uri.toString();
    const known = this.known.get(key);
    const save = this.saves.get(key);
    if (save !== undefined) save.text = openDocument(uri)?.getText();
    const unasked = save !== undefined && isAutoSave(save) && this.options.now() - save.at < ANNOUNCEMENT_LASTS_MS;
    // After a save, VS Code requests the file's new state. A save that will be refused needs no request, and a file
    // that can't be saved has no conflict.
    const isGiven =
      known !== undefined && (known.saved || unasked || (kind === undefined && this.isJustRead(key, known)));
    const started = known?.latest.version;
    const file = isGiven ? known.latest : await this.load(uri, reference);
    // VS Code is about to refuse the save and offer to compare. Later, an edit could get in the way of what the user does.
    if (save !== undefined && !isAutoSave(save) && started !== undefined && started !== file.version)
      await this.renewReadOnly(uri);
    if (save !== undefined) save.compared = file.version;
    return {
      type: vscode.FileType.File,
      ctime: readTime(file.json['create_time'])?.getTime() ?? 0,
      mtime: file.mtime,
      // The text as typed and the text as Scalekit prints it are two versions, so that the editor loads the second one.
      // So are two encodings.
      size:
        versionedSize(file) +
        (this.known.get(key)?.saved === true ? 1 : 0) +
        (chosenEncoding(uri) === undefined ? 0 : 2),
      ...(isReadOnly(kind, file) ? { permissions: vscode.FilePermission.Readonly } : {}),
    };
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.run('read', uri, async (reference) => {
      const key = uri.toString();
      const known = this.known.get(key);
      const file = known !== undefined && this.isJustRead(key, known) ? known.latest : await this.load(uri, reference);
      const bytes = await encodeDocument(uri, file.bytes);
      this.keepShown(uri, file);
      return bytes;
    });
  }

  /** Saves a resource of an editable kind. @throws vscode.FileSystemError whose message says why it wasn't saved */
  writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    return this.run('write', uri, (reference) => this.writeResource(uri, reference, content));
  }

  /** Saves what the user asked to save, after a running save of the same document. */
  private async writeResource(uri: vscode.Uri, reference: DocumentReference, content: Uint8Array): Promise<void> {
    const key = uri.toString();
    const kind = editableKind(reference.path);
    if (kind === undefined) throw new DocumentRefusal({ kind: 'readOnly' });
    const save = this.saves.get(key);
    this.saves.delete(key);
    if (save === undefined ? openDocument(uri)?.isDirty === true : isAutoSave(save))
      throw new DocumentRefusal({ kind: 'autoSave' });
    this.writesByHand++;
    const text = await decodeDocument(uri, content, [save?.text], this.known.get(key)?.latest.bytes);
    const before = this.writing.get(key) ?? Promise.resolve();
    const write = before.then(
      () => this.write(uri, reference, kind, text, save),
      () => this.write(uri, reference, kind, text, save),
    );
    this.writing.set(key, write);
    try {
      await write;
    } finally {
      if (this.writing.get(key) === write) this.writing.delete(key);
    }
  }

  watch(): vscode.Disposable {
    // Nothing polls: a document is read again when it's opened, saved, or known to have changed.
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

  /**
   * Runs a file operation for VS Code. This is where our failures become VS Code's.
   *
   * @throws vscode.FileSystemError whose message says why it failed
   */
  private async run<T>(
    operation: 'read' | 'write',
    uri: vscode.Uri,
    task: (reference: DocumentReference) => Promise<T>,
  ): Promise<T> {
    const reference = readDocumentUri(uri);
    try {
      if (reference === undefined) throw new DocumentRefusal({ kind: 'unknownAddress' });
      return await task(reference);
    } catch (error) {
      const { fileError } = await import('./fileError');
      const environmentId = reference?.environmentId ?? '';
      const environment = this.options.environments.get(environmentId)?.name ?? environmentId;
      const isReload = operation === 'read' && openDocument(uri) !== undefined;
      throw fileError(error, { uri, reference, environment, isReload }, this.options.redactor);
    }
  }

  dispose(): void {
    this.listeners.dispose();
    this.changes.dispose();
    this.saved.dispose();
  }

  private async write(
    uri: vscode.Uri,
    reference: DocumentReference,
    kind: EditableKind,
    text: string,
    save: PendingSave | undefined,
  ): Promise<void> {
    const key = uri.toString();
    const environment = await this.environment(reference.environmentId);
    const started = this.known.get(key)?.latest.version;
    // VS Code has already compared, unless it couldn't read the file at that moment.
    const current = await this.currentForWrite(uri, reference, environment, save?.compared);
    const expected = save?.compared ?? started;
    if (isReadOnly(kind, current)) throw new DocumentRefusal({ kind: 'readOnly' });
    if (expected !== undefined && expected !== current.version) throw new DocumentRefusal({ kind: 'changedMeanwhile' });
    const saved = await this.options.saveResource(
      {
        reference,
        kind,
        environment,
        text,
        current,
        shown: this.known.get(key)?.shown ?? [],
        readCurrent: () => this.currentForWrite(uri, reference, environment),
      },
      { ...this.options, onDidWrite: (written, json) => this.saved.fire({ reference: written, json }) },
    );
    if (saved !== undefined) this.keep(uri, saved);
    const known = this.known.get(key);
    if (known !== undefined) {
      this.keepShown(uri, known.latest);
      known.saved = save !== undefined;
    }
    const others = openDocuments().filter(
      (other) => other.toString() !== key && isWithin(readDocumentUri(other), reference),
    );
    this.fireChanged(save === undefined ? [uri, ...others] : others);
  }

  /** The resource in its current state. Not requested again if it was just read for this save, as `compared`. */
  private async currentForWrite(
    uri: vscode.Uri,
    reference: DocumentReference,
    environment: ResourceSave['environment'],
    compared?: number,
  ): Promise<ResourceFile> {
    const latest = this.known.get(uri.toString())?.latest;
    if (latest !== undefined && latest.version === compared && this.options.now() - latest.readAt < SAME_OPERATION_MS)
      return latest;
    try {
      return this.keep(
        uri,
        await this.inEnvironment(reference, async () =>
          readResourceNow(await this.options.environments.client(environment.id), reference.path),
        ),
      );
    } catch (error) {
      throw isNotFound(error) ? new DocumentRefusal({ kind: 'deleted' }) : error;
    }
  }

  /** A document opened in another encoding was read before we knew its encoding. */
  private afterOpen(document: vscode.TextDocument): void {
    const known = document.uri.scheme === SCALEKIT_SCHEME ? this.known.get(document.uri.toString()) : undefined;
    if (known === undefined || document.isDirty || chosenEncoding(document.uri) === undefined) return;
    if (document.getText() !== Buffer.from(known.latest.bytes).toString()) this.fireChanged([document.uri]);
  }

  private async markReadOnly(document: vscode.TextDocument): Promise<void> {
    if (this.edited(document) === undefined) return;
    const fields = await this.options.readOnlyFields();
    const edited = this.edited(document);
    if (edited !== undefined) fields.mark(edited);
  }

  private async renewReadOnly(uri: vscode.Uri): Promise<void> {
    const document = openDocument(uri);
    const edited = document === undefined ? undefined : this.edited(document);
    if (edited !== undefined) await (await this.options.readOnlyFields()).renew(edited);
  }

  /** An open document of an editable kind, with what is known of its resource. */
  private edited(document: vscode.TextDocument): EditedDocument | undefined {
    const kind = editableKind((readDocumentUri(document.uri) ?? { path: [] }).path);
    const known = this.known.get(document.uri.toString());
    if (kind === undefined || known === undefined) return undefined;
    return { document, kind, current: known.latest.json, shown: known.shown };
  }

  /** The editor loads the text as Scalekit prints it now, with the new `update_time`. */
  private afterSave(uri: vscode.Uri): void {
    const known = this.known.get(uri.toString());
    if (known?.saved !== true) return;
    known.saved = false;
    this.fireChanged([uri]);
  }

  private async load(uri: vscode.Uri, reference: DocumentReference): Promise<ResourceFile> {
    const key = uri.toString();
    const change = this.outdated.get(key);
    try {
      const file = this.keep(uri, await this.inEnvironment(reference, () => this.read(reference)));
      if (this.outdated.get(key) === change) this.outdated.delete(key);
      return file;
    } catch (error) {
      if (isNotFound(error) && this.known.delete(key))
        this.changes.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
      throw error;
    }
  }

  private isJustRead(key: string, { latest }: KnownFile): boolean {
    return !this.outdated.has(key) && this.options.now() - latest.readAt < SAME_OPERATION_MS;
  }

  private async read(reference: DocumentReference): Promise<JsonRecord> {
    const request = resourceRequest(reference.path);
    const record = this.records.get(documentKey(reference));
    const isKnown = record !== undefined && request?.get === undefined;
    if (isKnown && request?.related === undefined) return record;
    const environment = await this.environment(reference.environmentId);
    if (request === undefined) throw new DocumentRefusal({ kind: 'unknownKind' });
    const client = await this.options.environments.client(reference.environmentId);
    const found = isKnown ? record : ((await readResource(client, request)) ?? record);
    if (found === undefined) throw new DocumentRefusal({ kind: 'notInList' });
    const { related: more } = request;
    if (more === undefined) return found;
    try {
      return { ...found, [more.field]: await more.read(client, FRESH) };
    } catch (error) {
      // Show the resource anyway, with the reason why the related part is missing.
      if (!(error instanceof ScalekitError)) throw error;
      return {
        ...found,
        [`${more.field}_unavailable`]: failureMessage(new EnvironmentFailure(environment, error)).text,
      };
    }
  }

  /** For a removed environment, as much as a message needs. */
  private async environment(id: string): Promise<ResourceSave['environment']> {
    await this.options.environments.ready();
    return this.options.environments.get(id) ?? { id, name: id, production: false };
  }

  private async inEnvironment<T>({ environmentId }: DocumentReference, task: () => Promise<T>): Promise<T> {
    return inEnvironment(await this.environment(environmentId), task);
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

  private knownFiles(): vscode.Uri[] {
    return [...this.known.keys()].map((key) => vscode.Uri.parse(key));
  }

  private forget(environmentIds: readonly string[]): void {
    const isVoid = (uri: vscode.Uri): boolean => environmentIds.includes(readDocumentUri(uri)?.environmentId ?? '');
    for (const map of [this.known, this.records]) {
      for (const key of [...map.keys()]) if (isVoid(vscode.Uri.parse(key))) map.delete(key);
    }
  }

  private fireChanged(uris: readonly vscode.Uri[]): void {
    if (uris.length === 0) return;
    for (const uri of uris) this.outdated.set(uri.toString(), {});
    this.changes.fire(uris.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
  }
}

function isReadOnly(kind: EditableKind | undefined, { json }: ResourceFile): boolean {
  return kind?.isReadOnly?.(json) ?? kind === undefined;
}

function isAutoSave({ reason }: PendingSave): boolean {
  return reason !== vscode.TextDocumentSaveReason.Manual;
}

function openDocuments(): vscode.Uri[] {
  return vscode.workspace.textDocuments.map(({ uri }) => uri).filter(({ scheme }) => scheme === SCALEKIT_SCHEME);
}

function keyOf(uri: vscode.Uri): string | undefined {
  const reference = readDocumentUri(uri);
  return reference && documentKey(reference);
}

function isWithin(reference: DocumentReference | undefined, whole: DocumentReference): boolean {
  return (
    reference?.environmentId === whole.environmentId &&
    whole.path.every((segment, index) => reference.path[index] === segment)
  );
}
