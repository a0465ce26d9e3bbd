import assert from 'node:assert/strict';
import { MembershipStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb';
import type { TreeNode } from '../../src/tree/treeNode';
import { startListWorkbench, type ListWorkbench } from '../support/startSandboxWorkbench';
import { more } from '../support/scriptedPrompts';
import { failsWith } from '../support/failsWith';

describe('actions on users', () => {
  let world: ListWorkbench;

  const members = async () =>
    (await world.sdk.user.listOrganizationUsers(world.organizationId, { pageSize: 100 })).users;
  const member = async (email: string) => (await members()).find((user) => user.email === email);
  const membershipOf = async (id: string) =>
    (await world.sdk.user.getUser(id)).user?.memberships.find(
      (membership) => membership.organizationId === world.organizationId,
    );
  const rolesOf = async (id: string): Promise<string[]> =>
    ((await membershipOf(id))?.roles ?? []).map(({ name }) => name).sort();
  const row = async (id: string): Promise<TreeNode> => {
    const { treeView } = world.organizationsView;
    const found =
      (await treeView.getChildren(await world.list())).find(({ document }) => document?.path.at(-1) === id) ??
      assert.fail('no such row');
    treeView.getTreeItem(found);
    return found;
  };
  const withStatus = async (status: MembershipStatus): Promise<{ id: string; email: string; row: TreeNode }> => {
    const { id, email } =
      (await members()).find(({ memberships }) => memberships[0]?.membershipStatus === status) ?? assert.fail();
    return { id, email, row: await row(id) };
  };

  async function start(production = false): Promise<void> {
    world = await startListWorkbench('Users', { production });
  }

  afterEach(() => world.end());

  describe('Invite User…', () => {
    const box = { title: 'Invite User to Looney Corp' };
    const roles = { placeholder: 'Roles. Without one, Scalekit assigns the default for members', picked: ['Member'] };
    const mail = {
      placeholder: 'How bugs@acme.com joins Looney Corp',
      labels: ['Send an Invite', 'Add Without an Email'],
    };
    const email = 'bugs@acme.com';

    it('invites once with the picked roles, and shows the new row', async () => {
      await start();
      world.prompts
        .expectEntry({ ...box, value: '', problem: undefined }, more(` ${email} `))
        .expectPickMany(roles, ['Admin', 'Cartoonist'])
        .expectPick(mail, { label: 'Send an Invite' });
      await world.act('scalekit.user.invite', await world.list());
      assert.deepEqual(
        world.writes().map(({ method, path }) => `${method} ${path.split('?')[0]}`),
        [`POST /api/v1/organizations/${world.organizationId}/users`],
      );
      const invited = (await member(email)) ?? assert.fail();
      assert.equal(invited.memberships[0]?.membershipStatus, MembershipStatus.PENDING_INVITE);
      assert.deepEqual(await rolesOf(invited.id), ['admin', 'cartoonist']);
      assert.ok((await world.shown()).some((label) => label.startsWith(`${email} (invite pending · `)));
    });

    it('takes one step without more options: invites a member with the default role', async () => {
      await start();
      world.prompts.expectEntry(
        {
          ...box,
          placeholder: 'Email address, for example jane@acme.com',
          labels: ['Send an Invite', 'Add Without an Email', 'More Options…'],
          description: 'as Member',
        },
        email,
      );
      await world.act('scalekit.user.invite', await world.list());
      const invited = (await member(email)) ?? assert.fail();
      assert.equal(invited.memberships[0]?.membershipStatus, MembershipStatus.PENDING_INVITE);
      assert.deepEqual(await rolesOf(invited.id), ['member']);
    });

    it('takes one step to add a member without an email', async () => {
      await start();
      world.prompts.expectEntry(box, { text: email, take: 'Add Without an Email' });
      await world.act('scalekit.user.invite', await world.list());
      assert.equal((await member(email))?.memberships[0]?.membershipStatus, MembershipStatus.ACTIVE);
    });

    it('adds a member without an email and with the default role', async () => {
      await start();
      world.prompts
        .expectEntry(box, more(email))
        .expectPickMany(roles, [])
        .expectPick(mail, { label: 'Add Without an Email' });
      await world.act('scalekit.user.invite', await world.row(world.organizationsView.treeView, 'Looney Corp'));
      const added = (await member(email)) ?? assert.fail();
      assert.equal(added.memberships[0]?.membershipStatus, MembershipStatus.ACTIVE);
      assert.deepEqual(await rolesOf(added.id), ['member']);
    });

    it('asks for the organization in the Command Palette', async () => {
      await start();
      world.prompts
        .expectSearch(
          '',
          { title: `Invite User: Which Organization of ${world.environmentName}?` },
          { label: 'Looney Corp' },
        )
        .expectEntry(box, more(email))
        .expectPickMany(roles, [])
        .expectPick(mail, { label: 'Send an Invite' });
      await world.act('scalekit.user.invite');
      assert.ok(await member(email));
    });

    it('sends nothing if you cancel at a step, and keeps what you entered when you go back', async () => {
      await start(true);
      const title = { title: 'Invite User to Looney Corp (production)' };
      world.prompts.expectEntry(title, undefined);
      await world.act('scalekit.user.invite', await world.list());
      world.prompts.expectEntry(title, more(email)).expectPickMany({}, undefined);
      await world.act('scalekit.user.invite', await world.list());
      world.prompts
        .expectEntry(title, more(email))
        .expectPickMany({}, ['Admin'])
        .expectPick(mail, 'back!')
        .expectPickMany({ picked: ['Admin'] }, 'back!')
        .expectEntry({ value: email }, more(email))
        .expectPickMany({ picked: ['Admin'] }, ['Admin'])
        .expectPick(mail, undefined);
      await world.act('scalekit.user.invite', await world.list());
      const question = {
        message: 'Invite bugs@acme.com to Looney Corp?',
        detail: new RegExp(
          `^Scalekit sends an email with a link to join\\.\n\nEnvironment: ${world.environmentName} \\(production\\)`,
        ),
        action: 'Invite',
      };
      world.prompts
        .expectEntry(title, more(email))
        .expectPickMany({}, [])
        .expectPick(mail, { label: 'Send an Invite' })
        .expectConfirm(question, false);
      await world.act('scalekit.user.invite', await world.list());
      assert.equal(world.writes().length, 0);
    });

    it('rejects what isn’t an email address in the box', async () => {
      await start();
      const texts = [
        '',
        'bugs',
        'bugs@',
        'bugs@acme',
        'a b@acme.com',
        'a@acme.com, b@acme.com',
        `${'a'.repeat(250)}@acme.com`,
      ];
      for (const text of texts) world.prompts.expectEntry(box, text);
      world.prompts.expectEntry(box, undefined);
      await world.act('scalekit.user.invite', await world.list());
      assert.equal(world.prompts.problems.length, texts.length);
      assert.equal(world.writes().length, 0);
    });

    it('says in the box that someone is already a member, and keeps the address', async () => {
      await start();
      const { email: taken = '' } = (await members())[0] ?? {};
      world.prompts
        .expectEntry(box, more(taken))
        .expectPickMany(roles, ['Admin'])
        .expectPick({}, { label: 'Send an Invite' })
        .expectEntry({ value: taken, problem: `${taken} is already a member of Looney Corp.` }, more(email))
        .expectPickMany({ picked: ['Admin'] }, ['Admin'])
        .expectPick(mail, { label: 'Send an Invite' });
      await world.act('scalekit.user.invite', await world.list());
      assert.equal(world.writes().length, 2);
      assert.ok(await member(email));
    });

    it('adds a user of another organization to this one too, if you confirm', async () => {
      await start();
      const { organizations } = await world.sdk.organization.listOrganization({ pageSize: 10 });
      const other = organizations.find(({ displayName }) => displayName !== 'Looney Corp') ?? assert.fail();
      const { user: made } = await world.sdk.user.createUserAndMembership(other.id, {
        email,
        sendInvitationEmail: false,
      });
      const question = {
        message: `${email} is already a user of this environment. Make them a member of Looney Corp too?`,
        detail: /^They keep their other organizations/,
        action: 'Add to Organization',
      };
      world.prompts
        .expectEntry(box, more(email))
        .expectPickMany(roles, ['Viewer'])
        .expectPick(mail, { label: 'Add Without an Email' })
        .expectConfirm(question, false)
        .expectEntry({ value: email, problem: undefined }, undefined);
      await world.act('scalekit.user.invite', await world.list());
      assert.equal(await member(email), undefined);
      world.sandbox.clearRequests();
      world.prompts
        .expectEntry(box, more(email))
        .expectPickMany(roles, ['Viewer'])
        .expectPick(mail, { label: 'Add Without an Email' })
        .expectConfirm(question, true);
      await world.act('scalekit.user.invite', await world.list());
      assert.deepEqual(
        world.writes().map(({ path }) => path.split('?')[0]),
        [
          `/api/v1/organizations/${world.organizationId}/users`,
          `/api/v1/memberships/organizations/${world.organizationId}/users/${made?.id}`,
        ],
      );
      assert.deepEqual(await rolesOf(made?.id ?? ''), ['viewer']);
      assert.equal((await world.sdk.user.getUser(made?.id ?? '')).user?.memberships.length, 2);
    });

    it('asks for the address again if Scalekit refuses, with the reason', async () => {
      await start();
      world.sandbox.addFault({
        path: '*/users',
        method: 'POST',
        status: 400,
        message: 'the organization allows no more than 5 users',
        times: 1,
      });
      world.prompts
        .expectEntry(box, more(email))
        .expectPickMany(roles, [])
        .expectPick(mail, { label: 'Send an Invite' })
        .expectEntry(
          { value: email, problem: 'Scalekit doesn’t accept this: the organization allows no more than 5 users' },
          undefined,
        );
      await world.act('scalekit.user.invite', await world.list());
      assert.equal(world.writes().length, 1);
    });

    it('checks after a lost response whether the user was invited', async () => {
      await start();
      world.sandbox.addFault({ path: '*/users', method: 'POST', halfBody: true, times: 1 });
      world.prompts
        .expectEntry(box, more(email))
        .expectPickMany(roles, [])
        .expectPick(mail, { label: 'Send an Invite' });
      await world.act('scalekit.user.invite', await world.list());
      assert.equal(world.writes().length, 1);
      assert.ok((await world.shown()).some((label) => label.startsWith(email)));
      world.sandbox.addFault({ path: '*/users', method: 'POST', status: 503, times: 1 });
      world.prompts
        .expectEntry(box, more('daffy@acme.com'))
        .expectPickMany(roles, [])
        .expectPick({}, { label: 'Send an Invite' })
        .expectMessage({
          severity: 'warning',
          text: /it’s unclear whether this succeeded: Inviting daffy@acme\.com to Looney Corp \(HTTP 503\)/,
        });
      await world.act('scalekit.user.invite', await world.list());
      assert.equal(world.writes().length, 2);
      assert.equal(await member('daffy@acme.com'), undefined);
    });

    it('doesn’t mistake an existing member for the invited one after a lost response', async () => {
      await start();
      const { email: old = '' } = (await members())[0] ?? {};
      world.prompts
        .expectEntry(box, more(email))
        .expectPickMany(roles, [])
        .expectPick(mail, { label: 'Send an Invite' });
      await world.act('scalekit.user.invite', await world.list());
      for (const member of [old, email]) {
        world.sandbox.addFault({ path: '*/users', method: 'POST', status: 503, times: 1 });
        world.prompts
          .expectEntry(box, more(member))
          .expectPickMany(roles, [])
          .expectPick({}, { label: 'Send an Invite' })
          .expectMessage({ severity: 'warning', text: /it’s unclear whether this succeeded: Inviting / });
        await world.act('scalekit.user.invite', await world.list());
      }
    });

    it('finds the new membership of another organization’s user after a lost response', async () => {
      await start();
      const { organizations } = await world.sdk.organization.listOrganization({ pageSize: 10 });
      const other = organizations.find(({ displayName }) => displayName !== 'Looney Corp') ?? assert.fail();
      await world.sdk.user.createUserAndMembership(other.id, { email, sendInvitationEmail: false });
      world.sandbox.addFault({ path: '/api/v1/memberships/*', method: 'POST', halfBody: true, times: 1 });
      world.prompts
        .expectEntry(box, more(email))
        .expectPickMany(roles, [])
        .expectPick(mail, { label: 'Add Without an Email' })
        .expectConfirm({}, true);
      await world.act('scalekit.user.invite', await world.list());
      assert.ok((await world.shown()).some((label) => label.startsWith(email)));
    });

    it('keeps what you entered after a 429', async () => {
      await start();
      world.sandbox.addFault({ path: '*/users', method: 'POST', status: 429, times: 1 });
      world.prompts
        .expectEntry(box, more(email))
        .expectPickMany(roles, ['Admin'])
        .expectPick(mail, { label: 'Send an Invite' });
      world.prompts
        .expectPick({ placeholder: /too many requests/ }, 'back!')
        .expectPickMany({ picked: ['Admin'] }, ['Admin'])
        .expectPick(mail, { label: 'Send an Invite' });
      await world.act('scalekit.user.invite', await world.list());
      assert.ok(await member(email));
    });

    it('fails on a 403', async () => {
      await start();
      world.sandbox.addFault({ path: '*/users', method: 'POST', status: 403, times: 1 });
      world.prompts
        .expectEntry(box, more(email))
        .expectPickMany(roles, [])
        .expectPick(mail, { label: 'Send an Invite' });
      await assert.rejects(async () => world.act('scalekit.user.invite', await world.list()), failsWith('forbidden'));
      assert.equal(world.writes().length, 1);
    });

    it('fails before it asks anything if the organization was deleted', async () => {
      await start();
      const node = await world.list();
      await world.sdk.organization.deleteOrganization(world.organizationId);
      await assert.rejects(async () => world.act('scalekit.user.invite', node), failsWith('notFound'));
    });
  });

  describe('Resend Invite', () => {
    it('resends a pending invite, and replaces an expired one', async () => {
      await start();
      const expired = await withStatus(MembershipStatus.INVITE_EXPIRED);
      await world.act('scalekit.user.resendInvite', expired.row);
      assert.deepEqual(world.writes(), [
        { method: 'PATCH', path: `/api/v1/invites/organizations/${world.organizationId}/users/${expired.id}/resend` },
      ]);
      assert.equal((await membershipOf(expired.id))?.membershipStatus, MembershipStatus.PENDING_INVITE);
      assert.ok(!(await world.shown()).some((label) => label.includes('invite expired')));
      const pending = await withStatus(MembershipStatus.PENDING_INVITE);
      await Promise.all([
        world.act('scalekit.user.resendInvite', pending.row),
        world.act('scalekit.user.resendInvite', pending.row),
      ]);
      assert.equal(world.writes().length, 2, 'pressed twice is sent once');
    });

    it('asks first in production', async () => {
      await start(true);
      const { email, row: node } = await withStatus(MembershipStatus.PENDING_INVITE);
      world.prompts.expectConfirm(
        { message: `Send ${email} the invite to Looney Corp again?`, action: 'Resend Invite' },
        false,
      );
      await world.act('scalekit.user.resendInvite', node);
      assert.equal(world.writes().length, 0);
    });

    it('fails for an accepted invite, and says after a lost response that it may have been sent', async () => {
      await start();
      const active = await withStatus(MembershipStatus.ACTIVE);
      await assert.rejects(async () => world.act('scalekit.user.resendInvite', active.row), failsWith('invalid'));
      const { email, row: node } = await withStatus(MembershipStatus.PENDING_INVITE);
      world.sandbox.addFault({ path: '*/resend', halfBody: true });
      world.prompts.expectMessage({
        severity: 'warning',
        text: new RegExp(`it’s unclear whether this succeeded: Inviting ${email} again \\(`),
      });
      await world.act('scalekit.user.resendInvite', node);
      assert.equal(world.writes(/resend/).length, 2);
    });
  });

  describe('Change Roles…', () => {
    const title = (email: string): string => `Roles of ${email} in Looney Corp`;

    it('preselects the member’s roles, sends your choice once, and Undo restores the old roles', async () => {
      await start();
      const { id, email, row: node } = await withStatus(MembershipStatus.ACTIVE);
      assert.deepEqual(await rolesOf(id), ['admin']);
      world.prompts.expectPickMany({ title: title(email), picked: ['Admin'] }, ['Viewer', 'Billing']);
      await world.act('scalekit.user.changeRoles', node);
      assert.deepEqual(await rolesOf(id), ['billing', 'viewer']);
      assert.ok((await world.shown()).some((label) => /Billing/.test(label) && /Viewer/.test(label)));
      await world.undo.run();
      assert.deepEqual(await rolesOf(id), ['admin']);
      const path = `/api/v1/memberships/organizations/${world.organizationId}/users/${id}`;
      assert.deepEqual(world.writes(), Array(2).fill({ method: 'PATCH', path }));
    });

    it('sends nothing for the same roles, for none, or if you cancel', async () => {
      await start(true);
      const { id, email, row: node } = await withStatus(MembershipStatus.ACTIVE);
      world.prompts.expectPickMany({ picked: ['Admin'] }, ['Admin']);
      await world.act('scalekit.user.changeRoles', node);
      world.prompts.expectPickMany({}, []).expectPickMany({}, undefined);
      await world.act('scalekit.user.changeRoles', node);
      assert.deepEqual(world.prompts.problems, ['Pick at least one role. To remove all roles, remove the user.']);
      world.prompts.expectPickMany({}, ['Viewer']).expectConfirm(
        {
          message: `Change the roles of ${email} in Looney Corp?`,
          detail: /^New roles: Viewer\n\nEnvironment: .*production/,
          action: 'Change Roles',
        },
        false,
      );
      await world.act('scalekit.user.changeRoles', node);
      assert.equal(world.writes().length, 0);
      assert.deepEqual(await rolesOf(id), ['admin']);
    });

    it('shows the member’s current roles, not those of the row', async () => {
      await start();
      const { id, row: node } = await withStatus(MembershipStatus.ACTIVE);
      await world.sdk.user.updateMembership(world.organizationId, id, { roles: ['billing'] });
      world.prompts.expectPickMany({ picked: ['Billing'] }, undefined);
      await world.act('scalekit.user.changeRoles', node);
    });

    it('fails for a deleted role, or for a former member, whose row disappears', async () => {
      await start();
      const { id, row: node } = await withStatus(MembershipStatus.ACTIVE);
      world.sandbox.addFault({
        path: '/api/v1/memberships/*',
        method: 'PATCH',
        status: 400,
        message: 'role viewer does not exist',
        times: 1,
      });
      world.prompts.expectPickMany({}, ['Viewer']);
      await assert.rejects(async () => world.act('scalekit.user.changeRoles', node), failsWith('invalid'));
      await world.sdk.user.deleteMembership(world.organizationId, id);
      const count = (await world.shown()).length;
      await assert.rejects(async () => world.act('scalekit.user.changeRoles', node), failsWith('notFound'));
      assert.equal((await world.shown()).length, count - 1);
    });

    it('sends one change at a time for two clicks, and checks the state after a lost response', async () => {
      await start();
      const { id, row: node } = await withStatus(MembershipStatus.ACTIVE);
      world.sandbox.addFault({ path: '/api/v1/memberships/*', method: 'PATCH', halfBody: true });
      world.prompts.expectPickMany({}, ['Viewer']).expectPickMany({}, ['Viewer']);
      await Promise.all([world.act('scalekit.user.changeRoles', node), world.act('scalekit.user.changeRoles', node)]);
      assert.equal(world.writes().length, 1);
      assert.deepEqual(await rolesOf(id), ['viewer']);
    });
  });

  describe('Remove from Organization…', () => {
    it('asks first, ends the membership once, and keeps the user', async () => {
      await start();
      const { id, email, row: node } = await withStatus(MembershipStatus.ACTIVE);
      const question = {
        message: `Remove ${email} from Looney Corp?`,
        detail:
          /It’s their only organization. Afterwards they belong to none\. You can’t undo this, but you can invite them again\.\n\nEnvironment: /,
        action: 'Remove',
      };
      world.prompts.expectConfirm(question, false);
      await world.act('scalekit.user.remove', node);
      assert.equal(world.writes().length, 0);
      world.prompts.expectConfirm(question, true);
      await world.act('scalekit.user.remove', node);
      assert.deepEqual(world.writes(), [
        { method: 'DELETE', path: `/api/v1/memberships/organizations/${world.organizationId}/users/${id}` },
      ]);
      assert.equal(await member(email), undefined);
      assert.equal((await world.sdk.user.getUser(id)).user?.memberships.length, 0);
      assert.deepEqual(world.documents, [
        `deleted /${world.environmentId}/organizations/${world.organizationId}/users/${id}.json`,
      ]);
    });

    it('asks for the email address in production', async () => {
      await start(true);
      const { email, row: node } = await withStatus(MembershipStatus.ACTIVE);
      const box = {
        title: `Remove ${email} from Looney Corp? (${world.environmentName}, production)`,
        prompt: new RegExp(`To confirm, type: ${email}$`),
      };
      world.prompts.expectInput(box, 'yes').expectInput(box, undefined);
      await world.act('scalekit.user.remove', node);
      assert.equal(world.writes().length, 0);
      world.prompts.expectInput(box, email);
      await world.act('scalekit.user.remove', node);
      assert.equal(await member(email), undefined);
    });

    it('succeeds if someone else did it, keeps the row if refused, and checks the state after a lost response', async () => {
      await start();
      const first = await withStatus(MembershipStatus.ACTIVE);
      await world.sdk.user.deleteMembership(world.organizationId, first.id);
      world.prompts.expectConfirm({}, true);
      await world.act('scalekit.user.remove', first.row);
      const second = await withStatus(MembershipStatus.ACTIVE);
      world.sandbox.addFault({ path: '/api/v1/memberships/*', method: 'DELETE', status: 403, times: 1 });
      world.prompts.expectConfirm({}, true);
      await assert.rejects(async () => world.act('scalekit.user.remove', second.row), failsWith('forbidden'));
      assert.ok(await member(second.email));
      world.sandbox.clearRequests();
      world.sandbox.addFault({ path: '/api/v1/memberships/*', method: 'DELETE', halfBody: true });
      world.prompts.expectConfirm({}, true);
      await world.act('scalekit.user.remove', await row(second.id));
      assert.equal(world.writes().length, 1);
      assert.equal(await member(second.email), undefined);
      assert.ok(
        !(await world.organizationsView.treeView.getChildren(await world.list())).some(
          ({ document }) => document?.path.at(-1) === second.id,
        ),
      );
    });
  });

  it('work only on rows that a view has shown', async () => {
    await start();
    const { row: node } = await withStatus(MembershipStatus.PENDING_INVITE);
    for (const action of ['scalekit.user.resendInvite', 'scalekit.user.changeRoles', 'scalekit.user.remove'] as const) {
      for (const argument of [{ ...node }, undefined, { kind: 'user' }, await world.list()])
        await world.act(action, argument as TreeNode);
    }
    assert.equal(world.writes().length, 0);
  });
});
