import * as vscode from 'vscode';
import { failureReason, listEvents } from '../../api/signInEvents';
import type { SignIn } from '../../api/signInLog';
import { localDayAndTime } from '../../ui/localTime';
import { errorText, type ListNode } from '../../tree/listNode';
import type { Lists } from '../../tree/lists';
import { detailsTooltip, resourceItem, type TreeNode } from '../../tree/treeNode';
import { providerName } from '../../tree/labels';

/** A row for one sign-in. Scalekit only returns these in lists, so the row has the list's record. */
export interface SignInNode extends TreeNode {
  readonly kind: 'signIn';
  readonly signIn: SignIn;
}

export function signInNode(signIn: SignIn, organizationId: string, parent: ListNode, lists: Lists): SignInNode {
  const { words, icon, color } = appearance(signIn.status);
  const time = signIn.time && localDayAndTime(signIn.time);
  const way = [
    providerName(signIn.connectionProvider),
    ...(signIn.connectionType === undefined ? [] : [signIn.connectionType]),
  ].join(' · ');
  const node: SignInNode = {
    kind: 'signIn',
    id: `${parent.id}/${signIn.id}`,
    parent,
    signIn,
    document: {
      environmentId: parent.environmentId,
      path: ['organizations', organizationId, 'sign-ins', signIn.id],
      name: signIn.email,
      record: signIn.json,
    },
    item: () =>
      resourceItem(node, {
        type: vscode.l10n.t('Sign-in'),
        label: signIn.email ?? vscode.l10n.t('Unknown person'),
        states: [words, ...(signIn.reason === undefined ? [] : [signIn.reason]), ...(time === undefined ? [] : [time])],
        detail: way,
        icon,
        color,
        contextValue: ['signIn', signIn.status ?? 'noStatus'].join(' '),
      }),
    tooltip: async (signal) =>
      detailsTooltip(signIn.email ?? signIn.id, [
        [vscode.l10n.t('Result'), words],
        [
          vscode.l10n.t('Reason'),
          signIn.status === 'FAILED' ? (signIn.reason ?? (await reasonOf(signIn, lists, signal))) : undefined,
        ],
        [vscode.l10n.t('Time'), signIn.time],
        [vscode.l10n.t('Connection'), signIn.connectionId === undefined ? way : `${way} (${signIn.connectionId})`],
        [vscode.l10n.t('Workflow'), signIn.workflow],
        [vscode.l10n.t('Request ID'), signIn.id],
      ]),
  };
  return node;
}

/** Why it failed. A separate request, since the log may have come without the reason. */
async function reasonOf({ id }: SignIn, lists: Lists, signal: AbortSignal): Promise<string> {
  try {
    const events = await lists.call((client) => listEvents(client, { auth_request_id: id }, { signal }));
    return failureReason(events) ?? vscode.l10n.t('not given by Scalekit');
  } catch (error) {
    return errorText(error);
  }
}

function appearance(status: string | undefined): { words: string; icon: string; color?: string } {
  switch (status) {
    case 'SUCCESS':
      return { words: vscode.l10n.t('signed in'), icon: 'pass', color: 'charts.green' };
    case 'FAILED':
      return { words: vscode.l10n.t('failed'), icon: 'error', color: 'list.errorForeground' };
    case 'PENDING':
      return { words: vscode.l10n.t('pending'), icon: 'clock' };
    case 'INITIATED':
      return { words: vscode.l10n.t('started'), icon: 'circle-large-outline' };
    default:
      return { words: vscode.l10n.t('unknown result'), icon: 'question' };
  }
}
