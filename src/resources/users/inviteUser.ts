import * as vscode from 'vscode';
import {
  createMembership,
  createUser,
  findUserByEmail,
  LONGEST_EMAIL,
  type NewMembership,
  type User,
} from '../../api/users';
import type { Role } from '../../api/roles';
import { inEnvironment } from '../../core/environmentFailure';
import { moreOptions } from '../../changes/creationChoices';
import type { Choice } from '../../ui/prompts';
import { entryStep, pickManyStep, pickStep, type StepError } from '../../ui/wizard';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { withOrganization, type ChosenOrganization } from '../organizations/chosenOrganization';
import { readFormError, submitForm, type Form } from '../../changes/form';
import { isCreatedSince } from '../../changes/createdSince';
import { refreshList, shownIds, showNew } from '../organizations/organizationLists';
import { readRoles, roleChoices, roleTitle } from './pickRoles';
import { environmentLine } from '../../changes/writer';

/** The input so far. */
interface Draft extends NewMembership {
  readonly email: string;
}

/**
 * Invite User…: who, with which roles, with or without an email. If the environment already has the user, asks whether
 * to make them a member of this organization too. Asks again for what Scalekit rejects.
 */
export async function inviteUser(argument: unknown, dependencies: ActionDependencies): Promise<void> {
  await withOrganization(argument, vscode.l10n.t('Invite User'), dependencies, async (chosen) => {
    const roles = await readRoles(chosen, dependencies);
    const user = await submitForm(invitationForm(roles, chosen, dependencies), dependencies.prompts);
    if (user !== undefined) await showNew(chosen, 'users', user.id, dependencies);
  });
}

function invitationForm(
  roles: readonly Role[],
  chosen: ChosenOrganization,
  dependencies: ActionDependencies,
): Form<Draft, User> {
  const { environment, organization } = chosen;
  const customer = organization.displayName ?? organization.id;
  const ofMembers = roles.find(({ defaultMember }) => defaultMember);
  return {
    title: environment.production
      ? vscode.l10n.t('Invite User to {0} (production)', customer)
      : vscode.l10n.t('Invite User to {0}', customer),
    draft: { email: '', roles: ofMembers === undefined ? [] : [ofMembers.name], sendInvitationEmail: true },
    steps: {
      email: entryStep(() => ({
        placeholder: vscode.l10n.t('Email address, for example jane@acme.com'),
        validate: emailProblem,
        choices: () => [
          ...deliveries(ofMembers).map(({ value, ...choice }) => ({
            ...choice,
            value: { also: { sendInvitationEmail: value }, last: 'email' as const },
          })),
          moreOptions(vscode.l10n.t('Roles')),
        ],
      })),
      roles: pickManyStep((draft) => ({
        placeholder: vscode.l10n.t('Roles. Without one, Scalekit assigns the default for members'),
        choices: roleChoices(
          roles,
          roles.filter(({ name }) => draft.roles.includes(name)),
        ),
      })),
      sendInvitationEmail: pickStep(({ email }) => ({
        placeholder: vscode.l10n.t('How {0} joins {1}', email, customer),
        choices: deliveries(),
      })),
    },
    send: (draft) => invite(draft, chosen, dependencies),
  };
}

/** Invites a user. If the environment already has them, asks whether to add them to this organization too. */
async function invite(
  draft: Draft,
  chosen: ChosenOrganization,
  dependencies: ActionDependencies,
): Promise<{ readonly result: User } | StepError<Draft> | undefined> {
  try {
    return await write(draft, undefined, chosen, dependencies);
  } catch (error) {
    const refusal = readFormError(error);
    if (refusal?.kind !== 'conflict') throw error;
    return addExisting(draft, refusal.problem, chosen, dependencies);
  }
}

