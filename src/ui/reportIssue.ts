import * as vscode from 'vscode';
import { isRecord, readText } from '../api/json';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { issueReport } from './issueReport';
import type { Log } from './log';
import { openLink } from './openLink';
import type { Prompts } from './prompts';
import type { Redactor } from './redactor';
import { showStatus } from './statusMessage';

export interface ReportIssueDependencies {
  readonly extension: Pick<vscode.Extension<unknown>, 'packageJSON' | 'extensionKind'>;
  readonly environments: EnvironmentAccess;
  readonly log: Log;
  readonly redactor: Redactor;
  /** Shows the report. */
  readonly documents: { show(path: string, text: string): Promise<unknown> };
  readonly prompts: Prompts;
}

/**
 * Shows a report with versions and the last log lines as a document. Nothing is sent before the user has seen it and
 * presses a button, which copies it. If the extension has a page for issues, the button also opens that page, without
 * the report in its address.
 */
export async function reportIssue({
  extension,
  environments,
  log,
  redactor,
  documents,
  prompts,
}: ReportIssueDependencies): Promise<void> {
  const manifest: unknown = extension.packageJSON;
  const details = {
    versions: versionsOf(manifest, extension.extensionKind),
    logLines: log.lastLines(),
    environments: environments.list().map(({ id, name, host }) => [id, name, host]),
  };
  const report = issueReport(details, redactor);
  await documents.show('/Scalekit issue report.md', report);
  const page = isRecord(manifest) && isRecord(manifest['bugs']) ? readText(manifest['bugs']['url']) : undefined;
  const copy = vscode.l10n.t('Copy to Clipboard');
  const open = vscode.l10n.t('Copy and Open Issue Page');
  const text =
    page === undefined
      ? vscode.l10n.t(
          'This is the whole report. Nothing has been sent. Review it, then copy it and send it to whoever maintains this extension for you.',
        )
      : vscode.l10n.t('This is the whole report. Nothing has been sent. Read it before you give it to anyone.');
  const pressed = await prompts.message('information', text, copy, ...(page === undefined ? [] : [open]));
  if (pressed === undefined) return;
  await vscode.env.clipboard.writeText(report);
  showStatus(vscode.l10n.t('Report copied'));
  if (pressed === open && page !== undefined) await openLink(page);
}

function versionsOf(manifest: unknown, extensionKind: vscode.ExtensionKind): [string, string][] {
  const { uiKind, remoteName, language } = vscode.env;
  return [
    ['Scalekit Workbench', (isRecord(manifest) ? readText(manifest['version']) : undefined) ?? 'unknown'],
    ['Editor', `${vscode.env.appName} ${vscode.version}, ${uiKind === vscode.UIKind.Web ? 'browser' : 'desktop'}`],
    [
      'Extension host',
      `${extensionKind === vscode.ExtensionKind.UI ? 'local' : 'workspace'}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    ],
    // For some servers, this is their address.
    ['Remote', remoteName === undefined ? 'none' : /^[a-z-]+$/.test(remoteName) ? remoteName : 'server'],
    ['Language', language],
    ['Trusted workspace', String(vscode.workspace.isTrusted)],
  ];
}
