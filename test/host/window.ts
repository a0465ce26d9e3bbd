import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { chromiumFlags, findChromium } from './chromium';
import type { PageElement, PageGlobals, PageInput, PageRequest } from './pageGlobals';
import { patient } from './patience';
import { plainSockets } from './plainSockets';
import {
  dataFolders,
  installExtensions,
  prepareData,
  startPersonsServer,
  type DataFolders,
  type UserKeybinding,
} from './server';
import { readmePicture } from './readmePictures';
import { removeTemporaryFolder, temporaryFolder } from './temporary';
import { leaveUnpainted } from './unpainted';
import { installEditor, type EditorVersion } from './vscodeHost';

export interface EditorOptions {
  readonly version: EditorVersion;
  /** One or more packaged extensions to install. */
  readonly vsix: string | readonly string[];
  /** Environment variables of VS Code's process, and so of the extension host. */
  readonly environment?: Readonly<Record<string, string>>;
  /** User settings, added to those that keep the editor quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The user's own keys. */
  readonly keybindings?: readonly UserKeybinding[];
  /** False to make VS Code ask for Workspace Trust. Default: trusted. */
  readonly trusted?: boolean;
  /** Changes what is installed before VS Code starts. Called with the folder of extensions. */
  readonly prepareExtensions?: (folder: string) => Promise<void>;
  /** The folder for all data. It stays at the end, so that it can be opened again. Default: a temporary folder, removed at the end. */
  readonly dataFolder?: string;
}

