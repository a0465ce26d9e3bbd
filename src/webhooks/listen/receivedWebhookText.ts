import * as vscode from 'vscode';
import { httpStatus } from '../../ui/httpStatus';
import { localTime } from '../../ui/localTime';
import { bodyText, comments, headerComments } from '../deliveryText';
import type { PastedWebhook } from '../explain/pastedWebhook';
import { faultWords } from '../explain/faultWords';
import { findFaults } from '../explain/findFaults';
import { failureWords, resultWords } from '../send/sentWebhookText';
import type { ReceivedWebhook } from './webhookReceiver';
import { verdictWords } from './verdictWords';

/**
 * A received webhook: verdict, headers, and the body as it came. `secret` is for the reasons of the verdict, and never
 * stands in it.
 */
export function receivedWebhookText(webhook: ReceivedWebhook, secret: string | undefined): string {
  const { receivedAt, path, headers, body, bytes, verdict, status } = webhook;
  const kept = body.length === bytes;
  return [
    comments([
      `POST ${path}`,
      vscode.l10n.t('Received at {0}, {1} bytes.', localTime(receivedAt, { seconds: true }), bytes),
      verdict === undefined
        ? vscode.l10n.t('The signature was not checked.')
        : vscode.l10n.t('Checked with this workspace’s webhook secret: {0}.', verdictWords(verdict)),
      ...(verdict === undefined || verdict === 'true' || secret === undefined || !kept ? [] : reasons(webhook, secret)),
      vscode.l10n.t('Responded: {0}', httpStatus(status)),
    ]),
    ...passedOnText(webhook),
    headerComments(headers),
    status === 413
      ? comments([vscode.l10n.t('The body has more than 1 MB, so it was refused.')])
      : bytes === 0
        ? comments([vscode.l10n.t('It has no body.')])
        : kept
          ? bodyText(body)
          : comments([vscode.l10n.t('Only the first {0} bytes are kept.', body.length)]) +
            comments(body.toString('utf8').split(/\r?\n/)),
  ].join('//\n');
}

function passedOnText({ passedOn }: ReceivedWebhook): string[] {
  if (passedOn === undefined) return [];
  const { port, result } = passedOn;
  const address = `localhost:${port}`;
  if ('failure' in result)
    return [comments([vscode.l10n.t('Passed on to {0}: no response. {1}', address, failureWords(result))])];
  return [
    comments([
      vscode.l10n.t('Passed on to {0}: {1} after {2} ms', address, resultWords(result), Math.round(result.durationMs)),
    ]) +
      headerComments(result.headers) +
      comments(
        result.body.length === 0 ? [] : result.body.subarray(0, MOST_SHOWN_BYTES).toString('utf8').split(/\r?\n/),
      ),
  ];
}

const MOST_SHOWN_BYTES = 65_536;

/** Why the check fails, judged as of when it came. */
function reasons({ headers, body, receivedAt }: ReceivedWebhook, secret: string): string[] {
  const pasted: PastedWebhook = {
    form: 'log',
    // HTTP ignores the case of names, and so does the receiver.
    headers: headers.map(([name, value]) => [name.toLowerCase(), value]),
    body: body.toString('utf8'),
    bodyIsParsed: false,
  };
  return findFaults(pasted, secret, receivedAt).faults.flatMap((fault) => {
    const { title, why, change } = faultWords(vscode.l10n, fault);
    return [`${title}. ${why}`, change];
  });
}
