/** These ids are known at activation. Their handlers load with `terminalCommands` on first use. */
export const TERMINAL_COMMANDS = ['scalekit.environment.openTerminal'] as const;
