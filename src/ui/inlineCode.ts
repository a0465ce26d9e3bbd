import { displayText } from './displayText';

/**
 * A text from elsewhere as Markdown code on one line, so that nothing in it becomes a link, an image or a heading.
 * Anything else than text is shown as JSON.
 */
export function inlineCode(value: unknown): string {
  const text = displayText(typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)));
  if (text.trim() === '') return '` `';
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${text}${space}${fence}`;
}
