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

/** Where the Scalekit dashboard begins; its addresses of single objects are not documented (docs/scalekit-api.md, 1.5). */
const DASHBOARD = 'https://app.scalekit.com';

/** What helps a person along. */
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
