/**
 * Something that goes wrong on order. The filters say for which requests, the rest says what happens: first the delay,
 * then the first of `drop`, `respond`, `html`, `wrongJson`, `status`; `halfBody` cuts whatever answer there is.
 * With none of these, only the delay happens and the request is then served as usual.
 */
export interface Fault {
  /** Requests to this path only; `*` stands for any characters. For gRPC, the method's REST path is meant too. Query not compared. */
  readonly path?: string;
  /** Requests of this HTTP method only. */
  readonly method?: string;
  /** Let this many matching requests pass first. */
  readonly after?: number;
  /** Only the next N matching requests; always when absent. */
  readonly times?: number;
  /** Wait before anything else. */
  readonly delayMs?: number;
  /** Answer with an error of this HTTP status, in Scalekit's form (under /oauth/, in OAuth's). */
  readonly status?: number;
  /** `error_code` (or OAuth `error`) of that error, instead of the usual one. */
  readonly errorCode?: string;
  /** `message` of that error. */
  readonly message?: string;
  /** `Retry-After` of that error as it is: seconds or an HTTP date. */
  readonly retryAfter?: string | number;
  /** Close the connection instead of answering. */
  readonly drop?: boolean;
  /** Send the head and half of the body, then close the connection. */
  readonly halfBody?: boolean;
  /** Answer with the error page of a proxy: `status` or 502, text/html. */
  readonly html?: boolean;
  /** Answer 200 with a body that is cut-off JSON, of full length as to its headers. */
  readonly wrongJson?: boolean;
  /** Answer exactly this. `body` that is not a string is sent as JSON. */
  readonly respond?: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
}

interface ActiveFault {
  readonly fault: Fault;
  readonly path: RegExp | undefined;
  passed: number;
  used: number;
}

/** The faults on order. The first that fits a request is the one that happens. */
export class Faults {
  #active: ActiveFault[] = [];

  add(fault: Fault): void {
    const path =
      fault.path === undefined ? undefined : new RegExp(`^${fault.path.split('*').map(escapePattern).join('.*')}$`);
    this.#active.push({ fault, path, passed: 0, used: 0 });
  }

  clear(): void {
    this.#active = [];
  }

  /** What is on order, with how often each has happened. */
  list(): { fault: Fault; used: number }[] {
    return this.#active.map(({ fault, used }) => ({ fault, used }));
  }

  /** The fault for a request, counted as used. `paths` are the names it goes by. */
  take(httpMethod: string, paths: readonly string[]): Fault | undefined {
    for (const active of this.#active) {
      const { fault, path } = active;
      if (fault.method !== undefined && fault.method.toUpperCase() !== httpMethod) continue;
      if (path !== undefined && !paths.some((candidate) => path.test(candidate))) continue;
      if (active.used >= (fault.times ?? Infinity)) continue;
      if (active.passed < (fault.after ?? 0)) {
        active.passed++;
        continue;
      }
      active.used++;
      return fault;
    }
    return undefined;
  }
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
