import type { JsonRecord } from '../../api/json';

/** The parts of a JWT. `compact` is the token itself, only for verification. Never show, log or store it. */
export interface Jwt {
  readonly compact: string;
  /** Empty if there's no header. */
  readonly header: JsonRecord;
  readonly claims: JsonRecord;
  /** The JSON of both as in the token, with all digits of each number. */
  readonly headerJson?: string;
  readonly claimsJson?: string;
  readonly signature: 'present' | 'missing' | 'malformed';
  /** Whether there are only claims, without header and signature. */
  readonly claimsOnly?: boolean;
  /** Whether its parts end with “=”, which the standard omits. */
  readonly padded?: boolean;
}

/** Why a text isn't a readable JWT. */
export type JwtFault =
  | 'empty'
  | 'tooLarge'
  | 'onePart'
  | 'headerOnly'
  | 'encrypted'
  | 'detached'
  | 'manyParts'
  | 'headerEncoding'
  | 'headerJson'
  | 'claimsEncoding'
  | 'claimsJson'
  | 'tooDeep';

/** Thrown by {@link parseJwt}. Has only the fault, never the text, which may be a token. */
export class JwtError extends Error {
  constructor(readonly fault: JwtFault) {
    super(`Not a JWT: ${fault}`);
    this.name = 'JwtError';
  }
}

/** A part of a text that begins like a JWT, and what it turned out to be. */
export interface JwtCandidate {
  readonly compact: string;
  readonly read: Jwt | JwtFault;
  /** Its quality, the best is 0: see {@link jwtCandidates}. */
  readonly rank: number;
}
