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
  /** Without the query, and without anything that must not be shown. */
  readonly path: string;
  /** The names of the query's parameters. */
  readonly query: readonly string[];
  /** Undefined if no response arrived. */
  readonly status: number | undefined;
}

/**
 * What precedes an ID that is followed by more: the ID implies it, and leaving it out keeps the status visible in a
 * narrow side bar.
 */
const CROWDED = /^(\w+ )\/[^/]+\/(?=[a-z\d]+_…\d+\/)/;

/** The longest path in a row. */
const LONGEST_PATH = 120;

/** A request as a row of the Activity view, without what a screen reader says. */
export function requestEntry(request: RequestOutline): Pick<ActivityEntry, 'time' | 'label' | 'failed'> {
  const { time, status } = request;
  return {
    time,
    label: `${requestWords(request).replace(CROWDED, '$1')} · ${status ?? vscode.l10n.t('no response')}`,
    failed: status === undefined || status >= 400,
  };
}

/**
 * Method and path, without the common prefix of all paths, the middle of IDs and the values of a query: `GET
 * /organizations/org_…1813?…`.
 */
export function requestWords({ method, path, query }: RequestOutline): string {
  const short = withoutApiPrefix(path).replaceAll(/_\d{3,}(\d{4})(?!\d)/g, '_…$1');
  return `${method} ${beginningOf(displayText(short), LONGEST_PATH)}${query.length === 0 ? '' : '?…'}`;
}

/** A path without the common prefix of all API paths. */
export function withoutApiPrefix(path: string): string {
  return path.replace(/^\/api\/v1(?=\/)/, '');
}

/** The first lines of a request's hover. */
export function requestDetails({ path, query, status }: RequestOutline): ActivityEntry['details'] {
  return [
    [vscode.l10n.t('Path'), path],
    [vscode.l10n.t('Query parameters'), query.join(', ')],
    [vscode.l10n.t('Status'), status === undefined ? vscode.l10n.t('no response') : httpStatus(status)],
  ];
}
