import { DEFAULT_PERMISSIONS, DEFAULT_ROLES, SCALEKIT_PERMISSIONS } from '../resources/roles';

/** The names of what is there if a data file doesn't say. */
export const defaultNames = {
  roles: DEFAULT_ROLES.map(([name]) => name),
  permissions: DEFAULT_PERMISSIONS.map(([name]) => name),
  scalekitPermissions: SCALEKIT_PERMISSIONS,
};
