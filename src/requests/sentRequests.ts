import * as vscode from 'vscode';
import { beginningOf } from '../api/beginningOf';
import { parseJson } from '../api/client/errorResponse';
import { isRecord, readText } from '../api/json';
import type { ApiResponse } from '../api/client/scalekitClient';
import { cancellableProgress } from '../ui/cancellableProgress';
import { setContext } from '../ui/contextKeys';
import { displayText } from '../ui/displayText';
import type { Environment } from '../core/environment';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { EnvironmentFailure, inEnvironment } from '../core/environmentFailure';
import type { Prompts } from '../ui/prompts';
import type { Redactor } from '../ui/redactor';
import { VIRTUAL_SCHEME, type VirtualDocuments } from '../ui/virtualDocuments';
import { noResponseText, responseText } from './responseText';
import { atPage, requestTarget, type ApiRequest } from './apiRequest';
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
  /** From its newest response. */
  nextPageToken?: string | undefined;
}

/** How many recent requests to offer again. */
const MOST_RECENT = 5;

/** Identifies response documents. The `when` clauses in package.json use it too. */
const FOLDER = '/requests';

/** The longest tab title, in characters. */
const LONGEST_TITLE = 60;

/** Sends requests and shows their responses, each in a document that knows its request. */
export class SentRequests implements vscode.Disposable {
  private readonly byPath = new Map<string, SentRequest>();
  /** Newest first, each once. */
  private sent: readonly EnvironmentRequest[] = [];
  private readonly listener = vscode.window.onDidChangeActiveTextEditor(() => this.updateContext());
  private readonly underWay = new Map<string, AbortController>();

  constructor(private readonly dependencies: SentRequestsDependencies) {}

  /** The request of a response document. */
  of(uri: vscode.Uri | undefined): EnvironmentRequest | undefined {
    return this.sentAt(uri);
  }

  /** The request for the page after the one in a response document. Undefined if that's the last one. */
  nextPage(uri: vscode.Uri | undefined): EnvironmentRequest | undefined {
    const { environmentId, request, nextPageToken } = this.sentAt(uri) ?? {};
    if (environmentId === undefined || request === undefined || nextPageToken === undefined) return undefined;
    return { environmentId, request: atPage(request, nextPageToken) };
  }

  /** The requests that were sent last to an environment, newest first. Pages of one list are one request. */
  recent(environmentId: string): ApiRequest[] {
    return this.sent
      .filter((each) => each.environmentId === environmentId)
      .slice(0, MOST_RECENT)
      .map(({ request }) => request);
  }

  /** The requests whose responses are open, the active editor's first. */
  open(): EnvironmentRequest[] {
    const { all, activeTabGroup } = vscode.window.tabGroups;
    const tabs = [activeTabGroup.activeTab, ...all.flatMap((group) => group.tabs)];
    const uris = tabs.flatMap((tab) => (tab?.input instanceof vscode.TabInputText ? [tab.input.uri] : []));
    return [...new Set(uris.flatMap((uri) => this.sentAt(uri) ?? []))];
  }

  /** Call it when the environment's credentials change or the environment is removed. */
  forget(environmentId: string): void {
    this.sent = this.sent.filter((each) => each.environmentId !== environmentId);
  }

  dispose(): void {
    this.listener.dispose();
  }

  private sentAt(uri: vscode.Uri | undefined): SentRequest | undefined {
    return uri?.scheme === VIRTUAL_SCHEME ? this.byPath.get(uri.path) : undefined;
  }

  private updateContext(): void {
    setContext('scalekit.hasNextPage', this.nextPage(vscode.window.activeTextEditor?.document.uri) !== undefined);
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
      const json = parseJson(answer.text);
      values.learn(environment.id, json);
      this.keep(path, readText(isRecord(json) ? json['next_page_token'] : undefined));
      const text = redactor.redact(responseText(environment, target, answer));
      const { status, durationMs, traceId } = answer;
      onDidSend({ ...sent, response: { status, durationMs, traceId }, text });
      await documents.show(path, text);
      this.updateContext();
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

  private keep(path: string, nextPageToken: string | undefined): void {
    const sent = this.byPath.get(path);
    if (sent === undefined) return;
    sent.nextPageToken = nextPageToken;
    const { environmentId } = sent;
    const request = atPage(sent.request);
    const target = requestTarget(request);
    const isOther = (each: EnvironmentRequest): boolean =>
      each.environmentId !== environmentId || requestTarget(each.request) !== target;
    this.sent = [{ environmentId, request }, ...this.sent.filter(isOther)];
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
      this.byPath.set(path, { ...holder, environmentId, target, request });
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
