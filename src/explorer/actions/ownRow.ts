import { isRecord } from '../../api/json.js';
import type { PermissionNode } from '../permissionNode.js';
import type { RoleNode } from '../roleNode.js';
import type { ActionTools } from './actionTools.js';

/** The row of a role that can be changed: one of the environment, which the view has shown. */
export function ownRole(argument: unknown, { configurationView }: ActionTools): RoleNode | undefined {
  if (!configurationView.hasShown(argument)) return undefined;
  const row: unknown = argument;
  return isRoleNode(row) && !row.role.isOfOrganization ? row : undefined;
}

/** The row of a permission that can be changed: none of Scalekit's own, which the view has shown. */
export function ownPermission(argument: unknown, { configurationView }: ActionTools): PermissionNode | undefined {
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
