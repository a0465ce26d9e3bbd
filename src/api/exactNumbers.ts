import { randomUUID } from 'node:crypto';

/** Stands before a number that is kept as text. Another in each process, so that no text from elsewhere can pass for a number. */
const MARK = randomUUID();

/** The strings and numbers of a JSON text: strings are matched so that nothing inside them is taken for a number. */
const TOKENS = /"(?:[^"\\]|\\[^])*"?|-?\d[\d.eE+-]*/g;

/**
 * A valid JSON text in which each number that JavaScript would print otherwise (`100002348117421473`, `1.0`, `1e400`) is a marked string:
 * parsed, changed and printed again it can be put back by {@link unmarkNumbers}, digit for digit.
 */
export function markNumbers(json: string): string {
  return json.replace(TOKENS, (token) =>
    token.startsWith('"') || String(Number(token)) === token ? token : `"${MARK}${token}"`,
  );
}

/** Puts the numbers that {@link markNumbers} marked back into printed JSON. */
export function unmarkNumbers(json: string): string {
  return json.split(`"${MARK}`).reduce((before, rest) => before + rest.replace('"', ''));
}

/** A valid JSON text in which each number that JavaScript cannot hold exactly is a string of its digits. */
export function inexactNumbersAsText(json: string): string {
  return json.replace(TOKENS, (token) => (token.startsWith('"') || isHeldExactly(token) ? token : `"${token}"`));
}

function isHeldExactly(number: string): boolean {
  if (!Number.isFinite(Number(number))) return false;
  const [mantissa = ''] = number.toLowerCase().split('e');
  const digits = mantissa.replace(/\D/g, '').replace(/^0+/, '');
  // Every decimal of up to 15 digits comes back as it went in; longer whole ones may.
  return digits.length <= 15 || String(Number(number)) === number;
}
