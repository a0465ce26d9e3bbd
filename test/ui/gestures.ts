import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { EditorWindow, Prompt, TreeRow } from '../host/window';
import { until } from '../support/until';

/** What's typed into Add Environment…. */
export interface TypedCredentials {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Runs a command using only the keyboard. */
export async function runByKeyboard(window: EditorWindow, title: string): Promise<void> {
  await window.openPalette();
  // Not key by key: VS Code filters and draws hundreds of rows again for each.
  await window.page.keyboard.insertText(title);
  await window.waitForPrompt(({ items }) => items[0] === title);
  await window.page.keyboard.press('Enter');
}

/** Fills in the three steps of Add Environment…, which must be open. */
export async function typeCredentials(
  window: EditorWindow,
  { url, clientId, clientSecret }: TypedCredentials,
): Promise<void> {
  await typeUrlAndClientId(window, url, clientId);
  await window.answer(clientSecret);
}

/** Fills in the first two steps and waits for the third. */
export async function typeUrlAndClientId(window: EditorWindow, url: string, clientId: string): Promise<void> {
  await window.waitForPrompt(isStep(1));
  await window.answer(url);
  await window.waitForPrompt(isStep(2));
  await window.answer(clientId);
  await window.waitForPrompt(isStep(3));
}

/** Whether an open prompt's title, message and placeholder, one per line, match a pattern. */
export function takesStep(pattern: RegExp): (prompt: Pick<Prompt, 'title' | 'message' | 'placeholder'>) => boolean {
  return ({ title, message, placeholder }) => pattern.test(`${title}\n${message}\n${placeholder}`);
}

/** Whether an open prompt is this step of Add Environment…. */
export function isStep(number: 1 | 2 | 3): (prompt: { title: string }) => boolean {
  return ({ title }) => title.endsWith(`(${number}/3)`);
}

/**
 * Chooses an item from a row's context menu or its submenu: right-clicks the row, hovers over the submenu and presses
 * Enter on the item.
 */
export async function chooseFromMenu(
  window: EditorWindow,
  row: Locator,
  item: string,
  { in: submenu }: { readonly in?: string } = {},
): Promise<void> {
  const entry = (label: string, state = ''): Locator =>
    window.page.locator(`.monaco-menu .action-item${state}`, {
      has: window.page.locator(`:scope > .action-menu-item > .action-label[aria-label="${label}"]`),
    });
  const isReady = async (): Promise<boolean> => {
    await row.click({ button: 'right' });
    try {
      // A menu that has just opened ignores mouse buttons for a moment, so that the click that opened it can't choose
      // anything.
      for (const label of [...(submenu === undefined ? [] : [submenu]), item]) {
        await entry(label).hover({ timeout: 3_000 });
        await entry(label, '.focused').waitFor({ timeout: 3_000 });
      }
      return true;
    } catch {
      return false;
    }
  };
  // VS Code closes the menu if the row re-renders just then.
  for (let tries = 0; !(await isReady()); tries++) {
    if (tries === 5) throw new Error(`The row’s menu has no “${item}”.`);
    await window.page.keyboard.press('Escape');
  }
  await window.page.keyboard.press('Enter');
  await entry(item).waitFor({ state: 'hidden' });
}

/** Chooses a color theme by its label, by keyboard. */
export async function chooseTheme(window: EditorWindow, label: string): Promise<void> {
  let isOpen = false;
  // VS Code closes the list if an editor that has just opened takes the focus.
  const isOffered = async (): Promise<boolean> => {
    if (isOpen && (await window.promptClosed())) isOpen = false;
    if (!isOpen) {
      await window.page.keyboard.press('Control+K');
      await window.page.keyboard.press('Control+T');
      await window.waitForPrompt(({ placeholder }) => placeholder.startsWith('Select Color Theme'));
      await window.page.keyboard.insertText(label);
      isOpen = true;
    }
    return !(await window.promptClosed()) && (await window.prompt()).items[0] === label;
  };
  await until(`the theme ${label}`, isOffered, 40_000);
  await window.pressInPrompt('Enter');
  await until('the list of themes to close', () => window.promptClosed(), 10_000);
}

/** Hovers over a row and returns the text of its hover, which begins with `heading`. */
export async function hoverText(window: EditorWindow, row: Locator, heading: string): Promise<string> {
  const hover = window.page.locator('.monaco-hover:visible', { hasText: heading }).first();
  for (let tries = 0; tries < 5; tries++) {
    // The mouse comes from elsewhere, because VS Code shows no hover if it hasn't moved or if the row re-rendered under
    // it.
    await window.page.mouse.move(900, 500);
    await row.hover();
    const isShown = await hover.waitFor({ timeout: 4_000 }).then(
      () => true,
      () => false,
    );
    if (isShown) return hover.innerText();
  }
  throw new Error(`No hover with “${heading}” came.`);
}

/** Moves down (or up) a focused view, row by row, to a matching row, and returns it. */
export async function walkTo(
  window: EditorWindow,
  viewTitle: string,
  wanted: (row: TreeRow) => boolean,
  key = 'ArrowDown',
): Promise<TreeRow> {
  for (let steps = 0; steps < 200; steps++) {
    const focused = (await window.treeRows(viewTitle)).find((row) => row.focused);
    if (focused !== undefined && wanted(focused)) return focused;
    await window.page.keyboard.press(key);
  }
  throw new Error(`No such row was reached in “${viewTitle}” with ${key}: ${String(wanted)}`);
}

/** Chooses an item from the context menu of the focused row, using only the keyboard. */
export async function chooseByKeyboard(window: EditorWindow, item: string): Promise<void> {
  const entry = (state: string) =>
    window.page.locator(`.monaco-menu .action-item${state}`, {
      has: window.page.locator(`.action-label[aria-label="${item}"]`),
    });
  // VS Code closes the menu if the row re-renders just then, and its list ignores a key that comes within 10
  // milliseconds.
  await window.page.waitForTimeout(100);
  await window.page.keyboard.press('Shift+F10');
  await entry('').waitFor();
  for (let steps = 0; (await entry('.focused').count()) === 0; steps++) {
    if (steps > 40) throw new Error(`The menu’s “${item}” cannot be reached with the keyboard.`);
    await window.page.keyboard.press('ArrowDown');
  }
  await window.page.keyboard.press('Enter');
  await entry('').waitFor({ state: 'hidden' });
}

/** Drags the side bar's edge to the right. */
export async function widenSideBar(window: EditorWindow, pixels: number): Promise<void> {
  const box = await window.page.locator('.part.sidebar').boundingBox();
  assert.ok(box);
  const y = box.y + box.height - 20;
  await window.page.mouse.move(box.x + box.width, y);
  await window.page.waitForTimeout(400); // the edge reacts to the mouse after a moment
  await window.page.mouse.down();
  await window.page.mouse.move(box.x + box.width + pixels, y, { steps: 5 });
  await window.page.mouse.up();
  const after = await window.page.locator('.part.sidebar').boundingBox();
  assert.ok(after && after.width > box.width, 'the side bar is wider');
}
