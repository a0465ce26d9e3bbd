import type { z } from 'zod';

/** What is wrong with a data file. The message is a sentence that says where. */
export class DataError extends Error {
  override readonly name = 'DataError';
}

/** The place of a value, as a JSON pointer (RFC 6901). The whole file is `/`. */
export function pointer(...path: readonly PropertyKey[]): string {
  return `/${path.map((key) => String(key).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`;
}

/** The first thing that is wrong with the form of a file, as pointer and sentence. */
export function formProblem({ issues }: z.ZodError, data: unknown): string {
  const [issue] = issues;
  if (issue === undefined) return "/ isn't what is expected.";
  const at = pointer(...issue.path);
  switch (issue.code) {
    case 'invalid_type':
      return valueAt(data, issue.path) === undefined
        ? `${at} is missing. It must be ${kind(issue.expected)}.`
        : `${at} must be ${kind(issue.expected)}.`;
    case 'unrecognized_keys':
      return `${pointer(...issue.path, issue.keys[0] ?? '')} isn't a known field.`;
    case 'invalid_value':
      return `${at} must be ${choice(issue.values.map(String))}.`;
    case 'too_small':
      return issue.origin === 'string' ? `${at} must not be empty.` : `${at} must be at least ${issue.minimum}.`;
    case 'too_big':
      return issue.origin === 'string'
        ? `${at} must have at most ${issue.maximum} characters.`
        : issue.origin === 'array'
          ? `${at} must have at most ${issue.maximum} entries.`
          : `${at} must be at most ${issue.maximum}.`;
    case 'invalid_union':
      return `${at} must be a text or a number.`;
    case 'invalid_key':
      return `${at} must have a name of 1 to 100 characters.`;
    default:
      return `${at} ${issue.message.replace(/\.$/, '')}.`;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function kind(expected: string): string {
  return KINDS[expected] ?? expected;
}

function choice(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let at = data;
  for (const key of path)
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined;
  return at;
}
