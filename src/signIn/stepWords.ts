import * as vscode from 'vscode';
import type { CallbackResult } from './callbackReceiver';
import type { Registration } from './callbackRegistration';
import { endingProblem } from './endingWords';
import { inlineCode } from '../ui/inlineCode';
import type { Step } from './signInReport';
import type { TokenOutcome } from './tokenRequest';

type Words = Pick<Step, 'outcome' | 'text'>;

export function registrationStep(registration: Registration, callback: string): Words {
  const shown = inlineCode(callback);
  if (typeof registration === 'object')
    return {
      outcome: 'noted',
      text: vscode.l10n.t(
        'Couldn’t check whether {0} is registered ({1}).',
        shown,
        inlineCode(registration.unreadable),
      ),
    };
  switch (registration) {
    case 'registered':
      return { outcome: 'done', text: vscode.l10n.t('{0} is registered.', shown) };
    case 'added':
      return { outcome: 'done', text: vscode.l10n.t('{0} was registered.', shown) };
    case 'missing':
      return { outcome: 'noted', text: vscode.l10n.t('{0} isn’t registered.', shown) };
  }
}

export function openingStep(how: 'opened' | 'copied' | 'refused'): Words {
  switch (how) {
    case 'opened':
      return { outcome: 'done', text: vscode.l10n.t('The browser was opened.') };
    case 'copied':
      return { outcome: 'done', text: vscode.l10n.t('The link was copied.') };
    case 'refused':
      return { outcome: 'noted', text: vscode.l10n.t('VS Code didn’t open the browser.') };
  }
}

export function callbackStep(result: CallbackResult): Words {
  switch (result.kind) {
    case 'code':
      return { outcome: 'done', text: vscode.l10n.t('Received the callback with the expected state and a code.') };
    case 'error':
      return {
        outcome: 'failed',
        text: vscode.l10n.t(
          'Received the callback with the expected state and the error {0}.',
          inlineCode(result.error),
        ),
      };
    default:
      return { outcome: 'failed', text: endingProblem(result.kind).happened };
  }
}

/** A second callback is told, not taken: whoever called may have seen the first. */
export function secondCallbackStep(): Words {
  return {
    outcome: 'noted',
    text: vscode.l10n.t(
      'The callback came again, with the same state, and was refused. In an app, that’s a page that was reloaded, or a callback that is called twice.',
    ),
  };
}

export function exchangeStep(outcome: TokenOutcome, grant: 'code' | 'refresh'): Words & { durationMs: number } {
  const { durationMs, status } = outcome;
  const what = grant === 'code' ? vscode.l10n.t('The code was exchanged') : vscode.l10n.t('The tokens were refreshed');
  switch (outcome.kind) {
    case 'tokens':
      return { outcome: 'done', text: vscode.l10n.t('{0}: HTTP {1}.', what, status), durationMs };
    case 'refused':
      return {
        outcome: 'failed',
        text: vscode.l10n.t('The token endpoint refused: HTTP {0}, {1}.', status, inlineCode(outcome.error)),
        durationMs,
      };
    case 'unreadable':
      return {
        outcome: 'failed',
        text: vscode.l10n.t('The token endpoint’s response couldn’t be read: HTTP {0}.', status),
        durationMs,
      };
  }
}
