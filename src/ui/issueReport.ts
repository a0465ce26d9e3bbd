import type { Redactor } from './redactor';

/** What a report of a problem is made of. */
export interface IssueDetails {
  /** Names and versions of what runs here, in the order in which they stand there. */
  readonly versions: readonly (readonly [what: string, value: string])[];
  /** The last lines of the log, the oldest first. */
  readonly logLines: readonly string[];
  /** What must not be told apart from its number in the report: of each environment its id, name and host. */
  readonly environments: readonly (readonly string[])[];
}

/**
 * A report of a problem as Markdown, in the language of those who read it. It holds no secret, and neither names nor hosts of
 * environments: those become `environment-1` and so on, and the hosts of all other addresses `host`.
 */
export function issueReport({ versions, logLines, environments }: IssueDetails, redactor: Redactor): string {
  const names = environments
    .flatMap((texts, index) => texts.map((text) => ({ text, mark: `environment-${index + 1}` })))
    .filter(({ text }) => text.length >= 3)
    .sort((a, b) => b.text.length - a.text.length);
  const anonymous = (line: string): string => {
    let text = redactor.redact(line);
    for (const { text: name, mark } of names) text = text.replaceAll(name, mark);
    return text.replace(/\b(https?:\/\/)(?!environment-\d+(?:[/\s:]|$))[^/\s"'<>]+/g, '$1host');
  };
  // Four backticks, so that a line with three does not end the block.
  return [
    '# Scalekit Workbench: report of a problem',
    '',
    '## What happened',
    '',
    '(What did you do, what did you expect, what came instead?)',
    '',
    '## Versions',
    '',
    ...versions.map(([what, value]) => `- ${what}: ${value}`),
    '',
    '## Last lines of the log',
    '',
    '````text',
    ...(logLines.length === 0 ? ['(none)'] : logLines.map((line) => anonymous(line).replaceAll('````', '` ` ` `'))),
    '````',
    '',
  ].join('\n');
}
