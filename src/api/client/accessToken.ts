// Not from 'jose' itself: its verifying would come along into what activation reads.
import { decodeJwt } from 'jose/jwt/decode';
import { isRecord, readText } from '../json';
import { parseJson, whyNotJson } from './errorResponse';
import { ScalekitError } from './scalekitError';
import type { HttpResponse } from './http';

/** A bearer token and how long it lives, counted from when it came: the local clock may be wrong, its pace is not. */
export interface AccessToken {
  readonly value: string;
  /** Milliseconds since the epoch, by the local clock. */
  readonly receivedAt: number;
  /** Milliseconds. */
  readonly lifetimeMs: number;
  /** Whether the token itself says when it ends. Otherwise that is a guess, from `expires_in` or of 24 hours. */
  readonly statesItsEnd?: true;
  /** How far the authorization server's clock was ahead of this computer's, in milliseconds; undefined when it did not say the time. */
  readonly serverClockAheadMs?: number;
  /** What the authorization server says it granted, when it says so. */
  readonly scope?: string;
}

/** No environment token lives longer (docs/scalekit-api.md, 1.1). */
export const LONGEST_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** When a token ends, in milliseconds since the epoch by the local clock. */
export function expiresAt(token: AccessToken): number {
  return token.receivedAt + token.lifetimeMs;
}

/** How much of its life a token must have left for a call, and how much when a person or a program gets it; milliseconds. */
export const MIN_LIFE_FOR_CALL_MS = 60_000;
export const MIN_LIFE_FOR_COPY_MS = 10 * 60_000;

/** Whether less of a token's life is left than this, or than a tenth if that is less. */
export function isDueForRenewal(token: AccessToken, now: number, minimumLifeMs = MIN_LIFE_FOR_CALL_MS): boolean {
  return timeLeft(token, now) < Math.min(minimumLifeMs, token.lifetimeMs / 10);
}

/** A clock that was set back must not make a token older than it was when it came. */
function timeLeft(token: AccessToken, now: number): number {
  return Math.min(token.lifetimeMs, expiresAt(token) - now);
}

/**
 * Reads a token endpoint's 200. Tolerant where the token itself is good: a missing, negative, absurd or textual `expires_in`, a
 * null `scope` and a missing `token_type` all occur (docs/scalekit-api.md, 1.1).
 *
 * @throws ScalekitError `protocol` when there is no usable bearer token in it.
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
  // Only these characters can stand in an Authorization header (RFC 6750, section 2.1 allows fewer still).
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

/** How much less a token may live than its times say before that counts, in milliseconds: a `Date` header is in whole seconds. */
const SET_BACK_MS = 30_000;

/** `exp - iat`, both by the issuer's clock; less when the issuer set `iat` back, which its time of issue shows. */
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
