import {
  ConnectionProvider,
  ConnectionType,
  type Connection,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb';
import type { Situation } from '../interceptors/interceptors';
import { optional } from '../protocol/optional';
import { headerOf, type HttpRequest } from '../protocol/response';
import type { AuthorizationRequest } from './authorizationRequest';

/** Who signs in, and how. */
export interface SigningIn {
  readonly request: HttpRequest;
  readonly email: string;
  /** Undefined before the user exists. */
  readonly userId: string | undefined;
  readonly organizationId: string | undefined;
  readonly connection: Connection | undefined;
  /** Of a sign-up only. */
  readonly authorization: AuthorizationRequest | undefined;
}

/** What interceptors are told of a sign-in (docs/scalekit-api.md, 5.5). */
export function signInSituation({
  request,
  email,
  userId,
  organizationId,
  connection,
  authorization,
}: SigningIn): Situation {
  const userAgent = (headerOf(request, 'user-agent') ?? '').slice(0, 300);
  return {
    context: {
      ...optional('user_id', userId),
      user_email: email,
      ...optional('organization_id', organizationId),
      connection_details:
        connection === undefined
          ? []
          : [
              {
                id: connection.id,
                type: ConnectionType[connection.type],
                provider: ConnectionProvider[connection.provider],
              },
            ],
      ...(authorization === undefined
        ? {}
        : {
            auth_request: {
              ...optional('connection_id', authorization.connectionId),
              ...optional('organization_id', authorization.organizationId),
              ...optional('domain', authorization.domain),
              ...optional('login_hint', authorization.loginHint),
              ...optional('state', authorization.state),
            },
          }),
      device_type: deviceType(userAgent),
      ip_address: '127.0.0.1',
      region: '',
      city: '',
      user_agent: userAgent,
    },
    data: {
      user: {
        ...optional('id', userId),
        email,
        memberships: organizationId === undefined ? [] : [{ organization_id: organizationId }],
      },
    },
  };
}

function deviceType(userAgent: string): 'Desktop' | 'Mobile' | 'Tablet' | 'Unknown' {
  if (/ipad|tablet/i.test(userAgent)) return 'Tablet';
  if (/mobi|iphone|android/i.test(userAgent)) return 'Mobile';
  return /windows|macintosh|linux|cros/i.test(userAgent) ? 'Desktop' : 'Unknown';
}
