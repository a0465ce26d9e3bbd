import * as vscode from 'vscode';
import { beginningOf } from '../api/beginningOf';
import { displayText } from './displayText';
import type { VirtualDocuments } from './virtualDocuments';

/** The longest tab title, in characters. */
const LONGEST_TITLE = 60;

export interface MarkdownDocument {
  /** What tells documents with equal titles apart. */
  readonly folder: readonly string[];
  /** The title of its tab. May contain text from the server. */
  readonly title: string;
  readonly text: string;
}

/** Shows a Markdown text in VS Code's own preview, or as text in a VS Code without it. */
export async function showMarkdown(
  documents: VirtualDocuments,
  { folder, title, text }: MarkdownDocument,
): Promise<void> {
  const name = beginningOf(displayText(title).replace(/[/\\]+/g, ' '), LONGEST_TITLE);
  const path = ['', ...folder.map(encodeURIComponent), `${name}.md`].join('/');
  const uri = documents.put(path, text);
  try {
    await vscode.commands.executeCommand('markdown.showPreview', uri);
    // A preview that is already open keeps the old text if VS Code has closed the document behind it.
    await vscode.commands.executeCommand('markdown.preview.refresh');
  } catch {
    await documents.show(path, text);
  }
}
