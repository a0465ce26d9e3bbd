/** Characters that have no shape of their own, or turn the direction of what follows. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The beginning of a text of anybody's, as it's safe in a list: on one line, in its own place, with invisible characters as escapes. */
export function shownText(text: string, most = 80): string {
  const beginning = [...text.slice(0, 2 * most + 2)];
  const shown = beginning.slice(0, most).join('').replaceAll(INVISIBLE, escaped);
  return beginning.length > most ? `${shown}…` : shown;
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
