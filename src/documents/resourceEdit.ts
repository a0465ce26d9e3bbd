import { isRecord, readTime, type JsonRecord } from '../api/json';
import { REDACTED } from '../api/secretFields';
import { redacted } from './resourceFile';

/**
 * How a field can be edited. A `text` is cleared if it's removed, null or empty; a `requiredText` can't be cleared; a
 * `lastingText` may be absent, but Scalekit can't clear it once it has a value. `textMap` is an object of texts,
 * `names` a list of texts in any order; both are saved as a whole.
 */
export type FieldRule = 'requiredText' | 'text' | 'lastingText' | 'textMap' | 'names';

/** The editable fields of a kind of resource. All others are read-only. */
export type EditableFields = Readonly<Record<string, FieldRule>>;

/** Why an edited resource can't be saved. `field` is the one with the problem: `metadata.<key>` for a metadata pair. */
export interface EditProblem {
  readonly kind:
    | 'notJson'
    | 'notAnObject'
    | 'readOnlyChanged'
    | 'readOnlyRemoved'
    | 'unknownField'
    | 'required'
    | 'cannotBeCleared'
    | 'notText'
    | 'notTextMap'
    | 'notNames'
    | 'redacted'
    | 'unreadable';
  readonly field: string;
  /** The JSON parser's message, for `notJson`. */
  readonly detail?: string;
}

/** The new value of each changed field. A cleared field has the empty value of its rule. */
export type Changes = JsonRecord;

export type ResourceEdit = { readonly changes: Changes } | { readonly problem: EditProblem };

/**
 * What saving an edited document would change in the current resource.
 *
 * Read-only fields must have their current value, or that of one of the versions in `shown`. If there are none, for
 * example for a text that VS Code restored after a restart, we accept an older `update_time` as that of such a version.
 * A redacted text stays unchanged.
 */
export function readResourceEdit(
  fields: EditableFields,
  text: string,
  current: JsonRecord,
  shown: readonly JsonRecord[],
): ResourceEdit {
  let edited: unknown;
  try {
    edited = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    return problem('notJson', '', error instanceof Error ? error.message : undefined);
  }
  if (!isRecord(edited)) return problem('notAnObject', '');

  const [refused] = refusedFields(fields, edited, current, shown);
  if (refused !== undefined) return { problem: refused };

  const changes: Record<string, unknown> = {};
  for (const [field, rule] of Object.entries(fields)) {
    const read = readField(field, rule, edited[field], current[field]);
    if ('problem' in read) return read;
    if (isSameValue(rule, read.value, current[field])) continue;
    if (unreadableIn(read.value) > unreadableIn(current[field])) return problem('unreadable', field);
    changes[field] = read.value;
  }
  return { changes };
}

/**
 * The read-only fields of an edited resource that can't be saved as they are. Its arguments are those of
 * {@link readResourceEdit}.
 */
export function refusedFields(
  fields: EditableFields,
  edited: JsonRecord,
  current: JsonRecord,
  shown: readonly JsonRecord[],
): EditProblem[] {
  const versions = [redacted(current), ...shown];
  return [...new Set([...Object.keys(edited), ...Object.keys(versions[0] ?? {})])].flatMap((field) => {
    if (Object.hasOwn(fields, field) || versions.some((version) => equal(version[field], edited[field]))) return [];
    if (field === 'update_time' && shown.length === 0 && isOlder(edited[field], current[field])) return [];
    if (versions.every((version) => version[field] === undefined)) return [problem('unknownField', field).problem];
    return [problem(edited[field] === undefined ? 'readOnlyRemoved' : 'readOnlyChanged', field).problem];
  });
}

/**
 * The read-only fields that have changed in Scalekit, with their values there, except those that the user has edited.
 * `shown` are the versions that the edit may have started from.
 */
export function renewedFields(
  fields: EditableFields,
  edited: JsonRecord,
  current: JsonRecord,
  shown: readonly JsonRecord[],
): JsonRecord {
  const now = redacted(current);
  return Object.fromEntries(
    Object.entries(edited).flatMap(([field, value]) =>
      Object.hasOwn(fields, field) ||
      now[field] === undefined ||
      equal(value, now[field]) ||
      !shown.some((version) => equal(version[field], value))
        ? []
        : [[field, now[field]]],
    ),
  );
}

