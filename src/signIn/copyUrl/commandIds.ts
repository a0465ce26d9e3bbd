/** The commands of `copyUrlCommands`. */
export const COPY_URL_COMMANDS = ['scalekit.signIn.copyUrl'] as const;
