import { isRecord } from '../../api/json';
import { ORGANIZATION_LIMITS } from '../../api/organizations';

/** Why a text isn't metadata. `part` is the pair or key with the problem. */
export interface MetadataProblem {
  readonly kind: 'notAPair' | 'notJson' | 'notTexts' | 'duplicate' | 'keyLength' | 'valueLength' | 'tooMany';
  readonly part: string;
}

/**
 * Reads metadata as the user types it: `plan=team, region=eu`, or a JSON object of texts, for values that contain a
 * comma. An empty text means no metadata. Checks Scalekit's limits (docs/scalekit-api.md, 2.2). Lengths are in
 * characters.
 */
export function readMetadata(
  text: string,
): { readonly values: Readonly<Record<string, string>> } | { readonly problem: MetadataProblem } {
  const trimmed = text.trim();
  if (trimmed === '') return { values: {} };
  const read = trimmed.startsWith('{') ? readJsonPairs(trimmed) : readPairs(trimmed);
  if ('problem' in read) return read;
  const { pairs } = read;
  const { metadataPairs, metadataKey, metadataValue } = ORGANIZATION_LIMITS;
  const keys = pairs.map(([key]) => key);
  const duplicate = keys.find((key, index) => keys.indexOf(key) !== index);
  if (duplicate !== undefined) return problem('duplicate', duplicate);
  for (const [key, value] of pairs) {
    if (length(key) < metadataKey.least || length(key) > metadataKey.most) return problem('keyLength', key);
    if (value === '' || length(value) > metadataValue) return problem('valueLength', key);
  }
  return pairs.length > metadataPairs
    ? problem('tooMany', String(pairs.length))
    : { values: Object.fromEntries(pairs) };
}

type Pairs = { readonly pairs: readonly (readonly [string, string])[] } | { readonly problem: MetadataProblem };

function readPairs(text: string): Pairs {
  const pairs: [string, string][] = [];
  for (const part of text.replace(/,\s*$/, '').split(',')) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(part) ?? [];
    if (key === undefined || value === undefined) return problem('notAPair', part.trim());
    pairs.push([key.trim(), value.trim()]);
  }
  return { pairs };
}

function readJsonPairs(text: string): Pairs {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return problem('notJson', '');
  }
  const pairs: [string, string][] = [];
  for (const [key, value] of Object.entries(isRecord(json) ? json : {})) {
    if (typeof value !== 'string') return problem('notTexts', key);
    pairs.push([key, value]);
  }
  return { pairs };
}

function problem(kind: MetadataProblem['kind'], part: string): { readonly problem: MetadataProblem } {
  return { problem: { kind, part } };
}

function length(text: string): number {
  return [...text].length;
}
