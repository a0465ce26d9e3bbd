import type { Directory } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import { ApiError } from '../protocol/apiError';
import { randomDigits } from '../random';

const MOST_USERS = 10_000;
const MOST_GROUPS = 1_000;

/** A user as the identity provider has it. */
export interface ProvidedUser {
  readonly id: string;
  /** Its place in the list. */
  readonly position: number;
  readonly email: string;
  readonly preferredUsername: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly active: boolean;
  readonly groupIds: readonly string[];
  /** Whatever else the identity provider says, for example a department. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

export interface ProvidedGroup {
  readonly id: string;
  /** Its place in the list. */
  readonly position: number;
  readonly displayName: string;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** What an identity provider can say of a user. */
export type UserFields = Pick<
  ProvidedUser,
  'email' | 'givenName' | 'familyName' | 'active' | 'groupIds' | 'attributes'
> & {
  /** Default: the email address. */
  readonly preferredUsername?: string;
};

/** One change, named after Scalekit's event for it (docs/scalekit-api.md, 2.4). A deleted user or group is as it was. */
export type DirectoryChange =
  | {
      readonly type: `organization.directory.user_${'created' | 'updated' | 'deleted'}`;
      readonly user: ProvidedUser;
    }
  | {
      readonly type: `organization.directory.group_${'created' | 'updated' | 'deleted'}`;
      readonly group: ProvidedGroup;
    };

export interface Provided {
  /** By id, in order of creation. */
  readonly users: ReadonlyMap<string, ProvidedUser>;
  readonly groups: ReadonlyMap<string, ProvidedGroup>;
}

interface Contents {
  readonly users: Map<string, ProvidedUser>;
  readonly groups: Map<string, ProvidedGroup>;
  /** Ids of users by email address, in lower case. */
  readonly byEmail: Map<string, string>;
  nextPosition: number;
}

/**
 * The users and groups of directories. Only an identity provider changes them, so Scalekit's API can't: here, the control
 * endpoint and the pages play that part. Each function is one change, and gives all that changed with it.
 */
export class DirectoryContents {
  /** Of the directories that were changed. Those of all others are samples, which exist only as a recipe. */
  readonly #changed = new Map<string, Contents>();

  /**
   * @param samples what a directory has before its first change
   * @param onChange told of every change, after it
   */
  constructor(
    private readonly samples: (directory: Directory) => Provided,
    private readonly now: () => number,
    private readonly onChange: (directory: Directory, changes: readonly DirectoryChange[]) => void,
  ) {}

  of(directory: Directory): Provided {
    return this.#changed.get(directory.id) ?? this.samples(directory);
  }

  /** @throws ApiError if the email address is taken, a group is unknown, or the directory can't be changed */
  createUser(directory: Directory, fields: UserFields): readonly DirectoryChange[] {
    const contents = this.#contents(directory);
    if (contents.users.size >= MOST_USERS) {
      throw new ApiError('FAILED_PRECONDITION', `A directory of the sandbox has at most ${MOST_USERS} users.`);
    }
    return this.#saveUser(directory, contents, undefined, fields);
  }

