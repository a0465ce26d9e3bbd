import { html } from 'hono/html';
import type { Markup } from './page';

/** An attribute's name and value. */
export type Attribute = readonly [name: string, value: string];

/** The fields of a form for attributes, one row each. */
export function attributeFields(attributes: readonly Attribute[]): Markup {
  return html`<fieldset><legend>Other attributes</legend>
${attributes.map(
  ([name, value], index) => html`<div class="pair">
<div><label for="attribute_name_${index}">Name ${index + 1}</label>
<input id="attribute_name_${index}" name="attribute_name" autocomplete="off" value="${name}"></div>
<div><label for="attribute_value_${index}">Value ${index + 1}</label>
<input id="attribute_value_${index}" name="attribute_value" autocomplete="off" value="${value}"></div>
</div>`,
)}
</fieldset>`;
}

/** What was entered in such fields, as it was, in order. A name may be empty. */
export function enteredAttributes(fields: URLSearchParams): Attribute[] {
  const values = fields.getAll('attribute_value');
  return fields.getAll('attribute_name').map((name, index): Attribute => [name, values[index] ?? '']);
}
