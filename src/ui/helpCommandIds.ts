/** The IDs are known at activation. `helpCommands`, which has the handlers, is loaded on first use. */
export const HELP_COMMANDS = [
  'scalekit.walkthrough.open',
  'scalekit.accessibilityHelp.open',
  'scalekit.issue.report',
  'scalekit.dashboard.open',
] as const;
