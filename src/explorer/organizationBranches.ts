import * as vscode from 'vscode';
import { listOrganizationConnections, type Connection } from '../api/connections.js';
import { listDirectories, type Directory } from '../api/directories.js';
import { listDomains, type Domain } from '../api/domains.js';
import { listOrganizationClients, type OrganizationClient } from '../api/organizationClients.js';
import { listSignIns, type SignIn, type SignInFilter } from '../api/signInLog.js';
import { listOrganizationUsers, type User } from '../api/users.js';
import type { OrganizationReference } from '../editor/organizationReference.js';
import type { Branch } from './branch.js';
import type { Branches, ListCall } from './branches.js';
import { connectionNode } from './connectionNode.js';
import { directoryNode } from './directoryNode.js';
import { domainNode } from './domainNode.js';
import { organizationClientNode } from './organizationClientNode.js';
import { signInNode } from './signInNode.js';
import type { TreeNode } from './treeNode.js';
import { userNode } from './userNode.js';

type Parent = TreeNode & OrganizationReference;

/** Everything that an organization has, each kind a list of its own, read when it is opened. */
export function organizationBranches(parent: Parent, branches: Branches): Branch[] {
  const { organizationId } = parent;
  const list = <T>(kind: string, words: { label: string; empty: string; icon: string }, call: ListCall<T>, node: (record: T, branch: Branch) => TreeNode): Branch => {
    const branch: Branch<T> = branches.branch<T>({
      id: `${parent.id}/${kind}`,
      parent,
      label: words.label,
      icon: words.icon,
      contextValue: `branch ${kind}`,
      emptyLabel: words.empty,
      read: branches.reader(call),
      node: (record) => node(record, branch as Branch),
    });
    return branch as Branch;
  };
  return [
    list<Connection>(
      'connections',
      { label: vscode.l10n.t('SSO Connections'), empty: vscode.l10n.t('No connections'), icon: 'plug' },
      (client, _page, options) => listOrganizationConnections(client, organizationId, options),
      connectionNode,
    ),
    list<Directory>(
      'directories',
      { label: vscode.l10n.t('Directories'), empty: vscode.l10n.t('No directories'), icon: 'sync' },
      (client, _page, options) => listDirectories(client, organizationId, options),
      (directory, branch) => directoryNode(directory, organizationId, branch, branches),
    ),
    list<Domain>(
      'domains',
      { label: vscode.l10n.t('Domains'), empty: vscode.l10n.t('No domains'), icon: 'globe' },
      (client, page, options) => listDomains(client, organizationId, page, options),
      (domain, branch) => domainNode(domain, organizationId, branch),
    ),
    list<User>(
      'users',
      { label: vscode.l10n.t('Users'), empty: vscode.l10n.t('No users'), icon: 'account' },
      (client, page, options) => listOrganizationUsers(client, organizationId, page, options),
      (user, branch) => userNode(user, organizationId, branch),
    ),
    list<OrganizationClient>(
      'clients',
      { label: vscode.l10n.t('API Clients'), empty: vscode.l10n.t('No API clients'), icon: 'key' },
      (client, page, options) => listOrganizationClients(client, organizationId, page, options),
      (record, branch) => organizationClientNode(record, organizationId, branch),
    ),
    list<SignIn>(
      'signInLog',
      { label: vscode.l10n.t('Sign-in Log'), empty: vscode.l10n.t('No sign-ins'), icon: 'history' },
      signInCall(organizationId, {}),
      (signIn, branch) => signInNode(signIn, organizationId, branch),
    ),
  ];
}

/** How the sign-in log of an organization is read, narrowed by a filter. */
export function signInCall(organizationId: string, filter: SignInFilter): ListCall<SignIn> {
  return (client, page, options) => listSignIns(client, organizationId, filter, page, options);
}
