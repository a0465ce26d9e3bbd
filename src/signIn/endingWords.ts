import * as vscode from 'vscode';
import type { CallbackResult, Refusal } from './callbackReceiver';
import { PAGES, type Problem } from './problem';

/** Why no callback with a code or an error came. */
export function endingProblem(result: Exclude<CallbackResult['kind'], 'code' | 'error'>): Problem {
  const page = PAGES.redirects;
  switch (result) {
    case 'timedOut':
      return {
        happened: vscode.l10n.t(
          'No callback came within 10 minutes: the browser was closed, the sign-in wasn’t finished, or Scalekit stopped at a page of its own, as it does for a callback that isn’t registered.',
        ),
        change: vscode.l10n.t(
          'Look at the browser’s last page. If the browser runs on another machine, paste the callback’s address here next time.',
        ),
        page,
      };
    case 'flooded':
      return {
        happened: vscode.l10n.t('The callback’s port received 100 requests, so it was closed.'),
        change: vscode.l10n.t('Find out which program calls this port, then try again.'),
        page,
      };
    case 'closed':
      return {
        happened: vscode.l10n.t('The sign-in was cancelled before a callback came.'),
        change: vscode.l10n.t('Sign in again when you’re ready.'),
        page,
      };
    case 'initiatedInvalid':
      return {
        happened: vscode.l10n.t(
          'The identity provider’s token is this environment’s, but it can’t be used: the checks below say why. It’s valid for five minutes only.',
        ),
        change: vscode.l10n.t('Start again at the identity provider. In your app, use the token at once.'),
        page: PAGES.initiated,
      };
    case 'nothing':
      return {
        happened: vscode.l10n.t('The callback came with the right state, but with neither a code nor an error.'),
        change: vscode.l10n.t('A proxy or another program may have shortened the address. Try again.'),
        page: PAGES.errors,
      };
    case 'repeated':
      return {
        happened: vscode.l10n.t('A parameter of the callback came twice, so nobody knows which one counts.'),
        change: vscode.l10n.t('Try again. Find out who adds to the callback’s address.'),
        page: PAGES.errors,
      };
  }
}

/** A request to the callback that didn't count, and why. */
export function refusalWords(refusal: Refusal): string {
  switch (refusal) {
    case 'noState':
      return vscode.l10n.t('without a state');
    case 'twoStates':
      return vscode.l10n.t('with two states');
    case 'otherState':
      return vscode.l10n.t('with another state');
    case 'initiated':
      return vscode.l10n.t('with an identity provider’s token that isn’t this environment’s');
    case 'initiatedError':
      return vscode.l10n.t('with an error, but without a state');
  }
}
