import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  PermissionSchema,
  PermissionType,
  RolePermissionSchema,
  RoleSchema,
  RolesService,
  type Permission,
  type Role,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb';
import { ApiError } from '../protocol/apiError';
import { optional } from '../protocol/optional';
import { resource, type Resource } from '../protocol/resource';
import { IdSeries } from '../store/idSeries';
import { listingOf, page } from '../store/pages';
import { timestampNow } from '../store/world';
import { permissionData, roleData } from '../webhooks/eventData';
import type { Organizations } from './organizations';

export const DEFAULT_PERMISSIONS: readonly (readonly [name: string, description: string])[] = [
  ['usr:read', 'See the users of the organization'],
  ['usr:write', 'Invite, change and remove users'],
  ['billing:read', 'See invoices and plans'],
  ['billing:write', 'Change plans and payment methods'],
  ['reports:read', 'See reports'],
  ['reports:export', 'Download reports'],
  ['projects:read', 'See projects'],
  ['projects:write', 'Create and change projects'],
  ['projects:delete', 'Delete projects'],
  ['settings:write', 'Change the settings of the organization'],
];
// Scalekit's own permissions, which nobody can change.
export const SCALEKIT_PERMISSIONS = ['sk_organizations_read', 'sk_organizations_write', 'sk_users_read'];
export const DEFAULT_ROLES: readonly (readonly [
  name: string,
  displayName: string,
  description: string,
  base: string | undefined,
  permissions: readonly string[],
])[] = [
  ['admin', 'Admin', 'Full access', 'member', ['usr:write', 'billing:write', 'projects:delete', 'settings:write']],
  ['member', 'Member', 'Standard access', 'viewer', ['projects:write', 'reports:export']],
  ['viewer', 'Viewer', 'Read-only access', undefined, ['usr:read', 'projects:read', 'reports:read']],
  ['billing', 'Billing', 'Access to plans and invoices', undefined, ['billing:read', 'billing:write']],
];
const ROLE_IDS = new IdSeries('role_', '64450', 500331100417, 211);
const PERMISSION_IDS = new IdSeries('perm_', '64451', 500991100433, 223);

export interface StoredRole {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly base: string | undefined;
  readonly permissions: readonly string[];
  readonly organizationId: string | undefined;
}

/** The roles of the environment and of single organizations, with their permissions. */
export class Roles {
  readonly permissions = new Map<string, Permission>();
  readonly #roles: StoredRole[] = [];
  /** The role that replaces a deleted one. */
  readonly #replaced = new Map<string, string | undefined>();
  readonly #organizationDefaults = new Map<string, string>();
  defaultCreator = 'admin';
  defaultMember = 'member';
  #nextRole = 0;
  #nextPermission = 0;
  readonly #reserved = new Set<string>();

