import type { StartedWorkbench } from './startWorkbench';

/** Commands for environments, as menus run them: on a row, or from the palette without an argument. */
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
