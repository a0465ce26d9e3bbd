import * as vscode from 'vscode';
import { EnvironmentUrlError, parseEnvironmentUrl, type EnvironmentUrlFault } from '../api/environmentUrl.js';
import type { Redactor } from '../editor/redactor.js';
import { seenSecret } from './seenSecret.js';

/** Why a text is no environment URL, in words; undefined when it is one. */
export function environmentUrlProblem(text: string): string | undefined {
  if (seenSecret(text) !== undefined) return looksLikeSecret();
  try {
    parseEnvironmentUrl(text);
    return undefined;
  } catch (error) {
    return error instanceof EnvironmentUrlError ? urlFaultSentence(error.fault) : String(error);
  }
}

/** Why a text is no client id, in words; undefined when it may be one. */
export function clientIdProblem(text: string): string | undefined {
  const clientId = text.trim();
  if (clientId === '') return vscode.l10n.t('Enter the client ID.');
  if (seenSecret(clientId) !== undefined) return looksLikeSecret();
  return /\s/.test(clientId) ? vscode.l10n.t('A client ID is one word: take out the space or line break.') : undefined;
}

/** Says so when a text holds what looks like a client secret: it was pasted into a box that shows it. No log shows it from then on. */
export function secretInSight(text: string, redactor: Redactor): string | undefined {
  const seen = seenSecret(text);
  if (seen === undefined) return undefined;
  redactor.add(seen.secret);
  return seen.isNamed
    ? vscode.l10n.t('That holds a client secret, so it was taken out of this visible box. Use the Paste from Clipboard button for .env lines or JSON.')
    : vscode.l10n.t('That looks like a client secret, so it was taken out of this visible box. It is asked for in the last step.');
}

function looksLikeSecret(): string {
  return vscode.l10n.t('It looks like a client secret.');
}

function urlFaultSentence(fault: EnvironmentUrlFault): string {
  switch (fault) {
    case 'empty':
      return vscode.l10n.t('Enter the environment URL.');
    case 'malformed':
      return vscode.l10n.t('This is not a URL. An environment URL looks like https://acme.scalekit.dev.');
    case 'scheme':
      return vscode.l10n.t('An environment URL begins with https://.');
    case 'userInfo':
      return vscode.l10n.t('Leave out the user name and password: the URL is only scheme and host.');
    case 'query':
      return vscode.l10n.t('Leave out everything from the “?” on: the URL is only scheme and host.');
    case 'fragment':
      return vscode.l10n.t('Leave out everything from the “#” on: the URL is only scheme and host.');
    case 'insecure':
      return vscode.l10n.t('http:// would send the secret in clear text. Use https://; http:// is accepted for this machine only.');
  }
}
