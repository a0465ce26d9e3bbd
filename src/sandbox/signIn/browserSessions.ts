import { randomBytes } from 'node:crypto';
import { cookiesOf, setCookie } from '../pages/cookies';
import { loopbackOrigin } from '../pages/loopback';
import type { HttpRequest } from '../protocol/response';
import { BoundedMap } from '../store/boundedMap';
import type { Person } from './person';

const MOST_BROWSERS = 10_000;
const ASSERTED_MS = 300_000;

interface Browser {
  /** The session of the user who is signed in here. */
  sessionId: string | undefined;
  /** The connection that the user signed in with, and when, in seconds since the epoch. */
  connectionId: string;
  authTime: number;
  /** Somebody whom an identity provider signed in before the app asked. */
  asserted: { readonly connectionId: string; readonly person: Person; readonly until: number } | undefined;
}

/** Who is signed in to the environment in which browser. The browser knows only a random cookie, named with the port. */
export class BrowserSessions {
  readonly #browsers = new BoundedMap<string, Browser>(MOST_BROWSERS);

  constructor(private readonly now: () => number) {}

  get size(): number {
    return this.#browsers.size;
  }

  /** The session of the browser that sent a request. It may have ended since. */
  of(request: HttpRequest): Readonly<Browser> | undefined {
    return this.#browsers.get(cookiesOf(request).get(cookieName(request)) ?? '');
  }

  /** Notes who signed in. Returns the `set-cookie` header: always a new value, so that a planted cookie is worth nothing. */
  signIn(
    request: HttpRequest,
    { sessionId, connectionId, authTime }: { sessionId: string; connectionId: string; authTime: number },
  ): string {
    this.#forget(request);
    return this.#remember(request, { sessionId, connectionId, authTime, asserted: undefined });
  }

  /** Ends the browser's session. */
  signOut(request: HttpRequest): void {
    this.#forget(request);
  }

  /** Notes whom an identity provider signed in, for the request that the app sends next. Returns the `set-cookie` header. */
  assert(request: HttpRequest, connectionId: string, person: Person): string {
    const known = this.of(request) ?? { sessionId: undefined, connectionId: '', authTime: 0 };
    this.#forget(request);
    const asserted = { connectionId, person, until: this.now() + ASSERTED_MS };
    return this.#remember(request, { ...known, asserted });
  }

  /** Whom an identity provider signed in with this connection. Only once. */
  takeAsserted(request: HttpRequest, connectionId: string): Person | undefined {
    const browser = this.#browsers.get(cookiesOf(request).get(cookieName(request)) ?? '');
    const asserted = browser?.asserted;
    if (browser === undefined || asserted === undefined || asserted.connectionId !== connectionId) return undefined;
    browser.asserted = undefined;
    return asserted.until > this.now() ? asserted.person : undefined;
  }

  #remember(request: HttpRequest, browser: Browser): string {
    const value = randomBytes(24).toString('base64url');
    this.#browsers.set(value, browser);
    return setCookie(cookieName(request), value);
  }

  #forget(request: HttpRequest): void {
    this.#browsers.delete(cookiesOf(request).get(cookieName(request)) ?? '');
  }
}

/** Cookies don't tell ports apart, so their names must: several sandboxes may run on this machine. */
export function cookieName(request: HttpRequest): string {
  return `scalekit_sandbox_${new URL(loopbackOrigin(request) ?? 'http://localhost').port || '80'}`;
}
