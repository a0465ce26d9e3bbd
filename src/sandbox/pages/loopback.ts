import { headerOf, type HttpRequest, type SandboxResponse } from '../protocol/response';

const LOOPBACK = /^(?:localhost|(?:[a-z0-9-]+\.)+localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/** Whether a host name, without its port, always means this machine. */
export function isLoopbackName(name: string): boolean {
  return LOOPBACK.test(name);
}

/**
 * The origin that a request was sent to, by its Host, such as `http://localhost:8787`. Undefined if the Host isn't this
 * machine: then a page of another name may have been made to lead here (DNS rebinding).
 */
export function loopbackOrigin(request: HttpRequest): string | undefined {
  const host = headerOf(request, 'host')?.toLowerCase() ?? '';
  const [, name = ''] = /^(.*?)(?::\d{1,5})?$/.exec(host) ?? [];
  // A number in it may be too large for an address or a port.
  return isLoopbackName(name) && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).origin : undefined;
}

/** The refusal of a request whose Host isn't this machine, or undefined for a good one. */
export function refuseForeignHost(request: HttpRequest): SandboxResponse | undefined {
  if (loopbackOrigin(request) !== undefined) return undefined;
  return plainText(403, 'The sandbox answers only as localhost, 127.0.0.1, [::1] or a name below localhost.');
}

/** A response of plain text, as Go's `http.Error` writes it. */
export function plainText(status: number, text: string): SandboxResponse {
  return {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
    body: `${text}\n`,
  };
}
