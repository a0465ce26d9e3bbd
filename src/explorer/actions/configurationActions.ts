import type { CommandHandler } from '../../editor/commands.js';
import type { ExplorerAction } from './actionIds.js';
import type { ActionTools } from './actionTools.js';
import { copyAllNames } from './copyAllNames.js';
import { createPermissionFlow } from './createPermission.js';
import { createRoleFlow } from './createRole.js';
import { setDefaultRoleFlow } from './defaultRole.js';
import { deletePermissionFlow } from './deletePermission.js';
import { deleteRoleFlow } from './deleteRole.js';

/** What can be done with roles and permissions of the environment. */
export function configurationActions(
  tools: ActionTools,
): Record<Extract<ExplorerAction, `scalekit.role.${string}` | `scalekit.permission.${string}`>, CommandHandler> {
  return {
    'scalekit.role.create': (argument) => createRoleFlow(argument, tools),
    'scalekit.role.delete': (argument) => deleteRoleFlow(argument, tools),
    'scalekit.role.setDefaultForCreators': (argument) => setDefaultRoleFlow(argument, 'creator', tools),
    'scalekit.role.setDefaultForMembers': (argument) => setDefaultRoleFlow(argument, 'member', tools),
    'scalekit.role.copyNames': (argument) => copyAllNames(argument, 'roles', tools),
    'scalekit.permission.create': (argument) => createPermissionFlow(argument, tools),
    'scalekit.permission.delete': (argument) => deletePermissionFlow(argument, tools),
    'scalekit.permission.copyNames': (argument) => copyAllNames(argument, 'permissions', tools),
  };
}
