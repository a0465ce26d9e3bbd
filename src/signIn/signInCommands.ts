import type { CommandTable } from '../ui/commands';
import type { SignIns } from './signIns';

/** Commands that sign in from the editor, and what can be done with the result. */
export function signInCommands(signIns: SignIns) {
  return {
    'scalekit.signIn.try': (argument) => signIns.try(argument),
    'scalekit.signIn.again': (argument) => signIns.again(argument),
    'scalekit.signIn.copyToken': (argument) => signIns.copyToken(argument),
    'scalekit.signIn.receiveInitiated': (argument) => signIns.receiveInitiated(argument),
    'scalekit.signIn.refreshTokens': (argument) => signIns.refreshTokens(argument),
    'scalekit.signIn.signOut': (argument) => signIns.signOut(argument),
  } satisfies CommandTable;
}
