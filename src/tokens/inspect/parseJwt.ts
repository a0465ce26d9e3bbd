import { isRecord } from '../../api/json';
import { base64Texts, decodedTexts, withoutWrapping } from './decodedTexts';
import { JwtError, type Jwt, type JwtCandidate, type JwtFault } from './jwt';
import { jwtCandidates } from './jwtCandidates';
import { MAX_JWT_LENGTH, readPart } from './jwtPart';

/** How many characters of a text to search for a JWT. */
const MAX_SEARCHED_LENGTH = 1024 * 1024;

/** How a JOSE header begins in base64url: `{"`, or `{` and white space. */
const HEADER_START = /^(?:ey[JA]|ew[0ko])/;

/**
 * The JWT in a text that the user selected or copied, whatever surrounds it and however it was encoded. It's the first
 * complete one, or the best incomplete one. Text that only begins like a JWT counts too, so that its fault can be
 * explained. Undefined if there's nothing like a JWT.
 */
export function findJwt(text: string): string | undefined {
  const found = bestCandidate(text);
  if (found !== undefined) return found.compact;
  const alone = withoutWrapping(text);
  return HEADER_START.test(alone) && !/\s/.test(alone) && alone.length > 10 ? alone : undefined;
}

/**
 * Parses the JWT in a text. That doesn't mean that it can be trusted: this only checks whether there's a signature.
 *
 * @throws JwtError
 */
export function parseJwt(text: string): Jwt {
  if (text.trim() === '') throw new JwtError('empty');
  const { read } = bestCandidate(text) ?? { read: undefined };
  if (typeof read === 'object') return read;
  throw new JwtError(read ?? faultOf(withoutWrapping(text)));
}

function bestCandidate(whole: string): JwtCandidate | undefined {
  const text = whole.slice(0, MAX_SEARCHED_LENGTH);
  let best = bestOf(decodedTexts(text));
  if (best !== undefined) return isSpoiled(best, whole) ? undefined : best;
  for (const decoded of base64Texts(text)) best ??= bestOf(decodedTexts(decoded));
  return best;
}

function bestOf(texts: Iterable<string>): JwtCandidate | undefined {
  let best: JwtCandidate | undefined;
  for (const text of texts) {
    for (const candidate of jwtCandidates(text)) {
      if (best === undefined || candidate.rank < best.rank) best = candidate;
      if (best.rank === 0) return best;
    }
  }
  return best;
}

/** Whether a text is three parts with a damaged second one. Then the whole text explains best what's wrong. */
function isSpoiled({ read }: JwtCandidate, text: string): boolean {
  const isDamaged =
    read === 'claimsJson' || read === 'claimsEncoding' || (typeof read === 'object' && read.claimsOnly === true);
  if (!isDamaged) return false;
  const alone = withoutWrapping(text);
  const parts = alone.split('.');
  return parts.length === 3 && !/\s/.test(alone) && isRecord(readPart(parts[0] ?? '').json);
}

/** What's wrong with a text without a JWT. */
function faultOf(text: string): JwtFault {
  if (text.length > MAX_JWT_LENGTH) return 'tooLarge';
  const parts = text.split('.');
  const [header = '', claims = ''] = parts;
  if (parts.length === 1) return 'onePart';
  if (parts.length !== 3) return 'manyParts';
  const readHeader = readPart(header);
  if (!isRecord(readHeader.json)) return readHeader.isEncoded ? 'headerJson' : 'headerEncoding';
  return readPart(claims).isEncoded ? 'claimsJson' : 'claimsEncoding';
}
