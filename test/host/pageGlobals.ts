/**
 * The parts of a web page that functions inside VS Code's page use. TypeScript's whole `dom` library would apply to `src` too,
 * and let code that runs in Node use `document` and `window`.
 */

export interface PageElement {
  readonly className: string;
  readonly innerText: string;
  readonly textContent: string | null;
  readonly offsetParent: unknown;
  readonly style: { readonly top: string };
  readonly classList: { contains(name: string): boolean; toggle(name: string, force: boolean): boolean };
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  dispatchEvent(event: unknown): boolean;
}

export interface PageInput extends PageElement {
  readonly placeholder: string;
  readonly value: string;
  readonly type: string;
}

export interface PageRequest<T> {
  readonly result: T;
  readonly error: Error | null;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

export interface PageDatabase {
  readonly objectStoreNames: Iterable<string>;
  transaction(
    store: string,
    mode: 'readonly',
  ): {
    objectStore(name: string): { getAllKeys(): PageRequest<unknown[]>; getAll(): PageRequest<unknown[]> };
  };
  close(): void;
}

export interface PageStyleSheet {
  replaceSync(text: string): void;
}

/** `globalThis` inside the page. */
export interface PageGlobals {
  readonly document: PageElement & { readonly documentElement: PageElement; adoptedStyleSheets: PageStyleSheet[] };
  readonly CSSStyleSheet: new () => PageStyleSheet;
  readonly WheelEvent: new (
    type: 'wheel',
    init: { wheelDeltaY: number; bubbles: boolean; cancelable: boolean },
  ) => unknown;
  readonly navigator: { readonly clipboard: { readText(): Promise<string>; writeText(text: string): Promise<void> } };
  readonly localStorage: Record<string, string>;
  readonly sessionStorage: Record<string, string>;
  readonly indexedDB: { databases(): Promise<{ name?: string }[]>; open(name: string): PageRequest<PageDatabase> };
}
