import type { CommandTable } from '../../ui/commands';
import { SignInSummary, type SignInSummaryDependencies } from './signInSummary';

/** Commands on the sign-in log. */
export function summaryCommands(dependencies: SignInSummaryDependencies) {
  const summary = new SignInSummary(dependencies);
  return {
    'scalekit.signIn.showSummary': (argument) => summary.show(argument),
    'scalekit.signIn.showSteps': (argument) => summary.showSteps(argument),
  } satisfies CommandTable;
}
