import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { resourceIssuer } from '../mcp/resourceMetadata';
import type { SigningKeys } from '../oauth/signingKeys';
import { randomDigits } from '../random';
import type { Models } from '../resources/models';
import type { AuthenticationMode } from './signInSettings';
import type { Grant, Grants, LiveAccessToken } from './grants';
import { personClaims, placeClaims, rightsClaims, subjectOf } from './userClaims';

/** Seconds. The response says one less than the access token lives, as the samples do (docs/scalekit-api.md, 4.5). */
const LIFETIMES: Readonly<Record<AuthenticationMode, { id: number; access: number; expiresIn: number }>> = {
  'full-stack': { id: 3_600, access: 300, expiresIn: 299 },
  'modular-sso': { id: 259_200, access: 900, expiresIn: 899 },
};
const IDP_INITIATED_SECONDS = 300;

/** The response of the token endpoint to a code or a refresh token. */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly refresh_token?: string;
  readonly expires_in: number;
  readonly id_token?: string;
  readonly scope: string;
}

/** A live access token with its claims. */
export interface CheckedAccessToken extends LiveAccessToken {
  readonly id: string;
  readonly claims: JWTPayload;
}

/** The tokens of people: ID tokens, access tokens, refresh tokens, and those of a sign-in that an identity provider starts. */
export class UserTokens {
  /** @param lifetimeSeconds of access tokens, if it differs from Scalekit's */
  constructor(
    private readonly keys: SigningKeys,
    private readonly grants: Grants,
    private readonly models: Models,
    private readonly now: () => number,
    private readonly lifetimeSeconds: number | undefined,
  ) {}

  /**
   * The tokens for a grant. Undefined if its user or its resource is gone.
   * @param environmentUrl the issuer, unless the grant's resource is its own
   * @param code the code that is exchanged, whose hash the ID token holds
   */
  async issue(
    grant: Grant,
    scopes: readonly string[],
    environmentUrl: string,
    code: string | undefined,
  ): Promise<TokenResponse | undefined> {
    const { subject, clientId } = grant;
    const person = personClaims(subject, scopes, this.models);
    const resource = grant.resourceId === undefined ? undefined : this.models.mcpResources.get(grant.resourceId);
    if (person === undefined || (grant.resourceId !== undefined && resource === undefined)) return undefined;
    const issuer = resource?.issuer === 'resource' ? resourceIssuer(environmentUrl, resource.id) : environmentUrl;
    const { id, access, expiresIn } = LIFETIMES[subject.mode];
    const lifetime = this.lifetimeSeconds ?? access;
    const issuedAt = Math.floor(this.now() / 1000);
    const common = { iss: issuer, sub: subjectOf(subject), aud: [clientId], iat: issuedAt, client_id: clientId };
    const isFullStack = subject.mode === 'full-stack';
    const jti = `tkn_${randomDigits(18)}`;
    this.grants.addAccessToken(jti, { grant, scopes });
    const accessToken = await this.keys.sign({
      ...common,
      // A token for an MCP server names it, by its id and its URL (docs/scalekit-api.md, 6).
      ...(resource === undefined ? {} : { aud: [resource.id, resource.url] }),
      nbf: issuedAt,
      exp: issuedAt + lifetime,
      jti,
      ...(isFullStack
        ? {
            ...placeClaims(grant, this.models),
            ...rightsClaims(grant, this.models),
            ...(subject.mode === 'full-stack' && subject.customClaims !== undefined
              ? { custom_claims: subject.customClaims }
              : {}),
          }
        : {}),
      ...(isFullStack || resource !== undefined ? { scope: scopes.join(' '), scopes: [...scopes] } : {}),
    });
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      ...(isFullStack && grant.scopes.includes('offline_access')
        ? { refresh_token: this.grants.newRefreshToken(grant) }
        : {}),
      expires_in: this.lifetimeSeconds ?? expiresIn,
      ...(scopes.includes('openid')
        ? {
            id_token: await this.keys.sign({
              ...person,
              ...common,
              exp: issuedAt + id,
              azp: clientId,
              amr: [subject.connectionId],
              ...placeClaims(grant, this.models),
              at_hash: halfHash(accessToken),
              ...(code === undefined ? {} : { c_hash: halfHash(code) }),
              ...(grant.nonce === undefined ? {} : { nonce: grant.nonce }),
              ...(grant.wantsAuthTime ? { auth_time: grant.authTime } : {}),
            }),
          }
        : {}),
      scope: scopes.join(' '),
    };
  }

  /** An access token of a person that is still good, or undefined. */
  async check(token: string): Promise<CheckedAccessToken | undefined> {
    const claims = await this.keys.verify(token);
    if (claims?.jti === undefined || claims.exp === undefined || claims.exp <= this.now() / 1000) return undefined;
    const live = this.grants.accessToken(claims.jti);
    return live === undefined ? undefined : { ...live, id: claims.jti, claims };
  }

  /** The claims of an ID token of ours, even of an expired one. */
  async idTokenClaims(token: string): Promise<JWTPayload | undefined> {
    const claims = await this.keys.verify(token);
    return claims !== undefined && typeof claims['azp'] === 'string' ? claims : undefined;
  }

  /** The token of a sign-in that an identity provider starts (docs/scalekit-api.md, 4.7). */
  idpInitiated(
    issuer: string,
    claims: { organizationId: string | undefined; connectionId: string; email: string; relayState: string },
    expired: boolean,
  ): Promise<string> {
    const issuedAt = Math.floor(this.now() / 1000) - (expired ? 2 * IDP_INITIATED_SECONDS : 0);
    return this.keys.sign({
      iss: issuer,
      ...(claims.organizationId === undefined ? {} : { organization_id: claims.organizationId }),
      connection_id: claims.connectionId,
      login_hint: claims.email,
      ...(claims.relayState === '' ? {} : { relay_state: claims.relayState }),
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + IDP_INITIATED_SECONDS,
    });
  }
}

/** The left half of a text's SHA-256, as `at_hash` and `c_hash` have it. */
function halfHash(text: string): string {
  return createHash('sha256').update(text, 'ascii').digest().subarray(0, 16).toString('base64url');
}
