import type { ProvidedGroup, UserFields } from '../resources/directoryContents';

const LONGEST = 200;
const MOST_ATTRIBUTES = 30;
const MOST_GROUPS = 1_000;
const EMAIL = /^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,190}$/u;
const ATTRIBUTE = /^[A-Za-z_][\w.:-]{0,63}$/;

const FIELDS = ['email', 'preferred_username', 'given_name', 'family_name', 'active', 'groups', 'attributes'];

/**
 * The fields of a user that are in a JSON object.
 * @param groups of the directory: they can be given by id or by name
 * @throws Error with a sentence that says what is wrong
 */
export function readUserFields(
  json: Readonly<Record<string, unknown>>,
  groups: Iterable<ProvidedGroup>,
): Partial<UserFields> {
  const unknown = Object.keys(json).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined)
    throw new Error(`${shown(unknown)} isn't a field of a user. The fields are: ${FIELDS.join(', ')}.`);
  const { email, active, groups: wanted, attributes } = json;
  if (email !== undefined && !(typeof email === 'string' && EMAIL.test(email)))
    throw new Error('email must be an email address.');
  if (active !== undefined && typeof active !== 'boolean') throw new Error('active must be true or false.');
  return {
    ...(email === undefined ? {} : { email }),
    ...(active === undefined ? {} : { active }),
    ...nameField('preferredUsername', 'preferred_username', json),
    ...nameField('givenName', 'given_name', json),
    ...nameField('familyName', 'family_name', json),
    ...(wanted === undefined ? {} : { groupIds: readGroups(wanted, [...groups]) }),
    ...(attributes === undefined ? {} : { attributes: readAttributes(attributes) }),
  };
}

/** The fields of a new user, with what is usual for those that are missing. @throws Error without an email address */
export function newUserFields({ email, ...fields }: Partial<UserFields>): UserFields {
  if (email === undefined) throw new Error('email is missing.');
  return { givenName: '', familyName: '', active: true, groupIds: [], attributes: {}, ...fields, email };
}

/** @throws Error with a sentence that says what is wrong */
export function readGroupName(name: unknown): string {
  if (typeof name !== 'string' || name.trim() === '' || !isLine(name))
    throw new Error(`display_name must be a text of 1 to ${LONGEST} characters in one line.`);
  return name.trim();
}

function nameField<K extends string>(
  key: K,
  name: string,
  json: Readonly<Record<string, unknown>>,
): Partial<Record<K, string>> {
  const value = json[name];
  if (value === undefined) return {};
  if (typeof value !== 'string' || !isLine(value))
    throw new Error(`${name} must be a text of at most ${LONGEST} characters in one line.`);
  return { [key]: value } as Record<K, string>;
}

function readGroups(wanted: unknown, groups: readonly ProvidedGroup[]): string[] {
  if (!Array.isArray(wanted) || wanted.length > MOST_GROUPS)
    throw new Error('groups must be a list of ids or names of groups.');
  return wanted.map((value: unknown) => {
    const group = groups.find(({ id }) => id === value) ?? groups.find(({ displayName }) => displayName === value);
    if (group === undefined) throw new Error(`There is no group ${shown(String(value))} in this directory.`);
    return group.id;
  });
}

function readAttributes(value: unknown): Record<string, string> {
  const entries =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
  if (
    entries === undefined ||
    entries.length > MOST_ATTRIBUTES ||
    !entries.every(([name, text]) => ATTRIBUTE.test(name) && typeof text === 'string' && isLine(text))
  )
    throw new Error(
      `attributes must be a JSON object of at most ${MOST_ATTRIBUTES} texts, each of at most ${LONGEST} characters in one line. Names begin with a letter.`,
    );
  return Object.fromEntries(entries) as Record<string, string>;
}

function isLine(text: string): boolean {
  return text.length <= LONGEST && !/\p{Cc}/u.test(text);
}

/** What was sent, as far as it fits into a sentence. */
function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
