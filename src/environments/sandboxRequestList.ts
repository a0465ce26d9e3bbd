import * as vscode from 'vscode';
import { beginningOf } from '../api/beginningOf';
import { isRecord, readText } from '../api/json';
import { RecentActivity, type ActivityEntry } from '../core/activityList';
import { displayText } from '../ui/displayText';
import { httpStatus } from '../ui/httpStatus';
import { localTime } from '../ui/localTime';
import { requestEntry, requestDetails, requestWords, withoutApiPrefix, type RequestOutline } from '../ui/requestEntry';
import type { VirtualDocuments } from '../ui/virtualDocuments';

/** As the sandbox reports it, without anything that could be a secret (`ShownRequest` in src/sandbox). */
interface SandboxRequest extends RequestOutline {
  readonly protocol: string;
  readonly traceId: string | undefined;
  /** Why it was refused, in Scalekit's words. */
  readonly problem: string | undefined;
}

interface SandboxRequestEntry extends ActivityEntry {
  readonly request: SandboxRequest;
  /** Distinguishes its document from others. */
  readonly number: number;
}

const LONGEST_TEXT = 300;
const MOST_NAMES = 20;

/** The longest tab title, in characters. */
const LONGEST_TITLE = 60;

/** Sandbox Requests in the Activity view: requests that the sandbox received from the user's own programs. */
export class SandboxRequestList extends RecentActivity<SandboxRequestEntry> {
  private lastNumber = 0;

  constructor(documents: VirtualDocuments) {
    super({
      id: 'sandboxRequests',
      label: vscode.l10n.t('Sandbox Requests'),
      icon: 'arrow-down',
      show: async ({ request, number }) => {
        await documents.show(`/sandbox/${number}/${titleOf(request)}.jsonc`, documentText(request));
      },
    });
  }

  /** Adds a request that the sandbox's process reported, and ignores anything else. */
  record(message: unknown): void {
    const request = readRequest(message);
    if (request !== undefined) this.add({ ...rowOf(request), request, number: ++this.lastNumber });
  }
}

function readRequest(message: unknown): SandboxRequest | undefined {
  if (!isRecord(message)) return undefined;
  const { time, status, query } = message;
  const [method, path] = [shortText(message['method']), shortText(message['path'])];
  if (method === undefined || path === undefined || typeof time !== 'number') return undefined;
  return {
    time,
    method,
    path,
    query: (Array.isArray(query) ? query : []).flatMap((name) => shortText(name) ?? []).slice(0, MOST_NAMES),
    // 0 means a connection that was closed without a response.
    status: typeof status === 'number' && status > 0 ? status : undefined,
    protocol: shortText(message['protocol']) ?? '',
    traceId: shortText(message['traceId']),
    problem: shortText(message['problem']),
  };
}

function shortText(value: unknown): string | undefined {
  const text = readText(value);
  return text === undefined ? undefined : beginningOf(text, LONGEST_TEXT);
}

/** A row's text. For a gRPC path, which is long, the last part tells which call it is. */
function outlineOf(request: SandboxRequest): RequestOutline {
  if (request.protocol !== 'grpc') return request;
  return { ...request, method: 'gRPC', path: request.path.slice(request.path.lastIndexOf('/') + 1) };
}

function rowOf(request: SandboxRequest): ActivityEntry {
  const words = requestWords(outlineOf(request));
  const time = localTime(request.time, { seconds: true });
  const { status, problem } = request;
  const outcome = status === undefined ? vscode.l10n.t('no response') : httpStatus(status);
  return {
    ...requestEntry(outlineOf(request)),
    ...(problem === undefined ? {} : { detail: problem }),
    sentence:
      problem === undefined
        ? vscode.l10n.t('{0}, received by the sandbox at {1}: {2}.', words, time, outcome)
        : vscode.l10n.t('{0}, received by the sandbox at {1}: {2}. The reason: {3}', words, time, outcome, problem),
    details: [
      ...requestDetails(request),
      [vscode.l10n.t('Reason'), request.problem],
      [vscode.l10n.t('Received'), new Date(request.time)],
      [vscode.l10n.t('Trace ID'), request.traceId],
    ],
  };
}

function titleOf(request: SandboxRequest): string {
  const { method, path } = outlineOf(request);
  const words = withoutApiPrefix(path).replaceAll(/[/\\]+/g, ' ');
  return beginningOf(displayText(`${method} ${words.trim()}`), LONGEST_TITLE);
}

function documentText({ time, method, path, query, status, protocol, traceId, problem }: SandboxRequest): string {
  const comments = [
    vscode.l10n.t('A request that the local sandbox received.'),
    vscode.l10n.t('Headers, bodies and the values of the query are left out, since they can hold secrets.'),
  ];
  const shown = {
    method,
    path,
    query,
    status: status ?? null,
    problem,
    protocol,
    received: new Date(time).toISOString(),
    traceId,
  };
  return [...comments.map((line) => `// ${line}`), ...JSON.stringify(shown, undefined, 2).split('\n'), '']
    .map(displayText)
    .join('\n');
}
