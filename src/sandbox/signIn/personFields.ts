import { html } from 'hono/html';
import { attributeFields, enteredAttributes, type Attribute } from '../pages/attributeFields';
import type { Markup } from '../pages/page';
import type { Models } from '../resources/models';
import { isEmail, type Person } from './person';

const MOST_USERS = 25;
const MOST_ATTRIBUTES = 20;
const LONGEST = 1_000;

/**
 * The fields with which a person says who signs in.
 * @param organizationId whose users can be chosen
 * @param filled what was filled in so far
 * @param rows how many attributes can be entered
 */
export function personFields(
  organizationId: string | undefined,
  filled: URLSearchParams,
  rows: number,
  { users }: Models,
): Markup {
  const known: { readonly id: string; readonly text: string }[] = [];
  for (const [, { id, email, userProfile }] of organizationId === undefined
    ? []
    : users.members(organizationId).after(-1)) {
    known.push({ id, text: `${userProfile?.name ?? ''} ${email}`.trim() });
    if (known.length === MOST_USERS) break;
  }
  // The email has no `type="email"`: a browser would refuse the form for it even if a user is chosen.
  const text = (name: string, label: string, mode = 'text') =>
    html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" inputmode="${mode}" autocomplete="off" value="${filled.get(name) ?? ''}">`;
  const entered = enteredAttributes(filled);
  return html`<fieldset><legend>Who signs in</legend>
${
  known.length === 0
    ? ''
    : html`<label for="user">User of the organization</label>
<select id="user" name="user">
<option value="">The person below</option>
${known.map(
  (user) =>
    html`<option value="${user.id}"${user.id === filled.get('user') ? html` selected` : ''}>${user.text}</option>`,
)}
</select>`
}
${text('email', 'Email', 'email')}
<div class="pair"><div>${text('given_name', 'First name')}</div><div>${text('family_name', 'Last name')}</div></div>
</fieldset>
${attributeFields(Array.from({ length: rows }, (_, index) => entered[index] ?? ['', '']))}`;
}

/** Who was chosen or entered. Undefined without an email. What was entered goes before what the chosen user has. */
export function personIn(fields: URLSearchParams, { users }: Models): Person | undefined {
  const chosen = users.all.get(fields.get('user') ?? '');
  const email = chosen?.email ?? (fields.get('email') ?? '').trim();
  if (!isEmail(email)) return undefined;
  const profile = (chosen ?? users.findByEmail(email))?.userProfile;
  const entered = (name: string) => (fields.get(name) ?? '').trim().slice(0, LONGEST);
  const attributes = enteredAttributes(fields)
    .slice(0, MOST_ATTRIBUTES)
    .map(([name, value]): Attribute => [name.trim().slice(0, LONGEST), value.slice(0, LONGEST)])
    .filter(([name]) => name !== '');
  return {
    email,
    givenName: entered('given_name') || (profile?.givenName ?? ''),
    familyName: entered('family_name') || (profile?.familyName ?? ''),
    attributes: Object.fromEntries(attributes),
  };
}
