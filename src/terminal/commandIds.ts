/** Known at activation; what they do is in `terminalCommands`, which is loaded when one is first used. */
export const TERMINAL_COMMANDS = ['scalekit.environment.openTerminal'] as const;
