/** These ids are known at activation. Their handlers load with `environmentCommands` on first use. */
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
  'scalekit.sandbox.openPage',
] as const;
