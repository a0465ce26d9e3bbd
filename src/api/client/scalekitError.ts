/** What kind of failure a call met; decides the sentence and the button that a person sees. */
export type ScalekitErrorKind =
  | 'credentials'
  | 'forbidden'
  | 'notFound'
  | 'invalid'
  | 'conflict'
  | 'rateLimit'
  | 'network'
  | 'tls'
  | 'timeout'
  | 'server'
  | 'protocol'
  | 'cancelled';

/** Which of the two servers behind one origin failed: the authorization server (`/oauth/token`) or the API (`/api/v1`). */
export type ScalekitServer = 'authorization' | 'api';

export interface ScalekitErrorDetails {
  readonly server: ScalekitServer;
  /** HTTP status, when a response came. */
  readonly status?: number;
  /** Scalekit's `error_code`, or OAuth's `error` (docs/scalekit-api.md, 1.2, 3.1). */
  readonly errorCode?: string;
  /** Scalekit's own words, clipped. Text from the server: data, to be escaped where it is shown. */
  readonly serverMessage?: string;
  /** Scalekit's `x-trace-id`, for their support. */
  readonly traceId?: string;
  /** Permissions that a 403 names as missing (`resource_info.required_permissions`). */
  readonly requiredPermissions?: readonly string[];
  /** Fields that a 400 names as wrong (`validation_error_info.field_violations`). */
  readonly fieldViolations?: readonly FieldViolation[];
  /** Node's code of a failed connection, such as `ENOTFOUND` or `CERT_HAS_EXPIRED`; or what a protocol failure was. */
  readonly reason?: string;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** False only when it is certain that no byte of the request reached the server. */
  readonly maybeReceived: boolean;
}

export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

/** The one error of the API layer. Neither request, header nor body hangs on it, so it can be logged. */
export class ScalekitError extends Error {
  constructor(
    readonly kind: ScalekitErrorKind,
    readonly details: ScalekitErrorDetails,
  ) {
    super(
      [kind, details.server, details.status, details.errorCode ?? details.reason]
        .filter((part) => part !== undefined)
        .join(' '),
    );
    this.name = 'ScalekitError';
  }
}

/** Whether an error is the person's own cancelling, about which nothing need be said. */
export function isCancelled(error: unknown): boolean {
  return error instanceof ScalekitError && error.kind === 'cancelled';
}

/**
 * Whether a failed change may have been made all the same: it may have arrived, and no response of Scalekit's says what came of it. A server
 * that does not implement a call (501) has not made it.
 */
export function isOutcomeUnknown({ kind, details }: ScalekitError): boolean {
  // Whoever refuses, if it is a proxy, has not done it.
  if (
    details.status === 401 ||
    details.status === 403 ||
    details.status === 501 ||
    details.status === 407 ||
    details.status === 511
  )
    return false;
  return (
    details.server === 'api' &&
    details.maybeReceived &&
    (kind === 'network' || kind === 'timeout' || kind === 'server' || kind === 'protocol')
  );
}

/** The error of a call that its caller gave up. */
export function cancelledError(server: ScalekitServer): ScalekitError {
  return new ScalekitError('cancelled', { server, maybeReceived: true });
}
