/** Known at activation; what they do is in `requestCommands`, which is loaded when one is first used. */
export const REQUEST_COMMANDS = [
  'scalekit.token.copyRequest',
  'scalekit.request.send',
  'scalekit.request.repeat',
] as const;
