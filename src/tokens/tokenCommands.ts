import type { CommandTable } from '../ui/commands';
import { TokenInspector, type TokenInspectorDependencies } from './inspect/tokenInspector';
import type { TokenActions } from './tokenActions';

export interface TokenCommandsDependencies extends TokenInspectorDependencies {
  readonly actions: TokenActions;
}

/** Commands for access tokens and other JWTs. */
export function tokenCommands({ actions, ...context }: TokenCommandsDependencies) {
  const inspector = new TokenInspector(context);
  return {
    'scalekit.token.copy': (argument) => actions.copy(argument),
    'scalekit.token.copyHeader': (argument) => actions.copyHeader(argument),
    'scalekit.token.copyWithScope': (argument) => actions.copyWithScope(argument),
    'scalekit.token.fetch': (argument) => actions.fetch(argument),
    'scalekit.token.inspect': (argument) => inspector.inspectAccessToken(argument),
    'scalekit.token.inspectJwt': () => inspector.inspectJwt(),
  } satisfies CommandTable;
}
