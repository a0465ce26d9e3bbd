import { cancelledError, type ScalekitServer } from './scalekitError';

interface SharedRequest<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Requests that several callers share: a caller that asks for a pending key joins its request. If one caller gives up,
 * the others still get the response. If all have given up, the request is aborted.
 */
export class SharedRequests<T> {
  private readonly underWay = new Map<string, SharedRequest<T>>();

  constructor(private readonly server: ScalekitServer) {}

  /**
   * Joins the request of this key, or starts it.
   *
   * @throws ScalekitError `cancelled` if `signal` aborts, or what `start` throws.
   */
  join(key: string, start: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) return Promise.reject(cancelledError(this.server));
    let shared = this.underWay.get(key);
    if (shared === undefined) {
      const controller = new AbortController();
      const created: SharedRequest<T> = { promise: start(controller.signal), controller, waiting: 0 };
      const settled = (): void => {
        if (this.underWay.get(key) === created) this.underWay.delete(key);
      };
      created.promise.then(settled, settled);
      this.underWay.set(key, created);
      shared = created;
    }
    return this.wait(key, shared, signal);
  }

  /**
   * Current callers keep their request. The next one starts a new request, since the pending response may predate a
   * write.
   */
  detach(): void {
    this.underWay.clear();
  }

  private wait(key: string, shared: SharedRequest<T>, signal?: AbortSignal): Promise<T> {
    shared.waiting++;
    if (signal === undefined) return shared.promise;
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        shared.waiting--;
        if (shared.waiting === 0) {
          if (this.underWay.get(key) === shared) this.underWay.delete(key);
          shared.controller.abort();
        }
        reject(cancelledError(this.server));
      };
      signal.addEventListener('abort', leave, { once: true });
      const settle = (finish: () => void): void => {
        signal.removeEventListener('abort', leave);
        finish();
      };
      shared.promise.then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(error)),
      );
    });
  }
}
