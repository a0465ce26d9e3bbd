const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0', a: '\x07', b: '\b' };

/**
 * The words of a shell command, up to its end, without expanding anything. Understands single and double quotes, `$'…'`,
 * backslashes and continued lines, which are what browsers and loggers write around `curl`.
 */
export function shellWords(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let index = 0;
  const append = (text: string): void => {
    word = (word ?? '') + text;
  };
  const finish = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  while (index < command.length) {
    const character = command[index] ?? '';
    const next = command[index + 1] ?? '';
    if (character === '\\' && (next === '\n' || next === '\r')) {
      index += command.startsWith('\r\n', index + 1) ? 3 : 2;
    } else if (character === '\\') {
      append(next);
      index += 2;
    } else if (character === "'") {
      const end = endOf(command, "'", index + 1);
      append(command.slice(index + 1, end));
      index = end + 1;
    } else if (character === '$' && next === "'") {
      const [text, end] = ansiQuoted(command, index + 2);
      append(text);
      index = end;
    } else if (character === '"') {
      const [text, end] = doubleQuoted(command, index + 1);
      append(text);
      index = end;
    } else if (character === '\n' || character === ';') {
      finish();
      return words;
    } else if (/\s/.test(character)) {
      finish();
      index++;
    } else {
      append(character);
      index++;
    }
  }
  finish();
  return words;
}

function endOf(text: string, quote: string, from: number): number {
  const end = text.indexOf(quote, from);
  return end < 0 ? text.length : end;
}

/** The text of `"…"`, and where it ends. */
function doubleQuoted(text: string, from: number): [string, number] {
  const parts: string[] = [];
  let index = from;
  for (; index < text.length && text[index] !== '"'; index++) {
    const next = text[index + 1] ?? '';
    if (text[index] !== '\\' || !/["\\$`\n]/.test(next)) parts.push(text[index] ?? '');
    else {
      if (next !== '\n') parts.push(next);
      index++;
    }
  }
  return [parts.join(''), index + 1];
}

/** The text of `$'…'`, and where it ends. */
function ansiQuoted(text: string, from: number): [string, number] {
  const parts: string[] = [];
  let index = from;
  for (; index < text.length && text[index] !== "'"; index++) {
    if (text[index] !== '\\') {
      parts.push(text[index] ?? '');
      continue;
    }
    const [whole, hex] =
      /^\\(?:x([\da-f]{1,2})|u([\da-f]{1,4}))/i.exec(text.slice(index, index + 6))?.filter(Boolean) ?? [];
    if (whole !== undefined && hex !== undefined) {
      parts.push(String.fromCharCode(Number.parseInt(hex, 16)));
      index += whole.length - 1;
    } else {
      const next = text[++index] ?? '';
      parts.push(ESCAPES[next] ?? next);
    }
  }
  return [parts.join(''), index + 1];
}
