import { openAccessibilityHelp } from './accessibilityHelp';
import type { CommandTable } from './commands';
import { openLink } from './openLink';
import { openWalkthrough } from './openWalkthrough';
import { reportIssue, type ReportIssueDependencies } from './reportIssue';
import type { VirtualDocuments } from './virtualDocuments';

export interface HelpCommandsDependencies extends ReportIssueDependencies {
  readonly extension: ReportIssueDependencies['extension'] & { readonly id: string };
  readonly documents: VirtualDocuments;
}

/** The Scalekit dashboard. The addresses of single objects in it aren't documented (docs/scalekit-api.md, 1.5). */
const DASHBOARD = 'https://app.scalekit.com';

export function helpCommands(context: HelpCommandsDependencies) {
  return {
    'scalekit.walkthrough.open': () => openWalkthrough(`${context.extension.id}#start`),
    'scalekit.accessibilityHelp.open': () => openAccessibilityHelp(context.documents),
    'scalekit.issue.report': () => reportIssue(context),
    'scalekit.dashboard.open': async () => {
      await openLink(DASHBOARD);
    },
  } satisfies CommandTable;
}
