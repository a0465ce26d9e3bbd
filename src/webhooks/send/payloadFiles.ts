import * as vscode from 'vscode';
import { PAYLOAD_SCHEME, showsPayload } from '../payloadScheme';

/** More payloads replace the oldest that no tab shows. */
const MOST_FILES = 100;

interface PayloadFile {
  readonly bytes: Uint8Array;
  readonly changedAt: number;
}

/**
 * The payloads of webhooks as files in memory: they can be edited and saved like any file, but are never on disk, as
 * untitled documents would be. They're gone when the window closes.
 */
export class PayloadFiles implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly files = new Map<string, PayloadFile>();
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  /** Exists from the first payload on: nothing needs it before, except a tab from before a reload. */
  private registration: vscode.Disposable | undefined;

  readonly onDidChangeFile = this.changes.event;

  constructor(private readonly now: () => number) {
    if (showsPayload()) this.register();
  }

  /** Keeps a new payload. Its name is the title of its tab, with a number if another payload has that name. */
  create(title: string, text: string): vscode.Uri {
    this.register();
    for (let number = 1; ; number++) {
      const path = `/${title}${number === 1 ? '' : ` (${number})`}.json`;
      if (this.files.has(path)) continue;
      this.files.set(path, { bytes: Buffer.from(text), changedAt: this.now() });
      this.dropOldest();
      return vscode.Uri.from({ scheme: PAYLOAD_SCHEME, path });
    }
  }

  private register(): void {
    this.registration ??= vscode.workspace.registerFileSystemProvider(PAYLOAD_SCHEME, this, { isCaseSensitive: true });
  }

  stat({ path }: vscode.Uri): vscode.FileStat {
    const { bytes, changedAt } = this.file(path);
    return { type: vscode.FileType.File, ctime: changedAt, mtime: changedAt, size: bytes.length };
  }

  readFile({ path }: vscode.Uri): Uint8Array {
    return this.file(path).bytes;
  }

  writeFile(uri: vscode.Uri, bytes: Uint8Array): void {
    this.file(uri.path);
    this.files.set(uri.path, { bytes, changedAt: this.now() });
    this.changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [...this.files.keys()].map((path) => [path.slice(1), vscode.FileType.File]);
  }

  createDirectory(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  dispose(): void {
    this.registration?.dispose();
    this.changes.dispose();
  }

  private file(path: string): PayloadFile {
    const file = this.files.get(path);
    if (file === undefined)
      throw vscode.FileSystemError.FileNotFound(
        vscode.l10n.t('This payload was only in memory, and is gone. Run Send Webhook… for a new one.'),
      );
    return file;
  }

  private dropOldest(): void {
    if (this.files.size <= MOST_FILES) return;
    const open = new Set(
      vscode.workspace.textDocuments.flatMap(({ uri }) => (uri.scheme === PAYLOAD_SCHEME ? [uri.path] : [])),
    );
    const oldest = [...this.files.keys()].find((path) => !open.has(path));
    if (oldest !== undefined) this.files.delete(oldest);
  }
}
