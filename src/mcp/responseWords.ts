import * as vscode from 'vscode';
import { shownValue } from './shownValue';
import type { Step, StepReason } from './step';

/** A step in words: what came, what it should be, and what to change if it failed. Contains text from elsewhere. */
export interface StepWords {
  readonly came: string;
  readonly expected?: string;
  readonly change?: string;
}

/** Why there was no response, and what to do. Undefined if there was one. */
export function failureWords(reason: StepReason): StepWords | undefined {
  switch (reason) {
    case 'malformed':
      return {
        came: vscode.l10n.t('The address isn’t an https URL, so it wasn’t asked.'),
        change: vscode.l10n.t('Name an https URL. Only a server on this machine may use http.'),
      };
    case 'insecure':
      return {
        came: vscode.l10n.t('The address is http on another machine, so it wasn’t asked.'),
        change: vscode.l10n.t('Use https. Only a server on this machine may use http.'),
      };
    case 'userInfo':
      return {
        came: vscode.l10n.t('The address has a user name or a password in it, so it wasn’t asked.'),
        change: vscode.l10n.t('Take them out of the address.'),
      };
    case 'private':
      return {
        came: vscode.l10n.t(
          'The address leads to this machine or into a private network, and you didn’t type it, so it wasn’t asked.',
        ),
        change: vscode.l10n.t(
          'If it’s your own, type its IP address or add it as an environment first. Otherwise, don’t trust the server that names it.',
        ),
      };
    case 'limit':
      return { came: vscode.l10n.t('Not asked: a check sends at most 10 requests.') };
    case 'unknownHost':
      return {
        came: vscode.l10n.t('The host name couldn’t be found (DNS).'),
        change: vscode.l10n.t('Check the address and the network.'),
      };
    case 'refused':
      return {
        came: vscode.l10n.t('Nothing responds at this address (connection refused).'),
        change: vscode.l10n.t('Start the server, or check the port.'),
      };
    case 'timeout':
      return {
        came: vscode.l10n.t('No complete response within 10 seconds.'),
        change: vscode.l10n.t('Check the server and the network. A metadata document must end.'),
      };
    case 'tooLarge':
      return {
        came: vscode.l10n.t('The response is larger than 256 kB, so it wasn’t read to its end.'),
        change: vscode.l10n.t('Return only the metadata here.'),
      };
    case 'tls':
      return {
        came: vscode.l10n.t('The server’s TLS certificate isn’t trusted, or it doesn’t speak HTTPS on this port.'),
        change: vscode.l10n.t('Check the address and the certificate.'),
      };
    case 'network':
      return {
        came: vscode.l10n.t('The connection failed.'),
        change: vscode.l10n.t('Check the network, then try again.'),
      };
    default:
      return undefined;
  }
}

/** A response that isn't the one that was expected. */
export function statusWords({ reason, status = 0, value }: Step): { readonly came: string } {
  switch (reason) {
    case 'redirect':
      return { came: vscode.l10n.t('HTTP {0} to {1}, which wasn’t followed.', status, shownValue(value)) };
    case 'html':
      return { came: vscode.l10n.t('HTTP {0} with a web page (HTML).', status) };
    case 'notJson':
      return { came: vscode.l10n.t('HTTP {0}, but not a JSON object.', status) };
    default:
      return { came: vscode.l10n.t('HTTP {0}.', status) };
  }
}
