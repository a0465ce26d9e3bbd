import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import * as vscode from 'vscode';
import { callbackOf, FormBrowser } from '../contract/formBrowser';
import { signInErrors } from '../../src/sandbox/signIn/signInErrors';
import { searchText, type Needle } from '../support/leakSearch';
import { freePort, openAtReceiver, type ReceiverResponse } from '../support/receiverClient';
import { startSandboxWorkbench, type SandboxWorkbench } from '../support/startSandboxWorkbench';
import { until } from '../support/until';

const OPEN = { label: 'Open in Browser' };
const GO_ON = { label: 'Continue Anyway' };
const EMAIL = 'bugs@looney.example';

describe('signing in from the editor', () => {
  let parts: SandboxWorkbench;
  let browser: FormBrowser;
  let port: number;
  let callback: string;
  let organizationId: string;
  let connectionId: string;

  before(async function () {
    port = await freePort();
    callback = `http://localhost:${port}/auth/callback`;
    await vscode.workspace.getConfiguration('scalekit').update('signIn.port', port, vscode.ConfigurationTarget.Global);
  });
  after(async () => {
    await vscode.workspace
      .getConfiguration('scalekit')
      .update('signIn.port', undefined, vscode.ConfigurationTarget.Global);
  });
  beforeEach(async () => {
    parts = await startSandboxWorkbench({ organizations: 3, seed: 1 });
    browser = new FormBrowser(parts.sandbox.url);
    const { organizations } = await parts.sdk.organization.listOrganization({ pageSize: 10 });
    organizationId = organizations[0]?.id ?? assert.fail('no organization');
    connectionId =
      (await parts.sdk.connection.listConnections(organizationId)).connections[0]?.id ?? assert.fail('no connection');
    parts.sandbox.clearRequests();
    parts.exchanges.length = 0;
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await parts.end();
  });

  const row = (more: object = {}) => ({ environmentId: parts.environmentId, organizationId, ...more });
  /** The address that the extension opened last, once it has opened `count`. */
  const opened = async (count = 1): Promise<string> => {
    await until('the browser', () => parts.opened.length >= count);
    return parts.opened[count - 1] ?? assert.fail('nothing was opened');
  };
  /** Follows an address of the receiver to where it leads. */
  const redirect = async (address: string): Promise<string> =>
    (await openAtReceiver(address)).headers.location ?? assert.fail(`${address} leads nowhere`);
  /** Signs in at the sandbox's identity provider, up to the callback's address. */
  const atIdp = async (url: string, values: Record<string, string> = {}): Promise<string> => {
    const page = await browser.open(url);
    // Whoever is signed in already comes back at once.
    if (page.status === 0) return page.url;
    return (await browser.submit(page, { email: EMAIL, given_name: 'Bugs', ...values })).url;
  };
  /** The text of the document, once it shows the newest. */
  const shown = async (): Promise<string> => {
    const document = vscode.window.activeTextEditor?.document ?? assert.fail('no document is open');
    await until(
      'the newest text',
      () => document.getText() === parts.virtualDocuments.provideTextDocumentContent(document.uri),
    );
    return document.getText();
  };
  const documentUri = (): vscode.Uri =>
    vscode.window.activeTextEditor?.document.uri ?? assert.fail('no document is open');
  const section = (text: string, title: string): string[] =>
    (text.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? assert.fail(`there is no ${title} in:\n${text}`))
      .split('\n')
      .filter((line) => line !== '');
  const requests = (): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const { method, path } of parts.sandbox.requests) {
      const call = `${method} ${path.split('?')[0]?.replace(/skc_\d+/, '{id}')}`;
      counts[call] = (counts[call] ?? 0) + 1;
    }
    return counts;
  };
  /** Starts a sign-in, and lets the browser do something with the authorization URL. */
  const trySignIn = async <T>(
    act: (url: string) => Promise<T>,
    argument: unknown = row(),
  ): Promise<{ text: string; result: T }> => {
    const count = parts.opened.length + 1;
    parts.prompts.expectPick({ title: /^Try Sign-in to / }, OPEN).expectPick({ title: /^Callback of / }, GO_ON);
    const running = parts.act('scalekit.signIn.try', argument);
    const result = await act(await redirect(await opened(count)));
    await running;
    return { text: await shown(), result };
  };
  const complete =
    (values?: Record<string, string>) =>
    async (url: string): Promise<ReceiverResponse> =>
      openAtReceiver(await atIdp(url, values));

  it('shows steps, checks, origins and claims of a sign-in with full-stack auth, and no token', async () => {
    const { text, result } = await trySignIn(complete({ family_name: 'Bunny' }));
    assert.deepEqual([result.status, result.headers.location], [303, '/done']);
    assert.match(text, /^# Sign-in to `.*`\n\n\*\*Signed in\*\*: `bugs@looney\.example`\n/);
    const steps = section(text, 'Steps');
    assert.deepEqual(
      steps.map((line) => line.replace(/^- (.) \S+ \+[\d.]+ s /, '$1 ').replace(/ \(\d+ ms\)$/, '')),
      [
        `! \`${callback}\` isn’t registered.`,
        '✓ The browser was opened.',
        '✓ Received the callback with the expected state and a code.',
        '✓ The code was exchanged: HTTP 200.',
        '✓ The tokens were checked against the environment’s keys.',
      ],
    );
    const checks = section(text, 'Checks of the ID token');
    assert.deepEqual(
      checks.map((line) => line.replace(/^- (.) `(\w+)` .*/, '$1 $2')),
      [
        'state',
        'form',
        'alg',
        'signature',
        'iss',
        'aud',
        'azp',
        'sub',
        'exp',
        'nbf',
        'iat',
        'nonce',
        'at_hash',
        'c_hash',
      ].map((name) => `${name === 'nbf' ? '–' : '✓'} ${name}`),
    );
    const origins = section(text, 'Where organization, connection and user come from').join('\n');
    assert.ok(origins.includes(`Organization: \`${organizationId}\`, from \`oid\``), origins);
    assert.ok(origins.includes(`Connection: \`${connectionId}\`, from \`amr\``), origins);
    assert.match(origins, /User: `usr_\d+`, from `sub`/);
    assert.match(origins, /claims\.oid;\nconst connectionId = claims\.amr\?\.\[0\];/);
    assert.match(text, /"email_verified": true, \/\/ The address was confirmed/);
    assert.match(text, /✓ Refresh token: received/);
    assert.ok(!/eyJ|rt_/.test(text), 'a token is in the document');
    assert.deepEqual(requests(), {
      'GET /api/v1/clients/{id}': 1,
      'POST /oauth/token': 2,
      'GET /oauth/authorize': 1,
      'GET /idp/login': 1,
      'POST /idp/login': 1,
      'GET /keys': 1,
    });
    const { signInAttempts } = await parts.activity();
    assert.deepEqual(
      signInAttempts.entries.map(({ label, failed }) => [label, failed]),
      [[`${parts.environmentName} · signed in`, false]],
    );
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await signInAttempts.open(signInAttempts.entries[0] ?? assert.fail('no entry'));
    assert.equal(await shown(), text);
  });

  it('says what Modular SSO doesn’t send, and doesn’t hold it against anybody', async () => {
    Object.assign(parts.sandbox.signIn, { mode: 'modular-sso' });
    const { text } = await trySignIn(complete(), row({ connection: { id: connectionId } }));
    assert.match(text, /\*\*Signed in\*\*/);
    assert.match(text, new RegExp(`User: \`${connectionId};`));
    assert.match(text, /With Modular SSO, Scalekit has no user of its own/);
    assert.match(text, /– Refresh token: not sent\./);
    assert.ok(!section(text, 'Checks of the ID token').some((line) => line.startsWith('- ✗')));
  });

  it('signs in to an app without a secret by PKCE alone', async () => {
    const { clientId } = parts.sandbox.addClient({ type: 'SPA' });
    parts.prompts
      .expectPick({ title: /^Try Sign-in to / }, { label: 'App' })
      .expectInput({ value: '' }, clientId)
      .expectPick({ title: /^Try Sign-in to / }, OPEN)
      .expectPick({ title: /^Callback of /, placeholder: new RegExp(clientId) }, GO_ON);
    const running = parts.act('scalekit.signIn.try', row());
    await complete()(await redirect(await opened()));
    await running;
    assert.match(await shown(), new RegExp(`App: \`${clientId}\`, without a secret: PKCE alone`));
    assert.match(await shown(), /\*\*Signed in\*\*/);
  });

  it('keeps the choices for the next time, and signs in again with those of a document', async () => {
    parts.prompts
      .expectPick({}, { label: 'Scopes' })
      .expectPickMany({ picked: ['openid', 'profile', 'email', 'offline_access'] }, ['openid', 'email'])
      .expectPick({}, { label: 'Prompt' })
      .expectPick({}, { label: 'login' })
      .expectPick({}, { label: 'Login Hint' })
      .expectInput({}, 'a+b%2B&c@looney.example')
      .expectPick({}, OPEN)
      .expectPick({}, GO_ON);
    const running = parts.act('scalekit.signIn.try', row());
    const url = await redirect(await opened());
    await complete()(url);
    await running;
    const asked = (of: string): object => {
      const { searchParams } = new URL(of);
      return Object.fromEntries(
        ['scope', 'prompt', 'login_hint', 'organization_id'].map((name) => [name, searchParams.get(name)]),
      );
    };
    const expected = {
      scope: 'openid email',
      prompt: 'login',
      login_hint: 'a+b%2B&c@looney.example',
      organization_id: organizationId,
    };
    assert.deepEqual(asked(url), expected);
    assert.ok(url.includes('login_hint=a%2Bb%252B%26c%40looney.example&'), url);
    parts.prompts.expectPick({}, GO_ON);
    const again = parts.act('scalekit.signIn.again', documentUri());
    const second = await redirect(await opened(2));
    assert.deepEqual(asked(second), expected);
    assert.notEqual(new URL(second).searchParams.get('state'), new URL(url).searchParams.get('state'));
    await complete()(second);
    await again;
    parts.prompts.expectPick({ title: /^Try Sign-in to / }, OPEN).expectPick({}, undefined);
    await parts.act('scalekit.signIn.try', parts.environmentId);
    const written = JSON.stringify(parts.workspaceState.get('scalekit.signIn.choices'));
    assert.deepEqual(JSON.parse(written), {
      [parts.environmentId]: {
        selector: { by: 'organization', value: organizationId },
        scopes: ['openid', 'email'],
        prompt: 'login',
        loginHint: 'a+b%2B&c@looney.example',
      },
    });
  });

  /** A call to the sandbox's own client, as its owner. */
  const client = async (method: 'GET' | 'PATCH', body?: object): Promise<Record<string, unknown>> => {
    const { url, clientId, clientSecret } = parts.sandbox;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
    const token = (await (await fetch(`${url}/oauth/token`, { method: 'POST', body: form })).json()) as {
      access_token: string;
    };
    const response = await fetch(`${url}/api/v1/clients/${clientId}`, {
      method,
      headers: { authorization: `Bearer ${token.access_token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.ok(response.ok, `${method}: ${response.status}`);
    return ((await response.json()) as { client: Record<string, unknown> }).client;
  };

  describe('before the browser opens,', () => {
    const others = ['https://app.example.com/callback', 'http://localhost:3000/auth/callback'];
    const REGISTER = { label: 'Register This Callback…' };

    it('registers the callback after asking, and leaves everything else alone', async () => {
      await client('PATCH', {
        post_login_uris: others,
        post_logout_redirect_uris: ['http://localhost:3000/'],
        name: 'Shop',
      });
      Object.assign(parts.sandbox.signIn, { strictRedirects: true });
      parts.prompts
        .expectPick({}, OPEN)
        .expectPick({ placeholder: new RegExp(`^${callback} isn’t registered`) }, REGISTER)
        .expectConfirm({ message: `Register ${callback}?`, action: 'Register' }, true);
      const running = parts.act('scalekit.signIn.try', row());
      await complete()(await redirect(await opened()));
      await running;
      const text = await shown();
      assert.match(text, /\*\*Signed in\*\*/);
      assert.ok(text.includes(`\`${callback}\` was registered.`));
      const { post_login_uris: uris, post_logout_redirect_uris: later, name } = await client('GET');
      assert.deepEqual([uris, later, name], [[...others, callback], ['http://localhost:3000/'], 'Shop']);
      parts.sandbox.clearRequests();
      parts.prompts.expectPick({}, OPEN);
      const again = parts.act('scalekit.signIn.try', row());
      await complete()(await redirect(await opened(2)));
      await again;
      assert.deepEqual(parts.writes(), []);
    });

    it('adds to the list as it is then, even if somebody has changed it meanwhile', async () => {
      parts.prompts.expectPick({}, OPEN).expectPick({}, REGISTER).expectConfirm({}, true);
      const { confirm } = parts.prompts;
      parts.prompts.confirm = async (prompt) => {
        await client('PATCH', { post_login_uris: others });
        return confirm.call(parts.prompts, prompt);
      };
      const running = parts.act('scalekit.signIn.try', row());
      await complete()(await redirect(await opened()));
      await running;
      assert.deepEqual((await client('GET'))['post_login_uris'], [...others, callback]);
    });

    it('changes nothing if the user doesn’t confirm, and copies the callback instead', async () => {
      parts.prompts
        .expectPick({}, OPEN)
        .expectPick({}, REGISTER)
        .expectConfirm({}, false)
        .expectPick({}, { label: 'Copy Callback' })
        .expectPick({}, undefined);
      await parts.act('scalekit.signIn.try', row());
      assert.equal(await vscode.env.clipboard.readText(), callback);
      assert.deepEqual([parts.writes(), parts.opened], [[], []]);
    });

    for (const status of [401, 403, 404, 501]) {
      it(`goes on without the list, if the user wants that, where it can’t be read (HTTP ${status})`, async () => {
        parts.sandbox.addFault({ path: '/api/v1/clients/*', status });
        parts.prompts
          .expectPick({}, OPEN)
          .expectPick(
            { placeholder: new RegExp(`couldn’t be read \\(HTTP ${status}\\)`), labels: ['Continue', 'Copy Callback'] },
            { label: 'Continue' },
          );
        const running = parts.act('scalekit.signIn.try', row());
        await complete()(await redirect(await opened()));
        await running;
        assert.match(
          await shown(),
          new RegExp(`! .* Couldn’t check whether .* is registered \\(\`HTTP ${status}\`\\)`),
        );
        parts.prompts.expectPick({}, OPEN);
        const again = parts.act('scalekit.signIn.try', row());
        await complete()(await redirect(await opened(2)));
        await again;
      });
    }

    it('reports Scalekit’s refusal to register', async () => {
      parts.sandbox.addFault({ method: 'PATCH', path: '/api/v1/clients/*', status: 400, message: 'not in production' });
      parts.prompts.expectPick({}, OPEN).expectPick({}, REGISTER).expectConfirm({}, true);
      await assert.rejects(parts.act('scalekit.signIn.try', row()), /invalid api 400/);
      assert.deepEqual(parts.opened, []);
    });
  });

  describe('explains', () => {
    for (const { errors } of signInErrors) {
      for (const { code } of errors) {
        it(`the error ${code}`, async () => {
          parts.sandbox.orderOutcome({ outcome: code, delayMs: 0 });
          const { text } = await trySignIn(complete());
          assert.match(text, /\*\*Not signed in\*\*: \S/);
          assert.ok(text.includes(`says: \`${code}\``), text);
          assert.match(text, /What to change: \S/);
          assert.match(text, /<https:\/\/docs\.scalekit\.com\/[\w/-]+\/>/);
          assert.ok(!text.includes('its documentation doesn’t list'), `${code} has no words of its own`);
        });
      }
    }

    it('an error that no documentation lists', async () => {
      const { text } = await trySignIn(async (url) => {
        const state = new URL(url).searchParams.get('state') ?? '';
        return openAtReceiver(`${callback}?${new URLSearchParams({ error: 'new_error', state }).toString()}`);
      });
      assert.match(text, /an error that its documentation doesn’t list/);
    });

    it('an error with hostile text, without letting it become anything', async () => {
      const hostile =
        '`` ](command:x) <img src=https://evil.example> ![x](https://evil.example)\n# Title\u202e $(x) eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln';
      const { text } = await trySignIn(async (url) => {
        const state = new URL(url).searchParams.get('state') ?? '';
        const query = new URLSearchParams({ error: hostile, error_description: hostile, state });
        return openAtReceiver(`${callback}?${query.toString()}`);
      });
      assert.ok(!text.includes('\n# Title') && !text.includes('\u202e') && !text.includes('eyJ'), text);
      const html = await vscode.commands.executeCommand<string>('markdown.api.render', text);
      assert.ok(!/<img|href="command:|evil\.example"/.test(html), html);
      assert.match(html, /evil\.example/);
    });

    const faults: readonly [title: string, outcome: string, expected: RegExp][] = [
      ['a code that has expired', 'expired_code', /says: `invalid_grant`/],
      ['a code that was used already', 'used_code', /was used already: each works once/],
      ['an ID token with another nonce', 'wrong_nonce', /✗ `nonce` failed: it isn’t the one of this request/],
    ];
    for (const [title, outcome, expected] of faults) {
      it(title, async () => {
        parts.sandbox.orderOutcome({ outcome, delayMs: 0 });
        assert.match((await trySignIn(complete())).text, expected);
      });
    }

    it('requests with another state or none, which change nothing', async () => {
      const { text } = await trySignIn(async (url) => {
        for (const outcome of ['wrong_state', 'missing_state']) {
          parts.sandbox.orderOutcome({ outcome, delayMs: 0 });
          browser = new FormBrowser(parts.sandbox.url);
          assert.equal((await openAtReceiver(await atIdp(url))).status, 400);
        }
        return complete()(url);
      });
      assert.match(text, /\*\*Signed in\*\*/);
      assert.deepEqual(section(text, 'Requests that didn’t count'), [
        '- 1 × a callback with another state',
        '- 1 × a callback without a state',
      ]);
    });

    it('a second callback, in the document that’s already open', async () => {
      const { text, result } = await trySignIn(async (url) => {
        const address = await atIdp(url);
        await openAtReceiver(address);
        return address;
      });
      assert.ok(!text.includes('The callback came again'));
      assert.equal((await openAtReceiver(result)).status, 409);
      assert.match(await shown(), /! .* The callback came again, with the same state, and was refused/);
    });

    it('a wrong secret, and a token endpoint that fails or sends a web page', async () => {
      const cases: readonly [Parameters<SandboxWorkbench['sandbox']['addFault']>[0], RegExp][] = [
        [
          { path: '/oauth/token', status: 401, errorCode: 'invalid_client' },
          /refused the client ID or the client secret/,
        ],
        [{ path: '/oauth/token', status: 500 }, /HTTP 500/],
        [{ path: '/oauth/token', respond: { status: 200, body: '<html>Hello</html>' } }, /couldn’t be read: HTTP 200/],
        [{ path: '/oauth/token', respond: { status: 200, body: {} } }, /The response has no token/],
      ];
      for (const [fault, expected] of cases) {
        const { text } = await trySignIn(async (url) => {
          const address = await atIdp(url);
          parts.sandbox.addFault(fault);
          return openAtReceiver(address);
        });
        parts.sandbox.clearFaults();
        assert.match(text, expected);
      }
    });
  });

  it('says that the port is taken, and opens nothing', async () => {
    const holder: Server = createServer();
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
    try {
      parts.prompts
        .expectPick({}, OPEN)
        .expectPick({}, GO_ON)
        .expectMessage({ severity: 'error', text: new RegExp(`^Port ${port} is in use`), buttons: ['Open Setting'] });
      await parts.act('scalekit.signIn.try', row());
      assert.deepEqual(parts.opened, []);
    } finally {
      await new Promise((resolve) => holder.close(resolve));
    }
  });

  it('shows nothing if the user cancels, but lists it, and frees the port', async () => {
    parts.prompts.expectPick({}, OPEN).expectPick({}, GO_ON);
    const { progress } = parts.prompts;
    parts.prompts.progress = (title, task) =>
      title.includes('waiting for')
        ? task(AbortSignal.abort(), () => undefined)
        : (progress.call(parts.prompts, title, task) as ReturnType<typeof task>);
    await parts.act('scalekit.signIn.try', row());
    assert.equal(vscode.window.activeTextEditor, undefined);
    const { signInAttempts } = await parts.activity();
    assert.deepEqual(
      signInAttempts.entries.map(({ label, failed }) => [label, failed]),
      [[`${parts.environmentName} · cancelled`, false]],
    );
    parts.prompts.progress = progress;
    const { text } = await trySignIn(complete());
    assert.match(text, /\*\*Signed in\*\*/);
  });

  it('ends the one that waits when another begins', async () => {
    parts.prompts.expectPick({}, OPEN).expectPick({}, GO_ON);
    const first = parts.act('scalekit.signIn.try', row());
    await opened();
    const { text } = await trySignIn(complete());
    await first;
    assert.match(text, /\*\*Signed in\*\*/);
  });

  it('copies the link, and takes the callback of a browser on another machine, if its state is right', async () => {
    parts.prompts
      .expectPick({}, { label: 'Copy Link' })
      .expectPick({}, GO_ON)
      .expectMessage(
        { text: /^No callback at /, buttons: ['Open', 'Copy Link', 'Paste Callback…'] },
        'Paste Callback…',
      );
    let address = '';
    const { input } = parts.prompts;
    parts.prompts.input = async (prompt) => {
      address = await atIdp(parts.copied[0] ?? '');
      assert.match(prompt.validate?.('https://evil.example/?code=1') ?? '', /doesn’t begin with/);
      parts.prompts.expectInput({ title: 'Paste Callback', password: true }, address);
      return input.call(parts.prompts, prompt);
    };
    await parts.act('scalekit.signIn.try', row());
    assert.match(await shown(), /\*\*Signed in\*\*/);
    assert.deepEqual(parts.opened, []);
  });

  it('copies tokens, refreshes them once, and signs out', async () => {
    await client('PATCH', { post_logout_redirect_uris: [`http://localhost:${port}/signed-out`] });
    await trySignIn(complete());
    const uri = documentUri();
    const copy = async (label: string): Promise<string> => {
      parts.prompts.expectPick({ labels: ['Access Token', 'ID Token', 'Refresh Token'] }, { label });
      await parts.act('scalekit.signIn.copyToken', uri);
      return parts.copied.at(-1) ?? assert.fail('nothing was copied');
    };
    const [access, refresh] = [await copy('Access Token'), await copy('Refresh Token')];
    assert.equal(await parts.sdk.validateAccessToken(access, { issuer: parts.sandbox.url }), true);
    await parts.act('scalekit.signIn.refreshTokens', uri);
    assert.match(await shown(), /✓ .* The tokens were refreshed: HTTP 200\./);
    assert.notEqual(await copy('Access Token'), access);
    const newest = await copy('Refresh Token');
    assert.notEqual(newest, refresh);

    const id = await copy('ID Token');
    const signingOut = parts.act('scalekit.signIn.signOut', uri);
    const start = await opened(2);
    assert.ok(!start.includes('eyJ'), 'the opener got a token');
    const logout = await redirect(start);
    assert.equal(new URL(logout).searchParams.get('id_token_hint'), id);
    const back = await browser.open(logout);
    await openAtReceiver(callbackAddressOf(back.url));
    await signingOut;
    assert.match(await shown(), /✓ .* Signed out: Scalekit sent the browser back\./);
    parts.prompts.expectMessage({ severity: 'warning', text: /the session has ended/ });
    await parts.act('scalekit.signIn.refreshTokens', uri);
    assert.match(await shown(), /✗ .* The token endpoint refused: HTTP 400, `invalid_grant`/);
  });

  it('signs out without a way back where no address for that is registered', async () => {
    await trySignIn(complete());
    const signingOut = parts.act('scalekit.signIn.signOut', documentUri());
    const logout = await redirect(await opened(2));
    assert.deepEqual([...new URL(logout).searchParams.keys()], ['id_token_hint']);
    await signingOut;
    assert.match(await shown(), /only the browser shows the result/);
  });

  it('receives a sign-in that an identity provider starts, checks it, and goes on', async () => {
    parts.prompts.expectPick({}, GO_ON).expectMessage({ text: /initiate login URL/ }, undefined);
    const running = parts.act('scalekit.signIn.receiveInitiated', parts.environmentId);
    await until('the receiver', () => parts.prompts.progressTitles.length > 0);
    const { url, clientId } = parts.sandbox;
    const query = new URLSearchParams({ client_id: clientId, target: callback });
    const page = await browser.open(`${url}/sandbox/idp-initiated?${query.toString()}`);
    const values = { connection_id: connectionId, email: EMAIL, given_name: 'Bugs', relay_state: 'deep/link' };
    const initiated = await browser.submit(page, values);
    assert.equal((await openAtReceiver(`${callback}?idp_initiated_login=${'x'.repeat(50)}`)).status, 400);
    const went = await redirect(initiated.url);
    const asked = new URL(went).searchParams;
    assert.deepEqual(
      [asked.get('connection_id'), asked.get('organization_id'), asked.get('login_hint')],
      [connectionId, organizationId, EMAIL],
    );
    const back = await browser.open(went);
    callbackOf(back);
    await openAtReceiver(back.url);
    await running;
    const text = await shown();
    assert.match(text, /\*\*Signed in\*\*: `bugs@looney\.example`/);
    const checks = section(text, 'Checks of the identity provider’s token').map((line) =>
      line.replace(/^- (.) `(\w+)` .*/, '$1 $2'),
    );
    assert.deepEqual(checks, [
      '✓ form',
      '✓ alg',
      '✓ signature',
      '✓ iss',
      '✓ exp',
      '✓ nbf',
      '✓ iat',
      '✓ organization_id',
      '✓ connection_id',
      '✓ login_hint',
    ]);
    assert.match(text, /"relay_state": "deep\/link"/);
  });

  it('explains an identity provider’s token that has expired', async () => {
    parts.prompts.expectPick({}, GO_ON).expectMessage({ text: /initiate login URL/ }, undefined);
    const running = parts.act('scalekit.signIn.receiveInitiated', parts.environmentId);
    await until('the receiver', () => parts.prompts.progressTitles.length > 0);
    const { url, clientId } = parts.sandbox;
    const query = new URLSearchParams({ client_id: clientId, target: callback });
    const page = await browser.open(`${url}/sandbox/idp-initiated?${query.toString()}`);
    const sent = { connection_id: connectionId, email: EMAIL, given_name: 'Bugs', outcome: 'expired_token' };
    assert.equal((await openAtReceiver((await browser.submit(page, sent)).url)).status, 400);
    await running;
    assert.match(await shown(), /can’t be used: the checks below say why/);
    assert.match(await shown(), /✗ `exp` failed: it expired /);
  });

  it('leaks no token, code, state or verifier into logs, documents, rows, state or opened addresses', async () => {
    const seen: string[] = [];
    let address = '';
    await trySignIn(async (url) => {
      address = await atIdp(url);
      return openAtReceiver(address);
    });
    const uri = documentUri();
    const needles: Needle[] = [{ name: 'code', text: new URL(address).searchParams.get('code') ?? '' }];
    needles.push({ name: 'state', text: new URL(address).searchParams.get('state') ?? '' });
    needles.push({ name: 'client secret', text: parts.sandbox.clientSecret });
    for (const label of ['Access Token', 'ID Token', 'Refresh Token']) {
      parts.prompts.expectPick({}, { label });
      await parts.act('scalekit.signIn.copyToken', uri);
      needles.push({ name: label, text: parts.copied.at(-1) ?? '' });
    }
    await parts.act('scalekit.signIn.refreshTokens', uri);
    const signingOut = parts.act('scalekit.signIn.signOut', uri);
    await redirect(await opened(2));
    await signingOut;
    await openAtReceiver(address).catch(() => undefined);
    const { signInAttempts } = await parts.activity();
    seen.push(
      await shown(),
      parts.log.lastLines().join('\n'),
      JSON.stringify(signInAttempts.entries),
      JSON.stringify(parts.exchanges),
    );
    seen.push(JSON.stringify(parts.workspaceState.get('scalekit.signIn.choices')), JSON.stringify(parts.opened));
    seen.push(
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label)).join('\n'),
      uri.toString(),
    );
    assert.ok(
      needles.every(({ text }) => text.length > 10),
      'a needle is empty',
    );
    assert.deepEqual(
      seen.flatMap((text, index) => searchText(`place ${index}`, text, needles)),
      [],
    );
    const planted = `state is ${encodeURIComponent(needles[0]?.text ?? '')}`;
    assert.equal(searchText('planted', planted, needles).length, 1);
  });
});

/** The address of the receiver, whatever its name. */
function callbackAddressOf(url: string): string {
  assert.match(url, /^http:\/\/localhost:\d+\/signed-out\?state=/);
  return url;
}
