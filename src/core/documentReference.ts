import * as vscode from 'vscode';
import { isRecord, readArray, readText, type JsonRecord } from '../api/json';
import { ENVIRONMENT_ID } from './environment';

/** The scheme of Scalekit's resources as files: `scalekit:/<environment>/organizations/<id>.json`. */
export const SCALEKIT_SCHEME = 'scalekit';

/** Which resource of Scalekit's a document shows. Tree nodes carry one as their `document`. */
export interface DocumentReference {
  readonly environmentId: string;
  /** Collections and ids by turns, as they come: `['organizations', 'org_1', 'connections', 'conn_1']`. Ids may hold any character. */
  readonly path: readonly string[];
  /** What a list said of it, for resources that Scalekit gives out in lists alone. Not part of the URI. */
  readonly record?: JsonRecord;
}

const COLLECTION = /^[a-z-]{1,32}$/;
const DEEPEST = 8;
const LONGEST_ID = 256;

/** Characters of an id that a path cannot hold as they are, or that would not be seen in a tab's title. */
const NOT_IN_A_PATH =
  /[%/\\?#\u0000-\u0020\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** `scalekit:/<environment>/organizations/<id>.json` and so on; what stands in an id cannot change the shape of the path. */
export function documentUri({ environmentId, path }: DocumentReference): vscode.Uri {
  return vscode.Uri.from({
    scheme: SCALEKIT_SCHEME,
    path: `/${[environmentId, ...path.map(encodeSegment)].join('/')}.json`,
  });
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
  const record = reference['record'];
  return checked({ environmentId, path, ...(isRecord(record) ? { record } : {}) });
}

function checked(reference: DocumentReference): DocumentReference | undefined {
  const { environmentId, path } = reference;
  if (!ENVIRONMENT_ID.test(environmentId) || path.length === 0 || path.length > DEEPEST || path.length % 2 !== 0)
    return undefined;
  const isGood = (segment: string, index: number): boolean =>
    index % 2 === 0 ? COLLECTION.test(segment) : segment !== '' && segment.length <= LONGEST_ID;
  return path.every(isGood) ? reference : undefined;
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
