/**
 * Characters that draw nothing, move the cursor or change the writing direction: a name with them could pass for
 * another. Halves of surrogate pairs are included: they aren't text.
 */
const INVISIBLE = /[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\ufff9-\ufffb]/u;

/**
 * Scripts whose letters join or stack, so that a joiner or non-joiner (U+200D, U+200C) between them is part of the
 * spelling.
 */
const JOINING_SCRIPTS =
  'Arabic Syriac Mandaic Nko Adlam Mongolian Phags_Pa Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Tibetan Myanmar Khmer Balinese Javanese Sundanese Chakma Newa Grantha Tirhuta Limbu Meetei_Mayek Tai_Tham Saurashtra';
/** Scripts without spaces between words, but with a zero-width space (U+200B) where a line may break. */
const SPACELESS_SCRIPTS = 'Khmer Lao Thai Myanmar';
/**
 * The signs that end a syllable without a vowel. A joiner after one selects among its shapes, even at the end of a
 * word.
 */
const VIRAMA = '[\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca]';

const visible = (characters: string): string => `[[${characters}]--\\p{Default_Ignorable_Code_Point}]`;
const ofScripts = (names: string): string =>
  visible(
    names
      .split(' ')
      .map((name) => `\\p{scx=${name}}`)
      .join(''),
  );

/**
 * Invisible characters that are part of a name's spelling, each only in its proper place. Two of the same in a row
 * never are.
 */
function partOfTheSpelling(): string {
  const joining = ofScripts(JOINING_SCRIPTS);
  const spaceless = ofScripts(SPACELESS_SCRIPTS);
  const ofAWord = visible('\\p{L}\\p{M}\\p{N}');
  return [
    // Orthography: Persian, the Indic scripts, Mongolian, Khmer.
    `(?<=${joining})[\\u200c\\u200d](?=${ofAWord})`,
    `(?<=${ofAWord})[\\u200c\\u200d](?=${joining})`,
    `(?<=${VIRAMA})[\\u200c\\u200d]`,
    `(?<=${spaceless})\\u200b(?=${spaceless})`,
    `(?<=${ofScripts('Mongolian')})[\\u180b-\\u180f]`,
    // A variant of the character before it: an emoji or sign, a key's digit, a Chinese character in a name.
    '(?<=[\\p{Extended_Pictographic}\\p{Sm}[\\p{So}--\\u2800]])[\\ufe0e\\ufe0f]',
    '(?<=[0-9#*])\\ufe0f(?=\\u20e3)',
    '(?<=\\p{sc=Han})[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]',
    '(?<=\\p{sc=Myanmar})\\ufe00',
    // Emoji made of several characters, and the flags of England, Scotland and Wales.
    '(?<=\\p{Extended_Pictographic}[\\ufe0f\\u{1f3fb}-\\u{1f3ff}]?)\\u200d(?=\\p{Extended_Pictographic})',
    '\\u{1f3f4}\\u{e0067}\\u{e0062}(?:\\u{e0065}\\u{e006e}\\u{e0067}|\\u{e0073}\\u{e0063}\\u{e0074}|\\u{e0077}\\u{e006c}\\u{e0073})\\u{e007f}',
    // The space of Braille.
    '(?<=[\\u2801-\\u28ff])\\u2800(?=[\\u2801-\\u28ff])',
  ].join('|');
}

/** Created for the first text that needs it: compiling it takes longer than everything else in activation. */
let keptOrInvisible: RegExp | undefined;

/** Text from the server, safe for a label. Only what can deceive is escaped, so that the user sees it. */
export function displayText(text: string): string {
  if (!INVISIBLE.test(text)) return text;
  keptOrInvisible ??= new RegExp(`(${partOfTheSpelling()})|${INVISIBLE.source}`, 'gv');
  return text.replace(keptOrInvisible, (character, kept: string | undefined) => {
    if (kept !== undefined) return kept;
    const code = (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
    return code.length > 4 ? `\\u{${code}}` : `\\u${code}`;
  });
}

/**
 * The same for places where VS Code turns `$(name)` into an icon, or `[text](command:…)` into a link that runs a
 * command: pick lists, input boxes, notifications, the status bar.
 */
export function displayTextWithoutMarkup(text: string): string {
  return displayText(text).replace(/\$\(/g, '$\u200a(').replace(/\]\(/g, ']\u200a(');
}
