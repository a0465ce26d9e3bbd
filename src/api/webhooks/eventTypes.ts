/** A type of event that Scalekit sends to webhooks (docs/scalekit-api.md, 5.3). */
export interface WebhookEventType {
  /** For example `organization.created`. */
  readonly type: string;
  /** What its `data` describes, for example `Organization`. */
  readonly object: string;
  /** Its English title, the `display_name` of a payload. */
  readonly title: string;
}

/** Every type of event that Scalekit documents, in the order of its reference. */
export const WEBHOOK_EVENT_TYPES: readonly WebhookEventType[] = [
  ['organization.created', 'Organization', 'Organization Created'],
  ['organization.updated', 'Organization', 'Organization Updated'],
  ['organization.deleted', 'Organization', 'Organization Deleted'],
  ['organization.domain_created', 'Organization', 'Organization Domain Created'],
  ['organization.domain_deleted', 'Organization', 'Organization Domain Deleted'],
  ['organization.domain_dns_verification_success', 'Organization', 'Organization Domain DNS Verification Success'],
  ['organization.domain_dns_verification_failed', 'Organization', 'Organization Domain DNS Verification Failed'],
  ['user.signup', 'OrgMembership', 'User Signup'],
  ['user.organization_invitation', 'OrgMembership', 'User Organization Invitation'],
  ['user.organization_membership_created', 'OrgMembership', 'User Organization Membership Created'],
  ['user.organization_membership_updated', 'OrgMembership', 'User Organization Membership Updated'],
  ['user.organization_membership_deleted', 'OrgMembership', 'User Organization Membership Deleted'],
  ['user.login', 'User', 'User Login'],
  ['user.logout', 'User', 'User Logout'],
  ['organization.directory_enabled', 'Directory', 'Directory Enabled'],
  ['organization.directory_disabled', 'Directory', 'Directory Disabled'],
  ['organization.directory.user_created', 'DirectoryUser', 'Directory User Created'],
  ['organization.directory.user_updated', 'DirectoryUser', 'Directory User Updated'],
  ['organization.directory.user_deleted', 'DirectoryUser', 'Directory User Deleted'],
  ['organization.directory.group_created', 'DirectoryGroup', 'Directory Group Created'],
  ['organization.directory.group_updated', 'DirectoryGroup', 'Directory Group Updated'],
  ['organization.directory.group_deleted', 'DirectoryGroup', 'Directory Group Deleted'],
  ['organization.sso_created', 'Connection', 'SSO Connection Created'],
  ['organization.sso_enabled', 'Connection', 'SSO Connection Enabled'],
  ['organization.sso_disabled', 'Connection', 'SSO Connection Disabled'],
  ['organization.sso_deleted', 'Connection', 'SSO Connection Deleted'],
  ['role.created', 'Role', 'Role Created'],
  ['role.updated', 'Role', 'Role Updated'],
  ['role.deleted', 'Role', 'Role Deleted'],
  ['permission.created', 'Permission', 'Permission Created'],
  ['permission.updated', 'Permission', 'Permission Updated'],
  ['permission.deleted', 'Permission', 'Permission Deleted'],
  ['connected_account.created', 'ConnectedAccount', 'Connected Account Created'],
  ['connected_account.updated', 'ConnectedAccount', 'Connected Account Updated'],
  ['connected_account.status_updated', 'ConnectedAccount', 'Connected Account Status Updated'],
  ['connected_account.deleted', 'ConnectedAccount', 'Connected Account Deleted'],
  ['connected_account.magic_link_generated', 'ConnectedAccount', 'Connected Account Magic Link Generated'],
  ['connected_account.oauth_succeeded', 'ConnectedAccount', 'Connected Account OAuth Succeeded'],
  ['connected_account.oauth_tokens_fetched', 'ConnectedAccount', 'Connected Account OAuth Tokens Fetched'],
  ['connected_account.token_refresh_succeeded', 'ConnectedAccount', 'Connected Account Token Refresh Succeeded'],
  ['connected_account.token_refresh_failed', 'ConnectedAccount', 'Connected Account Token Refresh Failed'],
].map(([type = '', object = '', title = '']) => ({ type, object, title }));
