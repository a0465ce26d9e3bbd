import * as vscode from 'vscode';
import { displayText } from '../ui/displayText';
import type { Environment } from '../core/environment';

/** The codicon of an environment in views and quick picks. */
export function environmentIcon(environment: Environment, active: boolean): string {
  if (environment.state === 'stopped') return 'debug-stop';
  if (environment.state === 'invalidUrl' || environment.state === 'noSecret') return 'warning';
  if (active) return 'pass-filled';
  if (environment.production) return 'shield';
  return environment.kind === 'sandbox' ? 'beaker' : 'circle-large-outline';
}

/**
 * Production mark, host and states, for example `production · acme.scalekit.com`. What tells environments apart comes
 * first, since a view may cut off the rest. The icon shows which one is active, and the sandbox has its own name.
 */
export function environmentDescription(environment: Environment): string {
  return [
    ...(environment.production ? [vscode.l10n.t('production')] : []),
    ...(environment.host === '' || environment.host === environment.name ? [] : [displayText(environment.host)]),
    ...environmentStates(environment),
  ].join(' · ');
}

/** What is unusual about an environment, in a word or two each. */
export function environmentStates(environment: Environment): string[] {
  return [
    ...(environment.state === 'stopped' ? [vscode.l10n.t('stopped')] : []),
    ...(environment.state === 'invalidUrl' ? [vscode.l10n.t('not a URL')] : []),
    ...(environment.state === 'noSecret' ? [vscode.l10n.t('secret can’t be read')] : []),
    ...(environment.sessionOnly ? [vscode.l10n.t('this session only')] : []),
    ...(environment.tokensOnly ? [vscode.l10n.t('tokens only')] : []),
  ];
}
