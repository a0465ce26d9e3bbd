import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ByteFinder } from '../../src/ui/byteFinder';
import { writtenForms } from './writtenForms';

/** A text that must not be found, and its name in every report, because a report must not leak it either. */
export interface Needle {
  readonly name: string;
  readonly text: string;
}

export interface Leak {
  /** The file, or whatever was searched. */
  readonly place: string;
  readonly needle: string;
  /** How it was written there, for example `base64`. */
  readonly form: string;
}

export interface FolderSearch {
  readonly leaks: readonly Leak[];
  /** Paths of the files that were read, relative to the folder. */
  readonly files: readonly string[];
  readonly bytes: number;
}

/** Searches a text. */
export function searchText(place: string, text: string, needles: readonly Needle[]): Leak[] {
  return searchBytes(place, Buffer.from(text, 'utf8'), needles);
}

/** Searches every file in a folder and its subfolders, with their names. Skips what disappears meanwhile. */
export async function searchFolder(folder: string, needles: readonly Needle[]): Promise<FolderSearch> {
  const leaks: Leak[] = [];
  const files: string[] = [];
  let bytes = 0;
  await access(folder); // In a folder that was never there, the search would find no leak.
  const folders = [folder];
  for (let current = folders.pop(); current !== undefined; current = folders.pop()) {
    // Not `recursive`, which fails as a whole if one of the subfolders disappears.
    for (const entry of (await ifThere(readdir(current, { withFileTypes: true }))) ?? []) {
      const path = join(current, entry.name);
      leaks.push(...searchText(`name of ${path}`, entry.name, needles));
      if (entry.isDirectory()) folders.push(path);
      const content = entry.isFile() ? await ifThere(readFile(path)) : undefined;
      if (content === undefined) continue;
      files.push(path.slice(folder.length + 1));
      bytes += content.length;
      leaks.push(...searchBytes(path, content, needles));
    }
  }
  return { leaks, files, bytes };
}

/** Undefined if the file or folder isn't there anymore. */
async function ifThere<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function searchBytes(place: string, content: Buffer, needles: readonly Needle[]): Leak[] {
  const finder = finderOf(needles);
  const leaks = new Map<string, Leak>();
  const found = (_start: number, _end: number, { needle, form }: Found): void =>
    void leaks.set(`${needle} ${form}`, { place, needle, form });
  finder.find(content, found);
  // Base64 may have line breaks anywhere, even as JSON escapes.
  if (/[\w+/-]{8}(?:\r?\n|\\r|\\n)/.test(content.toString('latin1'))) finder.find(withoutLineBreaks(content), found);
  return [...leaks.values()];
}

interface Found {
  readonly needle: string;
  readonly form: string;
}

const finders = new Map<string, ByteFinder<Found>>();

/** Finds all forms of all needles in one pass. */
function finderOf(needles: readonly Needle[]): ByteFinder<Found> {
  const key = JSON.stringify(needles);
  const known = finders.get(key);
  if (known !== undefined) return known;
  const finder = new ByteFinder<Found>();
  for (const { name, text } of needles)
    for (const { form, bytes } of formsOf(text)) finder.add(bytes, { needle: name, form });
  finders.set(key, finder);
  return finder;
}

function withoutLineBreaks(content: Buffer): Buffer {
  return Buffer.from(content.toString('latin1').replace(/(?:\r?\n|\\r|\\n)[ \t]*/g, ''), 'latin1');
}

interface Form {
  readonly form: string;
  readonly bytes: Buffer;
}

/** The ways to write a text: each encoding, as UTF-8 and as UTF-16, which browsers and JavaScript engines store. */
function formsOf(text: string): readonly Form[] {
  const inBase64 = [
    'as it is',
    'percent-encoded',
    'percent-encoded in lower case',
    'as a form value',
    'in JSON',
    'in JSON, as Go writes it',
    'in HTML',
  ];
  const written: [form: string, text: string][] = [
    ...Object.entries(writtenForms)
      .filter(([form]) => !NOT_BY_ITSELF.test(form))
      .map(([form, write]): [string, string] => [form, write(text)]),
    ['bytes in hex', writtenForms['in hex by pairs']?.(text).trim() ?? ''],
    ['bytes in decimal', [...Buffer.from(text, 'utf8')].join(',')],
    ['HTML, in an attribute', inHtml(text).replaceAll('"', '&quot;')],
    ['HTML', inHtml(text)],
    ...inBase64.flatMap((form) =>
      base64Forms(Buffer.from(writtenForms[form]?.(text) ?? '', 'utf8')).map(([how, encoded]): [string, string] => [
        `${form}, ${how}`,
        encoded,
      ]),
    ),
    ...[Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()]
      .flatMap(base64Forms)
      .map(([how, encoded]): [string, string] => [`UTF-16, ${how}`, encoded]),
    ...base64Forms(Buffer.from(text, 'utf8')).flatMap(([how, encoded]) =>
      base64Forms(Buffer.from(encoded, 'utf8')).map(([again, twice]): [string, string] => [`${how}, ${again}`, twice]),
    ),
  ];
  const seen = new Set<string>();
  return written
    .filter(([, encoded]) => !seen.has(encoded) && seen.add(encoded))
    .flatMap(([form, encoded]) => [
      { form, bytes: Buffer.from(encoded, 'utf8') },
      { form: `${form}, UTF-16`, bytes: Buffer.from(encoded, 'utf16le') },
    ]);
}

/** Forms that encode a text together with its neighbors. The search uses the part that is always the same. */
const NOT_BY_ITSELF = /base64|Basic|buffer|UTF-16/;

/** Each place in a group where a text may begin, in both alphabets, and the same percent-encoded. */
function base64Forms(bytes: Buffer): [form: string, encoded: string][] {
  return [0, 1, 2].flatMap((offset): [string, string][] => {
    const base64 = base64At(bytes, offset);
    return [
      [`base64, ${offset} bytes into a group`, base64],
      [`base64url, ${offset} bytes into a group`, base64.replaceAll('+', '-').replaceAll('/', '_')],
      [`base64 that is percent-encoded, ${offset} bytes into a group`, encodeURIComponent(base64)],
      [
        `base64 that is percent-encoded in lower case, ${offset} bytes into a group`,
        encodeURIComponent(base64).replace(/%../g, (escape) => escape.toLowerCase()),
      ],
    ];
  });
}

/** As in a page's own markup. */
function inHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\u00a0', '&nbsp;');
}

/** The part that the base64 of every text with these bytes has, if they start `offset` bytes into a group of three. */
function base64At(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  // A character has six bits. Those at the edges that share bits with a neighbor are left out.
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}
