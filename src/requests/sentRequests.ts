import * as vscode from 'vscode';
import { beginningOf } from '../api/beginningOf';
import { parseJson } from '../api/client/errorResponse';
import type { ApiResponse } from '../api/client/scalekitClient';
import { cancellableProgress } from '../ui/cancellableProgress';
import { displayText } from '../ui/displayText';
import type { Environment } from '../core/environment';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { EnvironmentFailure, inEnvironment } from '../core/environmentFailure';
import type { Prompts } from '../ui/prompts';
import type { Redactor } from '../ui/redactor';
import { VIRTUAL_SCHEME, type VirtualDocuments } from '../ui/virtualDocuments';
import { noResponseText, responseText } from './responseText';
import { requestTarget, type ApiRequest } from './apiRequest';
import type { KnownValues } from './knownValues';
import type { EnvironmentRequest } from './treeRequests';
import { failureMessage } from '../ui/failureMessage';
import type { SentRequestReport } from './sentRequestList';

export interface SentRequestsDependencies {
  readonly environments: EnvironmentAccess;
  readonly prompts: Prompts;
  readonly documents: VirtualDocuments;
  readonly redactor: Redactor;
  readonly values: KnownValues;
  readonly now: () => number;
  /** Called for each API request, once its response arrived or failed to. */
  readonly onDidSend: (report: SentRequestReport) => void;
}

/** A sent request with its path and query. */
interface SentRequest extends EnvironmentRequest {
  readonly target: string;
}

/** Identifies response documents. The `when` clauses in package.json use it too. */
const FOLDER = '/requests';

/** The longest tab title, in characters. */
const LONGEST_TITLE = 60;

/** Sends requests and shows their responses, each in a document that knows its request. */
export class SentRequests {
  private readonly byPath = new Map<string, SentRequest>();
  private readonly underWay = new Map<string, AbortController>();

  constructor(private readonly dependencies: SentRequestsDependencies) {}

  /** The request of a response document. */
  of(uri: vscode.Uri | undefined): EnvironmentRequest | undefined {
    return uri?.scheme === VIRTUAL_SCHEME ? this.byPath.get(uri.path) : undefined;
  }

  /**
   * Sends a request and shows the response, whatever its status. If the same request is still running, it's aborted.
   *
   * @throws EnvironmentFailure if no response came, or no token
   */
  async send(environment: Environment, request: ApiRequest): Promise<void> {
    const { documents, redactor, values, now, onDidSend } = this.dependencies;
    const target = await inEnvironment(environment, async () => requestTarget(request));
    const path = this.pathOf(environment.id, request, target);
    const controller = new AbortController();
    this.underWay.get(path)?.abort();
    this.underWay.set(path, controller);
    const sent = { environment, request, target: redactor.redact(target), sentAt: now(), path };
    try {
      const answer = await this.exchange(environment, request, target, controller);
      values.learn(environment.id, parseJson(answer.text));
      const text = redactor.redact(responseText(environment, target, answer));
      const { status, durationMs, traceId } = answer;
      onDidSend({ ...sent, response: { status, durationMs, traceId }, text });
      await documents.show(path, text);
    } catch (error) {
      if (isWithoutResponse(error)) {
        const text = noResponseText(environment, target, failureMessage(error).text);
        onDidSend({ ...sent, response: undefined, text: redactor.redact(text) });
      }
      throw error;
    } finally {
      if (this.underWay.get(path) === controller) this.underWay.delete(path);
    }
  }

  private exchange(
    environment: Environment,
    request: ApiRequest,
    target: string,
    controller: AbortController,
  ): Promise<ApiResponse> {
    const { environments, prompts } = this.dependencies;
    const title = vscode.l10n.t('Scalekit: {0}…', request.summary);
    const ask = (signal: AbortSignal): Promise<ApiResponse> =>
      inEnvironment(environment, async () => (await environments.client(environment.id)).getResponse(target, signal));
    return cancellableProgress(prompts, title, ask, controller);
  }

  /** One path for each request. Its end is the tab's title, with a number if another request already has that title. */
  private pathOf(environmentId: string, request: ApiRequest, target: string): string {
    const words = request.template
      .replace('/api/v1/', '')
      .replace(/\{(\w+)\}/g, (_, name: string) => request.pathValues[name] ?? '');
    const title = beginningOf(`GET ${displayText(words).replace(/[/\\]+/g, ' ')}`, LONGEST_TITLE);
    for (let number = 1; ; number++) {
      const path = `${FOLDER}/${environmentId}/${title}${number === 1 ? '' : ` (${number})`}.jsonc`;
      const holder = this.byPath.get(path);
      if (holder !== undefined && holder.target !== target) continue;
      this.byPath.set(path, { environmentId, target, request });
      return path;
    }
  }
}

/** Whether a request went to the API and no response came. Without a token nothing is sent. */
function isWithoutResponse(error: unknown): error is EnvironmentFailure {
  return (
    error instanceof EnvironmentFailure && typeof error.failure !== 'string' && error.failure.details.server === 'api'
  );
}
