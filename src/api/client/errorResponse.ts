import { beginningOf } from '../beginningOf';
import { isRecord, readArray, readString } from '../json';
import { parseRetryAfter } from './retry';
import { ScalekitError, type FieldViolation, type ScalekitErrorKind, type ScalekitServer } from './scalekitError';
import type { HttpResponse } from './http';

const LONGEST_SERVER_MESSAGE = 300;
const LONGEST_ERROR_CODE = 64;

/**
 * Turns an unsuccessful response into the error to throw. Reads three formats: grpc-gateway's envelope and a bare
 * ErrorInfo from the API (docs/scalekit-api.md, 3.1), and OAuth's from the token endpoint (docs/scalekit-api.md, 1.2).
 * Anything else is judged by its status, except a web page that refuses.
 */
export function errorFromResponse(response: HttpResponse, server: ScalekitServer, now: number): ScalekitError {
  const body = parseJson(response.text);
  const record = isRecord(body) ? body : {};
  const info =
    readArray(record['details'])
      .filter(isRecord)
      .find((detail) => detail['error_code'] !== undefined) ?? record;
  const errorCode = readString(info['error_code']) ?? readString(record['error']);
  const serverMessage = beginningOf(
    readString(record['message']) ?? readString(record['error_description']) ?? '',
    LONGEST_SERVER_MESSAGE,
  );
  // Scalekit never sends these two: a proxy or network in between wants the user to sign in first (RFC 9110, 15.5.8;
  // RFC 6585, 6).
  const signIn = response.status === 407 ? 'proxySignIn' : response.status === 511 ? 'networkSignIn' : undefined;
  if (signIn !== undefined)
    return new ScalekitError('network', { server, status: response.status, maybeReceived: false, reason: signIn });
  return new ScalekitError(
    isRecord(body) ? kindOf(response.status, server, errorCode) : kindWithoutJson(response, server),
    {
      server,
      status: response.status,
      maybeReceived: true,
      errorCode: errorCode?.slice(0, LONGEST_ERROR_CODE),
      serverMessage: serverMessage === '' ? undefined : serverMessage,
      traceId: response.traceId,
      retryAfterMs: parseRetryAfter(response.retryAfter, now),
      requiredPermissions: readPermissions(info),
      fieldViolations: readViolations(info),
      reason: isRecord(body) ? undefined : whyNotJson(response),
    },
  );
}

/** Why a response isn't the expected JSON. */
export function whyNotJson({
  text,
  contentType,
}: Pick<HttpResponse, 'text' | 'contentType'>): 'webPage' | 'empty' | 'cutOff' | 'notJson' {
  if (text.trim() === '') return 'empty';
  if (isWebPage(contentType) || /^\s*<(?:!doctype\s+html|html)\b/i.test(text)) return 'webPage';
  return /^\s*[[{]/.test(text) && parseJson(text) === undefined ? 'cutOff' : 'notJson';
}

function isWebPage(contentType: string): boolean {
  return /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType);
}

/** Parsed JSON, or undefined if the text isn't JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Scalekit's authorization server refuses in JSON. A 4xx in any other format comes from a web site or proxy and says
 * nothing about the credentials. A page that refuses in the API's place doesn't either.
 */
function kindWithoutJson({ status, contentType }: HttpResponse, server: ScalekitServer): ScalekitErrorKind {
  const kind = kindOf(status, server, undefined);
  if (server === 'api' && (status === 401 || status === 403) && isWebPage(contentType)) return 'protocol';
  return server === 'authorization' && status >= 400 && status < 500 && kind !== 'rateLimit' && kind !== 'notFound'
    ? 'protocol'
    : kind;
}

function kindOf(status: number, server: ScalekitServer, errorCode: string | undefined): ScalekitErrorKind {
  if (server === 'authorization' && (errorCode === 'invalid_client' || errorCode === 'unauthorized_client'))
    return 'credentials';
  switch (status) {
    case 401:
      return 'credentials';
    case 403:
      return 'forbidden';
    case 404:
      return 'notFound';
    case 408:
      return 'timeout';
    case 409:
      return 'conflict';
    case 429:
      return 'rateLimit';
    default:
      if (status >= 500) return 'server';
      return status >= 400 ? 'invalid' : 'protocol';
  }
}

function readPermissions(info: Record<string, unknown>): string[] {
  const resource = info['resource_info'];
  if (!isRecord(resource)) return [];
  return readArray(resource['required_permissions']).filter((name): name is string => typeof name === 'string');
}

function readViolations(info: Record<string, unknown>): FieldViolation[] {
  const validation = info['validation_error_info'];
  if (!isRecord(validation)) return [];
  return readArray(validation['field_violations'])
    .filter(isRecord)
    .map((violation) => ({
      field: readString(violation['field']) ?? '',
      description: readString(violation['description']) ?? '',
    }))
    .filter((violation) => violation.field !== '' || violation.description !== '');
}
