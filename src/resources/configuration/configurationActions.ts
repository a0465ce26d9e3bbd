import type { CommandTable } from '../../ui/commands';
import type { ActionTools } from '../organizations/actionTools';
import { copyAllNames } from './copyAllNames';
import { createPermissionFlow } from './createPermission';
import { createRoleFlow } from './createRole';
import { setDefaultRoleFlow } from './defaultRole';
import { deletePermissionFlow } from './deletePermission';
import { deleteRoleFlow } from './deleteRole';

/** What can be done with roles and permissions of the environment. */
export function configurationActions(tools: ActionTools) {
  return {
    'scalekit.role.create': (argument) => createRoleFlow(argument, tools),
    'scalekit.role.delete': (argument) => deleteRoleFlow(argument, tools),
    'scalekit.role.setDefaultForCreators': (argument) => setDefaultRoleFlow(argument, 'creator', tools),
    'scalekit.role.setDefaultForMembers': (argument) => setDefaultRoleFlow(argument, 'member', tools),
    'scalekit.role.copyNames': (argument) => copyAllNames(argument, 'roles', tools),
    'scalekit.permission.create': (argument) => createPermissionFlow(argument, tools),
    'scalekit.permission.delete': (argument) => deletePermissionFlow(argument, tools),
    'scalekit.permission.copyNames': (argument) => copyAllNames(argument, 'permissions', tools),
  } satisfies CommandTable;
}
