import { create } from '@bufbuild/protobuf';
import { timestampDate, timestampFromMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import {
  DirectoryGroupSchema,
  DirectoryProvider,
  DirectorySchema,
  DirectoryService,
  DirectoryStatus,
  DirectoryType,
  DirectoryUserSchema,
  SecretSchema,
  SecretStatus,
  StatsSchema,
  type Directory,
  type DirectoryGroup,
  type DirectoryUser,
  type Secret,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import { ApiError } from '../protocol/apiError';
import { resource, type Resource } from '../protocol/resource';
import { randomDigits, randomSecret, type SeededRandom } from '../random';
import { IdSeries } from '../store/idSeries';
import { OwnedCollection } from '../store/ownedCollection';
import { listingBy, page } from '../store/pages';
import { mailboxAmong, personName } from '../store/sampleNames';
import { Shares } from '../store/shares';
import { timestampNow } from '../store/world';
import { deletedDirectoryUserData, directoryData, directoryGroupData, directoryUserData } from '../webhooks/eventData';
import {
  DirectoryContents,
  type DirectoryChange,
  type Provided,
  type ProvidedGroup,
  type ProvidedUser,
} from './directoryContents';
import { sampleCreation, type Organizations } from './organizations';

const PROVIDER_NAMES: Readonly<Partial<Record<DirectoryProvider, string>>> = {
  [DirectoryProvider.OKTA]: 'Okta',
  [DirectoryProvider.MICROSOFT_AD]: 'Microsoft Entra ID',
  [DirectoryProvider.GOOGLE]: 'Google Workspace',
  [DirectoryProvider.JUMPCLOUD]: 'JumpCloud',
};
const GROUP_NAMES = ['Everyone', 'Engineering', 'Sales', 'Finance', 'Support', 'Admins'];
const USERS = new IdSeries('diruser_', '64448', 300115770241, 101);
const GROUPS = new IdSeries('dirgroup_', '64449', 300774451777, 103);
const MOST_USERS = 1_000;
const DAY_MS = 86_400_000;

/** Directories with their users and groups. */
export class Directories {
  readonly all: OwnedCollection<Directory>;
  /** The users and groups, which only an identity provider changes. */
  readonly contents: DirectoryContents;

  constructor(readonly organizations: Organizations) {
    const { world } = organizations;
    this.all = new OwnedCollection(
      new IdSeries('dir_', '64447', 110772003371, 7417),
      organizations,
      new Shares([2, 0, 1, 0, 1, 1, 0, 0, 1, 0]),
      (id, { position, organizationPosition, organizationId, index }) => {
        const { seed } = world;
        const looney = organizationPosition === 0;
        const provider = looney
          ? ([DirectoryProvider.OKTA, DirectoryProvider.MICROSOFT_AD][index] as DirectoryProvider)
          : seed.pick(
              [
                DirectoryProvider.OKTA,
                DirectoryProvider.MICROSOFT_AD,
                DirectoryProvider.GOOGLE,
                DirectoryProvider.JUMPCLOUD,
              ],
              'directory provider',
              position,
            );
        const enabled = looney ? index === 0 : seed.number(4, 'directory enabled', position) > 0;
        const created = sampleCreation(world, organizationPosition) + 10_800_000;
        const synced = world.startedAt - seed.number(7_200_000, 'synced', position);
        return create(DirectorySchema, {
          id,
          name: PROVIDER_NAMES[provider] ?? 'Directory',
          directoryType: provider === DirectoryProvider.GOOGLE ? DirectoryType.POLL : DirectoryType.SCIM,
          organizationId,
          enabled,
          directoryProvider: provider,
          ...(enabled ? { lastSyncedAt: timestampFromMs(synced) } : {}),
          directoryEndpoint: `${world.url()}/directory/${id}/scim/v2`,
          secrets: enabled ? [sampleSecret(seed, id, position, created)] : [],
          status:
            DirectoryStatus[
              enabled ? DirectoryStatus.COMPLETED : looney ? DirectoryStatus.DRAFT : DirectoryStatus.IN_PROGRESS
            ],
        });
      },
    );
    this.contents = new DirectoryContents(
      (directory) => this.#samples(directory),
      world.now,
      (directory, changes) => {
        // An identity provider's request is a sync too, perhaps the first one.
        this.change(directory, {
          lastSyncedAt: timestampNow(world),
          status: DirectoryStatus[DirectoryStatus.COMPLETED] as string,
        });
        for (const change of changes) this.#tell(directory, change);
      },
    );
    organizations.beforeDelete((id) => {
      for (const { id: directoryId } of this.all.of(id)) this.contents.forget(directoryId);
      this.all.deleteOf(id, (directory) => directory.id);
    });
  }

  change(directory: Directory, changes: Partial<Directory>): Directory {
    const changed = { ...directory, ...changes };
    this.all.set(directory.id, changed);
    return changed;
  }

  /** Enables or disables a directory. */
  switch(directory: Directory, enabled: boolean): void {
    const changed = this.change(directory, {
      enabled,
      ...(enabled ? { status: DirectoryStatus[DirectoryStatus.COMPLETED] as string } : {}),
    });
    if (directory.enabled === enabled) return;
    const { events, now } = this.organizations.world;
    const type = `organization.directory_${enabled ? 'enabled' : 'disabled'}`;
    events.emit(type, directory.organizationId, () => directoryData(changed, now()));
  }

  /** @throws ApiError NOT_FOUND */
  get(id: string): Directory {
    const directory = this.all.get(id);
    if (directory === undefined) throw ApiError.notFound('directory', id);
    return directory;
  }

  /** @throws ApiError NOT_FOUND, even if another organization has it */
  getOf(organizationId: string, id: string): Directory {
    this.organizations.get(organizationId);
    const directory = this.all.getOf(organizationId, id);
    if (directory === undefined) throw ApiError.notFound('directory', id);
    return directory;
  }

  /** The directory as the API returns it, with its totals. */
  full(directory: Directory): Directory {
    const { users, groups } = this.contents.of(directory);
    const totals = { totalUsers: users.size, totalGroups: groups.size };
    return { ...directory, ...totals, ...(users.size === 0 ? {} : { stats: create(StatsSchema, totals) }) };
  }

  /** The users a directory has received, in order of creation. There are none before its first sync. */
  users(directory: Directory, withDetail = false): DirectoryUser[] {
    const groups = new Map(this.groups(directory).map((group) => [group.id, group]));
    return [...this.contents.of(directory).users.values()].map((user) =>
      create(DirectoryUserSchema, {
        id: user.id,
        email: user.email,
        preferredUsername: user.preferredUsername,
        givenName: user.givenName,
        familyName: user.familyName,
        updatedAt: timestampFromMs(user.updatedAt),
        emails: [user.email],
        groups: user.groupIds.flatMap((id) => groups.get(id) ?? []),
        ...(withDetail ? { userDetail: detailOf(user) } : {}),
      }),
    );
  }

  groups(directory: Directory, withDetail = false): DirectoryGroup[] {
    const { users, groups } = this.contents.of(directory);
    const sizes = new Map<string, number>();
    for (const { groupIds } of users.values()) for (const id of groupIds) sizes.set(id, (sizes.get(id) ?? 0) + 1);
    return [...groups.values()].map(({ id, displayName, updatedAt }) =>
      create(DirectoryGroupSchema, {
        id,
        displayName,
        totalUsers: sizes.get(id) ?? 0,
        updatedAt: timestampFromMs(updatedAt),
        ...(withDetail ? { groupDetail: { displayName } } : {}),
      }),
    );
  }

  delete(directory: Directory): void {
    this.all.delete(directory.id);
    this.contents.forget(directory.id);
  }

  #tell(directory: Directory, change: DirectoryChange): void {
    this.organizations.world.events.emit(change.type, directory.organizationId, () => {
      if ('group' in change) return directoryGroupData(directory, change.group);
      return change.type === 'organization.directory.user_deleted'
        ? deletedDirectoryUserData(directory, change.user)
        : directoryUserData(directory, change.user, this.contents.of(directory));
    });
  }

  /** What a directory has received before anybody changed it. */
  #samples(directory: Directory): Provided {
    const { seed, firstStartedAt } = this.organizations.world;
    const directoryPosition = this.all.ids.positionOf(directory.id) ?? 0;
    const organizationPosition = this.organizations.ids.positionOf(directory.organizationId) ?? 0;
    if (directory.lastSyncedAt === undefined) return { users: new Map(), groups: new Map() };
    const groups = GROUP_NAMES.map(
      (displayName, index): ProvidedGroup => ({
        id: GROUPS.idAt(directoryPosition * GROUP_NAMES.length + index),
        position: index,
        displayName,
        updatedAt: firstStartedAt - seed.number(20 * DAY_MS, 'group', directoryPosition * 10 + index),
      }),
    );
    const domain = `${this.organizations.names.at(organizationPosition).slug}.com`;
    const users = Array.from({ length: this.#userCount(directoryPosition) }, (_, index): ProvidedUser => {
      const position = directoryPosition * MOST_USERS + index;
      const { given, family } = personName(seed, position + 500_000);
      const email = `${mailboxAmong(seed, position - index + 500_000, index)}@${domain}`;
      return {
        id: USERS.idAt(position),
        position: index,
        email,
        preferredUsername: email,
        givenName: given,
        familyName: family,
        active: true,
        groupIds: groups.filter((_group, place) => place === 0 || index % (place + 2) === 0).map(({ id }) => id),
        attributes: {},
        updatedAt: firstStartedAt - seed.number(20 * DAY_MS, 'directory user', position),
      };
    });
    return {
      users: new Map(users.map((user) => [user.id, user])),
      groups: new Map(groups.map((group) => [group.id, group])),
    };
  }

  #userCount(directoryPosition: number): number {
    return directoryPosition === 0
      ? 42
      : 3 + this.organizations.world.seed.number(60, 'directory users', directoryPosition);
  }
}

