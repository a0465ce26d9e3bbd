import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ScalekitClient as Sdk } from '@scalekit-sdk/node';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { openWindow, type EditorWindow, type Prompt } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { chooseFromMenu, runByKeyboard, takesStep, typeCredentials } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

/** Milliseconds between two keys of the fastest typist, or of a keyboard macro. */
const KEY_MS = 5;
/** How long the server takes for a search, in milliseconds. */
const SERVER_MS = 3_000;

/** Commands that aren't in the palette, with the user's own keybindings. */
const KEYS = [
  { key: 'ctrl+alt+d', command: 'scalekit.organization.delete' },
  { key: 'ctrl+alt+f', command: 'scalekit.organization.disableSso' },
] as const;

/** A command that asks for an organization, and what follows the choice. */
const CHOOSERS = [
  {
    command: 'Scalekit: Delete Organization…',
    key: 'Control+Alt+D',
    asks: /^Delete Organization: Which/,
    question: (name: string) => `Delete the organization ${name}?`,
  },
  {
    command: 'Scalekit: Generate Admin Portal Link…',
    asks: /^Admin Portal Link: Which/,
    title: (name: string) => `Admin Portal Link for ${name}`,
  },
  {
    command: 'Scalekit: Disable SSO',
    key: 'Control+Alt+F',
    asks: /^Disable SSO: Which/,
    done: (name: string) => `Disabled SSO for ${name}`,
  },
  {
    command: 'Scalekit: Create API Client…',
    asks: /^Create API Client: Which/,
    title: (name: string) => `Create API Client for ${name}`,
  },
  { command: 'Scalekit: Invite User…', asks: /^Invite User: Which/, title: (name: string) => `Invite User to ${name}` },
  { command: 'Scalekit: Add Domain…', asks: /^Add Domain: Which/, title: (name: string) => `Add Domain to ${name}` },
] as const;

