import * as vscode from 'vscode';
import { listOrganizationConnections, type Connection } from '../api/connections';
import { listDirectories, type Directory } from '../api/directories';
import { listDomains, type Domain } from '../api/domains';
import { listOrganizationClients, type OrganizationClient } from '../api/organizationClients';
import type { SignIn } from '../api/signInLog';
import { listOrganizationUsers, type User } from '../api/users';
import type { OrganizationReference } from '../core/organizationReference';
import type { ListNode } from '../tree/listNode';
import type { Lists } from '../tree/lists';
import { connectionNode } from './connections/connectionNode';
import { directoryNode } from './directories/directoryNode';
import { domainNode } from './domains/domainNode';
import { organizationClientNode } from './apiClients/organizationClientNode';
import { signInCall } from './signIns/signInCall';
import { signInNode } from './signIns/signInNode';
import type { TreeNode } from '../tree/treeNode';
import { userNode } from './users/userNode';

type Parent = TreeNode & OrganizationReference;

/** Everything that an organization has: one list for each kind, read when it's opened. */
export function organizationLists(parent: Parent, lists: Lists): ListNode[] {
  const { organizationId } = parent;
  return [
    lists.list<Connection>({
      kind: 'connections',
      parent,
      label: vscode.l10n.t('SSO Connections'),
      emptyLabel: vscode.l10n.t('No connections'),
      icon: 'plug',
      call: (client, _page, options) => listOrganizationConnections(client, organizationId, options),
      node: connectionNode,
    }),
    lists.list<Directory>({
      kind: 'directories',
      parent,
      label: vscode.l10n.t('Directories'),
      emptyLabel: vscode.l10n.t('No directories'),
      icon: 'sync',
      call: (client, _page, options) => listDirectories(client, organizationId, options),
      node: (directory, list) => directoryNode(directory, organizationId, list, lists),
    }),
    lists.list<Domain>({
      kind: 'domains',
      parent,
      label: vscode.l10n.t('Domains'),
      emptyLabel: vscode.l10n.t('No domains'),
      icon: 'globe',
      call: (client, page, options) => listDomains(client, organizationId, page, options),
      node: (domain, list) => domainNode(domain, organizationId, list),
    }),
    lists.list<User>({
      kind: 'users',
      parent,
      searchCommand: 'scalekit.users.search',
      label: vscode.l10n.t('Users'),
      emptyLabel: vscode.l10n.t('No users'),
      icon: 'account',
      call: (client, page, options) => listOrganizationUsers(client, organizationId, page, options),
      node: (user, list) => userNode(user, organizationId, list),
    }),
    lists.list<OrganizationClient>({
      kind: 'clients',
      parent,
      label: vscode.l10n.t('API Clients'),
      emptyLabel: vscode.l10n.t('No API clients'),
      icon: 'key',
      call: (client, page, options) => listOrganizationClients(client, organizationId, page, options),
      node: (record, list) => organizationClientNode(record, organizationId, list),
    }),
    lists.list<SignIn>({
      kind: 'signInLog',
      parent,
      label: vscode.l10n.t('Sign-in Log'),
      emptyLabel: vscode.l10n.t('No sign-ins'),
      icon: 'history',
      call: signInCall(organizationId, {}),
      node: (signIn, list) => signInNode(signIn, organizationId, list, lists),
    }),
  ];
}