  constructor(readonly organizations: Organizations) {
    const created = timestampFromMs(Date.UTC(2025, 2, 20, 13, 0, 0));
    for (const [name, description] of [
      ...DEFAULT_PERMISSIONS,
      ...SCALEKIT_PERMISSIONS.map((name) => [name, 'Built in'] as const),
    ]) {
      const isScalekitPermission = SCALEKIT_PERMISSIONS.includes(name);
      this.permissions.set(
        name,
        create(PermissionSchema, {
          id: this.nextPermissionId(),
          name,
          description,
          createTime: created,
          updateTime: created,
          isScalekitPermission,
        }),
      );
    }
    for (const [name, displayName, description, base, permissions] of DEFAULT_ROLES) {
      this.add({ name, displayName, description, base, permissions, organizationId: undefined });
    }
    if (organizations.sampleCount > 0) {
      const organizationId = organizations.ids.idAt(0);
      this.add({
        name: 'cartoonist',
        displayName: 'Cartoonist',
        description: 'Draws',
        base: 'member',
        permissions: ['projects:delete'],
        organizationId,
      });
    }
    organizations.beforeDelete((id) => {
      for (const role of [...this.#roles]) if (role.organizationId === id) this.remove(role);
      this.#organizationDefaults.delete(id);
    });
  }

  nextPermissionId(): string {
    return PERMISSION_IDS.idAt(this.#nextPermission++);
  }

  all(): readonly StoredRole[] {
    return this.#roles;
  }

  /** Roles that a user can have in an organization: its own and those of the environment. */
  in(organizationId: string): StoredRole[] {
    return this.#roles.filter((role) => role.organizationId === undefined || role.organizationId === organizationId);
  }

  find(name: string, organizationId?: string): StoredRole | undefined {
    return (
      this.#roles.find(
        (role) => role.name === name && organizationId !== undefined && role.organizationId === organizationId,
      ) ?? this.#roles.find((role) => role.name === name && role.organizationId === undefined)
    );
  }

  /** @throws ApiError NOT_FOUND */
  get(name: string, organizationId?: string): StoredRole {
    const role = this.find(name, organizationId);
    if (role === undefined) throw ApiError.notFound('role', name);
    return role;
  }

  /** A role of the organization's own, not one of the environment. @throws ApiError NOT_FOUND */
  getOwn(name: string, organizationId: string): StoredRole {
    const role = this.find(name, organizationId);
    if (role?.organizationId !== organizationId) throw ApiError.notFound('role', name);
    return role;
  }

  /** Keeps ids for roles that are added with them. */
  reserve(ids: readonly string[]): void {
    for (const id of ids) this.#reserved.add(id);
  }

  /** Adds a role, with a new id unless it has one. */
  add(role: Omit<StoredRole, 'id'> & { readonly id?: string | undefined }): StoredRole {
    const added = { ...role, id: role.id ?? this.#newId() };
    this.#roles.push(added);
    this.#replaced.delete(role.name);
    return added;
  }

  #newId(): string {
    let id: string;
    do id = ROLE_IDS.idAt(this.#nextRole++);
    while (this.#reserved.has(id));
    return id;
  }

  replace(role: StoredRole, changes: Partial<StoredRole>): StoredRole {
    const changed = { ...role, ...changes };
    this.#roles[this.#roles.indexOf(role)] = changed;
    return changed;
  }

  remove(role: StoredRole, replacement?: string): void {
    this.#roles.splice(this.#roles.indexOf(role), 1);
    if (role.organizationId === undefined) this.#replaced.set(role.name, replacement);
  }

  /** Sends the event of a change. */
  tell(change: 'created' | 'updated' | 'deleted', role: StoredRole): void {
    this.organizations.world.events.emit(`role.${change}`, undefined, () => roleData(role));
  }

  /** Sends the event of a change. */
  tellPermission(change: 'created' | 'updated' | 'deleted', permission: Permission): void {
    this.organizations.world.events.emit(`permission.${change}`, undefined, () => permissionData(permission));
  }

  /** The role that a name recorded earlier refers to now. */
  current(name: string, organizationId: string): StoredRole | undefined {
    let now: string | undefined = name;
    for (let hops = 0; now !== undefined && this.find(now, organizationId) === undefined && hops < 20; hops++)
      now = this.#replaced.get(now);
    return now === undefined ? undefined : this.find(now, organizationId);
  }

  dependents(role: StoredRole): StoredRole[] {
    return this.#roles.filter(
      ({ base, organizationId }) =>
        base === role.name && (role.organizationId === undefined || organizationId === role.organizationId),
    );
  }

  /** Names of a role's permissions, with inherited ones. */
  effective(role: StoredRole): string[] {
    const names = new Set<string>();
    const seen = new Set<string>();
    for (
      let at: StoredRole | undefined = role;
      at !== undefined && !seen.has(at.name);
      at = at.base === undefined ? undefined : this.find(at.base, role.organizationId)
    ) {
      seen.add(at.name);
      for (const name of at.permissions) names.add(name);
    }
    return [...names];
  }

  defaultMemberOf(organizationId: string): string {
    return this.#organizationDefaults.get(organizationId) ?? this.defaultMember;
  }

  setDefaultMemberOf(organizationId: string, name: string): void {
    this.#organizationDefaults.set(organizationId, name);
  }

  /** @throws ApiError INVALID_ARGUMENT for a permission that doesn't exist */
  checkPermissions(names: readonly string[]): void {
    for (const name of names) {
      if (!this.permissions.has(name))
        throw ApiError.invalid(`permission ${name} doesn't exist`, 'permissions', 'permission.exists');
    }
  }

  /** The role as a message, optionally in an organization. `include` is the request parameter of that name. */
  message(role: StoredRole, include: string | undefined, organizationId?: string): Role {
    const defaultMember = organizationId === undefined ? this.defaultMember : this.defaultMemberOf(organizationId);
    const names =
      include === 'permissions' ? role.permissions : include === 'permissions:all' ? this.effective(role) : [];
    return create(RoleSchema, {
      id: role.id,
      name: role.name,
      displayName: role.displayName,
      description: role.description,
      defaultCreator: role.name === this.defaultCreator && role.organizationId === undefined,
      defaultMember: role === this.find(defaultMember, organizationId),
      ...optional('extends', role.base),
      permissions: names.flatMap((name) => {
        const permission = this.permissions.get(name);
        if (permission === undefined) return [];
        const { id, description, createTime, updateTime } = permission;
        return [
          create(RolePermissionSchema, {
            id,
            name,
            description,
            ...optional('createTime', createTime),
            ...optional('updateTime', updateTime),
            roleName: role.name,
          }),
        ];
      }),
      dependentRolesCount: this.dependents(role).length,
      isOrgRole: role.organizationId !== undefined,
    });
  }

  permissionMessages(names: readonly string[]): Permission[] {
    return names.flatMap((name) => this.permissions.get(name) ?? []);
  }
}

/** Finds out who has a role, which only the users know. */
export interface RoleUsers {
  /** How many users have a role, in one organization or in any. Counts up to `atMost`. */
  countWithRole(name: string, organizationId: string | undefined, atMost?: number): Promise<number>;
}

/** Roles and permissions. */
export function roleResource(roles: Roles, users: RoleUsers): Resource {
  const { organizations } = roles;
  const { world } = organizations;

  const createRole = (
    role:
      | { name: string; displayName: string; description?: string; extends?: string; permissions: string[] }
      | undefined,
    organizationId: string | undefined,
  ) => {
    if (role === undefined) throw ApiError.invalid('role is required', 'role', 'required');
    const existing = roles.find(role.name, organizationId);
    if (existing !== undefined && existing.organizationId === organizationId) {
      throw new ApiError('ALREADY_EXISTS', `role ${role.name} already exists`);
    }
    checkBase(role.name, role.extends, organizationId);
    roles.checkPermissions(role.permissions);
    const added = roles.add({
      name: role.name,
      displayName: role.displayName,
      description: role.description ?? '',
      base: role.extends,
      permissions: [...new Set(role.permissions)],
      organizationId,
    });
    roles.tell('created', added);
    return roles.message(added, 'permissions');
  };

  const change = (role: ReturnType<Roles['get']>, changes: Parameters<Roles['replace']>[1]) => {
    const changed = roles.replace(role, changes);
    roles.tell('updated', changed);
    return changed;
  };

  const updateRole = (
    role: ReturnType<Roles['get']>,
    update: { displayName?: string; description?: string; extends?: string; permissions: string[] } | undefined,
  ) => {
    if (update?.extends !== undefined) checkBase(role.name, update.extends, role.organizationId);
    if (update !== undefined) roles.checkPermissions(update.permissions);
    const changed = change(role, {
      ...optional('displayName', update?.displayName),
      ...optional('description', update?.description),
      ...optional('base', update?.extends),
      ...(update !== undefined && update.permissions.length > 0
        ? { permissions: [...new Set(update.permissions)] }
        : {}),
    });
    return roles.message(changed, 'permissions');
  };

  const checkBase = (name: string, base: string | undefined, organizationId: string | undefined) => {
    const seen = new Set([name]);
    for (let at = base; at !== undefined; at = roles.find(at, organizationId)?.base) {
      if (roles.find(at, organizationId) === undefined)
        throw ApiError.invalid(`role ${at} doesn't exist`, 'role.extends', 'role.exists');
      if (seen.has(at)) throw ApiError.invalid(`role ${name} would extend itself`, 'role.extends', 'role.cycle');
      seen.add(at);
    }
  };

  const deleteRole = async (role: ReturnType<Roles['get']>, replacement: string | undefined) => {
    if (replacement !== undefined) {
      if (replacement === role.name)
        throw ApiError.invalid("a role can't replace itself", 'reassign_role_name', 'role.other');
      roles.get(replacement, role.organizationId);
    } else {
      if (roles.dependents(role).length > 0)
        throw new ApiError('FAILED_PRECONDITION', `other roles extend ${role.name}`);
      if ((await users.countWithRole(role.name, role.organizationId, 1)) > 0) {
        throw new ApiError('FAILED_PRECONDITION', `users have the role ${role.name}: reassign_role_name is needed`);
      }
    }
    for (const dependent of roles.dependents(role)) change(dependent, { base: replacement });
    roles.remove(role, replacement);
    roles.tell('deleted', role);
    return {};
  };

  const setDefault = (name: string | undefined, set: (name: string) => void) => {
    if (name === undefined || name === '') return;
    set(roles.get(name).name);
  };

  return resource(RolesService, {
    listRoles: ({ include }) => ({ roles: roles.all().map((role) => roles.message(role, include)) }),
    getRole: ({ roleName, include }) => ({ role: roles.message(roles.get(roleName), include) }),
    createRole: ({ role }) => ({ role: createRole(role, undefined) }),
    updateRole: ({ roleName, role }) => ({ role: updateRole(roles.get(roleName), role) }),
    deleteRole: ({ roleName, reassignRoleName }) => deleteRole(roles.get(roleName), reassignRoleName),
    async getRoleUsersCount({ roleName }) {
      return { count: BigInt(await users.countWithRole(roles.get(roleName).name, undefined)) };
    },
    listDependentRoles: ({ roleName }) => ({
      roles: roles.dependents(roles.get(roleName)).map((role) => roles.message(role, 'permissions')),
    }),
    deleteRoleBase({ roleName }) {
      change(roles.get(roleName), { base: undefined });
      return {};
    },
    updateDefaultRoles(request) {
      setDefault(request.defaultCreatorRole ?? request.defaultCreator?.name, (name) => (roles.defaultCreator = name));
      setDefault(request.defaultMemberRole ?? request.defaultMember?.name, (name) => (roles.defaultMember = name));
      return {
        defaultCreator: roles.message(roles.get(roles.defaultCreator), undefined),
        defaultMember: roles.message(roles.get(roles.defaultMember), undefined),
      };
    },

    listOrganizationRoles({ orgId, include }) {
      organizations.get(orgId);
      return { roles: roles.in(orgId).map((role) => roles.message(role, include, orgId)) };
    },
    getOrganizationRole({ orgId, roleName, include }) {
      organizations.get(orgId);
      return { role: roles.message(roles.get(roleName, orgId), include, orgId) };
    },
    createOrganizationRole({ orgId, role }) {
      organizations.get(orgId);
      return { role: createRole(role, orgId) };
    },
    updateOrganizationRole({ orgId, roleName, role }) {
      organizations.get(orgId);
      return { role: updateRole(roles.getOwn(roleName, orgId), role) };
    },
    deleteOrganizationRole({ orgId, roleName, reassignRoleName }) {
      organizations.get(orgId);
      return deleteRole(roles.getOwn(roleName, orgId), reassignRoleName);
    },
    async getOrganizationRoleUsersCount({ orgId, roleName }) {
      organizations.get(orgId);
      return { count: BigInt(await users.countWithRole(roles.get(roleName, orgId).name, orgId)) };
    },
    deleteOrganizationRoleBase({ orgId, roleName }) {
      organizations.get(orgId);
      change(roles.getOwn(roleName, orgId), { base: undefined });
      return {};
    },
    updateDefaultOrganizationRoles({ orgId, defaultMemberRole }) {
      organizations.get(orgId);
      const role = roles.get(defaultMemberRole, orgId);
      roles.setDefaultMemberOf(orgId, role.name);
      return { defaultMember: roles.message(role, undefined, orgId) };
    },

    listPermissions({ pageSize, pageToken, type }) {
      const found = [...roles.permissions.values()].filter(
        ({ isScalekitPermission }) =>
          type === PermissionType.ALL || isScalekitPermission === (type === PermissionType.SCALEKIT),
      );
      const { items, ...rest } = page(
        listingOf(found),
        { pageSize: pageSize ?? 0, pageToken: pageToken ?? '' },
        `permissions ${type}`,
      );
      return { permissions: items, ...rest };
    },
    getPermission: ({ permissionName }) => ({ permission: permissionOf(roles, permissionName) }),
    createPermission({ permission }) {
      const { name = '', description = '' } = permission ?? {};
      if (roles.permissions.has(name)) throw new ApiError('ALREADY_EXISTS', `permission ${name} already exists`);
      const now = timestampNow(world);
      const created = create(PermissionSchema, {
        id: roles.nextPermissionId(),
        name,
        description,
        createTime: now,
        updateTime: now,
      });
      roles.permissions.set(name, created);
      roles.tellPermission('created', created);
      return { permission: created };
    },
    updatePermission({ permissionName, permission }) {
      const current = ownPermissionOf(roles, permissionName);
      const changed = {
        ...current,
        description: permission?.description ?? current.description,
        updateTime: timestampNow(world),
      };
      roles.permissions.set(permissionName, changed);
      roles.tellPermission('updated', changed);
      return { permission: changed };
    },
    deletePermission({ permissionName }) {
      const deleted = ownPermissionOf(roles, permissionName);
      roles.permissions.delete(permissionName);
      roles.tellPermission('deleted', deleted);
      for (const role of roles.all()) {
        if (role.permissions.includes(permissionName)) {
          change(role, { permissions: role.permissions.filter((name) => name !== permissionName) });
        }
      }
      return {};
    },

    listRolePermissions: ({ roleName }) => ({ permissions: roles.permissionMessages(roles.get(roleName).permissions) }),
    listEffectiveRolePermissions: ({ roleName }) => ({
      permissions: roles.permissionMessages(roles.effective(roles.get(roleName))),
    }),
    addPermissionsToRole({ roleName, permissionNames }) {
      const role = roles.get(roleName);
      roles.checkPermissions(permissionNames);
      const changed = change(role, { permissions: [...new Set([...role.permissions, ...permissionNames])] });
      return { permissions: roles.permissionMessages(changed.permissions) };
    },
    removePermissionFromRole({ roleName, permissionName }) {
      const role = roles.get(roleName);
      if (!role.permissions.includes(permissionName)) throw ApiError.notFound('permission', permissionName);
      change(role, { permissions: role.permissions.filter((name) => name !== permissionName) });
      return {};
    },
  });
}

function permissionOf(roles: Roles, name: string): Permission {
  const permission = roles.permissions.get(name);
  if (permission === undefined) throw ApiError.notFound('permission', name);
  return permission;
}

function ownPermissionOf(roles: Roles, name: string): Permission {
  const permission = permissionOf(roles, name);
  if (permission.isScalekitPermission)
    throw new ApiError('FAILED_PRECONDITION', `${name} is Scalekit's own and can't be changed`);
  return permission;
}
