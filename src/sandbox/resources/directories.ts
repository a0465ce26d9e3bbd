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
import { listingOf, page } from '../store/pages';
import { mailboxAmong, personName } from '../store/sampleNames';
import { Shares } from '../store/shares';
import { timestampNow } from '../store/world';
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

/** Directories with their users and groups. Users and groups change only at the identity provider, so here they're fixed. */
export class Directories {
  readonly all: OwnedCollection<Directory>;

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
    organizations.beforeDelete((id) => this.all.deleteOf(id, (directory) => directory.id));
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
    const users = this.users(directory);
    const groups = this.groups(directory);
    return {
      ...directory,
      totalUsers: users.length,
      totalGroups: groups.length,
      ...(users.length === 0
        ? {}
        : { stats: create(StatsSchema, { totalUsers: users.length, totalGroups: groups.length }) }),
    };
  }

  /** The users a directory has received. There are none before its first sync. */
  users(directory: Directory): DirectoryUser[] {
    const { seed, startedAt } = this.organizations.world;
    const directoryPosition = this.all.ids.positionOf(directory.id) ?? 0;
    const organizationPosition = this.organizations.ids.positionOf(directory.organizationId) ?? 0;
    if (directory.lastSyncedAt === undefined) return [];
    const groups = this.groups(directory);
    const domain = `${this.organizations.names.at(organizationPosition).slug}.com`;
    return Array.from({ length: this.#userCount(directoryPosition) }, (_, index) => {
      const position = directoryPosition * MOST_USERS + index;
      const { given, family } = personName(seed, position + 500_000);
      const email = `${mailboxAmong(seed, position - index + 500_000, index)}@${domain}`;
      const own = groups.filter((_group, place) => place === 0 || index % (place + 2) === 0);
      return create(DirectoryUserSchema, {
        id: USERS.idAt(position),
        email,
        preferredUsername: email,
        givenName: given,
        familyName: family,
        updatedAt: timestampFromMs(startedAt - seed.number(20 * 86_400_000, 'directory user', position)),
        emails: [email],
        groups: own,
      });
    });
  }

  groups(directory: Directory): DirectoryGroup[] {
    const { seed, startedAt } = this.organizations.world;
    const directoryPosition = this.all.ids.positionOf(directory.id) ?? 0;
    if (directory.lastSyncedAt === undefined) return [];
    const users = this.#userCount(directoryPosition);
    return GROUP_NAMES.map((displayName, index) =>
      create(DirectoryGroupSchema, {
        id: GROUPS.idAt(directoryPosition * GROUP_NAMES.length + index),
        displayName,
        totalUsers: index === 0 ? users : Math.ceil(users / (index + 2)),
        updatedAt: timestampFromMs(startedAt - seed.number(20 * 86_400_000, 'group', directoryPosition * 10 + index)),
      }),
    );
  }

  #userCount(directoryPosition: number): number {
    return directoryPosition === 0
      ? 42
      : 3 + this.organizations.world.seed.number(60, 'directory users', directoryPosition);
  }
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
  const change = (directory: Directory, changes: Partial<Directory>): Directory => {
    const changed = { ...directory, ...changes };
    directories.all.set(directory.id, changed);
    return changed;
  };
  const newSecret = (directory: Directory, keep: readonly Secret[]) => {
    const plainSecret = `dirsec_${randomSecret()}`;
    const secret = create(SecretSchema, {
      id: `sec_${randomDigits(17)}`,
      createTime: timestampNow(world),
      secretSuffix: plainSecret.slice(-4),
      status: SecretStatus.ACTIVE,
      directoryId: directory.id,
    });
    change(directory, { secrets: [...keep, secret] });
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
      const changed = change(directory, {
        name: update?.name || directory.name,
        directoryType: update?.directoryType || directory.directoryType,
        directoryProvider: update?.directoryProvider || directory.directoryProvider,
        ...(update?.status ? { status: DirectoryStatus[update.status] as string } : {}),
      });
      return { directory: directories.full(changed) };
    },

    deleteDirectory({ organizationId, id }) {
      directories.getOf(organizationId, id);
      directories.all.delete(id);
      return {};
    },

    enableDirectory({ organizationId, id }) {
      change(directories.getOf(organizationId, id), {
        enabled: true,
        status: DirectoryStatus[DirectoryStatus.COMPLETED] as string,
      });
      return { enabled: true };
    },

    disableDirectory({ organizationId, id }) {
      change(directories.getOf(organizationId, id), { enabled: false });
      return { enabled: false };
    },

    listDirectoryUsers(request) {
      const directory = directories.getOf(request.organizationId, request.directoryId);
      const group = request.directoryGroupId;
      const after = updatedAfter(request.updatedAfter);
      const found = directories
        .users(directory)
        .filter((user) => (group === undefined || user.groups.some(({ id }) => id === group)) && after(user))
        .map((user) =>
          request.includeDetail === true
            ? {
                ...user,
                userDetail: {
                  userName: user.preferredUsername,
                  active: true,
                  name: { givenName: user.givenName, familyName: user.familyName },
                },
              }
            : user,
        );
      const { items, ...rest } = page(listingOf(found), request, `directory users ${directory.id} ${group ?? ''}`);
      return { users: items, ...rest };
    },

    listDirectoryGroups(request) {
      const directory = directories.getOf(request.organizationId, request.directoryId);
      const found = directories
        .groups(directory)
        .filter(updatedAfter(request.updatedAfter))
        .map((group) =>
          request.includeDetail === true ? { ...group, groupDetail: { displayName: group.displayName } } : group,
        );
      const { items, ...rest } = page(listingOf(found), request, `directory groups ${directory.id}`);
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
      change(directory, { lastSyncedAt: timestampNow(world) });
      return {};
    },
  });
}
