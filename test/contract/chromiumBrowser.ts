import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { chromium, type Browser, type BrowserContext, type Page, type Response } from 'playwright-core';
import { chromiumFlags, findChromium } from '../host/chromium';

/** Where a navigation ended. */
export interface ChromiumVisit {
  readonly url: string;
  readonly status: number;
  /** What a person reads on the page. */
  readonly text: string;
}

/**
 * A real Chromium, in which a person fills in the sandbox's forms. `http://localhost:3000` is an app that responds to
 * anything with an empty page, wherever that port leads on this machine.
 */
export class ChromiumBrowser {
  #context: BrowserContext | undefined;
  #page: Page | undefined;

  private constructor(
    private readonly browser: Browser,
    private readonly app: Server,
  ) {}

  static async start(): Promise<ChromiumBrowser> {
    const app = createServer((_request, response) => response.end());
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    const { port } = app.address() as AddressInfo;
    const browser = await chromium.launch({
      executablePath: await findChromium(),
      args: [...chromiumFlags(), `--host-resolver-rules=MAP localhost:3000 127.0.0.1:${port}`],
    });
    return new ChromiumBrowser(browser, app);
  }

  /** Forgets every session, like a new private window. */
  async reset(): Promise<void> {
    await this.#context?.close();
    this.#context = await this.browser.newContext();
    this.#page = await this.#context.newPage();
  }

  async open(url: string): Promise<ChromiumVisit> {
    return this.#visit(await this.page.goto(url));
  }

  /** Fills in the page's text boxes by name, and presses its first button. */
  async submit(values: Readonly<Record<string, string>>): Promise<ChromiumVisit> {
    for (const [name, value] of Object.entries(values)) await this.page.locator(`input[name="${name}"]`).fill(value);
    const arrived = this.page.waitForNavigation();
    await this.page.locator('form[method="post"] button').first().click();
    return this.#visit(await arrived);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.app.closeAllConnections();
    this.app.close();
  }

  private get page(): Page {
    if (this.#page === undefined) throw new Error('Call reset first.');
    return this.#page;
  }

  async #visit(response: Response | null): Promise<ChromiumVisit> {
    return {
      url: this.page.url(),
      status: response?.status() ?? 0,
      text: await this.page.locator('body').innerText(),
    };
  }
}
