import type { CommandTable } from '../ui/commands';
import type { TerminalActions } from './terminalActions';

export function terminalCommands(actions: TerminalActions) {
  return {
    'scalekit.environment.openTerminal': (argument) => actions.open(argument),
  } satisfies CommandTable;
}
