import { randomBytes, randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { secretNotes, webhookKey } from '../api/webhooks/webhookKey';
import type { Prompts } from '../ui/prompts';
import type { Redactor } from '../ui/redactor';
import type { SecretClipboard } from '../ui/secretClipboard';
import { showStatus } from '../ui/statusMessage';

/** Under this key, a workspace remembers which of the stored secrets is its own. */
const NAME = 'scalekit.webhooks.secret';

export interface WebhookSecretsDependencies {
  readonly secrets: vscode.SecretStorage;
  readonly workspaceState: vscode.Memento;
  readonly prompts: Prompts;
  readonly redactor: Redactor;
  readonly clipboard: SecretClipboard;
}

/** The webhook secret of this workspace, in SecretStorage. It's never shown. */
export class WebhookSecrets {
  constructor(private readonly dependencies: WebhookSecretsDependencies) {}

  /** The stored secret. */
  async stored(): Promise<string | undefined> {
    const { secrets, workspaceState, redactor } = this.dependencies;
    const name = workspaceState.get<string>(NAME);
    const secret = name === undefined ? undefined : await secrets.get(name);
    if (secret !== undefined) redactor.add(secret);
    return secret;
  }

  /** The stored secret, or what the user enters now, which is then stored. Undefined if they cancel. */
  async get(title: string): Promise<string | undefined> {
    return (await this.stored()) ?? this.replace(title);
  }

  /** Asks for a secret and stores it. Undefined if the user cancels. */
  async replace(title: string): Promise<string | undefined> {
    const secret = await this.ask(title, { canCreate: true });
    if (secret === undefined) return undefined;
    const { secrets, workspaceState } = this.dependencies;
    const name = workspaceState.get<string>(NAME) ?? `scalekit.webhookSecret.${randomUUID()}`;
    await secrets.store(name, secret);
    await workspaceState.update(NAME, name);
    return secret;
  }

  /** Asks for a secret in a password box, without storing it. */
  async ask(title: string, { canCreate }: { readonly canCreate: boolean }): Promise<string | undefined> {
    const { prompts, redactor, clipboard } = this.dependencies;
    const create = 'create';
    const result = await prompts.input({
      title,
      prompt: vscode.l10n.t('The webhook’s signing secret, as your app has it in {0}', 'SCALEKIT_WEBHOOK_SECRET'),
      placeholder: 'whsec_…',
      password: true,
      validate: secretProblem,
      ...(canCreate
        ? { buttons: [{ id: create, icon: 'sparkle', tooltip: vscode.l10n.t('Create a New Secret and Copy It') }] }
        : {}),
    });
    if (result === undefined || result === 'back') return undefined;
    const isNew = result.answer.button === create;
    const secret = isNew ? `whsec_${randomBytes(24).toString('base64')}` : result.answer.text.trim();
    redactor.add(secret);
    if (isNew) {
      await clipboard.copy(secret);
      showStatus(vscode.l10n.t('New webhook secret copied'));
    }
    return secret;
  }
}

/** Only what no SDK of Scalekit's can use at all. */
function secretProblem(text: string): string | undefined {
  const found = webhookKey(text.trim());
  if ('key' in found) return undefined;
  return found.problem === 'empty'
    ? vscode.l10n.t('Enter the whole secret, with what follows its “_”.')
    : vscode.l10n.t('A webhook’s secret begins with “whsec_”. This one has no “_”.');
}

/** What SDKs may not agree on about a secret that works with the SDK for Node.js. */
export function secretWarning(secret: string): string | undefined {
  const notes = secretNotes(secret);
  if (notes.includes('secondUnderscore'))
    return vscode.l10n.t(
      'This secret has a second “_”. The SDKs for Node.js and Python read only what stands before it.',
    );
  if (notes.includes('urlSafe') || notes.includes('notStrictBase64'))
    return vscode.l10n.t('This secret isn’t standard base64. The SDK for Node.js takes it, and others may refuse it.');
  return undefined;
}
