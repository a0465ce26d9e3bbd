/** The values of context keys, which a `when` clause tests. */
export type Context = Readonly<Record<string, unknown>>;

type Clause = (valueOf: (key: string) => unknown) => boolean | undefined;

const UNKNOWN = Symbol('unknown');
const TOKEN =
  /\s*(&&|\|\||==|!=|=~|<=|>=|<|>|!|\(|\)|\/(?:[^/\\]|\\.)+\/[a-z]*|'[^']*'|[^\s&|=!<>()'/][^\s&|=!<>()']*)/y;

/** Whether a `when` clause is true in a complete context. Missing keys are unset. */
export function isTrue(when: string, context: Context): boolean {
  return parse(when)((key) => context[key]) === true;
}

/** Whether a `when` clause can become true. Missing keys may have any value. */
export function canBeTrue(when: string, context: Context): boolean {
  return parse(when)((key) => (key in context ? context[key] : UNKNOWN)) !== false;
}

const known = new Map<string, Clause>();

function parse(when: string): Clause {
  const clause = known.get(when) ?? read(when);
  known.set(when, clause);
  return clause;
}

/** Reads a clause as VS Code does: `||`, `&&`, `!`, parentheses, comparisons and regular expressions. */
function read(when: string): Clause {
  if (when.trim() === '') return () => true;
  const tokens = tokensOf(when);
  let at = 0;
  const fail = (): never => {
    throw new Error(`not understood at “${tokens[at] ?? 'its end'}”: ${when}`);
  };
  const next = (): string => tokens[at++] ?? fail();

  const either = (): Clause => joined('||', both, true);
  const both = (): Clause => joined('&&', single, false);

  /** Clauses joined by an operator. One with the value `deciding` decides the result. */
  function joined(operator: string, readPart: () => Clause, deciding: boolean): Clause {
    const parts = [readPart()];
    while (tokens[at] === operator) {
      at++;
      parts.push(readPart());
    }
    return (valueOf) => {
      let result: boolean | undefined = !deciding;
      for (const part of parts) {
        const one = part(valueOf);
        if (one === deciding) return deciding;
        if (one === undefined) result = undefined;
      }
      return result;
    };
  }

  function single(): Clause {
    const token = next();
    if (token === '!') {
      const negated = single();
      return (valueOf) => {
        const result = negated(valueOf);
        return result === undefined ? undefined : !result;
      };
    }
    if (token === '(') {
      const inner = either();
      if (next() !== ')') fail();
      return inner;
    }
    if (token === 'true' || token === 'false') return () => token === 'true';
    if (!/^[a-z]/i.test(token)) fail();
    return ask(token);
  }

  function ask(key: string): Clause {
    const test = comparison();
    return (valueOf) => {
      const value = valueOf(key);
      return value === UNKNOWN ? undefined : test(value);
    };
  }

  function comparison(): (value: unknown) => boolean {
    const operator = tokens[at] ?? '';
    if (!/^(==|!=|=~|[<>]=?)$/.test(operator)) return (value) => Boolean(value);
    at++;
    const operand = next();
    const text = operand.replace(/^'(.*)'$/, '$1');
    const number = Number.parseFloat(text);
    switch (operator) {
      case '==':
        return (value) => String(value) === text;
      case '!=':
        return (value) => String(value) !== text;
      case '=~': {
        const [, source = fail(), flags] = /^\/(.*)\/([a-z]*)$/.exec(operand) ?? [];
        const pattern = new RegExp(source, flags);
        return (value) => pattern.test(String(value));
      }
      case '<':
        return (value) => Number(value) < number;
      case '<=':
        return (value) => Number(value) <= number;
      case '>':
        return (value) => Number(value) > number;
      default:
        return (value) => Number(value) >= number;
    }
  }

  const clause = either();
  if (at < tokens.length) fail();
  return clause;
}

function tokensOf(when: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < when.trimEnd().length) {
    const [, token] = TOKEN.exec(when) ?? [];
    if (token === undefined) throw new Error(`not understood: ${when}`);
    tokens.push(token);
  }
  return tokens;
}
