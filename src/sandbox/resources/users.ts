import { setImmediate as nextTurn } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import {
  MembershipStatus,
  OrganizationMembershipSchema,
  RoleSchema,
  UserProfileSchema,
  type OrganizationMembership,
  type Role,
  type UserProfile,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb';
import {
  InviteSchema,
  UserSchema,
  UserService,
  type CreateMembership,
  type Invite,
  type UpdateUserProfile,
  type User,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb';
import { ApiError } from '../protocol/apiError';
import { optional } from '../protocol/optional';
import { resource, type Resource } from '../protocol/resource';
import { Collection } from '../store/collection';
import { IdSeries } from '../store/idSeries';
import { listingOf, page, type Listing } from '../store/pages';
import { mailboxAmong, personName } from '../store/sampleNames';
import { contains } from '../store/search';
import { Shares } from '../store/shares';
import { timestampNow } from '../store/world';
import { organizationData, userData } from '../webhooks/eventData';
import { sampleCreation, type Organizations } from './organizations';
import type { Roles } from './roles';

const ROWS_A_TURN = 2_000;
const DAY_MS = 86_400_000;
const INVITE_MS = 7 * DAY_MS;
const SAMPLE_EXTERNAL_ID = /^u-(\d+)$/;

type UserIdentity = { case: 'id' | 'externalId'; value: string } | { case: undefined; value?: undefined };

/** The users of the environment, and the organizations each one belongs to. */
export class Users {
  readonly all: Collection<User>;
  readonly #shares: Shares;
  /** Members added to those that the samples give an organization. */
  readonly #joined = new Map<string, Set<string>>();
  readonly #byExternalId = new Map<string, string>();
  readonly #byEmail = new Map<string, string>();
  readonly #invites = new Map<string, Invite>();

  constructor(
    readonly organizations: Organizations,
    readonly roles: Roles,
  ) {
    this.#shares = new Shares([12, 4, 7, 0, 3, 9, 2, 5, 1, 6], organizations.world.users);
    this.all = new Collection(new IdSeries('usr_', '64452', 600114770553, 307), {
      count: this.#shares.startOf(organizations.sampleCount),
      make: (position) => this.#sample(position),
    });
    organizations.beforeDelete((organizationId) => {
      for (const user of this.membersOf(organizationId)) this.#removeMembership(user, organizationId);
      this.#joined.delete(organizationId);
    });
  }

  /** @throws ApiError NOT_FOUND, or INVALID_ARGUMENT if the request names no user */
  find(identity: UserIdentity): User {
    if (identity.case === undefined) throw ApiError.invalid('a user id is required', 'id', 'required');
    const user = identity.case === 'id' ? this.all.get(identity.value) : this.findByExternalId(identity.value);
    if (user === undefined) throw ApiError.notFound('user', identity.value);
    return user;
  }

  findByExternalId(externalId: string): User | undefined {
    const changed = this.#byExternalId.get(externalId);
    const sample = SAMPLE_EXTERNAL_ID.exec(externalId)?.[1];
    const candidates = [
      changed === undefined ? undefined : this.all.get(changed),
      sample === undefined ? undefined : this.all.at(Number(sample)),
    ];
    return candidates.find((user) => user?.externalId === externalId);
  }

  findByEmail(email: string): User | undefined {
    const changed = this.#byEmail.get(email.toLowerCase());
    if (changed !== undefined && this.all.get(changed) !== undefined) return this.all.get(changed);
    const slug = /^[^@]*@(.+)\.com$/i.exec(email)?.[1]?.toLowerCase();
    const position = slug === undefined ? undefined : this.organizations.names.positionOf(slug);
    if (position === undefined || position >= this.organizations.sampleCount) return undefined;
    for (let at = this.#shares.startOf(position); at < this.#shares.startOf(position + 1); at++) {
      const user = this.all.at(at);
      if (user?.email.toLowerCase() === email.toLowerCase()) return user;
    }
    return undefined;
  }

  /** Members of an organization, in order of creation. */
  membersOf(organizationId: string): User[] {
    return [...this.members(organizationId).after(-1)].map(([, user]) => user);
  }

  /** The same as a listing, which creates only as many as it's asked for, because there may be many thousands. */
  members(organizationId: string): Listing<User> {
    const organization = this.organizations.ids.positionOf(organizationId);
    const isSample = organization !== undefined && organization < this.organizations.sampleCount;
    const start = isSample ? this.#shares.startOf(organization) : 0;
    const samples = isSample ? this.#shares.startOf(organization + 1) - start : 0;
    const joined = [...(this.#joined.get(organizationId) ?? [])];
    const at = (place: number): User | undefined => {
      const user = place < samples ? this.all.at(start + place) : this.all.get(joined[place - samples] ?? '');
      return user !== undefined && membershipIn(user, organizationId) !== undefined ? user : undefined;
    };
    const end = samples + joined.length;
    let size = 0;
    for (let place = 0; place < end; place++) {
      if ((place < samples && this.all.isSample(start + place)) || at(place) !== undefined) size++;
    }
    return {
      size,
      *after(place) {
        for (let next = Math.max(place + 1, 0); next < end; next++) {
          const user = at(next);
          if (user !== undefined) yield [next, user];
        }
      },
      *before(place) {
        for (let next = Math.min(place, end) - 1; next >= 0; next--) {
          const user = at(next);
          if (user !== undefined) yield [next, user];
        }
      },
    };
  }

  /** How many users have a role, in one organization or in any. Counts up to `atMost`. */
  async countWithRole(name: string, organizationId: string | undefined, atMost = Infinity): Promise<number> {
    const has = (user: User) =>
      user.memberships.some(
        (membership) =>
          (organizationId === undefined || membership.organizationId === organizationId) &&
          membership.roles.some((role) => this.roles.current(role.name, membership.organizationId)?.name === name),
      );
    if (organizationId !== undefined) return this.membersOf(organizationId).filter(has).length;
    let count = 0;
    await this.#walk((position) => {
      if (this.all.isSample(position)) {
        const { role, organizationId: home } = this.#sampleDetails(position);
        if (this.roles.current(role, home)?.name === name) count++;
      } else {
        const user = this.all.at(position);
        if (user !== undefined && has(user)) count++;
      }
      return count < atMost;
    });
    return count;
  }

  /** All users whose email address, id or external id contains the query. */
  async search(query: string): Promise<User[]> {
    const found: User[] = [];
    await this.#walk((position) => {
      // There may be half a million samples, so only those that match are created.
      if (this.all.isSample(position)) {
        const { email, externalId } = this.#sampleDetails(position);
        if (!contains(query, email, this.all.ids.idAt(position), externalId)) return true;
      }
      const user = this.all.at(position);
      if (user !== undefined && matchesQuery(user, query)) found.push(user);
      return true;
    });
    return found;
  }

  add(make: (id: string) => User, givenId?: string): User {
    const user = this.all.add(make, givenId);
    this.#index(user);
    return user;
  }

  set(user: User): User {
    const changed = { ...user, updateTime: timestampNow(this.organizations.world) };
    this.all.set(user.id, changed);
    this.#index(changed);
    return changed;
  }

  addMembership(user: User, membership: OrganizationMembership): User {
    const joined = this.#joined.get(membership.organizationId) ?? new Set();
    const home = this.organizations.ids.positionOf(membership.organizationId);
    const at = this.all.ids.positionOf(user.id) ?? -1;
    const isHome =
      home !== undefined &&
      home < this.organizations.sampleCount &&
      at >= this.#shares.startOf(home) &&
      at < this.#shares.startOf(home + 1);
    if (!isHome) this.#joined.set(membership.organizationId, joined.add(user.id));
    const member = this.set({ ...user, memberships: [...user.memberships, membership] });
    this.tell('organization_membership_created', member, membership.organizationId);
    return member;
  }

  /** @throws ApiError NOT_FOUND */
  membership(user: User, organizationId: string): OrganizationMembership {
    this.organizations.get(organizationId);
    const membership = membershipIn(user, organizationId);
    if (membership === undefined) throw ApiError.notFound('membership', user.id);
    return membership;
  }

  setMembership(user: User, changed: OrganizationMembership): User {
    const member = this.set({
      ...user,
      memberships: user.memberships.map((membership) =>
        membership.organizationId === changed.organizationId ? changed : membership,
      ),
    });
    this.tell('organization_membership_updated', member, changed.organizationId);
    return member;
  }

  /** Sends an event about a user and an organization. */
  tell(
    event: 'signup' | 'organization_invitation' | `organization_membership_${'created' | 'updated' | 'deleted'}`,
    user: User,
    organizationId: string,
  ): void {
    const { organizations } = this;
    organizations.world.events.emit(`user.${event}`, organizationId, () => {
      const organization = organizations.all.get(organizationId);
      return {
        organization:
          organization === undefined
            ? { id: organizationId }
            : organizationData(organization, organizations.settings(organizationId)),
        user: userData(user),
      };
    });
  }

  removeMembership(user: User, organizationId: string): User {
    this.membership(user, organizationId);
    const changed = this.#removeMembership(user, organizationId);
    this.tell('organization_membership_deleted', changed, organizationId);
    return changed;
  }

  delete(user: User): void {
    this.all.delete(user.id);
    for (const { organizationId } of user.memberships) {
      this.#joined.get(organizationId)?.delete(user.id);
      this.tell('organization_membership_deleted', user, organizationId);
    }
  }

  /** The user as the API returns it: with current roles and permissions, and with the older name fields that the SDK's examples read. */
  message(user: User): User {
    const { userProfile: profile } = user;
    return {
      ...user,
      ...(profile === undefined
        ? {}
        : { userProfile: { ...profile, firstName: profile.givenName, lastName: profile.familyName } }),
      memberships: user.memberships.map((membership) => {
        const roles = this.#rolesOf(membership);
        const organization = this.organizations.all.get(membership.organizationId);
        return {
          ...membership,
          ...optional('name', organization?.displayName),
          ...optional('displayName', organization?.displayName),
          roles: roles.map(({ id, name, displayName }) => ({
            $typeName: 'scalekit.v1.commons.Role' as const,
            id,
            name,
            displayName,
          })),
          permissions: [...new Set(roles.flatMap((role) => this.roles.effective(role)))],
        };
      }),
    };
  }

  /** The roles of a user in an organization. */
  rolesOf(user: User, organizationId: string) {
    return this.#rolesOf(this.membership(user, organizationId));
  }

  /** The invite of a member, with what happened to it. */
  invite(user: User, membership: OrganizationMembership): Invite {
    const known = this.#invites.get(`${membership.organizationId}/${user.id}`);
    return (
      known ??
      create(InviteSchema, {
        organizationId: membership.organizationId,
        userId: user.id,
        status: MembershipStatus[membership.membershipStatus],
        ...optional('inviterEmail', membership.inviterEmail),
        ...optional('createdAt', membership.createdAt),
        ...optional('expiresAt', membership.expiresAt),
      })
    );
  }

  setInvite(invite: Invite): void {
    this.#invites.set(`${invite.organizationId}/${invite.userId}`, invite);
  }

  /** Visits positions while the visitor returns true, and lets other requests through in between. */
  async #walk(visit: (position: number) => boolean): Promise<void> {
    for (let position = 0; position < this.all.end && visit(position); position++) {
      if (position % ROWS_A_TURN === 0) await nextTurn();
    }
  }

  #removeMembership(user: User, organizationId: string): User {
    this.#joined.get(organizationId)?.delete(user.id);
    this.#invites.delete(`${organizationId}/${user.id}`);
    return this.set({
      ...user,
      memberships: user.memberships.filter((membership) => membership.organizationId !== organizationId),
    });
  }

  #rolesOf(membership: OrganizationMembership) {
    const found = new Map(
      membership.roles.flatMap(({ name }) => {
        const role = this.roles.current(name, membership.organizationId);
        return role === undefined ? [] : [[role.name, role] as const];
      }),
    );
    return [...found.values()];
  }

  #index(user: User): void {
    this.#byEmail.set(user.email.toLowerCase(), user.id);
    if (user.externalId !== undefined) this.#byExternalId.set(user.externalId, user.id);
  }

  /** What a search or a count needs to know about a sample user, without creating it. */
  #sampleDetails(position: number) {
    const { world, names, ids } = this.organizations;
    const { seed } = world;
    const { organization, index } = this.#shares.ownerOf(position);
    const role =
      organization === 0 && index === 1
        ? 'cartoonist'
        : index === 0
          ? 'admin'
          : seed.pick(['member', 'member', 'viewer', 'billing'], 'role', position);
    return {
      organization,
      index,
      organizationId: ids.idAt(organization),
      role,
      email: `${mailboxAmong(seed, position - index, index)}@${names.at(organization).slug}.com`,
      externalId: seed.number(3, 'user external id', position) === 0 ? `u-${position}` : undefined,
    };
  }

  #sample(position: number): User {
    const { world, names } = this.organizations;
    const { seed, startedAt } = world;
    const { organization, index, organizationId, role, email, externalId } = this.#sampleDetails(position);
    const { given, family } = personName(seed, position);
    const created = sampleCreation(world, organization) + (index + 1) * 600_000;
    const status =
      index < 2
        ? MembershipStatus.ACTIVE
        : index === 2
          ? MembershipStatus.PENDING_INVITE
          : index === 3
            ? MembershipStatus.INVITE_EXPIRED
            : index === 4
              ? MembershipStatus.INACTIVE
              : seed.number(8, 'pending', position) === 0
                ? MembershipStatus.PENDING_INVITE
                : MembershipStatus.ACTIVE;
    const invited = status === MembershipStatus.PENDING_INVITE || status === MembershipStatus.INVITE_EXPIRED;
    const invitedAt = status === MembershipStatus.INVITE_EXPIRED ? startedAt - 3 * INVITE_MS : startedAt - 2 * DAY_MS;
    const loggedIn = status === MembershipStatus.ACTIVE && seed.number(6, 'logged in', position) > 0;
    return create(UserSchema, {
      id: this.all.ids.idAt(position),
      environmentId: world.environmentId,
      createTime: timestampFromMs(created),
      updateTime: timestampFromMs(created + 60_000),
      email,
      ...optional('externalId', externalId),
      ...(loggedIn
        ? { lastLoginTime: timestampFromMs(startedAt - seed.number(14 * DAY_MS, 'last login', position)) }
        : {}),
      userProfile: {
        id: `usp_${position}`,
        givenName: given,
        familyName: family,
        name: `${given} ${family}`,
        locale: seed.pick(['en-US', 'de-DE', 'pl-PL', 'ja-JP'], 'locale', position),
        emailVerified: !invited,
      },
      memberships: [
        {
          organizationId,
          ...(invited ? {} : { joinTime: timestampFromMs(created), acceptedAt: timestampFromMs(created) }),
          membershipStatus: status,
          roles: [{ name: role }],
          createdAt: timestampFromMs(invited ? invitedAt : created),
          ...(invited
            ? {
                expiresAt: timestampFromMs(invitedAt + INVITE_MS),
                inviterEmail: `admin@${names.at(organization).slug}.com`,
              }
            : {}),
          provisioningMethod: index > 5 ? 'scim' : 'manual',
        },
      ],
    });
  }
}