function emailProblem(text: string): string | undefined {
  const email = text.trim();
  if (!/^[^\s@<>",;]+@[^\s@<>",;]+\.[^\s@<>",;.]+$/.test(email))
    return vscode.l10n.t('This isn’t an email address. Enter one, for example jane@acme.com.');
  return email.length > LONGEST_EMAIL
    ? vscode.l10n.t('An email address has at most {0} characters.', LONGEST_EMAIL)
    : undefined;
}

/** With or without an email. `role` is the one that the user gets. */
function deliveries(role?: Role): readonly Choice<boolean>[] {
  const description = role && vscode.l10n.t('as {0}', roleTitle(role));
  return [
    {
      value: true,
      label: vscode.l10n.t('Send an Invite'),
      description,
      detail: vscode.l10n.t('Scalekit sends an email with a link to join.'),
      icon: 'mail',
    },
    {
      value: false,
      label: vscode.l10n.t('Add Without an Email'),
      description,
      detail: vscode.l10n.t('No email is sent. Use this when your own system invites users.'),
      icon: 'person-add',
    },
  ];
}

/** Creates the membership of a new or an existing user. */
function write(
  draft: Draft,
  existing: User | undefined,
  chosen: ChosenOrganization,
  { organizationsView, writer }: ActionDependencies,
): Promise<{ readonly result: User } | undefined> {
  const { email, sendInvitationEmail } = draft;
  const { environment, organization } = chosen;
  const customer = organization.displayName ?? organization.id;
  const known = shownIds(chosen, 'users', organizationsView);
  const begun = Date.now();
  // We checked that an existing user isn't a member. A new user must have been created just now.
  const isIt = (found: User): boolean =>
    existing === undefined ? !known.has(found.id) && isCreatedSince(found, begun) : found.id === existing.id;
  return writer.run<User>({
    environmentId: environment.id,
    viewId: 'scalekit.organizations',
    object: `users/${organization.id}/${email.toLowerCase()}`,
    title: sendInvitationEmail
      ? vscode.l10n.t('Inviting {0} to {1}', email, customer)
      : vscode.l10n.t('Adding {0} to {1}', email, customer),
    confirm:
      existing !== undefined
        ? false
        : sendInvitationEmail
          ? {
              question: vscode.l10n.t('Invite {0} to {1}?', email, customer),
              detail: vscode.l10n.t('Scalekit sends an email with a link to join.'),
              action: vscode.l10n.t('Invite'),
            }
          : { question: vscode.l10n.t('Add {0} to {1}?', email, customer), action: vscode.l10n.t('Add') },
    call: (client) =>
      existing === undefined
        ? createUser(client, organization.id, email, draft)
        : createMembership(client, { organizationId: organization.id, userId: existing.id }, draft),
    verify: async (client) => {
      const found = await findUserByEmail(client, email, organization.id);
      return found !== undefined && isIt(found) ? found : undefined;
    },
    refresh: () =>
      refreshList({ environmentId: environment.id, organizationId: organization.id }, 'users', organizationsView),
    done: () =>
      sendInvitationEmail
        ? vscode.l10n.t('Invited {0} to {1}', email, customer)
        : vscode.l10n.t('{0} is a member of {1}', email, customer),
  });
}

/** The environment has a user with this address, who can be added to this organization. */
async function addExisting(
  draft: Draft,
  problem: string,
  chosen: ChosenOrganization,
  dependencies: ActionDependencies,
): Promise<{ readonly result: User } | StepError<Draft> | undefined> {
  const { environment, organization } = chosen;
  const customer = organization.displayName ?? organization.id;
  const user = await inEnvironment(environment, async () =>
    findUserByEmail(await dependencies.environments.client(environment.id), draft.email),
  ).catch(() => undefined);
  if (user === undefined) return { step: 'email', problem };
  if (user.memberships.some(({ organizationId }) => organizationId === organization.id)) {
    return { step: 'email', problem: vscode.l10n.t('{0} is already a member of {1}.', draft.email, customer) };
  }
  const isWanted = await dependencies.prompts.confirm({
    message: vscode.l10n.t(
      '{0} is already a user of this environment. Make them a member of {1} too?',
      draft.email,
      customer,
    ),
    detail: [
      vscode.l10n.t('They keep their other organizations, their name and their sign-in.'),
      '',
      environmentLine(environment),
    ],
    action: vscode.l10n.t('Add to Organization'),
  });
  if (!isWanted) return { step: 'email' };
  return write(draft, user, chosen, dependencies);
}
