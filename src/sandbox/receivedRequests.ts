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
  /** How long the response took. */
  readonly milliseconds?: number;
  /** Why it was refused, if the response says so in a form that is known. Contains no secret. */
  readonly problem?: string;
}

const KEPT = 10_000;

/** The latest requests, for tests and for the log. */
export class ReceivedRequests {
  readonly all: ReceivedRequest[] = [];
  #total = 0;

  constructor(private readonly notify: (request: ReceivedRequest) => void) {}

  add(request: ReceivedRequest): void {
    if (this.all.length >= KEPT) this.all.splice(0, KEPT / 10);
    this.all.push(request);
    this.#total++;
    this.notify(request);
  }

  /** How many were received since the start, even if they aren't kept. */
  get total(): number {
    return this.#total;
  }

  /** What came after the first `after` requests, newest first, at most `most`. */
  newest(after: number, most: number): readonly ReceivedRequest[] {
    const count = Math.max(Math.min(this.#total - after, most, this.all.length), 0);
    return count === 0 ? [] : this.all.slice(-count).reverse();
  }

  clear(): void {
    this.all.length = 0;
  }
}
