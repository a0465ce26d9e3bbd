import type { AccessToken } from './accessToken';
import { errorFromResponse, parseJson, whyNotJson } from './errorResponse';
import type { CacheReadOptions } from './responseCache';
import { ResponseCache } from './responseCache';
import { withRetry } from './retry';
import { cancelledError, ScalekitError } from './scalekitError';
import type { TokenSource } from './tokenSource';
import type { Send, HttpResponse, HttpRequest } from './http';

export interface ScalekitClientOptions {
  /** Origin of the environment. */
  readonly environmentUrl: string;
  readonly tokens: TokenSource;
  readonly exchange: Send;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How many times a failed call is tried again. Default: that of `withRetry`. */
  readonly retries?: number;
}

/** Values of one query parameter; a list repeats it. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface ReadOptions extends Pick<CacheReadOptions<string>, 'signal' | 'fresh'> {
  /** Called after a stale response was returned and the cache has a different one. */
  readonly onNewer?: () => void;
}

/** The API's response to one call, whatever its status. */
export interface ApiResponse {
  readonly status: number;
  readonly contentType: string;
  readonly traceId?: string;
  /** From sending the call to the end of its response, in milliseconds. Doesn't include the token request. */
  readonly durationMs: number;
  readonly text: string;
}

/** One call that changes something. */
export interface WriteRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From `/api/v1`, with the query. */
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** A call as it's sent. */
interface ApiCall {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** JSON. */
  readonly body?: string;
  /** Whether it may be sent again even if the first one may have arrived. */
  readonly repeatable: boolean;
}

/** Scalekit's REST API in one environment (docs/scalekit-api.md, 2): authorized, retried, cached. */
export class ScalekitClient {
  readonly environmentUrl: string;
  readonly tokens: TokenSource;
  /** Responses as text: one string takes less memory than the thousands of objects it's parsed into. */
  private readonly cache: ResponseCache<string>;

  constructor(private readonly options: ScalekitClientOptions) {
    this.environmentUrl = options.environmentUrl;
    this.tokens = options.tokens;
    this.cache = new ResponseCache({ now: options.now });
  }

  /** The JSON of a GET, from the cache if it's there. `path` begins with `/api/v1`. @throws ScalekitError */
  getJson(path: string, query: Query = {}, options: ReadOptions = {}): Promise<unknown> {
    return this.read(path, query, (json) => json, options);
  }

  /**
   * The same, read by `reader`. A response that it can't read isn't cached: the cached one stays, and the next call
   * asks the server again.
   *
   * @throws ScalekitError, and what `reader` throws
   */
  read<T>(path: string, query: Query, reader: (json: unknown) => T, options: ReadOptions = {}): Promise<T> {
    return this.readCall({ method: 'GET', target: `${path}${queryString(query)}`, repeatable: true }, reader, options);
  }

  /**
   * The JSON of a POST that only reads and has a filter as its body. From the cache if it's there, like a GET.
   *
   * @throws ScalekitError
   */
  readJsonByPost(path: string, query: Query, filter: unknown, options: ReadOptions = {}): Promise<unknown> {
    const call = {
      method: 'POST',
      target: `${path}${queryString(query)}`,
      body: JSON.stringify(filter),
      repeatable: true,
    };
    return this.readCall(call, (json) => json, options);
  }

  /**
   * What `read` and `readJsonByPost` read, past the cache: for lists that are too long to keep. With a filter it's a
   * POST.
   *
   * @throws ScalekitError, and what `reader` throws
   */
  async readOnce<T>(
    path: string,
    query: Query,
    reader: (json: unknown) => T,
    { filter, signal = new AbortController().signal }: { readonly filter?: unknown; readonly signal?: AbortSignal },
  ): Promise<T> {
    const call = {
      method: filter === undefined ? 'GET' : 'POST',
      target: `${path}${queryString(query)}`,
      body: filter === undefined ? undefined : JSON.stringify(filter),
      repeatable: true,
    };
    return reader(readJson(await this.send(call, signal)));
  }

  /**
   * The JSON of a write's response, undefined if it has none. Never retried once it may have arrived, except after a
   * 401 or a 429. The cache is cleared whatever the result: the write may have succeeded, and any response may show what it
   * changed.
   *
   * @throws ScalekitError
   */
  async writeJson({ method, path, body, signal }: WriteRequest): Promise<unknown> {
    try {
      const call = {
        method,
        target: path,
        body: body === undefined ? undefined : JSON.stringify(body),
        repeatable: false,
      };
      const response = await this.send(call, signal ?? new AbortController().signal);
      // Scalekit responds in JSON, or with nothing. Anything else, for example a network's sign-in page, doesn't mean
      // that it succeeded.
      return response.text.trim() === '' ? undefined : readJson(response);
    } finally {
      this.cache.clear();
    }
  }

