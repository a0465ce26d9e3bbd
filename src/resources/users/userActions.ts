import * as vscode from 'vscode';
import { deleteMembership, getUser, resendInvite, type MembershipReference } from '../../api/users';
import type { ScalekitClient } from '../../api/client/scalekitClient';
import { ScalekitError } from '../../api/client/scalekitError';
import type { CommandTable } from '../../ui/commands';
import { localDay } from '../../ui/localTime';
import { onRow, type ActionDependencies } from '../organizations/actionDependencies';
import { changeRoles } from './changeRoles';
import { shownUser, type ShownUser } from './shownUser';
import { inviteUser } from './inviteUser';
import { refreshList } from '../organizations/organizationLists';
import { deleteResource } from '../../changes/deleteResource';

export function userActions(dependencies: ActionDependencies) {
  const act = onRow(shownUser, dependencies);
  return {
    'scalekit.user.invite': (argument) => inviteUser(argument, dependencies),
    'scalekit.user.resendInvite': act(resend),
    'scalekit.user.changeRoles': act(changeRoles),
    'scalekit.user.remove': act(removeUser),
  } satisfies CommandTable;
}

/** Resend Invite: one more email, and a new invite if the old one has expired. */
async function resend(
  { node, environment, organization, which, name }: ShownUser,
  { documents, organizationsView, writer }: ActionDependencies,
): Promise<void> {
  const customer = organization.displayName ?? organization.id;
  await writer.run<Date | undefined>({
    environmentId: environment.id,
    viewId: 'scalekit.organizations',
    object: `membership/${which.organizationId}/${which.userId}`,
    title: vscode.l10n.t('Inviting {0} again', name),
    confirm: {
      question: vscode.l10n.t('Send {0} the invite to {1} again?', name, customer),
      detail: vscode.l10n.t('Scalekit sends an email with a link to join.'),
      action: vscode.l10n.t('Resend Invite'),
    },
    call: (client) => resendInvite(client, which),
    refresh: async () => {
      if (node.document !== undefined) documents.refresh(node.document);
      await refreshList(node, 'users', organizationsView);
    },
    done: (expires) =>
      expires === undefined
        ? vscode.l10n.t('Invited {0} to {1} again', name, customer)
        : vscode.l10n.t('Invited {0} to {1} again, until {2}', name, customer, localDay(expires)),
  });
}

async function removeUser(
  { node, environment, organization, which, name }: ShownUser,
  dependencies: ActionDependencies,
): Promise<void> {
  const customer = organization.displayName ?? organization.id;
  const isOnly = node.user.memberships.length === 1;
  await deleteResource(
    {
      environment,
      object: `membership/${which.organizationId}/${which.userId}`,
      title: vscode.l10n.t('Removing {0} from {1}', name, customer),
      question: vscode.l10n.t('Remove {0} from {1}?', name, customer),
      // The effects of deleting a membership: docs/scalekit-api.md, 2.6.
      meaning: [
        vscode.l10n.t(
          'They can’t sign in to this organization anymore, and lose their roles in it. Scalekit may also remove them from its groups.',
        ),
        isOnly
          ? vscode.l10n.t('It’s their only organization. Afterwards they belong to none.')
          : vscode.l10n.t('Their other organizations stay.'),
        vscode.l10n.t('You can’t undo this, but you can invite them again.'),
      ].join(' '),
      action: vscode.l10n.t('Remove'),
      name: node.user.email,
      id: which.userId,
      call: (client) => deleteMembership(client, which),
      read: (client) => readMembership(client, which),
      refresh: () => refreshList(node, 'users', dependencies.organizationsView),
      done: (result) =>
        result === 'gone'
          ? vscode.l10n.t('{0} was already removed', name)
          : vscode.l10n.t('Removed {0} from {1}', name, customer),
      document: node.document,
    },
    dependencies,
  );
}

/** @throws ScalekitError `notFound`, also for a user who isn't a member */
async function readMembership(client: ScalekitClient, { organizationId, userId }: MembershipReference): Promise<void> {
  const { memberships } = await getUser(client, userId, { fresh: true });
  if (!memberships.some((membership) => membership.organizationId === organizationId))
    throw new ScalekitError('notFound', { server: 'api', maybeReceived: true });
}
