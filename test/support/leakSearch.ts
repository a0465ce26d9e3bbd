import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A text that must not be found, and the name that stands for it in every report: a report must not leak it either. */
export interface Needle {
  readonly name: string;
  readonly text: string;
}

export interface Leak {
  /** The file, or whatever was searched. */
  readonly place: string;
  readonly needle: string;
  /** How it was written there, such as `base64`. */
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

/** Searches every file below a folder, the files' names included. A file that goes away meanwhile is passed over. */
export async function searchFolder(folder: string, needles: readonly Needle[]): Promise<FolderSearch> {
  const leaks: Leak[] = [];
  const files: string[] = [];
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    leaks.push(...searchText(`name of ${path}`, entry.name, needles));
    if (!entry.isFile()) continue;
    let content: Buffer;
    try {
      content = await readFile(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw error;
    }
    files.push(path.slice(folder.length + 1));
    bytes += content.length;
    leaks.push(...searchBytes(path, content, needles));
  }
  return { leaks, files, bytes };
}

function searchBytes(place: string, content: Buffer, needles: readonly Needle[]): Leak[] {
  return needles.flatMap(({ name, text }) =>
    formsOf(text)
      .filter(({ bytes }) => content.includes(bytes))
      .map(({ form }) => ({ place, needle: name, form })),
  );
}

interface Form {
  readonly form: string;
  readonly bytes: Buffer;
}

const forms = new Map<string, readonly Form[]>();

/** The ways in which a text may be written down: each encoding, as UTF-8 and, as browsers and JavaScript engines keep it, UTF-16. */
function formsOf(text: string): readonly Form[] {
  const known = forms.get(text);
  if (known) return known;
  const bytes = Buffer.from(text, 'utf8');
  const hex = bytes.toString('hex');
  const written: [form: string, text: string][] = [
    ['raw', text],
    ['URL-encoded', encodeURIComponent(text)],
    ['form-encoded', new URLSearchParams({ s: text }).toString().slice(2)],
    ['JSON', JSON.stringify(text).slice(1, -1)],
    ['JSON in JSON', JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1)],
    ['HTML', inHtml(text)],
    ['HTML, in an attribute', inHtml(text).replaceAll('"', '&quot;')],
    ['hex', hex],
    ['upper-case hex', hex.toUpperCase()],
    ...[0, 1, 2].flatMap((offset): [string, string][] => {
      const base64 = base64At(bytes, offset);
      return [
        [`base64, ${offset} bytes into a group`, base64],
        [`base64url, ${offset} bytes into a group`, base64.replaceAll('+', '-').replaceAll('/', '_')],
      ];
    }),
  ];
  const seen = new Set<string>();
  const all = written
    .filter(([, encoded]) => !seen.has(encoded) && seen.add(encoded))
    .flatMap(([form, encoded]) => [
      { form, bytes: Buffer.from(encoded, 'utf8') },
      { form: `${form}, UTF-16`, bytes: Buffer.from(encoded, 'utf16le') },
    ]);
  forms.set(text, all);
  return all;
}

/** As a page's own markup has it. */
function inHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\u00a0', '&nbsp;');
}

/** What is surely in the base64 of any text that has these bytes `offset` bytes after a group of three has begun. */
function base64At(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  // A character holds six bits; those at the edges that share bits with a neighbour are left out.
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}
