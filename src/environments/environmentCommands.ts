import type { CommandTable } from '../ui/commands';
import { DotenvActions, type DotenvActionsDependencies } from './dotenvActions';
import { enterCredentials } from './enterCredentials';
import { EnvironmentActions, type EnvironmentActionsDependencies } from './environmentActions';
import { EnvironmentChooser } from './environmentChooser';

export type EnvironmentCommandsDependencies = Omit<
  EnvironmentActionsDependencies & DotenvActionsDependencies,
  'chooser' | 'copyDotenv' | 'enterCredentials'
>;

/** Commands for environments. */
export function environmentCommands(context: EnvironmentCommandsDependencies) {
  const chooser = new EnvironmentChooser(context.store, context.prompts);
  const dotenv = new DotenvActions({ ...context, chooser });
  const environments = new EnvironmentActions({
    ...context,
    chooser,
    copyDotenv: (id) => dotenv.copy(id),
    enterCredentials: (options) => enterCredentials(options, context),
  });
  return {
    'scalekit.environment.add': () => environments.add(),
    'scalekit.environment.switch': (argument) => environments.switch(argument),
    'scalekit.environment.test': (argument) => environments.test(argument),
    'scalekit.environment.replaceSecret': (argument) => environments.replaceSecret(argument),
    'scalekit.environment.rename': (argument) => environments.rename(argument),
    'scalekit.environment.markProduction': (argument) => environments.setProduction(argument, true),
    'scalekit.environment.unmarkProduction': (argument) => environments.setProduction(argument, false),
    'scalekit.environment.remove': (argument) => environments.remove(argument),
    'scalekit.environment.importDotenv': () => dotenv.import(),
    'scalekit.environment.copyDotenv': (argument) => dotenv.copy(argument),
    'scalekit.sandbox.start': () => environments.startSandbox(),
    'scalekit.sandbox.stop': () => environments.stopSandbox(),
    'scalekit.sandbox.openPage': () => environments.openSandboxPage(),
  } satisfies CommandTable;
}
