import * as vscode from 'vscode';
import type { Sending } from './brokenWebhook';

/** A way to send, as a row of a list. */
export interface SendingWords {
  readonly label: string;
  readonly detail?: string;
}

/** What a way to send is called, and what an app should do with it. */
export function sendingWords(sending: Sending): SendingWords {
  const refuse = vscode.l10n.t('Your app should refuse it');
  const take = vscode.l10n.t('Your app should take it');
  switch (sending) {
    case 'good':
      return { label: vscode.l10n.t('As Scalekit Sends It') };
    case 'oldTimestamp':
      return { label: vscode.l10n.t('Old Timestamp (10 Minutes)'), detail: refuse };
    case 'futureTimestamp':
      return { label: vscode.l10n.t('Future Timestamp (10 Minutes)'), detail: refuse };
    case 'milliseconds':
      return { label: vscode.l10n.t('Timestamp in Milliseconds'), detail: refuse };
    case 'wrongSecret':
      return { label: vscode.l10n.t('Wrong Secret'), detail: refuse };
    case 'changedByte':
      return { label: vscode.l10n.t('Body with One More Byte'), detail: refuse };
    case 'missingHeader':
      return { label: vscode.l10n.t('No Signature Header'), detail: refuse };
    case 'secondSignature':
      return {
        label: vscode.l10n.t('Another Signature Before the Right One'),
        detail: vscode.l10n.t('As while a secret is rotated. Your app should take it'),
      };
    case 'duplicate':
      return {
        label: vscode.l10n.t('Twice'),
        detail: vscode.l10n.t('Your app should take both, and handle the event once'),
      };
    case 'outOfOrder':
      return {
        label: vscode.l10n.t('Out of Order'),
        detail: vscode.l10n.t('An earlier event comes after it. {0}', take),
      };
    case 'slow':
      return { label: vscode.l10n.t('Slowly'), detail: vscode.l10n.t('The body takes five seconds to arrive') };
    case 'large':
      return { label: vscode.l10n.t('With 10 MB'), detail: vscode.l10n.t('Far more than Scalekit sends') };
  }
}
