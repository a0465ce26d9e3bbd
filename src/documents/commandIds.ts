/** The IDs are known at activation. `compareCommands`, which has the handlers, is loaded on first use. */
export const COMPARE_COMMANDS = ['scalekit.document.compare'] as const;
