import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ScalekitClient as Sdk } from '@scalekit-sdk/node';
import { VerificationStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { openWindow, type EditorWindow } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { chooseFromMenu, takesStep } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

const CUSTOMER = 'Looney Corp';

/** What an action took in the window, and how many keystrokes the same takes with curl. */
interface Cost {
  readonly action: string;
  readonly clicks: number;
  readonly keys: number;
  readonly curl: number;
}

for (const version of testedVersions()) {
  describe(`The extension in VS Code ${version.vscode}`, () => {
    let window: EditorWindow;
    let sandbox: Sandbox;
    let sdk: Sdk;
    let organizationId: string;
    const costs: Cost[] = [];

    before(async () => {
      sandbox = await startSandbox({ organizations: 12, seed: 7 });
      sdk = new Sdk(sandbox.url, sandbox.clientId, sandbox.clientSecret);
      organizationId =
        (await sdk.organization.listOrganization({ pageSize: 1 })).organizations[0]?.id ?? assert.fail('there is none');
      const environment = {
        SCALEKIT_ENVIRONMENT_URL: sandbox.url,
        SCALEKIT_CLIENT_ID: sandbox.clientId,
        SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
      };
      window = await openWindow({
        version,
        vsix: vsixFile(),
        environment,
        initScript: countGestures,
        settings: { 'workbench.reduceMotion': 'on' },
      });
      await window.openView('Scalekit');
      await window.waitForRows('Organizations', (rows) => rows.length === 12);
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(async () => {
      await window?.close();
      await sandbox?.close();
      console.log(tableOf(costs));
    });

    const picture = (name: string): Promise<void> =>
      window.screenshot(join(projectRoot(), 'out/screenshots', `every-action-${name}-${version.vscode}.png`));
    const inView = (view: string) => ({
      row: (label: string) => window.row(view, label).first(),
      /**
       * Expands or collapses a row. Its contents and count render again a moment later, so a menu opened sooner would
       * belong to the old row.
       */
      toggle: async (label: string): Promise<void> => {
        await window.row(view, label).first().locator('.monaco-tl-twistie').click();
        await settled(view);
      },
      /** Clicks an inline icon of a row. */
      icon: async (label: string, action: string): Promise<void> => {
        await window.row(view, label).first().hover();
        await window.row(view, label).first().getByRole('button', { name: action }).click();
      },
      menu: (label: string, action: string, submenu?: string): Promise<void> =>
        chooseFromMenu(window, window.row(view, label).first(), action, { in: submenu }),
      waitFor: (label: string, description: RegExp) =>
        window.waitForRows(view, (rows) =>
          rows.some((row) => row.label === label && description.test(row.description)),
        ),
      waitUntilGone: (label: string) =>
        window.waitForRows(view, (rows) => rows.length > 0 && !rows.some((row) => row.label === label)),
    });
    /** Waits until the rows of a view haven't changed for a second. */
    async function settled(view: string): Promise<void> {
      let before = '';
      for (let same = 0; same < 10; await window.page.waitForTimeout(100)) {
        const now = JSON.stringify((await window.treeRows(view)).map(({ label, description }) => [label, description]));
        same = now === before ? same + 1 : 0;
        before = now;
      }
    }

    const organizations = inView('Organizations');
    const configuration = inView('Configuration');

    async function step(pattern: RegExp): Promise<void> {
      await window.waitForPrompt(takesStep(pattern));
    }
    async function enter(pattern: RegExp): Promise<void> {
      await step(pattern);
      await window.pressInPrompt('Enter');
    }
    async function type(pattern: RegExp, text: string): Promise<void> {
      await step(pattern);
      await window.answer(text);
    }
    async function confirm(button: string): Promise<void> {
      await window.dialog();
      await window.clickDialogButton(button);
    }

    /**
     * Runs an action until the status bar confirms it, and checks that it sent exactly this one request. `body` is the
     * request's body, for the comparison with curl.
     */
    async function change(
      action: string,
      request: RegExp | undefined,
      body: object | undefined,
      gestures: () => Promise<void>,
      said: RegExp,
    ): Promise<void> {
      sandbox.clearRequests();
      await window.page.evaluate(forgetGestures);
      await gestures();
      await window.waitForStatus(said);
      const { clicks, keys } = await window.page.evaluate(gesturesSoFar);
      const writes = sandbox.requests.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/'));
      if (request === undefined) return assert.deepEqual(writes, []);
      const [{ method, path } = assert.fail(`${action} made no request`)] = writes;
      assert.equal(writes.length, 1, writes.map((each) => `${each.method} ${each.path}`).join(', '));
      assert.match(`${method} ${path}`, request);
      const line = `curl -X ${method} "$URL${path}" -H "Authorization: Bearer $TOKEN"${body === undefined ? '' : ` -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`}`;
      costs.push({ action, clicks, keys, curl: line.length + 1 });
    }

    it('creates an organization, generates its portal link, and deletes it', async () => {
      await change(
        'Create Organization…',
        /^POST \/api\/v1\/organizations$/,
        { display_name: 'Wile Labs' },
        async () => {
          const pane = window.view('Organizations');
          await pane.locator('.pane-header').hover();
          await pane.getByRole('button', { name: 'Create Organization…' }).click();
          await type(/^Create Organization/, 'Wile Labs');
        },
        /^Created Wile Labs$/,
      );
      const named = async () =>
        (await sdk.organization.listOrganization({ pageSize: 100 })).organizations.filter(
          ({ displayName }) => displayName === 'Wile Labs',
        );
      const [made = assert.fail('it was not made'), ...more] = await named();
      assert.deepEqual(more, []);
      await organizations.waitFor('Wile Labs', /^/);
      await window.writeClipboard('');
      await change(
        'Generate Admin Portal Link…',
        /^PUT \/api\/v1\/organizations\/org_\d+\/portal_links\?/,
        undefined,
        async () => {
          await organizations.icon('Wile Labs', 'Generate Admin Portal Link…');
          await enter(/\(1\/2\)/);
          await step(/\(2\/3\)[^]*SSO and SCIM: disabled for Wile Labs/);
          await window.pick('Continue Without Enabling');
          await enter(/\(3\/3\)/);
        },
        /^Copied the admin portal link for Wile Labs/,
      );
      assert.match(await (await fetch(await window.readClipboard())).text(), new RegExp(`admin of ${made.id}`));
      await change(
        'Delete Organization…',
        /^DELETE \/api\/v1\/organizations\/org_\d+$/,
        undefined,
        async () => {
          await organizations.menu('Wile Labs', 'Delete Organization…');
          await confirm('Delete');
        },
        /^Deleted Wile Labs$/,
      );
      assert.deepEqual(await named(), []);
    });

    it('disables and enables a feature, a directory and a connection', async () => {
      const sso = async (): Promise<boolean | undefined> =>
        (await sdk.organization.getOrganization(organizationId)).organization?.settings?.features.find(
          ({ name }) => name === 'sso',
        )?.enabled;
      const before = await sso();
      const command = before === true ? 'Disable SSO' : 'Enable SSO';
      await change(
        command,
        /^PATCH \/api\/v1\/organizations\/org_\d+\/settings$/,
        { features: [{ name: 'sso', enabled: before !== true }] },
        async () => {
          await organizations.menu(CUSTOMER, command, 'SSO and SCIM');
        },
        new RegExp(`^${before === true ? 'Disabled' : 'Enabled'} SSO for Looney Corp · Undo$`),
      );
      assert.equal(await sso(), before !== true);

      await organizations.toggle(CUSTOMER);
      for (const [list, kind] of [
        ['Directories', 'directory'],
        ['SSO Connections', 'connection'],
      ] as const) {
        await organizations.toggle(list);
        const rows = await window.waitForRows('Organizations', (shown) =>
          shown.some(({ level, spoken }) => level === 3 && spoken.includes(', enabled')),
        );
        const { label } =
          rows.find(({ level, spoken }) => level === 3 && spoken.includes(', enabled')) ?? assert.fail();
        const stateNow = async (): Promise<string> =>
          kind === 'directory'
            ? (await sdk.directory.listDirectories(organizationId)).directories
                .map(({ enabled }) => String(enabled))
                .join()
            : (await sdk.connection.listConnections(organizationId)).connections
                .map(({ enabled }) => String(enabled))
                .join();
        const states = await stateNow();
        for (const verb of ['Disable', 'Enable'] as const) {
          await change(
            `${verb} ${kind === 'directory' ? 'Directory' : 'Connection'}`,
            new RegExp(`^PATCH /api/v1/organizations/org_\\d+/(directories|connections)/\\w+:${verb.toLowerCase()}$`),
            undefined,
            () => organizations.menu(label, `${verb} ${kind === 'directory' ? 'Directory' : 'Connection'}`),
            new RegExp(`is ${verb.toLowerCase()}d · Undo$`),
          );
          await window.waitForRows('Organizations', (shown) =>
            shown.some(({ spoken }) => spoken.includes(`, ${label}, ${verb.toLowerCase()}d`)),
          );
          assert.equal((await stateNow()) === states, verb === 'Enable');
        }
        await organizations.toggle(list);
      }
    });

    it('adds a domain, copies its TXT record, verifies and removes it', async () => {
      const domains = async () =>
        (await sdk.domain.listDomains(organizationId)).domains.filter(({ domain }) => domain === 'wile.test');
      await organizations.toggle('Domains');
      await change(
        'Add Domain…',
        /^POST \/api\/v1\/organizations\/org_\d+\/domains$/,
        { domain: 'wile.test', domain_type: 'ORGANIZATION_DOMAIN' },
        async () => {
          await organizations.icon('Domains', 'Add Domain…');
          await type(/^Add Domain/, 'wile.test');
        },
        /^Added wile\.test to Looney Corp$/,
      );
      assert.deepEqual(
        (await domains()).map(({ verificationStatus }) => verificationStatus),
        [VerificationStatus.PENDING],
      );
      await organizations.waitFor('wile.test', /pending/);
      await window.writeClipboard('');
      await change(
        'Copy TXT Record…',
        undefined,
        undefined,
        async () => {
          await organizations.icon('wile.test', 'Copy TXT Record…');
          await step(/^TXT Record of wile\.test/);
          await picture('txt-record');
          await window.pick('Value');
        },
        /^TXT record of wile\.test copied$/,
      );
      assert.ok(
        (await window.readClipboard()).includes(
          (await domains())[0]?.txtRecordSecret ?? assert.fail('it has no secret'),
        ),
      );
      await change(
        'Verify Domain',
        /^PATCH \/api\/v1\/organizations\/org_\d+\/domains\/dom_\d+:verify$/,
        undefined,
        () => organizations.icon('wile.test', 'Verify Domain'),
        /^Verified wile\.test$/,
      );
      assert.deepEqual(
        (await domains()).map(({ verificationStatus }) => verificationStatus),
        [VerificationStatus.VERIFIED],
      );
      await organizations.waitFor('wile.test', /verified/);
      await change(
        'Remove Domain…',
        /^DELETE \/api\/v1\/organizations\/org_\d+\/domains\/dom_\d+$/,
        undefined,
        async () => {
          await organizations.menu('wile.test', 'Remove Domain…');
          await confirm('Remove');
        },
        /^Removed wile\.test from Looney Corp$/,
      );
      assert.deepEqual(await domains(), []);
      await organizations.toggle('Domains');
    });

    it('invites a user, invites them again, changes their roles and removes them', async () => {
      const email = 'road.runner@acme.com';
      const member = async () =>
        (await sdk.user.listOrganizationUsers(organizationId, { pageSize: 100 })).users.find(
          (user) => user.email === email,
        );
      await organizations.toggle('Users');
      await change(
        'Invite User…',
        /^POST \/api\/v1\/organizations\/org_\d+\/users\?send_invitation_email=true$/,
        { email },
        async () => {
          await organizations.icon('Users', 'Invite User…');
          await type(/^Invite User/, email);
        },
        /^Invited road\.runner@acme\.com to Looney Corp$/,
      );
      assert.ok((await member()) !== undefined);
      await organizations.waitFor(email, /^invite pending/);
      await change(
        'Resend Invite',
        /^PATCH \/api\/v1\/invites\/organizations\/org_\d+\/users\/usr_\d+\/resend$/,
        undefined,
        () => organizations.icon(email, 'Resend Invite'),
        /^Invited .* to Looney Corp again/,
      );
      await change(
        'Change Roles…',
        /^PATCH \/api\/v1\/memberships\/organizations\/org_\d+\/users\/usr_\d+$/,
        { membership: { roles: [{ name: 'member' }, { name: 'viewer' }] } },
        async () => {
          await organizations.menu(email, 'Change Roles…');
          await step(/^Roles of road\.runner@acme\.com/);
          await picture('roles');
          await window.pick('Viewer');
          await window.pressInPrompt('Enter');
        },
        /^Roles of road\.runner@acme\.com: .*Viewer.* · Undo$/,
      );
      assert.ok((await member())?.memberships[0]?.roles.some(({ name }) => name === 'viewer'));
      await change(
        'Remove from Organization…',
        /^DELETE \/api\/v1\/memberships\/organizations\/org_\d+\/users\/usr_\d+$/,
        undefined,
        async () => {
          await organizations.menu(email, 'Remove from Organization…');
          await confirm('Remove');
        },
        /^Removed road\.runner@acme\.com from Looney Corp$/,
      );
      assert.equal(await member(), undefined);
      await organizations.toggle('Users');
    });

    it('creates an API client, gives it a second secret, revokes one, and deletes it', async () => {
      const made = async () =>
        (await sdk.m2m.listOrganizationClients(organizationId, { pageSize: 100 })).clients.find(
          ({ name }) => name === 'Deploy',
        );
      await organizations.toggle('API Clients');
      await change(
        'Create API Client…',
        /^POST \/api\/v1\/organizations\/org_\d+\/clients$/,
        { name: 'Deploy' },
        async () => {
          await organizations.icon('API Clients', 'Create API Client…');
          await type(/^Create API Client/, 'Deploy');
          await confirm('OK');
        },
        /^Created Deploy and copied its secret$/,
      );
      assert.equal((await made())?.secrets.length, 1);
      await organizations.waitFor('Deploy', /^/);
      await change(
        'Add Secret',
        /^POST \/api\/v1\/organizations\/org_\d+\/clients\/m2morg_\d+\/secrets$/,
        undefined,
        async () => {
          await organizations.menu('Deploy', 'Add Secret');
          await confirm('OK');
        },
        /^Copied a new secret of Deploy$/,
      );
      assert.equal((await made())?.secrets.length, 2);
      await change(
        'Revoke Secret…',
        /^DELETE \/api\/v1\/organizations\/org_\d+\/clients\/m2morg_\d+\/secrets\/\w+$/,
        undefined,
        async () => {
          await organizations.menu('Deploy', 'Revoke Secret…');
          await enter(/^Revoke a Secret of Deploy/);
          await confirm('Revoke');
        },
        /^Revoked .* of Deploy$/,
      );
      assert.equal((await made())?.secrets.length, 1);
      await change(
        'Delete API Client…',
        /^DELETE \/api\/v1\/organizations\/org_\d+\/clients\/m2morg_\d+$/,
        undefined,
        async () => {
          await organizations.menu('Deploy', 'Delete API Client…');
          await confirm('Delete');
        },
        /^Deleted Deploy$/,
      );
      assert.equal(await made(), undefined);
      await organizations.toggle('API Clients');
    });

    it('creates a role, makes it the default and deletes it, and creates and deletes a permission', async () => {
      await window.expandView('Organizations', false);
      await window.expandView('Configuration');
      await window.waitForRows('Configuration', (rows) => rows.some(({ label }) => label === 'Roles'));
      await configuration.toggle('Roles');
      const roleNames = async (): Promise<string[]> => (await sdk.role.listRoles()).roles.map(({ name }) => name);
      await change(
        'Create Role…',
        /^POST \/api\/v1\/roles$/,
        { name: 'dropper', display_name: 'Dropper' },
        async () => {
          await configuration.icon('Roles', 'Create Role…');
          await type(/^Create Role/, 'dropper');
        },
        /^Created the role dropper$/,
      );
      assert.ok((await roleNames()).includes('dropper'));
      await configuration.waitFor('Dropper', /^/);
      await picture('role');
      const defaultMember = async (): Promise<string | undefined> =>
        (await sdk.role.listRoles()).roles.find((role) => role.defaultMember)?.name;
      const before = await defaultMember();
      await change(
        'Set as Default for Members',
        /^PATCH \/api\/v1\/roles:set_defaults$/,
        { default_roles: { default_member_role: 'dropper' } },
        () => configuration.menu('Dropper', 'Set as Default for Members'),
        /^dropper is now the default for members · Undo$/,
      );
      assert.equal(await defaultMember(), 'dropper');
      await change(
        'Undo',
        /^PATCH \/api\/v1\/roles:set_defaults$/,
        { default_roles: { default_member_role: before } },
        () =>
          window.page.locator('.statusbar-item', { hasText: 'dropper is now the default for members · Undo' }).click(),
        new RegExp(`^${before} is now the default for members`),
      );
      assert.equal(await defaultMember(), before);
      await change(
        'Delete Role…',
        /^DELETE \/api\/v1\/roles\/dropper$/,
        undefined,
        async () => {
          await configuration.menu('Dropper', 'Delete Role…');
          await confirm('Delete');
        },
        /^Deleted the role dropper$/,
      );
      assert.ok(!(await roleNames()).includes('dropper'));
      await window.writeClipboard('');
      await change(
        'Copy All Role Names as…',
        undefined,
        undefined,
        async () => {
          await configuration.menu('Roles', 'Copy All Role Names as…');
          await step(/^Copy All Role Names/);
          await picture('copy-names');
          await window.pressInPrompt('Enter');
        },
        /^\d+ names copied$/,
      );
      for (const name of await roleNames()) assert.ok((await window.readClipboard()).includes(`'${name}'`), name);
      await configuration.toggle('Roles');

      await configuration.toggle('Permissions');
      await change(
        'Create Permission…',
        /^POST \/api\/v1\/permissions$/,
        { name: 'anvils:drop' },
        async () => {
          await configuration.icon('Permissions', 'Create Permission…');
          await type(/^Create Permission/, 'anvils:drop');
        },
        /^Created the permission anvils:drop$/,
      );
      assert.equal((await sdk.permission.getPermission('anvils:drop')).permission?.name, 'anvils:drop');
      await configuration.waitFor('anvils:drop', /^/);
      await picture('permission');
      await change(
        'Delete Permission…',
        /^DELETE \/api\/v1\/permissions\/anvils(:|%3A)drop$/,
        undefined,
        async () => {
          await configuration.menu('anvils:drop', 'Delete Permission…');
          await confirm('Delete');
        },
        /^Deleted the permission anvils:drop$/,
      );
      await assert.rejects(async () => sdk.permission.getPermission('anvils:drop'));
    });

    it('needs at most four clicks per action, and fewer clicks and keys together than curl needs keys', () => {
      assert.ok(costs.length >= 20, `${costs.length} actions`);
      for (const { action, clicks, keys, curl } of costs)
        assert.ok(clicks <= 4 && clicks + keys < curl, `${action}: ${clicks} clicks, ${keys} keys, ${curl} with curl`);
    });
  });
}

function tableOf(costs: readonly Cost[]): string {
  const rows = costs.map(
    ({ action, clicks, keys, curl }) =>
      `${action.padEnd(34)}${String(clicks).padStart(6)}${String(keys).padStart(6)}${String(curl).padStart(6)}`,
  );
  return [
    `${'from its row to done'.padEnd(34)}clicks  keys  curl`,
    ...rows,
    'With curl, a token and the ids in the path are still to be fetched.',
  ].join('\n');
}

interface GestureCounter {
  gestures: { clicks: number; keys: number };
  addEventListener(
    type: string,
    listener: (event: { key?: string; ctrlKey?: boolean }) => void,
    capture: boolean,
  ): void;
}

/** Runs in the page. Counts mouse buttons and keys, except modifiers and what's pressed with Ctrl. */
function countGestures(): void {
  const page = globalThis as unknown as GestureCounter;
  page.gestures = { clicks: 0, keys: 0 };
  page.addEventListener('mousedown', () => page.gestures.clicks++, true);
  page.addEventListener(
    'keydown',
    ({ key, ctrlKey }) => (key === 'Control' || key === 'Shift' || ctrlKey === true ? undefined : page.gestures.keys++),
    true,
  );
}

/** Runs in the page. */
function forgetGestures(): void {
  (globalThis as unknown as GestureCounter).gestures = { clicks: 0, keys: 0 };
}

/** Runs in the page. */
function gesturesSoFar(): { clicks: number; keys: number } {
  return (globalThis as unknown as GestureCounter).gestures;
}
