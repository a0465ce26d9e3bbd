/** These ids are known at activation. Their handlers load with `projectFileCommands` on first use. */
export const PROJECT_FILE_COMMANDS = [
  'scalekit.projectFile.addEnvironment',
  'scalekit.projectFile.moveSecret',
] as const;
