import { isRecord, readTime, type JsonRecord } from '../api/json.js';
import type { OrganizationChanges } from '../api/organizations.js';
import { REDACTED, redactSecrets } from '../api/secretFields.js';

/** Why an edited organization cannot be saved. `field` is the one that stands in the way; `metadata.<key>` for a pair of it. */
export interface EditProblem {
  readonly kind:
    | 'notJson'
    | 'notAnObject'
    | 'readOnlyChanged'
    | 'readOnlyRemoved'
    | 'unknownField'
    | 'required'
    | 'notText'
    | 'notTextMap'
    | 'redacted';
  readonly field: string;
  /** What the JSON parser says, for `notJson`. */
  readonly detail?: string;
}

export type OrganizationEdit = { readonly changes: OrganizationChanges } | { readonly problem: EditProblem };

const OPTIONAL_TEXTS = ['external_id', 'slug', 'logo_url'] as const;
const EDITABLE: ReadonlySet<string> = new Set(['display_name', 'metadata', ...OPTIONAL_TEXTS]);

/**
 * What saving an edited document would change in the organization as it is now.
 *
 * A field that was removed, or is null or empty, is sent as an empty text, which clears it (api.md 2.2). What is read-only must be as
 * it is now, or as it was in one of the versions in `shown`. With none at hand, as for a text that VS Code has kept over a restart, an
 * older `update_time` is taken for that of such a version. A text that was redacted stays what it is.
 */
export function readOrganizationEdit(text: string, current: JsonRecord, shown: readonly JsonRecord[]): OrganizationEdit {
  let edited: unknown;
  try {
    edited = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    return problem('notJson', '', error instanceof Error ? error.message : undefined);
  }
  if (!isRecord(edited)) return problem('notAnObject', '');

  const versions = [redacted(current), ...shown];
  for (const field of new Set([...Object.keys(edited), ...Object.keys(versions[0] ?? {})])) {
    if (EDITABLE.has(field) || versions.some((version) => equal(version[field], edited[field]))) continue;
    if (field === 'update_time' && shown.length === 0 && isOlder(edited[field], current[field])) continue;
    if (versions.every((version) => version[field] === undefined)) return problem('unknownField', field);
    return problem(edited[field] === undefined ? 'readOnlyRemoved' : 'readOnlyChanged', field);
  }

  const changes: Record<string, unknown> = {};
  const name = edited['display_name'] ?? '';
  if (typeof name !== 'string') return problem('notText', 'display_name');
  if (name === '') return problem('required', 'display_name');
  if (name !== current['display_name']) changes['display_name'] = name;

  for (const field of OPTIONAL_TEXTS) {
    const value = edited[field] ?? '';
    if (typeof value !== 'string') return problem('notText', field);
    if (value !== (current[field] ?? '')) changes[field] = value;
  }

  const before = isRecord(current['metadata']) ? current['metadata'] : {};
  const metadata = readMetadata(edited['metadata'] ?? {}, before);
  if ('problem' in metadata) return metadata;
  if (!equal(metadata.values, before)) changes['metadata'] = metadata.values;
  return { changes };
}

/** Fields of a save that the organization does not have afterwards as they were sent: Scalekit ignored them. */
export function ignoredChanges(changes: OrganizationChanges, saved: JsonRecord): string[] {
  return Object.entries(changes)
    .filter(([field, value]) => !equal(value, saved[field] ?? (field === 'metadata' ? {} : '')))
    .map(([field]) => field);
}

/** An organization's JSON as it may be shown. */
export function redacted(json: JsonRecord): JsonRecord {
  const { json: shown } = redactSecrets(json);
  return isRecord(shown) ? shown : {};
}

function readMetadata(edited: unknown, before: JsonRecord): { values: JsonRecord } | { problem: EditProblem } {
  if (!isRecord(edited)) return problem('notTextMap', 'metadata');
  const concealed = redacted({ metadata: before })['metadata'] as JsonRecord;
  const values: JsonRecord = {};
  for (const [key, value] of Object.entries(edited)) {
    if (typeof value !== 'string') return problem('notText', `metadata.${key}`);
    const isMarker = value === REDACTED && before[key] !== REDACTED;
    // The pairs are replaced as a whole, so one that is not shown is sent as it is on the server.
    if (isMarker && concealed[key] !== REDACTED) return problem('redacted', `metadata.${key}`);
    Object.defineProperty(values, key, { value: isMarker ? before[key] : value, enumerable: true });
  }
  return { values };
}

function problem(kind: EditProblem['kind'], field: string, detail?: string): { problem: EditProblem } {
  return { problem: { kind, field, ...(detail === undefined ? {} : { detail }) } };
}

function isOlder(time: unknown, other: unknown): boolean {
  const [a, b] = [readTime(time), readTime(other)];
  return a !== undefined && b !== undefined && a < b;
}

/** Whether two JSON values are the same; the order of an object's fields does not matter. */
function equal(a: unknown, b: unknown): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((each, index) => equal(each, b[index]));
  if (!isRecord(a)) return a === b;
  if (!isRecord(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}
