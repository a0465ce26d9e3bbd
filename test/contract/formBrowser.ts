import assert from 'node:assert/strict';

/** Where a navigation ended: a page of the sandbox, or an address elsewhere that was never requested. */
export interface Visit {
  readonly url: string;
  /** 0 if the address is elsewhere. */
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

interface Control {
  readonly name: string;
  readonly value: string;
}

/** A browser without scripts, for one origin: cookies, redirects and forms, as a script against the sandbox's pages would do it. */
export class FormBrowser {
  readonly cookies = new Map<string, string>();

  constructor(private readonly origin: string) {}

  /** Opens an address, and follows redirects while they stay on the origin. */
  async open(url: string, init: RequestInit = {}): Promise<Visit> {
    let next = new URL(url, this.origin).href;
    let request: RequestInit = init;
    for (let hops = 0; hops < 20; hops++) {
      if (new URL(next).origin !== this.origin) return { url: next, status: 0, text: '', headers: new Headers() };
      const response = await fetch(next, {
        ...request,
        redirect: 'manual',
        headers: { ...(request.headers as Record<string, string> | undefined), cookie: this.#cookieHeader() },
      });
      for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
      const location = response.headers.get('location');
      if (location === null) {
        return { url: next, status: response.status, text: await response.text(), headers: response.headers };
      }
      await response.arrayBuffer();
      next = new URL(location, next).href;
      request = {};
    }
    assert.fail(`too many redirects, the last one to ${next}`);
  }

  /**
   * Fills in the page's form and sends it.
   * @param values of its controls by name. Others keep what they have
   * @param button the value of the button to press, where there are several
   */
  submit(page: Visit, values: Readonly<Record<string, string>> = {}, button?: string): Promise<Visit> {
    const form = /<form method="post" action="([^"]*)">([\s\S]*?)<\/form>/.exec(page.text);
    assert.ok(form, `${page.url} has no form: ${page.status} ${page.text.slice(0, 500)}`);
    const [, action = '', content = ''] = form;
    const body = new URLSearchParams();
    for (const { name, value } of controlsOf(content)) body.append(name, values[name] ?? value);
    const [first] = buttonsOf(content);
    const pressed = button ?? first?.value;
    if (first !== undefined && pressed !== undefined && first.name !== '') body.append(first.name, pressed);
    return this.open(unescape(action), {
      method: 'POST',
      body,
      headers: { origin: this.origin, 'sec-fetch-site': 'same-origin' },
    });
  }

  #cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (/max-age=0/i.test(cookie)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** The parameters with which the app was called back. */
export function callbackOf({ url, status, text }: Visit): URLSearchParams {
  assert.equal(status, 0, `${url} isn't a callback: ${status} ${text.slice(0, 1000)}`);
  return new URL(url).searchParams;
}

function controlsOf(content: string): Control[] {
  const controls: Control[] = [];
  for (const [element] of content.matchAll(
    /<input\b[^>]*>|<select\b[\s\S]*?<\/select>|<textarea\b[\s\S]*?<\/textarea>/g,
  )) {
    const name = attribute(element, 'name') ?? '';
    if (element.startsWith('<select')) {
      const options = [...element.matchAll(/<option\b[^>]*>/g)].map(([option]) => option);
      const chosen = options.find((option) => / selected>$/.test(option)) ?? options[0] ?? '';
      controls.push({ name, value: attribute(chosen, 'value') ?? '' });
    } else if (element.startsWith('<textarea')) {
      controls.push({ name, value: unescape(/>([\s\S]*)<\/textarea>$/.exec(element)?.[1] ?? '') });
    } else if (attribute(element, 'type') !== 'radio' || / checked>$/.test(element)) {
      controls.push({ name, value: attribute(element, 'value') ?? '' });
    }
  }
  return controls;
}

function buttonsOf(content: string): Control[] {
  return [...content.matchAll(/<button\b[^>]*>/g)]
    .map(([button]) => button)
    .filter((button) => attribute(button, 'type') !== 'reset')
    .map((button) => ({ name: attribute(button, 'name') ?? '', value: attribute(button, 'value') ?? '' }));
}

function attribute(element: string, name: string): string | undefined {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(element)?.[1];
  return value === undefined ? undefined : unescape(value);
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
