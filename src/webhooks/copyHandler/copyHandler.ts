import * as vscode from 'vscode';
import type { Prompts } from '../../ui/prompts';
import { showStatus } from '../../ui/statusMessage';
import { HANDLER_FRAMEWORKS, webhookHandler, type HandlerFramework } from './handlers';

/** Copy Webhook Handler as… */
export async function copyWebhookHandler(prompts: Prompts): Promise<void> {
  const result = await prompts.pick<HandlerFramework>({
    title: vscode.l10n.t('Copy Webhook Handler as'),
    placeholder: vscode.l10n.t('It verifies the raw body with Scalekit’s SDK and handles each event once'),
    choices: HANDLER_FRAMEWORKS.map((framework) => ({
      value: framework,
      label: framework,
      description: framework === 'FastAPI' ? 'Python' : 'Node.js',
      icon: 'code',
    })),
  });
  if (result === undefined || result === 'back') return;
  await vscode.env.clipboard.writeText(webhookHandler(result.answer));
  showStatus(
    vscode.l10n.t('{0} handler copied; it reads {1} from its environment', result.answer, 'SCALEKIT_WEBHOOK_SECRET'),
  );
}
