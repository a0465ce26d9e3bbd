import { parseFault } from '../control/faultSchema';
import type { RoleData, SandboxData } from '../package/api';
import { DataError, formProblem, pointer } from './dataProblem';
import { dataSchema } from './dataSchema';
import { defaultNames } from './defaultNames';

/** Data from outside, if it's good: its form, unique IDs and names, and references that lead somewhere. @throws DataError */
export function checkData(json: unknown): SandboxData {
  const read = dataSchema.safeParse(json);
  if (!read.success) throw new DataError(formProblem(read.error, json));
  checkUnique(read.data);
  checkRoles(read.data);
  checkReferences(read.data);
  return read.data;
}

/** Remembers the values of one kind, and refuses the second one of a value. */
class Seen {
  readonly #places = new Map<string, string>();

  constructor(
    private readonly what: string,
    private readonly ignoreCase = false,
  ) {}

  add(value: string | undefined, place: string): void {
    if (value === undefined) return;
    const key = this.ignoreCase ? value.toLowerCase() : value;
    const first = this.#places.get(key);
    if (first !== undefined) throw new DataError(`${place} is the ${this.what} of ${first} already.`);
    this.#places.set(key, place.slice(0, place.lastIndexOf('/')));
  }

  has(value: string): boolean {
    return this.#places.has(this.ignoreCase ? value.toLowerCase() : value);
  }
}

function checkUnique({
  organizations = [],
  users = [],
  roles = [],
  permissions = [],
  connections = [],
}: SandboxData): void {
  const ids = new Seen('ID');
  const externalIds = new Seen('external ID');
  const slugs = new Seen('slug');
  const domains = new Seen('domain');
  organizations.forEach((organization, index) => {
    const at = (...path: readonly PropertyKey[]) => pointer('organizations', index, ...path);
    ids.add(organization.id, at('id'));
    externalIds.add(organization.external_id, at('external_id'));
    slugs.add(organization.slug, at('slug'));
    organization.domains?.forEach((domain, place) => {
      ids.add(domain.id, at('domains', place, 'id'));
      domains.add(domain.domain, at('domains', place, 'domain'));
    });
    organization.connections?.forEach(({ id }, place) => ids.add(id, at('connections', place, 'id')));
    organization.directories?.forEach((directory, place) => {
      const inside = (...path: readonly PropertyKey[]) => at('directories', place, ...path);
      ids.add(directory.id, inside('id'));
      const groups = new Seen('name');
      directory.groups?.forEach((group, position) => {
        ids.add(group.id, inside('groups', position, 'id'));
        groups.add(group.display_name, inside('groups', position, 'display_name'));
      });
      const emails = new Seen('email', true);
      directory.users?.forEach((user, position) => {
        ids.add(user.id, inside('users', position, 'id'));
        emails.add(user.email, inside('users', position, 'email'));
        user.groups?.forEach((name, entry) => {
          if (!groups.has(name))
            throw new DataError(`${inside('users', position, 'groups', entry)} isn't a group of this directory.`);
        });
      });
    });
    const names = new Seen('name');
    organization.roles?.forEach((role, place) => {
      ids.add(role.id, at('roles', place, 'id'));
      names.add(role.name, at('roles', place, 'name'));
    });
  });
  const emails = new Seen('email', true);
  const userExternalIds = new Seen('external ID');
  users.forEach((user, index) => {
    ids.add(user.id, pointer('users', index, 'id'));
    emails.add(user.email, pointer('users', index, 'email'));
    userExternalIds.add(user.external_id, pointer('users', index, 'external_id'));
  });
  const roleNames = new Seen('name');
  roles.forEach((role, index) => {
    ids.add(role.id, pointer('roles', index, 'id'));
    roleNames.add(role.name, pointer('roles', index, 'name'));
  });
  const permissionNames = new Seen('name');
  permissions.forEach(({ name }, index) => permissionNames.add(name, pointer('permissions', index, 'name')));
  connections.forEach(({ id }, index) => ids.add(id, pointer('connections', index, 'id')));
}

