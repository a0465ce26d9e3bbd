import { html } from 'hono/html';
import type { ProvidedGroup } from '../resources/directoryContents';
import { attributeFields, enteredAttributes, type Attribute } from './attributeFields';
import type { Markup } from './page';

/** How many more attributes can be entered than there are. */
const SPARE_ROWS = 2;

/** What stands in the fields of a user's form. */
export interface UserForm {
  readonly email: string;
  readonly preferredUsername: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly active: boolean;
  /** Ids of groups. */
  readonly groups: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
}

export const emptyUser: UserForm = {
  email: '',
  preferredUsername: '',
  givenName: '',
  familyName: '',
  active: true,
  groups: [],
  attributes: {},
};

/** What was entered. */
export function userFrom(fields: URLSearchParams): UserForm {
  const text = (name: string) => (fields.get(name) ?? '').trim();
  return {
    email: text('email'),
    preferredUsername: text('preferred_username'),
    givenName: text('given_name'),
    familyName: text('family_name'),
    active: fields.has('active'),
    groups: fields.getAll('group'),
    attributes: Object.fromEntries(
      enteredAttributes(fields)
        .map(([name, value]): Attribute => [name.trim(), value])
        .filter(([name]) => name !== ''),
    ),
  };
}

export function userForm(user: UserForm, groups: readonly ProvidedGroup[]): Markup {
  const field = (name: string, label: string, value: string, type = 'text') =>
    html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="off"${name === 'email' ? html` required` : ''} value="${value}">`;
  const box = (id: string, name: string, value: string, label: string, checked: boolean) =>
    html`<div><input id="${id}" name="${name}" type="checkbox" value="${value}"${checked ? html` checked` : ''}> <label for="${id}">${label}</label></div>`;
  const attributes = [
    ...Object.entries(user.attributes),
    ...Array.from({ length: SPARE_ROWS }, (): Attribute => ['', '']),
  ];
  return html`${field('email', 'Email', user.email, 'email')}
<div class="pair"><div>${field('given_name', 'First name', user.givenName)}</div><div>${field('family_name', 'Last name', user.familyName)}</div></div>
${field('preferred_username', 'User name (the email if empty)', user.preferredUsername)}
${box('active', 'active', 'true', 'Active', user.active)}
<fieldset><legend>Groups</legend>
${groups.length === 0 ? html`<p>There are no groups yet.</p>` : ''}${groups.map(({ id, displayName }) => box(id, 'group', id, displayName, user.groups.includes(id)))}
</fieldset>
${attributeFields(attributes)}`;
}
