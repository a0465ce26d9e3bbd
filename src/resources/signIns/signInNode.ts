import * as vscode from 'vscode';
import { failureReason, listEvents } from '../../api/signInEvents';
import type { SignIn } from '../../api/signInLog';
import { shortMoment } from '../../ui/localTime';
import { errorText, type ListNode } from '../../tree/listNode';
import type { Lists } from '../../tree/lists';
import { detailsTooltip, resourceItem, type TreeNode } from '../../tree/treeNode';
import { protocolName, providerName } from '../../tree/labels';

/** A row for one sign-in. Scalekit only returns these in lists, so the row has the list's record. */
export interface SignInNode extends TreeNode {
  readonly kind: 'signIn';
  readonly signIn: SignIn;
}

export function signInNode(signIn: SignIn, organizationId: string, parent: ListNode, lists: Lists): SignInNode {
  const { words, line, icon, color } = appearance(signIn.status);
  const way = [
    providerName(signIn.connectionProvider),
    ...(signIn.connectionType === undefined ? [] : [protocolName(signIn.connectionType)]),
  ].join(' · ');
  const { person, domain } = partsOf(signIn.email);
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
        label: person ?? vscode.l10n.t('Unknown person'),
        // What tells sign-ins apart comes first: the icon shows the result already.
        states: [
          ...(signIn.time === undefined ? [] : [shortMoment(signIn.time, Date.now())]),
          ...(signIn.reason === undefined ? [] : [signIn.reason]),
          ...(domain === undefined ? [] : [domain]),
        ],
        spokenState: words,
        detail: way,
        icon,
        color,
        contextValue: ['signIn', signIn.status ?? 'noStatus', ...(signIn.email === undefined ? [] : ['hasEmail'])].join(
          ' ',
        ),
      }),
    tooltip: async (signal) =>
      detailsTooltip(signIn.email ?? signIn.id, [
        [vscode.l10n.t('Result'), line],
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

/** An email address as the person, and `@` with the domain, which most sign-ins of an organization share. */
function partsOf(email: string | undefined): { person?: string; domain?: string } {
  const at = email?.lastIndexOf('@') ?? -1;
  return at <= 0 ? { person: email } : { person: email?.slice(0, at), domain: email?.slice(at) };
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

function appearance(status: string | undefined): { words: string; line: string; icon: string; color?: string } {
  switch (status) {
    case 'SUCCESS':
      return {
        words: vscode.l10n.t('signed in'),
        line: vscode.l10n.t('Signed in'),
        icon: 'pass',
        color: 'charts.green',
      };
    case 'FAILED':
      return {
        words: vscode.l10n.t('failed'),
        line: vscode.l10n.t('Failed'),
        icon: 'error',
        color: 'list.errorForeground',
      };
    case 'PENDING':
      return { words: vscode.l10n.t('pending'), line: vscode.l10n.t('Pending'), icon: 'ellipsis' };
    case 'INITIATED':
      return { words: vscode.l10n.t('started'), line: vscode.l10n.t('Started'), icon: 'circle-large-outline' };
    default:
      return { words: vscode.l10n.t('unknown result'), line: vscode.l10n.t('Unknown'), icon: 'question' };
  }
}
