import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScalekitClient } from '@scalekit-sdk/node';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { openWindow, type EditorWindow, type TreeRow } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import type { HttpServer } from '../support/httpServer';
import { startRecordingProxy } from '../support/recordingProxy';
import { until } from '../support/until';
import { runByKeyboard, typeCredentials } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

const pictures = join(projectRoot(), 'out/screenshots');

/** Waits about as long as a user would. */
async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  await until(String(condition), condition, 15_000);
}

/** An organization's document, as far as these tests check it. */
type Organization = Record<string, unknown>;

for (const version of testedVersions()) {
  describe(`An organization’s document in VS Code ${version.vscode}`, () => {
    let window: EditorWindow;
    let sandbox: Sandbox;
    let proxy: HttpServer;
    let production: Sandbox;
    let sdk: ScalekitClient;
    let id: string;

    before(async () => {
      sandbox = await startSandbox({ organizations: 30, seed: 7 });
      proxy = await startRecordingProxy(sandbox.url);
      production = await startSandbox({ organizations: 5, seed: 9, clientId: 'prd_skc_70000000000000001' });
      sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
      const environment = {
        SCALEKIT_ENVIRONMENT_URL: proxy.url,
        SCALEKIT_CLIENT_ID: sandbox.clientId,
        SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
      };
      window = await openWindow({ version, vsix: vsixFile(), environment, settings: { 'files.autoSave': 'off' } });
      await window.openView('Scalekit');
      await window.waitForRows('Organizations', (rows) => rows.length > 5);
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(async () => {
      await window?.close();
      await proxy?.close();
      await sandbox?.close();
      await production?.close();
    });

    const patches = (): unknown[] =>
      proxy.requests.filter(({ method }) => method === 'PATCH').map(({ body }) => JSON.parse(body) as unknown);
    const press = (keys: string): Promise<void> => window.page.keyboard.press(keys);
    const picture = (name: string): Promise<void> =>
      window.screenshot(join(pictures, `documents-${name}-${version.vscode}.png`));
    /** An organization as the official SDK reads it, with the SDK's names. */
    const bySdk = async (organizationId = id, client = sdk) =>
      (await client.organization.getOrganization(organizationId)).organization ?? assert.fail('none');
    const tab = () => window.page.locator('.editor-group-container.active .tab.active');
    const isDirty = async (): Promise<boolean> =>
      ((await tab().getAttribute('class')) ?? '').split(' ').includes('dirty');
    /** Ctrl+1 focuses the first editor group, which has all of these editors. */
    const focusEditor = (): Promise<void> => press('ControlOrMeta+1');

    /** Moves down the Organizations view, which must have the focus, to this row. */
    async function focusRow(wanted: (row: TreeRow) => boolean): Promise<void> {
      await press('Home');
      await eventually(async () => {
        const focused = (await window.treeRows('Organizations')).find((row) => row.focused);
        if (focused !== undefined && wanted(focused)) return true;
        await press('ArrowDown');
        return false;
      });
    }

    async function document(): Promise<Organization> {
      return JSON.parse(await window.editorText()) as Organization;
    }

    async function waitForDocument(condition: (organization: Organization) => boolean): Promise<Organization> {
      const seen: Organization[] = [];
      await eventually(async () => {
        const organization = await document().catch(() => undefined);
        if (organization !== undefined) seen.push(organization);
        return organization !== undefined && condition(organization);
      });
      return seen.at(-1) ?? {};
    }

    /** Replaces the whole text by pasting. */
    async function write(text: string): Promise<void> {
      await window.writeClipboard(text);
      await focusEditor();
      await press('ControlOrMeta+A');
      await press('ControlOrMeta+V');
      const asShown = text.trim();
      await eventually(async () => (await window.editorText()).trim() === asShown);
      await eventually(isDirty);
    }

    async function edit(change: (organization: Organization) => Organization): Promise<void> {
      await write(`${JSON.stringify(change(await document()), undefined, 2)}\n`);
    }

    /** Saves a change, and waits until VS Code has read what Scalekit has now. Until then, it may still replace what is typed. */
    async function save(): Promise<void> {
      const before = (await document())['update_time'];
      await press('ControlOrMeta+S');
      await waitForDocument(({ update_time: time }) => time !== before);
      assert.equal(await isDirty(), false);
    }

    /**
     * VS Code's message about a save. The newest version shows it only in the notification list, since tests turn
     * toasts off.
     */
    async function saveMessage(pattern: RegExp): Promise<string> {
      const messages = window.page.locator('.notification-list-item-message', { hasText: pattern });
      await runByKeyboard(window, 'Notifications: Show Notifications');
      await messages.first().waitFor();
      return messages.first().innerText();
    }

    async function clearMessages(): Promise<void> {
      await runByKeyboard(window, 'Notifications: Clear All Notifications');
      await window.page.locator('.notification-list-item').first().waitFor({ state: 'hidden' });
    }

    const without = (organization: Organization, ...fields: string[]): Organization =>
      Object.fromEntries(Object.entries(organization).filter(([field]) => !fields.includes(field)));

    it('opens from the tree with the keyboard, with one request', async () => {
      const rows = await window.treeRows('Organizations');
      const index = rows.findIndex((row) => /crm-/.test(row.description));
      await runByKeyboard(window, 'Scalekit: Focus on Organizations View');
      await focusRow((row) => row.index === index);
      await press('Enter');
      const organization = await waitForDocument(({ display_name: name }) => name === rows[index]?.label);
      id = String(organization['id']);
      assert.equal(proxy.requests.filter(({ path }) => path === `/api/v1/organizations/${id}`).length, 1);
      assert.deepEqual(
        (await window.editorTabs()).map((name) => name.replace(/\.json$/, '')),
        [rows[index]?.label],
      );
    });

    it('sends one PATCH with only the changed name on Ctrl+S, and the SDK, the text and the tree then have that name', async () => {
      const before = await document();
      await edit((organization) => ({ ...organization, display_name: 'Looney Tunes' }));
      assert.deepEqual(patches(), [], 'nothing is sent before the person saves');
      await press('ControlOrMeta+S');
      const saved = await waitForDocument(({ update_time: time }) => time !== before['update_time']);
      assert.equal(await isDirty(), false);
      assert.deepEqual(patches(), [{ display_name: 'Looney Tunes' }]);
      assert.equal(saved['display_name'], 'Looney Tunes');
      assert.equal((await bySdk()).displayName, 'Looney Tunes');
      await window.waitForRows('Organizations', (rows) => rows.some(({ label }) => label === 'Looney Tunes'));
      await window.page
        .locator('.statusbar-item', { hasText: 'Saved to Scalekit: display_name · From environment variables' })
        .waitFor();
      const actions = window.page.locator('.editor-group-container.active .editor-actions .action-label');
      const titles = await actions.evaluateAll((labels) =>
        labels.map((label) => label.getAttribute('aria-label') ?? ''),
      );
      assert.deepEqual(
        titles.slice(0, 2).map((title) => title.replace(/ \(.*/, '')),
        ['Reload from Scalekit', 'Reveal in View'],
      );
      await picture('saved');
    });

    it('marks a read-only field while you change it, and shows its row with Reveal in View', async () => {
      await edit((organization) => ({ ...organization, id: 'org_other' }));
      await window.page.locator('.editor-group-container.active .squiggly-error').first().waitFor();
      await picture('read-only-field');
      await runByKeyboard(window, 'File: Revert File');
      await eventually(async () => !(await isDirty()));
      await runByKeyboard(window, 'Scalekit: Reveal in View');
      await window.waitForRows('Organizations', (rows) =>
        rows.some(({ label, selected }) => selected && label === 'Looney Tunes'),
      );
      await focusEditor();
    });

    it('can be saved again right after that', async () => {
      await edit((organization) => ({
        ...organization,
        display_name: 'Looney Tunes Inc',
        metadata: { tier: 'gold', seats: '12' },
      }));
      await save();
      assert.deepEqual(patches().slice(1), [
        { display_name: 'Looney Tunes Inc', metadata: { tier: 'gold', seats: '12' } },
      ]);
      const { displayName, metadata } = await bySdk();
      assert.deepEqual(
        { displayName, metadata: { ...metadata } },
        { displayName: 'Looney Tunes Inc', metadata: { tier: 'gold', seats: '12' } },
      );
    });

    it('clears the fields on the server that you remove from it, including all of metadata', async () => {
      await edit((organization) => ({
        ...organization,
        slug: 'looney-tunes',
        logo_url: 'https://example.com/logo.png',
      }));
      await save();
      const full = await bySdk();
      assert.ok(full.externalId && full.slug === 'looney-tunes' && full.logoUrl === 'https://example.com/logo.png');
      const count = patches().length;
      await edit((organization) => without(organization, 'external_id', 'slug', 'logo_url', 'metadata'));
      await save();
      assert.deepEqual(patches().slice(count), [{ external_id: '', slug: '', logo_url: '', metadata: {} }]);
      const { externalId, slug, logoUrl, metadata, displayName } = await bySdk();
      assert.deepEqual(
        [externalId, slug, logoUrl, { ...metadata }, displayName],
        [undefined, undefined, undefined, {}, 'Looney Tunes Inc'],
      );
    });

    it('sends nothing when you save a change in formatting only', async () => {
      const count = patches().length;
      await write(JSON.stringify(await document()));
      await press('ControlOrMeta+S');
      await eventually(async () => !(await isDirty()));
      assert.equal(patches().length, count);
      await eventually(async () => (await window.editorText()).startsWith('{\n  "id"'));
    });

    it('marks values that break Scalekit’s limits as you type, and suggests missing fields', async () => {
      await edit((organization) => ({
        ...organization,
        slug: 'Upper Case',
        logo_url: 'http://x',
        metadata: { ab: '' },
        colour: 'red',
      }));
      await window.page.locator('.editor-group-container.active .squiggly-warning').nth(3).waitFor();
      await runByKeyboard(window, 'View: Toggle Problems');
      await window.page
        .locator('.markers-panel .marker-message-line, .markers-panel .marker-message')
        .first()
        .waitFor();
      const problems = await window.page.locator('.markers-panel .monaco-list-rows').innerText();
      for (const pattern of [/A slug is a label or host name/, /begin with https/, /3 to 25 characters/, /colour/])
        assert.match(problems, pattern);
      await picture('schema');
      await runByKeyboard(window, 'View: Toggle Problems');
      await window.page.locator('.markers-panel').waitFor({ state: 'hidden' });

      await write(
        `${JSON.stringify(without(await document(), 'slug', 'logo_url', 'colour'), undefined, 2).slice(0, -2)},\n  \n}\n`,
      );
      await press('ControlOrMeta+End');
      await press('ArrowUp');
      await press('ArrowUp');
      await press('End');
      await press('Control+Space');
      const suggestions = window.page.locator('.suggest-widget.visible .monaco-list-rows');
      await suggestions.waitFor();
      await eventually(async () => {
        const offered = await suggestions.innerText();
        return ['external_id', 'logo_url', 'slug'].every((field) => offered.includes(field));
      });
      await picture('completion');
      await press('Escape');
      await runByKeyboard(window, 'File: Revert File');
      await eventually(async () => !(await isDirty()));
    });

    let original: Organization | undefined;
    const refused: Readonly<Record<string, readonly [(organization: Organization) => string, RegExp, number]>> = {
      'invalid JSON': [
        (organization) => JSON.stringify(organization, undefined, 2).slice(0, -2),
        /isn’t valid JSON/,
        0,
      ],
      'a missing required field': [
        (organization) => JSON.stringify(without(organization, 'display_name'), undefined, 2),
        /must have a “display_name”/,
        0,
      ],
      'a changed read-only field': [
        (organization) => JSON.stringify({ ...organization, region_code: 'MARS' }, undefined, 2),
        /can’t change “region_code”/,
        0,
      ],
      'a field that Scalekit refuses': [
        (organization) => JSON.stringify({ ...organization, slug: 'Upper Case' }, undefined, 2),
        /slug/,
        1,
      ],
    };
    for (const [what, [change, message, sent]] of Object.entries(refused)) {
      it(`isn’t saved, keeps its text and says why: ${what}`, async () => {
        const count = patches().length;
        const before = await bySdk();
        original ??= await document();
        const text = change(original);
        await write(text);
        await press('ControlOrMeta+S');
        assert.match(await saveMessage(/Failed to save/), message);
        assert.equal(await isDirty(), true);
        assert.equal((await window.editorText()).trim(), text.trim());
        assert.equal(patches().length, count + sent);
        assert.deepEqual(await bySdk(), before);
        await clearMessages();
      });
    }

    it('has its original text again after Revert File', async () => {
      await focusEditor();
      await runByKeyboard(window, 'File: Revert File');
      await eventually(async () => !(await isDirty()));
      assert.deepEqual(await document(), original);
    });

    it('detects that someone else changed a single character, and lets you compare and overwrite', async () => {
      await edit((organization) => ({ ...organization, display_name: 'Looney Tunes Inz' }));
      await sdk.organization.updateOrganization(id, { displayName: 'Looney Tunes Int' });
      const count = patches().length;
      await press('ControlOrMeta+S');
      assert.match(await saveMessage(/Failed to save/), /content of the file is newer/);
      await picture('conflict');
      assert.equal(patches().length, count);
      assert.equal((await bySdk()).displayName, 'Looney Tunes Int');

      await window.page
        .locator('.notifications-center .monaco-button, .notifications-toasts .monaco-button', { hasText: /^Compare$/ })
        .first()
        .click();
      const editors = window.page.locator('.monaco-diff-editor .view-lines');
      await eventually(
        async () => (await editors.count()) >= 2 && (await editors.first().innerText()).includes('Int"'),
      );
      await eventually(async () => /Looney.Tunes.Inz/.test(await editors.last().innerText()));
      // What nobody can decide isn't part of the comparison.
      const inserted = window.page.locator('.editor-group-container.active .modified .line-insert');
      await inserted.first().waitFor();
      assert.equal(await inserted.count(), 1);
      await picture('conflict-compare');
      // Both ways out are in the editor's title.
      await window.page
        .locator(
          '.editor-group-container.active .title-actions .action-label[aria-label^="Overwrite"], .editor-group-container.active .editor-actions .action-label[aria-label*="overwrite" i]',
        )
        .first()
        .click();
      await eventually(() => patches().length === count + 1);
      assert.deepEqual(patches().at(-1), { display_name: 'Looney Tunes Inz' });
      await eventually(async () => (await bySdk()).displayName === 'Looney Tunes Inz');
      // VS Code returns to the document by itself.
      await eventually(async () => (await window.editorTabs()).length === 1 && !(await isDirty()));
      await waitForDocument((organization) => organization['display_name'] === 'Looney Tunes Inz');
      await runByKeyboard(window, 'View: Close All Editors');
    });

    async function setAutoSave(mode: string): Promise<void> {
      const file = join(window.folders.userData, 'User', 'settings.json');
      const settings = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
      await writeFile(
        file,
        JSON.stringify({ ...settings, 'files.autoSave': mode, 'files.autoSaveDelay': 300 }, undefined, 2),
      );
      await window.reload();
      await window.openView('Scalekit');
      await window.waitForRows('Organizations', (rows) => rows.length > 5);
    }

    async function open(): Promise<void> {
      const { displayName } = await bySdk();
      await window.row('Organizations', displayName).first().click();
      await waitForDocument((organization) => organization['id'] === id);
    }

    // test/integration/autoSave.test.ts covers the other modes.
    it('isn’t saved by Auto Save after a delay, which says so once, but is saved by Ctrl+S', async () => {
      await setAutoSave('afterDelay');
      await open();
      const requests = proxy.requests.length;
      await edit((organization) => ({ ...organization, display_name: 'By itself' }));
      assert.match(await saveMessage(/Failed to save/), /Auto Save doesn’t write to Scalekit/);
      await picture('auto-save');
      await clearMessages();
      assert.equal(proxy.requests.length, requests);

      await edit((organization) => ({ ...organization, display_name: 'Still by itself' }));
      await runByKeyboard(window, 'Scalekit: Focus on Organizations View');
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      assert.equal(await window.page.locator('.notification-list-item').count(), 0, 'it is said once');
      assert.equal(proxy.requests.length, requests);
      assert.equal(await isDirty(), true);

      const count = patches().length;
      await focusEditor();
      await press('ControlOrMeta+S');
      await eventually(async () => !(await isDirty()));
      assert.deepEqual(patches().slice(count), [{ display_name: 'Still by itself' }]);
      assert.equal((await bySdk()).displayName, 'Still by itself');
      await runByKeyboard(window, 'View: Close All Editors');
      await window.waitForRows('Organizations', (rows) => rows.some(({ label }) => label === 'Still by itself'));
      await setAutoSave('off');
    });

    it('says on save that it was deleted elsewhere, and keeps its text', async () => {
      const doomed = (await sdk.organization.createOrganization('Doomed')).organization?.id ?? assert.fail('none');
      await runByKeyboard(window, 'View: Close All Editors');
      await runByKeyboard(window, 'Scalekit: Refresh');
      await window.waitForRows('Organizations', (rows) => rows.length > 5);
      await runByKeyboard(window, 'Scalekit: Focus on Organizations View');
      await focusRow((row) => row.label === 'Doomed');
      await press('Enter');
      await waitForDocument((organization) => organization['id'] === doomed);
      await edit((organization) => ({ ...organization, display_name: 'Saved' }));
      await sdk.organization.deleteOrganization(doomed);
      await press('ControlOrMeta+S');
      assert.match(await saveMessage(/Failed to save/), /no longer has the organization .*It was deleted there/);
      assert.match(await window.editorText(), /"Saved"/);
      assert.equal(await isDirty(), true);
      await clearMessages();
      await focusEditor();
      await runByKeyboard(window, 'File: Revert File');
      await eventually(async () => !(await isDirty()));
      await runByKeyboard(window, 'View: Close All Editors');
    });

    it('has its name on its tab, and also its ID if another open document has the same name', async () => {
      const list = async () => (await sdk.organization.listOrganization({ pageSize: 100 })).organizations;
      const rowLabels = async (): Promise<string[]> =>
        (await window.treeRows('Organizations')).map(({ label }) => label);
      const [first = '', second = '', third = ''] = await rowLabels();
      const namesake = (await list()).find(({ displayName }) => displayName === second)?.id ?? assert.fail('none');
      await sdk.organization.updateOrganization(namesake, { displayName: first });
      await runByKeyboard(window, 'Scalekit: Refresh');
      await eventually(async () => (await rowLabels()).filter((label) => label === first).length === 2);
      const shown = (await list()).filter(({ displayName }) => [first, third].includes(displayName));
      const tabs = window.page.locator('.tabs-container .tab');
      for (const [index, name] of [first, first, third].entries()) {
        await window
          .row('Organizations', name)
          .nth(index === 1 ? 1 : 0)
          .dblclick();
        await eventually(async () => (await tabs.count()) === index + 1);
        await waitForDocument(({ display_name: shownName }) => shownName === name);
      }
      assert.deepEqual(
        (await window.editorTabs()).map((name) => name.replace(/\.json$/, '')),
        [first, first, third],
      );
      const descriptions = await tabs.locator('.label-description').allInnerTexts();
      for (const { id: organizationId } of shown.filter(({ displayName }) => displayName === first))
        assert.equal(descriptions.filter((text) => text.includes(organizationId)).length, 1, descriptions.join());
      await picture('tabs');
      await runByKeyboard(window, 'View: Close All Editors');
    });

    it('is saved to production only after a confirmation that names the organization and environment', async () => {
      await runByKeyboard(window, 'Scalekit: Add Environment…');
      await typeCredentials(window, {
        url: production.url,
        clientId: production.clientId,
        clientSecret: production.clientSecret,
      });
      const rows = await window.waitForRows('Organizations', (shown) => shown.length === 5);
      const { label } = rows[1] ?? assert.fail('no row');
      await window.row('Organizations', label).first().click();
      const { id: other } = await waitForDocument((organization) => organization['display_name'] === label);
      const productionSdk = new ScalekitClient(production.url, production.clientId, production.clientSecret);
      const sent = (): number =>
        production.requests.filter(({ method, protocol }) => method === 'PATCH' && protocol === 'rest').length;

      await edit((organization) => ({ ...organization, display_name: 'Live' }));
      await press('ControlOrMeta+S');
      const { text, buttons } = await window.dialog();
      assert.ok(
        text.includes(label) &&
          text.includes(new URL(production.url).host) &&
          /production/.test(text) &&
          /display_name/.test(text),
        text,
      );
      assert.ok(buttons.includes('Save to Production'), buttons.join());
      await picture('production');
      await press('Escape');
      assert.match(await saveMessage(/Failed to save/), /you canceled it/);
      assert.equal(sent(), 0);
      assert.equal(await isDirty(), true);
      await clearMessages();

      await focusEditor();
      await press('ControlOrMeta+S');
      await window.dialog();
      await press('Enter');
      await eventually(async () => !(await isDirty()));
      assert.equal(sent(), 1);
      assert.equal((await bySdk(String(other), productionSdk)).displayName, 'Live');
    });

    it('can be compared with an organization of another environment, found by its ID, and the title has both names', async () => {
      await runByKeyboard(window, 'Scalekit: Compare with…');
      await window.waitForPrompt(({ items }) => /^Search in From environment variables/.test(items.at(-1) ?? ''));
      await picture('compare-with');
      await press('ArrowUp');
      await press('Enter');
      await window.waitForPrompt(({ placeholder }) => / in From environment variables$/.test(placeholder));
      await window.page.keyboard.type(id);
      const name = String((await bySdk()).displayName);
      await window.waitForPrompt(({ items }) => items[0] === name);
      await press('Enter');
      const editors = window.page.locator('.monaco-diff-editor .view-lines');
      await eventually(
        async () => (await editors.count()) >= 2 && /Still.by.itself/.test(await editors.last().innerText()),
      );
      await eventually(async () => /Live/.test(await editors.first().innerText()));
      const tabs = await window.editorTabs();
      assert.ok(
        tabs.some((tab) => /^Live \(.+\) ↔ /.test(tab) && tab.endsWith(`↔ ${name} (From environment variables)`)),
        tabs.join(),
      );
      await picture('compare');
    });
  });
}
