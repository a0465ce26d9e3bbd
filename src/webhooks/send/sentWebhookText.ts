import * as vscode from 'vscode';
import { durationInWords } from '../../ui/duration';
import { localTime } from '../../ui/localTime';
import { bodyText, comments, headerComments } from '../deliveryText';
import { shouldBeTaken } from './brokenWebhook';
import type { NoResponse, WebhookResult } from './postWebhook';
import { sendingWords } from './sendingWords';
import type { SentWebhook, WebhookExchange } from './sentWebhook';

/** The status of a result, in short: `200 OK`, `no response`. */
export function resultWords(result: WebhookResult): string {
  if ('failure' in result) return vscode.l10n.t('no response');
  return [result.status, result.statusText].filter((each) => each !== '').join(' ');
}

/** A sent webhook with its responses: status, time, headers and body of each. */
export function sentWebhookText(sent: SentWebhook): string {
  const { exchanges } = sent;
  return [
    comments([
      `POST ${sent.url.href}`,
      [sent.title, sendingWords(sent.sending).label, localTime(sent.sentAt, { seconds: true })].join(' · '),
      ...(sent.isSigned ? [] : [vscode.l10n.t('Sent without a signature.')]),
      ...expectation(sent),
    ]),
    ...exchanges.map((exchange, index) => exchangeText(exchange, exchanges.length > 1 ? index + 1 : undefined)),
  ].join('//\n');
}

function exchangeText({ delivery, result }: WebhookExchange, number: number | undefined): string {
  const sentHeaders = delivery.headers.filter(([name]) => name.startsWith('webhook-'));
  const took = durationWords(result.durationMs);
  const heading = number === undefined ? [] : [vscode.l10n.t('Request {0}', number)];
  const sent = comments(heading) + headerComments(sentHeaders);
  if ('failure' in result) return `${sent}//\n${comments([`${failureWords(result)} (${took})`])}`;
  const body =
    result.body.length === 0 ? comments([vscode.l10n.t('The response has no body.')]) : bodyText(result.body);
  return [
    sent,
    comments([
      vscode.l10n.t('Response: {0} after {1}', resultWords(result), took),
      ...redirectWords(result.status, result.headers),
      ...(result.isCut ? [vscode.l10n.t('Its body goes on, but only this much was read.')] : []),
    ]) + headerComments(result.headers),
    body,
  ].join('//\n');
}

function durationWords(milliseconds: number): string {
  return milliseconds < 10_000
    ? vscode.l10n.t('{0} ms', Math.round(milliseconds))
    : durationInWords(milliseconds, vscode.env.language);
}

/** Whether the app did what it should with a fault. */
function expectation({ sending, isSigned, exchanges }: SentWebhook): string[] {
  const should = isSigned ? shouldBeTaken(sending) : false;
  if (should === undefined || exchanges.some(({ result }) => 'failure' in result)) return [];
  const took = exchanges.every(({ result }) => 'status' in result && result.status >= 200 && result.status < 300);
  if (should)
    return took
      ? [vscode.l10n.t('As it should, the app took it.')]
      : [vscode.l10n.t('The app didn’t take it. Scalekit would send it again.')];
  return took
    ? [vscode.l10n.t('The app should have refused this, but took it. Does it verify the signature?')]
    : [vscode.l10n.t('As it should, the app refused it.')];
}

function redirectWords(status: number, headers: readonly (readonly [string, string])[]): string[] {
  const to = headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  return status >= 300 && status < 400 && to !== undefined
    ? [vscode.l10n.t('A redirect to {0}, which isn’t followed. Scalekit counts only 2xx as success.', to)]
    : [];
}

/** Why no response came, as a sentence. */
export function failureWords({ failure, code = '' }: NoResponse): string {
  switch (failure) {
    case 'refused':
      return vscode.l10n.t('Nothing listens there. Start your app, or change the target URL.');
    case 'unknownHost':
      return vscode.l10n.t('The host’s name isn’t known ({0}).', code);
    case 'timeout':
      return vscode.l10n.t('No response came in time. Scalekit’s documentation says that it waits 10 seconds.');
    case 'tls':
      return vscode.l10n.t('The connection isn’t trusted ({0}). For an app on this machine, use http.', code);
    case 'protocol':
      return vscode.l10n.t('What came isn’t HTTP ({0}).', code);
    case 'reset':
      return vscode.l10n.t('The connection ended without a response ({0}).', code);
  }
}
