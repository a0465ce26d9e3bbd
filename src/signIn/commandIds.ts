/** These ids are known at activation. Their handlers load with `signInCommands` on first use. */
export const SIGN_IN_COMMANDS = [
  'scalekit.signIn.try',
  'scalekit.signIn.again',
  'scalekit.signIn.copyToken',
  'scalekit.signIn.receiveInitiated',
  'scalekit.signIn.refreshTokens',
  'scalekit.signIn.signOut',
] as const;
