import type { Locator } from 'playwright-core';
import type { EditorWindow } from '../host/window';

/** What a person types into Add Environment…. */
export interface TypedCredentials {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Runs a command with the keyboard alone. */
export async function runByKeyboard(window: EditorWindow, title: string): Promise<void> {
  await window.page.keyboard.press('F1');
  await window.waitForPrompt(({ value }) => value.startsWith('>'));
  await window.page.keyboard.type(title);
  await window.waitForPrompt(({ items }) => items[0] === title);
  await window.page.keyboard.press('Enter');
}

/** Answers the three steps of Add Environment…, which must be open, with the keyboard. */
export async function typeCredentials(window: EditorWindow, { url, clientId, clientSecret }: TypedCredentials): Promise<void> {
  await typeUrlAndClientId(window, url, clientId);
  await window.answer(clientSecret);
}

/** Answers the first two steps, and waits for the third. */
export async function typeUrlAndClientId(window: EditorWindow, url: string, clientId: string): Promise<void> {
  await window.waitForPrompt(isStep(1));
  await window.answer(url);
  await window.waitForPrompt(isStep(2));
  await window.answer(clientId);
  await window.waitForPrompt(isStep(3));
}

/** Whether an open prompt is this step of Add Environment…. */
export function isStep(number: 1 | 2 | 3): (prompt: { title: string }) => boolean {
  return ({ title }) => title.endsWith(`(${number}/3)`);
}

/** Chooses from a row's context menu: opened with the right mouse button, the choice made with Enter. */
export async function chooseFromMenu(window: EditorWindow, row: Locator, item: string): Promise<void> {
  await row.click({ button: 'right' });
  const entry = window.page.locator('.monaco-menu .action-item', { has: window.page.locator(`.action-label[aria-label="${item}"]`) });
  // A menu that has just opened ignores the mouse button for a moment, lest the click that opened it chooses something.
  await entry.hover();
  await window.page.locator('.monaco-menu .action-item.focused', { has: window.page.locator(`.action-label[aria-label="${item}"]`) }).waitFor();
  await window.page.keyboard.press('Enter');
  await entry.waitFor({ state: 'hidden' });
}

/** Rests the mouse on a row, and returns what its hover says, which begins with `heading`. */
export async function hoverText(window: EditorWindow, row: Locator, heading: string): Promise<string> {
  // From elsewhere: VS Code shows no hover for a mouse that has not moved.
  await window.page.mouse.move(900, 500);
  await row.hover();
  const hover = window.page.locator('.monaco-hover:visible', { hasText: heading }).first();
  await hover.waitFor();
  return hover.innerText();
}
