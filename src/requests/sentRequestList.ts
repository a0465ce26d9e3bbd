import * as vscode from 'vscode';
import { RecentActivity, type ActivityEntry } from '../core/activityList';
import type { Environment } from '../core/environment';
import { httpStatus } from '../ui/httpStatus';
import { localTime } from '../ui/localTime';
import { requestEntry, requestDetails, requestWords } from '../ui/requestEntry';
import type { Redactor } from '../ui/redactor';
import type { VirtualDocuments } from '../ui/virtualDocuments';
import type { ApiRequest } from './apiRequest';
import { noResponseText } from './responseText';

/** A request that the user sent, and its result. */
export interface SentRequestReport {
  readonly environment: Environment;
  readonly request: ApiRequest;
  /** Path and query as they were sent, without secrets. */
  readonly target: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** Undefined if no response came. */
  readonly response: { readonly status: number; readonly durationMs: number; readonly traceId?: string } | undefined;
  /** The path of its document, and its text, which has no secret. */
  readonly path: string;
  readonly text: string;
}

interface SentRequestEntry extends ActivityEntry {
  readonly report: Omit<SentRequestReport, 'text'>;
  /** Undefined once newer ones need the space. */
  text: string | undefined;
}

/** How many characters of responses to keep, newest first. */
const MOST_CHARACTERS = 4_000_000;

/** The Sent Requests in the Activity view. Each opens with its response. */
export class SentRequestList extends RecentActivity<SentRequestEntry> {
  constructor(
    documents: VirtualDocuments,
    private readonly redactor: Redactor,
  ) {
    super({
      id: 'sentRequests',
      label: vscode.l10n.t('Sent Requests'),
      icon: 'arrow-up',
      show: async ({ report: { path, environment, target }, text = noLongerKept(environment, target) }) => {
        await documents.show(path, text);
      },
    });
  }

  /** Adds a request, and drops old responses if there are too many. */
  record({ text, ...report }: SentRequestReport): void {
    this.add({ ...rowOf(report, this.redactor.redact(shownPath(report.request))), report, text });
    let characters = 0;
    for (const entry of this.entries) {
      characters += entry.text?.length ?? 0;
      if (characters > MOST_CHARACTERS) entry.text = undefined;
    }
  }
}

function noLongerKept(environment: Environment, target: string): string {
  return noResponseText(
    environment,
    target,
    vscode.l10n.t('This response is no longer available. Press F5 to send the request again.'),
  );
}

function rowOf(report: Omit<SentRequestReport, 'text'>, path: string): ActivityEntry {
  const { environment, request, sentAt, response } = report;
  const outline = {
    time: sentAt,
    method: 'GET',
    path,
    query: [...new Set(request.query.map(([name]) => name))],
    status: response?.status,
  };
  const duration = response && vscode.l10n.t('{0} ms', Math.round(response.durationMs));
  const words = requestWords(outline);
  const time = localTime(sentAt, { seconds: true });
  return {
    ...requestEntry(outline),
    ...(duration === undefined ? {} : { detail: duration }),
    sentence:
      response === undefined
        ? vscode.l10n.t('{0}, sent to {1} at {2}: no response.', words, environment.name, time)
        : vscode.l10n.t(
            '{0}, sent to {1} at {2}: {3} after {4} ms.',
            words,
            environment.name,
            time,
            httpStatus(response.status),
            Math.round(response.durationMs),
          ),
    details: [
      ...requestDetails(outline),
      [vscode.l10n.t('Environment'), environment.name],
      [vscode.l10n.t('Sent'), new Date(sentAt)],
      [vscode.l10n.t('Duration'), duration],
      [vscode.l10n.t('Trace ID'), response?.traceId],
    ],
  };
}

/** A Scalekit ID. Client secrets also begin with a word and an underscore. */
const ID = /^(?!(?:test|live|dev|prod)_)(?:[a-z\d]{2,12}_){1,2}\d{6,24}$/;

/** A name, for example a role's. */
const NAME = /^(?!(?:test|live|dev|prod)_)[a-z]{1,24}(?:[_-][a-z]{1,24})?$/;

/**
 * The path with only those values that can't be a secret or a code. The others are shown as parameter names, as in the
 * template.
 */
function shownPath({ template, pathValues }: ApiRequest): string {
  return template.replace(/\{(\w+)\}/g, (parameter, name: string) => {
    const value = pathValues[name] ?? '';
    return ID.test(value) || NAME.test(value) ? value : parameter;
  });
}
