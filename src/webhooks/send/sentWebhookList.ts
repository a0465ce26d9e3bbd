import * as vscode from 'vscode';
import { RecentActivity, type ActivityEntry } from '../../core/activityList';
import { localTime } from '../../ui/localTime';
import { shortEventType } from '../shortEventType';
import type { SentWebhook } from './sentWebhook';
import { resultWords } from './sentWebhookText';

interface SentWebhookEntry extends ActivityEntry {
  readonly show: () => Promise<void>;
}

/** Sent Webhooks in the Activity view. Each opens with its response. */
export class SentWebhookList extends RecentActivity<SentWebhookEntry> {
  constructor() {
    super({
      id: 'sentWebhooks',
      label: vscode.l10n.t('Sent Webhooks'),
      icon: 'send',
      show: (entry) => entry.show(),
    });
  }

  /** Adds a webhook. `show` opens its document. */
  record({ title, url, sentAt, exchanges }: SentWebhook, show: () => Promise<void>): void {
    const results = exchanges.map(({ result }) => result);
    const words = results.map(resultWords).join(', ');
    const duration = vscode.l10n.t('{0} ms', Math.round(results.reduce((sum, { durationMs }) => sum + durationMs, 0)));
    this.add({
      time: sentAt,
      label: `${shortEventType(title)} · ${words}`,
      detail: duration,
      failed: results.some((result) => 'failure' in result || result.status < 200 || result.status > 299),
      sentence: vscode.l10n.t(
        '{0}, sent to {1} at {2}: {3}.',
        title,
        url.host,
        localTime(sentAt, { seconds: true }),
        words,
      ),
      details: [
        [vscode.l10n.t('Event'), title],
        [vscode.l10n.t('Target'), url.host + url.pathname],
        [vscode.l10n.t('Status'), words],
        [vscode.l10n.t('Sent'), new Date(sentAt)],
        [vscode.l10n.t('Duration'), duration],
      ],
      show,
    });
  }
}
