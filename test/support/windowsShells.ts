import assert from 'node:assert/strict';

/**
 * How cmd.exe reads a line pasted at its prompt, and how the program reads its arguments. It follows the published
 * rules, because cmd runs only on Windows. Throws for anything that cmd would take for a second command or a file.
 */
export function cmdArguments(
  line: string,
  environment: Readonly<Record<string, string>>,
  outputOf: (command: string) => string,
): string[] {
  const expanded = expandPercents(line.replace(/\n$/, ''), environment);
  assert.ok(!expanded.includes('\n'), 'a line break ends the command');
  const loop = /^for \/f "delims=" %(\w) in \('([\w-]+)'\) do @(.*)$/.exec(expanded);
  if (loop === null) return programArguments(withoutCarets(expanded));
  const [, variable = '', command = '', body = ''] = loop;
  return programArguments(withoutCarets(body).replaceAll(`%${variable}`, outputOf(command)));
}

/** Phase 1 at the prompt: an unset variable stays as written. */
function expandPercents(line: string, environment: Readonly<Record<string, string>>): string {
  let text = '';
  for (let at = 0; at < line.length; at++) {
    const end = line[at] === '%' ? line.indexOf('%', at + 1) : -1;
    const value =
      end < 0
        ? undefined
        : environment[
            line
              .slice(at + 1, end)
              .split(':')[0]
              ?.toUpperCase() ?? ''
          ];
    if (value === undefined) text += line[at];
    else {
      text += value;
      at = end;
    }
  }
  return text;
}

/** Phase 2: quotes turn special characters off and on, and a caret escapes the next character. */
function withoutCarets(line: string): string {
  let text = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (character === '^' && !isQuoted) text += line[++at] ?? '';
    else {
      assert.ok(isQuoted || !/[&|<>()]/.test(character), `cmd would take “${character}” in ${line} for its own`);
      if (character === '"') isQuoted = !isQuoted;
      text += character;
    }
  }
  return text;
}

/** How programs for Windows parse their command line. */
function programArguments(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const [, backslashes = '', quote] = /^(\\*)("?)/.exec(line.slice(at)) ?? [];
    if (quote === '"') {
      word = (word ?? '') + '\\'.repeat(Math.floor(backslashes.length / 2));
      if (backslashes.length % 2 === 1) word += '"';
      else isQuoted = !isQuoted;
      at += backslashes.length;
    } else if (backslashes !== '') {
      word = (word ?? '') + backslashes;
      at += backslashes.length - 1;
    } else if (line[at] === ' ' && !isQuoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + line[at];
  }
  assert.ok(!isQuoted, "a quote isn't closed");
  return word === undefined ? words : [...words, word];
}

/** How PowerShell reads a line with plain words, strings, `$env:` variables and `$()` of one command. */
export function powerShellArguments(
  line: string,
  environment: Readonly<Record<string, string>>,
  outputOf: (command: string) => string,
): string[] {
  const words: string[] = [];
  let rest = line.replace(/\n$/, '');
  while (rest !== '') {
    const [whole = assert.fail(`PowerShell wouldn't take ${rest} for a word`), single, double, plain] =
      /^(?:'((?:[^']|'')*)'|"([^"`]*)"|([\w./:=-]+))(?: |$)/.exec(rest) ?? [];
    words.push(
      single?.replaceAll(`''`, `'`) ??
        double?.replace(/\$env:(\w+)|\$\(([\w-]+)\)|\$/g, (_, name?: string, command?: string) =>
          name !== undefined
            ? (environment[name] ?? '')
            : command !== undefined
              ? outputOf(command)
              : assert.fail('another variable'),
        ) ??
        plain ??
        '',
    );
    rest = rest.slice(whole.length);
  }
  return words;
}
