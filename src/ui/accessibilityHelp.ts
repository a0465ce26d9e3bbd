import * as vscode from 'vscode';
import type { VirtualDocuments } from './virtualDocuments';

/**
 * Opens what users of a screen reader need to know about the views, as a text to read line by line. VS Code has a place
 * for it, a view's `accessibilityHelpContent`, but only reads it from extensions with proposed API. Without this
 * command, Alt+F1 in a view would open the help of the editor beside it.
 */
export async function openAccessibilityHelp(documents: VirtualDocuments): Promise<void> {
  await documents.show(`/${vscode.l10n.t('Accessibility help of the Scalekit views')}.txt`, `${helpText()}\n`);
}

function helpText(): string {
  return [
    vscode.l10n.t('Close this editor to return.'),
    vscode.l10n.t('“Scalekit: Focus on Organizations View” in the Command Palette leads back to the organizations.'),
    vscode.l10n.t('What a row can do is in its context menu: Shift+F10, or the menu key.'),
    vscode.l10n.t('All commands are in the Command Palette: press F1 and type “Scalekit”.'),
    vscode.l10n.t('Results are shown in the status bar.'),
    vscode.l10n.t('With the setting editor.accessibilitySupport on, they come as notifications, which are read aloud.'),
    '',
    vscode.l10n.t('Environments'),
    vscode.l10n.t(
      'Each row is a Scalekit environment: whether it is active, whether it’s production, and what’s missing.',
    ),
    vscode.l10n.t('Enter on a row makes it the active one.'),
    vscode.l10n.t('The context menu has the commands for its token and its credentials.'),
    '',
    vscode.l10n.t('Organizations'),
    vscode.l10n.t('A tree of the active environment’s organizations.'),
    vscode.l10n.t('Each row says what it is, its name, and its state.'),
    vscode.l10n.t(
      'The right arrow opens a row: SSO connections, directories, domains, users, API clients, sign-in log.',
    ),
    vscode.l10n.t('Enter opens a row as JSON. An organization can be edited there, and saved.'),
    vscode.l10n.t('The last row of a long list loads more, and the focus goes to the first new row.'),
    vscode.l10n.t('Ctrl+F, on macOS Cmd+F, searches. Escape clears the search.'),
    '',
    vscode.l10n.t('Configuration'),
    vscode.l10n.t('A tree of what belongs to the active environment as a whole.'),
    vscode.l10n.t('It holds roles, permissions, and connections of its own. Enter opens a row as JSON.'),
    '',
    vscode.l10n.t('Activity'),
    vscode.l10n.t('The requests that you sent and those that the local sandbox received, the newest first.'),
    vscode.l10n.t('The view appears with the first request. Enter opens one.'),
  ].join('\n');
}
