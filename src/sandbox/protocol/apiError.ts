import { create, toJson, type JsonObject, type JsonValue, type MessageInitShape } from '@bufbuild/protobuf';
import { ErrorInfoSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb';

/** Status codes of gRPC, with the HTTP status that grpc-gateway maps each one to. */
export const grpcStatuses = {
  CANCELED: { code: 1, http: 499 },
  UNKNOWN: { code: 2, http: 500 },
  INVALID_ARGUMENT: { code: 3, http: 400 },
  DEADLINE_EXCEEDED: { code: 4, http: 504 },
  NOT_FOUND: { code: 5, http: 404 },
  ALREADY_EXISTS: { code: 6, http: 409 },
  PERMISSION_DENIED: { code: 7, http: 403 },
  RESOURCE_EXHAUSTED: { code: 8, http: 429 },
  FAILED_PRECONDITION: { code: 9, http: 400 },
  ABORTED: { code: 10, http: 409 },
  OUT_OF_RANGE: { code: 11, http: 400 },
  UNIMPLEMENTED: { code: 12, http: 501 },
  INTERNAL: { code: 13, http: 500 },
  UNAVAILABLE: { code: 14, http: 503 },
  DATA_LOSS: { code: 15, http: 500 },
  UNAUTHENTICATED: { code: 16, http: 401 },
} as const;

export type GrpcStatus = keyof typeof grpcStatuses;
export type ErrorInfo = MessageInitShape<typeof ErrorInfoSchema>;

/** An error response of either protocol. `info` becomes its one detail. Null for the gateway's own errors. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly info: ErrorInfo | null;

  /** @param info the rest of Scalekit's ErrorInfo. Its `errorCode` defaults to the name of the status. */
  constructor(
    readonly status: GrpcStatus,
    message: string,
    info: ErrorInfo | null = {},
    /** HTTP status, if it differs from that of `status`. */
    readonly httpStatus: number = grpcStatuses[status].http,
  ) {
    super(message);
    this.info = info === null ? null : { errorCode: status, ...info };
  }

  static notFound(what: string, id: string): ApiError {
    return new ApiError('NOT_FOUND', `${what} not found`, {
      resourceInfo: { resourceName: id, description: `${what} ${id}` },
    });
  }

  static invalid(message: string, field?: string, constraint = 'value'): ApiError {
    return new ApiError(
      'INVALID_ARGUMENT',
      message,
      field === undefined
        ? {}
        : { validationErrorInfo: { fieldViolations: [{ field, description: message, constraint }] } },
    );
  }
}

/** A bug in the sandbox itself, with details that help to find it. */
export function internalError(error: unknown): ApiError {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ApiError('INTERNAL', 'The sandbox failed', { debugInfo: { stackEntries: [], detail } });
}

/** The gRPC status for an HTTP status, for faults that are given by their HTTP status. */
export function grpcStatusOf(httpStatus: number): GrpcStatus {
  const preferred: Readonly<Record<number, GrpcStatus>> = {
    400: 'INVALID_ARGUMENT',
    409: 'ALREADY_EXISTS',
    500: 'INTERNAL',
  };
  const exact = preferred[httpStatus];
  if (exact !== undefined) return exact;
  for (const [status, { http }] of Object.entries(grpcStatuses)) if (http === httpStatus) return status as GrpcStatus;
  if (httpStatus === 502) return 'UNAVAILABLE';
  return httpStatus < 500 ? 'INVALID_ARGUMENT' : 'UNKNOWN';
}

/** The REST body of an error, as grpc-gateway writes a google.rpc.Status. */
export function errorBody(error: ApiError): JsonObject {
  const details: JsonValue[] = [];
  if (error.info !== null) {
    const info = toJson(ErrorInfoSchema, create(ErrorInfoSchema, error.info), {
      useProtoFieldName: true,
      alwaysEmitImplicit: true,
    });
    details.push({ '@type': `type.googleapis.com/${ErrorInfoSchema.typeName}`, ...(info as JsonObject) });
  }
  return { code: grpcStatuses[error.status].code, message: error.message, details };
}
