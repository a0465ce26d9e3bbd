import type { Fetch } from './nodeFetch';
import type { ScalekitServer } from './scalekitError';

/** One HTTP request. The URL's path and query must not contain a secret: the path is logged. */
export interface HttpRequest {
  readonly server: ScalekitServer;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds until the whole response must have arrived. Default: 20 seconds. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

/** A complete response, whatever its status. */
export interface HttpResponse {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | null;
  readonly traceId?: string;
  /** When the authorization server wrote it, by its own clock, as are a token's times. */
  readonly date?: string | null;
  readonly text: string;
}

/** One line for the log: the request and its result. Contains no header, query or body. */
export interface RequestLogEntry {
  readonly method: string;
  readonly url: string;
  readonly status?: number;
  readonly failure?: string;
  readonly durationMs: number;
  readonly traceId?: string;
}

/** Sends one request and reads its whole response. @throws ScalekitError if no complete response arrived. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

export interface TransportOptions {
  readonly fetch: Fetch;
  readonly userAgent: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onRequest?: (report: RequestLogEntry) => void;
}

/**
 * A page of 100 organizations at their limits has about 0.3 MB (docs/scalekit-api.md, 2.2). Scalekit sends no larger
 * response than this.
 */
export const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;
