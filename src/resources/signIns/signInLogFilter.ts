import * as vscode from 'vscode';
import { getOrganization } from '../../api/organizations';
import type { SignIn, SignInFilter, SignInStatus } from '../../api/signInLog';
import type { OrganizationReference } from '../../core/organizationReference';
import { displayText } from '../../ui/displayText';
import type { Choice, Prompts } from '../../ui/prompts';
import { pickStep, runWizard, textStep, type Wizard } from '../../ui/wizard';
import { isOrganizationNode } from '../organizations/organizationNode';
import { ListNode } from '../../tree/listNode';
import { signInCall } from './signInCall';
import type { OrganizationsView } from '../organizations/organizationsView';

/** The input so far. */
interface Draft {
  /** Undefined for all. */
  readonly status: SignInStatus | undefined;
  readonly email: string;
}

/** Filter Sign-in Log…: by status and email address. All statuses without an address shows the whole log again. */
export async function filterSignInLog(argument: unknown, view: OrganizationsView, prompts: Prompts): Promise<void> {
  const { lists } = view.treeView;
  if (!(argument instanceof ListNode) || lists === undefined || !isOrganizationNode(argument.parent)) return;
  const list = argument as ListNode<SignIn>;
  const { organizationId } = argument.parent;
  const wizard: Wizard<Draft> = {
    title: vscode.l10n.t('Filter Sign-in Log'),
    draft: { status: undefined, email: '' },
    steps: {
      status: pickStep(() => ({ placeholder: vscode.l10n.t('Which sign-ins?'), choices: statusChoices() })),
      email: textStep(() => ({
        prompt: vscode.l10n.t('Email address. Leave it empty for everyone.'),
        placeholder: vscode.l10n.t('name@example.com'),
      })),
    },
  };
  const draft = await runWizard(wizard, prompts);
  if (draft === undefined) return;
  const filter: SignInFilter = { status: draft.status, email: draft.email || undefined };
  const words = [filter.status === undefined ? undefined : statusWords(filter.status), filter.email].filter(
    (word) => word !== undefined,
  );
  if (words.length === 0) view.clearSearch(list);
  else
    view.filterList(
      list as ListNode,
      lists.reader(signInCall(organizationId, filter)),
      words.map(displayText).join(' · '),
    );
}

/**
 * Shows an organization's failed sign-ins: its log, filtered, in the Organizations view. Does nothing if another
 * environment is shown.
 *
 * @throws EnvironmentFailure
 */
export async function showFailedSignIns(
  { environmentId, organizationId }: OrganizationReference,
  view: OrganizationsView,
): Promise<void> {
  await view.treeView.topRows();
  const { lists } = view.treeView;
  if (lists?.environment.id !== environmentId) return;
  const organization = await lists.call((client) => getOrganization(client, organizationId));
  const row = await view.rowToShow(environmentId, organization);
  const rows = (await row?.children?.()) ?? [];
  const log = rows.find((each) => each instanceof ListNode && each.id === `${row?.id ?? ''}/signInLog`);
  if (!(log instanceof ListNode)) return;
  const failed = signInCall(organizationId, { status: 'FAILED' });
  view.filterList(log as ListNode<SignIn>, lists.reader(failed), statusWords('FAILED'));
  await view.treeView.reveal(log);
}

function statusChoices(): Choice<SignInStatus | undefined>[] {
  return [
    { value: undefined, label: vscode.l10n.t('All'), icon: 'history' },
    { value: 'FAILED', label: statusWords('FAILED'), icon: 'error' },
    { value: 'SUCCESS', label: statusWords('SUCCESS'), icon: 'pass' },
    { value: 'PENDING', label: statusWords('PENDING'), icon: 'ellipsis' },
    { value: 'INITIATED', label: statusWords('INITIATED'), icon: 'circle-large-outline' },
  ];
}

function statusWords(status: SignInStatus): string {
  switch (status) {
    case 'FAILED':
      return vscode.l10n.t('Failed');
    case 'SUCCESS':
      return vscode.l10n.t('Signed in');
    case 'PENDING':
      return vscode.l10n.t('Pending');
    case 'INITIATED':
      return vscode.l10n.t('Started');
  }
}
