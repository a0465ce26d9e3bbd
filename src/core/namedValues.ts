import { parseJson } from '../api/client/errorResponse';
import { isRecord } from '../api/json';

/** A value in a text, with its name and the names of what contains it. */
export interface NamedValue {
  readonly path: readonly string[];
  readonly name: string;
  readonly value: string;
  /** Whether it was in quotes, so that all of it belongs to the value. */
  readonly quoted: boolean;
}

/** How long a name and a quoted value may be. */
const LONGEST_NAME = 80;
const LONGEST_VALUE = 16 * 1024;

/** How deep nesting may go. */
const DEEPEST = 16;

/**
 * The named values of a text, in order: JSON with or without comments, `.env` lines, YAML, INI, properties, shells,
 * code, tables, and all of these inside a chat or a page. It looks for names that may be a credential's, so a line that
 * it doesn't understand spoils no other. It skips other names if that's faster.
 */
export function namedValues(text: string): NamedValue[] {
  const found: NamedValue[] = [];
  const json = parseJson(text);
  if (isRecord(json) || Array.isArray(json)) walk(json, [], found);
  else scan(typeof json === 'string' ? json : text, [], found);
  return found;
}

function walk(value: unknown, path: readonly string[], found: NamedValue[]): void {
  if (path.length > DEEPEST) return;
  if (Array.isArray(value)) {
    value.forEach((item: unknown, index) => {
      const pair = typeof item === 'string' ? /^([\w.:-]+)=(.*)$/s.exec(item)?.slice(1) : pairOf(item);
      if (pair !== undefined) found.push({ path, name: pair[0] ?? '', value: pair[1] ?? '', quoted: true });
      else walk(item, [...path, String(index)], found);
    });
  } else if (isRecord(value)) {
    for (const [name, item] of Object.entries(value)) {
      if (typeof item !== 'string') walk(item, [...path, name], found);
      else if (/[\r\n]/.test(item.trim())) scan(item, [...path, name], found);
      found.push(...(typeof item === 'string' ? [{ path, name, value: item, quoted: true }] : []));
    }
  }
}

/** `{ key, value }`, as Postman, Azure and Kubernetes write a variable. */
function pairOf(item: unknown): [string, string] | undefined {
  if (!isRecord(item)) return undefined;
  const lower = new Map(Object.entries(item).map(([key, value]) => [key.toLowerCase(), value]));
  const name = PAIR_NAMES.map((key) => lower.get(key)).find((text) => typeof text === 'string');
  const value = PAIR_VALUES.map((key) => lower.get(key)).find((text) => typeof text === 'string');
  return typeof name === 'string' && typeof value === 'string' ? [name, value] : undefined;
}

const PAIR_NAMES = ['key', 'name', 'variable'];
const PAIR_VALUES = ['value', 'valuefrom', 'currentvalue', 'defaultvalue'];

/** How a credential's name ends. */
const FIELD =
  /(?:client[\W_]?(?:id|secret)|env(?:ironment)?[\W_]?url)$|scalekit\W{0,8}_*(?:\w{0,32}url|host|domain|issuer|endpoint|environment|secret)$/i;

