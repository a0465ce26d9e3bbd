import * as vscode from 'vscode';
import { parseJson } from '../../api/client/errorResponse';
import { isRecord, readText } from '../../api/json';
import { WEBHOOK_EVENT_TYPES, type WebhookEventType } from '../../api/webhooks/eventTypes';
import { samplePayload, type SampleIds } from '../../api/webhooks/samplePayload';
import type { EnvironmentAccess } from '../../core/environmentAccess';
import { readOrganizationReference } from '../../core/organizationReference';
import { cancellableProgress } from '../../ui/cancellableProgress';
import { displayText } from '../../ui/displayText';
import type { Choice, Prompts } from '../../ui/prompts';
import type { Redactor } from '../../ui/redactor';
import { showStatus } from '../../ui/statusMessage';
import { VIRTUAL_SCHEME, type VirtualDocuments } from '../../ui/virtualDocuments';
import { PAYLOAD_SCHEME } from '../payloadScheme';
import { secretWarning, type WebhookSecrets } from '../webhookSecrets';
import {
  deliveriesOf,
  NotAnObjectError,
  SENDINGS,
  type DeliveryOptions,
  type Sending,
  type WebhookDelivery,
} from './brokenWebhook';
import type { PayloadFiles } from './payloadFiles';
import { postWebhook } from './postWebhook';
import { sendingWords } from './sendingWords';
import type { SentWebhook, WebhookExchange } from './sentWebhook';
import type { SentWebhookList } from './sentWebhookList';
import { resultWords, sentWebhookText } from './sentWebhookText';
import type { ApprovedTarget, WebhookTargets } from './webhookTarget';

export interface WebhookSenderDependencies {
  readonly environments: EnvironmentAccess;
  readonly prompts: Prompts;
  readonly documents: VirtualDocuments;
  readonly redactor: Redactor;
  readonly files: PayloadFiles;
  readonly secrets: WebhookSecrets;
  readonly targets: WebhookTargets;
  readonly sent: SentWebhookList;
  readonly now: () => number;
  /** The row that is selected in the Organizations view. */
  readonly selectedRow: () => unknown;
  readonly shownOrganizations: (
    environmentId: string,
  ) => readonly { readonly id: string; readonly displayName?: string | undefined }[];
}

/** Identifies the documents of sent webhooks. The `when` clauses in package.json use it too. */
const FOLDER = '/webhooks/sent';

/** How many sent webhooks can be sent again. */
const MOST_SENT = 50;

/** Larger payloads aren't sent: Scalekit's have a few kilobytes. */
const MOST_CHARACTERS = 5_000_000;

/** What the list over a payload offers. */
type PayloadAction = Sending | 'target' | 'secret' | 'another';

/** Send Webhook…: opens payloads for editing, sends them, and shows what comes back. */
export class WebhookSender {
  private readonly byNumber = new Map<number, SentWebhook>();
  private lastNumber = 0;

  constructor(private readonly dependencies: WebhookSenderDependencies) {}

  /** Sends the payload that it was called on, or that the active editor shows. Else opens a new one. */
  async send(argument: unknown): Promise<void> {
    const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    if (uri?.scheme === PAYLOAD_SCHEME) await this.sendPayload(await vscode.workspace.openTextDocument(uri));
    else await this.openPayload(argument);
  }

  /** Send Again: the same payload, with a new timestamp and signature. */
  async again(argument: unknown): Promise<void> {
    const { prompts, targets } = this.dependencies;
    const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    const number = uri?.scheme === VIRTUAL_SCHEME ? /^\/webhooks\/sent\/(\d+)\//.exec(uri.path)?.[1] : undefined;
    const sent = number === undefined ? undefined : this.byNumber.get(Number(number));
    if (sent === undefined) {
      void prompts.message('information', vscode.l10n.t('This webhook is no longer known here. Send a new one.'));
      return;
    }
    const target = await targets.approve(sent.url);
    if (target !== undefined) await this.deliver(sent.body, sent.title, sent.sending, target, sent.number);
  }

  private async openPayload(argument: unknown): Promise<void> {
    const { environments, files, now, prompts } = this.dependencies;
    const result = await prompts.pick<WebhookEventType>({
      title: vscode.l10n.t('Send Webhook: Which Event?'),
      placeholder: vscode.l10n.t('Type to filter. The payload opens first, so you can edit it'),
      choices: typeChoices(),
    });
    if (result === undefined || result === 'back') return;
    await environments.ready();
    const payload = samplePayload(result.answer, this.idsFor(argument), new Date(now()));
    const uri = files.create(displayText(result.answer.title), `${JSON.stringify(payload, undefined, 2)}\n`);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
    showStatus(vscode.l10n.t('Edit the payload, then send it with the button in the editor’s title'), 'info');
  }

  /** The organization of the row that it was called on, or of the selected row, or the first that is shown. */
  private idsFor(argument: unknown): SampleIds {
    const { environments, selectedRow, shownOrganizations } = this.dependencies;
    const active = environments.active();
    const reference = readOrganizationReference(argument) ?? readOrganizationReference(selectedRow());
    const environmentId = reference?.environmentId ?? active?.id;
    if (environmentId === undefined) return {};
    const organizations = shownOrganizations(environmentId);
    const organization =
      reference === undefined ? organizations[0] : organizations.find(({ id }) => id === reference.organizationId);
    const id = organization?.id ?? reference?.organizationId;
    return {
      ...(id === undefined ? {} : { organizationId: id }),
      ...(organization?.displayName === undefined ? {} : { organizationName: organization.displayName }),
    };
  }

