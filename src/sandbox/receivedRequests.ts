/** A request as the sandbox saw it. No header and no body: those hold secrets. */
export interface ReceivedRequest {
  /** Milliseconds since the epoch, on arrival. */
  readonly time: number;
  readonly protocol: 'rest' | 'grpc' | 'oauth';
  readonly method: string;
  /** With the query, where there is one. The path of a gRPC method for gRPC. */
  readonly path: string;
  /** HTTP status, for gRPC the one that stands for its status. 0 when the connection was closed without an answer. */
  readonly status: number;
  readonly traceId: string;
  /** Whether the Workbench sent it, by its User-Agent, and no app of the person's own. */
  readonly fromWorkbench: boolean;
}

const KEPT = 10_000;

/** The last requests, for tests and for the log. */
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
