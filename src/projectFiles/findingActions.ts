import * as vscode from 'vscode';
import { isDotenv } from './dotenvFile';
import type { Finding } from './finding';
import { fixTitle } from './findingWords';
import { dotenvEntries } from './dotenvEntries';
import { variableRole } from './dotenvVariables';

/** Quick fixes of what is marked, and Move to Secret Storage on the line of a client secret in a `.env` file. */
export class FindingActions implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.RefactorExtract];

  constructor(private readonly findingsOf: (document: vscode.TextDocument) => readonly Finding[]) {}

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const ours = context.diagnostics.filter(({ source }) => source === 'Scalekit');
    const actions = this.findingsOf(document).flatMap((finding) => {
      const place = new vscode.Range(document.positionAt(finding.start), document.positionAt(finding.end));
      if (finding.fix === undefined || place.intersection(range) === undefined) return [];
      const action = new vscode.CodeAction(fixTitle(finding), vscode.CodeActionKind.QuickFix);
      action.edit = new vscode.WorkspaceEdit();
      for (const { start, end, text } of finding.fix)
        action.edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
      action.diagnostics = ours.filter(
        ({ range: marked, code }) => marked.isEqual(place) && typeof code === 'object' && code.value === finding.check,
      );
      action.isPreferred = true;
      return [action];
    });
    return [...actions, ...moveActions(document, range, ours)];
  }
}

const ABOUT_SECRETS = new Set<unknown>(['storedSecrets', 'trackedSecrets', 'publicSecrets']);

function moveActions(
  document: vscode.TextDocument,
  range: vscode.Range,
  diagnostics: readonly vscode.Diagnostic[],
): vscode.CodeAction[] {
  if (!vscode.workspace.isTrusted || !isDotenv(document.uri)) return [];
  const line = document.lineAt(range.start.line).text;
  const step = dotenvEntries(line);
  let entry = step.next();
  while (entry.done !== true) entry = step.next();
  const [found] = entry.value;
  if (found === undefined || variableRole(found.name) !== 'clientSecret' || found.value === '') return [];
  const about = diagnostics.filter(({ code }) => typeof code === 'object' && ABOUT_SECRETS.has(code.value));
  const action = new vscode.CodeAction(
    vscode.l10n.t('Move to Secret Storage'),
    about.length > 0 ? vscode.CodeActionKind.QuickFix : vscode.CodeActionKind.RefactorExtract,
  );
  action.diagnostics = about;
  action.command = {
    command: 'scalekit.projectFile.moveSecret',
    title: vscode.l10n.t('Move to Secret Storage'),
    arguments: [document.uri],
  };
  return [action];
}
