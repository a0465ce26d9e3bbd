import { isLoopbackName } from '../pages/loopback';
import { headerOf, type HttpRequest, type SandboxResponse } from './response';

/** Addresses that an app may call from a browser's page. */
const OPEN =
  /^\/(?:\.well-known\/.*|resources\/[^/]+\/\.well-known\/.*|api\/v1\/resources\/[^/]+\/clients:register|keys|oauth\/token|userinfo)$/;

/**
 * The headers that let a page read a response: for the open addresses alone, and only for a page of this machine or of
 * an application's registered address.
 */
export function corsHeaders(
  request: HttpRequest,
  isRegistered: (origin: string) => boolean,
): Readonly<Record<string, string>> {
  const origin = headerOf(request, 'origin');
  if (origin === undefined || !OPEN.test(request.path) || !URL.canParse(origin)) return {};
  if (!isLoopbackName(new URL(origin).hostname) && !isRegistered(origin)) return {};
  return { 'access-control-allow-origin': origin };
}

/** The response to the question whether a page may send a request. Undefined if this isn't one. */
export function preflight(
  request: HttpRequest,
  isRegistered: (origin: string) => boolean,
): SandboxResponse | undefined {
  if (request.method !== 'OPTIONS' || headerOf(request, 'access-control-request-method') === undefined)
    return undefined;
  const allowed = corsHeaders(request, isRegistered);
  if (Object.keys(allowed).length === 0) return undefined;
  return {
    status: 204,
    headers: {
      ...allowed,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
    },
    body: '',
  };
}
