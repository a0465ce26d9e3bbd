import * as vscode from 'vscode';
import { inlineCode } from '../../ui/inlineCode';
import type { Prompts } from '../../ui/prompts';
import type { Redactor } from '../../ui/redactor';
import type { SecretClipboard } from '../../ui/secretClipboard';
import { showMarkdown } from '../../ui/showMarkdown';
import type { VirtualDocuments } from '../../ui/virtualDocuments';
import type { WebhookSecrets } from '../webhookSecrets';
import { explanationText } from './explanationText';
import { findFaults } from './findFaults';
import { parsePastedWebhook, type PastedWebhook } from './pastedWebhook';

export interface ExplainWebhookDependencies {
  readonly documents: VirtualDocuments;
  readonly prompts: Prompts;
  readonly redactor: Redactor;
  readonly secrets: WebhookSecrets;
  readonly clipboard: Pick<SecretClipboard, 'read'>;
  readonly now: () => number;
}

/** A longer selection isn't read. */
const MOST_CHARACTERS = 4_000_000;

/** Explain Webhook Signature…: says why a check fails, of the selected, copied or typed request. */
export class ExplainWebhook {
  private lastNumber = 0;

  constructor(private readonly dependencies: ExplainWebhookDependencies) {}

  async explain(): Promise<void> {
    const { documents, redactor, now } = this.dependencies;
    const pasted = await this.find();
    if (pasted === undefined) return;
    const secret = await this.secret();
    if (secret === undefined) return;
    const findings = findFaults(pasted, secret, now());
    const text = redactor.redact(explanationText(vscode.l10n, pasted, findings, inlineCode));
    await showMarkdown(documents, {
      folder: ['webhooks', 'explained', String(++this.lastNumber)],
      title: vscode.l10n.t('Webhook Signature'),
      text,
    });
  }

  /** The request in the selection, else in the clipboard, else as the user types it. */
  private async find(): Promise<PastedWebhook | undefined> {
    const { clipboard, prompts } = this.dependencies;
    const editor = vscode.window.activeTextEditor;
    const selected = editor === undefined || editor.selection.isEmpty ? '' : editor.document.getText(editor.selection);
    const found = parsePastedWebhook(selected.slice(0, MOST_CHARACTERS)) ?? parsePastedWebhook(await clipboard.read());
    if (found !== undefined) return found;
    const result = await prompts.input({
      title: vscode.l10n.t('Explain Webhook Signature'),
      prompt: vscode.l10n.t(
        'The request as cURL or JSON. For several lines, copy or select its headers and body first, then run this again',
      ),
      placeholder: '{ "headers": { "webhook-id": "msg_…" }, "body": "…" }',
      validate: (text) =>
        parsePastedWebhook(text) === undefined
          ? vscode.l10n.t(
              'None of the headers {0}, {1} and {2} is in this text.',
              'webhook-id',
              'webhook-timestamp',
              'webhook-signature',
            )
          : undefined,
    });
    return result === undefined || result === 'back' ? undefined : parsePastedWebhook(result.answer.text);
  }

  /** The workspace's secret, or another one, which isn't stored. */
  private async secret(): Promise<string | undefined> {
    const { prompts, secrets } = this.dependencies;
    const stored = await secrets.stored();
    if (stored !== undefined) {
      const result = await prompts.pick<'stored' | 'other'>({
        title: vscode.l10n.t('Explain Webhook Signature: With Which Secret?'),
        choices: [
          { value: 'stored', label: vscode.l10n.t('This Workspace’s Webhook Secret'), icon: 'key' },
          {
            value: 'other',
            label: vscode.l10n.t('Another Secret…'),
            detail: vscode.l10n.t('It isn’t stored'),
            icon: 'edit',
          },
        ],
      });
      if (result === undefined || result === 'back') return undefined;
      if (result.answer === 'stored') return stored;
    }
    return this.typedSecret();
  }

  /** Takes whatever is typed: that it can't be a secret is something to explain. */
  private async typedSecret(): Promise<string | undefined> {
    const { prompts, redactor } = this.dependencies;
    const result = await prompts.input({
      title: vscode.l10n.t('Explain Webhook Signature'),
      prompt: vscode.l10n.t('The secret that your app verifies with. It isn’t stored'),
      placeholder: 'whsec_…',
      password: true,
      validate: (text) => (text.trim() === '' ? vscode.l10n.t('Enter a secret.') : undefined),
    });
    if (result === undefined || result === 'back') return undefined;
    redactor.add(result.answer.text.trim());
    return result.answer.text;
  }
}
