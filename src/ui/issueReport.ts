import type { Redactor } from './redactor';

/** The parts of an issue report. */
export interface IssueDetails {
  /** Names and versions of the software in use, in the report's order. */
  readonly versions: readonly (readonly [what: string, value: string])[];
  /** The last lines of the log, oldest first. */
  readonly logLines: readonly string[];
  /** For each environment its ID, name and host, which the report replaces by a number. */
  readonly environments: readonly (readonly string[])[];
}

/**
 * An issue report as Markdown, in the language of its readers. Contains no secret, and no name or host of an
 * environment: these become `environment-1` and so on, and the hosts of all other addresses `host`.
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
  // Four backticks, so that a line with three doesn't end the block.
  return [
    '# Scalekit Workbench: issue report',
    '',
    '## What happened',
    '',
    '(What you did, what you expected, and what happened instead)',
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
