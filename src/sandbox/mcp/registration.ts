import { randomDigits, randomSecret } from '../random';
import type { ApiClient, ApiClients } from '../oauth/apiClients';
import { isLoopbackName } from '../pages/loopback';
import { redirectUriProblem } from '../signIn/redirectUris';
import { BoundedMap } from '../store/boundedMap';
import type { McpResource } from './mcpResources';

const MOST_CLIENTS = 1_000;
const MOST_REDIRECT_URIS = 20;
const AUTHENTICATION_METHODS = ['none', 'client_secret_basic', 'client_secret_post'] as const;

/** Why a client can't be registered, in OAuth's form (RFC 7591, 3.2.2). */
export interface RegistrationProblem {
  readonly error: 'invalid_redirect_uri' | 'invalid_client_metadata';
  readonly description: string;
}

/** Clients that register themselves with a resource (RFC 7591). The latest 1,000 are kept. */
export class RegisteredClients {
  readonly #ids = new BoundedMap<string, true>(MOST_CLIENTS);

  constructor(
    private readonly clients: ApiClients,
    private readonly now: () => number,
  ) {}

  get size(): number {
    return this.#ids.size;
  }

  /** Registers a client. Returns the response's JSON, or what is wrong with the request. */
  register(resource: McpResource, metadata: Readonly<Record<string, unknown>>): object | RegistrationProblem {
    const uris = metadata['redirect_uris'];
    if (!Array.isArray(uris) || uris.length === 0 || uris.length > MOST_REDIRECT_URIS)
      return refused('invalid_redirect_uri', `redirect_uris must be a list of 1 to ${MOST_REDIRECT_URIS} addresses`);
    const redirectUris: string[] = [];
    for (const uri of uris as unknown[]) {
      if (typeof uri !== 'string') return refused('invalid_redirect_uri', 'redirect_uris must be texts');
      const problem = redirectUriProblem(uri) ?? openProblem(uri);
      if (problem !== undefined) return refused('invalid_redirect_uri', `a redirect URI ${problem}`);
      redirectUris.push(uri);
    }
    const method = metadata['token_endpoint_auth_method'] ?? 'client_secret_basic';
    if (!(AUTHENTICATION_METHODS as readonly unknown[]).includes(method))
      return refused(
        'invalid_client_metadata',
        `token_endpoint_auth_method must be ${AUTHENTICATION_METHODS.join(', ')}`,
      );
    const name = textOf(metadata['client_name'], 'MCP client');
    const scope = textOf(metadata['scope'], resource.scopes.join(' '));
    const isPublic = method === 'none';
    const client = this.#add(resource, { name, redirectUris, isPublic });
    const [secret] = client.secrets;
    return {
      client_id: client.clientId,
      client_id_issued_at: Math.floor(this.now() / 1000),
      ...(secret === undefined ? {} : { client_secret: secret.value, client_secret_expires_at: 0 }),
      client_name: name,
      redirect_uris: redirectUris,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: method,
      scope,
    };
  }

  #add(
    resource: McpResource,
    { name, redirectUris, isPublic }: { name: string; redirectUris: readonly string[]; isPublic: boolean },
  ): ApiClient {
    const now = this.now();
    const client: ApiClient = {
      clientId: `m2m_${randomDigits(18)}`,
      secrets: isPublic ? [] : [{ id: `sks_${randomDigits(17)}`, value: `test_${randomSecret()}`, active: true }],
      application: {
        type: isPublic ? 'NATIVE' : 'WEB',
        name,
        postLoginUris: redirectUris,
        postLogoutRedirectUris: [],
        initiateLoginUri: '',
        backChannelLogoutUris: [],
        createdAt: now,
        updatedAt: now,
      },
      resourceId: resource.id,
      disallowScalekitApiAccess: true,
      audience: [resource.id, resource.url],
      scopes: resource.scopes,
    };
    this.clients.put(client);
    const forgotten = this.#ids.size === MOST_CLIENTS ? this.#ids.entries().next().value?.[0] : undefined;
    this.#ids.set(client.clientId, true);
    if (forgotten !== undefined) this.clients.remove(forgotten);
    return client;
  }
}

function refused(error: RegistrationProblem['error'], description: string): RegistrationProblem {
  return { error, description };
}

/** Why an address can't be taken from a client that nobody has checked. */
function openProblem(uri: string): string | undefined {
  if (uri.includes('*') || uri.includes('{{')) return 'has a wildcard or a placeholder';
  const { protocol, hostname, username, password } = new URL(uri);
  if (username !== '' || password !== '') return 'has a user name or a password';
  if (protocol === 'https:' || (protocol === 'http:' && isLoopbackName(hostname))) return undefined;
  return 'is neither https nor an http address of this machine';
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value.slice(0, 500) : otherwise;
}
