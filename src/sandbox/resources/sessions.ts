import { create } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import {
  RevokedSessionDetailsSchema,
  SessionDetailsSchema,
  SessionService,
  type SessionDetails,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/sessions/sessions_pb';
import type { User } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb';
import { ApiError } from '../protocol/apiError';
import { resource, type Resource } from '../protocol/resource';
import { IdSeries } from '../store/idSeries';
import { listingOf, page } from '../store/pages';
import { timestampNow } from '../store/world';
import type { Users } from './users';

const DAY_MS = 86_400_000;
const PER_USER = 3;
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

/** Sessions of users who logged in. */
export function sessionResource(users: Users, clientId: string): Resource {
  const { world } = users.organizations;
  const ids = new IdSeries('ses_', '64455', 900331770887, 503);
  const changed = new Map<string, SessionDetails>();

  const sessionsOf = (user: User): SessionDetails[] => {
    const at = users.all.ids.positionOf(user.id) ?? 0;
    if (user.lastLoginTime === undefined) return [];
    const last = timestampMs(user.lastLoginTime);
    return Array.from({ length: 1 + (at % PER_USER) }, (_, index) => {
      const id = ids.idAt(at * PER_USER + index);
      return changed.get(id) ?? sample(user, id, last - index * 3 * DAY_MS, index);
    });
  };

  const sample = (user: User, sessionId: string, created: number, index: number): SessionDetails => {
    const organizationId = user.memberships[0]?.organizationId ?? '';
    const ends = created + 7 * DAY_MS;
    // The newest session is open while it's recent. The next one ended by logout.
    const status = index === 1 ? 'logout' : ends < world.now() ? 'expired' : 'active';
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
      ...(status === 'logout' ? { logoutAt: timestampFromMs(created + 3_600_000) } : {}),
      status,
      device: { ...device, ip: `203.0.113.${10 + index}`, location: { city, region } },
      lastActiveAt: timestampFromMs(created + 600_000),
      authenticatedClients: [{ clientId, organizationId }],
    });
  };

  const find = (sessionId: string): SessionDetails => {
    const at = ids.positionOf(sessionId);
    const user = at === undefined ? undefined : users.all.at(Math.floor(at / PER_USER));
    const session =
      user === undefined ? undefined : sessionsOf(user).find((candidate) => candidate.sessionId === sessionId);
    if (session === undefined) throw ApiError.notFound('session', sessionId);
    return session;
  };

  const revoke = (session: SessionDetails) => {
    const now = timestampNow(world);
    const revoked = { ...session, status: 'revoked', updatedAt: now, logoutAt: now };
    changed.set(session.sessionId, revoked);
    return create(RevokedSessionDetailsSchema, {
      sessionId: revoked.sessionId,
      userId: revoked.userId,
      status: revoked.status,
      updatedAt: now,
      logoutAt: now,
      ...(session.createdAt === undefined ? {} : { createdAt: session.createdAt }),
      ...(session.idleExpiresAt === undefined ? {} : { idleExpiresAt: session.idleExpiresAt }),
      ...(session.absoluteExpiresAt === undefined ? {} : { absoluteExpiresAt: session.absoluteExpiresAt }),
      ...(session.lastActiveAt === undefined ? {} : { lastActiveAt: session.lastActiveAt }),
    });
  };

  return resource(SessionService, {
    getSession: ({ sessionId }) => find(sessionId),

    getUserSessions(request) {
      const user = users.find({ case: 'id', value: request.userId });
      const { status = [], startTime, endTime } = request.filter ?? {};
      const found = sessionsOf(user).filter((session) => {
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
      const session = find(sessionId);
      if (session.status !== 'active')
        throw new ApiError('FAILED_PRECONDITION', `the session is already ${session.status}`);
      return { revokedSession: revoke(session) };
    },

    revokeAllUserSessions({ userId }) {
      const open = sessionsOf(users.find({ case: 'id', value: userId })).filter(({ status }) => status === 'active');
      return { revokedSessions: open.map(revoke), totalRevoked: open.length };
    },
  });
}
