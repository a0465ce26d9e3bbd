import * as vscode from 'vscode';
import { callMessage, variablesRefusedMessage } from './callMessage';
import type { FailureMessage, FailureRemedy } from './failure';
import { displayText } from './displayText';
import type { EnvironmentFailure, UnusableReason } from '../core/environmentFailure';
import { PROCESS_ID } from '../core/environment';

/** The message for a failed call or an environment that can't be used. */
export function failureMessage({ environment, failure }: EnvironmentFailure): FailureMessage {
  if (typeof failure === 'string') return unusableMessage(failure, displayText(environment.name));
  const message =
    environment.id === PROCESS_ID && failure.kind === 'credentials' ? variablesRefusedMessage : callMessage;
  return message(vscode.l10n, failure, environment.name);
}

/** A remedy's button and its command. `retry` has no command, since it repeats what was done. */
export interface RemedyAction {
  readonly label: string;
  readonly command?: string;
}

export function remedyAction(remedy: FailureRemedy): RemedyAction {
  switch (remedy) {
    case 'retry':
      return { label: vscode.l10n.t('Try Again') };
    case 'replaceSecret':
      return { label: vscode.l10n.t('Replace Client Secret…'), command: 'scalekit.environment.replaceSecret' };
    case 'testConnection':
      return { label: vscode.l10n.t('Test Connection'), command: 'scalekit.environment.test' };
    case 'startSandbox':
      return { label: vscode.l10n.t('Start Local Sandbox'), command: 'scalekit.sandbox.start' };
    case 'reloadWindow':
      return { label: vscode.l10n.t('Reload Window'), command: 'workbench.action.reloadWindow' };
  }
}

function unusableMessage(reason: UnusableReason, name: string): FailureMessage {
  switch (reason) {
    case 'secretMissing':
      return {
        text: vscode.l10n.t(
          '{0}: this window can’t find its client secret. Reload the window to use it. If that doesn’t help, enter the secret again.',
          name,
        ),
        remedies: ['reloadWindow', 'replaceSecret'],
      };
    case 'secretDamaged':
      return {
        text: vscode.l10n.t('{0}: its record in the secret storage is damaged. Enter the secret again.', name),
        remedies: ['replaceSecret'],
      };
    case 'secretUnreadable':
      return {
        text: vscode.l10n.t(
          '{0}: the secret storage can’t be read. Unlock the system’s keyring, then try again.',
          name,
        ),
        remedies: ['retry'],
      };
    case 'sandboxStopped':
      return { text: vscode.l10n.t('{0} is stopped.', name), remedies: ['startSandbox'] };
    case 'invalidUrl':
      return {
        text: vscode.l10n.t(
          '{0}: SCALEKIT_ENVIRONMENT_URL isn’t an https URL. Correct the variable and restart VS Code.',
          name,
        ),
        remedies: [],
      };
    case 'gone':
      return { text: vscode.l10n.t('{0}: this environment was removed.', name), remedies: [] };
  }
}
