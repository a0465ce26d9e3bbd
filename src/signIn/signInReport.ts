import type { Environment } from '../core/environment';
import type { Refusal } from './callbackReceiver';
import type { CheckedToken } from './idTokenChecks';
import type { InitiatedSignIn } from './initiatedToken';
import type { SignInChoices } from './signInChoices';
import type { Problem } from './problem';
import type { UserTokens } from './tokenRequest';

/** Something that happened in a sign-in. Its text is Markdown, and has no secret, token or code in it. */
export interface Step {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly outcome: 'done' | 'failed' | 'noted';
  readonly text: string;
  /** How long it took, if that's known. */
  readonly durationMs?: number;
}

/** How a sign-in ended, apart from the words. `rejected`: tokens came that an app shouldn't accept. */
export type SignInOutcome = 'signedIn' | 'rejected' | 'failed' | 'cancelled' | 'timedOut';

/** All that is known about one sign-in. It holds no token. */
export interface SignInReport {
  /** Distinguishes its document from others. */
  readonly number: number;
  readonly environment: Environment;
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly choices: SignInChoices;
  /** Milliseconds since the epoch. */
  readonly begunAt: number;
  readonly steps: readonly Step[];
  readonly outcome: SignInOutcome;
  /** Why there is no user. Undefined if there is one. */
  readonly problem?: Problem;
  /** Scalekit's own words about the problem: code and description. */
  readonly said?: readonly string[];
  /** What the token response says besides the tokens. */
  readonly tokens?: TokenFacts;
  readonly idToken?: CheckedToken;
  /** Undefined if it isn't a JWT. */
  readonly accessToken?: CheckedToken;
  /** Set if an identity provider started it. */
  readonly initiated?: CheckedToken & { readonly signIn: InitiatedSignIn };
  readonly refusals: readonly Refusal[];
}

/** What is known about the tokens that came. */
export interface TokenFacts {
  readonly hasAccessToken: boolean;
  readonly hasIdToken: boolean;
  readonly hasRefreshToken: boolean;
  readonly tokenType: string | undefined;
  readonly expiresIn: number | undefined;
  readonly scope: string | undefined;
}

/** What may be said of tokens. */
export function tokenFacts({
  accessToken,
  idToken,
  refreshToken,
  tokenType,
  expiresIn,
  scope,
}: UserTokens): TokenFacts {
  return {
    hasAccessToken: accessToken !== undefined,
    hasIdToken: idToken !== undefined,
    hasRefreshToken: refreshToken !== undefined,
    tokenType,
    expiresIn,
    scope,
  };
}
