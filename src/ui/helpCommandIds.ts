/** Known at activation; what they do is in `helpCommands`, which is loaded when one is first used. */
export const HELP_COMMANDS = [
  'scalekit.walkthrough.open',
  'scalekit.accessibilityHelp.open',
  'scalekit.issue.report',
  'scalekit.dashboard.open',
] as const;
