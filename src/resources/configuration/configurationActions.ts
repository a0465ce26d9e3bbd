import type { CommandTable } from '../../ui/commands';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { copyAllNames } from './copyAllNames';
import { createPermission } from './createPermission';
import { createRole } from './createRole';
import { setDefaultRole } from './setDefaultRole';
import { deletePermission } from './deletePermission';
import { deleteRole } from './deleteRole';

/** What can be done with roles and permissions of the environment. */
export function configurationActions(tools: ActionDependencies) {
  return {
    'scalekit.role.create': (argument) => createRole(argument, tools),
    'scalekit.role.delete': (argument) => deleteRole(argument, tools),
    'scalekit.role.setDefaultForCreators': (argument) => setDefaultRole(argument, 'creator', tools),
    'scalekit.role.setDefaultForMembers': (argument) => setDefaultRole(argument, 'member', tools),
    'scalekit.role.copyNames': (argument) => copyAllNames(argument, 'roles', tools),
    'scalekit.permission.create': (argument) => createPermission(argument, tools),
    'scalekit.permission.delete': (argument) => deletePermission(argument, tools),
    'scalekit.permission.copyNames': (argument) => copyAllNames(argument, 'permissions', tools),
  } satisfies CommandTable;
}
