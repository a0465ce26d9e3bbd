/**
 * Something that goes wrong on request. The filters select the requests. The rest says what happens: first the delay,
 * then the first of `drop`, `respond`, `html`, `wrongJson` and `status`. `halfBody` cuts whatever response that makes.
 * With none of these, only the delay happens, and then the request is served as usual.
 */
export interface Fault {
  /** Only requests to this path. `*` matches any characters. A gRPC method also matches by its REST path. Ignores the query. */
  readonly path?: string;
  /** Only requests with this HTTP method. */
  readonly method?: string;
  /** Let this many matching requests pass first. */
  readonly after?: number;
  /** Only the next N matching requests. Default: all of them. */
  readonly times?: number;
  /** Wait before anything else. */
  readonly delayMs?: number;
  /** Respond with an error of this HTTP status, in Scalekit's form (under /oauth/, in OAuth's). */
  readonly status?: number;
  /** `error_code` (or OAuth `error`) of that error, instead of the usual one. */
  readonly errorCode?: string;
  /** `message` of that error. */
  readonly message?: string;
  /** `Retry-After` of that error, verbatim: seconds or an HTTP date. */
  readonly retryAfter?: string | number;
  /** Close the connection instead of responding. */
  readonly drop?: boolean;
  /** Send the head and half of the body, then close the connection. */
  readonly halfBody?: boolean;
  /** Respond with a proxy's error page: `status` or 502, text/html. */
  readonly html?: boolean;
  /** Respond with 200 and cut-off JSON whose headers give the length that is sent. */
  readonly wrongJson?: boolean;
  /** Respond with exactly this. A `body` that isn't a string is sent as JSON. */
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

/** The active faults. The first one that matches a request happens. */
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

  /** The active faults, and how often each one has happened. */
  list(): { fault: Fault; used: number }[] {
    return this.#active.map(({ fault, used }) => ({ fault, used }));
  }

  /** The faults as they'd have to be added now, to go on as these do. */
  remaining(): Fault[] {
    return this.#active.flatMap(({ fault: { after, times, ...fault }, passed, used }) =>
      times !== undefined && used >= times
        ? []
        : [
            {
              ...fault,
              ...(after === undefined || after <= passed ? {} : { after: after - passed }),
              ...(times === undefined ? {} : { times: times - used }),
            },
          ],
    );
  }

  /** The fault for a request, which then counts as used once. `paths` are the request's possible paths. */
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
