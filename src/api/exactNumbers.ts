import { randomUUID } from 'node:crypto';

/** Marks a number that is stored as text. Random for each process, so that no other text can pass for a number. */
const MARK = randomUUID();

/** The strings and numbers of a JSON text. Strings match too, so that nothing inside them counts as a number. */
const TOKENS = /"(?:[^"\\]|\\[^])*"?|-?\d[\d.eE+-]*/g;

/**
 * A valid JSON text in which each number that JavaScript would print differently (`100002348117421473`, `1.0`, `1e400`)
 * is a marked string. After parsing, changing and printing it, {@link unmarkNumbers} restores each number digit for
 * digit.
 */
export function markNumbers(json: string): string {
  return json.replace(TOKENS, (token) =>
    token.startsWith('"') || String(Number(token)) === token ? token : `"${MARK}${token}"`,
  );
}

/** Restores the numbers that {@link markNumbers} marked in printed JSON. */
export function unmarkNumbers(json: string): string {
  return json.split(`"${MARK}`).reduce((before, rest) => before + rest.replace('"', ''));
}

/** A valid JSON text in which each number that JavaScript can't represent exactly is a string of its digits. */
export function inexactNumbersAsText(json: string): string {
  return json.replace(TOKENS, (token) => (token.startsWith('"') || isHeldExactly(token) ? token : `"${token}"`));
}

function isHeldExactly(number: string): boolean {
  if (!Number.isFinite(Number(number))) return false;
  const [mantissa = ''] = number.toLowerCase().split('e');
  const digits = mantissa.replace(/\D/g, '').replace(/^0+/, '');
  // Any decimal of up to 15 digits survives a round trip. Longer integers may.
  return digits.length <= 15 || String(Number(number)) === number;
}
