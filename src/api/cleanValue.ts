import { trimEnd } from './trimEnd';

const UNSEEN = String.raw`\s\p{Default_Ignorable_Code_Point}`;
const UNSEEN_BEFORE = new RegExp(`^[${UNSEEN}]+`, 'u');
const UNSEEN_AFTER = new RegExp(`^[${UNSEEN}]$`, 'u');
const PUNCTUATION_AFTER = new RegExp(`^[${UNSEEN},;]$`, 'u');

/** What may close a quotation, for each mark that opens one: languages and word processors differ. */
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
 * A value without what comes along when it is copied from a note, a chat or a line of code: spaces and invisible characters around it,
 * quotes, a comma or semicolon behind it. Within quotes, `quoted`, punctuation belongs to the value.
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

/** A client ID or secret, cleaned. No such value holds an invisible character, wherever a page or a chat has broken it. */
export function cleanCredential(text: string, quoted = false): string {
  return cleanValue(text.replace(/\p{Default_Ignorable_Code_Point}+/gu, ''), quoted);
}

/** The pair of quotes around a text off; one that holds the mark again is no quotation. */
function unquote(text: string): string {
  const inside = text.slice(1, -1);
  const opening = text.charAt(0);
  return text.length > 1 && CLOSING[opening]?.includes(text.charAt(text.length - 1)) && !inside.includes(opening)
    ? inside
    : text;
}
