/**
 * The beginning of a text: at most `most` UTF-16 units, cut between two characters as the user sees them. An emoji is
 * never split, nor a letter from its marks.
 */
export function beginningOf(text: string, most: number): string {
  if (text.length <= most) return text;
  // Look at a limited part only: a text from the server may be very long.
  const near = text.slice(0, most + LONGEST_LOOKED_AT);
  const end = new Intl.Segmenter().segment(near).containing(most)?.index ?? 0;
  return text.slice(0, end === 0 ? most : end).replace(HALF_AT_THE_END, '');
}

const LONGEST_LOOKED_AT = 64;
const HALF_AT_THE_END = /[\ud800-\udbff]$/u;
