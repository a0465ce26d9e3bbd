import * as vscode from 'vscode';
import { beginningOf } from '../api/beginningOf';
import type { ActivityEntry } from '../core/activityList';
import { displayText } from './displayText';
import { httpStatus } from './httpStatus';

/** A request without anything that could be a secret. */
export interface RequestOutline {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly method: string;
  /** Without the query. What must not be shown is left out already. */
  readonly path: string;
  /** The names in the query. */
  readonly query: readonly string[];
  /** Undefined when no response came. */
  readonly status: number | undefined;
}

/** What comes before an ID that more follows: the ID says the same, and the status is still to be seen in a narrow side bar. */
const CROWDED = /^(\w+ )\/[^/]+\/(?=[a-z\d]+_…\d+\/)/;

/** So much of a path stands in a row. */
const LONGEST_PATH = 120;

/** A request as a row of the Activity view, but for what a screen reader says of it. */
export function requestEntry(request: RequestOutline): Pick<ActivityEntry, 'time' | 'label' | 'failed'> {
  const { time, status } = request;
  return {
    time,
    label: `${requestWords(request).replace(CROWDED, '$1')} · ${status ?? vscode.l10n.t('no response')}`,
    failed: status === undefined || status >= 400,
  };
}

/** Method and path, without what all paths begin with, the middle of IDs and the values of a query: `GET /organizations/org_…1813?…`. */
export function requestWords({ method, path, query }: RequestOutline): string {
  const short = withoutApiPrefix(path).replaceAll(/_\d{3,}(\d{4})(?!\d)/g, '_…$1');
  return `${method} ${beginningOf(displayText(short), LONGEST_PATH)}${query.length === 0 ? '' : '?…'}`;
}

/** A path without what all paths of the API begin with. */
export function withoutApiPrefix(path: string): string {
  return path.replace(/^\/api\/v1(?=\/)/, '');
}

/** The details of a request that its hover begins with. */
export function requestDetails({ path, query, status }: RequestOutline): ActivityEntry['details'] {
  return [
    [vscode.l10n.t('Path'), path],
    [vscode.l10n.t('Query parameters'), query.join(', ')],
    [vscode.l10n.t('Status'), status === undefined ? vscode.l10n.t('no response') : httpStatus(status)],
  ];
}
