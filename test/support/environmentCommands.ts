import type { StartedWorkbench } from './startWorkbench';

/** What can be done with environments, as a menu has it done: on a row, or with nothing from the palette. */
export function environmentCommands({ act }: StartedWorkbench) {
  return {
    add: () => act('scalekit.environment.add'),
    switch: (argument: unknown) => act('scalekit.environment.switch', argument),
    test: (argument: unknown) => act('scalekit.environment.test', argument),
    replaceSecret: (argument: unknown) => act('scalekit.environment.replaceSecret', argument),
    rename: (argument: unknown) => act('scalekit.environment.rename', argument),
    setProduction: (argument: unknown, production: boolean) =>
      act(`scalekit.environment.${production ? 'markProduction' : 'unmarkProduction'}`, argument),
    remove: (argument: unknown) => act('scalekit.environment.remove', argument),
  };
}