  /** @throws ApiError as `createUser`, or if there is no such user */
  updateUser(directory: Directory, userId: string, fields: Partial<UserFields>): readonly DirectoryChange[] {
    const contents = this.#contents(directory);
    const user = userIn(contents, userId);
    const followsEmail = fields.preferredUsername === undefined && user.preferredUsername === user.email;
    const { preferredUsername, ...kept } = user;
    return this.#saveUser(directory, contents, user, {
      ...kept,
      ...(followsEmail ? {} : { preferredUsername }),
      ...fields,
    });
  }

  /** @throws ApiError if there is no such user, or the directory can't be changed */
  deleteUser(directory: Directory, userId: string): readonly DirectoryChange[] {
    const contents = this.#contents(directory);
    const user = userIn(contents, userId);
    contents.users.delete(userId);
    contents.byEmail.delete(user.email.toLowerCase());
    return this.#tell(directory, contents, [{ type: 'organization.directory.user_deleted', user }]);
  }

  /** @throws ApiError if the name is taken, or the directory can't be changed */
  createGroup(directory: Directory, displayName: string): readonly DirectoryChange[] {
    const contents = this.#contents(directory);
    if (contents.groups.size >= MOST_GROUPS) {
      throw new ApiError('FAILED_PRECONDITION', `A directory of the sandbox has at most ${MOST_GROUPS} groups.`);
    }
    return this.#saveGroup(directory, contents, undefined, displayName);
  }

  /** @throws ApiError as `createGroup`, or if there is no such group */
  renameGroup(directory: Directory, groupId: string, displayName: string): readonly DirectoryChange[] {
    const contents = this.#contents(directory);
    return this.#saveGroup(directory, contents, groupIn(contents, groupId), displayName);
  }

  /** Its members change too. @throws ApiError if there is no such group, or the directory can't be changed */
  deleteGroup(directory: Directory, groupId: string): readonly DirectoryChange[] {
    const contents = this.#contents(directory);
    const group = groupIn(contents, groupId);
    contents.groups.delete(groupId);
    const changes: DirectoryChange[] = [{ type: 'organization.directory.group_deleted', group }];
    for (const member of contents.users.values()) {
      if (!member.groupIds.includes(groupId)) continue;
      const user = { ...member, groupIds: without(member.groupIds, groupId), updatedAt: this.now() };
      contents.users.set(user.id, user);
      changes.push({ type: 'organization.directory.user_updated', user });
    }
    return this.#tell(directory, contents, changes);
  }

  /** Makes a user a member of a group, or ends that. @throws ApiError if either is unknown, or the directory can't be changed */
  setMember(directory: Directory, groupId: string, userId: string, isMember: boolean): readonly DirectoryChange[] {
    const contents = this.#contents(directory);
    groupIn(contents, groupId);
    const { groupIds } = userIn(contents, userId);
    if (groupIds.includes(groupId) === isMember) return [];
    return this.updateUser(directory, userId, {
      groupIds: isMember ? [...groupIds, groupId] : without(groupIds, groupId),
    });
  }

  /** Sets what a directory has received. Tells nobody. */
  restore(directoryId: string, users: readonly ProvidedUser[], groups: readonly ProvidedGroup[]): void {
    this.#changed.set(directoryId, {
      users: new Map(users.map((user) => [user.id, user])),
      groups: new Map(groups.map((group) => [group.id, group])),
      byEmail: new Map(users.map(({ email, id }) => [email.toLowerCase(), id])),
      nextPosition: users.length + groups.length,
    });
  }

  /** Of a directory that was deleted. */
  forget(directoryId: string): void {
    this.#changed.delete(directoryId);
  }

  /** What a change works on. It's a copy until the change is made. @throws ApiError if the directory is disabled */
  #contents(directory: Directory): Contents {
    if (!directory.enabled) {
      throw new ApiError('FAILED_PRECONDITION', 'The directory is disabled, so changes don’t reach it.');
    }
    const changed = this.#changed.get(directory.id);
    if (changed !== undefined) return changed;
    const { users, groups } = this.samples(directory);
    return {
      users: new Map(users),
      groups: new Map(groups),
      byEmail: new Map([...users.values()].map(({ email, id }) => [email.toLowerCase(), id])),
      nextPosition: users.size + groups.size,
    };
  }

  #saveUser(
    directory: Directory,
    contents: Contents,
    before: ProvidedUser | undefined,
    { preferredUsername, ...fields }: UserFields,
  ): readonly DirectoryChange[] {
    const email = fields.email.toLowerCase();
    if ((contents.byEmail.get(email) ?? before?.id) !== before?.id)
      throw new ApiError('ALREADY_EXISTS', `There is a user ${fields.email} already.`);
    for (const groupId of fields.groupIds) groupIn(contents, groupId);
    const user: ProvidedUser = {
      ...fields,
      groupIds: [...new Set(fields.groupIds)],
      preferredUsername: preferredUsername ?? fields.email,
      id: before?.id ?? `diruser_${randomDigits(17)}`,
      position: before?.position ?? contents.nextPosition++,
      updatedAt: this.now(),
    };
    contents.users.set(user.id, user);
    if (before !== undefined) contents.byEmail.delete(before.email.toLowerCase());
    contents.byEmail.set(email, user.id);
    const type = `organization.directory.user_${before === undefined ? 'created' : 'updated'}` as const;
    return this.#tell(directory, contents, [{ type, user }]);
  }

  #saveGroup(
    directory: Directory,
    contents: Contents,
    before: ProvidedGroup | undefined,
    displayName: string,
  ): readonly DirectoryChange[] {
    for (const other of contents.groups.values()) {
      if (other.id !== before?.id && other.displayName === displayName)
        throw new ApiError('ALREADY_EXISTS', `There is a group “${displayName}” already.`);
    }
    const group: ProvidedGroup = {
      displayName,
      id: before?.id ?? `dirgroup_${randomDigits(17)}`,
      position: before?.position ?? contents.nextPosition++,
      updatedAt: this.now(),
    };
    contents.groups.set(group.id, group);
    const type = `organization.directory.group_${before === undefined ? 'created' : 'updated'}` as const;
    return this.#tell(directory, contents, [{ type, group }]);
  }

  #tell(directory: Directory, contents: Contents, changes: readonly DirectoryChange[]): readonly DirectoryChange[] {
    this.#changed.set(directory.id, contents);
    this.onChange(directory, changes);
    return changes;
  }
}

function userIn({ users }: Provided, id: string): ProvidedUser {
  const user = users.get(id);
  if (user === undefined) throw ApiError.notFound('directory user', id);
  return user;
}

function groupIn({ groups }: Provided, id: string): ProvidedGroup {
  const group = groups.get(id);
  if (group === undefined) throw ApiError.notFound('directory group', id);
  return group;
}

function without(ids: readonly string[], id: string): string[] {
  return ids.filter((other) => other !== id);
}