function checkRoles(data: SandboxData): void {
  const { organizations = [], roles } = data;
  if (roles?.length === 0)
    throw new DataError('/roles must have at least one role. Leave it out for the default ones.');
  const permissions = new Set([
    ...(data.permissions?.map(({ name }) => name) ?? defaultNames.permissions),
    ...defaultNames.scalekitPermissions,
  ]);
  const environment = new Map(
    roles?.map((role) => [role.name, role]) ?? defaultNames.roles.map((name) => [name, { name }]),
  );
  const check = (list: readonly RoleData[], known: ReadonlyMap<string, RoleData>, ...path: readonly PropertyKey[]) => {
    list.forEach((role, index) => {
      role.permissions?.forEach((name, place) => {
        if (!permissions.has(name))
          throw new DataError(`${pointer(...path, index, 'permissions', place)} isn't the name of a permission.`);
      });
      if (role.extends === undefined) return;
      const at = pointer(...path, index, 'extends');
      if (!known.has(role.extends)) throw new DataError(`${at} isn't the name of a role.`);
      const seen = new Set([role.name]);
      for (let base: string | undefined = role.extends; base !== undefined; base = known.get(base)?.extends) {
        if (seen.has(base)) throw new DataError(`${at} would make the role build on itself.`);
        seen.add(base);
      }
    });
  };
  check(roles ?? [], environment, 'roles');
  for (const name of ['default_creator_role', 'default_member_role'] as const) {
    const role = data[name];
    if (role !== undefined && !environment.has(role)) throw new DataError(`/${name} isn't the name of a role.`);
  }
  // Which of the default roles stay isn't asked of the ones that build on them: they're all there or none is.
  if (data.permissions !== undefined && roles === undefined) {
    const missing = defaultNames.permissions.find((name) => !permissions.has(name));
    if (missing !== undefined)
      throw new DataError(`/permissions lacks ${missing}, which the default roles have. Give roles too.`);
  }
  organizations.forEach((organization, index) => {
    const known = new Map([...environment, ...(organization.roles ?? []).map((role) => [role.name, role] as const)]);
    check(organization.roles ?? [], known, 'organizations', index, 'roles');
    const name = organization.default_member_role;
    if (name !== undefined && !known.has(name))
      throw new DataError(`${pointer('organizations', index, 'default_member_role')} isn't the name of a role.`);
  });
}

function checkReferences({ organizations = [], users = [], roles, faults = [] }: SandboxData): void {
  faults.forEach((fault, index) => {
    try {
      parseFault(fault);
    } catch (error) {
      throw new DataError(`${pointer('faults', index)}: ${(error as Error).message}`, { cause: error });
    }
  });
  organizations.forEach(({ domains = [], connections = [] }, index) => {
    const own = new Set(domains.map(({ domain }) => domain));
    connections.forEach((connection, place) =>
      connection.domains?.forEach((domain, entry) => {
        if (!own.has(domain))
          throw new DataError(
            `${pointer('organizations', index, 'connections', place, 'domains', entry)} isn't a domain of this organization.`,
          );
      }),
    );
  });
  const environment = new Set(roles?.map(({ name }) => name) ?? defaultNames.roles);
  const byExternalId = new Map(organizations.map((organization) => [organization.external_id, organization]));
  const byId = new Map(organizations.map((organization) => [organization.id, organization]));
  users.forEach((user, index) => {
    const joined = new Set<unknown>();
    user.memberships?.forEach((membership, place) => {
      const at = (...path: readonly PropertyKey[]) => pointer('users', index, 'memberships', place, ...path);
      const organization = byId.get(membership.organization) ?? byExternalId.get(membership.organization);
      if (organization === undefined)
        throw new DataError(`${at('organization')} isn't the ID or external ID of an organization in this file.`);
      if (joined.has(organization)) throw new DataError(`${at('organization')} is a membership of this user already.`);
      joined.add(organization);
      const own = new Set(organization.roles?.map(({ name }) => name));
      membership.roles?.forEach((name, entry) => {
        if (!environment.has(name) && !own.has(name))
          throw new DataError(`${at('roles', entry)} isn't the name of a role.`);
      });
    });
  });
}
