import type { Finding } from './finding';
import type { SecretDigests } from './secretDigests';

/** A word that may be a secret: the letters, digits and signs that Scalekit's secrets have in its samples. */
const WORD = /[\w+/=.~-]{20,}/g;
const SHORTEST = 20;
const LONGEST = 200;

/** A value beside the name of a secret. Whatever its characters are, it may be one. */
const NAMED =
  /secret\w{0,20}["'\]]{0,2}[ \t]{0,8}(?:=>|[:=])[ \t]{0,8}(?:"([^"\n]{1,400})"|'([^'\n]{1,400})'|`([^`\n]{1,400})`|([^\s"'`;,]{1,400}))/gi;

/** How many words are looked up in a step. */
const WORDS_A_STEP = 64;

/** The words and named values that may be a secret. */
export function mayHoldSecret(text: string): boolean {
  // `search` leaves these patterns as they are; `test` would remember where it stopped.
  return text.search(WORD) !== -1 || text.search(NAMED) !== -1;
}

/** Finds the secrets of stored environments in a text. Only an exact match counts; a form is never enough. */
export function* storedSecretFindings(text: string, digests: SecretDigests): Generator<void, Finding[]> {
  const found = new Map<number, Finding>();
  const look = (value: string, start: number): void => {
    const environmentId = digests.environmentOf(value);
    if (environmentId !== undefined)
      found.set(start, { check: 'storedSecrets', start, end: start + value.length, environmentId });
  };
  let words = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (words++ % WORDS_A_STEP === 0) yield;
    for (const [from, to] of parts(word))
      if (to - from >= SHORTEST && to - from <= LONGEST) look(word.slice(from, to), index + from);
  }
  for (const { 0: whole, 1: double, 2: single, 3: back, 4: bare, index } of text.matchAll(NAMED)) {
    if (words++ % WORDS_A_STEP === 0) yield;
    const value = double ?? single ?? back ?? bare ?? '';
    const from = index + whole.lastIndexOf(value);
    if (value !== '' && !found.has(from)) look(value, from);
  }
  return [...found.values()].sort((a, b) => a.start - b.start);
}

/** Where a secret may stand in a word: all of it, or after `NAME=`, with or without the full stop of a sentence. */
function* parts(word: string): Generator<readonly [number, number]> {
  // A picture or a certificate in base64 is one word of thousands of characters.
  if (word.length > LONGEST + 120) return;
  const equals = word.indexOf('=');
  for (const from of equals > 0 && equals < word.length - SHORTEST ? [0, equals + 1] : [0]) {
    yield [from, word.length];
    if (word.endsWith('.')) yield [from, word.length - 1];
  }
}
