import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  ClientSchema,
  ClientSecretSchema,
  ClientSecretStatus,
  ClientService,
  type Client,
  type UpdateClient,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb';
import type { ApiClient, Application } from '../oauth/apiClients';
import { ApiError } from '../protocol/apiError';
import { resource, type Resource } from '../protocol/resource';
import { redirectUriProblem } from '../signIn/redirectUris';
import type { World } from '../store/world';

type EnvironmentClient = ApiClient & { readonly application: Application };

/** The clients of the environment: the applications that people sign in to, with their redirect URIs. */
export function environmentClientResource(world: World): Resource {
  const find = (clientId: string): EnvironmentClient => {
    const client = world.clients.find(clientId);
    if (client?.application === undefined) throw ApiError.notFound('client', clientId);
    return client as EnvironmentClient;
  };

  return resource(ClientService, {
    getClient: ({ clientId }) => ({ client: message(find(clientId)) }),

    updateClient({ clientId, client: update, mask }) {
      const client = find(clientId);
      if (update === undefined) throw ApiError.invalid('client is required', 'client', 'required');
      checkUris(update);
      const { application } = client;
      // Without a mask, an empty list looks like one that was left out.
      const list = (name: string, sent: readonly string[], current: readonly string[]) =>
        mask?.paths.includes(name) === true || sent.length > 0 ? [...sent] : current;
      const changed: EnvironmentClient = {
        ...client,
        application: {
          ...application,
          name: update.name || application.name,
          postLoginUris: list('post_login_uris', update.postLoginUris, application.postLoginUris),
          postLogoutRedirectUris: list(
            'post_logout_redirect_uris',
            update.postLogoutRedirectUris,
            application.postLogoutRedirectUris,
          ),
          backChannelLogoutUris: list(
            'back_channel_logout_uris',
            update.backChannelLogoutUris,
            application.backChannelLogoutUris,
          ),
          initiateLoginUri: update.initiateLoginUri ?? application.initiateLoginUri,
          updatedAt: world.now(),
        },
      };
      world.clients.put(changed);
      return { client: message(changed) };
    },
  });
}

/** @throws ApiError INVALID_ARGUMENT for an address that can't be registered */
function checkUris({ postLoginUris, postLogoutRedirectUris, initiateLoginUri = '' }: UpdateClient): void {
  const lists = [
    ['client.post_login_uris', postLoginUris],
    ['client.post_logout_redirect_uris', postLogoutRedirectUris],
    ['client.initiate_login_uri', initiateLoginUri === '' ? [] : [initiateLoginUri]],
  ] as const;
  for (const [field, uris] of lists) {
    for (const uri of uris) {
      const problem = redirectUriProblem(uri);
      if (problem !== undefined) throw ApiError.invalid(`${uri} ${problem}`, field, 'string.uri');
    }
  }
}

function message({
  clientId,
  secrets,
  application,
  scopes = [],
  disallowScalekitApiAccess,
}: EnvironmentClient): Client {
  const isWeb = application.type === 'WEB';
  return create(ClientSchema, {
    id: clientId,
    keyId: clientId,
    createTime: timestampFromMs(application.createdAt),
    updateTime: timestampFromMs(application.updatedAt),
    secrets: secrets.map(({ id, value, active }) =>
      create(ClientSecretSchema, {
        id,
        secretSuffix: value.slice(-4),
        status: active ? ClientSecretStatus.ACTIVE : ClientSecretStatus.INACTIVE,
      }),
    ),
    name: application.name,
    postLoginUris: [...application.postLoginUris],
    postLogoutRedirectUris: [...application.postLogoutRedirectUris],
    backChannelLogoutUris: [...application.backChannelLogoutUris],
    initiateLoginUri: application.initiateLoginUri,
    scopes: [...scopes],
    disallowScalekitApiAccess: disallowScalekitApiAccess === true,
    grantTypes: ['authorization_code', 'refresh_token', ...(isWeb ? ['client_credentials'] : [])],
    clientType: application.type,
    enforcePkce: !isWeb,
  });
}
