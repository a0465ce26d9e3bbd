import type { Environment } from '../../core/environment';
import type { Jwt } from './jwt';
import type { SignatureCheck, SignatureFault } from './signature';

/** What is known about who signed a token. */
export type SignatureVerdict =
  | { readonly kind: SignatureFault }
  /** Checked against this environment's keys. */
  | { readonly kind: SignatureCheck; readonly environment: Environment }
  /** The keys of this environment could not be had; why, in a sentence. */
  | { readonly kind: 'keysUnavailable'; readonly environment: Environment; readonly why: string }
  | { readonly kind: 'noIssuer' }
  /** No kept environment is the token's issuer. */
  | { readonly kind: 'otherIssuer' };

/** Where a JWT came from. */
export type JwtOrigin = 'selection' | 'cursor' | 'clipboard' | 'prompt';

/** A token looked at: everything that the document about it says. */
export interface Inspection {
  readonly jwt: Jwt;
  readonly signature: SignatureVerdict;
  /** The environment that gave this token, when it was asked of one. */
  readonly source?: Environment;
  /** The source's URL, to be compared with the token's issuer. */
  readonly sourceUrl?: string;
  /** Where it came from, when it was not asked of an environment. */
  readonly origin?: JwtOrigin;
  /** Whether text was selected that holds no JWT, so that it came from elsewhere. */
  readonly selectionHeldNone?: boolean;
  /** When it was looked at, in milliseconds since the epoch by this computer's clock. */
  readonly now: number;
  /** How far the issuer's clock is ahead of this computer's, in milliseconds, when that is known. */
  readonly clockOffset?: number | undefined;
}
