import * as vscode from 'vscode';
import type { EnvironmentAccess, ShownEnvironmentChange } from '../core/environmentAccess';
import type { EnvironmentClients } from './environmentClients';
import type { EnvironmentStore } from './environmentStore';

/** The environments as tokens, trees and documents see them. */
export function createEnvironmentAccess(store: EnvironmentStore, clients: EnvironmentClients): EnvironmentAccess {
  const changes = new vscode.EventEmitter<ShownEnvironmentChange>();
  store.onDidChange(({ active, activeChanged, changed, removed }) => {
    const invalidated = [
      ...changed.filter(({ credentials }) => credentials).map(({ environment }) => environment.id),
      ...removed.map(({ id }) => id),
    ];
    changes.fire({ active, activeChanged, invalidated });
  });
  return {
    ready: () => store.load(),
    active: () => store.active,
    get: (id) => store.get(id),
    list: () => store.list(),
    client: (id) => clients.get(id),
    onDidChange: changes.event,
    tokenStatus: (id) => clients.tokenFacts(id),
    onDidChangeTokenStatus: clients.onDidChangeTokenFacts,
  };
}