for (const version of testedVersions()) {
  describe(`Enter right after typing into a list in VS Code ${version.vscode}`, () => {
    let window: EditorWindow;
    let sandbox: Sandbox;
    let sdk: Sdk;
    /** An organization that isn't on a loaded page, so that only a search for its name finds it. */
    let far: { readonly id: string; readonly displayName: string };

    before(async () => {
      sandbox = await startSandbox({ organizations: 250, seed: 7 });
      sdk = new Sdk(sandbox.url, sandbox.clientId, sandbox.clientSecret);
      const { nextPageToken } = await sdk.organization.listOrganization({ pageSize: 100 });
      const { organizations } = await sdk.organization.listOrganization({ pageSize: 100, pageToken: nextPageToken });
      far = organizations[50] ?? assert.fail('there is no second page');
      // What is to be disabled must be enabled.
      await sdk.organization.updateOrganizationSettings(far.id, { features: [{ name: 'sso', enabled: true }] });
      const environment = {
        SCALEKIT_ENVIRONMENT_URL: sandbox.url,
        SCALEKIT_CLIENT_ID: sandbox.clientId,
        SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
      };
      window = await openWindow({ version, vsix: vsixFile(), environment, keybindings: KEYS });
      await window.openView('Scalekit');
      await window.waitForRows('Organizations', (rows) => rows.length > 10);
      for (const path of ['/api/v1/organizations:*', '*/users:search']) sandbox.addFault({ path, delayMs: SERVER_MS });
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(async () => {
      await window?.close();
      await sandbox?.close();
    });

    const press = (key: string): Promise<void> => window.page.keyboard.press(key);

    /** Types as fast as possible, and presses Enter immediately. */
    async function typeAndEnter(text: string): Promise<void> {
      await window.page.keyboard.type(text, { delay: KEY_MS });
      await press('Enter');
    }

    /**
     * Types into the open search and presses Enter immediately, long before the server responds, and again on the row
     * that was searched for. If the first Enter chose something, another prompt or a dialog is open.
     */
    async function searchFor(text: string, label: string, isOpen: (prompt: Prompt) => boolean): Promise<void> {
      await typeAndEnter(text);
      await window.waitForPrompt((prompt) => isOpen(prompt) && prompt.value === text && prompt.items.includes(label));
      await press('Enter');
    }

    async function leave(): Promise<void> {
      while (!(await window.promptClosed())) await press('Escape');
    }

    for (const chooser of CHOOSERS) {
      it(`chooses only the organization that was searched for: ${chooser.command}`, async () => {
        if ('key' in chooser) await press(chooser.key);
        else await runByKeyboard(window, chooser.command);
        const isOpen = takesStep(chooser.asks);
        await window.waitForPrompt((prompt) => isOpen(prompt) && prompt.items.length > 5);
        await searchFor(far.displayName, far.displayName, isOpen);
        if ('question' in chooser) {
          const { text } = await window.dialog();
          assert.ok(text.includes(chooser.question(far.displayName)), text);
          await window.clickDialogButton('Cancel');
        } else if ('done' in chooser) await window.waitForStatus(new RegExp(chooser.done(far.displayName)));
        else {
          await window.waitForPrompt(({ title }) => title.startsWith(chooser.title(far.displayName)));
          await leave();
        }
      });
    }

    it('chooses only the organization that was searched for: Search Organizations…', async () => {
      await runByKeyboard(window, 'Scalekit: Search Organizations…');
      const isOpen = takesStep(/^Search Organizations of /);
      await window.waitForPrompt((prompt) => isOpen(prompt) && prompt.items.length > 5);
      await searchFor(far.displayName, far.displayName, isOpen);
      await window.waitForRows(
        'Organizations',
        (rows) => rows[0]?.label === 'Found' && rows.some((row) => row.focused && row.label === far.displayName),
      );
      await window.screenshot(join(projectRoot(), 'out/screenshots', `searches-${version.vscode}.png`));
    });

    it('chooses only the user who was searched for: Search Users…', async () => {
      // The previous search expanded this organization.
      const { users } = await sdk.user.listOrganizationUsers(far.id, { pageSize: 30 });
      const wanted = users.at(-2) ?? assert.fail('there are too few');
      const name = wanted.userProfile?.name || [wanted.userProfile?.firstName, wanted.userProfile?.lastName].join(' ');
      await window.waitForRows('Organizations', (rows) => rows.some(({ label }) => label === 'Users'));
      await window.row('Organizations', 'Users').first().locator('.monaco-tl-twistie').click();
      await window.waitForRows('Organizations', (rows) =>
        rows.some(({ label, description }) => label === 'Users' && description === String(users.length)),
      );
      await chooseFromMenu(window, window.row('Organizations', 'Users').first(), 'Search Users…');
      const isOpen = takesStep(/^Search Users of /);
      await window.waitForPrompt((prompt) => isOpen(prompt) && prompt.items.length > 5);
      await searchFor(wanted.email, name, isOpen);
      await window.waitForRows('Organizations', (rows) => rows.some((row) => row.focused && row.label === name));
    });

    it('chooses the endpoint and the organization that were typed: Send API Request…', async () => {
      await runByKeyboard(window, 'Scalekit: Send API Request…');
      await window.waitForPrompt(({ placeholder }) => placeholder.startsWith('Choose what to read'));
      await typeAndEnter('Get organization details by external ID');
      await window.waitForPrompt(({ title }) => title.includes('Get organization details by external ID'));
      await press('Escape');
      const { organizations } = await sdk.organization.listOrganization({ pageSize: 100 });
      const loaded = organizations[60] ?? assert.fail('there are too few');
      for (const text of [loaded.id, far.id]) {
        await runByKeyboard(window, 'Scalekit: Send API Request…');
        await window.waitForPrompt(({ placeholder }) => placeholder.startsWith('Choose what to read'));
        await typeAndEnter('List domains');
        await window.waitForPrompt(({ placeholder }) => placeholder.startsWith('organization_id'));
        await typeAndEnter(text);
        await window.waitForPrompt(({ placeholder }) => placeholder.startsWith('Press Enter to continue'));
        await window.page
          .locator('.quick-input-list', { hasText: `GET /api/v1/organizations/${text}/domains` })
          .waitFor();
        await leave();
      }
    });

    it('chooses the roles that were typed: Create Role…', async () => {
      await runByKeyboard(window, 'Scalekit: Create Role…');
      await window.waitForPrompt(({ items }) => items.join() === 'Create,More Options…');
      await window.page.keyboard.type('Support Agent', { delay: KEY_MS });
      await window.pick('More Options…');
      for (const step of [2, 3]) {
        await window.waitForPrompt(({ title }) => title.endsWith(`(${step}/5)`));
        await press('Enter');
      }
      await window.waitForPrompt(({ items }) => items.length > 1);
      await typeAndEnter('Viewer');
      await window.waitForPrompt(({ title }) => title.includes('5/5'));
      await leave();
    });

    it('chooses the environment that was typed: Switch Environment…', async () => {
      await runByKeyboard(window, 'Scalekit: Add Environment…');
      await typeCredentials(window, {
        url: sandbox.url.replace('127.0.0.1', 'localhost'),
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
      });
      await window.waitForRows(
        'Environments',
        (rows) =>
          rows.length === 2 &&
          rows.some(({ label, spoken }) => label.startsWith('localhost') && /, active/.test(spoken)),
      );
      for (const name of ['127.0.0.1', 'localhost']) {
        await runByKeyboard(window, 'Scalekit: Switch Environment…');
        await window.waitForPrompt(({ items }) => items.length >= 2);
        await typeAndEnter(name);
        await window.waitForRows('Environments', (rows) =>
          rows.some(({ spoken }) => /, active/.test(spoken) && spoken.includes(`${name}:`)),
        );
      }
    });
  });
}
