import { create } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import {
  AuditLogsService,
  AuthLogRequestSchema,
  ConnectionDetailsSchema,
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
import { listingOf, page, type Listing } from '../store/pages';
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

/** The list position of the first sample. The logins at this sandbox have the positions before it: n has `FIRST_SAMPLE - 1 - n`. */
const FIRST_SAMPLE = 1_000_000_000;
const MOST_LIVE = 10_000;
const MOST_STEPS = 20;

/** One step of a login, as the log shows it. */
export interface LoginStep {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly text: string;
  readonly status: LoginStatus;
}

export type LoginStatus = 'INITIATED' | 'PENDING' | 'SUCCESS' | 'FAILED';

interface LiveLogin {
  readonly entry: AuthLogRequest;
  readonly steps: readonly LoginStep[];
  readonly failure: readonly [code: string, description: string] | undefined;
}

/** What a step of a login at this sandbox adds to its entry in the log. */
export interface LoginProgress
  extends Partial<
    Pick<
      AuthLogRequest,
      'organizationId' | 'connectionId' | 'connectionType' | 'connectionProvider' | 'email' | 'workflow' | 'clientId'
    >
  > {
  readonly status: LoginStatus;
  readonly text: string;
  readonly failure?: readonly [code: string, description: string];
}

/** The log of logins, newest first: those at this sandbox, then the samples. */
export class AuthenticationLogs implements Listing<AuthLogRequest> {
  /** The samples. */
  readonly all: Collection<AuthLogRequest>;
  /** By number, in order of their start. The latest ones, without a gap. */
  readonly #live = new Map<number, LiveLogin>();
  readonly #numbers = new Map<string, number>();
  #next = 0;

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

  /** How many logins at this sandbox are kept. */
  get liveCount(): number {
    return this.#live.size;
  }

  get size(): number {
    return this.#live.size + this.all.size;
  }

  *after(position: number): Generator<[number, AuthLogRequest]> {
    const newest = Math.min(this.#next - 1, FIRST_SAMPLE - 2 - position);
    for (let number = newest; number >= this.#next - this.#live.size; number--) {
      const login = this.#live.get(number);
      if (login !== undefined) yield [FIRST_SAMPLE - 1 - number, login.entry];
    }
    for (const [at, login] of this.all.after(position - FIRST_SAMPLE)) yield [FIRST_SAMPLE + at, login];
  }

  *before(position: number): Generator<[number, AuthLogRequest]> {
    for (const [at, login] of this.all.before(position - FIRST_SAMPLE)) yield [FIRST_SAMPLE + at, login];
    const oldest = Math.max(FIRST_SAMPLE - position, this.#next - this.#live.size);
    for (let number = oldest; number < this.#next; number++) {
      const login = this.#live.get(number);
      if (login !== undefined) yield [FIRST_SAMPLE - 1 - number, login.entry];
    }
  }

  /** Writes down a step of a login at this sandbox. The first one makes its entry. */
  record(authRequestId: string, { status, text, failure, ...fields }: LoginProgress): void {
    const { world } = this.users.organizations;
    const known = this.#numbers.get(authRequestId);
    const number = known ?? this.#next++;
    const login = this.#live.get(number);
    if (known !== undefined && login === undefined) return;
    const step = { time: world.now(), text, status };
    const begun =
      login?.entry ??
      create(AuthLogRequestSchema, {
        environmentId: world.environmentId,
        authRequestId,
        timestamp: timestampFromMs(world.now()),
      });
    const merged: AuthLogRequest = { ...begun, ...fields, status };
    const { connectionId, organizationId, connectionType, connectionProvider } = merged;
    this.#numbers.set(authRequestId, number);
    this.#live.set(number, {
      entry: {
        ...merged,
        connectionDetails:
          connectionId === ''
            ? []
            : [create(ConnectionDetailsSchema, { connectionId, organizationId, connectionType, connectionProvider })],
      },
      steps: [...(login?.steps ?? []), step].slice(-MOST_STEPS),
      failure: failure ?? login?.failure,
    });
    const oldest = this.#live.get(this.#next - 1 - MOST_LIVE);
    if (oldest !== undefined) {
      this.#live.delete(this.#next - 1 - MOST_LIVE);
      this.#numbers.delete(oldest.entry.authRequestId);
    }
  }

  /** The steps of a login, oldest first. Of a sample, only its state is known. */
  stepsOf(login: AuthLogRequest): readonly LoginStep[] {
    const live = this.#liveOf(login);
    if (live !== undefined) return live.steps;
    const time = login.timestamp === undefined ? 0 : timestampMs(login.timestamp);
    const text = login.status === 'FAILED' ? 'Login failed' : 'Login';
    return [{ time, text, status: login.status as LoginStatus }];
  }

  /** Why a login failed. Undefined if it didn't. */
  failureOf(login: AuthLogRequest): readonly [code: string, description: string] | undefined {
    if (login.status !== 'FAILED') return undefined;
    const live = this.#liveOf(login);
    if (live !== undefined) return live.failure;
    const position = this.all.ids.positionOf(login.authRequestId) ?? 0;
    return this.users.organizations.world.seed.pick(FAILURES, 'failure', position);
  }

  #liveOf(login: AuthLogRequest): LiveLogin | undefined {
    return this.#live.get(this.#numbers.get(login.authRequestId) ?? -1);
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
        const { items, ...rest } = page(logs, request, 'logins');
        return { authRequests: items, ...rest };
      }
      const found = await search(
        logs,
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

/** Events: the steps of each login, newest first, with the reason if it failed. */
export function eventResource(logs: AuthenticationLogs): Resource {
  const eventsOf = (login: AuthLogRequest): ScalekitEvent[] => {
    const failure = logs.failureOf(login);
    return logs
      .stepsOf(login)
      .map(({ time, text, status }, index) =>
        create(ScalekitEventSchema, {
          specVersion: '1',
          id: `evt_${login.authRequestId.replace(/^[a-z]+_/, '')}${index === 0 ? '' : index}`,
          type: `auth_request.${status.toLowerCase()}`,
          occurredAt: timestampFromMs(time),
          environmentId: login.environmentId,
          organizationId: login.organizationId,
          object: ObjectType.AuthRequest,
          data: {
            auth_request_id: login.authRequestId,
            connection_id: login.connectionId,
            email: login.email,
            status,
            ...(status === 'FAILED' && failure !== undefined
              ? { error: failure[0], error_description: failure[1] }
              : {}),
          },
          displayName: text,
        }),
      )
      .reverse();
  };
  const list = async (request: { filter?: EventFilter; pageSize: number; pageToken: string }) => {
    const { filter } = request;
    const matchesLogin = (login: AuthLogRequest) =>
      filter === undefined ||
      ((filter.organizationId === '' || filter.organizationId === login.organizationId) &&
        (filter.authRequestId === '' || filter.authRequestId === login.authRequestId) &&
        ((filter.connectionId ?? '') === '' || filter.connectionId === login.connectionId));
    const matches = (event: ScalekitEvent) =>
      filter === undefined ||
      ((filter.eventTypes.length === 0 || filter.eventTypes.includes(event.type)) &&
        isBetween(event.occurredAt, filter.startTime, filter.endTime));
    const found = (await search(logs, matchesLogin)).flatMap(eventsOf).filter(matches);
    const scope = `events ${JSON.stringify([filter?.eventTypes, filter?.organizationId, filter?.authRequestId, filter?.connectionId, seconds(filter?.startTime), seconds(filter?.endTime)])}`;
    const { items, ...rest } = page(listingOf(found), request, scope);
    return { events: items, ...rest };
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
