import { documentedEndpoints } from 'scalekit:endpoint-catalogue';
import type { Prompts } from '../ui/prompts';
import type { Redactor } from '../ui/redactor';
import type { VirtualDocuments } from '../ui/virtualDocuments';
import { KnownValues, type SuggestValues } from './knownValues';
import { RequestActions, type RequestActionsDependencies } from './requestActions';
import { RequestPrompts } from './requestPrompts';
import { SentRequests, type SentRequestsDependencies } from './sentRequests';

export interface RequestFeatureDependencies
  extends Omit<RequestActionsDependencies, 'requestPrompts' | 'sent' | 'endpoints'>,
    Pick<SentRequestsDependencies, 'now' | 'onDidSend'> {
  readonly prompts: Prompts;
  readonly documents: VirtualDocuments;
  readonly redactor: Redactor;
  /** What the trees know of an environment. */
  readonly suggest: SuggestValues;
}

/** Joins the parts that send requests and copy them as code. Values that were seen are forgotten with their environment. */
export function createRequestActions(context: RequestFeatureDependencies): RequestActions {
  const { environments, suggest } = context;
  const values = new KnownValues(suggest);
  environments.onDidChange(({ invalidated }) => invalidated.forEach((id) => values.forget(id)));
  return new RequestActions({
    ...context,
    endpoints: documentedEndpoints,
    requestPrompts: new RequestPrompts({ prompts: context.prompts, endpoints: documentedEndpoints, values }),
    sent: new SentRequests({ ...context, values }),
  });
}
