import type { CommandTable } from '../../ui/commands';
import { CopyAuthorizationUrl, type CopyAuthorizationUrlDependencies } from './copyAuthorizationUrl';

/** Commands that copy the beginning of a sign-in. */
export function copyUrlCommands(dependencies: CopyAuthorizationUrlDependencies) {
  const copyUrl = new CopyAuthorizationUrl(dependencies);
  return { 'scalekit.signIn.copyUrl': (argument) => copyUrl.copy(argument) } satisfies CommandTable;
}
