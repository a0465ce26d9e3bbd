import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DomainType, VerificationStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb';
import type { TreeNode } from '../../src/tree/treeNode';
import { startListWorkbench, type ListWorkbench } from '../support/startSandboxWorkbench';
import { failsWith } from '../support/failsWith';

const copied = async (): Promise<string> => vscode.env.clipboard.readText();

describe('actions on domains', () => {
  let world: ListWorkbench;

  const domain = (name: string): Promise<TreeNode> =>
    world.row(world.organizationsView.treeView, 'Looney Corp', 'Domains', name);
  const onServer = async () => (await world.sdk.domain.listDomains(world.organizationId)).domains;
  const named = async (name: string) => (await onServer()).find((each) => each.domain === name);

  async function start(production = false): Promise<void> {
    world = await startListWorkbench('Domains', { production });
  }

  afterEach(() => world.end());

  describe('Add Domain…', () => {
    const box = { title: 'Add Domain to Looney Corp', step: { number: 1, of: 2 } };
    const kinds = { placeholder: 'What is acme.com for?', labels: ['Single Sign-On', 'Suggestion When Signing In'] };
    const added = {
      severity: 'information' as const,
      text: 'Added acme.com. To verify it, the customer adds a DNS TXT record.',
      buttons: ['Copy TXT Record…'],
    };

    it('adds what was typed once, shows its row and offers its TXT record', async () => {
      await start();
      world.prompts
        .expectInput({ ...box, problem: undefined, value: '' }, ' https://ACME.com/login ')
        .expectPick(kinds, { label: 'Single Sign-On' })
        .expectMessage(added);
      await world.act('scalekit.domain.add', await world.list());
      assert.deepEqual(world.writes(), [
        { method: 'POST', path: `/api/v1/organizations/${world.organizationId}/domains` },
      ]);
      const read = await named('acme.com');
      assert.deepEqual(
        [read?.domainType, read?.verificationStatus],
        [DomainType.ORGANIZATION_DOMAIN, VerificationStatus.PENDING],
      );
      assert.ok((await world.shown()).includes('acme.com (verification pending)'));
    });

    it('from the row of the organization, for an allowed email domain', async () => {
      await start();
      world.prompts
        .expectInput(box, 'acme.com')
        .expectPick(kinds, { label: 'Suggestion When Signing In' })
        .expectMessage(added);
      await world.act('scalekit.domain.add', await world.row(world.organizationsView.treeView, 'Looney Corp'));
      assert.equal((await named('acme.com'))?.domainType, DomainType.ALLOWED_EMAIL_DOMAIN);
    });

    it('from the palette asks for the organization', async () => {
      await start();
      world.prompts
        .expectSearch(
          '',
          { title: `Add Domain: Which Organization of ${world.environmentName}?` },
          { label: 'Looney Corp' },
        )
        .expectInput(box, 'acme.com')
        .expectPick(kinds, { label: 'Single Sign-On' })
        .expectMessage(added);
      await world.act('scalekit.domain.add');
      assert.ok(await named('acme.com'));
    });

    it('sends nothing when it is cancelled at a step, and keeps the text on the way back', async () => {
      await start(true);
      const title = { title: 'Add Domain to Looney Corp (production)' };
      world.prompts.expectSearch('', {}, undefined);
      await world.act('scalekit.domain.add');
      world.prompts.expectInput(title, undefined);
      await world.act('scalekit.domain.add', await world.list());
      world.prompts
        .expectInput(title, 'acme.com')
        .expectPick(kinds, 'back!')
        .expectInput({ value: 'acme.com' }, 'acme.com')
        .expectPick(kinds, undefined);
      await world.act('scalekit.domain.add', await world.list());
      const question = {
        message: 'Add acme.com to Looney Corp?',
        detail: new RegExp(`^Environment: ${world.environmentName} \\(production\\)`),
        action: 'Add Domain',
      };
      world.prompts
        .expectInput(title, 'acme.com')
        .expectPick(kinds, { label: 'Single Sign-On' })
        .expectConfirm(question, false);
      await world.act('scalekit.domain.add', await world.list());
      assert.equal(world.writes().length, 0);
    });

    it('refuses what is no domain in the box', async () => {
      await start();
      for (const text of ['', 'acme', '10.0.0.1']) world.prompts.expectInput(box, text);
      world.prompts.expectInput(box, undefined);
      await world.act('scalekit.domain.add', await world.list());
      assert.deepEqual(world.prompts.problems, Array(3).fill('This isn’t a domain. Enter one, for example acme.com.'));
      assert.equal(world.writes().length, 0);
    });

    it('asks again for a domain that Scalekit refuses, with its reason and the text', async () => {
      await start();
      const taken = (await onServer())[0]?.domain ?? assert.fail();
      world.prompts
        .expectInput(box, 'gmail.com')
        .expectPick({}, { label: 'Single Sign-On' })
        .expectInput({ ...box, value: 'gmail.com', problem: /^Scalekit doesn’t accept this: .*public/ }, taken)
        .expectPick({}, { label: 'Single Sign-On' })
        .expectInput({ value: taken, problem: /exists/ }, undefined);
      await world.act('scalekit.domain.add', await world.list());
      assert.equal(world.writes().length, 2);
    });

    it('finds out by reading what came of it when the answer is lost', async () => {
      await start();
      world.sandbox.addFault({ path: '*/domains', method: 'POST', halfBody: true });
      world.prompts.expectInput(box, 'acme.com').expectPick({}, { label: 'Single Sign-On' }).expectMessage(added);
      await world.act('scalekit.domain.add', await world.list());
      assert.equal(world.writes().length, 1);
      assert.ok((await world.shown()).includes('acme.com (verification pending)'));
    });

    it('says so when it was not done, and does not send it again', async () => {
      await start();
      world.sandbox.addFault({ path: '*/domains', method: 'POST', status: 503, times: 1 });
      world.prompts
        .expectInput(box, 'acme.com')
        .expectPick({}, { label: 'Single Sign-On' })
        .expectMessage({
          severity: 'warning',
          text: /it is not known whether this was done: Adding acme\.com to Looney Corp \(HTTP 503\)/,
        });
      await world.act('scalekit.domain.add', await world.list());
      assert.equal(world.writes().length, 1);
      assert.equal(await named('acme.com'), undefined);
    });

    it('does not take one that was added a moment before for what is added now, when the answer is lost', async () => {
      await start();
      world.prompts.expectInput(box, 'acme.com').expectPick({}, { label: 'Single Sign-On' }).expectMessage(added);
      await world.act('scalekit.domain.add', await world.list());
      world.sandbox.addFault({ path: '*/domains', method: 'POST', status: 503, times: 1 });
      world.prompts
        .expectInput(box, 'acme.com')
        .expectPick({}, { label: 'Single Sign-On' })
        .expectMessage({ severity: 'warning', text: /it is not known whether this was done: Adding acme\.com / });
      await world.act('scalekit.domain.add', await world.list());
    });

    it('keeps what was entered when there are too many requests for a while', async () => {
      await start();
      world.sandbox.addFault({ path: '*/domains', method: 'POST', status: 429, times: 1 });
      world.prompts.expectInput(box, 'acme.com').expectPick(kinds, { label: 'Single Sign-On' });
      world.prompts
        .expectPick({ ...kinds, placeholder: /too many requests/ }, 'back!')
        .expectInput({ value: 'acme.com', problem: undefined }, 'acme.com')
        .expectPick(kinds, { label: 'Single Sign-On' })
        .expectMessage(added);
      await world.act('scalekit.domain.add', await world.list());
      assert.ok(await named('acme.com'));
    });

    for (const [status, kind] of [
      [403, 'forbidden'],
      [404, 'notFound'],
    ] as const) {
      it(`is a failure after ${status}`, async () => {
        await start();
        world.sandbox.addFault({ path: '*/domains', method: 'POST', status });
        world.prompts.expectInput(box, 'acme.com').expectPick({}, { label: 'Single Sign-On' });
        await assert.rejects(async () => world.act('scalekit.domain.add', await world.list()), failsWith(kind));
        assert.equal(world.writes().length, 1);
      });
    }
  });

  describe('Copy TXT Record…', () => {
    const pending = async (): Promise<{ row: TreeNode; name: string; key: string; value: string }> => {
      const found =
        (await onServer()).find(({ verificationStatus }) => verificationStatus === VerificationStatus.PENDING) ??
        assert.fail();
      return {
        row: await domain(found.domain),
        name: found.domain,
        key: found.txtRecordKey,
        value: found.txtRecordSecret,
      };
    };
    const labels = ['Name, Then Value', 'Value', 'Type, Name and Value', 'Zone File Line'];

    it('copies name and value one after the other, as DNS dashboards want them', async () => {
      await start();
      const { row, name, key, value } = await pending();
      world.prompts.expectPick({ title: `TXT Record of ${name}`, labels }, { label: 'Name, Then Value' }).expectMessage(
        {
          text: `The name of the TXT record is on the clipboard: ${key}. Paste it, then copy the value.`,
          buttons: ['Copy Value'],
        },
        'Copy Value',
      );
      await world.act('scalekit.domain.copyTxtRecord', row);
      assert.equal(await copied(), value);
      world.prompts.expectPick({}, { label: 'Name, Then Value' }).expectMessage({});
      await world.act('scalekit.domain.copyTxtRecord', row);
      assert.equal(await copied(), key);
      assert.equal(world.writes().length, 0);
    });

    it('copies the value, all of it for a message, or a line of a zone file', async () => {
      await start();
      const { row, name, key, value } = await pending();
      for (const [label, text] of [
        ['Value', value],
        ['Type, Name and Value', `Type: TXT\nName: ${key}.${name}\nValue: ${value}`],
        ['Zone File Line', `${key}.${name}. IN TXT "${value}"`],
      ] as const) {
        world.prompts.expectPick({}, { label });
        await world.act('scalekit.domain.copyTxtRecord', row);
        assert.equal(await copied(), text);
      }
    });

    it('copies nothing when it is cancelled, and says where to look when the API does not tell the record', async () => {
      await start();
      const { row, name } = await pending();
      await vscode.env.clipboard.writeText('before');
      world.prompts.expectPick({}, undefined);
      await world.act('scalekit.domain.copyTxtRecord', row);
      world.sandbox.addFault({
        path: `*/domains/${row.document?.path.at(-1)}`,
        method: 'GET',
        respond: { status: 200, body: { domain: { id: 'dom_1', domain: name } } },
      });
      world.prompts.expectMessage({
        severity: 'information',
        text: `Scalekit’s API doesn’t return the TXT record of ${name}. Copy it from the Scalekit dashboard.`,
      });
      await world.act('scalekit.domain.copyTxtRecord', row);
      assert.equal(await copied(), 'before');
    });
  });

  describe('Verify Domain', () => {
    const newDomain = async (name: string): Promise<TreeNode> => {
      await world.sdk.domain.createDomain(world.organizationId, name);
      await world.organizationsView.refresh(await world.list());
      world.sandbox.clearRequests();
      return domain(name);
    };

    it('verifies it once and shows that', async () => {
      await start();
      const row = await newDomain('acme.test');
      await world.act('scalekit.domain.verify', row);
      assert.deepEqual(world.writes(), [
        {
          method: 'PATCH',
          path: `/api/v1/organizations/${world.organizationId}/domains/${row.document?.path.at(-1)}:verify`,
        },
      ]);
      assert.equal((await named('acme.test'))?.verificationStatus, VerificationStatus.VERIFIED);
      assert.ok((await world.shown()).includes('acme.test (verified)'));
    });

    it('says when the TXT record is not found, and offers it', async () => {
      await start();
      const row = await newDomain('acme.com');
      world.prompts
        .expectMessage(
          {
            severity: 'warning',
            text: /^acme\.com is not verified: Scalekit did not find its TXT record\./,
            buttons: ['Copy TXT Record…'],
          },
          'Copy TXT Record…',
        )
        .expectPick({ title: 'TXT Record of acme.com' }, { label: 'Value' });
      await world.act('scalekit.domain.verify', row);
      assert.equal(await copied(), (await named('acme.com'))?.txtRecordSecret);
    });

    for (const status of [404, 501]) {
      it(`says when the environment does not offer it (${status})`, async () => {
        await start();
        const row = await newDomain('acme.test');
        world.sandbox.addFault({ path: '*:verify', status });
        world.prompts.expectMessage({
          severity: 'information',
          text: `${world.environmentName}: this environment’s API doesn’t offer verification; it’s a preview there. Verify acme.test in the Scalekit dashboard.`,
        });
        await world.act('scalekit.domain.verify', row);
        assert.equal(world.writes().length, 1);
      });
    }

    it('fails for a domain that is no more, whose row goes', async () => {
      await start();
      const row = await newDomain('acme.test');
      await world.sdk.domain.deleteDomain(world.organizationId, row.document?.path.at(-1) ?? '');
      await assert.rejects(async () => world.act('scalekit.domain.verify', row), failsWith('notFound'));
      assert.ok(!(await world.shown()).some((label) => label.startsWith('acme.test')));
    });

    it('asks first in production; pressed twice it is sent once; a lost answer is found out', async () => {
      await start(true);
      const row = await newDomain('acme.test');
      world.prompts.expectConfirm({ message: 'Verify acme.test?' }, false);
      await world.act('scalekit.domain.verify', row);
      assert.equal(world.writes().length, 0);
      world.prompts.expectConfirm(
        { message: 'Verify acme.test?', detail: /^Scalekit looks for its TXT record in DNS\..*\n\nEnvironment: / },
        true,
      );
      world.sandbox.addFault({ path: '*:verify', halfBody: true });
      await Promise.all([world.act('scalekit.domain.verify', row), world.act('scalekit.domain.verify', row)]);
      assert.equal(world.writes().length, 1);
      assert.ok((await world.shown()).includes('acme.test (verified)'));
    });
  });

  describe('Remove Domain…', () => {
    it('asks, removes it once, and closes its document', async () => {
      await start();
      const { domain: name } = (await onServer())[0] ?? assert.fail();
      const question = {
        message: `Remove the domain ${name} from Looney Corp?`,
        detail:
          /^Users with an email address on this domain no longer sign in through the customer’s identity provider.*\n\nEnvironment: /,
        action: 'Remove',
      };
      const row = await domain(name);
      world.prompts.expectConfirm(question, false);
      await world.act('scalekit.domain.remove', row);
      assert.equal(world.writes().length, 0);
      world.prompts.expectConfirm(question, true);
      await world.act('scalekit.domain.remove', row);
      assert.deepEqual(
        world.writes().map(({ method }) => method),
        ['DELETE'],
      );
      assert.equal(await named(name), undefined);
      assert.ok(!(await world.shown()).some((label) => label.startsWith(name)));
      assert.deepEqual(world.documents, [
        `deleted /${world.environmentId}/organizations/${world.organizationId}/domains/${row.document?.path.at(-1)}.json`,
      ]);
    });

    it('in production needs its name typed', async () => {
      await start(true);
      const { domain: name } = (await onServer())[0] ?? assert.fail();
      const box = {
        title: `Remove the domain ${name} from Looney Corp? (${world.environmentName}, production)`,
        prompt: new RegExp(`To confirm, type: ${name}$`),
      };
      world.prompts.expectInput(box, 'yes').expectInput(box, undefined);
      await world.act('scalekit.domain.remove', await domain(name));
      assert.equal(world.writes().length, 0);
      world.prompts.expectInput(box, name);
      await world.act('scalekit.domain.remove', await domain(name));
      assert.equal(await named(name), undefined);
      assert.deepEqual(world.prompts.problems, [`That is not “${name}”. Nothing was changed.`]);
    });

    it('takes the row away of what someone else has removed', async () => {
      await start();
      const { domain: name, id } = (await onServer())[0] ?? assert.fail();
      const row = await domain(name);
      await world.sdk.domain.deleteDomain(world.organizationId, id);
      world.prompts.expectConfirm({}, true);
      await world.act('scalekit.domain.remove', row);
      assert.ok(!(await world.shown()).some((label) => label.startsWith(name)));
    });

    it('refused on writes only leaves the row; a lost answer is found out; pressed twice it is sent once', async () => {
      await start();
      const { domain: name } = (await onServer())[0] ?? assert.fail();
      world.sandbox.addFault({ path: '*/domains/*', method: 'DELETE', status: 403, times: 1 });
      world.prompts.expectConfirm({}, true);
      await assert.rejects(async () => world.act('scalekit.domain.remove', await domain(name)), failsWith('forbidden'));
      assert.ok((await world.shown()).some((label) => label.startsWith(name)));
      world.sandbox.clearRequests();
      world.sandbox.addFault({ path: '*/domains/*', method: 'DELETE', halfBody: true });
      world.prompts.expectConfirm({}, true);
      const row = await domain(name);
      await Promise.all([world.act('scalekit.domain.remove', row), world.act('scalekit.domain.remove', row)]);
      assert.equal(world.writes().length, 1);
      assert.ok(!(await world.shown()).some((label) => label.startsWith(name)));
    });
  });

  it('are for rows that a view has shown', async () => {
    await start();
    const row = await domain((await onServer())[0]?.domain ?? '');
    for (const action of [
      'scalekit.domain.verify',
      'scalekit.domain.remove',
      'scalekit.domain.copyTxtRecord',
    ] as const) {
      for (const argument of [{ ...row }, undefined, { kind: 'domain' }, await world.list()])
        await world.act(action, argument as TreeNode);
    }
    assert.equal(world.writes().length, 0);
  });
});
