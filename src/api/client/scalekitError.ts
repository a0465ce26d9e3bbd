/** The kind of failure. It decides which message and button the user sees. */
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

/** Which of the two servers at one origin failed: the authorization server (`/oauth/token`) or the API (`/api/v1`). */
export type ScalekitServer = 'authorization' | 'api';

export interface ScalekitErrorDetails {
  readonly server: ScalekitServer;
  /** HTTP status, if there was a response. */
  readonly status?: number;
  /** Scalekit's `error_code`, or OAuth's `error` (docs/scalekit-api.md, 1.2, 3.1). */
  readonly errorCode?: string;
  /** Scalekit's own message, clipped. It's data from the server: escape it where you show it. */
  readonly serverMessage?: string;
  /** Scalekit's `x-trace-id`, for their support. */
  readonly traceId?: string;
  /** Permissions that a 403 lists as missing (`resource_info.required_permissions`). */
  readonly requiredPermissions?: readonly string[];
  /** Fields that a 400 lists as wrong (`validation_error_info.field_violations`). */
  readonly fieldViolations?: readonly FieldViolation[];
  /**
   * Node's code for a failed connection, for example `ENOTFOUND` or `CERT_HAS_EXPIRED`, or what kind of protocol
   * failure it was.
   */
  readonly reason?: string;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** False only if it's certain that no byte of the request reached the server. */
  readonly maybeReceived: boolean;
}

export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

/** The only error of the API layer. It holds no request, header or body, so it can be logged. */
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

/** Whether the user cancelled, so that there's nothing to report. */
export function isCancelled(error: unknown): boolean {
  return error instanceof ScalekitError && error.kind === 'cancelled';
}

/**
 * Whether a failed change may have been made anyway: the request may have arrived, and no response from Scalekit says
 * what happened. A server that doesn't implement a call (501) didn't make the change.
 */
export function isOutcomeUnknown({ kind, details }: ScalekitError): boolean {
  // Whoever refused, even a proxy, didn't make the change.
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

/** The error of a call that its caller cancelled. */
export function cancelledError(server: ScalekitServer): ScalekitError {
  return new ScalekitError('cancelled', { server, maybeReceived: true });
}
