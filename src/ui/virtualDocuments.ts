import * as vscode from 'vscode';

/** The scheme of read-only texts in memory, for example an inspected token or a response. */
export const VIRTUAL_SCHEME = 'scalekit-view';

/** How many texts to keep. The tab of an older one says that it's no longer available when it's shown again. */
const MOST_DOCUMENTS = 50;

/**
 * Read-only documents without a file. They're never untitled documents, which VS Code backs up to disk in plain text.
 * Their text must not contain a secret or token.
 */
export class VirtualDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration: vscode.Disposable;

  readonly onDidChange = this.changes.event;

  constructor() {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(VIRTUAL_SCHEME, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return (
      this.texts.get(uri.toString()) ??
      vscode.l10n.t('// This document is no longer available. Run the command again.\n')
    );
  }

  /**
   * Shows a text under a path, for example `/acme/GET organizations.jsonc`, whose extension determines the language.
   * The same path shows the newest text. It never takes the place of a file or document that is only previewed.
   */
  async show(path: string, text: string): Promise<vscode.TextEditor> {
    const document = await vscode.workspace.openTextDocument(this.put(path, text));
    const preview = vscode.window.tabGroups.activeTabGroup.tabs.find(({ isPreview }) => isPreview)?.input;
    const isOurs = preview instanceof vscode.TabInputText && preview.uri.scheme === VIRTUAL_SCHEME;
    return vscode.window.showTextDocument(document, { preview: preview === undefined || isOurs });
  }

  /** Keeps a text under a path, without showing it. */
  put(path: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: VIRTUAL_SCHEME, path });
    const key = uri.toString();
    this.texts.delete(key);
    this.texts.set(key, text);
    if (this.texts.size > MOST_DOCUMENTS) {
      const oldest = this.texts.keys().next();
      if (!oldest.done) this.texts.delete(oldest.value);
    }
    this.changes.fire(uri);
    return uri;
  }

  /** Replaces the text of a document where it stands. Does nothing if it was never shown. */
  update(path: string, text: string): void {
    const uri = vscode.Uri.from({ scheme: VIRTUAL_SCHEME, path });
    const key = uri.toString();
    if (!this.texts.has(key)) return;
    this.texts.set(key, text);
    this.changes.fire(uri);
  }

  dispose(): void {
    this.registration.dispose();
    this.changes.dispose();
  }
}
