import type { CommandTable } from '../../ui/commands';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { copyAllNames } from './copyAllNames';
import { createPermission } from './createPermission';
import { createRole } from './createRole';
import { setDefaultRole } from './setDefaultRole';
import { deletePermission } from './deletePermission';
import { deleteRole } from './deleteRole';

export function configurationActions(dependencies: ActionDependencies) {
  return {
    'scalekit.role.create': (argument) => createRole(argument, dependencies),
    'scalekit.role.delete': (argument) => deleteRole(argument, dependencies),
    'scalekit.role.setDefaultForCreators': (argument) => setDefaultRole(argument, 'creator', dependencies),
    'scalekit.role.setDefaultForMembers': (argument) => setDefaultRole(argument, 'member', dependencies),
    'scalekit.role.copyNames': (argument) => copyAllNames(argument, 'roles', dependencies),
    'scalekit.permission.create': (argument) => createPermission(argument, dependencies),
    'scalekit.permission.delete': (argument) => deletePermission(argument, dependencies),
    'scalekit.permission.copyNames': (argument) => copyAllNames(argument, 'permissions', dependencies),
  } satisfies CommandTable;
}
