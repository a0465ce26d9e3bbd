/** The commands of `summaryCommands`. */
export const SIGN_IN_SUMMARY_COMMANDS = ['scalekit.signIn.showSummary', 'scalekit.signIn.showSteps'] as const;
