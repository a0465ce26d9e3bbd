import type * as vscode from 'vscode';
import { documentedEndpoints } from 'scalekit:endpoint-catalogue';
import type { CommandTable } from '../ui/commands';
import type { Redactor } from '../ui/redactor';
import type { VirtualDocuments } from '../ui/virtualDocuments';
import { KnownValues } from './knownValues';
import { RequestActions, type RequestActionsDependencies } from './requestActions';
import { RequestPrompts } from './requestPrompts';
import { SentRequests, type SentRequestsDependencies } from './sentRequests';

export interface RequestCommandsDependencies
  extends Omit<RequestActionsDependencies, 'requestPrompts' | 'sent' | 'endpoints'> {
  readonly documents: VirtualDocuments;
  readonly redactor: Redactor;
  readonly now: () => number;
  readonly onDidSend: SentRequestsDependencies['onDidSend'];
  /** Gets what must be disposed. */
  readonly subscriptions: { push(...parts: vscode.Disposable[]): unknown };
}

/**
 * Commands that send requests and copy them as code. Forgets an environment's known values when it's removed or its
 * credentials change.
 */
export function requestCommands(context: RequestCommandsDependencies) {
  const { environments, prompts, documents, redactor, organizations, now, onDidSend, subscriptions } = context;
  const values = new KnownValues((environmentId, kind) =>
    kind === 'organization'
      ? organizations
          .shownOrganizations(environmentId)
          .map(({ id, displayName }) => ({ value: id, label: displayName }))
      : [],
  );
  const sent = new SentRequests({ environments, prompts, documents, redactor, values, now, onDidSend });
  subscriptions.push(
    sent,
    environments.onDidChange(({ invalidated }) => {
      for (const id of invalidated) for (const memory of [values, sent]) memory.forget(id);
    }),
  );
  const actions = new RequestActions({
    ...context,
    endpoints: documentedEndpoints,
    requestPrompts: new RequestPrompts({ prompts, endpoints: documentedEndpoints, values }),
    sent,
  });
  return {
    'scalekit.request.copy': (argument) => actions.copy(argument),
    'scalekit.request.nextPage': (argument) => actions.nextPage(argument),
    'scalekit.request.send': (argument) => actions.send(argument),
    'scalekit.request.repeat': (argument) => actions.repeat(argument),
  } satisfies CommandTable;
}
