import { ApiError } from '../protocol/apiError';
import type { ApiMethod } from '../protocol/endpoints';
import type { AccessTokens } from './accessTokens';
import type { ApiClient, ApiClients } from './apiClients';

/** Decides who is calling the API and what they may do. */
export class Authenticator {
  constructor(
    private readonly clients: ApiClients,
    private readonly tokens: AccessTokens,
  ) {}

  /** @throws ApiError UNAUTHENTICATED. "Token empty" is Scalekit's own sentence; the others are ours. */
  async authenticate(authorization: string | undefined): Promise<ApiClient> {
    const token = /^Bearer +(\S+)\s*$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new ApiError('UNAUTHENTICATED', 'Token empty');
    const claims = await this.tokens.check(token);
    if (claims === 'expired') throw new ApiError('UNAUTHENTICATED', 'Token expired');
    const client = claims === 'invalid' ? undefined : this.clients.find(claims.clientId);
    if (client === undefined) throw new ApiError('UNAUTHENTICATED', 'Token invalid');
    return client;
  }

  /** @throws ApiError PERMISSION_DENIED with the missing permission */
  authorize(client: ApiClient, api: ApiMethod): void {
    if (client.organizationId !== undefined) {
      throw new ApiError('PERMISSION_DENIED', "The client of an organization can't call the Scalekit API");
    }
    if (client.disallowScalekitApiAccess === true) {
      throw new ApiError('PERMISSION_DENIED', 'Scalekit API access is switched off for this client');
    }
    if (client.permissions === undefined) return;
    const needed = requiredPermissions(api);
    const missing = needed.filter((permission) => client.permissions?.includes(permission) !== true);
    if (missing.length === 0) return;
    throw new ApiError('PERMISSION_DENIED', `Permission ${missing.join(', ')} is needed`, {
      resourceInfo: { resourceName: api.grpcPath, user: client.clientId, requiredPermissions: [...needed] },
    });
  }
}

/** The permissions a method needs: those of its descriptor, or else `<area>_read` or `<area>_write` by its HTTP method. */
function requiredPermissions(api: ApiMethod): readonly string[] {
  if (api.permissions.length > 0) return api.permissions;
  const area = api.service.typeName.split('.')[2] ?? 'api';
  return [`${area}_${api.bindings[0]?.httpMethod === 'GET' ? 'read' : 'write'}`];
}
