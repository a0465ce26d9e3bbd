import * as vscode from 'vscode';
import type { Environment } from '../core/environment';

/** An environment as the first lines of a document about it name it: `acme · acme.scalekit.dev · production`. */
export function environmentWords({ name, host, production }: Environment): string {
  return [
    name,
    ...(host === name || host === '' ? [] : [host]),
    ...(production ? [vscode.l10n.t('production')] : []),
  ].join(' · ');
}
