import { parseJson } from '../api/client/errorResponse';
import { isRecord, type JsonRecord } from '../api/json';

/** A JWT's header and claims, as they are. Nothing of it is verified. */
export interface TokenContent {
  readonly header: JsonRecord;
  readonly claims: JsonRecord;
  /** The JSON of the claims, with all digits of its numbers. */
  readonly claimsJson: string;
}

/** Why a text isn't a readable JWT. `encrypted`: it has five parts. */
export type TokenFault = 'parts' | 'encrypted' | 'base64url' | 'json';

const LONGEST = 100_000;

/** Reads a compact JWT as a strict verifier does. */
export function readToken(token: string): TokenContent | TokenFault {
  if (token.length > LONGEST) return 'parts';
  const parts = token.split('.');
  if (parts.length === 5) return 'encrypted';
  const [header = '', claims = '', signature = ''] = parts;
  if (parts.length !== 3) return 'parts';
  if (![header, claims, signature].every((part) => /^[\w-]*$/.test(part))) return 'base64url';
  const claimsJson = Buffer.from(claims, 'base64url').toString('utf8');
  const [readHeader, readClaims] = [
    parseJson(Buffer.from(header, 'base64url').toString('utf8')),
    parseJson(claimsJson),
  ];
  return isRecord(readHeader) && isRecord(readClaims) ? { header: readHeader, claims: readClaims, claimsJson } : 'json';
}
