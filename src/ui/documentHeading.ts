import * as vscode from 'vscode';
import type { EnvironmentFacts } from '../core/environmentAccess';

/** An environment as the first lines of a document about it name it: `acme · acme.scalekit.dev · production`. */
export function environmentWords({ name, host, production }: EnvironmentFacts): string {
  return [
    name,
    ...(host === name || host === '' ? [] : [host]),
    ...(production ? [vscode.l10n.t('production')] : []),
  ].join(' · ');
}
