/** Known at activation; what they do is in `requestCommands`, which is loaded when one is first used. */
export const REQUEST_COMMANDS = ['scalekit.request.copy', 'scalekit.request.send', 'scalekit.request.repeat'] as const;
