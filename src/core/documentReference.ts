import * as vscode from 'vscode';
import { isRecord, readArray, readText, type JsonRecord } from '../api/json';
import { ENVIRONMENT_ID } from './environment';

/** The scheme of Scalekit's resources as files: `scalekit:/<environment>/organizations/<id>/<name>.json`. */
export const SCALEKIT_SCHEME = 'scalekit';

/** Which resource of Scalekit's a document shows. Tree nodes carry one as their `document`. */
export interface DocumentReference {
  readonly environmentId: string;
  /** Collections and ids by turns, as they come: `['organizations', 'org_1', 'connections', 'conn_1']`. Ids may hold any character. */
  readonly path: readonly string[];
  /** What a person knows it by. It only makes tabs easy to tell apart: whatever it says, the resource is the same. */
  readonly name?: string;
  /** What a list said of it, for resources that Scalekit gives out in lists alone. Not part of the URI. */
  readonly record?: JsonRecord;
}

const COLLECTION = /^[a-z-]{1,32}$/;
const DEEPEST = 8;
const LONGEST_ID = 256;

/** Characters of an id that a path cannot hold as they are, or that would not be seen in a tab's title. */
const NOT_IN_A_PATH =
  /[%/\\?#\u0000-\u0020\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** What a name in an address can't hold: what ends a segment or a file's name somewhere, and what nobody would see in a tab. Joiners are part of emoji and of words. */
const NOT_IN_A_NAME =
  /(?!\u200c|\u200d|\ufe0e|\ufe0f)[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb<>:"/\\|?*#%]/gu;
const LONGEST_NAME = 60;

/**
 * `scalekit:/<environment>/organizations/<id>/<name>.json` and so on, or `…/<id>.json` where no name is known. What stands in an id or a name can't
 * change the shape of the path. To open a document, take its `documentAddress`.
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

/** Where a document opens: VS Code takes two addresses for two documents, so one that is open keeps its address, whatever the resource is called by now. */
export function documentAddress(reference: DocumentReference): vscode.Uri {
  return openAddresses(reference)[0] ?? documentUri(reference);
}

/** The addresses under which a resource is open in a tab, by itself or compared. */
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

/** What a URI addresses; undefined when it is no address of ours. Says nothing about whether there is such a resource. */
export function readDocumentUri(uri: vscode.Uri): DocumentReference | undefined {
  if (
    uri.scheme !== SCALEKIT_SCHEME ||
    uri.authority !== '' ||
    !uri.path.startsWith('/') ||
    !uri.path.endsWith('.json')
  )
    return undefined;
  const [environmentId = '', ...encoded] = uri.path.slice(1, -'.json'.length).split('/');
  // Collections and ids come in pairs: what is left over is the name, which may be out of date.
  if (encoded.length % 2 === 1) encoded.pop();
  // Dots that an id consists of are written encoded; as they are they would lead out of their folder.
  return checked({
    environmentId,
    path: encoded.map((segment) => (/^\.+$/.test(segment) ? '' : (decodeSegment(segment) ?? ''))),
  });
}

/** Reads the `document` of a tree node, or a reference as it is; undefined when a command's argument holds neither. */
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

/** A name as it may stand in an address; empty when nothing of it can. */
function nameInAddress(name: string): string {
  const safe = name.replace(/\s+/gu, ' ').trim().replace(NOT_IN_A_NAME, '-');
  // At the end, Windows allows neither dots nor spaces.
  const short = firstCharacters(safe, LONGEST_NAME).replace(/(?<![. ])[. ]+$/, '');
  return /^[-. ]*$/.test(short) ? '' : short;
}

/** The beginning of a text, at most so many code points, which ends with a whole character: an emoji may be made of several. */
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

/** Text without the halves of characters that no URL can carry. */
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