/** Fields whose value afterwards isn't what was sent: Scalekit ignored them. */
export function ignoredChanges(fields: EditableFields, changes: Changes, saved: JsonRecord): string[] {
  return Object.entries(changes)
    .filter(([field]) => !isSame(fields, field, changes, saved))
    .map(([field]) => field);
}

/** Whether a field is the same in two versions of a resource. */
export function isSame(fields: EditableFields, field: string, version: JsonRecord, other: JsonRecord): boolean {
  return isSameValue(fields[field] ?? 'text', version[field], other[field]);
}

/**
 * The changed fields, with the names added to a list and removed from it: `display_name, permissions (+reports:read,
 * −billing:write)`.
 */
export function describeChanges(fields: EditableFields, changes: Changes, current: JsonRecord): string {
  return Object.entries(changes)
    .map(([field, value]) => {
      if (fields[field] !== 'names') return field;
      const [before, after] = [namesIn(current[field]), namesIn(value)];
      const parts = [
        ...after.filter((name) => !before.includes(name)).map((name) => `+${name}`),
        ...before.filter((name) => !after.includes(name)).map((name) => `−${name}`),
      ];
      return `${field} (${parts.join(', ')})`;
    })
    .join(', ');
}

function readField(
  field: string,
  rule: FieldRule,
  edited: unknown,
  before: unknown,
): { readonly value: unknown } | { readonly problem: EditProblem } {
  switch (rule) {
    case 'textMap':
      return readTextMap(field, edited ?? {}, isRecord(before) ? before : {});
    case 'names': {
      const names: unknown = edited ?? [];
      if (!Array.isArray(names) || !names.every((name) => typeof name === 'string' && name !== ''))
        return problem('notNames', field);
      return { value: [...new Set(names)] };
    }
    default: {
      const value = edited ?? '';
      if (typeof value !== 'string') return problem('notText', field);
      if (value === '' && rule === 'requiredText') return problem('required', field);
      if (value === '' && rule === 'lastingText' && !isSameValue(rule, value, before))
        return problem('cannotBeCleared', field);
      return { value };
    }
  }
}

function readTextMap(
  field: string,
  edited: unknown,
  before: JsonRecord,
): { value: JsonRecord } | { problem: EditProblem } {
  if (!isRecord(edited)) return problem('notTextMap', field);
  const concealed = redacted({ [field]: before })[field] as JsonRecord;
  const value: JsonRecord = {};
  for (const [key, text] of Object.entries(edited)) {
    if (typeof text !== 'string') return problem('notText', `${field}.${key}`);
    const isMarker = text === REDACTED && before[key] !== REDACTED;
    // The pairs are replaced as a whole, so a redacted one is sent with the server's value.
    if (isMarker && concealed[key] !== REDACTED) return problem('redacted', `${field}.${key}`);
    Object.defineProperty(value, key, { value: isMarker ? before[key] : text, enumerable: true });
  }
  return { value };
}

/** Whether a field already has a value. An absent field has the empty value of its rule. */
function isSameValue(rule: FieldRule, value: unknown, current: unknown): boolean {
  switch (rule) {
    case 'textMap':
      return equal(value ?? {}, current ?? {});
    case 'names':
      return equal(namesIn(value).sort(), namesIn(current).sort());
    default:
      return (value ?? '') === (current ?? '');
  }
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];
}

/** How many characters of a value were lost on the way: replacement characters, and halves of surrogate pairs. */
function unreadableIn(value: unknown): number {
  if (typeof value === 'string') return value.match(/[\ufffd\ud800-\udfff]/gu)?.length ?? 0;
  const parts: unknown[] = Array.isArray(value) ? value : isRecord(value) ? Object.entries(value).flat() : [];
  return parts.reduce<number>((sum, part) => sum + unreadableIn(part), 0);
}

function problem(kind: EditProblem['kind'], field: string, detail?: string): { problem: EditProblem } {
  return { problem: { kind, field, ...(detail === undefined ? {} : { detail }) } };
}

function isOlder(time: unknown, other: unknown): boolean {
  const [a, b] = [readTime(time), readTime(other)];
  return a !== undefined && b !== undefined && a < b;
}

/** Whether two JSON values are equal. The order of an object's fields doesn't matter. */
function equal(a: unknown, b: unknown): boolean {
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((each, index) => equal(each, b[index]));
  if (!isRecord(a)) return a === b;
  if (!isRecord(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}
