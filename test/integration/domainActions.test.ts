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
    const box = {
      title: 'Add Domain to Looney Corp',
      labels: ['Add for Single Sign-On', 'Add as Sign-in Suggestion'],
    };
    const added = {
      severity: 'information' as const,
      text: 'Added acme.com. To verify it, the customer adds a DNS TXT record.',
      buttons: ['Copy TXT Record…'],
    };

    it('adds what you typed once, shows its row and offers its TXT record', async () => {
      await start();
      world.prompts
        .expectEntry({ ...box, problem: undefined, value: '', description: 'acme.com' }, ' https://ACME.com/login ')
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

    it('adds an allowed email domain from the organization’s row', async () => {
      await start();
      world.prompts.expectEntry(box, { text: 'acme.com', take: 'Add as Sign-in Suggestion' }).expectMessage(added);
      await world.act('scalekit.domain.add', await world.row(world.organizationsView.treeView, 'Looney Corp'));
      assert.equal((await named('acme.com'))?.domainType, DomainType.ALLOWED_EMAIL_DOMAIN);
    });

    it('asks for the organization in the Command Palette', async () => {
      await start();
      world.prompts
        .expectSearch(
          '',
          { title: `Add Domain: Which Organization of ${world.environmentName}?` },
          { label: 'Looney Corp' },
        )
        .expectEntry(box, 'acme.com')
        .expectMessage(added);
      await world.act('scalekit.domain.add');
      assert.ok(await named('acme.com'));
    });

    it('sends nothing if you cancel a question', async () => {
      await start(true);
      const title = { title: 'Add Domain to Looney Corp (production)' };
      world.prompts.expectSearch('', {}, undefined);
      await world.act('scalekit.domain.add');
      world.prompts.expectEntry(title, undefined);
      await world.act('scalekit.domain.add', await world.list());
      const question = {
        message: 'Add acme.com to Looney Corp?',
        detail: new RegExp(`^Environment: ${world.environmentName} \\(production\\)`),
        action: 'Add Domain',
      };
      world.prompts.expectEntry(title, 'acme.com').expectConfirm(question, false);
      await world.act('scalekit.domain.add', await world.list());
      assert.equal(world.writes().length, 0);
    });

    it('rejects what isn’t a domain in the box', async () => {
      await start();
      for (const text of ['', 'acme', '10.0.0.1']) world.prompts.expectEntry(box, text);
      world.prompts.expectEntry(box, undefined);
      await world.act('scalekit.domain.add', await world.list());
      assert.deepEqual(world.prompts.problems, Array(3).fill('This isn’t a domain. Enter one, for example acme.com.'));
      assert.equal(world.writes().length, 0);
    });

    it('asks again for a domain that Scalekit refuses, with the reason and your text', async () => {
      await start();
      const taken = (await onServer())[0]?.domain ?? assert.fail();
      world.prompts
        .expectEntry(box, 'gmail.com')
        .expectEntry({ ...box, value: 'gmail.com', problem: /^Scalekit doesn’t accept this: .*public/ }, taken)
        .expectEntry({ value: taken, problem: /exists/ }, undefined);
      await world.act('scalekit.domain.add', await world.list());
      assert.equal(world.writes().length, 2);
    });

    it('finds the new domain after a lost response', async () => {
      await start();
      world.sandbox.addFault({ path: '*/domains', method: 'POST', halfBody: true });
      world.prompts.expectEntry(box, 'acme.com').expectMessage(added);
      await world.act('scalekit.domain.add', await world.list());
      assert.equal(world.writes().length, 1);
      assert.ok((await world.shown()).includes('acme.com (verification pending)'));
    });

    it('says that the outcome is unknown if no new domain is found, and doesn’t send it again', async () => {
      await start();
      world.sandbox.addFault({ path: '*/domains', method: 'POST', status: 503, times: 1 });
      world.prompts.expectEntry(box, 'acme.com').expectMessage({
        severity: 'warning',
        text: /it’s unclear whether this succeeded: Adding acme\.com to Looney Corp \(HTTP 503\)/,
      });
      await world.act('scalekit.domain.add', await world.list());
      assert.equal(world.writes().length, 1);
      assert.equal(await named('acme.com'), undefined);
    });

    it('doesn’t mistake an older domain for the new one after a lost response', async () => {
      await start();
      world.prompts.expectEntry(box, 'acme.com').expectMessage(added);
      await world.act('scalekit.domain.add', await world.list());
      world.sandbox.addFault({ path: '*/domains', method: 'POST', status: 503, times: 1 });
      world.prompts
        .expectEntry(box, 'acme.com')
        .expectMessage({ severity: 'warning', text: /it’s unclear whether this succeeded: Adding acme\.com / });
      await world.act('scalekit.domain.add', await world.list());
    });

    it('keeps what you entered after a 429', async () => {
      await start();
      world.sandbox.addFault({ path: '*/domains', method: 'POST', status: 429, times: 1 });
      world.prompts
        .expectEntry(box, 'acme.com')
        .expectEntry({ value: 'acme.com', problem: /too many requests/ }, 'acme.com')
        .expectMessage(added);
      await world.act('scalekit.domain.add', await world.list());
      assert.ok(await named('acme.com'));
    });

    for (const [status, kind] of [
      [403, 'forbidden'],
      [404, 'notFound'],
    ] as const) {
      it(`fails after a ${status}`, async () => {
        await start();
        world.sandbox.addFault({ path: '*/domains', method: 'POST', status });
        world.prompts.expectEntry(box, 'acme.com');
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

    it('copies the name, then the value, for a DNS dashboard', async () => {
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

    it('copies the value, a text for a message, or a line of a zone file', async () => {
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

    it('copies nothing if you cancel, and says where to look if the API doesn’t return the record', async () => {
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

    it('verifies the domain once and shows it as verified', async () => {
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

    it('says that the TXT record wasn’t found, and offers to copy it', async () => {
      await start();
      const row = await newDomain('acme.com');
      world.prompts
        .expectMessage(
          {
            severity: 'warning',
            text: /^acme\.com isn’t verified: Scalekit didn’t find its TXT record\./,
            buttons: ['Copy TXT Record…'],
          },
          'Copy TXT Record…',
        )
        .expectPick({ title: 'TXT Record of acme.com' }, { label: 'Value' });
      await world.act('scalekit.domain.verify', row);
      assert.equal(await copied(), (await named('acme.com'))?.txtRecordSecret);
    });

    for (const status of [404, 501]) {
      it(`says that the environment doesn’t offer verification (${status})`, async () => {
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

    it('fails for a deleted domain, and removes its row', async () => {
      await start();
      const row = await newDomain('acme.test');
      await world.sdk.domain.deleteDomain(world.organizationId, row.document?.path.at(-1) ?? '');
      await assert.rejects(async () => world.act('scalekit.domain.verify', row), failsWith('notFound'));
      assert.ok(!(await world.shown()).some((label) => label.startsWith('acme.test')));
    });

    it('asks first in production, sends one request for two clicks, and checks the state after a lost response', async () => {
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
    it('asks first, removes the domain once, and closes its document', async () => {
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

    it('asks for the domain’s name in production', async () => {
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
      assert.deepEqual(world.prompts.problems, [`That isn’t “${name}”. Nothing was changed.`]);
    });

    it('removes the row of a domain that someone else removed', async () => {
      await start();
      const { domain: name, id } = (await onServer())[0] ?? assert.fail();
      const row = await domain(name);
      await world.sdk.domain.deleteDomain(world.organizationId, id);
      world.prompts.expectConfirm({}, true);
      await world.act('scalekit.domain.remove', row);
      assert.ok(!(await world.shown()).some((label) => label.startsWith(name)));
    });

    it('keeps the row after a 403, checks the state after a lost response, and sends one request for two clicks', async () => {
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

  it('work only on rows that a view has shown', async () => {
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
