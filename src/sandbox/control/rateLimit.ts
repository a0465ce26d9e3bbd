const MINUTE_MS = 60_000;

/** Limits the API requests in any 60 seconds. Off unless set. */
export class RateLimit {
  #perMinute: number | undefined;
  #times: number[] = [];

  constructor(private readonly now: () => number) {}

  set(perMinute: number | undefined): void {
    this.#perMinute = perMinute;
    this.#times = [];
  }

  get perMinute(): number | undefined {
    return this.#perMinute;
  }

  /** Counts a request. False if it exceeds the limit. */
  take(): boolean {
    if (this.#perMinute === undefined) return true;
    const now = this.now();
    this.#times = this.#times.filter((time) => time > now - MINUTE_MS);
    if (this.#times.length >= this.#perMinute) return false;
    this.#times.push(now);
    return true;
  }
}