/** Lines without any of this have no values. Most lines of a large text are like that. */
const WORTH_READING = /client|url|scalekit|(?<!\$)\{|["'`[\]:]|^[ \t]*[-<]? ?(?:name|key|value)\b/i;

const LABEL = /(?:scalekit[ \t]+)?(?:client[ \t]+(?:id|secret)|env(?:ironment)?[ \t]+url)(?![\w-])/iy;
const WORD = /[A-Za-z_$][\w.$-]*(?::[A-Za-z_][\w.-]*){0,4}(?=["']?[ \t]*=(?!=))|[A-Za-z_$][\w.$-]*/y;
const SEPARATOR = /["'`*_\])]*[ \t]*(?:=>|:=|==?|:|→|->)[ \t]*/y;
/** What's between a credential's name and its value in tables, markup and calls, as in `put("client_id", "…")`. */
const WIDE_SEPARATOR = /["'`*_\])]*[ \t]*(?:=>|:=|==?|[:：＝]|→|->|\t|\||>(?=[^\s>])|(?<=["'`\])]),)[ \t*_]*/y;
/** Words before a name that's followed by its value without a separator. */
const COMMAND = /(?:^|[\s;])(?:ENV|ARG|setx?|setenv|-gx|-Ux|-x|put|add|config|env)[ \t]+$/;
/** How a credential begins. Before such a value, a space is enough as a separator. */
const LIKELY_VALUE = /(?:https?:\/\/|(?:prd_)?skc_|m2m(?:org)?_\d|(?:test|live|prod)_\w{8})/y;

const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '”',
  '„': '“',
  '‘': '’',
  '«': '»',
  '‹': '›',
};

/** What ends a value without quotes. */
const END_OF_VALUE =
  /\s(?:[#\\|&;(<>{}\]]|\/\/|--?[A-Za-z])|\s{1,20}(?=(?:export |set |\$env:)?["']?[A-Za-z_][\w.:-]*["']?[ \t]*(?:=|:[ \t]|=>))|\s(?=(?:scalekit[ \t]+)?(?:client[ \t]+(?:id|secret)|env(?:ironment)?[ \t]+url)\b)|[,;&]\s{0,20}(?=(?:["'A-Za-z_][\w.:-]*["']?[ \t]*(?:=|:[ \t])))|[;,]\s|<\//i;

interface Container {
  readonly name: string;
  /** The indentation of the line that opens it. Undefined for braces, which a brace closes. */
  readonly indent?: number;
}

/** Reads a text that isn't JSON, line by line. */
function scan(original: string, base: readonly string[], found: NamedValue[]): void {
  const text = original.replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n').replace(/[\u00a0\u202f\u3000]/g, ' ');
  // An input box turns line breaks into spaces, so where a comment ends is unknown. Only the name right after its mark
  // counts as commented out.
  const isFlat = !text.trim().includes('\n');
  let section: readonly string[] = [];
  let containers: Container[] = [];
  let pairName: string | undefined;
  let at = 0;

  const lineEnd = (from: number): number => {
    const end = text.indexOf('\n', from);
    return end === -1 ? text.length : end;
  };
  const sticky = (pattern: RegExp, from: number): string | undefined => {
    pattern.lastIndex = from;
    return pattern.exec(text)?.[0];
  };
  const add = (name: string, value: string, quoted: boolean): void => {
    const path = [...base, ...section, ...containers.map((container) => container.name).filter((each) => each !== '')];
    const short = name.toLowerCase();
    if (PAIR_NAMES.includes(short)) pairName = value;
    else if (PAIR_VALUES.includes(short) && pairName !== undefined) {
      found.push({ path, name: pairName, value, quoted });
      pairName = undefined;
      return;
    }
    found.push({ path, name, value, quoted });
  };

  /** Where the quoted text that begins here ends; -1 if it's longer than `longest`. */
  const closing = (from: number, longest: number): number => {
    const open = text.charAt(from);
    const close = QUOTES[open] ?? '';
    const within = text.slice(from + 1, from + 1 + longest);
    const end = lineEnd(from) - from - 1;
    let to = within.indexOf(close);
    while (open === '"' && to > 0 && within.charAt(to - 1) === '\\') {
      const next = within.indexOf(close, to + 1);
      if (next === -1 || next >= end) break;
      to = next;
    }
    if (to === -1) return -1;
    // A forgotten quote must not swallow the lines up to the next quote, which opens another value.
    if (
      to >= end &&
      (open !== close ||
        /^\s*(?:export\s+)?[\w.-]+\s*[=:]\s*$/.test(within.slice(within.lastIndexOf('\n', to) + 1, to)))
    )
      return -1;
    return from + 1 + to;
  };

  /** Reads the value that begins at `from`, and returns where to continue. */
  const readValue = (name: string, from: number, isField: boolean, separator: string): number => {
    const end = lineEnd(from);
    const first = text.charAt(from);
    if (QUOTES[first] !== undefined && from < end) {
      const to = closing(from, LONGEST_VALUE);
      if (to !== -1) {
        const raw = text.slice(from + 1, to);
        add(
          name,
          first === '"'
            ? unescaped(
                raw,
                containers.some(({ indent }) => indent === undefined),
              )
            : raw,
          true,
        );
        return to + 1;
      }
    }
    if (first === '{' && text.charAt(from + 1) !== '{') {
      containers.push({ name });
      return from + 1;
    }
    if (first === '[') return from + 1;
    let rest = text.slice(from, end);
    // A template's reference has spaces inside. Cut off at one, it wouldn't be recognized.
    const [reference] = /^(?:\$?\{\{[^}]{0,200}\}\}|<%[^%]{0,200}%>)(?=[\s,;#]|$)/.exec(rest) ?? [];
    if (isField && reference !== undefined) {
      add(name, reference, false);
      return from + reference.length;
    }
    if (!isField) {
      // `--from-literal=NAME=…` and `Jane: NAME=…`: the named value is inside.
      if (/^[A-Za-z_][\w.-]*(?:=|:(?!\/\/))/.test(rest)) return from;
      const [word] = /^[^\s#,;?&:]*(?:[?:][^\s#,;]*)?/.exec(rest) ?? [''];
      add(name, word, false);
      return from + word.length;
    }
    if (separator.includes('=')) rest = rest.replace(/#.*/s, '');
    const stop = (sticky(LIKELY_VALUE, from) === undefined ? END_OF_VALUE : /\s|[,;&](?=[\s"'A-Za-z_])|<\//).exec(rest);
    // Also removes the closing quote of what contains the name, as in `-d "client_id=…"`.
    const value = (stop === null ? rest : rest.slice(0, stop.index)).trim().replace(/^([^"'`]*)["'`][,;)\]}]*$/, '$1');
    if (/\s/.test(name.trim()) && /\s/.test(value)) return from;
    const whole = /[([{]/.test(value) ? value : value.replace(/[)\]}]{1,8}[;,]?$/, '');
    const isBlock = /^[>|][+-]?$/.test(value);
    // Right after `=`, slashes begin a value, as for every reader of `.env` files.
    const isComment = value.startsWith('#') || (value.startsWith('//') && !separator.endsWith('='));
    if (value !== '' && !isBlock && !isComment) {
      add(name, whole, false);
      return from + Math.max(1, stop === null ? rest.length : stop.index);
    }
    // After a label or the start of a YAML block, the value is on the next line.
    const [, gap, next] =
      (separator.includes('=')
        ? null
        : /^([ \t\r\n]{0,200}[\r\n][ \t>*-]{0,40})(\S{1,400})[ \t]{0,40}(?=[\r\n]|$)/.exec(
            text.slice(end, end + 400),
          )) ?? [];
    if (gap === undefined || next === undefined || (!isBlock && sticky(LIKELY_VALUE, end + gap.length) === undefined))
      return end;
    add(name, next, false);
    return end + gap.length + next.length;
  };

  const readLine = (start: number, end: number): number => {
    const line = text.slice(start, end);
    const indent = /^[\s>]*(?:[-*•+] )?/.exec(line)?.[0].replace(/\t/g, '    ').length ?? 0;
    if (containers.length > 0 && !/^\s*$/.test(line)) {
      while (containers.length > 0 && (containers.at(-1)?.indent ?? -1) >= indent) containers.pop();
    }
    if (!WORTH_READING.test(line) && containers.length === 0) return end;
    if (
      !(isFlat && line.trimStart().startsWith('#')) &&
      /^[\s>]*(?:[-*•] )?(?:#|\/\/|;|--[ \t]|\/\*|\*[ \t]|<!--|REM[ \t])/i.test(line)
    )
      return end;
    const heading = /^\s*\[{1,2}[ \t]{0,8}([\w.\-:"][\w.\- :"]{0,80})\]{1,2}\s*(?:[#;].*)?$/.exec(line)?.[1];
    if (heading !== undefined && !containers.some((container) => container.indent === undefined)) {
      section = [heading];
      containers = [];
      return end;
    }
    let position = start;
    while (position < end) {
      const char = text.charAt(position);
      if (char === '{') containers.push({ name: /"([\w.-]{1,80})"\s?$/.exec(text.slice(start, position))?.[1] ?? '' });
      else if (char === '}') {
        const open = containers.findLastIndex((container) => container.indent === undefined);
        if (open !== -1) containers.length = open;
      } else if (isFlat && char === '#') {
        const behind = position + (sticky(/#+[ \t]*(?:export[ \t]+)?/y, position)?.length ?? 1);
        const count = found.length;
        const next = readName(behind, start, end, indent);
        position = found.length > count ? (next ?? behind) : behind;
        found.length = count;
        continue;
      } else if (
        (char === '#' || (char === '/' && text.charAt(position + 1) === '/')) &&
        /^$|[\s,{}[\]]/.test(position === start ? '' : text.charAt(position - 1))
      )
        return end;
      const next = readName(position, start, end, indent);
      position = next === undefined ? position + 1 : next;
    }
    return position;
  };

  /** Reads the name that begins here with its value, and returns where to continue; undefined if there's no name. */
  const readName = (from: number, start: number, end: number, indent: number): number | undefined => {
    let name = sticky(LABEL, from);
    let to = from + (name?.length ?? 0);
    if (
      name === undefined &&
      QUOTES[text.charAt(from)] !== undefined &&
      !/\w/.test(from === start ? '' : text.charAt(from - 1))
    ) {
      const close = closing(from, LONGEST_NAME + 1);
      const inside = close === -1 ? '' : text.slice(from + 1, close);
      // If the quotes don't contain just a name, as in `-d "client_id=…"`, the text inside is read by itself.
      if (!/^[\w.$: -]+$/.test(inside)) return undefined;
      name = inside;
      to = close + 1;
    }
    if (name === undefined) {
      name = sticky(WORD, from);
      if (name === undefined) return undefined;
      to = from + name.length;
    }
    const isField = name.length <= LONGEST_NAME && FIELD.test(name);
    // A closing tag has no value after it.
    if (text.startsWith('</', from - 2)) return to;
    const separator =
      sticky(SEPARATOR, to) ??
      (isField ? sticky(WIDE_SEPARATOR, to) : undefined) ??
      spaceBefore(from, to, start, isField);
    // Skips the whole word if it isn't a name, so that a part of it isn't read as one.
    if (separator === undefined) return isField && to >= end ? readValue(name, to, true, '') : to;
    const begin = to + separator.length;
    if (begin > end) return end;
    if (!isField && /^\s*(?:[#&!].*)?$/.test(text.slice(begin, end)) && separator.includes(':')) {
      containers.push({ name, indent });
      return end;
    }
    return Math.max(to, readValue(name, begin, isField, separator));
  };

  const spaceBefore = (from: number, to: number, start: number, isField: boolean): string | undefined => {
    const space = isField ? sticky(/["']?[ \t]+(?:(?:[-–—]|is:?)[ \t]+)?/y, to) : undefined;
    if (space === undefined) return undefined;
    return sticky(LIKELY_VALUE, to + space.length) !== undefined ||
      COMMAND.test(text.slice(Math.max(start, from - 40), from).replace(/["']$/, ''))
      ? space
      : undefined;
  };

  while (at < text.length) {
    const end = lineEnd(at);
    const next = readLine(at, end);
    // After a value of several lines, continues on the line where it ends.
    at = next > end ? next : end + 1;
  }
}

/** A text from double quotes: in braces as in JSON, otherwise with `\n` as a line break, like Node. */
function unescaped(raw: string, inBraces: boolean): string {
  if (!raw.includes('\\')) return raw;
  const json = inBraces ? parseJson(`"${raw}"`) : undefined;
  return typeof json === 'string' ? json : raw.replace(/\\n/g, '\n');
}
