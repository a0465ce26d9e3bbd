import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ScalekitClient as Sdk } from '@scalekit-sdk/node';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { openWindow, type EditorWindow, type TreeRow } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { until } from '../support/until';
import { chooseByKeyboard, chooseTheme, runByKeyboard, walkTo } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

const VIEW = 'Organizations';

for (const version of testedVersions()) {
  describe(`The Organizations view, used by keyboard in VS Code ${version.vscode},`, () => {
    let window: EditorWindow;
    let sandbox: Sandbox;
    let sdk: Sdk;
    let organizationId: string;
    /** Every row that appeared, by its screen reader text. */
    const seen = new Map<string, TreeRow>();

    before(async () => {
      sandbox = await startSandbox({ organizations: 250, seed: 7, users: 150 });
      sdk = new Sdk(sandbox.url, sandbox.clientId, sandbox.clientSecret);
      organizationId =
        (await sdk.organization.listOrganization({ pageSize: 10 })).organizations[0]?.id ??
        assert.fail('there is none');
      const environment = {
        SCALEKIT_ENVIRONMENT_URL: sandbox.url,
        SCALEKIT_CLIENT_ID: sandbox.clientId,
        SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
      };
      window = await openWindow({ version, vsix: vsixFile(), environment, initScript: countMouseButtons });
      // The palette lists what exists when it opens, so the extension must be registered by then.
      await window.page.locator('.part.activitybar .action-label[aria-label^="Scalekit"]').first().waitFor();
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(async () => {
      await window?.close();
      await sandbox?.close();
    });

    const press = (key: string): Promise<void> => window.page.keyboard.press(key);
    const picture = (name: string): Promise<void> =>
      window.screenshot(join(projectRoot(), `out/screenshots/explorer-${name}-${version.vscode}.png`));
    const focusView = (): Promise<void> => runByKeyboard(window, 'Scalekit: Focus on Organizations View');
    const title = async (): Promise<string> =>
      (await window.view(VIEW).locator('.pane-header').first().innerText()).replaceAll(/\s+/g, ' ');
    const walk = (label: string | RegExp, key?: string): Promise<TreeRow> =>
      walkTo(window, VIEW, (row) => (typeof label === 'string' ? row.label === label : label.test(row.label)), key);

    async function waitForRows(condition: (rows: TreeRow[]) => boolean): Promise<TreeRow[]> {
      const rows = await window.waitForRows(VIEW, condition);
      for (const row of rows) seen.set(row.spoken, row);
      return rows;
    }

    /** Expands the focused row and returns its visible children. */
    async function expand({ index, level }: TreeRow): Promise<TreeRow[]> {
      await press('ArrowRight');
      const rows = await waitForRows((shown) => {
        const next = shown.find((row) => row.index === index + 1);
        return (
          shown.some((row) => row.index === index && row.expanded) && next !== undefined && next.level === level + 1
        );
      });
      const below = rows.filter((row) => row.index > index);
      const end = below.findIndex((row) => row.level <= level);
      return (end < 0 ? below : below.slice(0, end)).filter((row) => row.level === level + 1);
    }

    async function collapse(row: TreeRow): Promise<void> {
      await walkTo(window, VIEW, ({ index }) => index === row.index, 'ArrowUp');
      await press('ArrowLeft');
      await waitForRows((rows) => rows.some(({ index, expanded }) => index === row.index && expanded === false));
    }

    it('opens from the palette with one list request', async () => {
      await focusView();
      const [first] = await waitForRows((rows) => rows.length > 10);
      assert.equal(first?.label, 'Looney Corp');
      assert.match(await title(), /250/);
      assert.equal(sandbox.requests.filter(({ path }) => path.startsWith('/api/v1/organizations')).length, 1);
      // The first time, VS Code may focus the view before it has a row to focus.
      await focusView();
      await press('Home');
      await waitForRows((rows) => rows[0]?.focused === true);
    });

    it('expands an organization and its lists, whose rows tell screen readers their state', async () => {
      const lists = await expand(await walk('Looney Corp'));
      const names = lists.map(({ label }) => label);
      for (const name of ['SSO Connections', 'Directories', 'Domains', 'Users', 'API Clients', 'Sign-in Log'])
        assert.ok(names.includes(name), names.join());
      const spoken: Readonly<Record<string, RegExp>> = {
        'SSO Connections': /^Connection, .+, (enabled|disabled|draft|setup in progress)/,
        Directories: /^Directory, .+, (enabled|disabled|draft|setup in progress)/,
        Domains: /^Domain, .+, (verified|verification failed|verification pending|not verified)/,
        'API Clients': /^API client, .+, (active|no active secret)/,
        'Sign-in Log': /^Sign-in, .+, (signed in|failed|pending|started)/,
      };
      for (const [name, pattern] of Object.entries(spoken)) {
        const list = await walk(name);
        const rows = await expand(list);
        for (const row of rows) if (!row.label.startsWith('Load more')) assert.match(row.spoken, pattern);
        if (name === 'Domains') {
          const { domains } = await sdk.domain.listDomains(organizationId);
          assert.deepEqual(
            rows.map(({ label }) => label),
            domains.map(({ domain }) => domain),
          );
          await picture('tree');
        }
        await collapse(list);
      }
    });

    it('opens accessibility help with Alt+F1, and can take the focus again', async () => {
      await press('Alt+F1');
      const help = (await window.editorText()).split('\n');
      assert.match(help[0] ?? '', /^Close this editor to return/);
      for (const heading of ['Environments', 'Organizations', 'Configuration'])
        assert.ok(help.includes(heading), help.join('\n'));
      await picture('accessibility-help');
      await focusView();
      await waitForRows((rows) => rows.some(({ focused }) => focused));
    });

    it('loads more rows of a list, and focuses the first new one', async () => {
      const users = await walk('Users', 'ArrowUp');
      const [first] = await expand(users);
      assert.match(first?.spoken ?? '', /^User, .+, (active|inactive|invite pending|invite expired)/);
      await walkTo(window, VIEW, ({ index }) => index > users.index + 101, 'PageDown');
      await walk('Load more (100 of 150)', 'ArrowUp');
      await window.page.waitForTimeout(300); // VS Code's list loses a key that comes within 10 ms
      await press('Enter');
      const rows = await waitForRows((shown) =>
        shown.some((row) => row.focused && row.index === users.index + 101 && !/more/.test(row.label)),
      );
      assert.ok(
        rows.some(({ index, label }) => index === users.index + 100 && !label.startsWith('Load more')),
        'the rows before it are still there',
      );
    });

    it('searches an organization’s users on the server, and clears the search with one key', async () => {
      const { users: all } = await sdk.user.listOrganizationUsers(organizationId, { pageSize: 30 });
      const query = all.at(-1)?.email.split('@')[0] ?? assert.fail('there is none');
      const { users } = await sdk.user.searchOrganizationUsers(organizationId, query, 30);
      assert.ok(users.length > 0 && users.length < 10, `${users.length} match ${query}`);
      await press('Home');
      const list = await walk('Users');
      await chooseByKeyboard(window, 'Search Users…');
      await window.waitForPrompt(({ title: heading }) => heading === 'Search Users of Looney Corp');
      await window.page.keyboard.type(query);
      await window.waitForPrompt(
        ({ items }) =>
          items[0]?.includes(`Show all that match “${query}”`) === true && items.length === users.length + 1,
      );
      await press('ArrowUp');
      await press('Enter');
      const filtered = await waitForRows(
        (rows) =>
          rows.some(
            ({ index, description }) => index === list.index && description === `“${query}” · ${users.length}`,
          ) && rows.some((row) => row.focused && row.index === list.index + 1),
      );
      assert.equal(filtered.filter(({ spoken }) => spoken.startsWith('User,')).length, users.length);
      await picture('users-searched');
      await press('Escape');
      await waitForRows((rows) => rows.some(({ label, description }) => label === 'Users' && description === '150'));
    });

    it('filters the sign-in log by state and email address', async () => {
      await press('Home');
      await walk('Users');
      await press('ArrowLeft');
      await expand(await walk('Sign-in Log'));
      const filter = async (address: string): Promise<void> => {
        await chooseByKeyboard(window, 'Filter Sign-in Log…');
        await window.waitForPrompt(({ placeholder }) => placeholder === 'Which sign-ins?');
        await window.page.keyboard.type('Failed');
        await window.waitForPrompt(({ items }) => items.length === 1);
        await press('Enter');
        await window.waitForPrompt(({ message }) => message.startsWith('Email address'));
        await window.answer(address);
      };
      await filter('');
      const isFiltered = (rows: TreeRow[]): boolean =>
        rows.some(({ label, description }) => label === 'Sign-in Log' && /^Failed · \d+/.test(description));
      const rows = await waitForRows(
        (shown) => isFiltered(shown) && shown.some(({ spoken }) => /^Sign-in, .+, failed/.test(spoken)),
      );
      const tries = rows.filter(({ spoken }) => spoken.startsWith('Sign-in,'));
      assert.ok(tries.every(({ spoken }) => / failed, /.test(spoken)));
      // The row shows the person first and the domain later.
      const { label: person = '', description = '' } = tries[0] ?? {};
      const email = `${person}${/@\S+/.exec(description)?.[0] ?? assert.fail('it has no domain')}`;

      await walk('Sign-in Log');
      await filter(email);
      await waitForRows((shown) =>
        shown.some(({ label, description }) => label === 'Sign-in Log' && description.startsWith(`Failed · ${email}`)),
      );
      await picture('sign-in-log');
    });

    it('opens a sign-in with the same events as the SDK, and its row says why it failed', async () => {
      await walk('Sign-in Log');
      await press('ArrowDown');
      await press('Enter');
      const document = await openDocument();
      assert.match(String(document['auth_request_id']), /^auth_\d+$/);
      const { events } = await sdk.events.listEventsPaginated(10, '', {
        authRequestId: String(document['auth_request_id']),
      });
      assert.ok(events.length > 0);
      const shown = document['events'] as { id: string; data: Record<string, unknown> }[];
      assert.deepEqual(
        shown.map(({ id, data }) => ({ id, data })),
        events.map(({ id, data }) => ({ id, data })),
      );
      const reason = String(shown[0]?.data['error_description']);
      await picture('sign-in');
      await focusView();
      const rows = await waitForRows((candidates) => candidates.some((row) => row.focused));
      assert.ok(rows.find((row) => row.focused)?.spoken.includes(`, ${reason}`));
      await press('Escape');
      await waitForRows(
        (candidates) =>
          !candidates.some(({ label, description }) => label === 'Sign-in Log' && description.startsWith('Failed')),
      );
    });

    for (const [theme, kind] of [
      ['Dark High Contrast', 'hc-black'],
      ['Light High Contrast', 'hc-light'],
    ] as const) {
      it(`is legible in ${theme}`, async () => {
        await chooseTheme(window, theme);
        await window.page.locator(`.monaco-workbench.${kind}`).waitFor();
        await picture(kind);
        const shown = await window.painted(() => window.page.evaluate(contrastsOfRows));
        // WCAG 2.2 wants 7:1 for text (1.4.6) and 3:1 for graphics (1.4.11). VS Code itself dims all descriptions, so
        // they get 4.5:1 (1.4.3).
        for (const [what, least] of [
          ['label', 7],
          ['description', 4.5],
          ['icon', 3],
        ] as const) {
          const those = shown.filter((each) => each.what === what);
          assert.ok(those.length > 10, `${those.length} of ${what}`);
          assert.deepEqual(
            those.filter(({ contrast }) => contrast < least),
            [],
          );
        }
        await chooseTheme(window, version.theme.replace('Default ', ''));
        await window.page.locator(`.monaco-workbench:not(.${kind})`).waitFor();
      });
    }

    it('finds and reveals an organization that isn’t on a loaded page, and clears it with one key', async () => {
      const { organizations } = await sdk.organization.searchOrganization('labs', 30);
      const loaded = new Set(
        (await sdk.organization.listOrganization({ pageSize: 100 })).organizations.map(({ id }) => id),
      );
      const far = organizations.find(({ id }) => !loaded.has(id)) ?? assert.fail('all are loaded');
      await press('ControlOrMeta+F');
      await window.waitForPrompt(({ title: heading }) => /^Search Organizations of /.test(heading));
      await window.page.keyboard.type(far.id);
      await window.waitForPrompt(({ items }) => items.includes(far.displayName));
      await press('Enter');
      await waitForRows(
        (rows) =>
          rows[0]?.label === 'Found' &&
          rows.some((row) => row.focused && row.label === far.displayName && row.level === 2),
      );
      await picture('found');
      await press('Escape');
      await waitForRows((rows) => rows[0]?.label === 'Looney Corp');
    });

    it('shows all search results, with the search text above them until one key clears it', async () => {
      const { organizations } = await sdk.organization.searchOrganization('labs', 30);
      await press('ControlOrMeta+F');
      await window.waitForPrompt(({ title: heading }) => /^Search Organizations of /.test(heading));
      await window.page.keyboard.type('labs');
      await window.waitForPrompt(({ items }) => items[0]?.includes('Show all that match “labs”') === true);
      await press('ArrowUp');
      await press('Enter');
      const rows = await waitForRows(
        (shown) => shown.length > 0 && shown.every(({ label }) => /labs|load more/i.test(label)),
      );
      assert.deepEqual(
        rows.map(({ label }) => label),
        organizations.slice(0, rows.length).map(({ displayName }) => displayName),
      );
      await window.waitForViewText('Organizations', /organizations match “labs”\. Press Escape to clear\./);
      await focusView();
      await press('Escape');
      await waitForRows((shown) => shown[0]?.label === 'Looney Corp');
      await until(
        'no search',
        async () => !(await window.view('Organizations').innerText()).includes('“labs”'),
        15_000,
      );
    });

    it('compares two selected organizations', async () => {
      await press('Home');
      await walk('Looney Corp');
      await press('ArrowLeft');
      const [first, second] = await waitForRows((rows) => rows[0]?.expanded === false && rows[1]?.level === 1);
      await press('Control+Shift+Enter');
      await waitForRows((rows) => rows[0]?.selected === true);
      await press('ArrowDown');
      await waitForRows((rows) => rows[1]?.focused === true);
      await press('Control+Shift+Enter');
      await waitForRows((rows) => rows.filter(({ selected }) => selected).length === 2);
      await chooseByKeyboard(window, 'Compare with…');
      const editors = window.page.locator('.monaco-diff-editor .view-lines');
      await editors.nth(1).waitFor();
      await window.page.locator('.monaco-diff-editor .view-line', { hasText: 'update_time' }).nth(1).waitFor();
      const texts = (await editors.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
      for (const row of [first, second]) assert.ok(texts.includes(JSON.stringify(row?.label)), texts);
      await picture('compare');
    });

    it('tells screen readers everything that its rows show, and needs no mouse', async () => {
      assert.ok(seen.size > 100, `${seen.size} rows`);
      for (const [spoken, { label, description }] of seen) {
        assert.ok(spoken.includes(label), `“${spoken}” has not the name “${label}”`);
        for (const part of description.split(' · '))
          assert.ok(spoken.includes(part), `“${spoken}” leaves out “${part}”`);
      }
      assert.equal(
        await window.page.evaluate(() => (globalThis as unknown as { mouseButtons: number }).mouseButtons),
        0,
      );
    });

    /** All of the JSON in the opened editor, by way of the clipboard. */
    async function openDocument(): Promise<Record<string, unknown>> {
      await window.page.locator('.editor-group-container.active .monaco-editor .view-line').first().waitFor();
      for (const end = Date.now() + 15_000; ; await window.page.waitForTimeout(100)) {
        await press('ControlOrMeta+1');
        await press('ControlOrMeta+A');
        await press('ControlOrMeta+C');
        const text = await window.readClipboard();
        if (text.startsWith('{')) return JSON.parse(text) as Record<string, unknown>;
        assert.ok(Date.now() < end, `the document does not open, but: ${text}`);
      }
    }
  });
}

interface PageNode {
  readonly innerText: string;
  readonly parentElement: PageNode | null;
  querySelectorAll(selector: string): Iterable<PageNode>;
}
interface PageOfRows {
  readonly document: PageNode;
  getComputedStyle(
    element: PageNode,
    pseudo?: string,
  ): { readonly color: string; readonly backgroundColor: string; readonly opacity: string };
}

/** Runs in the page. The contrast of the texts and icons in the views' rows. */
function contrastsOfRows(): { what: string; text: string; contrast: number }[] {
  const page = globalThis as unknown as PageOfRows;
  const parse = (color: string): number[] => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue, alpha];
  };
  const over = ([red = 0, green = 0, blue = 0, alpha = 1]: number[], behind: number[]): number[] =>
    [red, green, blue].map((value, index) => value * alpha + (behind[index] ?? 0) * (1 - alpha));
  const behind = (element: PageNode): number[] => {
    const layers: number[][] = [];
    for (let each: PageNode | null = element; each !== null; each = each.parentElement)
      layers.push(parse(page.getComputedStyle(each).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const luminance = (color: number[]): number => {
    const [red = 0, green = 0, blue = 0] = color.map((value) =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (element: PageNode, pseudo?: string): number => {
    const background = behind(element);
    const [red = 0, green = 0, blue = 0, alpha = 1] = parse(page.getComputedStyle(element, pseudo).color);
    let opacity = alpha;
    for (let each: PageNode | null = element; each !== null; each = each.parentElement)
      opacity *= Number(page.getComputedStyle(each).opacity);
    const [light = 0, dark = 0] = [
      luminance(over([red, green, blue, opacity], background)),
      luminance(background),
    ].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const found: { what: string; text: string; contrast: number }[] = [];
  for (const row of page.document.querySelectorAll('.pane-body .monaco-list-row')) {
    for (const [what, selector, pseudo] of [
      ['label', '.label-name'],
      ['description', '.label-description'],
      ['icon', '.custom-view-tree-node-item-icon', '::before'],
    ]) {
      for (const element of row.querySelectorAll(selector ?? ''))
        found.push({ what: what ?? '', text: element.innerText || row.innerText, contrast: contrast(element, pseudo) });
    }
  }
  return found;
}

/** Runs in the page. */
function countMouseButtons(): void {
  const page = globalThis as unknown as {
    mouseButtons: number;
    addEventListener(type: string, listener: () => void, capture: boolean): void;
  };
  page.mouseButtons = 0;
  for (const type of ['mousedown', 'wheel']) page.addEventListener(type, () => page.mouseButtons++, true);
}
