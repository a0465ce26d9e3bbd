/** Known at activation; what they do is in `compareCommands`, which is loaded when one is first used. */
export const COMPARE_COMMANDS = ['scalekit.document.compare'] as const;
