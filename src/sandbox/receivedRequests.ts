/** A request that the sandbox received, without headers and body, because those contain secrets. */
export interface ReceivedRequest {
  /** Milliseconds since the epoch, on arrival. */
  readonly time: number;
  readonly protocol: 'rest' | 'grpc' | 'oauth';
  readonly method: string;
  /** With the query, if there is one. For gRPC, the method's path. */
  readonly path: string;
  /** HTTP status. For gRPC, the one that its status maps to. 0 if the connection was closed without a response. */
  readonly status: number;
  readonly traceId: string;
  /** Whether the Workbench sent it, by its User-Agent, and no app of the person's own. */
  readonly fromWorkbench: boolean;
}

const KEPT = 10_000;

/** The latest requests, for tests and for the log. */
export class ReceivedRequests {
  readonly all: ReceivedRequest[] = [];

  constructor(private readonly notify: (request: ReceivedRequest) => void) {}

  add(request: ReceivedRequest): void {
    if (this.all.length >= KEPT) this.all.splice(0, KEPT / 10);
    this.all.push(request);
    this.notify(request);
  }

  clear(): void {
    this.all.length = 0;
  }
}
