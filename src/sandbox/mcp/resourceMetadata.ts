import type { McpResource } from './mcpResources';

/** The address of a resource's own authorization server, which is the issuer in its metadata. */
export function resourceIssuer(environmentUrl: string, id: string): string {
  return `${environmentUrl}/resources/${id}`;
}

/** The metadata of a resource's authorization server. It names only what is served here. */
export function resourceMetadata({ id, scopes }: McpResource, environmentUrl: string): object {
  return {
    issuer: resourceIssuer(environmentUrl, id),
    authorization_endpoint: `${environmentUrl}/oauth/authorize`,
    token_endpoint: `${environmentUrl}/oauth/token`,
    introspection_endpoint: `${environmentUrl}/oauth/introspect`,
    revocation_endpoint: `${environmentUrl}/revoke`,
    registration_endpoint: `${environmentUrl}/api/v1/resources/${id}/clients:register`,
    // A resource has no keys of its own (docs/scalekit-api.md, 6).
    jwks_uri: `${environmentUrl}/keys`,
    scopes_supported: [...new Set([...scopes, 'openid', 'profile', 'email', 'offline_access'])],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
    code_challenge_methods_supported: ['S256'],
  };
}
