import { jsonResponse, type SandboxResponse } from '../protocol/response';

/** An error in OAuth's form. */
export function oauthError(
  status: number,
  error: string,
  description?: string,
  headers: Readonly<Record<string, string>> = {},
): SandboxResponse {
  return jsonResponse(
    status,
    { error, ...(description === undefined ? {} : { error_description: description }) },
    headers,
  );
}

/** The response of a known address to another HTTP method. */
export function wrongMethod(): SandboxResponse {
  return oauthError(405, 'invalid_request', 'method not allowed');
}
