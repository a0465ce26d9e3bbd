// Not from 'jose' itself, which would add its signature checks to what activation reads.
import { decodeJwt } from 'jose/jwt/decode';
import { isRecord, readText } from '../json';
import { parseJson, whyNotJson } from './errorResponse';
import { ScalekitError } from './scalekitError';
import type { HttpResponse } from './http';

/**
 * A bearer token and its lifetime, counted from its arrival: the local clock may be wrong, but it runs at the right
 * speed.
 */
export interface AccessToken {
  readonly value: string;
  /** Milliseconds since the epoch, by the local clock. */
  readonly receivedAt: number;
  /** Milliseconds. */
  readonly lifetimeMs: number;
  /** Whether the token itself states when it expires. Otherwise the end is a guess: `expires_in`, or 24 hours. */
  readonly statesItsEnd?: true;
  /**
   * How far the authorization server's clock was ahead of this computer's, in milliseconds. Undefined if the server
   * sent no time.
   */
  readonly serverClockAheadMs?: number;
  /** The scope that the authorization server says it granted, if it says so. */
  readonly scope?: string;
}

/** No environment token lives longer (docs/scalekit-api.md, 1.1). */
export const LONGEST_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** When a token expires, in milliseconds since the epoch by the local clock. */
export function expiresAt(token: AccessToken): number {
  return token.receivedAt + token.lifetimeMs;
}

/** How much life a token must have left, in milliseconds: for a call, and for handing it to the user or a program. */
export const MIN_LIFE_FOR_CALL_MS = 60_000;
export const MIN_LIFE_FOR_COPY_MS = 10 * 60_000;

/** Whether a token has less life left than `minimumLifeMs`, or than a tenth of its lifetime if that is less. */
export function isDueForRenewal(token: AccessToken, now: number, minimumLifeMs = MIN_LIFE_FOR_CALL_MS): boolean {
  return timeLeft(token, now) < Math.min(minimumLifeMs, token.lifetimeMs / 10);
}

/** If the clock was set back, a token doesn't get more life than it had on arrival. */
function timeLeft(token: AccessToken, now: number): number {
  return Math.min(token.lifetimeMs, expiresAt(token) - now);
}

/**
 * Reads a token endpoint's 200. Tolerant if the token itself is good: a missing, negative, absurd or textual
 * `expires_in`, a null `scope` and a missing `token_type` all occur (docs/scalekit-api.md, 1.1).
 *
 * @throws ScalekitError `protocol` if it contains no usable bearer token.
 */
export function readTokenResponse(response: HttpResponse, now: number): AccessToken {
  const protocolError = (reason: string): ScalekitError =>
    new ScalekitError('protocol', {
      server: 'authorization',
      status: response.status,
      reason,
      maybeReceived: true,
      traceId: response.traceId,
    });

  const body = parseJson(response.text);
  if (!isRecord(body)) throw protocolError(whyNotJson(response));
  const value = body['access_token'];
  // An Authorization header can't contain other characters (RFC 6750, section 2.1 allows even fewer).
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) throw protocolError('noAccessToken');
  const type = body['token_type'];
  if (typeof type === 'string' && type !== '' && type.toLowerCase() !== 'bearer') throw protocolError('notBearer');

  const date = Date.parse(response.date ?? '');
  const serverTime = Number.isNaN(date) ? undefined : date;
  const ownLifetime = readJwtLifetime(value, serverTime);
  return {
    value,
    receivedAt: now,
    lifetimeMs: Math.min(LONGEST_LIFETIME_MS, readExpiresIn(body['expires_in']) ?? Infinity, ownLifetime ?? Infinity),
    ...(ownLifetime !== undefined && ownLifetime <= LONGEST_LIFETIME_MS && { statesItsEnd: true }),
    ...(serverTime !== undefined && { serverClockAheadMs: serverTime - now }),
    scope: readText(body['scope']),
  };
}

function readExpiresIn(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

/**
 * How much shorter than stated a token's life may be before it matters, in milliseconds. A `Date` header has whole
 * seconds.
 */
const SET_BACK_MS = 30_000;

/** `exp - iat`, both by the issuer's clock. Less if the issuer set `iat` back, which the time of issue reveals. */
function readJwtLifetime(value: string, issuedAt: number | undefined): number | undefined {
  try {
    const { exp, iat } = decodeJwt(value);
    if (typeof exp !== 'number' || typeof iat !== 'number' || exp <= iat) return undefined;
    const lifetime = (exp - iat) * 1000;
    const left = issuedAt === undefined ? lifetime : exp * 1000 - issuedAt;
    return left > 0 && left < lifetime - SET_BACK_MS ? left : lifetime;
  } catch {
    return undefined;
  }
}
