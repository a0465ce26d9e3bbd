import { create } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import {
  AuthenticatedClientsSchema,
  RevokedSessionDetailsSchema,
  SessionDetailsSchema,
  SessionService,
  type SessionDetails,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/sessions/sessions_pb';
import { SessionPolicyType } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import { TimeUnit } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb';
import type { User } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb';
import { ApiError } from '../protocol/apiError';
import { resource, type Resource } from '../protocol/resource';
import { randomDigits } from '../random';
import { BoundedMap } from '../store/boundedMap';
import { IdSeries } from '../store/idSeries';
import { listingOf, page } from '../store/pages';
import { sessionData, userData } from '../webhooks/eventData';
import type { Users } from './users';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const PER_USER = 3;
/** Sessions of real sign-ins that are kept. */
const MOST_SESSIONS = 10_000;
/** The environment's policy, as `getApplicationSessionPolicy` returns it. */
const ABSOLUTE_MS = 7 * DAY_MS;
const IDLE_MS = 12 * HOUR_MS;
const UNIT_MS: Readonly<Partial<Record<TimeUnit, number>>> = {
  [TimeUnit.MINUTES]: 60_000,
  [TimeUnit.HOURS]: HOUR_MS,
  [TimeUnit.DAYS]: DAY_MS,
};
const DEVICES = [
  {
    userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15',
    os: 'macOS',
    osVersion: '15.1',
    browser: 'Safari',
    browserVersion: '18.1',
    deviceType: 'Desktop',
    city: 'Lisbon',
    region: 'PT',
  },
  {
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0.0.0',
    os: 'Windows',
    osVersion: '11',
    browser: 'Chrome',
    browserVersion: '142',
    deviceType: 'Desktop',
    city: 'Denver',
    region: 'US',
  },
  {
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Mobile/15E148',
    os: 'iOS',
    osVersion: '18.1',
    browser: 'Safari',
    browserVersion: '18.1',
    deviceType: 'Mobile',
    city: 'Osaka',
    region: 'JP',
  },
];

/** What begins a session. */
export interface NewSession {
  readonly user: User;
  readonly organizationId: string;
  readonly clientId: string;
  readonly userAgent: string;
}

/** The sessions of users who signed in: those of the samples, and those of real sign-ins at this sandbox. */
export class Sessions {
  readonly #sampleIds = new IdSeries('ses_', '64455', 900331770887, 503);
  /** Sample sessions that have ended since. */
  readonly #changed = new Map<string, SessionDetails>();
  readonly #started = new BoundedMap<string, SessionDetails>(MOST_SESSIONS);

  constructor(
    readonly users: Users,
    private readonly clientId: string,
  ) {}

  /** How many sessions of real sign-ins are kept. */
  get startedCount(): number {
    return this.#started.size;
  }

  start({ user, organizationId, clientId, userAgent }: NewSession): SessionDetails {
    const now = this.#now;
    const { absolute, idle } = this.#limits(organizationId);
    const session = create(SessionDetailsSchema, {
      sessionId: `ses_${randomDigits(17)}`,
      userId: user.id,
      authenticatedOrganizations: [organizationId],
      organizationId,
      createdAt: timestampFromMs(now),
      updatedAt: timestampFromMs(now),
      lastActiveAt: timestampFromMs(now),
      idleExpiresAt: timestampFromMs(now + idle),
      absoluteExpiresAt: timestampFromMs(now + absolute),
      status: 'active',
      device: { userAgent, ip: '127.0.0.1' },
      authenticatedClients: [{ clientId, organizationId }],
    });
    this.#started.set(session.sessionId, session);
    this.#tell('login', session, user);
    return session;
  }

  /** The session while it's open. Undefined once it has ended, by sign-out, by the API or by time. */
  active(sessionId: string): SessionDetails | undefined {
    const session = this.#get(sessionId);
    return session?.status === 'active' ? session : undefined;
  }

  /** Notes that an open session was used, by a client in an organization. */
  touch(sessionId: string, clientId: string, organizationId: string): void {
    const session = this.active(sessionId);
    if (session === undefined || !this.#started.has(sessionId)) return;
    const now = timestampFromMs(this.#now);
    const knows = session.authenticatedClients.some(
      (client) => client.clientId === clientId && client.organizationId === organizationId,
    );
    this.#started.set(
      sessionId,
      create(SessionDetailsSchema, {
        ...session,
        organizationId,
        updatedAt: now,
        lastActiveAt: now,
        idleExpiresAt: timestampFromMs(this.#now + this.#limits(organizationId).idle),
        authenticatedOrganizations: [...new Set([...session.authenticatedOrganizations, organizationId])],
        authenticatedClients: knows
          ? session.authenticatedClients
          : [...session.authenticatedClients, create(AuthenticatedClientsSchema, { clientId, organizationId })],
      }),
    );
  }

  /** @throws ApiError NOT_FOUND */
  get(sessionId: string): SessionDetails {
    const session = this.#get(sessionId);
    if (session === undefined) throw ApiError.notFound('session', sessionId);
    return session;
  }

  /** The sessions of a user, those of real sign-ins first. */
  of(user: User): SessionDetails[] {
    const started = [...this.#started.values()].filter(({ userId }) => userId === user.id).reverse();
    return [...started.map((session) => this.#withTime(session)), ...this.#samplesOf(user)];
  }

  end(session: SessionDetails, status: 'logout' | 'revoked'): SessionDetails {
    const now = timestampFromMs(this.#now);
    const ended = { ...session, status, updatedAt: now, logoutAt: now };
    if (this.#started.has(session.sessionId)) this.#started.set(session.sessionId, ended);
    else this.#changed.set(session.sessionId, ended);
    const user = this.users.all.get(session.userId);
    if (user !== undefined) this.#tell('logout', ended, user);
    return ended;
  }

  #tell(event: 'login' | 'logout', session: SessionDetails, user: User): void {
    this.users.organizations.world.events.emit(`user.${event}`, session.organizationId, () => ({
      user: userData(user),
      user_session: sessionData(session),
    }));
  }

  get #now(): number {
    return this.users.organizations.world.now();
  }

  #get(sessionId: string): SessionDetails | undefined {
    const started = this.#started.get(sessionId);
    if (started !== undefined)
      return this.users.all.get(started.userId) === undefined ? undefined : this.#withTime(started);
    const at = this.#sampleIds.positionOf(sessionId);
    const user = at === undefined ? undefined : this.users.all.at(Math.floor(at / PER_USER));
    return user && this.#samplesOf(user).find((candidate) => candidate.sessionId === sessionId);
  }

  /** The session as it is now: an open one may have expired meanwhile. */
  #withTime(session: SessionDetails): SessionDetails {
    const ends = [session.idleExpiresAt, session.absoluteExpiresAt].map((end) => (end ? timestampMs(end) : Infinity));
    const expiredAt = Math.min(...ends);
    if (session.status !== 'active' || expiredAt > this.#now) return session;
    return { ...session, status: 'expired', expiredAt: timestampFromMs(expiredAt) };
  }

  #limits(organizationId: string): { absolute: number; idle: number } {
    const policy = this.users.organizations.sessionPolicies.get(organizationId);
    if (policy?.policySource !== SessionPolicyType.CUSTOM) return { absolute: ABSOLUTE_MS, idle: IDLE_MS };
    const milliseconds = (count: number | undefined, unit: TimeUnit | undefined) =>
      count === undefined ? undefined : count * (UNIT_MS[unit ?? TimeUnit.MINUTES] ?? 60_000);
    const absolute = milliseconds(policy.absoluteSessionTimeout, policy.absoluteSessionTimeoutUnit) ?? ABSOLUTE_MS;
    const idle = milliseconds(policy.idleSessionTimeout, policy.idleSessionTimeoutUnit) ?? IDLE_MS;
    return { absolute, idle: policy.idleSessionTimeoutEnabled === false ? absolute : idle };
  }

  #samplesOf(user: User): SessionDetails[] {
    const at = this.users.all.ids.positionOf(user.id) ?? 0;
    // A sign-in at this sandbox changes the user's last login, but no sample.
    const lastLogin = this.users.all.original(at)?.lastLoginTime;
    if (lastLogin === undefined) return [];
    const last = timestampMs(lastLogin);
    return Array.from({ length: 1 + (at % PER_USER) }, (_, index) => {
      const id = this.#sampleIds.idAt(at * PER_USER + index);
      return this.#changed.get(id) ?? this.#sample(user, id, last - index * 3 * DAY_MS, index);
    });
  }

  #sample(user: User, sessionId: string, created: number, index: number): SessionDetails {
    const organizationId = user.memberships[0]?.organizationId ?? '';
    const ends = created + 7 * DAY_MS;
    // The newest session is open while it's recent. The next one ended by logout.
    const status = index === 1 ? 'logout' : ends < this.#now ? 'expired' : 'active';
    const { city, region, ...device } = DEVICES[index % DEVICES.length] as (typeof DEVICES)[number];
    return create(SessionDetailsSchema, {
      sessionId,
      userId: user.id,
      authenticatedOrganizations: organizationId === '' ? [] : [organizationId],
      organizationId,
      createdAt: timestampFromMs(created),
      updatedAt: timestampFromMs(created + 600_000),
      idleExpiresAt: timestampFromMs(created + DAY_MS / 2),
      absoluteExpiresAt: timestampFromMs(ends),
      ...(status === 'expired' ? { expiredAt: timestampFromMs(ends) } : {}),
      ...(status === 'logout' ? { logoutAt: timestampFromMs(created + HOUR_MS) } : {}),
      status,
      device: { ...device, ip: `203.0.113.${10 + index}`, location: { city, region } },
      lastActiveAt: timestampFromMs(created + 600_000),
      authenticatedClients: [{ clientId: this.clientId, organizationId }],
    });
  }
}

/** Sessions of users who signed in. */
export function sessionResource(sessions: Sessions): Resource {
  const { users } = sessions;

  const revoke = (session: SessionDetails) => {
    const revoked = sessions.end(session, 'revoked');
    const { sessionId, userId, status, updatedAt, logoutAt } = revoked;
    return create(RevokedSessionDetailsSchema, {
      sessionId,
      userId,
      status,
      ...(updatedAt === undefined ? {} : { updatedAt }),
      ...(logoutAt === undefined ? {} : { logoutAt }),
      ...(session.createdAt === undefined ? {} : { createdAt: session.createdAt }),
      ...(session.idleExpiresAt === undefined ? {} : { idleExpiresAt: session.idleExpiresAt }),
      ...(session.absoluteExpiresAt === undefined ? {} : { absoluteExpiresAt: session.absoluteExpiresAt }),
      ...(session.lastActiveAt === undefined ? {} : { lastActiveAt: session.lastActiveAt }),
    });
  };

  return resource(SessionService, {
    getSession: ({ sessionId }) => sessions.get(sessionId),

    getUserSessions(request) {
      const user = users.find({ case: 'id', value: request.userId });
      const { status = [], startTime, endTime } = request.filter ?? {};
      const found = sessions.of(user).filter((session) => {
        const created = session.createdAt === undefined ? 0 : timestampMs(session.createdAt);
        return (
          (status.length === 0 || status.includes(session.status)) &&
          (startTime === undefined || created >= timestampMs(startTime)) &&
          (endTime === undefined || created <= timestampMs(endTime))
        );
      });
      const { items, ...rest } = page(listingOf(found), request, `sessions ${user.id} ${status.join()}`);
      return { sessions: items, ...rest };
    },

    revokeSession({ sessionId }) {
      const session = sessions.get(sessionId);
      if (session.status !== 'active')
        throw new ApiError('FAILED_PRECONDITION', `the session is already ${session.status}`);
      return { revokedSession: revoke(session) };
    },

    revokeAllUserSessions({ userId }) {
      const open = sessions.of(users.find({ case: 'id', value: userId })).filter(({ status }) => status === 'active');
      return { revokedSessions: open.map(revoke), totalRevoked: open.length };
    },
  });
}
