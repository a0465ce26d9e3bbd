/** Known at activation; what they do is in `environmentCommands`, which is loaded when one is first used. */
export const ENVIRONMENT_COMMANDS = [
  'scalekit.environment.add',
  'scalekit.environment.switch',
  'scalekit.environment.test',
  'scalekit.environment.replaceSecret',
  'scalekit.environment.rename',
  'scalekit.environment.markProduction',
  'scalekit.environment.unmarkProduction',
  'scalekit.environment.remove',
  'scalekit.environment.importDotenv',
  'scalekit.environment.copyDotenv',
  'scalekit.sandbox.start',
  'scalekit.sandbox.stop',
] as const;
