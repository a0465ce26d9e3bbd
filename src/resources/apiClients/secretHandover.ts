import * as vscode from 'vscode';
import { durationInWords } from '../../ui/duration';
import { showStatus } from '../../ui/statusMessage';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { environmentLine } from '../../changes/writer';
import type { Environment } from '../../core/environment';

/** A secret that is on the clipboard. */
export interface CopiedSecret {
  /** Copies it again, together with the ID of its client. */
  readonly copyWithId: (clientId: string) => Promise<void>;
}

/**
 * Puts a secret that Scalekit shows only once on the clipboard, and nowhere else. Undefined if it isn't there. First
 * adds it to the redactor, so that no log line or message can contain it.
 */
export async function handOver(
  secret: string | undefined,
  { clipboard, redactor }: ActionDependencies,
): Promise<CopiedSecret | undefined> {
  if (secret === undefined) return undefined;
  redactor.add(secret);
  try {
    await clipboard.copy(secret);
    return { copyWithId: (id) => clipboard.copy(`client_id=${id}\nclient_secret=${secret}\n`) };
  } catch {
    return undefined;
  }
}

/** The only modal dialog about a secret on the clipboard: that it's there, and what the user must know about it. */
export async function tellOfSecret(
  secret: CopiedSecret,
  client: { readonly id: string; readonly name?: string },
  environment: Environment,
  { clipboard, prompts }: ActionDependencies,
): Promise<void> {
  const seconds = clipboard.clearsAfter;
  const text = vscode.l10n.t('The new client secret of {0} is on the clipboard', client.name ?? client.id);
  const detail = [
    vscode.l10n.t('Paste it where you need it now. Scalekit won’t show it again, and VS Code hasn’t stored it.'),
    ...(seconds === undefined
      ? []
      : [
          vscode.l10n.t(
            'By your settings, it’s cleared from the clipboard after {0}.',
            durationInWords(seconds * 1000, vscode.env.language),
          ),
        ]),
    '',
    vscode.l10n.t('Client ID: {0}', client.id),
    environmentLine(environment),
  ];
  // The ID alone would replace the secret, which may not be pasted yet.
  const both = vscode.l10n.t('Copy Client ID and Secret');
  if ((await prompts.notice(text, detail, both)) !== both) return;
  await secret.copyWithId(client.id);
  showStatus(vscode.l10n.t('Copied the client ID and secret of {0}', client.name ?? client.id));
}
