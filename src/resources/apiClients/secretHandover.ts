import * as vscode from 'vscode';
import { durationInWords } from '../../ui/duration';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { environmentLine } from '../../changes/writer';
import type { Environment } from '../../core/environment';

/**
 * Puts a secret that Scalekit shows just once on the clipboard, and nowhere else; whether it is there. From before that on, no log line and
 * no message can hold it.
 */
export async function handOver(
  secret: string | undefined,
  { clipboard, redactor }: ActionDependencies,
): Promise<boolean> {
  if (secret === undefined) return false;
  redactor.add(secret);
  try {
    await clipboard.copy(secret);
    return true;
  } catch {
    return false;
  }
}

/** The one modal about a secret on the clipboard: that it is there, and what a person must know of it. */
export async function tellOfSecret(
  client: { readonly id: string; readonly name?: string },
  environment: Environment,
  { clipboard, prompts }: ActionDependencies,
): Promise<void> {
  const seconds = clipboard.clearsAfter;
  await prompts.notice(vscode.l10n.t('The new client secret of {0} is on the clipboard', client.name ?? client.id), [
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
  ]);
}
