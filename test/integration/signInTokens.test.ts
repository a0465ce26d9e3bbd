import assert from 'node:assert/strict';
import type { JWTPayload } from 'jose';
import * as vscode from 'vscode';
import { sendJson, startHttpServer, type HttpServer, type SeenRequest } from '../support/httpServer';
import { freePort, openAtReceiver } from '../support/receiverClient';
import { compactJwt, newSigningKey, type SigningKey } from '../support/signingKey';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';
import { until } from '../support/until';

/** What the token endpoint returns for a code. */
type Issued = (nonce: string) => Promise<Record<string, unknown>>;

describe('a sign-in whose tokens aren’t as they should be', () => {
  let key: SigningKey;
  let other: SigningKey;
  let environment: HttpServer;
  let issued: Issued;
  let keysStatus: number;
  let discovered: string | undefined;
  let parts: StartedWorkbench;
  let environmentId: string;
  let port: number;

  const seconds = (): number => Math.floor(Date.now() / 1000);
  const claims = (nonce: string, more: Record<string, unknown> = {}): JWTPayload => ({
    iss: environment.url,
    aud: ['skc_1'],
    azp: 'skc_1',
    sub: 'usr_1',
    iat: seconds(),
    exp: seconds() + 3600,
    nonce,
    email: 'bugs@looney.example',
    ...more,
  });
  const response = (idToken: string | undefined): Record<string, unknown> => ({
    access_token: 'opaque-access-token-1',
    token_type: 'Bearer',
    expires_in: 299,
    ...(idToken === undefined ? {} : { id_token: idToken }),
  });
  const withClaims =
    (more: Record<string, unknown>, header?: Readonly<Record<string, unknown>>): Issued =>
    async (nonce) =>
      response(await key.sign(claims(nonce, more), header));
  let nonce = '';

  before(async () => {
    [key, other] = await Promise.all([newSigningKey('snk_1'), newSigningKey('snk_2')]);
    port = await freePort();
    await vscode.workspace.getConfiguration('scalekit').update('signIn.port', port, vscode.ConfigurationTarget.Global);
  });
  after(async () => {
    await vscode.workspace
      .getConfiguration('scalekit')
      .update('signIn.port', undefined, vscode.ConfigurationTarget.Global);
  });
  beforeEach(async () => {
    keysStatus = 200;
    discovered = undefined;
    environment = await startHttpServer(async (seen: SeenRequest, reply) => {
      switch (seen.path.split('?')[0]) {
        case '/keys':
          return sendJson(reply, { keys: [key.jwk] }, keysStatus);
        case '/oauth/token':
          return seen.body.includes('grant_type=authorization_code')
            ? sendJson(reply, await issued(nonce))
            : sendJson(reply, { access_token: 'api-token-1', token_type: 'Bearer', expires_in: 86_399 });
        case '/api/v1/clients/skc_1':
          return sendJson(reply, {
            client: { id: 'skc_1', post_login_uris: [`http://localhost:${port}/auth/callback`] },
          });
        case '/.well-known/openid-configuration':
          return sendJson(reply, { issuer: discovered ?? environment.url });
        default:
          return sendJson(reply, {}, 404);
      }
    });
    parts = await startWorkbench();
    await parts.store.load();
    environmentId = await parts.add({
      environmentUrl: environment.url,
      clientId: 'skc_1',
      clientSecret: 'test_secretsecretsecret',
    });
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await parts.end();
    parts.prompts.assertAllUsed();
    await environment.close();
  });

  /** Signs in, and returns the document. */
  const signIn = async (): Promise<string> => {
    parts.prompts.expectPick({}, { label: 'Open in Browser' });
    const running = parts.act('scalekit.signIn.try', environmentId);
    await Promise.race([running, until('the browser', () => parts.opened.length > 0)]);
    const url = new URL((await openAtReceiver(parts.opened[0] ?? '')).headers.location ?? '');
    nonce = url.searchParams.get('nonce') ?? '';
    const query = new URLSearchParams({ code: 'a-code-that-is-used-once', state: url.searchParams.get('state') ?? '' });
    assert.equal((await openAtReceiver(`http://localhost:${port}/auth/callback?${query.toString()}`)).status, 303);
    await running;
    const document = vscode.window.activeTextEditor?.document ?? assert.fail('no document is open');
    await until(
      'the newest text',
      () => document.getText() === parts.virtualDocuments.provideTextDocumentContent(document.uri),
    );
    const text = document.getText();
    assert.ok(!/eyJ|a-code-that|opaque-access/.test(text), 'a token or a code is in the document');
    return text;
  };

  const table: readonly [title: string, Issued, expected: readonly RegExp[]][] = [
    [
      'no ID token',
      async () => response(undefined),
      [/\*\*Not signed in\*\*: The response has no ID token/, /– ID token: not sent/],
    ],
    [
      'alg none',
      async (given) => response(compactJwt({ alg: 'none', typ: 'JWT' }, claims(given), '')),
      [/\*\*Rejected\*\*/, /✗ `alg` failed: “none”: it has no signature/],
    ],
    [
      'another issuer',
      withClaims({ iss: 'https://evil.example' }),
      [/\*\*Rejected\*\*/, /✗ `iss` failed: `https:\/\/evil\.example` isn’t the issuer/],
    ],
    ['aud as a list with others and azp', withClaims({ aud: ['x', 'skc_1'] }), [/\*\*Signed in\*\*/, /✓ `aud` passed/]],
    [
      'aud as a list without this client',
      withClaims({ aud: ['x'] }),
      [/✗ `aud` failed: `\["x"\]` doesn’t have the client `skc_1`/],
    ],
    ['expired', withClaims({ exp: 1_600_000_000, iat: 1_599_999_000 }), [/✗ `exp` failed: it expired Sep 13, 2020/]],
    ['from the future', withClaims({ nbf: 4_000_000_000 }), [/✗ `nbf` failed: it isn’t valid before /]],
    [
      'issued in the future',
      withClaims({ iat: 4_000_000_000, exp: 4_000_009_000 }),
      [/! `iat` passed, but: it was issued in the future/],
    ],
    [
      'a key that isn’t there',
      async (given) => response(await other.sign(claims(given))),
      [/✗ `signature` failed: the environment has no key `snk_2` now/],
    ],
    [
      'the key’s ID, but another key',
      async (given) => response(await other.sign(claims(given), { kid: 'snk_1' })),
      [/✗ `signature` failed: it doesn’t match the environment’s key/],
    ],
    [
      'something that isn’t a JWT',
      async () => response('not a token at all'),
      [/✗ `form` failed: this isn’t a JWT with three parts/],
    ],
    ['the hash of another access token', withClaims({ at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }), [/✗ `at_hash` failed/]],
    [
      'neither hash nor azp',
      withClaims({ azp: undefined }),
      [/\*\*Signed in\*\*/, /– `azp` not sent/, /– `at_hash` not sent/, /– `c_hash` not sent/],
    ],
    [
      'an access token that isn’t a JWT',
      withClaims({}),
      [/\*\*Signed in\*\*/, /✓ Access token: received, valid for 299 seconds/],
    ],
    [
      'claims that would like to be Markdown',
      withClaims({ name: '\n```\n# Hello <img src=x>', '`x`': '](command:y)', oid: '`` [a](b)' }),
      [/"name": "\\n```\\n# Hello <img src=x>"/, /Organization: ``` `` \[a\]\(b\) ```, from `oid`/],
    ],
  ];
  for (const [title, make, expected] of table) {
    it(`explains ${title}`, async () => {
      issued = make;
      const text = await signIn();
      for (const pattern of expected) assert.match(text, pattern);
      assert.ok(!/^(# Hello|```$\n# )/m.test(text));
    });
  }

  it('says that nothing is proved if the keys can’t be reached', async () => {
    issued = withClaims({});
    keysStatus = 503;
    const text = await signIn();
    assert.match(text, /\*\*Rejected\*\*/);
    assert.match(text, /\? `signature` not checked: the environment’s keys couldn’t be fetched/);
    assert.match(text, /✗ .* The environment’s keys couldn’t be fetched\./);
  });

  it('accepts the issuer that the environment itself names, and asks only if it must', async () => {
    issued = withClaims({});
    await signIn();
    const asked = (): number => environment.requests.filter(({ path }) => path.startsWith('/.well-known')).length;
    assert.equal(asked(), 0);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    parts.opened.length = 0;
    discovered = 'https://auth.example.com';
    issued = withClaims({ iss: 'https://auth.example.com' });
    const text = await signIn();
    assert.equal(asked(), 1);
    assert.match(
      text,
      /✓ `iss` passed: `https:\/\/auth\.example\.com`, which the environment’s discovery document names/,
    );
  });

  it('sends the secret, the verifier and the callback with the code, in the order of Scalekit’s Node SDK', async () => {
    issued = withClaims({});
    await signIn();
    const body = environment.requests.find(({ body: sent }) => sent.includes('authorization_code'))?.body ?? '';
    assert.deepEqual(
      [...new URLSearchParams(body).keys()],
      ['code', 'redirect_uri', 'grant_type', 'client_id', 'client_secret', 'code_verifier'],
    );
  });
});
