/** Known at activation; what they do is in `tokenCommands`, which is loaded when one is first used. */
export const TOKEN_COMMANDS = [
  'scalekit.token.copy',
  'scalekit.token.copyHeader',
  'scalekit.token.copyWithScope',
  'scalekit.token.fetch',
  'scalekit.token.inspect',
  'scalekit.token.inspectJwt',
] as const;