  /**
   * One GET past the cache. Returns the response as it arrived: no status is an error, and the only retry is the one
   * with a new token after a 401. `target` is the path from `/api/v1`, with the query.
   *
   * @throws ScalekitError if there is no response, or no token.
   */
  async getResponse(target: string, signal?: AbortSignal): Promise<ApiResponse> {
    const token = await this.options.tokens.get({ signal });
    const response = await this.sendOnce(token, target, signal);
    if (response.status !== 401) return response;
    this.options.tokens.invalidate(token);
    return this.sendOnce(await this.options.tokens.get({ signal }), target, signal);
  }

  private async readCall<T>(call: ApiCall, reader: (json: unknown) => T, options: ReadOptions): Promise<T> {
    const key = call.body === undefined ? call.target : `${call.target} ${call.body}`;
    let loaded: { readonly text: string; readonly value: T } | undefined;
    const load = async (signal: AbortSignal): Promise<string> => {
      const response = await this.send(call, signal);
      loaded = { text: response.text, value: reader(readJson(response)) };
      return response.text;
    };
    const text = await this.cache.read(key, load, options);
    // The cache may have returned a stale response, or joined another reader's request.
    return loaded !== undefined && loaded.text === text ? loaded.value : reader(parseJson(text));
  }

  private async sendOnce(token: AccessToken, target: string, signal?: AbortSignal): Promise<ApiResponse> {
    const startedAt = performance.now();
    const response = await this.options.exchange(this.authorized(token, { method: 'GET', target }, signal));
    const { status, contentType, traceId, text } = response;
    return { status, contentType, traceId, text, durationMs: performance.now() - startedAt };
  }

  /**
   * A 401 gets one new token and one retry. A second 401 means that Scalekit gives this client tokens that the API
   * doesn't accept (`disallow_scalekit_api_access`, or an organization's own client; docs/scalekit-api.md, 2.9). That
   * is `forbidden`, unless a web page sent it.
   */
  private async send(call: ApiCall, signal: AbortSignal): Promise<HttpResponse> {
    const token = await this.options.tokens.get({ signal });
    try {
      return await this.sendWith(token, call, signal);
    } catch (error) {
      if (!isUnauthorized(error)) throw error;
    }
    this.options.tokens.invalidate(token);
    const renewed = await this.options.tokens.get({ signal });
    try {
      return await this.sendWith(renewed, call, signal);
    } catch (error) {
      if (isUnauthorized(error) && error.kind === 'credentials') throw new ScalekitError('forbidden', error.details);
      throw error;
    }
  }

  private async sendWith(token: AccessToken, call: ApiCall, signal: AbortSignal): Promise<HttpResponse> {
    const attempt = async (): Promise<HttpResponse> => {
      const response = await this.options.exchange(this.authorized(token, call, signal));
      if (response.status < 200 || response.status > 299) throw errorFromResponse(response, 'api', this.options.now());
      return response;
    };
    try {
      return await withRetry(attempt, {
        repeatable: call.repeatable,
        signal,
        retries: this.options.retries,
      });
    } catch (error) {
      if (signal.aborted) throw cancelledError('api');
      throw error;
    }
  }

  private authorized(
    token: AccessToken,
    { method, target, body }: Pick<ApiCall, 'method' | 'target' | 'body'>,
    signal?: AbortSignal,
  ): HttpRequest {
    const headers = {
      Authorization: `Bearer ${token.value}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    };
    return { server: 'api', method, url: `${this.environmentUrl}${target}`, headers, body, signal };
  }
}

/** One segment of a path. @throws ScalekitError `invalid` for a text that a URL would resolve away. */
export function pathSegment(id: string): string {
  if (!isPathSegment(id)) throw new ScalekitError('invalid', { server: 'api', reason: 'id', maybeReceived: false });
  return urlEncoded(id);
}

/** Whether a text can be a segment of a path. */
export function isPathSegment(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..';
}

/**
 * Encodes everything except the unreserved characters of RFC 3986, so that no shell interprets anything either. Halves
 * of surrogate pairs, which no URL can contain, become U+FFFD.
 */
export function urlEncoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** @throws ScalekitError `protocol` if the response isn't JSON. */
function readJson(response: HttpResponse): unknown {
  const { text, status, traceId } = response;
  const json = parseJson(text);
  if (json !== undefined) return json;
  throw new ScalekitError('protocol', {
    server: 'api',
    status,
    reason: whyNotJson(response),
    maybeReceived: true,
    traceId,
  });
}

function isUnauthorized(error: unknown): error is ScalekitError {
  return error instanceof ScalekitError && error.details.status === 401 && error.details.server === 'api';
}

function queryString(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue;
    if (typeof value === 'object') for (const each of value) parameters.append(name, each);
    else parameters.append(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
