import type * as vscode from 'vscode';
import type { CommandTable } from '../ui/commands';
import { copyWebhookHandler } from './copyHandler/copyHandler';
import { ExplainWebhook } from './explain/explainWebhook';
import type { ReceivedWebhookList } from './listen/receivedWebhookList';
import { WebhookListener } from './listen/webhookListener';
import type { Resolve } from './send/loopbackTarget';
import { keepPayloadsSaved } from './send/keepPayloadsSaved';
import { PayloadFiles } from './send/payloadFiles';
import { registerSchemaDocuments } from './send/schemaDocuments';
import { WebhookSender, type WebhookSenderDependencies } from './send/webhookSender';
import { WebhookTargets } from './send/webhookTarget';
import type { WebhookSecrets } from './webhookSecrets';
import type { SecretClipboard } from '../ui/secretClipboard';

export interface WebhookCommandsDependencies extends Omit<WebhookSenderDependencies, 'files' | 'targets'> {
  readonly secrets: WebhookSecrets;
  readonly received: ReceivedWebhookList;
  readonly workspaceState: vscode.Memento;
  readonly clipboard: SecretClipboard;
  /** How hosts are looked up. Default: as the system does. */
  readonly resolve?: Resolve;
  /** Gets what must be disposed. */
  readonly subscriptions: { push(...parts: vscode.Disposable[]): unknown };
}

/** Commands that send, receive and explain webhooks. */
export function webhookCommands(context: WebhookCommandsDependencies) {
  const files = new PayloadFiles(context.now);
  const listener = new WebhookListener(context);
  context.subscriptions.push(files, keepPayloadsSaved(), registerSchemaDocuments(), listener);
  const sender = new WebhookSender({ ...context, files, targets: new WebhookTargets(context) });
  const explanations = new ExplainWebhook(context);
  return {
    'scalekit.webhook.send': (argument) => sender.send(argument),
    'scalekit.webhook.sendAgain': (argument) => sender.again(argument),
    'scalekit.webhook.listen': () => listener.listen(),
    'scalekit.webhook.stopListening': () => listener.stop(),
    'scalekit.webhook.explain': () => explanations.explain(),
    'scalekit.webhook.copyHandler': () => copyWebhookHandler(context.prompts),
  } satisfies CommandTable;
}
