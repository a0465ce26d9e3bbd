import type { TreeNode } from '../tree/treeNode';

/** The command in a row's menu that deletes what the row shows, by the row's kind. */
const DELETE_COMMANDS: Readonly<Record<string, string>> = {
  domain: 'scalekit.domain.remove',
  organization: 'scalekit.organization.delete',
  organizationClient: 'scalekit.client.delete',
  permission: 'scalekit.permission.delete',
  role: 'scalekit.role.delete',
  user: 'scalekit.user.remove',
};

/** The command that deletes what a row shows. Undefined if there's none, or if the menu greys it out. */
export function deleteCommand(row: TreeNode): string | undefined {
  // As in the `enablement` of these commands.
  const canNot = /\b(ofScalekit|ofOrganization)\b/.test(row.item().contextValue ?? '');
  return canNot && (row.kind === 'role' || row.kind === 'permission') ? undefined : DELETE_COMMANDS[row.kind];
}
