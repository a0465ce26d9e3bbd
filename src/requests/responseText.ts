import * as vscode from 'vscode';
import { parseJson } from '../api/client/errorResponse';
import type { ApiResponse } from '../api/client/scalekitClient';
import { redactSecrets } from '../api/secretFields';
import { displayText } from '../ui/displayText';
import type { Environment } from '../core/environment';
import { environmentWords } from '../ui/documentHeading';
import { httpStatus } from '../ui/httpStatus';

/**
 * A response as the user reads it: comment lines with the request and its result, then the indented JSON without
 * secrets. Invisible characters, and those that change the writing direction, are shown as JSON escapes.
 *
 * @param target path and query as they were sent
 */
export function responseText(environment: Environment, target: string, response: ApiResponse): string {
  const json = parseJson(response.text);
  const { json: shown, redacted } = redactSecrets(json);
  const comments = [
    `GET ${target}`,
    vscode.l10n.t('Environment: {0}', environmentWords(environment)),
    [
      httpStatus(response.status),
      vscode.l10n.t('{0} ms', Math.round(response.durationMs)),
      ...(response.traceId === undefined ? [] : [vscode.l10n.t('trace id {0}', response.traceId)]),
    ].join(' · '),
    ...(redacted ? [vscode.l10n.t('Secrets are left out.')] : []),
    ...(json === undefined ? [bodyWithoutJson(response)] : []),
  ];
  const lines = comments.map((comment) => `// ${displayText(comment)}`);
  // Outside of strings, JSON.stringify writes only visible characters and line breaks.
  if (json !== undefined) lines.push(...JSON.stringify(shown, undefined, 2).split('\n').map(displayText));
  return `${lines.join('\n')}\n`;
}

/** What to show if no response came, or it's no longer stored: the request, and a sentence about it. */
export function noResponseText(environment: Environment, target: string, sentence: string): string {
  return [`GET ${target}`, vscode.l10n.t('Environment: {0}', environmentWords(environment)), sentence]
    .map((line) => `// ${displayText(line)}\n`)
    .join('');
}

function bodyWithoutJson({ text, contentType }: ApiResponse): string {
  if (text === '') return vscode.l10n.t('The response has no body.');
  return vscode.l10n.t('The response isn’t JSON and isn’t shown ({0}).', contentType || '?');
}
