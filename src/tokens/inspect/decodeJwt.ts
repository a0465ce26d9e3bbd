import { inexactNumbersAsText } from '../../api/exactNumbers';
import type { JsonRecord } from '../../api/json';
import { JwtError, type Jwt } from './jwt';
import { parseJwt } from './parseJwt';
import { jwtFaultSentence } from './jwtFaultSentence';
import { readNumericDate } from './numericDate';

/** How to describe a signature that wasn't checked against keys. */
const SIGNATURE = { present: 'present, not verified', missing: 'missing', malformed: 'malformed' } as const;

/**
 * A JWT's content for programs: header, claims, and its times as dates. It's not verified, and the signature is left
 * out, so that the result isn't a token any more. Numbers too large for JavaScript are texts with all their digits.
 *
 * @throws Error with a sentence that says what's wrong with the text, without quoting it
 */
export function decodeJwt(text: string): JsonRecord {
  const { header, claims, headerJson, claimsJson, signature, claimsOnly } = parsed(text);
  const times = ['iat', 'nbf', 'exp', 'auth_time'].flatMap((name) => {
    const date = readNumericDate(claims[name]);
    return date?.kind === 'number' ? [[name, new Date(date.time).toISOString()] as const] : [];
  });
  return {
    signature: SIGNATURE[signature],
    ...(claimsOnly ? {} : { header: exact(headerJson, header) }),
    claims: exact(claimsJson, claims),
    times: Object.fromEntries(times),
  };
}

function exact(json: string | undefined, read: JsonRecord): JsonRecord {
  return json === undefined ? read : (JSON.parse(inexactNumbersAsText(json)) as JsonRecord);
}

function parsed(text: string): Jwt {
  try {
    return parseJwt(text);
  } catch (error) {
    throw error instanceof JwtError ? new Error(jwtFaultSentence(error.fault)) : error;
  }
}
