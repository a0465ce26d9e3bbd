import type { JsonRecord } from '../../api/json';

/** A JWT taken apart. `compact` is the token itself: for verifying alone, never to be shown, logged or kept. */
export interface Jwt {
  readonly compact: string;
  /** Empty when the claims came without one. */
  readonly header: JsonRecord;
  readonly claims: JsonRecord;
  /** The JSON of both as it stands in the token, in which every number has all its digits. */
  readonly headerJson?: string;
  readonly claimsJson?: string;
  readonly signature: 'present' | 'missing' | 'malformed';
  /** Whether the claims came by themselves: neither header nor signature is known. */
  readonly claimsOnly?: boolean;
  /** Whether its parts end with “=”, which the standard leaves out. */
  readonly padded?: boolean;
}

/** Why a text is no JWT that can be read. */
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

/** Thrown by {@link parseJwt}. Carries the fault only, never the text: it may be a token. */
export class JwtError extends Error {
  constructor(readonly fault: JwtFault) {
    super(`Not a JWT: ${fault}`);
    this.name = 'JwtError';
  }
}

/** A stretch of text that begins like a JWT, and what it turned out to be. */
export interface JwtCandidate {
  readonly compact: string;
  readonly read: Jwt | JwtFault;
  /** How good it is, the best is 0: see {@link jwtCandidates}. */
  readonly rank: number;
}
