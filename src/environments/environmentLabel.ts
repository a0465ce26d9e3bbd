import * as vscode from 'vscode';
import { displayText } from '../ui/displayText';
import type { Environment } from '../core/environment';

/** The codicon of an environment in views and quick picks. */
export function environmentIcon(environment: Environment, active: boolean): string {
  if (environment.state === 'stopped') return 'debug-stop';
  if (environment.state === 'invalidUrl' || environment.state === 'noSecret') return 'warning';
  if (environment.production) return 'shield';
  if (active) return 'pass-filled';
  return environment.kind === 'sandbox' ? 'beaker' : 'circle-large-outline';
}

/**
 * State and host, for example `production · active · acme.scalekit.com`. The most important comes first, since a view
 * may cut off the rest.
 */
export function environmentDescription(environment: Environment, active: boolean): string {
  return [
    ...environmentStates(environment),
    ...(active ? [vscode.l10n.t('active')] : []),
    ...(environment.host === '' || environment.host === environment.name ? [] : [displayText(environment.host)]),
  ].join(' · ');
}

export function environmentStates(environment: Environment): string[] {
  return [
    ...(environment.production ? [vscode.l10n.t('production')] : []),
    ...(environment.kind === 'sandbox' && environment.state === 'ready' ? [vscode.l10n.t('sandbox')] : []),
    ...(environment.state === 'stopped' ? [vscode.l10n.t('stopped')] : []),
    ...(environment.state === 'invalidUrl' ? [vscode.l10n.t('not a URL')] : []),
    ...(environment.state === 'noSecret' ? [vscode.l10n.t('secret can’t be read')] : []),
    ...(environment.sessionOnly ? [vscode.l10n.t('this session only')] : []),
    ...(environment.tokensOnly ? [vscode.l10n.t('tokens only')] : []),
  ];
}
