import { TextDecoder } from 'node:util';
import * as vscode from 'vscode';
import { DocumentRefusal } from './documentRefusal';

/** VS Code's names of the encoding that documents have unless a person chose another one. It holds every text. */
const UTF8: readonly string[] = ['utf8', 'utf8bom'];
const MARK = Buffer.from('\ufeff');

/** The encoding that a person chose for an open document; undefined for UTF-8. */
export function chosenEncoding(uri: vscode.Uri): string | undefined {
  const encoding = openDocument(uri)?.encoding;
  return encoding === undefined || UTF8.includes(encoding) ? undefined : encoding;
}

/**
 * A document's text as bytes that VS Code reads rightly, whatever `files.encoding` says: by their mark it knows UTF-8.
 *
 * @throws DocumentRefusal when the encoding that was chosen for it cannot hold the text
 */
export async function encodeDocument(uri: vscode.Uri, utf8: Uint8Array): Promise<Uint8Array> {
  const encoding = chosenEncoding(uri);
  if (encoding === undefined) return readsPlainUtf8(uri) ? utf8 : Buffer.concat([MARK, utf8]);
  const text = new TextDecoder().decode(utf8);
  const bytes = await vscode.workspace.encode(text, { encoding });
  if ((await vscode.workspace.decode(bytes, { encoding })) !== text)
    throw new DocumentRefusal({ kind: 'notShownInEncoding', encoding });
  return bytes;
}

/**
 * The text that VS Code has turned into bytes. In other encodings than UTF-8 it loses in silence what they cannot hold, so the text must
 * be one of `typed`, what the editor held.
 *
 * @throws DocumentRefusal when a character was lost
 */
export async function decodeDocument(
  uri: vscode.Uri,
  bytes: Uint8Array,
  typed: readonly (string | undefined)[],
  shown?: Uint8Array,
): Promise<string> {
  const encoding = chosenEncoding(uri);
  if (encoding === undefined) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      throw new DocumentRefusal({ kind: 'notUtf8' });
    }
  }
  const text = await vscode.workspace.decode(bytes, { encoding });
  // What was opened in an encoding that cannot hold it was never shown rightly.
  const isKept =
    [...typed, openDocument(uri)?.getText()].includes(text) &&
    (shown === undefined ||
      (await encodeDocument(uri, shown).then(
        () => true,
        () => false,
      )));
  if (!isKept) throw new DocumentRefusal({ kind: 'notSavedInEncoding', encoding });
  return text;
}

export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
}

/** Whether VS Code takes bytes without a mark for UTF-8. The language of a document that is being opened is not known, so any language's setting counts. */
function readsPlainUtf8(uri: vscode.Uri): boolean {
  const settings = vscode.workspace.getConfiguration('files', uri);
  const languages = ['encoding', 'autoGuessEncoding'].flatMap((name) => settings.inspect(name)?.languageIds ?? []);
  return [
    settings,
    ...languages.map((languageId) => vscode.workspace.getConfiguration('files', { uri, languageId })),
  ].every((each) => UTF8.includes(each.get('encoding', 'utf8')) && !each.get('autoGuessEncoding', false));
}
