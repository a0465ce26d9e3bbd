import { isMeantBy, type McpResources } from '../mcp/mcpResources';
import type { ApiClient, ApiClients } from '../oauth/apiClients';
import type { Organizations } from '../resources/organizations';
import { mayRedirectTo } from './redirectUris';
import type { SignInSettings } from './signInSettings';

const SCOPES = ['openid', 'profile', 'email', 'phone', 'address', 'offline_access'];
const CONTACT = 'If you have any questions, you may contact the administrator of the application.';

/** A request to `/oauth/authorize` whose redirect URI may be trusted. */
export interface AuthorizationRequest {
  readonly client: ApiClient;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly scopes: readonly string[];
  readonly nonce: string | undefined;
  readonly loginHint: string | undefined;
  readonly domain: string | undefined;
  readonly connectionId: string | undefined;
  readonly organizationId: string | undefined;
  readonly provider: string | undefined;
  readonly prompts: readonly string[];
  readonly codeChallenge: string | undefined;
  /** Seconds since the last time that the person signed in. */
  readonly maxAge: number | undefined;
}

export type ReadAuthorization =
  | { readonly kind: 'good'; readonly request: AuthorizationRequest }
  /** Shown in the browser, because the redirect URI can't be trusted. */
  | { readonly kind: 'shown'; readonly text: string }
  /** Sent to the redirect URI. */
  | {
      readonly kind: 'sent';
      readonly redirectUri: string;
      readonly state: string | undefined;
      readonly error: string;
      readonly description: string;
    };

/** Checks the parameters in the order of the OAuth library, with its texts (docs/scalekit-api.md, 4.4). */
export function readAuthorization(
  parameters: URLSearchParams,
  clients: ApiClients,
  organizations: Organizations,
  { strictRedirects }: SignInSettings,
  resources: Pick<McpResources, 'get'>,
): ReadAuthorization {
  const value = (name: string) => parameters.get(name) || undefined;
  const words = (name: string) => (value(name) ?? '').split(' ').filter((word) => word !== '');
  const clientId = value('client_id');
  const redirectUri = value('redirect_uri');
  if (clientId === undefined) return { kind: 'shown', text: 'auth request is missing client_id' };
  if (redirectUri === undefined) return { kind: 'shown', text: 'auth request is missing redirect_uri' };
  const client = clients.find(clientId);
  if (client?.application === undefined) return { kind: 'shown', text: 'unable to retrieve client by id' };
  const resource = client.resourceId === undefined ? undefined : resources.get(client.resourceId);
  if (client.resourceId !== undefined && resource === undefined)
    return { kind: 'shown', text: 'unable to retrieve client by id' };
  const organizationId = value('organization_id');
  const organization = organizationId === undefined ? undefined : organizations.all.get(organizationId);
  if (!mayRedirectTo(redirectUri, client.application.postLoginUris, strictRedirects, organization)) {
    return { kind: 'shown', text: `The requested redirect_uri is missing in the client configuration. ${CONTACT}` };
  }

  const state = value('state');
  const sent = (error: string, description: string): ReadAuthorization => ({
    kind: 'sent',
    redirectUri,
    state,
    error,
    description,
  });
  const prompts = words('prompt');
  if (prompts.includes('none') && prompts.length > 1)
    return sent('invalid_request', 'The prompt parameter `none` must only be used as a single value');
  const scopes = words('scope');
  if (scopes.length === 0) {
    return sent(
      'invalid_request',
      `The scope of your request is missing. Please ensure some scopes are requested. ${CONTACT}`,
    );
  }
  const responseType = value('response_type');
  if (responseType === undefined)
    return sent('invalid_request', `The response type is missing in your request. ${CONTACT}`);
  if (responseType !== 'code') {
    return sent(
      'unauthorized_client',
      `The requested response type is missing in the client configuration. ${CONTACT}`,
    );
  }
  if (value('request') !== undefined) return sent('request_not_supported', 'request objects aren’t supported');
  const codeChallenge = value('code_challenge');
  if (codeChallenge !== undefined && value('code_challenge_method') !== 'S256')
    return sent('invalid_request', 'code_challenge_method must be S256');
  if (resource !== undefined) {
    if (codeChallenge === undefined) return sent('invalid_request', 'PKCE required');
    if (parameters.getAll('resource').some((asked) => !isMeantBy(resource, asked)))
      return sent('invalid_target', 'the client is registered with another resource');
  }
  const known = [...SCOPES, ...(resource?.scopes ?? [])];
  const maxAge = /^\d{1,9}$/.exec(value('max_age') ?? '')?.[0];

  return {
    kind: 'good',
    request: {
      client,
      redirectUri,
      state,
      // Others are dropped in silence.
      scopes: scopes.filter((scope, index) => known.includes(scope) && scopes.indexOf(scope) === index),
      nonce: value('nonce'),
      loginHint: value('login_hint'),
      domain: value('domain') ?? value('domain_hint'),
      connectionId: value('connection_id'),
      organizationId,
      provider: value('provider'),
      prompts,
      codeChallenge,
      maxAge: maxAge === undefined ? undefined : Number(maxAge),
    },
  };
}
