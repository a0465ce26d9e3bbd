import * as vscode from 'vscode';
import type { EndpointParameter } from './documentedEndpoint';

/** What a parameter takes, in a few words; empty if it takes any text. */
export function parameterRule(parameter: EndpointParameter): string {
  const rule = valueRule(parameter);
  return [
    ...(parameter.repeated ? [vscode.l10n.t('several, separated by commas')] : []),
    ...(rule === undefined ? [] : [rule]),
  ].join(', ');
}

function valueRule({ type, values, least, most, prefix }: EndpointParameter): string | undefined {
  if (values !== undefined) return values.join(' | ');
  if (type === 'boolean') return 'true | false';
  if (type === 'time') return vscode.l10n.t('a time, for example {0}', '2026-01-31T08:00:00Z');
  if (type === 'number')
    return most === undefined
      ? vscode.l10n.t('a whole number')
      : vscode.l10n.t('a whole number from {0} to {1}', least ?? 0, most);
  if (prefix !== undefined) return vscode.l10n.t('begins with {0}', prefix);
  return most === undefined ? undefined : vscode.l10n.t('{0} to {1} characters', least ?? 0, most);
}

/**
 * The texts to send for an entry: several for a list, none if it's empty, a date in Scalekit's format.
 *
 * @returns a sentence instead if the entry is invalid
 */
export function readParameter(
  parameter: EndpointParameter,
  entered: string,
): { readonly texts: readonly string[] } | { readonly problem: string } {
  const trimmed = entered.trim();
  if (trimmed === '') return { texts: [] };
  const parts = parameter.repeated
    ? trimmed
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
    : [trimmed];
  const problem = { problem: vscode.l10n.t('Enter {0}.', parameterRule(parameter)) };
  if (parameter.type === 'number' && !parts.every((part) => /^\d+$/.test(part))) return problem;
  if (parameter.type === 'time') {
    const times = parts.map((part) => new Date(part));
    return times.some((time) => Number.isNaN(time.getTime()))
      ? problem
      : { texts: times.map((time) => time.toISOString()) };
  }
  return { texts: parts };
}
