import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { SignJWT, type JWTPayload } from 'jose';
import * as vscode from 'vscode';
import { nodeFetch } from '../../src/api/nodeFetch';
import { isCancelled } from '../../src/api/scalekitError';
import { createTransport } from '../../src/api/transport';
import { VirtualDocuments } from '../../src/editor/virtualDocuments';
import { startSandbox } from '../../src/sandbox/sandboxServer';
import { TokenInspector } from '../../src/tokens/inspect/tokenInspector';
import { sendJson, startHttpServer, type HttpServer } from '../support/httpServer';
import { ScriptedPrompts } from '../support/scriptedPrompts';
import { compactJwt, newSigningKey, type SigningKey } from '../support/signingKey';
import { until } from '../support/until';
import { workbenchParts, type WorkbenchParts } from '../support/workbenchParts';

const HOUR = 3600;
const MINUTE = 60_000;

describe('inspecting a token', () => {
  let key: SigningKey;
  let other: SigningKey;
  /** An environment whose keys the test holds. */
  let issuer: HttpServer;
  /** What its token endpoint gives; unless a text, claims to sign. */
  let issued: string | JWTPayload;
  let parts: WorkbenchParts;
  let prompts: ScriptedPrompts;
  let documents: VirtualDocuments;
  let inspector: TokenInspector;
  /** How far the extension's clock is from the real one, in milliseconds. */
  let clock: number;

  const seconds = (): number => Math.floor(Date.now() / 1000);
  const claims = (more: JWTPayload = {}): JWTPayload => ({
    iss: issuer.url,
    sub: 'skc_1',
    client_id: 'skc_1',
    aud: ['skc_1'],
    iat: seconds(),
    nbf: seconds(),
    exp: seconds() + 24 * HOUR,
    jti: 'tkn_1',
    scopes: [],
    ...more,
  });
  const keep = (url = issuer.url, more: Parameters<WorkbenchParts['add']>[1] = {}, clientId = 'skc_1'): Promise<string> =>
    parts.add({ environmentUrl: url, clientId, clientSecret: 'test_secretsecretsecret' }, more);

  /** The text of the document in front, once it is the newest. */
  async function shown(): Promise<string> {
    const document = vscode.window.activeTextEditor?.document ?? assert.fail('no document is open');
    assert.equal(document.uri.scheme, 'scalekit-view');
    await until('the newest text', () => document.getText() === documents.provideTextDocumentContent(document.uri));
    return document.getText();
  }
  /** Inspects a token that was copied. */
  async function inspect(token: string): Promise<string> {
    await vscode.env.clipboard.writeText(token);
    await inspector.inspectJwt();
    return shown();
  }
  /** What stands behind `Signature:`, `Time:` and so on, one for each line. */
  function about(text: string, subject: string): string[] {
    const lines = text.replaceAll('\n//   ', ' ').split('\n');
    return lines.filter((line) => line.startsWith(`// ${subject}: `)).map((line) => line.slice(subject.length + 5));
  }
  /** The comment behind a claim. */
  function meaning(text: string, claim: string): string | undefined {
    return new RegExp(`^    "${claim}": .* // (.*)$`, 'm').exec(text)?.[1];
  }
  /** The document without its comments. */
  function json(text: string): { header: Record<string, unknown>; claims: Record<string, unknown> } {
    const bare = text.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*/g, (_all, string: string | undefined) => string ?? '');
    return JSON.parse(bare) as { header: Record<string, unknown>; claims: Record<string, unknown> };
  }

  before(async () => {
    [key, other] = await Promise.all([newSigningKey('snk_1'), newSigningKey('snk_2')]);
    issuer = await startHttpServer(() => undefined);
  });
  after(() => issuer.close());

  beforeEach(async () => {
    clock = 0;
    issued = claims();
    issuer.answerWith(async (request, response) => {
      if (request.path === '/keys') return sendJson(response, { keys: [key.jwk] });
      const token = typeof issued === 'string' ? issued : await key.sign(issued);
      sendJson(response, { access_token: token, token_type: 'Bearer', expires_in: 86_399 });
    });
    const now = (): number => Date.now() + clock;
    parts = await workbenchParts({ now });
    await parts.store.load();
    prompts = new ScriptedPrompts();
    documents = new VirtualDocuments();
    const exchange = createTransport({ fetch: nodeFetch, userAgent: 'integration-test/1', now: Date.now });
    inspector = new TokenInspector({ environments: parts.environments, exchange, documents, prompts, redactor: parts.redactor, now });
    await vscode.env.clipboard.writeText('nothing of the kind');
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    documents.dispose();
    await parts.dispose();
    prompts.assertAllUsed();
  });

  it('of the sandbox says what it is, that it is genuine, and how long it lives; the token itself is not there', async () => {
    const sandbox = await startSandbox({ organizations: 0 });
    try {
      const id = await parts.add({ environmentUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret });
      await inspector.inspectAccessToken(id);
      const text = await shown();
      const document = vscode.window.activeTextEditor?.document;
      assert.equal(document?.languageId, 'jsonc');
      assert.ok(document?.uri.path.endsWith('/Access Token.jsonc'), document?.uri.path);
      const host = new URL(sandbox.url).host;
      assert.match(text, new RegExp(`^// Access token of .*${host}\\n`));
      assert.deepEqual(about(text, 'Signature'), [`valid. It was signed with a key of ${host}.`]);
      assert.match(about(text, 'Time')[0] ?? '', /^valid until .*, for 23 hours 59 minutes more\.$/);
      assert.deepEqual(about(text, 'By its claims'), ['access token of an environment’s API client.']);
      assert.deepEqual(about(text, 'Note'), []);

      const token = (await (await parts.clients.get(id)).tokens.get()).value;
      const [header = '', payload = '', signature = ''] = token.split('.');
      for (const piece of [token, header, payload, signature, signature.slice(0, 20)]) assert.ok(!text.includes(piece));
      const decoded = json(text);
      assert.deepEqual(decoded.header, JSON.parse(Buffer.from(header, 'base64url').toString()));
      assert.deepEqual(decoded.claims, JSON.parse(Buffer.from(payload, 'base64url').toString()));
      assert.match(meaning(text, 'exp') ?? '', /^Expires .*, in 23 hours 59 minutes$/);
      assert.match(meaning(text, 'iat') ?? '', /^Issued .* ago$/);
      assert.equal(meaning(text, 'sub'), 'Subject: the API client itself, not a user');
      assert.equal(meaning(text, 'scopes'), 'Scopes: none granted');
      await vscode.commands.executeCommand('type', { text: 'x' });
      assert.equal(document?.getText(), text, 'a person can change it');
      assert.deepEqual(sandbox.requests.map(({ method, path }) => `${method} ${path}`), ['POST /oauth/token', 'GET /keys']);
    } finally {
      await sandbox.close();
    }
  });

  describe('tells of the signature', () => {
    const verdicts: readonly [string, () => Promise<string> | string, RegExp][] = [
      ['that it is valid', () => key.sign(claims()), /^valid\. It was signed with a key of 127\.0\.0\.1:\d+\.$/],
      ['that claims were changed', async () => {
        const [header, , signature] = (await key.sign(claims())).split('.');
        return `${header}.${Buffer.from(JSON.stringify(claims({ sub: 'admin' }))).toString('base64url')}.${signature}`;
      }, /^WRONG\. It does not match the key of 127\.0\.0\.1:\d+ that the token names: the token was changed, cut off or forged\.$/],
      ['that the key is none of the environment’s', () => other.sign(claims()), /^WRONG KEY\. 127\.0\.0\.1:\d+ has no such key: the key was withdrawn, or the token is forged\.$/],
      ['that there is none', () => compactJwt({ alg: 'none' }, claims(), ''), /^NONE\. The token says “alg: none”: anyone can have written it\. Refused\.$/],
      ['that the algorithm is not Scalekit’s', () => new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32, 1)), /^REFUSED\. .* with “alg: HS256” is not one of its own\.$/],
      ['that it was cut off', async () => `${(await key.sign(claims())).split('.').slice(0, 2).join('.')}.`, /^MISSING\. /],
      ['that it is broken', async () => `${await key.sign(claims())}!`, /^BROKEN\. /],
      ['that the header asks for an extension', () => compactJwt({ alg: 'RS256', crit: ['x'], x: 1 }, claims()), /^REFUSED\. The header asks for an extension/],
      ['that no issuer is named', () => key.sign(claims({ iss: undefined })), /^not verified\. The token names no issuer/],
      ['that the issuer is another', () => key.sign(claims({ iss: 'https://other.example' })), /^not verified\. The issuer is none of your environments/],
      ['that the issuer is another at the same host', () => key.sign(claims({ iss: `${issuer.url}/tenant` })), /^not verified\. The issuer is none of your environments/],
    ];
    for (const [what, token, expected] of verdicts) {
      it(what, async () => {
        await keep();
        const [verdict, ...more] = about(await inspect(await token()), 'Signature');
        assert.match(verdict ?? '', expected);
        assert.deepEqual(more, []);
      });
    }

    it('with the key of any environment that is kept, not only of the active one', async () => {
      const id = await keep();
      const active = await keep('https://active.example');
      await parts.store.setActive(active);
      const text = await inspect(await key.sign(claims()));
      assert.match(about(text, 'Signature')[0] ?? '', /^valid\./);
      assert.ok(text.startsWith(`// JWT of ${parts.environments.get(id)?.name}`), text);
    });

    it('that it could not be verified, and why, when the keys cannot be had', async () => {
      await keep();
      issuer.answerWith((_request, response) => sendJson(response, {}, 404));
      const text = await inspect(await key.sign(claims()));
      assert.match(about(text, 'Signature')[0] ?? '', /^not verified, because the keys could not be fetched\. .+\.$/);
      assert.equal(json(text).claims['jti'], 'tkn_1');
    });

    it('without asking anyone when the issuer is not kept, whatever addresses are in the token', async () => {
      await keep();
      const evil = await startHttpServer((_request, response) => sendJson(response, { keys: [other.jwk] }));
      try {
        const from = issuer.requests.length;
        const text = await inspect(await other.sign(claims({ iss: evil.url }), { jku: `${evil.url}/keys`, x5u: `${evil.url}/cert` }));
        await delay(100);
        assert.match(about(text, 'Signature')[0] ?? '', /^not verified\./);
        assert.deepEqual(evil.requests, []);
        assert.equal(issuer.requests.length, from);
        assert.match(text, /"jku": .*, which is not followed$/m);
      } finally {
        await evil.close();
      }
    });
  });

  describe('tells of the time', () => {
    const verdicts: readonly [string, () => JWTPayload, RegExp][] = [
      ['that it has expired', () => ({ iat: seconds() - 3 * HOUR, nbf: seconds() - 3 * HOUR, exp: seconds() - HOUR - 125 }), /^EXPIRED .*, 1 hour 2 minutes ago\.$/],
      ['that it is not valid yet', () => ({ nbf: seconds() + 2 * HOUR + 55 }), /^NOT YET VALID\. It is valid from .*, in 2 hours\.$/],
      ['that it never ends', () => ({ exp: undefined }), /^without end, since there is no “exp”/],
      ['that the end is text', () => ({ exp: String(seconds() + HOUR) as unknown as number }), /^UNCLEAR\. “exp” is not a number of seconds/],
      ['that the end is in milliseconds', () => ({ exp: Date.now() + MINUTE }), /^UNCLEAR\. “exp”/],
    ];
    for (const [what, more, expected] of verdicts) {
      it(what, async () => {
        await keep();
        const text = await inspect(await key.sign(claims(more())));
        assert.match(about(text, 'Time')[0] ?? '', expected);
        assert.match(about(text, 'Signature')[0] ?? '', /^valid\./, 'signature and time are two things');
      });
    }

    for (const [words, minutes] of [['slow', -10], ['fast', 10]] as const) {
      it(`by the issuer’s clock, and that this computer’s is 10 minutes ${words}`, async () => {
        clock = minutes * MINUTE;
        const id = await keep();
        issued = claims({ exp: seconds() + HOUR + 30 });
        await inspector.inspectAccessToken(id);
        const text = await shown();
        assert.match(about(text, 'Time')[0] ?? '', /^valid until .*, for 1 hour more\.$/);
        assert.match(about(text, 'Note')[0] ?? '', new RegExp(`^this computer’s clock seems to be about (?:10 minutes|9 minutes 5\\d seconds|10 minutes \\d seconds?) ${words} against the issuer’s\\.`));
        // What was learnt from that token serves for others of the same environment.
        const copied = await inspect(await key.sign(claims({ exp: seconds() + 115 })));
        assert.match(about(copied, 'Time')[0] ?? '', /^valid until .*, for 1 minute \d\d seconds more\.$/);
      });
    }

    it('that a clock must be wrong, of a token from the future', async () => {
      const text = await inspect(await key.sign(claims({ iat: seconds() + 10 * 60 + 9 })));
      assert.match(about(text, 'Note')[0] ?? '', /^it was issued 10 minutes(?: \d seconds?)? from now: this computer’s clock is slow/);
    });
  });

  it('names the environment and its production mark, and says that a custom domain is another issuer', async () => {
    const id = await keep(issuer.url, { production: true }, 'prd_skc_1');
    issued = claims({ iss: 'https://auth.customer.example', client_id: 'prd_skc_1', sub: 'prd_skc_1' });
    await inspector.inspectAccessToken(id);
    const text = await shown();
    assert.match(text, /^\/\/ Access token of .* · production\n/);
    assert.match(about(text, 'Signature')[0] ?? '', /^valid\./);
    assert.match(about(text, 'Note')[0] ?? '', /^the issuer is not http:.*It may have a custom domain\.$/);
    assert.equal(meaning(text, 'client_id'), 'API client of a production environment');
  });

  it('can be given up while the server says nothing, for the token or for its keys, and then shows nothing', async function () {
    this.timeout(20_000);
    const id = await keep();
    for (const [silent, inspect] of [
      ['/oauth/token', () => inspector.inspectAccessToken(id)],
      ['/keys', () => inspector.inspectAccessToken(id)],
      ['/keys', () => inspector.inspectJwt()],
    ] as const) {
      const token = await key.sign(claims());
      await vscode.env.clipboard.writeText(token);
      issuer.answerWith((request, response) => (request.path === silent ? undefined : sendJson(response, { access_token: token, expires_in: 86_399 })));
      prompts.cancelNextProgress(50);
      await assert.rejects(inspect(), isCancelled);
    }
    const asking = `Scalekit: asking ${parts.environments.get(id)?.name}…`;
    assert.deepEqual(prompts.progressTitles, [asking, asking, asking]);
    assert.equal(vscode.window.activeTextEditor, undefined);
  });

  it('says of an opaque access token that there is nothing to inspect', async () => {
    const id = await keep();
    issued = 'opaque-token-of-some-proxy';
    prompts.expectMessage({ severity: 'warning', text: /: its access token cannot be inspected\. This is not a JWT: .* Opaque tokens cannot be read\.$/ });
    await inspector.inspectAccessToken(id);
  });

  it('takes the selection before the clipboard, with Bearer and quotes around it', async () => {
    await vscode.env.clipboard.writeText(await key.sign(claims({ jti: 'copied' })));
    const token = await key.sign(claims({ jti: 'selected' }));
    const content = `curl -H "Authorization: Bearer ${token}" x`;
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content }));
    editor.selection = new vscode.Selection(0, 8, 0, 8 + `"Authorization: Bearer ${token}"`.length);
    await inspector.inspectJwt();
    assert.equal(json(await shown()).claims['jti'], 'selected');
  });

  it('asks when neither selection nor clipboard holds one, in a box that hides what is typed', async () => {
    const token = await key.sign(claims({ jti: 'typed' }));
    prompts
      .expectInput({ title: 'Inspect JWT', password: true, problem: undefined }, 'hello')
      .expectInput({}, 'a.b')
      .expectInput({}, `${token}.x.y`)
      .expectInput({}, `Bearer ${token}`);
    await inspector.inspectJwt();
    assert.equal(json(await shown()).claims['jti'], 'typed');
    assert.match(prompts.problems[0] ?? '', /no dot/);
    assert.match(prompts.problems[1] ?? '', /two parts/);
    assert.match(prompts.problems[2] ?? '', /encrypted/);
  });

  it('says what is wrong with what was copied, and asks for another', async () => {
    const [header, payload] = (await key.sign(claims())).split('.');
    const wrong: readonly [string, RegExp][] = [
      [`${header}.${payload}`, /^What you selected or copied: This has two parts/],
      [`${header}.${payload}.a.b`, /three parts with dots/],
      [`${header}.${payload}.a.b.c`, /is encrypted \(JWE, five parts\)/],
      [`${header}.ey!${payload}.x`, /The second part is not base64url/],
      [compactJwt({ alg: 'RS256' }, 'no JSON at all'), /The second part is not a JSON object/],
      [compactJwt({ alg: 'RS256' }, { fill: 'x'.repeat(1024 * 1024) }), /longer than 256 kB/],
      [compactJwt({ alg: 'RS256' }, `{"a":${'['.repeat(50)}${']'.repeat(50)}}`), /nested more than 32 levels/],
    ];
    for (const [text, problem] of wrong) {
      await vscode.env.clipboard.writeText(text);
      prompts.expectInput({ problem }, undefined);
      await inspector.inspectJwt();
    }
    assert.equal(vscode.window.activeTextEditor, undefined, 'nothing was opened');
  });

  it('shows hostile claims as escapes that end neither a string nor a comment', async () => {
    const hostile = 'x"\n// Signature: valid.\r\n*/ \u2028\u2029\u0085\u202e\u200b\u001b[31m';
    const claim = { ...claims({ sub: hostile }), [hostile]: hostile, nested: { [hostile]: [hostile, 'y'.repeat(100)] }, ['__proto__x']: 1 };
    const text = await inspect(await key.sign(claim, { kid: hostile, typ: hostile }));
    assert.equal(about(text, 'Signature').length, 1);
    assert.match(text, /^(?:\/\/.*\n)+\{\n/);
    assert.ok(text.split('\n').every((line) => !line.startsWith('//') || line.length <= 120));
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e\u200b]/);
    assert.deepEqual(json(text).claims, JSON.parse(JSON.stringify(claim)));
    const algorithm = await inspect(compactJwt({ alg: hostile }, claims()));
    assert.equal(about(algorithm, 'Signature').length, 1);
    assert.match(about(algorithm, 'Signature')[0] ?? '', /^REFUSED/);
  });

  it('takes other tokens, and secrets that are kept here, out of the claims', async () => {
    const inner = await key.sign(claims({ jti: 'inner' }));
    parts.redactor.add('test_secretsecretsecret');
    const text = await inspect(await key.sign(claims({ act: inner as never, note: 'it is test_secretsecretsecret' })));
    assert.equal(json(text).claims['act'], '[redacted]');
    assert.equal(json(text).claims['note'], 'it is [redacted]');
  });

  it('has each JWT in a document of its own', async () => {
    await inspect(await key.sign(claims({ jti: 'first' })));
    const first = vscode.window.activeTextEditor?.document.uri.path;
    await inspect(await key.sign(claims({ jti: 'second' })));
    assert.notEqual(vscode.window.activeTextEditor?.document.uri.path, first);
  });

  it('is offered by the commands of the extension itself', async () => {
    // The extension has a provider of its own for these documents.
    documents.dispose();
    await vscode.env.clipboard.writeText(compactJwt({ alg: 'none' }, { sub: 'by command' }, ''));
    assert.equal(await vscode.commands.executeCommand('scalekit.token.inspectJwt'), undefined);
    const text = await until('the document', () => vscode.window.activeTextEditor?.document.getText().includes('by command') ?? false).then(
      () => vscode.window.activeTextEditor?.document.getText() ?? '',
    );
    assert.match(about(text, 'Signature')[0] ?? '', /^NONE/);
    assert.equal(json(text).claims['sub'], 'by command');
  });
});
