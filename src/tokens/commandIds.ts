/** These ids are known at activation. Their handlers load with `tokenCommands` on first use. */
export const TOKEN_COMMANDS = [
  'scalekit.token.copy',
  'scalekit.token.copyHeader',
  'scalekit.token.copyWithScope',
  'scalekit.token.fetch',
  'scalekit.token.inspect',
  'scalekit.token.inspectJwt',
] as const;
