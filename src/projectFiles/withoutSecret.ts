import { dotenvEntries, type DotenvEntry } from './dotenvEntries';
import type { Edit } from './finding';

/**
 * The edits that take a secret out of a `.env` file. The first entry that has it becomes a comment, further ones go with
 * their lines, and a commented-out copy loses the value.
 */
export function withoutSecret(text: string, secret: string, comment: string): Edit[] {
  const holding = allEntries(text).filter(({ value }) => value.includes(secret));
  const edits: Edit[] = holding.map(({ start, end }, index) =>
    index === 0
      ? { start, end, text: `# ${comment}` }
      : { start, end: end + (/^\r?\n/.exec(text.slice(end, end + 2))?.[0].length ?? 0), text: '' },
  );
  for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + secret.length)) {
    const isInEntry = holding.some(({ start, end }) => at >= start && at < end);
    if (!isInEntry) edits.push({ start: at, end: at + secret.length, text: '' });
  }
  return edits.sort((a, b) => a.start - b.start);
}

function allEntries(text: string): readonly DotenvEntry[] {
  const work = dotenvEntries(text);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
