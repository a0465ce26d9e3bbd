import { create } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import {
  ConfigurationType,
  ConnectionProvider,
  ConnectionSchema,
  ConnectionService,
  ConnectionStatus,
  ConnectionType,
  ListConnectionSchema,
  NameIdFormat,
  OIDCScope,
  RequestBinding,
  SAMLConnectionConfigResponseSchema,
  SAMLSigningOptions,
  TestResultStatus,
  TokenAuthType,
  type Connection,
  type ListConnection,
  type SAMLConnectionConfigResponse,
  type UpdateConnection,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb';
import { ApiError } from '../protocol/apiError';
import { optional } from '../protocol/optional';
import { resource, type Resource } from '../protocol/resource';
import type { SeededRandom } from '../random';
import { Collection } from '../store/collection';
import { IdSeries } from '../store/idSeries';
import { OwnedCollection } from '../store/ownedCollection';
import { listingOf, page, type Listing } from '../store/pages';
import { contains, search } from '../store/search';
import { Shares } from '../store/shares';
import { timestampNow, type World } from '../store/world';
import { connectionData } from '../webhooks/eventData';
import type { Domains } from './domains';
import { sampleCreation, type Organizations } from './organizations';

/** A connection together with what only Scalekit knows about it. */
type OwnedConnection = Connection & { organizationId: string };

const APP_PROVIDERS = ['gmail', 'slack', 'github', 'notion', 'hubspot'];

/** The connections: those of organizations (SSO) and those of the environment (social login, apps). */
export class Connections {
  readonly ofOrganizations: OwnedCollection<OwnedConnection>;
  readonly ofEnvironment: Collection<Connection>;
  readonly #domainIds = new Map<string, string[]>();

  constructor(
    readonly organizations: Organizations,
    readonly domains: Domains,
  ) {
    const { world } = organizations;
    this.ofOrganizations = new OwnedCollection(
      new IdSeries('conn_', '64446', 120334551903, 5417),
      organizations,
      new Shares([5, 1, 2, 0, 1, 3, 0, 1, 2, 1]),
      (id, place) => sampleSsoConnection(world, id, place, organizations.names.at(place.organizationPosition).slug),
    );
    this.ofEnvironment = new Collection(new IdSeries('conn_', '64440', 410220039551, 4099), {
      count: 3 + APP_PROVIDERS.length,
      make: (position) => sampleEnvironmentConnection(world, this.ofEnvironment.ids.idAt(position), position),
    });
    organizations.beforeDelete((id) => this.ofOrganizations.deleteOf(id, (connection) => connection.id));
  }

  /** @throws ApiError NOT_FOUND, even if another organization has it */
  getOf(organizationId: string, id: string): OwnedConnection {
    this.organizations.get(organizationId);
    const connection = this.ofOrganizations.getOf(organizationId, id);
    if (connection === undefined) throw ApiError.notFound('connection', id);
    return connection;
  }

  /** Any connection of the environment or of an organization. @throws ApiError NOT_FOUND */
  get(id: string): Connection {
    const connection = this.ofEnvironment.get(id) ?? this.ofOrganizations.get(id);
    if (connection === undefined) throw ApiError.notFound('connection', id);
    return connection;
  }

  set(connection: Connection): Connection {
    const changed = { ...connection, updateTime: timestampNow(this.organizations.world) };
    if (changed.organizationId === undefined) this.ofEnvironment.set(changed.id, changed);
    else this.ofOrganizations.set(changed.id, changed as OwnedConnection);
    return changed;
  }

  /** Sends the event of a change, if the connection is an organization's. */
  tell(change: 'created' | 'enabled' | 'disabled' | 'deleted', connection: Connection): void {
    if (connection.organizationId === undefined) return;
    this.organizations.world.events.emit(`organization.sso_${change}`, connection.organizationId, () =>
      connectionData(connection, change === 'enabled' || change === 'disabled'),
    );
  }

  delete(connection: Connection): void {
    if (!this.ofEnvironment.delete(connection.id)) this.ofOrganizations.delete(connection.id);
    this.tell('deleted', connection);
  }

  assignDomains(connectionId: string, domainIds: readonly string[]): void {
    this.#domainIds.set(connectionId, [...domainIds]);
  }

  /** The connection as a get returns it: with its domains and its own addresses. */
  full(connection: Connection): Connection {
    return { ...connection, domains: this.#domainsOf(connection) };
  }

  /** The connection as lists return it. */
  row(connection: Connection): ListConnection {
    const organization =
      connection.organizationId === undefined ? undefined : this.organizations.all.get(connection.organizationId);
    return create(ListConnectionSchema, {
      id: connection.id,
      provider: connection.provider,
      type: connection.type,
      status: connection.status,
      enabled: connection.enabled,
      organizationId: connection.organizationId ?? '',
      uiButtonTitle: connection.uiButtonTitle,
      domains: this.#domainsOf(connection).map(({ domain }) => domain),
      organizationName: organization?.displayName ?? '',
      providerKey: connection.providerKey,
      keyId: connection.keyId ?? '',
      ...(connection.createTime === undefined ? {} : { createdAt: connection.createTime }),
    });
  }

  #domainsOf(connection: Connection) {
    if (connection.organizationId === undefined) return [];
    const assigned = this.#domainIds.get(connection.id);
    const all = this.domains.all.of(connection.organizationId);
    if (assigned !== undefined) return all.filter(({ id }) => assigned.includes(id));
    // The sample domain of a company leads to its first completed connection.
    const first = this.ofOrganizations
      .of(connection.organizationId)
      .find(({ status }) => status === ConnectionStatus.COMPLETED);
    return first?.id === connection.id ? all.slice(0, 1) : [];
  }
}

/** The settings of a connection that somebody has set up, with addresses of an identity provider that doesn't exist. */
export function sampleSettings(
  world: World,
  { id, type, createTime }: Pick<Connection, 'id' | 'type' | 'createTime'>,
  slug: string,
): Connection['settings'] {
  switch (type) {
    case ConnectionType.SAML:
      return samlSettings(
        world,
        id,
        slug,
        createTime === undefined ? world.now() : timestampMs(createTime),
      ) as Connection['settings'];
    case ConnectionType.OIDC:
      return oidcSettings(world, world.seed, id, slug, 0) as Connection['settings'];
    default:
      return { case: undefined };
  }
}

function sampleSsoConnection(
  world: World,
  id: string,
  place: { position: number; organizationPosition: number; organizationId: string; index: number },
  slug: string,
): OwnedConnection {
  const { seed } = world;
  const { position, organizationPosition, index } = place;
  const looney = organizationPosition === 0;
  const status =
    index === 0
      ? ConnectionStatus.COMPLETED
      : looney
        ? ([
            ConnectionStatus.COMPLETED,
            ConnectionStatus.DRAFT,
            ConnectionStatus.IN_PROGRESS,
            ConnectionStatus.COMPLETED,
          ][index - 1] as ConnectionStatus)
        : seed.pick(
            [ConnectionStatus.COMPLETED, ConnectionStatus.DRAFT, ConnectionStatus.IN_PROGRESS],
            'connection status',
            position,
          );
  const type = index % 2 === 0 ? ConnectionType.SAML : ConnectionType.OIDC;
  const provider = looney
    ? ([
        ConnectionProvider.OKTA,
        ConnectionProvider.GOOGLE,
        ConnectionProvider.MICROSOFT_AD,
        ConnectionProvider.CUSTOM,
        ConnectionProvider.IDP_SIMULATOR,
      ][index] as ConnectionProvider)
    : seed.pick(
        [
          ConnectionProvider.OKTA,
          ConnectionProvider.MICROSOFT_AD,
          ConnectionProvider.GOOGLE,
          ConnectionProvider.ONELOGIN,
          ConnectionProvider.JUMPCLOUD,
        ],
        'provider',
        position,
      );
  // Looney Corp's fifth one is complete but disabled.
  const switchedOn = looney ? index < 4 : index === 0 || seed.number(5, 'enabled', position) > 0;
  const enabled = status === ConnectionStatus.COMPLETED && switchedOn;
  const created = sampleCreation(world, organizationPosition) + (index + 1) * 7_200_000;
  return create(ConnectionSchema, {
    id,
    provider,
    type,
    status,
    enabled,
    organizationId: place.organizationId,
    uiButtonTitle: '',
    configurationType: type === ConnectionType.OIDC ? ConfigurationType.DISCOVERY : ConfigurationType.MANUAL,
    testConnectionUri: `${world.url()}/sso/v1/test/${id}`,
    attributeMapping: { email: 'email', given_name: 'firstName', family_name: 'lastName' },
    createTime: timestampFromMs(created),
    updateTime: timestampFromMs(created + 5_400_000),
    keyId: `${ConnectionProvider[provider].toLowerCase().replace(/_/g, '-')}-${index + 1}`,
    settings:
      status === ConnectionStatus.DRAFT
        ? { case: undefined }
        : type === ConnectionType.SAML
          ? samlSettings(world, id, slug, created)
          : oidcSettings(world, seed, id, slug, position),
  }) as OwnedConnection;
}

function oidcSettings(world: World, seed: SeededRandom, id: string, slug: string, position: number) {
  const issuer = `https://login.${slug}.com`;
  return {
    case: 'oidcConfig' as const,
    value: {
      issuer,
      discoveryEndpoint: `${issuer}/.well-known/openid-configuration`,
      authorizeUri: `${issuer}/authorize`,
      tokenUri: `${issuer}/token`,
      userInfoUri: `${issuer}/userinfo`,
      jwksUri: `${issuer}/keys`,
      clientId: `0oa${seed.number(2 ** 31, 'oidc client', position).toString(36)}`,
      // A secret as Scalekit returns it, which a client must redact.
      clientSecret: `sample-${seed.number(2 ** 31, 'oidc secret', position).toString(36)}`,
      scopes: [OIDCScope.openid, OIDCScope.profile, OIDCScope.email],
      tokenAuthType: TokenAuthType.BASIC_AUTH,
      redirectUri: `${world.url()}/sso/v1/oidc/${id}/callback`,
      pkceEnabled: true,
    },
  };
}

function samlSettings(world: World, id: string, slug: string, created: number) {
  return {
    case: 'samlConfig' as const,
    value: {
      spEntityId: `${world.url()}/sso/v1/saml/${id}`,
      spAssertionUrl: `${world.url()}/sso/v1/saml/${id}/callback`,
      spMetadataUrl: `${world.url()}/sso/v1/saml/${id}/metadata`,
      idpMetadataUrl: `https://sso.${slug}.com/saml/metadata`,
      idpEntityId: `https://sso.${slug}.com/saml`,
      idpSsoUrl: `https://sso.${slug}.com/saml/login`,
      idpCertificates: [
        {
          id: `cert_${id.slice(5)}`,
          issuer: `CN=sso.${slug}.com`,
          certificate: 'MIIDpDCCAoygAwIBAgIGAV2ka',
          createTime: timestampFromMs(created),
          expiryTime: timestampFromMs(created + 3 * 365 * 86_400_000),
        },
      ],
      idpNameIdFormat: NameIdFormat.EMAIL,
      idpSsoRequestBinding: RequestBinding.HTTP_REDIRECT,
      samlSigningOption: SAMLSigningOptions.SAML_ONLY_RESPONSE_SIGNING,
      allowIdpInitiatedLogin: true,
      forceAuthn: false,
    },
  };
}

function sampleEnvironmentConnection(world: World, id: string, position: number): Connection {
  const created = timestampFromMs(sampleCreation(world, 0) - (20 - position) * 3_600_000);
  const common = { id, status: ConnectionStatus.COMPLETED, createTime: created, updateTime: created };
  if (position === 0) {
    return create(ConnectionSchema, {
      ...common,
      provider: ConnectionProvider.GOOGLE,
      type: ConnectionType.OAUTH,
      enabled: true,
      uiButtonTitle: 'Continue with Google',
      keyId: 'google',
      settings: { case: 'oauthConfig', value: { scopes: ['email', 'profile'], usePlatformCreds: true } },
    });
  }
  if (position === 1) {
    return create(ConnectionSchema, {
      ...common,
      provider: ConnectionProvider.GITHUB,
      type: ConnectionType.OAUTH,
      status: ConnectionStatus.DRAFT,
      enabled: false,
      keyId: 'github',
    });
  }
  if (position === 2) {
    return create(ConnectionSchema, {
      ...common,
      provider: ConnectionProvider.SCALEKIT,
      type: ConnectionType.PASSWORDLESS,
      enabled: true,
      keyId: 'passwordless',
      settings: { case: 'passwordlessConfig', value: { type: 3 } },
    });
  }
  const app = APP_PROVIDERS[position - 3] as string;
  return create(ConnectionSchema, {
    ...common,
    provider: ConnectionProvider.CUSTOM,
    providerKey: app,
    type: ConnectionType.OAUTH,
    enabled: app !== 'hubspot',
    keyId: `${app}-main`,
    settings: { case: 'oauthConfig', value: { scopes: ['read'], usePlatformCreds: true } },
  });
}

/** Connections: SSO connections of organizations, and those of the environment. */
export function connectionResource(connections: Connections): Resource {
  const { organizations, domains, ofOrganizations, ofEnvironment } = connections;
  const { world } = organizations;
  const isListed = ({ status, enabled }: Connection) => status === ConnectionStatus.COMPLETED && enabled;
  const toggle = (connection: Connection, enabled: boolean) => {
    if (enabled && connection.status !== ConnectionStatus.COMPLETED) {
      return { enabled: false, errorMessage: "The connection isn't completely configured yet" };
    }
    const changed = connections.set({ ...connection, enabled });
    if (connection.enabled !== enabled) connections.tell(enabled ? 'enabled' : 'disabled', changed);
    return { enabled };
  };
  const update = (connection: Connection, change: UpdateConnection | undefined): Connection => {
    if (change === undefined) return connection;
    const { settings } = change;
    const configured = settings.case !== undefined;
    const changed = create(ConnectionSchema, {
      ...connection,
      provider: change.provider || connection.provider,
      type: change.type || connection.type,
      debugEnabled: change.debugEnabled ?? connection.debugEnabled,
      uiButtonTitle: change.uiButtonTitle ?? connection.uiButtonTitle,
      configurationType: change.configurationType || connection.configurationType,
      attributeMapping:
        Object.keys(change.attributeMapping).length > 0 ? change.attributeMapping : connection.attributeMapping,
      providerKey: change.providerKey || connection.providerKey,
      ...optional('keyId', change.keyId ?? connection.keyId),
      ...(configured ? { settings: newSettings(world, connection, change), status: ConnectionStatus.COMPLETED } : {}),
    });
    return connections.full(connections.set(changed));
  };
  const rows = (found: readonly Connection[]) => found.map((connection) => connections.row(connection));
  const pageOfRows = (
    listing: Listing<Connection>,
    request: { pageSize: number; pageToken: string },
    scope: string,
  ) => {
    const { items, ...rest } = page(listing, request, scope);
    return { connections: rows(items), ...rest };
  };

  return resource(ConnectionService, {
    listConnections({ organizationId, domain, include }) {
      let found: Connection[];
      if (organizationId !== undefined) {
        organizations.get(organizationId);
        found = ofOrganizations.of(organizationId);
        if (domain !== undefined)
          found = found.filter((connection) => connections.row(connection).domains.includes(domain));
      } else if (domain !== undefined) {
        const owner = domains.findByName(domain)?.organizationId;
        found =
          owner === undefined
            ? []
            : ofOrganizations.of(owner).filter((connection) => connections.row(connection).domains.includes(domain));
      } else {
        // The connections of all organizations have their own list, with pages.
        found = [...ofEnvironment.after(-1)]
          .map(([, connection]) => connection)
          .filter(({ providerKey }) => providerKey === '');
      }
      return { connections: rows(include === 'all' ? found : found.filter(isListed)) };
    },

    getConnection: ({ organizationId, id }) => ({
      connection: connections.full(connections.getOf(organizationId, id)),
    }),
    getEnvironmentConnection: ({ connectionId }) => ({ connection: connections.full(connections.get(connectionId)) }),

    createConnection({ organizationId, connection }) {
      organizations.get(organizationId);
      if (connection === undefined) throw ApiError.invalid('connection is required', 'connection', 'required');
      if (connection.type === ConnectionType.INVALID)
        throw ApiError.invalid('a connection type is required', 'connection.type', 'required');
      const now = timestampNow(world);
      const created = ofOrganizations.add(
        (id) =>
          create(ConnectionSchema, {
            id,
            provider: connection.provider,
            type: connection.type,
            status: ConnectionStatus.DRAFT,
            organizationId,
            providerKey: connection.providerKey,
            testConnectionUri: `${world.url()}/sso/v1/test/${id}`,
            createTime: now,
            updateTime: now,
            ...optional('keyId', connection.keyId),
          }) as OwnedConnection,
      );
      connections.tell('created', created);
      return { connection: connections.full(created) };
    },

    createEnvironmentConnection({ connection }) {
      if (connection === undefined) throw ApiError.invalid('connection is required', 'connection', 'required');
      const now = timestampNow(world);
      const created = ofEnvironment.add((id) =>
        create(ConnectionSchema, {
          id,
          provider: connection.provider,
          type: connection.type,
          status: ConnectionStatus.DRAFT,
          providerKey: connection.providerKey,
          createTime: now,
          updateTime: now,
          ...optional('keyId', connection.keyId),
        }),
      );
      return { connection: created };
    },

    updateConnection: ({ organizationId, id, connection }) => ({
      connection: update(connections.getOf(organizationId, id), connection),
    }),
    updateEnvironmentConnection: ({ connectionId, connection }) => ({
      connection: update(connections.get(connectionId), connection),
    }),

    deleteConnection({ organizationId, id }) {
      connections.delete(connections.getOf(organizationId, id));
      return {};
    },
    deleteEnvironmentConnection({ connectionId }) {
      connections.delete(connections.get(connectionId));
      return {};
    },

    enableConnection: ({ organizationId, id }) => toggle(connections.getOf(organizationId, id), true),
    disableConnection: ({ organizationId, id }) => toggle(connections.getOf(organizationId, id), false),
    enableEnvironmentConnection: ({ connectionId }) => toggle(connections.get(connectionId), true),
    disableEnvironmentConnection: ({ connectionId }) => toggle(connections.get(connectionId), false),

    assignDomainsToConnection({ organizationId, connectionId, domainIds }) {
      const connection = connections.getOf(organizationId, connectionId);
      for (const id of domainIds) domains.getOf(organizationId, id);
      connections.assignDomains(connectionId, domainIds);
      return { connection: connections.full(connections.set(connection)) };
    },

    listOrganizationConnections: (request) => pageOfRows(ofOrganizations, request, 'connections'),

    async searchOrganizationConnections(request) {
      const { query, provider, status, connectionType, enabled } = request;
      const found = await search<Connection>(ofOrganizations, (connection) => {
        if (status !== undefined && connection.status !== status) return false;
        if (connectionType !== undefined && connection.type !== connectionType) return false;
        if (enabled !== undefined && connection.enabled !== enabled) return false;
        if (
          provider !== undefined &&
          provider !== '' &&
          ConnectionProvider[connection.provider] !== provider.toUpperCase()
        )
          return false;
        return (
          query === undefined ||
          query === '' ||
          contains(query, connection.id, connections.row(connection).organizationName)
        );
      });
      const scope = `connections search ${JSON.stringify([query, provider, status, connectionType, enabled])}`;
      return pageOfRows(listingOf(found), request, scope);
    },

    async listAppConnections(request) {
      const { query, provider } = request;
      const found = await search(ofEnvironment, ({ providerKey, keyId }) => {
        if (providerKey === '' || (provider !== undefined && providerKey !== provider.toLowerCase())) return false;
        return query === undefined || contains(query, providerKey, keyId);
      });
      return pageOfRows(listingOf(found), request, `app connections ${provider ?? ''} ${query ?? ''}`);
    },

    getConnectionTestResult({ connectionId, testRequestId }) {
      connections.get(connectionId);
      return {
        status: TestResultStatus.SUCCESS,
        userInfo: JSON.stringify({ email: 'test.user@example.com', test_request: testRequestId }),
      };
    },
  });
}

/** The settings of an update as Scalekit returns them afterwards. Scalekit sets its own addresses itself. */
function newSettings(world: World, connection: Connection, { settings }: UpdateConnection): Connection['settings'] {
  if (settings.case === 'oidcConfig') {
    const redirectUri = settings.value.redirectUri || `${world.url()}/sso/v1/oidc/${connection.id}/callback`;
    return { case: 'oidcConfig', value: { ...settings.value, redirectUri } };
  }
  if (settings.case !== 'samlConfig') return settings as Connection['settings'];
  const { idpCertificate, spEntityId, spAssertionUrl } = settings.value;
  // Apart from the certificate, requests and responses use the same names.
  const same = Object.entries(settings.value).filter(([name]) => name !== '$typeName' && name !== 'idpCertificate');
  const init: Omit<SAMLConnectionConfigResponse, '$typeName'> = Object.fromEntries(same) as never;
  const value = create(SAMLConnectionConfigResponseSchema, {
    ...init,
    spEntityId: spEntityId || `${world.url()}/sso/v1/saml/${connection.id}`,
    spAssertionUrl: spAssertionUrl || `${world.url()}/sso/v1/saml/${connection.id}/callback`,
    spMetadataUrl: `${world.url()}/sso/v1/saml/${connection.id}/metadata`,
    idpCertificates: idpCertificate
      ? [{ id: `cert_${connection.id.slice(5)}`, certificate: idpCertificate, createTime: timestampNow(world) }]
      : [],
  });
  return { case: 'samlConfig', value };
}
