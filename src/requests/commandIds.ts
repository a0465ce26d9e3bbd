/** These ids are known at activation. Their handlers load with `requestCommands` on first use. */
export const REQUEST_COMMANDS = [
  'scalekit.request.copy',
  'scalekit.request.nextPage',
  'scalekit.request.send',
  'scalekit.request.repeat',
] as const;
