/** An HTTP/1.1 request, with its whole body. */
export interface HttpRequest {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Whether it came from this machine. */
  readonly isLocal: boolean;
}

/** The response. `content-type` is JSON unless the headers say otherwise. */
export interface SandboxResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Something other than the API that serves its own paths: OAuth, the portal pages, the control endpoint. */
export interface HttpSite {
  /** Undefined for a path that isn't its own. */
  respond(request: HttpRequest): Promise<SandboxResponse | undefined> | SandboxResponse | undefined;
}

export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): SandboxResponse {
  return { status, headers: { 'cache-control': 'no-store', ...headers }, body: JSON.stringify(body) };
}

/** The value of a header that may have been sent more than once. */
export function headerOf(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
