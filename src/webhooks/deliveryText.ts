import { parseJson } from '../api/client/errorResponse';
import { displayText } from '../ui/displayText';

/** Comment lines of a JSON document. */
export function comments(lines: readonly string[]): string {
  return lines.map((line) => `// ${displayText(line)}\n`).join('');
}

/** Headers as comment lines, without the values of those that hold credentials. */
export function headerComments(headers: readonly (readonly [name: string, value: string])[]): string {
  return comments(
    headers.map(([name, value]) => `${name}: ${/^(?:authorization|cookie|set-cookie)$/i.test(name) ? '…' : value}`),
  );
}

/** A body as it came. If it isn't JSON, its lines are comments, so that the document stays readable as JSON. */
export function bodyText(body: Buffer): string {
  const text = body.toString('utf8');
  const lines = text.split(/\r?\n/).map(displayText);
  const isJson = parseJson(text) !== undefined;
  return `${lines.map((line) => (isJson ? line : `// ${line}`)).join('\n')}\n`;
}
