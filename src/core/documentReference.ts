import * as vscode from 'vscode';
import { isRecord, readArray, readText, type JsonRecord } from '../api/json';
import { ENVIRONMENT_ID } from './environment';

/** The scheme of Scalekit's resources as files: `scalekit:/<environment>/organizations/<id>/<name>.json`. */
export const SCALEKIT_SCHEME = 'scalekit';

/** Which Scalekit resource a document shows. Tree nodes have one as their `document`. */
export interface DocumentReference {
  readonly environmentId: string;
  /**
   * Collections and IDs alternate: `['organizations', 'org_1', 'connections', 'conn_1']`. IDs may contain any
   * character.
   */
  readonly path: readonly string[];
  /** The name that users know it by. It only makes tabs easy to tell apart and doesn't change which resource it is. */
  readonly name?: string;
  /** The record from a list, for resources that Scalekit only returns in lists. Not part of the URI. */
  readonly record?: JsonRecord;
}

const COLLECTION = /^[a-z-]{1,32}$/;
const DEEPEST = 8;
const LONGEST_ID = 256;

/** Characters of an ID that can't be in a path as they are, or that would be invisible in a tab's title. */
const NOT_IN_A_PATH =
  /[%/\\?#\u0000-\u0020\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/**
 * What a name in an address can't contain: what ends a segment or file name somewhere, and what would be invisible in a
 * tab. Joiners are part of emoji and of words.
 */
const NOT_IN_A_NAME =
  /(?!\u200c|\u200d|\ufe0e|\ufe0f)[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb<>:"/\\|?*#%]/gu;
const LONGEST_NAME = 60;

/**
 * `scalekit:/<environment>/organizations/<id>/<name>.json` and so on, or `…/<id>.json` without a name. No ID or name
 * can change the structure of the path. To open a document, use its `documentAddress`.
 */
export function documentUri({ environmentId, path, name = '' }: DocumentReference): vscode.Uri {
  const shown = nameInAddress(name);
  const segments = [
    environmentId,
    ...path.map(encodeSegment),
    ...(shown === '' || shown === path.at(-1) ? [] : [shown]),
  ];
  return vscode.Uri.from({ scheme: SCALEKIT_SCHEME, path: `/${segments.join('/')}.json` });
}

/** The same text for every address of a resource. */
export function documentKey({ environmentId, path }: DocumentReference): string {
  return documentUri({ environmentId, path }).toString();
}

/**
 * Where a document opens. For VS Code two addresses are two documents, so an open document keeps its address even if
 * the resource is renamed.
 */
export function documentAddress(reference: DocumentReference): vscode.Uri {
  return openAddresses(reference)[0] ?? documentUri(reference);
}

/** The addresses at which a resource is open in a tab, alone or in a comparison. */
export function openAddresses({ environmentId, path }: DocumentReference): vscode.Uri[] {
  const nameless = documentUri({ environmentId, path }).path;
  const folder = `${nameless.slice(0, -'.json'.length)}/`;
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs.flatMap(({ input }) => shownIn(input)))
    .filter(
      (uri) =>
        uri.scheme === SCALEKIT_SCHEME &&
        (uri.path === nameless || (uri.path.startsWith(folder) && !uri.path.includes('/', folder.length))),
    );
}

/** What a tab shows: one document, or two side by side. */
export function shownIn(input: unknown): vscode.Uri[] {
  if (input instanceof vscode.TabInputText) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
}

/** What a URI refers to. Undefined if it isn't one of our addresses. Doesn't say whether the resource exists. */
export function readDocumentUri(uri: vscode.Uri): DocumentReference | undefined {
  if (
    uri.scheme !== SCALEKIT_SCHEME ||
    uri.authority !== '' ||
    !uri.path.startsWith('/') ||
    !uri.path.endsWith('.json')
  )
    return undefined;
  const [environmentId = '', ...encoded] = uri.path.slice(1, -'.json'.length).split('/');
  // Collections and IDs come in pairs. An extra segment is the name, which may be out of date.
  if (encoded.length % 2 === 1) encoded.pop();
  // Dots that make up an ID are encoded. Unencoded, they would lead out of their folder.
  return checked({
    environmentId,
    path: encoded.map((segment) => (/^\.+$/.test(segment) ? '' : (decodeSegment(segment) ?? ''))),
  });
}

/** The name in a document's address. It may be out of date, and some of its characters are replaced. */
export function nameAtAddress(uri: vscode.Uri): string | undefined {
  const segments = uri.path.slice(1, -'.json'.length).split('/');
  return segments.length % 2 === 0 && segments.length > 2 ? segments.at(-1) : undefined;
}

/** Reads the `document` of a tree node, or a reference itself. Undefined if a command's argument has neither. */
export function readDocumentReference(argument: unknown): DocumentReference | undefined {
  if (!isRecord(argument)) return undefined;
  const reference = isRecord(argument['document']) ? argument['document'] : argument;
  const environmentId = readText(reference['environmentId']) ?? '';
  const path = readArray(reference['path']).map((segment) => readText(segment) ?? '');
  const name = readText(reference['name']);
  const record = reference['record'];
  return checked({
    environmentId,
    path,
    ...(name === undefined ? {} : { name }),
    ...(isRecord(record) ? { record } : {}),
  });
}

function checked(reference: DocumentReference): DocumentReference | undefined {
  const { environmentId, path } = reference;
  if (!ENVIRONMENT_ID.test(environmentId) || path.length === 0 || path.length > DEEPEST || path.length % 2 !== 0)
    return undefined;
  const isGood = (segment: string, index: number): boolean =>
    index % 2 === 0 ? COLLECTION.test(segment) : segment !== '' && segment.length <= LONGEST_ID;
  return path.every(isGood) ? reference : undefined;
}

/** A name as it may appear in an address. Empty if nothing of it may. */
function nameInAddress(name: string): string {
  const safe = name.replace(/\s+/gu, ' ').trim().replace(NOT_IN_A_NAME, '-');
  // Windows doesn't allow dots or spaces at the end.
  const short = firstCharacters(safe, LONGEST_NAME).replace(/(?<![. ])[. ]+$/, '');
  return /^[-. ]*$/.test(short) ? '' : short;
}

/**
 * The beginning of a text, at most `most` code points. It ends with a whole character: an emoji may consist of several.
 */
function firstCharacters(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = 0;
  let length = 0;
  for (const { segment, index } of new Intl.Segmenter().segment(text)) {
    length += [...segment].length;
    if (length > most) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

/** Removes the halves of surrogate pairs, which no URL can contain. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

function encodeSegment(segment: string): string {
  if (/^\.+$/.test(segment)) return segment.replaceAll('.', '%2E');
  return wellFormed(segment).replace(NOT_IN_A_PATH, (character) => {
    const encoded = encodeURIComponent(character);
    return encoded === character ? `%${character.charCodeAt(0).toString(16).toUpperCase()}` : encoded;
  });
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
