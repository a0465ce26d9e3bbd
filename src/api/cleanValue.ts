import { trimEnd } from './trimEnd';

const UNSEEN = String.raw`\s\p{Default_Ignorable_Code_Point}`;
const UNSEEN_BEFORE = new RegExp(`^[${UNSEEN}]+`, 'u');
const UNSEEN_AFTER = new RegExp(`^[${UNSEEN}]$`, 'u');
const PUNCTUATION_AFTER = new RegExp(`^[${UNSEEN},;]$`, 'u');

/** What may close a quotation, by the mark that opens it. Languages and word processors differ. */
const CLOSING: Readonly<Record<string, string>> = {
  '"': '"”',
  "'": "'’",
  '`': '`´',
  '´': '´',
  '“': '”“"',
  '”': '”',
  '„': '“”"',
  '‟': '”',
  '‘': "’‘'",
  '’': '’',
  '‚': '‘’',
  '‛': '’',
  '«': '»',
  '»': '«»',
  '‹': '›',
  '›': '‹›',
  '「': '」',
  '『': '』',
  '《': '》',
  '〈': '〉',
  '＂': '＂',
  '＇': '＇',
  '〝': '〞〟',
};

/**
 * Removes what gets copied along with a value from a note, a chat or a line of code: surrounding spaces and invisible
 * characters, quotes, and a trailing comma or semicolon. With `quoted`, punctuation belongs to the value.
 */
export function cleanValue(text: string, quoted = false): string {
  let value = text;
  for (;;) {
    const trimmed = trimEnd(value.replace(UNSEEN_BEFORE, ''), quoted ? UNSEEN_AFTER : PUNCTUATION_AFTER);
    const cleaned = quoted && trimmed.startsWith('`') ? trimmed : unquote(trimmed);
    if (cleaned === value) return value;
    value = cleaned;
  }
}

/**
 * Cleans a client ID or secret. Neither contains invisible characters, so any inside come from a page or chat that
 * broke the line.
 */
export function cleanCredential(text: string, quoted = false): string {
  return cleanValue(text.replace(/\p{Default_Ignorable_Code_Point}+/gu, ''), quoted);
}

/** Removes the quotes around a text. If the mark also occurs inside, it isn't a quotation. */
function unquote(text: string): string {
  const inside = text.slice(1, -1);
  const opening = text.charAt(0);
  return text.length > 1 && CLOSING[opening]?.includes(text.charAt(text.length - 1)) && !inside.includes(opening)
    ? inside
    : text;
}
