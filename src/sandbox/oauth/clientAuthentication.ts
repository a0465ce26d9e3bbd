import { timingSafeEqual } from 'node:crypto';
import { headerOf, type HttpRequest } from '../protocol/response';
import type { ApiClient, ApiClients } from './apiClients';

/** The form of a POST. Empty if the body isn't one. */
export function formOf(request: HttpRequest): URLSearchParams {
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headerOf(request, 'content-type') ?? '');
  return new URLSearchParams(isForm ? request.body : '');
}

/** Whether a client has no secret, and proves itself by PKCE alone. */
export function isPublic({ application }: ApiClient): boolean {
  return application !== undefined && application.type !== 'WEB';
}

/**
 * The client of a request, by HTTP Basic or by the fields of its form. Undefined for an unknown one or a wrong secret.
 * @param allowPublic whether a client without a secret may only name itself
 */
export function authenticatedClient(
  clients: ApiClients,
  request: HttpRequest,
  form: URLSearchParams,
  allowPublic: boolean,
): ApiClient | undefined {
  const [clientId, secret] = basicCredentials(headerOf(request, 'authorization')) ?? [
    form.get('client_id') ?? '',
    form.get('client_secret') ?? '',
  ];
  const client = clients.find(clientId);
  if (client === undefined) return undefined;
  if (isPublic(client)) return allowPublic ? client : undefined;
  return hasSecret(client, secret) ? client : undefined;
}

function basicCredentials(authorization: string | undefined): [string, string] | undefined {
  const encoded = /^Basic +(\S+)\s*$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  try {
    return [decoded(text.slice(0, colon)), decoded(text.slice(colon + 1))];
  } catch {
    return undefined;
  }
}

/** Both parts are encoded as in a form, where a space is a plus (RFC 6749, 2.3.1). */
function decoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function hasSecret(client: ApiClient, secret: string): boolean {
  const given = Buffer.from(secret);
  return client.secrets.some(({ value, active }) => {
    const known = Buffer.from(value);
    return active && known.length === given.length && timingSafeEqual(known, given);
  });
}