function membershipIn(user: User, organizationId: string): OrganizationMembership | undefined {
  return user.memberships.find((membership) => membership.organizationId === organizationId);
}

function matchesQuery({ email, id, externalId }: User, query: string): boolean {
  return contains(query, email, id, externalId);
}

/** Users, memberships, invites, and the roles a user has. */
export function userResource(users: Users): Resource {
  const { organizations, roles } = users;
  const { world } = organizations;

  const newMembership = (
    organizationId: string,
    wanted: CreateMembership | undefined,
    invited: boolean,
  ): OrganizationMembership => {
    organizations.get(organizationId);
    const limit = organizations.maxAllowedUsers.get(organizationId);
    if (limit !== undefined && limit > 0 && users.members(organizationId).size >= limit) {
      throw new ApiError('FAILED_PRECONDITION', `the organization allows no more than ${limit} users`);
    }
    const names = roleNames(wanted?.roles, organizationId);
    const now = world.now();
    return create(OrganizationMembershipSchema, {
      organizationId,
      membershipStatus: invited ? MembershipStatus.PENDING_INVITE : MembershipStatus.ACTIVE,
      roles: roleReferences(names.length > 0 ? names : [roles.defaultMemberOf(organizationId)]),
      metadata: wanted?.metadata ?? {},
      createdAt: timestampFromMs(now),
      ...(invited
        ? { expiresAt: timestampFromMs(now + INVITE_MS) }
        : { joinTime: timestampFromMs(now), acceptedAt: timestampFromMs(now) }),
      ...optional('inviterEmail', wanted?.inviterEmail),
      provisioningMethod: 'api',
    });
  };

  const roleNames = (wanted: readonly { id: string; name: string }[] | undefined, organizationId: string): string[] =>
    (wanted ?? []).map(({ id, name }) => {
      const role =
        name === ''
          ? roles.in(organizationId).find((candidate) => candidate.id === id)
          : roles.find(name, organizationId);
      if (role === undefined)
        throw ApiError.invalid(`role ${name || id} doesn't exist`, 'membership.roles', 'role.exists');
      return role.name;
    });

  /** Asks the interceptors about an invitation. @throws ApiError PERMISSION_DENIED with what they say */
  const askToInvite = async (organizationId: string, email: string, userId: string | undefined) => {
    const { id, displayName } = organizations.get(organizationId);
    const decision = await world.interceptors.ask('PRE_USER_INVITATION', () => ({
      context: {
        ...optional('user_id', userId),
        user_email: email,
        organization_id: id,
        device_type: 'Unknown',
      },
      data: { user: { ...optional('id', userId), email }, organization: { id, name: displayName } },
    }));
    if (decision?.decision === 'DENY') throw new ApiError('PERMISSION_DENIED', decision.message);
  };

  const checkExternalId = (externalId: string | undefined, own: string | undefined) => {
    if (externalId === undefined || externalId === '') return;
    const other = users.findByExternalId(externalId);
    if (other !== undefined && other.id !== own)
      throw new ApiError('ALREADY_EXISTS', `a user with external id ${externalId} already exists`);
  };

  const pageOf = (found: Listing<User>, request: { pageSize: number; pageToken: string }, scope: string) => {
    const { items, ...rest } = page(found, request, scope);
    return { users: items.map((user) => users.message(user)), ...rest };
  };

  return resource(UserService, {
    listUsers(request) {
      const { items, ...rest } = page(users.all, request, 'users');
      return { users: items.map((user) => users.message(user)), ...rest };
    },

    async searchUsers(request) {
      return pageOf(listingOf(await users.search(request.query)), request, `users search ${request.query}`);
    },

    listOrganizationUsers(request) {
      organizations.get(request.organizationId);
      return pageOf(users.members(request.organizationId), request, `users ${request.organizationId}`);
    },

    searchOrganizationUsers(request) {
      organizations.get(request.organizationId);
      const found = users.membersOf(request.organizationId).filter((user) => matchesQuery(user, request.query));
      return pageOf(listingOf(found), request, `users ${request.organizationId} search ${request.query}`);
    },

    getUser: ({ identities }) => ({ user: users.message(users.find(identities)) }),

    async createUserAndMembership({ organizationId, user, sendInvitationEmail }) {
      if (user === undefined) throw ApiError.invalid('user is required', 'user', 'required');
      const invited = sendInvitationEmail ?? true;
      const check = () => {
        if (users.findByEmail(user.email) !== undefined)
          throw new ApiError('ALREADY_EXISTS', `a user with email ${user.email} already exists`);
        checkExternalId(user.externalId, undefined);
        return newMembership(organizationId, user.membership, invited);
      };
      let membership = check();
      if (invited) {
        await askToInvite(organizationId, user.email, undefined);
        // While the interceptor decided, somebody else may have been quicker.
        membership = check();
      }
      const now = timestampNow(world);
      const { userProfile: profile } = user;
      const givenName = profile?.givenName || profile?.firstName || '';
      const familyName = profile?.familyName || profile?.lastName || '';
      const created = users.add((id) =>
        create(UserSchema, {
          id,
          environmentId: world.environmentId,
          createTime: now,
          updateTime: now,
          email: user.email,
          ...optional('externalId', user.externalId),
          metadata: user.metadata,
          userProfile: create(UserProfileSchema, {
            id: `usp_${id.slice(4)}`,
            givenName,
            familyName,
            name: profile?.name || [givenName, familyName].filter(Boolean).join(' '),
            locale: profile?.locale ?? '',
            phoneNumber: profile?.phoneNumber ?? '',
            metadata: profile?.metadata ?? {},
            customAttributes: profile?.customAttributes ?? {},
            preferredUsername: profile?.preferredUsername ?? '',
            picture: profile?.picture ?? '',
            gender: profile?.gender ?? '',
            groups: profile?.groups ?? [],
          }),
        }),
      );
      const member = users.addMembership(created, membership);
      if (invited) users.tell('organization_invitation', member, organizationId);
      return { user: users.message(member) };
    },

    updateUser({ identities, user: update }) {
      const user = users.find(identities);
      checkExternalId(update?.externalId, user.id);
      const { externalId, ...rest } = user;
      const changed = users.set({
        ...rest,
        ...optional('externalId', update?.externalId ?? externalId),
        metadata: update !== undefined && Object.keys(update.metadata).length > 0 ? update.metadata : user.metadata,
        userProfile: changedProfile(user.userProfile, update?.userProfile),
      });
      return { user: users.message(changed) };
    },

    deleteUser({ identities }) {
      users.delete(users.find(identities));
      return {};
    },

    async createMembership({ organizationId, identities, membership, sendInvitationEmail }) {
      const invited = sendInvitationEmail ?? true;
      const check = () => {
        const user = users.find(identities);
        organizations.get(organizationId);
        if (membershipIn(user, organizationId) !== undefined) {
          throw new ApiError('ALREADY_EXISTS', 'the user is already a member of the organization');
        }
        return { user, added: newMembership(organizationId, membership, invited) };
      };
      let { user, added } = check();
      if (invited) {
        await askToInvite(organizationId, user.email, user.id);
        ({ user, added } = check());
      }
      const member = users.addMembership(user, added);
      if (invited) users.tell('organization_invitation', member, organizationId);
      return { user: users.message(member) };
    },

    updateMembership({ organizationId, identities, membership: update }) {
      const user = users.find(identities);
      const membership = users.membership(user, organizationId);
      const names = roleNames(update?.roles, organizationId);
      const changed = {
        ...membership,
        ...(names.length > 0 ? { roles: roleReferences(names) } : {}),
        ...(update !== undefined && Object.keys(update.metadata).length > 0 ? { metadata: update.metadata } : {}),
      };
      return { user: users.message(users.setMembership(user, changed)) };
    },

    deleteMembership({ organizationId, identities, cascade }) {
      const user = users.removeMembership(users.find(identities), organizationId);
      if (cascade === true && user.memberships.length === 0) users.delete(user);
      return {};
    },

    resendInvite({ organizationId, id }) {
      const user = users.find({ case: 'id', value: id });
      const membership = users.membership(user, organizationId);
      const status = membership.membershipStatus;
      if (status !== MembershipStatus.PENDING_INVITE && status !== MembershipStatus.INVITE_EXPIRED) {
        throw ApiError.invalid('the invite was already accepted', 'id', 'invite.pending');
      }
      const now = world.now();
      const old = users.invite(user, membership);
      const expired =
        status === MembershipStatus.INVITE_EXPIRED ||
        (membership.expiresAt !== undefined && timestampMs(membership.expiresAt) <= now);
      const invite = create(InviteSchema, {
        ...old,
        status: MembershipStatus[MembershipStatus.PENDING_INVITE] as string,
        resentAt: timestampFromMs(now),
        // An expired invite is replaced with a new one. A pending one is sent again.
        ...(expired
          ? { createdAt: timestampFromMs(now), expiresAt: timestampFromMs(now + INVITE_MS), resentCount: 0 }
          : { resentCount: old.resentCount + 1 }),
      });
      users.setInvite(invite);
      users.tell('organization_invitation', user, organizationId);
      if (expired) {
        users.setMembership(user, {
          ...membership,
          membershipStatus: MembershipStatus.PENDING_INVITE,
          expiresAt: timestampFromMs(now + INVITE_MS),
        });
      }
      return { invite };
    },

    listUserRoles({ organizationId, userId }) {
      const user = users.find({ case: 'id', value: userId });
      return {
        roles: users.rolesOf(user, organizationId).map(({ id, name, displayName }) => ({ id, name, displayName })),
      };
    },

    assignUserRoles({ organizationId, userId, roles: wanted }) {
      const user = users.find({ case: 'id', value: userId });
      const membership = users.membership(user, organizationId);
      const names = roleNames(
        wanted.map(({ id, roleName }) => ({ id, name: roleName })),
        organizationId,
      );
      const all = new Set([...users.rolesOf(user, organizationId).map(({ name }) => name), ...names]);
      const changed = users.setMembership(user, { ...membership, roles: roleReferences(all) });
      return {
        roles: users.rolesOf(changed, organizationId).map(({ id, name, displayName }) => ({ id, name, displayName })),
      };
    },

    removeUserRole({ organizationId, userId, roleName }) {
      const user = users.find({ case: 'id', value: userId });
      const membership = users.membership(user, organizationId);
      const names = users.rolesOf(user, organizationId).map(({ name }) => name);
      if (!names.includes(roleName)) throw ApiError.notFound('role', roleName);
      users.setMembership(user, { ...membership, roles: roleReferences(names.filter((name) => name !== roleName)) });
      return {};
    },

    listUserPermissions({ organizationId, userId }) {
      const user = users.find({ case: 'id', value: userId });
      const names = new Set(users.rolesOf(user, organizationId).flatMap((role) => roles.effective(role)));
      return {
        permissions: roles
          .permissionMessages([...names])
          .map(({ id, name, description }) => ({ id, name, description })),
      };
    },
  });
}

/** Roles as a membership records them: by name. Their display names and permissions are looked up when they're shown. */
function roleReferences(names: Iterable<string>): Role[] {
  return [...names].map((name) => create(RoleSchema, { name }));
}

function changedProfile(profile: UserProfile | undefined, update: UpdateUserProfile | undefined): UserProfile {
  const current = profile ?? create(UserProfileSchema);
  if (update === undefined) return current;
  return {
    ...current,
    givenName: update.givenName ?? update.firstName ?? current.givenName,
    familyName: update.familyName ?? update.lastName ?? current.familyName,
    name: update.name ?? current.name,
    locale: update.locale ?? current.locale,
    phoneNumber: update.phoneNumber ?? current.phoneNumber,
    preferredUsername: update.preferredUsername ?? current.preferredUsername,
    picture: update.picture ?? current.picture,
    gender: update.gender ?? current.gender,
    groups: update.groups.length > 0 ? update.groups : current.groups,
    metadata: Object.keys(update.metadata).length > 0 ? update.metadata : current.metadata,
    customAttributes:
      Object.keys(update.customAttributes).length > 0 ? update.customAttributes : current.customAttributes,
  };
}
