import * as vscode from 'vscode';
import { readTime, type JsonRecord } from '../api/json';
import { ScalekitError } from '../api/scalekitError';
import { documentUri, readDocumentUri, SCALEKIT_SCHEME, type DocumentReference } from '../core/documentReference';
import { EnvironmentFailure, inEnvironment } from '../core/environmentFailure';
import { failureMessage } from '../ui/failureMessage';
import { chosenEncoding, decodeDocument, encodeDocument, openDocument } from './documentEncoding';
import {
  changedMeanwhileMessage,
  deletedMessage,
  notInListMessage,
  unknownAddressMessage,
  unknownKindMessage,
} from './documentMessages';
import { editableKind, type EditableKind } from './editableKinds';
import { FRESH, readResource, readResourceNow } from './readResource';
import { asRefusal, refusal } from './fileRefusal';
import { resourceFile, versionedSize, type ResourceFile } from './resourceFile';
import { resourceRequest } from './resourceKinds';
import type { ResourceSave, saveResource, SaveDependencies } from './saveResource';

export interface ScalekitFileSystemDependencies extends SaveDependencies {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Sends what was changed. Handed in, since most documents are only read. */
  readonly saveResource: typeof saveResource;
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
interface PendingSave {
  reason: vscode.TextDocumentSaveReason;
  readonly at: number;
  /** The version that VS Code has compared with the one the person started from. */
  compared?: number;
  /** What the editor held when VS Code began to write. */
  text?: string;
}

/** An answer this old, in milliseconds, is used again within one operation of VS Code, which asks for the facts and then for the text. */
const SAME_OPERATION_MS = 3_000;
const ANNOUNCEMENT_LASTS_MS = 10_000;
const MOST_SHOWN = 5;
/** How often a save is asked for that VS Code may have let pass, and how long its own save is given in between, in milliseconds. */
const MOST_TRIES = 50;
const BETWEEN_TRIES_MS = 100;
/** The setting with which VS Code does not try to save these documents by itself. */
const AUTO_SAVE_SETTING = `command:workbench.action.openSettings?${encodeURIComponent('["files.autoSaveWorkspaceFilesOnly"]')}`;
const MOST_RECORDS = 5_000;

/**
 * Scalekit's resources as files: `scalekit:/<environment>/organizations/<id>.json` and what is below. Reading is a GET. What is among
 * the editable kinds can be edited: saving sends what was changed. Everything else is read-only.
 */
export class ScalekitFileSystem implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly known = new Map<string, KnownFile>();
  private readonly records = new Map<string, JsonRecord>();
  private readonly saves = new Map<string, PendingSave>();
  private savesByHand = 0;
  private writesByHand = 0;
  private readonly writing = new Map<string, Promise<unknown>>();
  /** Files that are known to have changed since they were read, each with the change that was told last. */
  private readonly outdated = new Map<string, object>();
  private readonly listeners: vscode.Disposable;

  readonly onDidChangeFile = this.changes.event;

