import * as vscode from 'vscode';
import { durationInWords } from '../../ui/duration';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { environmentLine } from '../../changes/writer';
import type { Environment } from '../../core/environment';

/**
 * Puts a secret that Scalekit shows only once on the clipboard, and nowhere else. Returns whether it's there. First
 * adds it to the redactor, so that no log line or message can contain it.
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

/** The only modal dialog about a secret on the clipboard: that it's there, and what the user must know about it. */
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
