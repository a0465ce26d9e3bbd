import { isRecord } from '../../api/json';
import type { PermissionNode } from './permissionNode';
import type { RoleNode } from './roleNode';
import type { ActionDependencies } from '../organizations/actionDependencies';

/** The row of a role that can be changed: one of the environment's, shown by the view. */
export function editableRole(argument: unknown, { configurationView }: ActionDependencies): RoleNode | undefined {
  if (!configurationView.hasShown(argument)) return undefined;
  const row: unknown = argument;
  return isRoleNode(row) && !row.role.isOfOrganization ? row : undefined;
}

/** The row of a permission that can be changed: not one of Scalekit's own, shown by the view. */
export function editablePermission(
  argument: unknown,
  { configurationView }: ActionDependencies,
): PermissionNode | undefined {
  if (!configurationView.hasShown(argument)) return undefined;
  const row: unknown = argument;
  return isPermissionNode(row) && !row.permission.isScalekitPermission ? row : undefined;
}

function isRoleNode(value: unknown): value is RoleNode {
  return isRecord(value) && value['kind'] === 'role' && isRecord(value['role']);
}

function isPermissionNode(value: unknown): value is PermissionNode {
  return isRecord(value) && value['kind'] === 'permission' && isRecord(value['permission']);
}
