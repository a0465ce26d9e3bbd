import type { Environment } from '../../core/environment';
import type { Jwt } from './jwt';
import type { SignatureCheck, SignatureFault } from './signature';

/** What is known about who signed a token. */
export type SignatureVerdict =
  | { readonly kind: SignatureFault }
  /** Checked against this environment's keys. */
  | { readonly kind: SignatureCheck; readonly environment: Environment }
  /** This environment's keys aren't available. `why` is a sentence. */
  | { readonly kind: 'keysUnavailable'; readonly environment: Environment; readonly why: string }
  | { readonly kind: 'noIssuer' }
  /** No saved environment is the token's issuer. */
  | { readonly kind: 'otherIssuer' };

/** Where a JWT came from. */
export type JwtOrigin = 'selection' | 'cursor' | 'clipboard' | 'prompt';

/** Everything that the document about a token shows. */
export interface Inspection {
  readonly jwt: Jwt;
  readonly signature: SignatureVerdict;
  /** The environment that issued this token, if it was requested there. */
  readonly source?: Environment;
  /** The source's URL, to compare with the token's issuer. */
  readonly sourceUrl?: string;
  /** Where it came from, if it wasn't requested. */
  readonly origin?: JwtOrigin;
  /** Whether the selected text has no JWT, so that it came from elsewhere. */
  readonly selectionHeldNone?: boolean;
  /** The time of the inspection, in milliseconds since the epoch by this computer's clock. */
  readonly now: number;
  /** How far the issuer's clock is ahead of this computer's, in milliseconds, if known. */
  readonly clockOffset?: number | undefined;
}
