/**
 * The commands that act on rows of the trees. The IDs are known at activation. `resourceActions`, which has the
 * handlers, is loaded on first use.
 */
export const RESOURCE_ACTIONS = [
  'scalekit.organization.create',
  'scalekit.organization.delete',
  'scalekit.organization.enableSso',
  'scalekit.organization.disableSso',
  'scalekit.organization.enableScim',
  'scalekit.organization.disableScim',
  'scalekit.organization.generatePortalLink',
  'scalekit.connection.enable',
  'scalekit.connection.disable',
  'scalekit.connection.openTestSignIn',
  'scalekit.directory.enable',
  'scalekit.directory.disable',
  'scalekit.domain.add',
  'scalekit.domain.copyTxtRecord',
  'scalekit.domain.verify',
  'scalekit.domain.remove',
  'scalekit.role.create',
  'scalekit.role.delete',
  'scalekit.role.setDefaultForCreators',
  'scalekit.role.setDefaultForMembers',
  'scalekit.role.copyNames',
  'scalekit.permission.create',
  'scalekit.permission.delete',
  'scalekit.permission.copyNames',
  'scalekit.user.invite',
  'scalekit.user.resendInvite',
  'scalekit.user.changeRoles',
  'scalekit.user.remove',
  'scalekit.client.create',
  'scalekit.client.addSecret',
  'scalekit.client.revokeSecret',
  'scalekit.client.delete',
] as const;

export type ResourceAction = (typeof RESOURCE_ACTIONS)[number];

/** The commands of `searchCommands`. */
export const SEARCH_COMMANDS = [
  'scalekit.document.reveal',
  'scalekit.organizations.search',
  'scalekit.signInLog.filter',
  'scalekit.users.search',
] as const;

/** The commands of `copyCommands`. */
export const COPY_COMMANDS = [
  'scalekit.client.copyId',
  'scalekit.directory.copyEndpoint',
  'scalekit.organization.copyExternalId',
  'scalekit.person.copyEmail',
  'scalekit.resource.copyId',
  'scalekit.resource.copyName',
] as const;
