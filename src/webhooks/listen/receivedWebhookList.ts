import * as vscode from 'vscode';
import { beginningOf } from '../../api/beginningOf';
import { parseJson } from '../../api/client/errorResponse';
import { isRecord, readText } from '../../api/json';
import { RecentActivity, type ActivityEntry } from '../../core/activityList';
import { displayText } from '../../ui/displayText';
import { httpStatus } from '../../ui/httpStatus';
import { localTime } from '../../ui/localTime';
import type { Redactor } from '../../ui/redactor';
import type { VirtualDocuments } from '../../ui/virtualDocuments';
import { shortEventType } from '../shortEventType';
import { resultWords } from '../send/sentWebhookText';
import { receivedWebhookText } from './receivedWebhookText';
import { verdictWords } from './verdictWords';
import type { ReceivedWebhook } from './webhookReceiver';

interface ReceivedWebhookEntry extends ActivityEntry {
  readonly number: number;
  readonly type: string;
  readonly webhook: ReceivedWebhook;
}

/** The longest type that a row or a tab shows, in characters. */
const LONGEST_TYPE = 60;

/** Received Webhooks in the Activity view. Each opens with its headers, its body and the verdict. */
export class ReceivedWebhookList extends RecentActivity<ReceivedWebhookEntry> {
  private lastNumber = 0;

  /** @param secret the workspace's secret, to say why a check fails */
  constructor(documents: VirtualDocuments, redactor: Redactor, secret: () => Promise<string | undefined>) {
    super({
      id: 'receivedWebhooks',
      label: vscode.l10n.t('Received Webhooks'),
      icon: 'broadcast',
      show: async ({ number, type, webhook }) => {
        const title = displayText(type).replace(/[/\\]+/g, ' ');
        const text = redactor.redact(receivedWebhookText(webhook, await secret()));
        await documents.show(`/webhooks/received/${number}/${title}.jsonc`, text);
      },
    });
  }

  record(webhook: ReceivedWebhook): void {
    const { receivedAt, verdict, status, passedOn, path } = webhook;
    const type = typeOf(webhook.body);
    const words = verdictWords(verdict);
    const passedOnWords = passedOn && resultWords(passedOn.result);
    const time = localTime(receivedAt, { seconds: true });
    this.add({
      time: receivedAt,
      label: `${shortEventType(type)} · ${words}`,
      detail: passedOnWords ?? String(status),
      failed: status === 413 || (verdict !== undefined && verdict !== 'true'),
      sentence: vscode.l10n.t('{0}, received at {1}: {2}. Responded {3}.', type, time, words, httpStatus(status)),
      details: [
        [vscode.l10n.t('Event'), type],
        [vscode.l10n.t('Path'), path.split('?')[0]],
        [vscode.l10n.t('Signature'), words],
        [vscode.l10n.t('Responded'), httpStatus(status)],
        [vscode.l10n.t('Passed on'), passedOnWords],
        [vscode.l10n.t('Received'), new Date(receivedAt)],
      ],
      number: ++this.lastNumber,
      type,
      webhook,
    });
  }
}

/** What a body says that it is. */
function typeOf(body: Buffer): string {
  const json = parseJson(body.toString('utf8'));
  const type = isRecord(json) ? (readText(json['type']) ?? readText(json['trigger_point'])) : undefined;
  return beginningOf(type ?? vscode.l10n.t('webhook'), LONGEST_TYPE);
}
