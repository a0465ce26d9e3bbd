import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ScalekitClient as Sdk } from '@scalekit-sdk/node';
import { MembershipStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb';
import {
  ConnectionProvider,
  ConnectionType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { newest } from '../host/vscodeHost';
import { openWindow, type EditorWindow } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { chooseFromMenu, takesStep, typeCredentials } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

for (const version of testedVersions()) {
  describe(`In production, the extension in VS Code ${version.vscode}`, () => {
    let window: EditorWindow;
    let sandbox: Sandbox;
    let sdk: Sdk;
    /** The organization that the tests create, use and delete, and later that of `customer`. */
    let organizationId: string;
    /** The organization whose connections, users and API clients the tests change. */
    let customer: string;

    before(async () => {
      sandbox = await startSandbox({ organizations: 12, seed: 7, clientId: 'prd_skc_70000000000000001' });
      sdk = new Sdk(sandbox.url, sandbox.clientId, sandbox.clientSecret);
      // Without animations, pictures show the final state.
      window = await openWindow({ version, vsix: vsixFile(), settings: { 'workbench.reduceMotion': 'on' } });
      await window.openView('Scalekit');
      await window.view('Organizations').getByRole('button', { name: 'Add Environment…' }).click();
      await typeCredentials(window, {
        url: sandbox.url,
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
      });
      await window.waitForRows('Organizations', (rows) => rows.length === 12);
      assert.match((await window.treeRows('Environments'))[0]?.description ?? '', /production/);
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(async () => {
      await window?.close();
      await sandbox?.close();
    });

    const picture = (name: string): Promise<void> =>
      window.screenshot(join(projectRoot(), 'out/screenshots', `action-${name}-${version.vscode}.png`));
    /** Expands or collapses a row. */
    const toggle = async (label: string): Promise<void> =>
      window.row('Organizations', label).first().locator('.monaco-tl-twistie').click();
    /** Runs a step and returns the changes that it sent. */
    async function changes(step: () => Promise<void>): Promise<string[]> {
      sandbox.clearRequests();
      await step();
      return sandbox.requests
        .filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/'))
        .map(({ method, path }) => `${method} ${path}`);
    }

    it('creates an organization from the view’s title, opens it, and shows its row', async () => {
      const sent = await changes(async () => {
        const pane = window.view('Organizations');
        await pane.locator('.pane-header').hover();
        await pane.getByRole('button', { name: 'Create Organization…' }).click();
        await window.waitForPrompt(takesStep(/^Create Organization in .*\(production\)\n\nName of the organization/));
        await picture('create-empty');
        await window.answer('');
        await window.waitForPrompt(({ items }) => items[0] === 'An organization needs a name.');
        await picture('create-without-name');
        await window.page.keyboard.type('Wile E. Labs');
        await picture('create-entry');
        await window.pick('More Options…');
        await window.waitForPrompt(takesStep(/\(2\/3\)\nExternal ID/));
        await window.answer('my_unique_id');
        await window.waitForPrompt(takesStep(/\(3\/3\)\nMetadata/));
        await window.answer('plan=team, region=eu');
        assert.match(
          (await window.dialog()).text,
          /Create the organization Wile E\. Labs\?.*Environment: .*\(production\)/,
        );
        await picture('create-modal');
        await window.clickDialogButton('Create');
        const again = await window.waitForPrompt(takesStep(/Another organization has this external ID/));
        assert.deepEqual([again.value, again.invalid], ['my_unique_id', true]);
        await picture('create-duplicate');
        await window.answer('wile-1');
        assert.equal((await window.waitForPrompt(takesStep(/\(3\/3\)\nMetadata/))).value, 'plan=team, region=eu');
        await window.pressInPrompt('Enter');
        await window.dialog();
        await window.clickDialogButton('Create');
        await window.waitForStatus(/^Created Wile E\. Labs$/);
        await window.waitForRows('Organizations', (rows) =>
          rows.some(({ label, selected }) => label === 'Wile E. Labs' && selected),
        );
        await window.page
          .locator('.editor-group-container.active .monaco-editor .view-line', { hasText: 'Wile E. Labs' })
          .waitFor();
      });
      await picture('created');
      assert.deepEqual(
        sent,
        ['POST /api/v1/organizations', 'POST /api/v1/organizations'],
        'the one that was refused, and the one that was made',
      );
      const { organization } = await sdk.organization.getOrganizationByExternalId('wile-1');
      assert.deepEqual(
        [organization?.displayName, { ...organization?.metadata }],
        ['Wile E. Labs', { plan: 'team', region: 'eu' }],
      );
      organizationId = organization?.id ?? assert.fail('it has no id');
      assert.equal((JSON.parse(await window.editorText()) as { id: string }).id, organizationId);
    });

    it('copies an admin portal link that opens once, and shows it nowhere', async () => {
      let link = '';
      const sent = await changes(async () => {
        await window.writeClipboard('');
        const row = window.row('Organizations', 'Wile E. Labs');
        await row.hover();
        await picture('organization-icons');
        await row.getByRole('button', { name: 'Generate Admin Portal Link…' }).click();
        await window.waitForPrompt(takesStep(/^Admin Portal Link for Wile E\. Labs \(1\/2\)/));
        await picture('portal-features');
        await window.page.keyboard.press('Enter');
        await window.waitForPrompt(takesStep(/\(2\/3\)[^]*SSO and SCIM: disabled for Wile E\. Labs/));
        await picture('portal-enable');
        await window.pick('Continue Without Enabling');
        await window.waitForPrompt(takesStep(/\(3\/3\)[^]*works once, and only within one minute/));
        await picture('portal-delivery');
        await window.page.keyboard.press('Enter');
        assert.match((await window.dialog()).text, /Generate an admin portal link for Wile E\. Labs\?.*one minute/);
        await picture('portal-modal');
        await window.clickDialogButton('Generate and Copy');
        await window.waitForStatus(
          /^Copied the admin portal link for Wile E\. Labs. It works once, within one minute$/,
        );
        link = await window.readClipboard();
      });
      await picture('portal-copied');
      assert.deepEqual(sent, [
        `PUT /api/v1/organizations/${organizationId}/portal_links?features=sso&features=dir_sync`,
      ]);
      const secret =
        /\/magicLink\/([\w-]+)$/.exec(link)?.[1] ?? assert.fail(`it is no portal link: ${link.length} characters`);
      assert.ok(!(await window.page.content()).includes(secret));
      assert.ok(!(await window.dumpBrowserStorage()).includes(secret));
      assert.ok(!window.consoleText().includes(secret));
      const page = await fetch(link);
      assert.match(await page.text(), new RegExp(`admin of ${organizationId}`));
      assert.equal((await fetch(link)).status, 410);
    });

    it('opens an admin portal link in the browser, and asks before it opens the dashboard’s start page', async () => {
      const opened = window.context.waitForEvent('page');
      const sent = await changes(async () => {
        await chooseFromMenu(window, window.row('Organizations', 'Wile E. Labs'), 'Generate Admin Portal Link…');
        await window.waitForPrompt(takesStep(/\(1\/2\)/));
        await window.pick('SCIM');
        await window.waitForPrompt(takesStep(/\(2\/3\)/));
        await window.pick('Enable and Continue');
        await window.waitForPrompt(takesStep(/\(3\/3\)/));
        await window.pick('Open in Browser');
        assert.match((await window.dialog()).text, /Enable SCIM for Wile E\. Labs\?/);
        await window.clickDialogButton('Enable');
        await window.page.locator('.monaco-dialog-box', { hasText: 'Generate an admin portal link' }).waitFor();
        await window.clickDialogButton('Generate and Open');
        await window.waitForStatus(/^Opened the admin portal of Wile E\. Labs in the browser$/);
      });
      assert.deepEqual(sent, [
        `PATCH /api/v1/organizations/${organizationId}/settings`,
        `PUT /api/v1/organizations/${organizationId}/portal_links?features=dir_sync`,
      ]);
      const portal = await opened;
      // VS Code 1.100's host sends loopback links through its own proxy, which loses their path.
      if (version === newest)
        await portal.getByText(`Here the admin of ${organizationId} would set up dir_sync.`).waitFor();
      else await portal.waitForURL((url) => url.pathname === `/proxy/${new URL(sandbox.url).port}/`);
      await portal.close();

      const [environment] = await window.treeRows('Environments');
      await chooseFromMenu(window, window.row('Environments', environment?.label ?? ''), 'Open Scalekit Dashboard');
      const { text, buttons } = await window.dialog();
      await picture('dashboard');
      assert.match(text, /https:\/\/app\.scalekit\.com/);
      assert.ok(buttons.includes('Cancel'), buttons.join());
      await window.clickDialogButton('Cancel');
    });

    it('deletes an organization only after you type its name, and closes its document', async () => {
      const row = window.row('Organizations', 'Wile E. Labs');
      const sent = await changes(async () => {
        await row.click({ button: 'right' });
        await window.page.locator('.monaco-menu .action-item', { hasText: 'Delete Organization…' }).waitFor();
        await picture('organization-menu');
        await window.page.keyboard.press('Escape');
        await chooseFromMenu(window, row, 'Delete Organization…');
        await window.waitForPrompt(
          takesStep(
            /^Delete the organization Wile E\. Labs\? \(.*, production\)\nIts connections.*To confirm, type: Wile E\. Labs/,
          ),
        );
        await picture('delete-prompt');
        await window.answer('Wile');
        await window.waitForPrompt(({ invalid }) => invalid);
        await picture('delete-wrong-name');
        await window.answer('Wile E. Labs');
        await window.waitForStatus(/^Deleted Wile E\. Labs$/);
        await window.waitForRows(
          'Organizations',
          (rows) => rows.length === 12 && !rows.some(({ label }) => label === 'Wile E. Labs'),
        );
      });
      await picture('deleted');
      assert.deepEqual(sent, [`DELETE /api/v1/organizations/${organizationId}`]);
      await assert.rejects(async () => sdk.organization.getOrganization(organizationId));
      assert.ok(
        !(await window.editorTabs()).some((tab) => tab.includes(organizationId) || tab.includes('Wile E. Labs')),
      );
    });

    it('disables a connection, and Undo in the status bar enables it again', async () => {
      const { organizations } = await sdk.organization.listOrganization({ pageSize: 1 });
      const { id, displayName } = organizations[0] ?? assert.fail();
      [customer, organizationId] = [displayName, id];
      await toggle(customer);
      await toggle('SSO Connections');
      const { connections } = await sdk.connection.listConnections(organizationId);
      const okta =
        connections.find(
          ({ provider, type }) => provider === ConnectionProvider.OKTA && type === ConnectionType.SAML,
        ) ?? assert.fail('it has none of Okta');
      const isEnabled = async (): Promise<boolean | undefined> =>
        (await sdk.connection.getConnection(organizationId, okta.id)).connection?.enabled;
      const label = 'Okta · SAML';
      const isShown = (state: string): Promise<unknown> =>
        window.waitForRows('Organizations', (rows) =>
          rows.some(({ spoken }) => spoken.startsWith(`Connection, ${label}, ${state}`)),
        );
      const sent = await changes(async () => {
        await isShown('enabled');
        const row = window.row('Organizations', label);
        await row.click({ button: 'right' });
        await window.page.locator('.monaco-menu .action-item', { hasText: 'Test Sign-in…' }).waitFor();
        await picture('connection-menu');
        await window.page.keyboard.press('Escape');
        await chooseFromMenu(window, row, 'Disable Connection');
        assert.match(
          (await window.dialog()).text,
          new RegExp(
            `Disable Okta SAML of ${customer}\\? ?Nobody can sign in with it anymore\\..*Environment: .*\\(production\\)`,
          ),
        );
        await picture('disable-modal');
        await window.clickDialogButton('Disable');
        await window.waitForStatus(/is disabled · Undo$/);
        await isShown('disabled');
        await picture('disabled');
        assert.equal(await isEnabled(), false);
        await window.page.locator('.statusbar-item', { hasText: 'is disabled · Undo' }).click();
        await window.dialog();
        await window.clickDialogButton('Enable');
        await window.waitForStatus(/is enabled · Undo$/);
        await isShown('enabled');
      });
      assert.deepEqual(
        sent,
        ['disable', 'enable'].map(
          (verb) => `PATCH /api/v1/organizations/${organizationId}/connections/${okta.id}:${verb}`,
        ),
      );
      assert.equal(await isEnabled(), true);
      await toggle('SSO Connections');
    });

    it('invites a user with roles, and shows their row', async () => {
      const email = 'road.runner@acme.com';
      await toggle('Users');
      const sent = await changes(async () => {
        const list = window.row('Organizations', 'Users');
        await list.hover();
        await picture('users-icons');
        await list.getByRole('button', { name: 'Invite User…' }).click();
        await window.waitForPrompt(takesStep(/^Invite User to .* \(production\)\n\nEmail address/));
        await window.answer('road runner');
        await window.waitForPrompt(({ items }) => /^This isn’t an email address/.test(items[0] ?? ''));
        await picture('invite-no-email');
        await window.page.keyboard.press('ControlOrMeta+A');
        await window.page.keyboard.type(email);
        await picture('invite-entry');
        await window.pick('More Options…');
        const { items } = await window.waitForPrompt(
          takesStep(/\(2\/3\)[^]*\nRoles\. Without one, Scalekit assigns the default for members$/),
        );
        assert.ok(
          items.some((item) => item.startsWith('Viewer')),
          items.join(),
        );
        // The default role is picked at first.
        await window.pick('Member');
        await window.pick('Admin');
        await window.pick('Viewer');
        await picture('invite-roles');
        await window.page.keyboard.press('Enter');
        await window.waitForPrompt(takesStep(/\(3\/3\)[^]*How road\.runner@acme\.com joins/));
        await picture('invitemail');
        await window.page.keyboard.press('Enter');
        assert.match(
          (await window.dialog()).text,
          /Invite road\.runner@acme\.com to .*Scalekit sends an email.*Environment: /,
        );
        await picture('invite-modal');
        await window.clickDialogButton('Invite');
        await window.waitForStatus(/^Invited road\.runner@acme\.com to /);
        await window.waitForRows('Organizations', (rows) =>
          rows.some(
            (row) =>
              row.label === email &&
              row.selected &&
              /^invite pending · (Admin · Viewer|Viewer · Admin)$/.test(row.description),
          ),
        );
      });
      await picture('invited');
      assert.deepEqual(sent, [`POST /api/v1/organizations/${organizationId}/users?send_invitation_email=true`]);
      const { users } = await sdk.user.listOrganizationUsers(organizationId, { pageSize: 100 });
      const membership = users.find((user) => user.email === email)?.memberships[0];
      assert.deepEqual(membership?.roles.map(({ name }) => name).sort(), ['admin', 'viewer']);
      assert.equal(membership?.membershipStatus, MembershipStatus.PENDING_INVITE);
    });

    it('changes a member’s roles, with the current roles already picked', async () => {
      const email = 'road.runner@acme.com';
      const sent = await changes(async () => {
        await chooseFromMenu(window, window.row('Organizations', email), 'Change Roles…');
        await window.waitForPrompt(takesStep(/^Roles of road\.runner@acme\.com in /));
        await picture('roles-present');
        await window.pick('Admin');
        await window.pick('Viewer');
        await window.page.keyboard.press('Enter');
        await window.waitForPrompt(({ placeholder }) => placeholder.startsWith('Pick at least one role.'));
        await picture('roles-none');
        await window.pick('Billing');
        await window.page.keyboard.press('Enter');
        assert.match((await window.dialog()).text, /New roles: Billing/);
        await window.clickDialogButton('Change Roles');
        await window.waitForStatus(/^Roles of road\.runner@acme\.com: Billing · Undo$/);
        await window.waitForRows('Organizations', (rows) =>
          rows.some((row) => row.label === email && row.description === 'invite pending · Billing'),
        );
      });
      assert.deepEqual(
        sent.map((each) => each.replace(/usr_\d+/, 'ID')),
        [`PATCH /api/v1/memberships/organizations/${organizationId}/users/ID`],
      );
      await toggle('Users');
    });

    it('creates an API client and copies its secret, which appears nowhere else', async () => {
      await toggle('API Clients');
      let secret = '';
      const sent = await changes(async () => {
        await window.writeClipboard('');
        await window.runCommand('Scalekit: Create API Client…');
        await window.waitForPrompt(takesStep(/^Create API Client: Which Organization of /));
        await window.waitForPrompt(({ items }) => items.includes(customer));
        await picture('client-organization');
        await window.pick(customer);
        await window.waitForPrompt(takesStep(/\(production\)\n\nName of the API client/));
        await window.page.keyboard.type('Deploy');
        await picture('client-entry');
        await window.pick('More Options…');
        for (const step of [2, 3, 4]) {
          await window.waitForPrompt(takesStep(new RegExp(`\\(${step}/5\\)`)));
          await picture(`client-step-${step}`);
          await window.page.keyboard.press('Enter');
        }
        await window.waitForPrompt(takesStep(/\(5\/5\)[^]*How long its tokens are valid/));
        await picture('client-lifetime');
        await window.page.keyboard.press('Enter');
        assert.match((await window.dialog()).text, /Create the API client Deploy for .*Its secret is copied\./);
        await window.clickDialogButton('Create');
        await window.page.locator('.monaco-dialog-box', { hasText: 'is on the clipboard' }).waitFor();
        const { text, buttons } = await window.dialog();
        await picture('client-secret-modal');
        assert.match(
          text,
          /^The new client secret of Deploy is on the clipboard ?Paste it where you need it now\..*Client ID: m2morg_\d+/,
        );
        assert.deepEqual([...buttons].sort(), ['Copy Client ID and Secret', 'OK']);
        secret = await window.readClipboard();
        await window.clickDialogButton('OK');
        await window.waitForRows('Organizations', (rows) =>
          rows.some(({ label, selected }) => label === 'Deploy' && selected),
        );
      });
      await picture('client-created');
      assert.deepEqual(sent, [`POST /api/v1/organizations/${organizationId}/clients`]);
      const { clients } = await sdk.m2m.listOrganizationClients(organizationId, { pageSize: 100 });
      const clientId = clients.find(({ name }) => name === 'Deploy')?.clientId ?? assert.fail('it was not made');
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: secret,
      });
      assert.equal(
        (await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body })).status,
        200,
        'the copied secret works',
      );
      assert.ok(!(await window.page.content()).includes(secret));
      assert.ok(!(await window.dumpBrowserStorage()).includes(secret));
      assert.ok(!window.consoleText().includes(secret));
      await window.row('Organizations', 'Deploy').click({ button: 'right' });
      await window.page.locator('.monaco-menu .action-item', { hasText: 'Revoke Secret…' }).waitFor();
      await picture('client-menu');
      await window.page.keyboard.press('Escape');
    });
  });
}