  private async sendPayload(document: vscode.TextDocument): Promise<void> {
    const { prompts, secrets, targets } = this.dependencies;
    const url = targets.url ?? (await targets.change());
    if (url === undefined) return;
    const result = await prompts.pick<PayloadAction>({
      title: vscode.l10n.t('Send Webhook to {0}', url.host + url.pathname),
      placeholder: vscode.l10n.t('Enter sends it as Scalekit would'),
      choices: payloadChoices(url),
    });
    if (result === undefined || result === 'back') return;
    switch (result.answer) {
      case 'target':
        if ((await targets.change()) !== undefined) await this.sendPayload(document);
        return;
      case 'secret':
        if ((await secrets.replace(vscode.l10n.t('Replace Webhook Secret'))) !== undefined)
          await this.sendPayload(document);
        return;
      case 'another':
        await this.openPayload(undefined);
        return;
      default: {
        const body = document.getText();
        if (!(await this.isWorthSending(body))) return;
        const target = await targets.approve(url);
        if (target !== undefined) await this.deliver(body, titleOf(body), result.answer, target);
      }
    }
  }

  private async isWorthSending(body: string): Promise<boolean> {
    const { prompts } = this.dependencies;
    if (body.length > MOST_CHARACTERS) {
      void prompts.message('error', vscode.l10n.t('This payload is too large to send: more than 5 MB.'));
      return false;
    }
    if (parseJson(body) !== undefined) return true;
    return prompts.confirm({
      message: vscode.l10n.t('This payload isn’t JSON.'),
      detail: [vscode.l10n.t('Scalekit never sends such a one. You can send it to see what your app does.')],
      action: vscode.l10n.t('Send Anyway'),
    });
  }

  private async deliver(
    body: string,
    title: string,
    sending: Sending,
    { url, addresses, secret }: ApprovedTarget,
    number = ++this.lastNumber,
  ): Promise<void> {
    const { now, prompts, sent } = this.dependencies;
    const sentAt = now();
    const deliveries = this.prepare({ body, secret, sending, now: sentAt });
    if (deliveries === undefined) return;
    const exchanges = await cancellableProgress(
      prompts,
      vscode.l10n.t('Scalekit: sending a webhook to {0}…', url.host),
      async (signal) => {
        const done: WebhookExchange[] = [];
        for (const delivery of deliveries)
          done.push({ delivery, result: await postWebhook({ url, addresses, ...delivery }, signal) });
        return done;
      },
    );
    const webhook: SentWebhook = {
      number,
      sentAt,
      title,
      url,
      sending,
      isSigned: secret !== undefined,
      exchanges,
      body,
    };
    this.keep(webhook);
    const show = (): Promise<void> => this.show(webhook);
    sent.record(webhook, show);
    await show();
    const words = exchanges.map(({ result }) => resultWords(result)).join(', ');
    const failed = exchanges.some(({ result }) => 'failure' in result);
    showStatus(vscode.l10n.t('{0}: {1}', url.host, words), failed ? 'warning' : 'check');
    const warning = secret === undefined ? undefined : secretWarning(secret);
    if (warning !== undefined) showStatus(warning, 'warning');
  }

  /** The requests to send. Says so and returns undefined if the payload can't be sent like that. */
  private prepare(options: DeliveryOptions): readonly WebhookDelivery[] | undefined {
    try {
      return deliveriesOf(options);
    } catch (error) {
      if (!(error instanceof NotAnObjectError)) throw error;
      const text = vscode.l10n.t('Only a payload that’s a JSON object can be sent like this.');
      void this.dependencies.prompts.message('error', text);
      return undefined;
    }
  }

  private keep(webhook: SentWebhook): void {
    this.byNumber.delete(webhook.number);
    this.byNumber.set(webhook.number, webhook);
    const oldest = this.byNumber.keys().next();
    if (this.byNumber.size > MOST_SENT && !oldest.done) this.byNumber.delete(oldest.value);
  }

  private async show(webhook: SentWebhook): Promise<void> {
    const { documents, redactor } = this.dependencies;
    const title = displayText(webhook.title)
      .replace(/[/\\]+/g, ' ')
      .slice(0, 60);
    await documents.show(`${FOLDER}/${webhook.number}/${title}.jsonc`, redactor.redact(sentWebhookText(webhook)));
  }
}

/** Every type, grouped by what it's about. */
function typeChoices(): Choice<WebhookEventType>[] {
  let last: string | undefined;
  return WEBHOOK_EVENT_TYPES.map((type) => {
    const separatorBefore = type.object === last ? undefined : type.object;
    last = type.object;
    return {
      value: type,
      label: type.title,
      description: type.type,
      ...(separatorBefore === undefined ? {} : { separatorBefore }),
    };
  });
}

function payloadChoices(url: URL): Choice<PayloadAction>[] {
  return [
    ...SENDINGS.map((sending): Choice<PayloadAction> => {
      const isGood = sending === 'good';
      return {
        value: sending,
        ...sendingWords(sending),
        icon: isGood ? 'send' : 'bug',
        ...(sending === 'oldTimestamp' ? { separatorBefore: vscode.l10n.t('Broken or Unusual on Purpose') } : {}),
      };
    }),
    {
      value: 'target',
      label: vscode.l10n.t('Change Target URL…'),
      description: url.href,
      icon: 'globe',
      separatorBefore: vscode.l10n.t('Settings'),
    },
    { value: 'secret', label: vscode.l10n.t('Replace Webhook Secret…'), icon: 'key' },
    { value: 'another', label: vscode.l10n.t('Open Another Event’s Payload…'), icon: 'add' },
  ];
}

/** What a payload calls itself. */
function titleOf(body: string): string {
  const json = parseJson(body);
  return (isRecord(json) ? readText(json['type']) : undefined) ?? vscode.l10n.t('Webhook');
}
