import type { CommandTable } from '../ui/commands';
import type { TerminalActions } from './terminalActions';

/** What can be done with terminals with Scalekit. */
export function terminalCommands(actions: TerminalActions) {
  return {
    'scalekit.environment.openTerminal': (argument) => actions.open(argument),
  } satisfies CommandTable;
}