export interface WindowOptions extends EditorOptions {
  /** The folder to open. Default: none, an empty window. */
  readonly folder?: string;
  /** Runs in the page before the workbench's own scripts. */
  readonly initScript?: () => void;
  /** True for a window that a person looks at all the time. Default: it's painted only for pictures. */
  readonly painted?: boolean;
  /** Default 1280 by 800. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A VS Code that a person can open in their own browser. */
export interface RunningEditor {
  readonly address: string;
  readonly folders: DataFolders;
  serverOutput(): string;
  close(): Promise<void>;
}

/** Starts a VS Code with the extension, without opening it. */
export async function startEditor(options: EditorOptions): Promise<RunningEditor> {
  const installation = await installEditor(options.version);
  const root = options.dataFolder ?? (await temporaryFolder());
  const folders = dataFolders(root);
  const discard = async (): Promise<void> => {
    if (options.dataFolder === undefined) await removeTemporaryFolder(root);
  };
  try {
    await prepareData(
      folders,
      { 'workbench.colorTheme': options.version.theme, ...options.settings },
      options.keybindings,
    );
    await installExtensions(installation, folders, [options.vsix].flat());
    await options.prepareExtensions?.(folders.extensions);
    const server = await startPersonsServer({ ...options, installation, folders });
    return {
      address: server.address,
      folders,
      serverOutput: () => server.output(),
      async close() {
        await server.end();
        await discard();
      },
    };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** Opens a window like a person's, and waits until it's ready. */
export async function openWindow(options: WindowOptions): Promise<EditorWindow> {
  const editor = await startEditor(options);
  let context: BrowserContext | undefined;
  try {
    context = await chromium.launchPersistentContext(editor.folders.profile, {
      executablePath: await findChromium(),
      args: chromiumFlags(),
      headless: true,
      viewport: options.viewport ?? { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
      colorScheme: 'dark',
    });
    if (options.initScript) await context.addInitScript(options.initScript);
    if (!options.painted) await context.addInitScript(leaveUnpainted);
    await context.addInitScript(plainSockets);
    const page = context.pages()[0] ?? (await context.newPage());
    const window = new EditorWindow(page, context, editor);
    await page.goto(
      options.folder ? `${editor.address}/?folder=${encodeURIComponent(options.folder)}` : `${editor.address}/?ew=true`,
    );
    try {
      await window.ready();
    } catch (error) {
      await window.keepEvidence('window-did-not-open', 'out/failures');
      throw error;
    }
    return window;
  } catch (error) {
    await context?.close();
    await editor.close();
    throw error;
  }
}

/** Where notifications are shown: as toasts, and in the list of all of them if it's open. */
const NOTIFICATIONS = '.notifications-toasts, .notifications-center.visible';

/** One row of a tree, as shown. */
export interface TreeRow {
  readonly label: string;
  readonly description: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** 1 for a top row. */
  readonly level: number;
  /** Undefined for a row that can't be expanded. */
  readonly expanded: boolean | undefined;
  readonly selected: boolean;
  readonly focused: boolean;
  /** Position in the whole list, from 0. */
  readonly index: number;
}

export interface Notification {
  readonly text: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly buttons: readonly string[];
}

/** The open quick pick or input box. */
export interface Prompt {
  readonly title: string;
  readonly placeholder: string;
  readonly value: string;
  readonly password: boolean;
  /** The line below the box: the question, or the problem with the value. */
  readonly message: string;
  /** True while the message is about a problem with the value. */
  readonly invalid: boolean;
  /** The rows that can be chosen, by their label. */
  readonly items: readonly string[];
  /** The buttons in the title, for example Back. */
  readonly buttons: readonly string[];
}

/** A person's window of a VS Code with the extension: what they can do, and what they see. */
export class EditorWindow {
  readonly #console: string[] = [];

  constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    readonly editor: RunningEditor,
  ) {
    page.on('console', (message) => this.#console.push(`[${message.type()}] ${message.text()}`));
    page.on('pageerror', (error) => this.#console.push(`[pageerror] ${error.message}`));
    page.setDefaultTimeout(patient(20_000));
  }

  get address(): string {
    return this.editor.address;
  }

  get folders(): DataFolders {
    return this.editor.folders;
  }

  /** The workbench's console output. */
  consoleText(): string {
    return this.#console.join('\n');
  }

  /** Resolves when the workbench is rendered and its extension host responds. */
  async ready(): Promise<void> {
    await this.page
      .locator('.monaco-workbench .part.activitybar .action-item')
      .first()
      .waitFor({ timeout: patient(60_000) });
    await this.page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor();
    // The remote's status bar item says "Opening Remote…" until the extension host's process is connected.
    await this.page.waitForFunction(
      () => {
        const { document } = globalThis as unknown as PageGlobals;
        return !/Opening Remote/.test(document.querySelector('.part.statusbar')?.textContent ?? 'Opening Remote');
      },
      undefined,
      { timeout: patient(60_000) },
    );
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Opens a second window of the same VS Code, like opening its address again. Closing this window closes it too. */
  async openAnother(folder?: string): Promise<EditorWindow> {
    const page = await this.context.newPage();
    const another = new EditorWindow(page, this.context, this.editor);
    await page.goto(folder ? `${this.address}/?folder=${encodeURIComponent(folder)}` : `${this.address}/?ew=true`);
    await another.ready();
    return another;
  }

  /** Runs a command from the Command Palette by its full title, for example "Scalekit: Copy Access Token". */
  async runCommand(title: string): Promise<void> {
    const input = await this.openPalette();
    await input.fill(`>${title}`);
    const row = this.#quickInput.locator(
      `.monaco-list-row[aria-label=${quoted(title)}], .monaco-list-row[aria-label^=${quoted(`${title},`)}]`,
    );
    try {
      await row.first().click();
      // The next prompt uses the same widget, and must not look like the palette.
      await this.#poll('the Command Palette to close', 20_000, async () => {
        const value = await input.inputValue({ timeout: 1000 }).catch(() => '');
        return { done: value !== `>${title}` || !(await input.isVisible()), value: undefined, seen: value };
      });
    } catch (error) {
      const shown = (await this.promptClosed()) ? 'it is closed' : JSON.stringify(await this.prompt());
      await this.page.keyboard.press('Escape');
      throw new Error(`The Command Palette has no "${title}": ${shown}.`, { cause: error });
    }
  }

  /** Opens the Command Palette with the keyboard. Returns its input box, which has the focus. */
  async openPalette(): Promise<Locator> {
    const input = this.#quickInput.locator('.quick-input-box input').first();
    const focused = this.#quickInput.locator('.quick-input-box input:focus');
    // Something that opens and takes the focus a moment late closes the palette again, and a loading window misses the key.
    for (let tries = 0; tries < 5; tries++) {
      await this.page.keyboard.press('F1');
      for (const end = Date.now() + 2_000; Date.now() < end; await pause(50)) {
        const value = (await focused.isVisible()) ? await focused.inputValue({ timeout: 1_000 }).catch(() => '') : '';
        if (value.startsWith('>')) return input;
      }
    }
    throw new Error(
      `The Command Palette doesn't open: ${(await this.promptClosed()) ? 'nothing is shown' : JSON.stringify(await this.prompt())}.`,
    );
  }

  /** Opens a view container by its title in the activity bar. Does nothing if it's open. */
  async openView(title: string): Promise<void> {
    const item = this.page
      .locator(`.part.activitybar .action-item:has(> .action-label[aria-label^=${quoted(title)}])`)
      .first();
    await item.waitFor();
    const heading = this.page.locator('.part.sidebar .composite.title', { hasText: new RegExp(escaped(title), 'i') });
    // Clicking the icon of an open view closes it, and a reloaded window opens it by itself a moment late. So look, click, look again.
    for (let attempt = 0; attempt < 5; attempt++) {
      await pause(500);
      if (await heading.isVisible()) return;
      await item.click();
      const shown = await heading.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
      if (!shown) continue;
      await pause(500);
      if (await heading.isVisible()) return;
    }
    throw new Error(`The view "${title}" doesn't open.`);
  }

  /** One view of the side bar by its title, with header and body. */
  view(title: string): Locator {
    return this.page.locator('.part.sidebar .pane', {
      has: this.page.locator(
        `.pane-header[aria-label$=${quoted(`${title} Section`)}], .pane-header[aria-label^=${quoted(title)}]`,
      ),
    });
  }

  /** Opens (or closes) one view of the side bar by its header. */
  async expandView(title: string, expanded = true): Promise<void> {
    const header = this.view(title).locator('.pane-header').first();
    if ((await header.getAttribute('aria-expanded')) !== String(expanded)) await header.click();
  }

  /** A view's text in place of rows: its welcome or its message, including buttons. */
  async viewText(title: string): Promise<string> {
    return squeeze(await this.view(title).locator('.pane-body').innerText());
  }

  /** Waits until a view's text matches, and returns it. */
  async waitForViewText(title: string, pattern: RegExp, milliseconds = 20_000): Promise<string> {
    return this.#poll(`"${title}" to say ${pattern}`, milliseconds, async () => {
      const text = await this.viewText(title);
      return { done: pattern.test(text), value: text, seen: text };
    });
  }

  /** One row of a view by its label, to click, hover or expand. It must be visible. */
  row(viewTitle: string, label: string): Locator {
    const name = this.page.locator('.label-name', { hasText: new RegExp(`^${escaped(label)}$`) });
    return this.view(viewTitle).locator('.monaco-list-row', { has: name });
  }

  /** The visible rows of a view. */
  async treeRows(viewTitle: string): Promise<TreeRow[]> {
    const rows = await this.view(viewTitle)
      .locator('.monaco-list-row')
      .evaluateAll((elements: PageElement[]) =>
        elements.map((element) => ({
          label: element.querySelector('.label-name')?.textContent ?? '',
          description: element.querySelector('.label-description')?.textContent ?? '',
          spoken: element.getAttribute('aria-label') ?? '',
          level: Number(element.getAttribute('aria-level') ?? 1),
          expanded: element.hasAttribute('aria-expanded')
            ? element.getAttribute('aria-expanded') === 'true'
            : undefined,
          selected: element.classList.contains('selected'),
          focused: element.classList.contains('focused'),
          index: Number(element.getAttribute('data-index')),
        })),
      );
    return rows.sort((a, b) => a.index - b.index);
  }

  /** All rows of a view. Scrolls through the view to its end. */
  async allTreeRows(viewTitle: string): Promise<TreeRow[]> {
    const height = (await this.view(viewTitle).locator('.pane-body').boundingBox())?.height;
    if (height === undefined) throw new Error(`The view "${viewTitle}" isn't shown.`);
    await this.scrollView(viewTitle, -1e7);
    const rows = new Map<number, TreeRow>();
    for (let shown = await this.treeRows(viewTitle), before = ''; ; shown = await this.treeRows(viewTitle)) {
      for (const row of shown) rows.set(row.index, row);
      const now = shown.map((row) => row.index).join();
      if (now === before) break;
      before = now;
      await this.scrollView(viewTitle, height);
    }
    const sorted = [...rows.values()].sort((a, b) => a.index - b.index);
    const gap = sorted.find((row, position) => row.index !== position);
    if (gap) throw new Error(`Scrolling through "${viewTitle}" left out the rows before "${gap.label}".`);
    return sorted;
  }

  /** Turns the mouse wheel over a view. Positive is down. VS Code scrolls fewer pixels than given. */
  async scrollView(viewTitle: string, deltaY: number): Promise<void> {
    const list = this.view(viewTitle).locator('.monaco-list-rows').first();
    // Without a GPU, the browser's own wheel takes half a second per turn. VS Code reads Chromium's wheelDeltaY, where up is positive.
    await list.evaluate((element: PageElement, delta) => {
      const { WheelEvent } = globalThis as unknown as PageGlobals;
      element.dispatchEvent(new WheelEvent('wheel', { wheelDeltaY: -delta, bubbles: true, cancelable: true }));
    }, deltaY);
    await pause(50);
  }

  /** Waits until the visible rows satisfy the condition, and returns them. */
  async waitForRows(
    viewTitle: string,
    condition: (rows: TreeRow[]) => boolean,
    milliseconds = 20_000,
  ): Promise<TreeRow[]> {
    return this.#poll(`rows in "${viewTitle}"`, milliseconds, async () => {
      const rows = await this.treeRows(viewTitle).catch(() => []);
      return {
        done: condition(rows),
        value: rows,
        seen: rows.map((row) => `${row.label} ${row.description}`).join('; '),
      };
    });
  }

  async statusBarTexts(): Promise<string[]> {
    const texts = await this.page.locator('.part.statusbar .statusbar-item:visible').allInnerTexts();
    return texts.map(squeeze).filter((text) => text !== '');
  }

  /** Waits for a status bar item with a matching text, and returns the text. */
  async waitForStatus(pattern: RegExp, milliseconds = 20_000): Promise<string> {
    return this.#poll(`a status bar item like ${pattern}`, milliseconds, async () => {
      const texts = await this.statusBarTexts();
      const found = texts.find((text) => pattern.test(text));
      return { done: found !== undefined, value: found ?? '', seen: texts.join('; ') };
    });
  }

  /** The visible notifications, newest first. */
  async notifications(): Promise<Notification[]> {
    return this.page.locator(`:is(${NOTIFICATIONS}) .notification-list-item`).evaluateAll((elements: PageElement[]) =>
      elements.map((element) => {
        const icon = element.querySelector('.notification-list-item-icon')?.className ?? '';
        return {
          text: element.querySelector('.notification-list-item-message')?.innerText ?? '',
          severity: icon.includes('codicon-error') ? 'error' : icon.includes('codicon-warning') ? 'warning' : 'info',
          buttons: [...element.querySelectorAll('.notification-list-item-buttons-container .monaco-button')].map(
            (button) => (button.textContent ?? '').trim(),
          ),
        };
      }),
    );
  }

  /** Waits for a notification with a matching text. */
  async waitForNotification(pattern: RegExp, milliseconds = 20_000): Promise<Notification> {
    return this.#poll(`a notification like ${pattern}`, milliseconds, async () => {
      const all = await this.notifications();
      const found = all.find((notification) => pattern.test(notification.text));
      return {
        done: found !== undefined,
        value: found ?? all[0],
        seen: all.map((notification) => notification.text).join('; '),
      };
    }) as Promise<Notification>;
  }

  async clickNotificationButton(label: string): Promise<void> {
    await this.page
      .locator(`:is(${NOTIFICATIONS}) .monaco-button`, { hasText: new RegExp(`^\\s*${escaped(label)}\\s*$`) })
      .first()
      .click();
  }

  /** The open modal dialog: its text and its buttons. Waits for one. */
  async dialog(): Promise<{ text: string; buttons: string[] }> {
    const box = this.page.locator('.monaco-dialog-box');
    await box.waitFor();
    return {
      text: squeeze(await box.locator('.dialog-message-container').innerText()),
      buttons: (await box.locator('.dialog-buttons .monaco-button:visible').allInnerTexts()).map(squeeze),
    };
  }

  async clickDialogButton(label: string): Promise<void> {
    await this.page
      .locator('.monaco-dialog-box .monaco-button', { hasText: new RegExp(`^\\s*${escaped(label)}\\s*$`) })
      .first()
      .click();
  }

  /** The open quick pick or input box. Waits for one. */
  async prompt(): Promise<Prompt> {
    for (;;) {
      await this.#quickInput.locator('input:not([type=checkbox])').first().waitFor();
      const prompt = await this.#promptNow();
      if (prompt !== undefined) return prompt;
    }
  }

  /** Undefined while none is open. Between two prompts, the widget still has the texts of the previous one. */
  #promptNow(): Promise<Prompt | undefined> {
    return this.#quickInput.evaluate((widget: PageElement) => {
      const shown = (element: PageElement | null): element is PageElement =>
        element !== null && element.offsetParent !== null;
      const textOf = (selector: string): string => {
        const element = widget.querySelector(selector);
        return shown(element) ? element.innerText.trim() : '';
      };
      const input = widget.querySelector('.quick-input-box input') as PageInput | null;
      if (!shown(input)) return undefined;
      return {
        title: textOf('.quick-input-title'),
        placeholder: input.placeholder,
        value: input.value,
        password: input.type === 'password',
        message: textOf('.quick-input-message'),
        invalid: widget.querySelector('.quick-input-box .monaco-inputbox.error') !== null,
        items: [...widget.querySelectorAll('.quick-input-list .monaco-list-row')].map(
          (row) => row.querySelector('.label-name')?.textContent ?? row.getAttribute('aria-label') ?? '',
        ),
        buttons: [...widget.querySelectorAll('.quick-input-titlebar .action-label')]
          .filter((button) => shown(button))
          .map((button) => button.getAttribute('aria-label') ?? ''),
      };
    });
  }

  /** Waits until the open prompt satisfies the condition, and returns it. */
  async waitForPrompt(condition: (prompt: Prompt) => boolean, milliseconds = 20_000): Promise<Prompt> {
    return this.#poll('the prompt', milliseconds, async () => {
      const prompt = await this.prompt();
      return { done: condition(prompt), value: prompt, seen: JSON.stringify(prompt) };
    });
  }

  /** Presses a key in a prompt, which gets the focus a moment after it's rendered. */
  async pressInPrompt(key: string): Promise<void> {
    try {
      await this.page.locator('.quick-input-widget input:focus').waitFor({ timeout: 5_000 });
    } catch {
      // Once in hundreds of prompts, VS Code renders the box without focusing it. A person would click it.
      console.log("The prompt didn't get the focus by itself.");
      await this.#quickInput.locator('.quick-input-box input').first().click();
    }
    await this.page.keyboard.press(key);
  }

  /** Types into the open prompt, replaces its text, and accepts it. */
  async answer(text: string): Promise<void> {
    const input = this.#quickInput.locator('.quick-input-box input').first();
    await input.waitFor();
    await input.press('ControlOrMeta+A');
    await this.page.keyboard.insertText(text);
    await this.page.keyboard.press('Enter');
  }

  /** Chooses a row of the open quick pick by its label. */
  async pick(label: string): Promise<void> {
    const name = this.page.locator('.label-name', { hasText: new RegExp(`^${escaped(label)}`) });
    await this.#quickInput.locator('.monaco-list-row', { has: name }).first().click();
  }

  /** Clicks a button in the open prompt's title, for example "Back". */
  async clickPromptButton(label: string): Promise<void> {
    await this.#quickInput
      .locator(`.quick-input-titlebar .action-label[aria-label^=${quoted(label)}]`)
      .first()
      .click();
  }

  /** True while no quick pick or input box is open. */
  async promptClosed(): Promise<boolean> {
    return !(await this.#quickInput.isVisible());
  }

  /** Titles of the open editors. */
  async editorTabs(): Promise<string[]> {
    return (await this.page.locator('.tabs-container .tab .label-name').allInnerTexts()).map(squeeze);
  }

  /** The visible lines of the active text editor. */
  async editorText(): Promise<string> {
    const lines = this.page.locator('.editor-group-container.active .monaco-editor[data-uri] .view-lines').first();
    await lines.waitFor();
    return lines.evaluate((element: PageElement) =>
      [...element.querySelectorAll('.view-line')]
        .sort((a, b) => parseFloat(a.style.top) - parseFloat(b.style.top))
        .map((line) => (line.textContent ?? '').replaceAll('\u00a0', ' '))
        .join('\n'),
    );
  }

  readClipboard(): Promise<string> {
    return this.page.evaluate(() => (globalThis as unknown as PageGlobals).navigator.clipboard.readText());
  }

  async writeClipboard(text: string): Promise<void> {
    await this.page.evaluate(
      (value) => (globalThis as unknown as PageGlobals).navigator.clipboard.writeText(value),
      text,
    );
  }

  /** Does the work while the window is painted, with the pages of its previews. */
  async painted<T>(work: () => Promise<T>): Promise<T> {
    const paint = async (isPainted: boolean): Promise<void> => {
      const toggle = `document.documentElement.classList.toggle('painted', ${isPainted})`;
      // A preview's page can be replaced at this moment.
      for (const frame of this.page.frames()) await frame.evaluate(toggle).catch(() => undefined);
    };
    await paint(true);
    try {
      return await work();
    } finally {
      await paint(false);
    }
  }

  async screenshot(file: string): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    const png = await this.painted(() => this.page.screenshot({ path: file }));
    const forReadme = readmePicture(file);
    if (forReadme !== undefined) await this.writeWebp(png, forReadme.file, forReadme.height);
  }

  /** A picture of a part of the window, small enough to ship. */
  async pictureOf(clip: { x: number; y: number; width: number; height: number }, file: string): Promise<void> {
    await this.writeWebp(await this.painted(() => this.page.screenshot({ clip })), file);
  }

  /** Writes a screenshot, or its upper part, as WebP, which is a fraction of its size. */
  async writeWebp(png: Buffer, file: string, mostHeight = Infinity): Promise<void> {
    const blank = await this.context.newPage();
    const webp = await blank.evaluate<string>(`(async () => {
      const bytes = Uint8Array.from(atob(${JSON.stringify(png.toString('base64'))}), (char) => char.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes]));
      const canvas = new OffscreenCanvas(image.width, Math.min(image.height, ${mostHeight}));
      canvas.getContext('2d').drawImage(image, 0, 0);
      const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
      const text = Array.from(new Uint8Array(await blob.arrayBuffer()), (byte) => String.fromCharCode(byte)).join('');
      return btoa(text);
    })()`);
    await blank.close();
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, Buffer.from(webp, 'base64'));
  }

  /** Everything that the page stores in the browser, as text: cookies, localStorage, sessionStorage and every IndexedDB. Bytes are decoded too. */
  async dumpBrowserStorage(): Promise<string> {
    const stored = await this.page.evaluate(async () => {
      const { indexedDB, localStorage, sessionStorage } = globalThis as unknown as PageGlobals;
      const seen = (value: unknown): unknown => {
        if (value instanceof ArrayBuffer) return new TextDecoder().decode(value);
        if (value instanceof Uint8Array) return new TextDecoder().decode(value);
        if (Array.isArray(value)) return value.map(seen);
        if (value !== null && typeof value === 'object')
          return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, seen(part)]));
        return value;
      };
      const settled = <T>(request: PageRequest<T>): Promise<T> =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
        });
      const databases: Record<string, Record<string, unknown>> = {};
      for (const { name } of await indexedDB.databases()) {
        if (name === undefined) continue;
        const database = await settled(indexedDB.open(name));
        const stores: Record<string, unknown> = {};
        for (const store of database.objectStoreNames) {
          const objects = database.transaction(store, 'readonly').objectStore(store);
          const [keys, values] = await Promise.all([settled(objects.getAllKeys()), settled(objects.getAll())]);
          stores[store] = keys.map((key, index) => [seen(key), seen(values[index])]);
        }
        database.close();
        databases[name] = stores;
      }
      return { localStorage: { ...localStorage }, sessionStorage: { ...sessionStorage }, databases };
    });
    return JSON.stringify({ cookies: await this.context.cookies(), ...stored }, undefined, 1);
  }

  /** The context keys of the side bar, from VS Code's own "Inspect Context Keys". */
  async contextKeys(): Promise<Record<string, unknown>> {
    await this.runCommand('Developer: Inspect Context Keys');
    const told = this.page.waitForEvent(
      'console',
      (message) => message.args().length === 1 && /^(?:Object|\{)/.test(message.text()),
    );
    await this.page.locator('.part.sidebar .composite.title').first().click();
    return (await (await told).args()[0]?.jsonValue()) as Record<string, unknown>;
  }

  /** Saves a picture of the window and its logs in a folder, to show why a test failed. Resolves with the picture's file. */
  async keepEvidence(name: string, folder: string): Promise<string> {
    const file = join(folder, name.replaceAll(/[^\w-]+/g, '-').slice(0, 120));
    await mkdir(folder, { recursive: true });
    await this.screenshot(`${file}.png`).catch(() => {}); // The page may be gone, but the logs still help.
    await writeFile(`${file}.log`, `${this.consoleText()}\n\n--- server ---\n${this.editor.serverOutput()}\n`);
    return `${file}.png`;
  }

  /** Ends the browser and the server, and removes the data unless a data folder was given. */
  async close(): Promise<void> {
    await this.context.close();
    await this.editor.close();
  }

  get #quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  async #poll<T>(
    what: string,
    milliseconds: number,
    look: () => Promise<{ done: boolean; value: T; seen: string }>,
  ): Promise<T> {
    const limit = patient(milliseconds);
    const end = Date.now() + limit;
    for (;;) {
      const { done, value, seen } = await look();
      if (done) return value;
      if (Date.now() > end)
        throw new Error(`Waited ${limit / 1000} s for ${what}. Seen: ${seen.slice(0, 2000) || 'nothing'}.`);
      await pause(100);
    }
  }
}

function squeeze(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
