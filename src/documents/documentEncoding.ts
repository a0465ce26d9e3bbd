import { TextDecoder } from 'node:util';
import * as vscode from 'vscode';
import { DocumentRefusal } from './documentRefusal';

/** VS Code's names of the default encoding of these documents. It can encode every text. */
const UTF8: readonly string[] = ['utf8', 'utf8bom'];
const MARK = Buffer.from('\ufeff');

/** The encoding that the user chose for an open document. Undefined for UTF-8. */
export function chosenEncoding(uri: vscode.Uri): string | undefined {
  const encoding = openDocument(uri)?.encoding;
  return encoding === undefined || UTF8.includes(encoding) ? undefined : encoding;
}

/**
 * A document's text as bytes that VS Code reads correctly, whatever `files.encoding` says: their mark identifies UTF-8.
 *
 * @throws DocumentRefusal if the chosen encoding can't encode the text
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
 * The text that VS Code has encoded. Other encodings than UTF-8 silently lose what they can't encode, so the text must
 * be one of `typed`, the editor's texts.
 *
 * @throws DocumentRefusal if a character was lost
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
  // A document opened in an encoding that can't encode it was never shown correctly.
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

/**
 * Whether VS Code reads bytes without a mark as UTF-8. The language of a document that is being opened is unknown, so
 * any language's setting counts.
 */
function readsPlainUtf8(uri: vscode.Uri): boolean {
  const settings = vscode.workspace.getConfiguration('files', uri);
  const languages = ['encoding', 'autoGuessEncoding'].flatMap((name) => settings.inspect(name)?.languageIds ?? []);
  return [
    settings,
    ...languages.map((languageId) => vscode.workspace.getConfiguration('files', { uri, languageId })),
  ].every((each) => UTF8.includes(each.get('encoding', 'utf8')) && !each.get('autoGuessEncoding', false));
}
