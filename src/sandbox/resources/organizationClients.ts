import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  ClientSecretSchema,
  ClientSecretStatus,
  ClientService,
  M2MClientSchema,
  type ClientSecret,
  type M2MClient,
  type OrganizationClient,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb';
import { ApiError } from '../protocol/apiError';
import { resource, type Resource } from '../protocol/resource';
import { randomDigits, randomSecret } from '../random';
import { IdSeries } from '../store/idSeries';
import { OwnedCollection } from '../store/ownedCollection';
import { listingOf, page } from '../store/pages';
import { Shares } from '../store/shares';
import { timestampNow } from '../store/world';
import { sampleCreation, type Organizations } from './organizations';

const DEFAULT_EXPIRY_SECONDS = 3600n;
const NAMES = ['CI pipeline', 'Data export', 'Billing sync', 'Support bot'];

/** The API clients of organizations. The secrets of the sample clients are unknown, because Scalekit shows a secret only once. */
export function organizationClientResource(organizations: Organizations): Resource {
  const { world } = organizations;
  const all = new OwnedCollection<M2MClient>(
    new IdSeries('m2morg_', '64453', 700221330619, 311),
    organizations,
    new Shares([2, 0, 1, 0, 0, 1, 0, 0, 0, 1]),
    (clientId, { position, organizationPosition, organizationId, index }) => {
      const created = timestampFromMs(sampleCreation(world, organizationPosition) + (index + 2) * 86_400_000);
      return create(M2MClientSchema, {
        clientId,
        name: world.seed.pick(NAMES, 'client name', position),
        description: index === 0 ? 'Runs at night' : '',
        organizationId,
        createTime: created,
        updateTime: created,
        scopes: ['projects:read', ...(index === 0 ? ['reports:export'] : [])],
        audience: index === 0 ? ['https://api.example.com'] : [],
        customClaims: index === 0 ? [{ key: 'tier', value: 'gold' }] : [],
        expiry: DEFAULT_EXPIRY_SECONDS,
        secrets: [
          create(ClientSecretSchema, {
            id: `sks_6445${String(4_701_003_000_000 + position)}`,
            createTime: created,
            updateTime: created,
            secretSuffix: world.seed.number(1_679_616, 'suffix', position).toString(36).padStart(4, 'q'),
            status: index === 1 ? ClientSecretStatus.INACTIVE : ClientSecretStatus.ACTIVE,
          }),
        ],
      });
    },
  );
  organizations.beforeDelete((id) => {
    for (const { clientId } of all.of(id)) world.clients.remove(clientId);
    all.deleteOf(id, ({ clientId }) => clientId);
  });

  /** Values of the secrets created here, by the secret's id. The token endpoint needs them, but no response shows them again. */
  const values = new Map<string, string>();

  const get = (organizationId: string, clientId: string): M2MClient => {
    organizations.get(organizationId);
    const client = all.getOf(organizationId, clientId);
    if (client === undefined) throw ApiError.notFound('client', clientId);
    return client;
  };

  const save = (client: M2MClient): M2MClient => {
    const changed = { ...client, updateTime: timestampNow(world) };
    all.set(client.clientId, changed);
    register(changed);
    return changed;
  };

  const register = (client: M2MClient): void => {
    world.clients.put({
      clientId: client.clientId,
      organizationId: client.organizationId,
      secrets: client.secrets.flatMap(({ id, status }) => {
        const value = values.get(id);
        return value === undefined ? [] : [{ id, value, active: status === ClientSecretStatus.ACTIVE }];
      }),
      scopes: client.scopes,
      audience: client.audience,
      customClaims: Object.fromEntries(client.customClaims.map(({ key, value }) => [key, value])),
      tokenLifetimeSeconds: Number(client.expiry),
    });
  };

  const newSecret = (): { plainSecret: string; secret: ClientSecret } => {
    const plainSecret = `test_${randomSecret()}`;
    const now = timestampNow(world);
    const secret = create(ClientSecretSchema, {
      id: `sks_${randomDigits(17)}`,
      createTime: now,
      updateTime: now,
      secretSuffix: plainSecret.slice(-4),
      status: ClientSecretStatus.ACTIVE,
    });
    values.set(secret.id, plainSecret);
    return { plainSecret, secret };
  };

  const expiryOf = (client: OrganizationClient): bigint => {
    if (client.expiry < 0n) throw ApiError.invalid('expiry must not be negative', 'client.expiry', 'int64.gte');
    return client.expiry;
  };

  return resource(ClientService, {
    listOrganizationClients(request) {
      organizations.get(request.organizationId);
      const { items, ...rest } = page(
        listingOf(all.of(request.organizationId)),
        request,
        `clients ${request.organizationId}`,
      );
      return { clients: items, ...rest };
    },

    getOrganizationClient: ({ organizationId, clientId }) => ({ client: get(organizationId, clientId) }),

    createOrganizationClient({ organizationId, client }) {
      organizations.get(organizationId);
      if (client === undefined) throw ApiError.invalid('client is required', 'client', 'required');
      const { plainSecret, secret } = newSecret();
      const now = timestampNow(world);
      const created = all.add((clientId) =>
        create(M2MClientSchema, {
          clientId,
          name: client.name,
          description: client.description,
          organizationId,
          createTime: now,
          updateTime: now,
          scopes: client.scopes,
          audience: client.audience,
          customClaims: client.customClaims,
          expiry: expiryOf(client) || DEFAULT_EXPIRY_SECONDS,
          secrets: [secret],
        }),
      );
      register(created);
      return { client: created, plainSecret };
    },

    updateOrganizationClient({ organizationId, clientId, client: update }) {
      const client = get(organizationId, clientId);
      if (update === undefined) return { client };
      const changed = save({
        ...client,
        name: update.name || client.name,
        description: update.description || client.description,
        scopes: update.scopes.length > 0 ? update.scopes : client.scopes,
        audience: update.audience.length > 0 ? update.audience : client.audience,
        customClaims: update.customClaims.length > 0 ? update.customClaims : client.customClaims,
        expiry: expiryOf(update) || client.expiry,
      });
      return { client: changed };
    },

    deleteOrganizationClient({ organizationId, clientId }) {
      get(organizationId, clientId);
      all.delete(clientId);
      world.clients.remove(clientId);
      return {};
    },

    createOrganizationClientSecret({ organizationId, clientId }) {
      const client = get(organizationId, clientId);
      const { plainSecret, secret } = newSecret();
      save({ ...client, secrets: [...client.secrets, secret] });
      return { plainSecret, secret };
    },

    deleteOrganizationClientSecret({ organizationId, clientId, secretId }) {
      const client = get(organizationId, clientId);
      if (!client.secrets.some(({ id }) => id === secretId)) throw ApiError.notFound('secret', secretId);
      values.delete(secretId);
      save({ ...client, secrets: client.secrets.filter(({ id }) => id !== secretId) });
      return {};
    },
  });
}
