import { create } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import {
  AuditLogsService,
  AuthLogRequestSchema,
  type AuthLogRequest,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/auditlogs/auditlogs_pb';
import {
  ConnectionProvider,
  ConnectionType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb';
import {
  EventsService,
  ObjectType,
  ScalekitEventSchema,
  type EventFilter,
  type ScalekitEvent,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/events/events_pb';
import { ApiError } from '../protocol/apiError';
import { resource, type Resource } from '../protocol/resource';
import { Collection } from '../store/collection';
import { IdSeries } from '../store/idSeries';
import { listingOf, page } from '../store/pages';
import { search } from '../store/search';
import type { Connections } from './connections';
import type { Users } from './users';

const LOGINS_PER_ORGANIZATION = 4;
// Filtering looks at each one.
const MOST_LOGINS = 10_000;
const STATUSES = ['INITIATED', 'PENDING', 'SUCCESS', 'FAILED'];
const MINUTES_BETWEEN = 23;
/** Reasons for which sample logins failed. */
const FAILURES = [
  ['invalid_assertion', "The SAML assertion isn't signed with the certificate on file"],
  ['access_denied', 'The user declined to grant access'],
  ['user_not_found', 'No active user with this email address'],
  ['idp_timeout', "The identity provider didn't respond in time"],
] as const;

/** Past logins, newest first. */
export class AuthenticationLogs {
  readonly all: Collection<AuthLogRequest>;

  constructor(
    private readonly users: Users,
    private readonly connections: Connections,
  ) {
    const { world, sampleCount } = users.organizations;
    this.all = new Collection(new IdSeries('auth_', '64454', 800117700661, 401), {
      count: Math.min(sampleCount * LOGINS_PER_ORGANIZATION, MOST_LOGINS),
      make: (position) => {
        const { seed, firstStartedAt } = world;
        // It's a log: later changes to the user or the organization don't change it.
        const user = users.all.original(seed.number(Math.max(users.all.sampleCount, 1), 'login user', position));
        const organizationId = user?.memberships[0]?.organizationId ?? '';
        const connection = this.connections.ofOrganizations.firstOriginalOf(organizationId);
        const type = ConnectionType[connection?.type ?? ConnectionType.PASSWORDLESS] as string;
        const provider = ConnectionProvider[connection?.provider ?? ConnectionProvider.SCALEKIT] as string;
        const connectionId = connection?.id ?? '';
        return create(AuthLogRequestSchema, {
          organizationId,
          environmentId: world.environmentId,
          connectionId,
          authRequestId: this.all.ids.idAt(position),
          email: user?.email ?? '',
          connectionType: type,
          connectionProvider: provider,
          status: seed.pick(
            ['SUCCESS', 'SUCCESS', 'SUCCESS', 'SUCCESS', 'FAILED', 'PENDING', 'INITIATED'],
            'login status',
            position,
          ),
          timestamp: timestampFromMs(
            firstStartedAt -
              position * MINUTES_BETWEEN * 60_000 -
              seed.number(MINUTES_BETWEEN * 60_000, 'login', position),
          ),
          connectionDetails:
            connection === undefined
              ? []
              : [{ connectionId, organizationId, connectionType: type, connectionProvider: provider }],
          workflow: connection === undefined ? 'PASSWORDLESS' : 'SSO',
          clientId: '',
        });
      },
    });
  }

  /** Why the login at a position failed. */
  failureAt(position: number): readonly [code: string, description: string] {
    return this.users.organizations.world.seed.pick(FAILURES, 'failure', position);
  }
}

/** The authentication log. */
export function authenticationLogResource(logs: AuthenticationLogs): Resource {
  return resource(AuditLogsService, {
    async listAuthRequests(request) {
      for (const status of request.status) {
        if (!STATUSES.includes(status))
          throw ApiError.invalid(`${status} isn't a status of a login`, 'status', 'string.in');
      }
      const { email, status, startTime, endTime, resourceId, connectedAccountIdentifier, clientId } = request;
      const filters = [email, resourceId, connectedAccountIdentifier, clientId, ...status, startTime, endTime].filter(
        (filter) => filter !== undefined && filter !== '',
      );
      if (filters.length === 0) {
        const { items, ...rest } = page(logs.all, request, 'logins');
        return { authRequests: items, ...rest };
      }
      const found = await search(
        logs.all,
        (login) =>
          (email === '' || login.email.toLowerCase() === email.toLowerCase()) &&
          (status.length === 0 || status.includes(login.status)) &&
          (resourceId === '' || login.resourceId === resourceId) &&
          (clientId === '' || login.clientId === clientId) &&
          (connectedAccountIdentifier === '' || login.connectedAccountIdentifier === connectedAccountIdentifier) &&
          isBetween(login.timestamp, startTime, endTime),
      );
      const scope = `logins ${JSON.stringify([email, status, resourceId, clientId, connectedAccountIdentifier, seconds(startTime), seconds(endTime)])}`;
      const { items, ...rest } = page(listingOf(found), request, scope);
      return { authRequests: items, ...rest };
    },
  });
}

/** Events: what happened to each login, with the reason if it failed. */
export function eventResource(logs: AuthenticationLogs): Resource {
  const event = (position: number, login: AuthLogRequest): ScalekitEvent => {
    const failed = login.status === 'FAILED';
    const [error, description] = logs.failureAt(position);
    return create(ScalekitEventSchema, {
      specVersion: '1',
      id: `evt_${login.authRequestId.slice(5)}`,
      type: `auth_request.${login.status.toLowerCase()}`,
      occurredAt: login.timestamp as Timestamp,
      environmentId: login.environmentId,
      organizationId: login.organizationId,
      object: ObjectType.AuthRequest,
      data: {
        auth_request_id: login.authRequestId,
        connection_id: login.connectionId,
        email: login.email,
        status: login.status,
        ...(failed ? { error, error_description: description } : {}),
      },
      displayName: failed ? 'Login failed' : 'Login',
    });
  };
  const list = async (request: { filter?: EventFilter; pageSize: number; pageToken: string }) => {
    const { filter } = request;
    const matches = (login: AuthLogRequest) =>
      filter === undefined ||
      ((filter.eventTypes.length === 0 || filter.eventTypes.includes(`auth_request.${login.status.toLowerCase()}`)) &&
        (filter.organizationId === '' || filter.organizationId === login.organizationId) &&
        (filter.authRequestId === '' || filter.authRequestId === login.authRequestId) &&
        ((filter.connectionId ?? '') === '' || filter.connectionId === login.connectionId) &&
        isBetween(login.timestamp, filter.startTime, filter.endTime));
    const found = await search(logs.all, matches);
    const scope = `events ${JSON.stringify([filter?.eventTypes, filter?.organizationId, filter?.authRequestId, filter?.connectionId, seconds(filter?.startTime), seconds(filter?.endTime)])}`;
    const { items, ...rest } = page(listingOf(found), request, scope);
    return { events: items.map((login) => event(logs.all.ids.positionOf(login.authRequestId) ?? 0, login)), ...rest };
  };
  return resource(EventsService, {
    listEvents: list,
    async listEventsPaginated(request) {
      const { events, nextPageToken, prevPageToken } = await list(request);
      return { events, nextPageToken, prevPageToken };
    },
  });
}

function isBetween(time: Timestamp | undefined, start: Timestamp | undefined, end: Timestamp | undefined): boolean {
  if (time === undefined) return false;
  if (start !== undefined && timestampMs(time) < timestampMs(start)) return false;
  return end === undefined || timestampMs(time) <= timestampMs(end);
}

function seconds(time: Timestamp | undefined): string {
  return time === undefined ? '' : String(time.seconds);
}
