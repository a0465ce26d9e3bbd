import assert from 'node:assert/strict';
import { join } from 'node:path';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { openWindow, type EditorWindow, type Prompt } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { installPseudoLanguage, pseudo, untranslatedWords } from '../support/pseudoLanguage';
import { hoverText, isStep, typeCredentials } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

const pictures = join(projectRoot(), 'out/screenshots');

/** What we don't translate: a name, example values, and VS Code's own texts, which are English here. */
const NAMES = [
  'Scalekit:',
  'https://acme.scalekit.dev',
  'skc_…',
  'content_editor',
  'documents:read',
  'Back',
  'Ctrl+Alt+-',
  "(Press 'Enter' to confirm or 'Escape' to cancel)",
];

/** Names of protocols and providers, as Scalekit's API returns them. */
const PROTOCOLS = [
  'SAML',
  'OIDC',
  'SCIM',
  'SSO',
  'Okta',
  'OKTA',
  'Google',
  'Microsoft Entra ID',
  'JumpCloud',
  'OneLogin',
];

for (const version of testedVersions()) {
  describe(`In another language in VS Code ${version.vscode},`, () => {
    let window: EditorWindow;
    let sandbox: Sandbox;
    let data: string[];

    const organizations = pseudo('Organizations');
    const environments = pseudo('Environments');

    before(async () => {
      sandbox = await startSandbox({ organizations: 120, seed: 7 });
      data = [...NAMES, ...PROTOCOLS, sandbox.url, new URL(sandbox.url).host];
      window = await openWindow({
        version,
        vsix: vsixFile(),
        prepareExtensions: installPseudoLanguage,
        // These two are in menus of rows and titles, not in the Command Palette.
        keybindings: [
          { key: 'ctrl+alt+p', command: 'scalekit.permission.create' },
          { key: 'ctrl+alt+r', command: 'scalekit.environment.remove' },
        ],
        initScript: () => {
          Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { get: () => 'qps-ploc', set: () => {} });
        },
      });
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(async () => {
      await window?.close();
      await sandbox?.close();
    });

    /** Fails if a text is missing or has an untranslated word. */
    function assertTranslated(text: string): void {
      assert.match(text, /[\uff21-\uff5a]/, `nothing of ours in: ${text}`);
      assert.deepEqual(untranslatedWords(text, data), [], text);
    }

    function assertPromptTranslated({ title, message, placeholder, buttons }: Prompt): void {
      assertTranslated([title, message, placeholder, ...buttons].join('\n'));
    }

    async function leave(): Promise<void> {
      const box = window.page.locator('.quick-input-widget');
      // The first key may still reach the previous prompt, until this one takes the focus.
      for (let tries = 0; tries < 5 && (await box.isVisible()); tries++) {
        await window.pressInPrompt('Escape');
        await box.waitFor({ state: 'hidden', timeout: 2_000 }).catch(() => undefined);
      }
      await box.waitFor({ state: 'hidden' });
    }

    const run = (title: string): Promise<void> => window.runCommand(`Scalekit: ${pseudo(title)}`);

    it('the welcome views are translated', async () => {
      await window.openView(pseudo('Scalekit'));
      await window.view(organizations).locator('.welcome-view-content').waitFor();
      assertTranslated(await window.viewText(organizations));
      assertTranslated(await window.viewText(environments));
    });

    it('the steps and error messages of Add Environment… are translated', async () => {
      await run('Add Environment…');
      assertPromptTranslated(await window.waitForPrompt(isStep(1)));
      await window.answer('ftp://x');
      assertPromptTranslated(await window.waitForPrompt(({ invalid }) => invalid));
      await typeCredentials(window, {
        url: sandbox.url,
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
      });
      await window.waitForRows(organizations, (rows) => rows.length > 10);
    });

    it('the rows of the views, their screen reader texts and hovers are translated', async () => {
      const token = await accessToken(sandbox);
      const answer = (await (
        await fetch(`${sandbox.url}/api/v1/organizations?page_size=100`, {
          headers: { authorization: `Bearer ${token}` },
        })
      ).json()) as {
        organizations: { id: string; display_name: string; external_id?: string; slug?: string }[];
      };
      const records = answer.organizations;
      data.push(
        ...records
          .flatMap(({ id, display_name, external_id, slug }) => [id, display_name, external_id ?? '', slug ?? ''])
          .filter((text) => text !== ''),
      );
      const name = records[0]?.display_name ?? '';
      await window.row(organizations, name).first().locator('.monaco-tl-twistie').click();
      const rows = await window.waitForRows(
        organizations,
        (shown) => shown.filter(({ level }) => level === 2).length >= 6,
      );
      for (const { label, description, spoken, level } of [...rows, ...(await window.treeRows(environments))]) {
        if (level === 2) assertTranslated(label);
        assert.deepEqual(untranslatedWords(`${label}\n${description}\n${spoken}`, data), []);
      }
      const hover = await hoverText(
        window,
        window.row(organizations, records[2]?.display_name ?? '').first(),
        records[2]?.display_name ?? '',
      );
      // Node writes the dates and ages, in a language that it doesn't know as in English.
      assertTranslated(
        hover.replace(
          /\b(?:us|eu|in|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|GMT|UTC|dir_sync|sso|years?|ago|plan|team|region|enterprise|starter|growth)\b/gi,
          '',
        ),
      );
      await window.screenshot(join(pictures, `pseudo-language-${version.vscode}.png`));
      await window.row(organizations, name).first().locator('.monaco-tl-twistie').click();
      const all = await window.allTreeRows(organizations);
      assertTranslated(all.at(-1)?.label ?? '');
    });

    it('the commands in the palette are translated', async () => {
      await window.openPalette();
      await window.page.keyboard.type('Scalekit: ');
      const { items } = await window.waitForPrompt(
        (prompt) => prompt.items.filter((item) => item.startsWith('Scalekit: ')).length > 5,
      );
      // VS Code adds commands for each view, in its own words around our title.
      const ours = items.filter(
        (item) => item.startsWith('Scalekit: ') && !/^Scalekit: (Focus on|Toggle|Show) .*[\uff21-\uff5a]/.test(item),
      );
      for (const item of ours) assertTranslated(item);
      await window.page.keyboard.press('Escape');
    });

    it('quick picks and the status bar are translated', async () => {
      await run('Switch Environment…');
      const prompt = await window.waitForPrompt(({ items }) => items.length > 0);
      assertPromptTranslated(prompt);
      for (const item of prompt.items) assert.deepEqual(untranslatedWords(item, data), []);
      await window.page.keyboard.press('Escape');
      await run('Copy Access Token');
      assertTranslated(await window.waitForStatus(new RegExp(pseudo('Token copied'))));
      await run('Search Organizations…');
      assertPromptTranslated(await window.waitForPrompt(({ placeholder }) => placeholder !== ''));
      await window.page.keyboard.press('Escape');
    });

    it('a failure and its buttons are translated', async () => {
      sandbox.addFault({ path: '/oauth/token', status: 401 });
      await run('Fetch New Access Token');
      const { text, buttons } = await window.waitForNotification(new RegExp(pseudo('refused the client ID')));
      assertTranslated(text.replace(/invalid_request|[0-9a-f]{32}/g, ''));
      for (const button of buttons) assertTranslated(button);
      await window.screenshot(join(pictures, `pseudo-language-failure-${version.vscode}.png`));
      sandbox.clearFaults();
    });

    it('the steps of an action, the prompts of a request and a confirmation are translated', async () => {
      await run('Create Organization…');
      assertPromptTranslated(await window.waitForPrompt(({ items }) => items.length === 2));
      await window.pressInPrompt('4');
      // With its new rows, the list begins at the first one again.
      await window.waitForPrompt(({ items }) => items[0] === pseudo('Create'));
      await window.page.keyboard.press('ArrowDown');
      await window.page.keyboard.press('Enter');
      for (const step of [2, 3]) {
        assertPromptTranslated(await window.waitForPrompt(({ title }) => title.endsWith(`(${step}/3)`)));
        await window.answer('');
      }
      assertTranslated(await window.waitForStatus(new RegExp(pseudo('Created'))));
      for (const title of ['Send API Request…', 'Copy Request as…', 'Create Role…', undefined]) {
        await (title === undefined ? window.page.keyboard.press('Control+Alt+P') : run(title));
        assertPromptTranslated(await window.waitForPrompt((prompt) => prompt.title !== ''));
        await leave();
      }
      for (const title of ['Invite User…', 'Create API Client…', 'Add Domain…', 'Generate Admin Portal Link…']) {
        await run(title);
        const which = await window.waitForPrompt(({ items }) => items.length > 1);
        assertPromptTranslated(which);
        await window.pressInPrompt('Enter');
        assertPromptTranslated(await window.waitForPrompt((prompt) => prompt.title !== which.title));
        await leave();
      }
      await window.page.keyboard.press('Control+Alt+R');
      assertPromptTranslated(await window.waitForPrompt(({ items }) => items.length > 0));
      await window.pressInPrompt('Enter');
      const { text, buttons } = await window.dialog();
      assertTranslated(text);
      assert.deepEqual(
        buttons.filter((button) => untranslatedWords(button, data).length > 0),
        ['Cancel'],
        'VS Code’s own',
      );
      await window.screenshot(join(pictures, `pseudo-language-dialog-${version.vscode}.png`));
      await window.clickDialogButton('Cancel');
    });

    it('the accessibility help is translated', async () => {
      await run('Open Accessibility Help');
      await window.page
        .locator('.editor-group-container.active .monaco-editor .view-line', { hasText: pseudo('Configuration') })
        .first()
        .waitFor();
      const text = await window.editorText();
      assert.ok(text.split('\n').length > 10, text);
      assertTranslated(text);
    });

    it('the walkthrough is translated', async () => {
      await run('Open Walkthrough');
      const steps = window.page.locator('.gettingStartedContainer .step-title');
      await steps.filter({ hasText: pseudo('Try it without an account') }).waitFor();
      for (const title of await steps.allInnerTexts()) assertTranslated(title);
      for (const text of await window.page
        .locator('.gettingStartedContainer .step-description-container:visible')
        .allInnerTexts())
        assertTranslated(text);
      await window.screenshot(join(pictures, `pseudo-language-walkthrough-${version.vscode}.png`));
    });
  });
}

async function accessToken({ url, clientId, clientSecret }: Sandbox): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  const answer = (await (await fetch(`${url}/oauth/token`, { method: 'POST', body })).json()) as {
    access_token: string;
  };
  return answer.access_token;
}