/** The user in the words of SCIM. */
function detailOf({ attributes, preferredUsername, active, givenName, familyName }: ProvidedUser) {
  return { ...attributes, userName: preferredUsername, active, name: { givenName, familyName } };
}

function sampleSecret(seed: SeededRandom, directoryId: string, position: number, created: number): Secret {
  return create(SecretSchema, {
    id: `sec_6445${String(4_401_003_000_000 + position)}`,
    createTime: timestampFromMs(created),
    secretSuffix: seed.number(1_679_616, 'directory secret', position).toString(36).padStart(4, 'k'),
    status: SecretStatus.ACTIVE,
    directoryId,
  });
}

/** Directories of organizations. */
export function directoryResource(directories: Directories): Resource {
  const { organizations } = directories;
  const { world } = organizations;
  const newSecret = (directory: Directory, keep: readonly Secret[]) => {
    const plainSecret = `dirsec_${randomSecret()}`;
    const secret = create(SecretSchema, {
      id: `sec_${randomDigits(17)}`,
      createTime: timestampNow(world),
      secretSuffix: plainSecret.slice(-4),
      status: SecretStatus.ACTIVE,
      directoryId: directory.id,
    });
    directories.change(directory, { secrets: [...keep, secret] });
    return { plainSecret, secret };
  };
  const updatedAfter = (after: Timestamp | undefined) => (row: { updatedAt?: Timestamp }) =>
    after === undefined || (row.updatedAt !== undefined && timestampDate(row.updatedAt) > timestampDate(after));

  return resource(DirectoryService, {
    listDirectories({ organizationId }) {
      organizations.get(organizationId);
      return { directories: directories.all.of(organizationId).map((directory) => directories.full(directory)) };
    },

    getDirectory: ({ organizationId, id }) => ({ directory: directories.full(directories.getOf(organizationId, id)) }),

    createDirectory({ organizationId, directory }) {
      organizations.get(organizationId);
      const created = directories.all.add((id) =>
        create(DirectorySchema, {
          id,
          name: 'New directory',
          directoryType: directory?.directoryType ?? DirectoryType.SCIM,
          organizationId,
          directoryProvider: directory?.directoryProvider ?? DirectoryProvider.DIRECTORY_PROVIDER_UNSPECIFIED,
          directoryEndpoint: `${world.url()}/directory/${id}/scim/v2`,
          status: DirectoryStatus[DirectoryStatus.DRAFT],
        }),
      );
      return { directory: created };
    },

    updateDirectory({ organizationId, id, directory: update }) {
      const directory = directories.getOf(organizationId, id);
      const changed = directories.change(directory, {
        name: update?.name || directory.name,
        directoryType: update?.directoryType || directory.directoryType,
        directoryProvider: update?.directoryProvider || directory.directoryProvider,
        ...(update?.status ? { status: DirectoryStatus[update.status] as string } : {}),
      });
      return { directory: directories.full(changed) };
    },

    deleteDirectory({ organizationId, id }) {
      directories.delete(directories.getOf(organizationId, id));
      return {};
    },

    enableDirectory({ organizationId, id }) {
      directories.switch(directories.getOf(organizationId, id), true);
      return { enabled: true };
    },

    disableDirectory({ organizationId, id }) {
      directories.switch(directories.getOf(organizationId, id), false);
      return { enabled: false };
    },

    listDirectoryUsers(request) {
      const directory = directories.getOf(request.organizationId, request.directoryId);
      const group = request.directoryGroupId;
      const after = updatedAfter(request.updatedAfter);
      const found = directories
        .users(directory, request.includeDetail === true)
        .filter((user) => (group === undefined || user.groups.some(({ id }) => id === group)) && after(user));
      const { users } = directories.contents.of(directory);
      const listing = listingBy(found, ({ id }) => users.get(id)?.position ?? 0);
      const { items, ...rest } = page(listing, request, `directory users ${directory.id} ${group ?? ''}`);
      return { users: items, ...rest };
    },

    listDirectoryGroups(request) {
      const directory = directories.getOf(request.organizationId, request.directoryId);
      const found = directories
        .groups(directory, request.includeDetail === true)
        .filter(updatedAfter(request.updatedAfter));
      const { groups } = directories.contents.of(directory);
      const listing = listingBy(found, ({ id }) => groups.get(id)?.position ?? 0);
      const { items, ...rest } = page(listing, request, `directory groups ${directory.id}`);
      return { groups: items, ...rest };
    },

    listDirectoryGroupsSummary({ organizationId, directoryId }) {
      const groups = directories.groups(directories.getOf(organizationId, directoryId));
      return { groups: groups.map(({ id, displayName }) => ({ id, displayName })), totalSize: groups.length };
    },

    createDirectorySecret({ organizationId, directoryId }) {
      const directory = directories.getOf(organizationId, directoryId);
      return newSecret(directory, directory.secrets);
    },

    regenerateDirectorySecret: ({ organizationId, directoryId }) =>
      newSecret(directories.getOf(organizationId, directoryId), []),

    triggerDirectorySync({ organizationId, directoryId }) {
      const directory = directories.getOf(organizationId, directoryId);
      if (!directory.enabled) throw new ApiError('FAILED_PRECONDITION', 'the directory is disabled');
      directories.change(directory, { lastSyncedAt: timestampNow(world) });
      return {};
    },
  });
}
