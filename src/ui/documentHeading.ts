import * as vscode from 'vscode';
import type { Environment } from '../core/environment';

/** How the first lines of a document name its environment: `acme · acme.scalekit.dev · production`. */
export function environmentWords({ name, host, production }: Environment): string {
  return [
    name,
    ...(host === name || host === '' ? [] : [host]),
    ...(production ? [vscode.l10n.t('production')] : []),
  ].join(' · ');
}
