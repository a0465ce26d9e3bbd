import type { Directory } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import { jsonResponse, type SandboxResponse } from '../protocol/response';
import type { Directories } from '../resources/directories';
import type { DirectoryChange, ProvidedGroup, ProvidedUser } from '../resources/directoryContents';
import { newUserFields, readGroupName, readUserFields } from './directoryFields';

/** What the control endpoint's help says of these paths. */
export const DIRECTORY_HELP = {
  'GET /__sandbox/directories/{directory_id}': 'the users and groups of a directory, as its identity provider has them',
  'POST /__sandbox/directories/{directory_id}/users':
    'adds a user: {"email":"new.hire@example.com","given_name":"New","family_name":"Hire","groups":["Engineering"],"attributes":{"title":"Writer"}}',
  'PATCH /__sandbox/directories/{directory_id}/users/{user_id}': 'changes one: {"active":false} deactivates it',
  'DELETE /__sandbox/directories/{directory_id}/users/{user_id}': 'deletes one',
  'POST /__sandbox/directories/{directory_id}/groups': 'adds a group: {"display_name":"Design"}',
  'PATCH /__sandbox/directories/{directory_id}/groups/{group_id}': 'renames one',
  'DELETE /__sandbox/directories/{directory_id}/groups/{group_id}': 'deletes one',
  'PUT /__sandbox/directories/{directory_id}/groups/{group_id}/members/{user_id}': 'makes a user a member',
  'DELETE /__sandbox/directories/{directory_id}/groups/{group_id}/members/{user_id}': 'ends that',
};

const PATH = /^directories\/([^/]+)(?:\/(users|groups)(?:\/([^/]+)(?:\/members\/([^/]+))?)?)?$/;

/** The directories' part of the control endpoint: what an identity provider does with its users and groups. */
export class DirectoryControl {
  constructor(private readonly directories: Directories) {}

  /**
   * Undefined for a path or method that isn't its own.
   * @param path without the control endpoint's prefix
   * @param body reads the request's JSON
   * @throws ApiError, or Error for a body that can't be read
   */
  respond(method: string, path: string, body: () => Record<string, unknown>): SandboxResponse | undefined {
    const [, directoryId, kind, id, memberId] = PATH.exec(path) ?? [];
    if (directoryId === undefined) return undefined;
    const { contents } = this.directories;
    const directory = () => this.directories.get(directoryId);
    const route = `${method} ${kind ?? ''}${id === undefined ? '' : '/id'}${memberId === undefined ? '' : '/member'}`;
    switch (route) {
      case 'GET ':
        return jsonResponse(200, directoryJson(directory(), this.directories));
      case 'POST users':
        return changed(contents.createUser(directory(), newUserFields(this.#userFields(directory(), body()))));
      case 'PATCH users/id':
        return changed(contents.updateUser(directory(), id ?? '', this.#userFields(directory(), body())));
      case 'DELETE users/id':
        return changed(contents.deleteUser(directory(), id ?? ''));
      case 'POST groups':
        return changed(contents.createGroup(directory(), readGroupName(body()['display_name'])));
      case 'PATCH groups/id':
        return changed(contents.renameGroup(directory(), id ?? '', readGroupName(body()['display_name'])));
      case 'DELETE groups/id':
        return changed(contents.deleteGroup(directory(), id ?? ''));
      case 'PUT groups/id/member':
        return changed(contents.setMember(directory(), id ?? '', memberId ?? '', true));
      case 'DELETE groups/id/member':
        return changed(contents.setMember(directory(), id ?? '', memberId ?? '', false));
      default:
        return undefined;
    }
  }

  #userFields(directory: Directory, body: Record<string, unknown>) {
    return readUserFields(body, this.directories.contents.of(directory).groups.values());
  }
}

/** What changed, each with the name of Scalekit's event for it. */
function changed(changes: readonly DirectoryChange[]): SandboxResponse {
  return jsonResponse(200, {
    changes: changes.map((change) =>
      'user' in change
        ? { type: change.type, user: userJson(change.user) }
        : { type: change.type, group: groupJson(change.group) },
    ),
  });
}

function directoryJson(directory: Directory, directories: Directories): object {
  const { users, groups } = directories.contents.of(directory);
  return {
    id: directory.id,
    organization_id: directory.organizationId,
    name: directory.name,
    enabled: directory.enabled,
    users: [...users.values()].map(userJson),
    groups: [...groups.values()].map(groupJson),
  };
}

function userJson(user: ProvidedUser): object {
  return {
    id: user.id,
    email: user.email,
    preferred_username: user.preferredUsername,
    given_name: user.givenName,
    family_name: user.familyName,
    active: user.active,
    groups: user.groupIds,
    attributes: user.attributes,
    updated_at: new Date(user.updatedAt).toISOString(),
  };
}

function groupJson({ id, displayName, updatedAt }: ProvidedGroup): object {
  return { id, display_name: displayName, updated_at: new Date(updatedAt).toISOString() };
}
