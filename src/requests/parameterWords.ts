import * as vscode from 'vscode';
import type { EndpointParameter } from './documentedEndpoint.js';

/** What a parameter takes, in a few words; empty when it takes any text. */
export function parameterRule({ type, values, least, most, prefix, repeated }: EndpointParameter): string {
  return [...(repeated ? [vscode.l10n.t('several, separated by commas')] : []), ...valueRule({ type, values, least, most, prefix })].join(', ');
}

function valueRule({ type, values, least, most, prefix }: Pick<EndpointParameter, 'type' | 'values' | 'least' | 'most' | 'prefix'>): string[] {
  if (values !== undefined) return [values.join(' | ')];
  switch (type) {
    case 'boolean':
      return ['true | false'];
    case 'time':
      return [vscode.l10n.t('a time such as {0}', '2026-01-31T08:00:00Z')];
    case 'number':
      if (most === undefined) return [vscode.l10n.t('a whole number')];
      return [least === undefined ? vscode.l10n.t('a whole number up to {0}', most) : vscode.l10n.t('a whole number from {0} to {1}', least, most)];
    default:
      return [...(prefix === undefined ? [] : [vscode.l10n.t('begins with {0}', prefix)]), ...lengthRule(least, most)];
  }
}

function lengthRule(least: number | undefined, most: number | undefined): string[] {
  if (most === undefined) return [];
  return [least === undefined ? vscode.l10n.t('up to {0} characters', most) : vscode.l10n.t('{0} to {1} characters', least, most)];
}

/**
 * The texts to send for what was entered: several for a list, none for nothing, a date in Scalekit's form.
 *
 * @returns a sentence instead when it cannot be what is meant
 */
export function readParameter(parameter: EndpointParameter, entered: string): { readonly texts: readonly string[] } | { readonly problem: string } {
  const trimmed = entered.trim();
  if (trimmed === '') return { texts: [] };
  const parts = parameter.repeated ? trimmed.split(',').map((part) => part.trim()).filter((part) => part !== '') : [trimmed];
  if (parameter.type === 'number' && !parts.every((part) => /^\d+$/.test(part))) return { problem: vscode.l10n.t('Enter {0}.', parameterRule(parameter)) };
  if (parameter.type === 'time') {
    const times = parts.map((part) => new Date(part));
    if (times.some((time) => Number.isNaN(time.getTime()))) return { problem: vscode.l10n.t('Enter {0}.', parameterRule(parameter)) };
    return { texts: times.map((time) => time.toISOString()) };
  }
  return { texts: parts };
}
