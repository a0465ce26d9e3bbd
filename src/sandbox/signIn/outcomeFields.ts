import { html } from 'hono/html';
import type { Markup } from '../pages/page';
import { faultyOutcomes, isOutcome, LONGEST_DELAY_MS, type Order } from './outcomes';
import { signInErrors } from './signInErrors';

const DELAYS: readonly (readonly [seconds: number, text: string])[] = [
  [0, 'At once'],
  [5, 'After 5 seconds'],
  [30, 'After 30 seconds'],
];

/** The fields with which a person orders how a sign-in ends. */
export function outcomeFields({ outcome, delayMs }: Order): Markup {
  const option = (value: string, text: string) =>
    html`<option value="${value}"${value === outcome ? html` selected` : ''}>${text}</option>`;
  return html`<label for="outcome">Outcome</label>
<select id="outcome" name="outcome">
${option('success', 'The user signs in')}
<optgroup label="Signs in, but">${Object.entries(faultyOutcomes).map(([id, text]) => option(id, text))}</optgroup>
${signInErrors.map(
  ({ group, errors }) =>
    html`<optgroup label="Error: ${group}">${errors.map(({ code }) => option(code, code))}</optgroup>`,
)}
</select>
<label for="delay">Redirect</label>
<select id="delay" name="delay">
${DELAYS.map(
  ([seconds, text]) =>
    html`<option value="${seconds}"${seconds * 1000 === delayMs ? html` selected` : ''}>${text}</option>`,
)}
</select>`;
}

/** What was ordered. Undefined for an outcome that doesn't exist. */
export function orderIn(fields: URLSearchParams): Order | undefined {
  const outcome = fields.get('outcome') || 'success';
  const seconds = Number(fields.get('delay') || '0');
  if (!isOutcome(outcome) || !(seconds >= 0)) return undefined;
  return { outcome, delayMs: Math.min(seconds * 1000, LONGEST_DELAY_MS) };
}
