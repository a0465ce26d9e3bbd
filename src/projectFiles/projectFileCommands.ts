import * as vscode from 'vscode';
import { readCredentials, type FoundCredentials } from '../core/credentialText';
import type { Environment } from '../core/environment';
import type { CommandTable } from '../ui/commands';
import type { Prompts } from '../ui/prompts';
import { withoutSecret } from './withoutSecret';

export interface ProjectFileCommandsDependencies {
  readonly prompts: Prompts;
  /** Verifies credentials and stores them, as Add Environment… does. Undefined if the person cancels. */
  readonly addEnvironment: (found: FoundCredentials) => Promise<Environment | undefined>;
  /** Whether an environment's stored secret is this one. */
  readonly hasSecret: (environmentId: string, secret: string) => Promise<boolean>;
}

/** Commands that `.env` files offer. */
export function projectFileCommands({ prompts, addEnvironment, hasSecret }: ProjectFileCommandsDependencies) {
  /** The credentials of an open file, or of the one that is in the active editor. */
  async function read(
    argument: unknown,
  ): Promise<{ document: vscode.TextDocument; found: FoundCredentials } | undefined> {
    const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    if (uri === undefined || !vscode.workspace.isTrusted) return undefined;
    const document = await vscode.workspace.openTextDocument(uri);
    const { records } = readCredentials(document.getText());
    const [found] = records;
    if (found !== undefined && records.length === 1) return { document, found };
    void prompts.message(
      'information',
      found === undefined
        ? vscode.l10n.t('{0} has no Scalekit credentials.', vscode.workspace.asRelativePath(uri))
        : vscode.l10n.t(
            '{0} has the credentials of several environments. Add them with Import Environment from .env…, one at a time.',
            vscode.workspace.asRelativePath(uri),
          ),
    );
    return undefined;
  }

  async function moveSecret(argument: unknown): Promise<void> {
    const file = await read(argument);
    if (file === undefined) return;
    const { document, found } = file;
    const secret = found.clientSecret;
    if (secret === undefined) {
      void prompts.message('information', vscode.l10n.t('This file has no client secret to move.'));
      return;
    }
    const environment = await addEnvironment(found);
    if (environment === undefined) return;
    const name = vscode.workspace.asRelativePath(document.uri);
    if (environment.sessionOnly || !(await hasSecret(environment.id, secret))) {
      void prompts.message(
        'warning',
        vscode.l10n.t(
          'The secret of {0} wasn’t stored as it is in {1}, so it stays in the file. Nothing was removed.',
          environment.name,
          name,
        ),
      );
      return;
    }
    const wasDirty = document.isDirty;
    const edits = withoutSecret(
      document.getText(),
      secret,
      vscode.l10n.t('The client secret is in VS Code’s secret storage. Run your app with it: scalekit-run npm start'),
    );
    const edit = new vscode.WorkspaceEdit();
    for (const { start, end, text } of edits)
      edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
    const isWritten =
      edits.length > 0 && (await vscode.workspace.applyEdit(edit)) && (wasDirty || (await document.save()));
    if (!isWritten) {
      void prompts.message(
        'warning',
        vscode.l10n.t(
          '{0} is in secret storage now, but {1} couldn’t be changed. Remove the secret there.',
          environment.name,
          name,
        ),
      );
      return;
    }
    const replace = vscode.l10n.t('Replace Client Secret…');
    const told = wasDirty
      ? vscode.l10n.t(
          'The client secret of {0} is in secret storage now. Save {1} to remove it from the disk too. Copies may still be in git’s history and in VS Code’s Local History. Replace the secret to make them useless.',
          environment.name,
          name,
        )
      : vscode.l10n.t(
          'The client secret of {0} is in secret storage now, and no longer in {1}. Copies may still be in git’s history and in VS Code’s Local History. Replace the secret to make them useless.',
          environment.name,
          name,
        );
    if ((await prompts.message('information', told, replace)) === replace)
      await vscode.commands.executeCommand('scalekit.environment.replaceSecret', environment.id);
  }

  return {
    'scalekit.projectFile.addEnvironment': async (argument) => {
      const file = await read(argument);
      if (file !== undefined) await addEnvironment(file.found);
    },
    'scalekit.projectFile.moveSecret': moveSecret,
  } satisfies CommandTable;
}