  constructor(private readonly options: ScalekitFileSystemDependencies) {
    this.listeners = vscode.Disposable.from(
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        if (document.uri.scheme !== SCALEKIT_SCHEME) return;
        const save = { reason, at: options.now() };
        this.saves.set(document.uri.toString(), save);
        if (!isAutoSave(save)) this.savesByHand++;
      }),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => this.afterSave(uri)),
      vscode.workspace.onDidOpenTextDocument((document) => this.afterOpen(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme !== SCALEKIT_SCHEME) return;
        this.known.delete(uri.toString());
        this.outdated.delete(uri.toString());
      }),
      options.environments.onDidChange(({ invalidated }) => this.forget(invalidated)),
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
      if (before !== undefined && before !== reference.record && this.known.has(key)) this.fireChanged([uri]);
    }
    return uri;
  }

  /**
   * Saves the document in the active editor. VS Code's own command does nothing of its own while Auto Save is saving the same text, and tells
   * nobody that a person has asked: here that save becomes theirs, or is asked for again when it is over.
   */
  async save(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const key = document?.uri.toString() ?? '';
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const running = this.saves.get(key);
      if (running !== undefined) running.reason = vscode.TextDocumentSaveReason.Manual;
      const before = this.savesByHand + this.writesByHand;
      await vscode.commands.executeCommand('workbench.action.files.save');
      // Announced as theirs, or written as theirs: then it was saved, or VS Code has said why not.
      if (document?.isDirty !== true || this.savesByHand + this.writesByHand > before) return;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS));
    }
  }

  /** Has the open documents of a resource, and of what belongs to it, read again. */
  refresh(reference: DocumentReference): void {
    this.fireChanged(openDocuments().filter((uri) => isWithin(readDocumentUri(uri), reference)));
  }

  /**
   * A resource is no more: the open documents of it, and of what belonged to it, are closed, compared ones too. A text with unsaved changes stays, marked as
   * deleted by VS Code.
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
    const { reference, kind } = readable(uri);
    const key = uri.toString();
    const known = this.known.get(key);
    const save = this.saves.get(key);
    if (save !== undefined) save.text = openDocument(uri)?.getText();
    const unasked = save !== undefined && isAutoSave(save) && this.options.now() - save.at < ANNOUNCEMENT_LASTS_MS;
    // After a save, VS Code asks what has become of the file; a save that will be refused need ask nobody; and what cannot be saved has no conflict.
    const isGiven =
      known !== undefined && (known.saved || unasked || (kind === undefined && this.isJustRead(key, known)));
    const file = isGiven ? known.latest : await this.load(uri, reference);
    if (save !== undefined) save.compared = file.version;
    return {
      type: vscode.FileType.File,
      ctime: readTime(file.json['create_time'])?.getTime() ?? 0,
      mtime: file.mtime,
      // The text as typed and the text as Scalekit prints it are two versions, so that the editor takes the second one; so are two encodings.
      size:
        versionedSize(file) +
        (this.known.get(key)?.saved === true ? 1 : 0) +
        (chosenEncoding(uri) === undefined ? 0 : 2),
      ...(isReadOnly(kind, file) ? { permissions: vscode.FilePermission.Readonly } : {}),
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { reference } = readable(uri);
    const key = uri.toString();
    const known = this.known.get(key);
    const file = known !== undefined && this.isJustRead(key, known) ? known.latest : await this.load(uri, reference);
    const bytes = await encodeDocument(uri, file.bytes);
    this.keepShown(uri, file);
    return bytes;
  }

  /** Saves a resource of an editable kind. @throws vscode.FileSystemError whose text says why it was not saved */
  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const key = uri.toString();
    const { reference, kind } = readable(uri);
    if (kind === undefined) throw vscode.FileSystemError.NoPermissions(uri);
    const save = this.saves.get(key);
    this.saves.delete(key);
    if (save === undefined ? openDocument(uri)?.isDirty === true : isAutoSave(save)) {
      throw refusal(
        vscode.l10n.t(
          'Auto Save does not write to Scalekit. Save with the Save command when the text is ready, or [leave these documents out of Auto Save]({0}).',
          AUTO_SAVE_SETTING,
        ),
      );
    }
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
    // VS Code has compared already, unless it could not read the file at that moment.
    const current = await this.currentForWrite(uri, reference, environment, save?.compared);
    const expected = save?.compared ?? started;
    if (isReadOnly(kind, current)) throw vscode.FileSystemError.NoPermissions(uri);
    if (expected !== undefined && expected !== current.version) throw refusal(changedMeanwhileMessage(reference.path));
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
      this.options,
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

  /** The resource as it is now; not asked again if it was read for this very save, as `compared`, a moment ago. */
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
      if (
        error instanceof EnvironmentFailure &&
        error.failure instanceof ScalekitError &&
        error.failure.kind === 'notFound'
      ) {
        throw refusal(deletedMessage(environment.name, reference.path));
      }
      throw asRefusal(error, reference, this.options.redactor);
    }
  }

  /** A document that was opened in an encoding of its own was read before that encoding was known here. */
  private afterOpen(document: vscode.TextDocument): void {
    const known = document.uri.scheme === SCALEKIT_SCHEME ? this.known.get(document.uri.toString()) : undefined;
    if (known === undefined || document.isDirty || chosenEncoding(document.uri) === undefined) return;
    if (document.getText() !== Buffer.from(known.latest.bytes).toString()) this.fireChanged([document.uri]);
  }

  /** The editor is given the text as Scalekit prints it now, with the new `update_time`. */
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
      const file = this.keep(uri, await this.inEnvironment(reference, () => this.read(uri, reference)));
      if (this.outdated.get(key) === change) this.outdated.delete(key);
      return file;
    } catch (error) {
      const isGone =
        error instanceof EnvironmentFailure &&
        error.failure instanceof ScalekitError &&
        error.failure.kind === 'notFound';
      if (isGone && this.known.delete(key)) this.changes.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
      const failure = asRefusal(error, reference, this.options.redactor);
      // An open editor takes this as a file that was deleted; one that is to be opened shows the sentence.
      throw isGone && failure instanceof Error && openDocument(uri) !== undefined
        ? vscode.FileSystemError.FileNotFound(failure.message)
        : failure;
    }
  }

  private isJustRead(key: string, { latest }: KnownFile): boolean {
    return !this.outdated.has(key) && this.options.now() - latest.readAt < SAME_OPERATION_MS;
  }

  private async read(uri: vscode.Uri, reference: DocumentReference): Promise<JsonRecord> {
    const request = resourceRequest(reference.path);
    const record = this.records.get(uri.toString());
    const isKnown = record !== undefined && request?.get === undefined;
    if (isKnown && request?.related === undefined) return record;
    const environment = await this.environment(reference.environmentId);
    if (request === undefined) throw refusal(unknownKindMessage(environment.name, reference.path));
    const client = await this.options.environments.client(reference.environmentId);
    const found = isKnown ? record : ((await readResource(client, request)) ?? record);
    if (found === undefined) throw refusal(notInListMessage(environment.name, reference.path));
    const { related: more } = request;
    if (more === undefined) return found;
    try {
      return { ...found, [more.field]: await more.read(client, FRESH) };
    } catch (error) {
      // What it is about is shown all the same, with the reason why there is no more.
      if (!(error instanceof ScalekitError)) throw error;
      return {
        ...found,
        [`${more.field}_unavailable`]: failureMessage(new EnvironmentFailure(environment, error)).text,
      };
    }
  }

  /** Of one that is gone, as much as a message needs. */
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

/** What a URI addresses. @throws FileNotFound when it is no address of ours */
function readable(uri: vscode.Uri): { reference: DocumentReference; kind: EditableKind | undefined } {
  const reference = readDocumentUri(uri);
  if (reference === undefined) throw vscode.FileSystemError.FileNotFound(unknownAddressMessage(uri.path));
  return { reference, kind: editableKind(reference.path) };
}

function isReadOnly(kind: EditableKind | undefined, { json }: ResourceFile): boolean {
  return kind?.isReadOnly?.(json) ?? kind === undefined;
}

function isAutoSave({ reason }: PendingSave): boolean {
  return reason !== vscode.TextDocumentSaveReason.Manual;
}

/** What a tab shows: one document, or two side by side. */
function shownIn(input: unknown): vscode.Uri[] {
  if (input instanceof vscode.TabInputText) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
}

function openDocuments(): vscode.Uri[] {
  return vscode.workspace.textDocuments.map(({ uri }) => uri).filter(({ scheme }) => scheme === SCALEKIT_SCHEME);
}

function isWithin(reference: DocumentReference | undefined, whole: DocumentReference): boolean {
  return (
    reference?.environmentId === whole.environmentId &&
    whole.path.every((segment, index) => reference.path[index] === segment)
  );
}
