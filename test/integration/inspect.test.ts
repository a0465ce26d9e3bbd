import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { SignJWT, type JWTPayload } from 'jose';
import * as vscode from 'vscode';
import { isCancelled } from '../../src/api/client/scalekitError';
import type { VirtualDocuments } from '../../src/ui/virtualDocuments';
import { startSandbox } from '../../src/sandbox/sandboxServer';
import { decodeJwt } from '../../src/tokens/inspect/decodeJwt';
import { validUntil } from '../../src/tokens/tokenValidity';
import { sendJson, startHttpServer, type HttpServer } from '../support/httpServer';
import { openWithSelection, selectInEditor } from '../support/selectInEditor';
import type { ScriptedPrompts } from '../support/scriptedPrompts';
import { workbenchExtension } from '../support/companion';
import { compactJwt, newSigningKey, type SigningKey } from '../support/signingKey';
import { until } from '../support/until';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';

const HOUR = 3600;
const MINUTE = 60_000;

describe('inspecting a token', () => {
  let key: SigningKey;
  let other: SigningKey;
  /** An environment whose keys belong to the test. */
  let issuer: HttpServer;
  /** What its token endpoint returns: a text, or claims to sign. */
  let issued: string | JWTPayload;
  let parts: StartedWorkbench;
  let prompts: ScriptedPrompts;
  let documents: VirtualDocuments;
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
  const keep = (
    url = issuer.url,
    more: Parameters<StartedWorkbench['add']>[1] = {},
    clientId = 'skc_1',
  ): Promise<string> => parts.add({ environmentUrl: url, clientId, clientSecret: 'test_secretsecretsecret' }, more);

  /** The text of the active document, once it's the newest. */
  async function shown(): Promise<string> {
    const document = vscode.window.activeTextEditor?.document ?? assert.fail('no document is open');
    assert.equal(document.uri.scheme, 'scalekit-view');
    await until('the newest text', () => document.getText() === documents.provideTextDocumentContent(document.uri));
    return document.getText();
  }
  /** Inspects a copied token. */
  async function inspect(token: string): Promise<string> {
    await vscode.env.clipboard.writeText(token);
    await parts.act('scalekit.token.inspectJwt');
    return shown();
  }
  /** The texts after `Signature:`, `Time:` and so on, one per line. */
  function about(text: string, subject: string): string[] {
    const lines = text.replaceAll('\n//   ', ' ').split('\n');
    return lines.filter((line) => line.startsWith(`// ${subject}: `)).map((line) => line.slice(subject.length + 5));
  }
  /** The comment after a claim. */
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
    parts = await startWorkbench({ now });
    await parts.store.load();
    prompts = parts.prompts;
    documents = parts.virtualDocuments;
    await vscode.env.clipboard.writeText('nothing of the kind');
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await parts.end();
    prompts.assertAllUsed();
  });

  it('shows the claims of a sandbox token, that it’s genuine and how long it’s valid, but not the token itself', async () => {
    const sandbox = await startSandbox({ organizations: 0 });
    try {
      const id = await parts.add({
        environmentUrl: sandbox.url,
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
      });
      await parts.act('scalekit.token.inspect', id);
      const text = await shown();
      const document = vscode.window.activeTextEditor?.document;
      assert.equal(document?.languageId, 'jsonc');
      assert.ok(document?.uri.path.endsWith('/Access Token.jsonc'), document?.uri.path);
      const host = new URL(sandbox.url).host;
      assert.match(text, new RegExp(`^// Access token of .*${host}\\n`));
      assert.deepEqual(about(text, 'Signature'), [`valid. It was signed with a key of ${host}.`]);
      assert.match(about(text, 'Time')[0] ?? '', /^valid until .*, 23 h 59 min left\.$/);
      assert.deepEqual(about(text, 'Type'), ['access token for an environment’s API client.']);
      assert.deepEqual(about(text, 'Note'), []);

      const token = (await (await parts.environments.client(id)).tokens.get()).value;
      const [header = '', payload = '', signature = ''] = token.split('.');
      for (const piece of [token, header, payload, signature, signature.slice(0, 20)]) assert.ok(!text.includes(piece));
      const decoded = json(text);
      assert.deepEqual(decoded.header, JSON.parse(Buffer.from(header, 'base64url').toString()));
      assert.deepEqual(decoded.claims, JSON.parse(Buffer.from(payload, 'base64url').toString()));
      assert.match(meaning(text, 'exp') ?? '', /^Expires .*, in 23 hours$/);
      assert.match(meaning(text, 'iat') ?? '', /^Issued .* ago$/);
      assert.equal(meaning(text, 'sub'), 'Subject: the API client itself, not a user');
      assert.equal(meaning(text, 'scopes'), 'Scopes: none granted');
      await vscode.commands.executeCommand('type', { text: 'x' });
      assert.equal(document?.getText(), text, 'a person can change it');
      assert.deepEqual(
        sandbox.requests.map(({ method, path }) => `${method} ${path}`),
        ['POST /oauth/token', 'GET /keys'],
      );
    } finally {
      await sandbox.close();
    }
  });

  describe('says about the signature', () => {
    const verdicts: readonly [string, () => Promise<string> | string, RegExp][] = [
      ['that it’s valid', () => key.sign(claims()), /^valid\. It was signed with a key of 127\.0\.0\.1:\d+\.$/],
      [
        'that claims were changed',
        async () => {
          const [header, , signature] = (await key.sign(claims())).split('.');
          return `${header}.${Buffer.from(JSON.stringify(claims({ sub: 'admin' }))).toString('base64url')}.${signature}`;
        },
        /^NOT VALID\. It doesn’t match any key that 127\.0\.0\.1:\d+ has now for this token\./,
      ],
      [
        'that the environment has no such key',
        () => other.sign(claims()),
        /^NOT VALID\. It doesn’t match any key that 127\.0\.0\.1:\d+ has now: none has the ID that the token names\./,
      ],
      [
        'that it’s missing, with “alg: none”',
        () => compactJwt({ alg: 'none' }, claims(), ''),
        /^NONE\. The token says “alg: none”: anyone can have written it\.$/,
      ],
      [
        'that the algorithm isn’t Scalekit’s',
        () => new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32, 1)),
        /^not verified\. The token says “alg: HS256”/,
      ],
      [
        'that it was cut off',
        async () => `${(await key.sign(claims())).split('.').slice(0, 2).join('.')}.`,
        /^MISSING\. /,
      ],
      [
        'that it’s stored elsewhere',
        async () => (await key.sign(claims())).split('.').slice(0, 2).join('.'),
        /^MISSING\. .* such as in a second cookie\.$/,
      ],
      [
        'that only the claims are there',
        async () => (await key.sign(claims())).split('.')[1] ?? '',
        /^MISSING\. These are a JWT’s claims by themselves/,
      ],
      ['that it’s broken', async () => `${(await key.sign(claims())).slice(0, -20)}+/+/`, /^BROKEN\. /],
      [
        'that the header names no algorithm',
        () => compactJwt({ typ: 'JWT' }, claims()),
        /^not verified\. The header names no algorithm \(“alg”\)\.$/,
      ],
      [
        'that the algorithm isn’t a string',
        () => compactJwt({ alg: ['RS256'] }, claims()),
        /^not verified\. The token says “alg: \["RS256"\]”/,
      ],
      [
        'that it’s valid for a resource of the environment',
        () => key.sign(claims({ iss: `${issuer.url}/resources/res_1` })),
        /^valid\. It was signed with a key of 127/,
      ],
      [
        'that it’s valid if the issuer ends with a slash',
        () => key.sign(claims({ iss: `${issuer.url}/` })),
        /^valid\./,
      ],
      [
        'that the header asks for an extension',
        () => compactJwt({ alg: 'RS256', crit: ['x'], x: 1 }, claims()),
        /^not verified\. The header asks for an extension/,
      ],
      [
        'that the token names no issuer',
        () => key.sign(claims({ iss: undefined })),
        /^not verified\. The token names no issuer/,
      ],
      [
        'that the issuer is another',
        () => key.sign(claims({ iss: 'https://other.example' })),
        /^not verified\. The issuer is none of your environments/,
      ],
      [
        'that the issuer is another one on the same host',
        () => key.sign(claims({ iss: `${issuer.url}/tenant` })),
        /^not verified\. The issuer is none of your environments/,
      ],
    ];
    for (const [what, token, expected] of verdicts) {
      it(what, async () => {
        await keep();
        const [verdict, ...more] = about(await inspect(await token()), 'Signature');
        assert.match(verdict ?? '', expected);
        assert.deepEqual(more, []);
      });
    }

    it('with the key of any saved environment, not only the active one', async () => {
      const id = await keep();
      const active = await keep('https://active.example');
      await parts.store.setActive(active);
      const text = await inspect(await key.sign(claims()));
      assert.match(about(text, 'Signature')[0] ?? '', /^valid\./);
      assert.ok(text.startsWith(`// JWT of ${parts.environments.get(id)?.name}`), text);
    });

    it('that it couldn’t be verified, and why, if the keys can’t be fetched', async () => {
      await keep();
      issuer.answerWith((_request, response) => sendJson(response, {}, 404));
      const text = await inspect(await key.sign(claims()));
      assert.match(about(text, 'Signature')[0] ?? '', /^not verified, because the keys couldn’t be fetched\. .+\.$/);
      assert.equal(json(text).claims['jti'], 'tkn_1');
    });

    it('without a request if the issuer isn’t a saved environment, whatever URLs the token contains', async () => {
      await keep();
      const evil = await startHttpServer((_request, response) => sendJson(response, { keys: [other.jwk] }));
      try {
        const from = issuer.requests.length;
        const text = await inspect(
          await other.sign(claims({ iss: evil.url }), { jku: `${evil.url}/keys`, x5u: `${evil.url}/cert` }),
        );
        await delay(100);
        assert.match(about(text, 'Signature')[0] ?? '', /^not verified\./);
        assert.deepEqual(evil.requests, []);
        assert.equal(issuer.requests.length, from);
        assert.match(text, /"jku": .*, which isn’t followed$/m);
      } finally {
        await evil.close();
      }
    });
  });

  describe('says about the time', () => {
    const verdicts: readonly [string, () => JWTPayload, RegExp][] = [
      [
        'that it has expired',
        () => ({ iat: seconds() - 3 * HOUR, nbf: seconds() - 3 * HOUR, exp: seconds() - HOUR - 125 }),
        /^EXPIRED .*, 1 hour ago\.$/,
      ],
      [
        'that it’s not valid yet',
        () => ({ nbf: seconds() + 2 * HOUR + 55 }),
        /^NOT YET VALID\. It’s valid from .*, in 2 hours\.$/,
      ],
      ['that it never expires', () => ({ exp: undefined }), /^not limited: there is no “exp”/],
      [
        'that exp is a string',
        () => ({ exp: String(seconds() + HOUR) as unknown as number }),
        /^UNCLEAR\. “exp” isn’t a number of seconds/,
      ],
      [
        'that exp is in milliseconds',
        () => ({ exp: Date.now() + MINUTE }),
        /^UNCLEAR\. “exp” is after the year 9999 .* Milliseconds may have been meant\.$/,
      ],
      [
        'that it’s valid until the year 9999',
        () => ({ exp: 253_402_300_799 }),
        /^valid until .*(?:9999|10000).*, 79\d\d years left\.$|^valid until .*, 7,9\d\d years left\.$/,
      ],
      ['that few minutes are left', () => ({ exp: seconds() + 3 * 60 + 30 }), /^valid until .*, 3 minutes left\.$/],
    ];
    for (const [what, more, expected] of verdicts) {
      it(what, async () => {
        await keep();
        const text = await inspect(await key.sign(claims(more())));
        assert.match(about(text, 'Time')[0] ?? '', expected);
        assert.match(about(text, 'Signature')[0] ?? '', /^valid\./, 'signature and time are two things');
      });
    }

    for (const [words, minutes] of [
      ['slow', -10],
      ['fast', 10],
    ] as const) {
      it(`by the issuer’s clock, and that this computer’s is 10 minutes ${words}`, async () => {
        clock = minutes * MINUTE;
        const id = await keep();
        issued = claims({ exp: seconds() + HOUR + 30 });
        await parts.act('scalekit.token.inspect', id);
        const text = await shown();
        assert.match(about(text, 'Time')[0] ?? '', /^valid until .*, 1 hour left\.$/);
        assert.match(
          about(text, 'Note')[0] ?? '',
          new RegExp(`^this computer’s clock seems to be about (?:10|9) minutes ${words} against the issuer’s\\.`),
        );
        // The clock offset learned from that token also applies to others of the same environment.
        const copied = await inspect(await key.sign(claims({ exp: seconds() + 115 })));
        assert.match(about(copied, 'Time')[0] ?? '', /^valid until .*, 1 minute left\.$/);
      });
    }

    it('nothing about clocks if the issuer set iat back', async () => {
      const id = await keep();
      for (const back of [0, 300]) {
        issued = claims({ iat: seconds() - back, nbf: seconds() - back, exp: seconds() + 3 * 60 + 30 });
        await (await parts.environments.client(id)).tokens.fetchNew();
        await parts.act('scalekit.token.inspect', id);
        const text = await shown();
        assert.match(about(text, 'Time')[0] ?? '', /^valid until .*, 3 minutes left\.$/);
        assert.deepEqual(about(text, 'Note'), []);
      }
    });

    it('that a clock may be wrong, for a token from the future', async () => {
      const text = await inspect(await key.sign(claims({ iat: seconds() + 10 * 60 + 9 })));
      assert.match(
        about(text, 'Note')[0] ?? '',
        /^it says that it was issued in 10 minutes\. This computer’s clock may be slow/,
      );
    });
  });

  it('names the environment and its production mark, and says that a custom domain is another issuer', async () => {
    const id = await keep(issuer.url, { production: true }, 'prd_skc_1');
    issued = claims({ iss: 'https://auth.customer.example', client_id: 'prd_skc_1', sub: 'prd_skc_1' });
    await parts.act('scalekit.token.inspect', id);
    const text = await shown();
    assert.match(text, /^\/\/ Access token of .* · production\n/);
    assert.match(about(text, 'Signature')[0] ?? '', /^valid\./);
    assert.match(about(text, 'Note')[0] ?? '', /^the issuer isn’t http:.*It may have a custom domain\.$/);
    assert.equal(meaning(text, 'client_id'), 'API client of a production environment');
  });

  it('can be cancelled while the server doesn’t respond, for the token or its keys, and then shows nothing', async function () {
    this.timeout(20_000);
    const id = await keep();
    for (const [silent, inspect] of [
      ['/oauth/token', () => parts.act('scalekit.token.inspect', id)],
      ['/keys', () => parts.act('scalekit.token.inspect', id)],
      ['/keys', () => parts.act('scalekit.token.inspectJwt')],
    ] as const) {
      const token = await key.sign(claims());
      await vscode.env.clipboard.writeText(token);
      issuer.answerWith((request, response) =>
        request.path === silent ? undefined : sendJson(response, { access_token: token, expires_in: 86_399 }),
      );
      prompts.cancelNextProgress(50);
      await assert.rejects(inspect(), isCancelled);
    }
    const asking = `Scalekit: asking ${parts.environments.get(id)?.name}…`;
    assert.deepEqual(prompts.progressTitles, [asking, asking, asking]);
    assert.equal(vscode.window.activeTextEditor, undefined);
  });

  it('says that an opaque access token can’t be inspected', async () => {
    const id = await keep();
    issued = 'opaque-token-of-some-proxy';
    prompts.expectMessage({
      severity: 'warning',
      text: /: its access token can’t be inspected\. This isn’t a JWT: .* Opaque tokens can’t be read\.$/,
    });
    await parts.act('scalekit.token.inspect', id);
  });

  it('prefers the selection to the clipboard, even with Bearer and quotes around the token', async () => {
    await vscode.env.clipboard.writeText(await key.sign(claims({ jti: 'copied' })));
    const token = await key.sign(claims({ jti: 'selected' }));
    const content = `curl -H "Authorization: Bearer ${token}" x`;
    const quoted = new vscode.Selection(0, 8, 0, 8 + `"Authorization: Bearer ${token}"`.length);
    await openWithSelection(parts.globalStorageUri, content, () => quoted);
    await parts.act('scalekit.token.inspectJwt');
    assert.equal(json(await shown()).claims['jti'], 'selected');
  });

  it('takes the token at the cursor, however long its line is, and says where each came from', async () => {
    const copied = await key.sign(claims({ jti: 'copied' }));
    await vscode.env.clipboard.writeText(copied);
    const token = await key.sign(claims({ jti: 'here', fill: 'x'.repeat(3_000) }));
    const content = `no token here\n{ "t": "${token}" } ${token.slice(0, 40)}`;
    const document = await openWithSelection(
      parts.globalStorageUri,
      content,
      () => new vscode.Selection(1, 500, 1, 500),
    );
    const inspectAt = async (
      anchor: vscode.Position,
      active: vscode.Position,
    ): Promise<{ from: string; jti: unknown }> => {
      await selectInEditor(document, new vscode.Selection(anchor, active));
      await parts.act('scalekit.token.inspectJwt');
      const text = await shown();
      return { from: about(text, 'From')[0] ?? '', jti: json(text).claims['jti'] };
    };
    const at = (line: number, character: number): vscode.Position => new vscode.Position(line, character);
    assert.deepEqual(await inspectAt(at(1, 500), at(1, 500)), { from: 'the text at the cursor.', jti: 'here' });
    assert.deepEqual(await inspectAt(at(1, 0), at(1, 8 + token.length)), { from: 'the selected text.', jti: 'here' });
    assert.deepEqual(await inspectAt(at(0, 4), at(0, 4)), { from: 'the clipboard.', jti: 'copied' });
    assert.deepEqual(await inspectAt(at(0, 3), at(0, 8)), {
      from: 'the clipboard. The selected text has no JWT.',
      jti: 'copied',
    });
    await vscode.env.clipboard.writeText('nothing');
    prompts.expectInput({ problem: 'There’s no JWT in the selected text or on the clipboard.' }, copied);
    assert.deepEqual(await inspectAt(at(0, 3), at(0, 8)), { from: 'what you pasted.', jti: 'copied' });
  });

  it('shows each number exactly as the token has it', async () => {
    const token = compactJwt(
      { alg: 'RS256' },
      '{"sub":100002348117421473,"exp":253402300799,"a":[1.0,1e400,{"b":-0}],"c":"1.0"}',
    );
    const text = await inspect(token);
    for (const line of ['"sub": 100002348117421473,', '"a": [ 1.0, 1e400, { "b": -0 } ],', '"c": "1.0"'])
      assert.ok(text.includes(line), text);
  });

  it('gives language models every digit of a number, as text if JavaScript would change it', () => {
    const { claims: decoded, header } = decodeJwt(
      `token: ${compactJwt({ alg: 'RS256' }, '{"sub":100002348117421473,"exp":253402300799,"n":[1e400]}')}`,
    );
    assert.deepEqual(decoded, { sub: '100002348117421473', exp: 253_402_300_799, n: ['1e400'] });
    assert.deepEqual(header, { alg: 'RS256' });
  });

  it('says that the end of validity is a guess if the token doesn’t contain it', () => {
    const token = { value: 'opaque', receivedAt: Date.now(), lifetimeMs: MINUTE };
    assert.match(validUntil(token, Date.now()), /^probably valid until /);
    assert.match(validUntil({ ...token, statesItsEnd: true }, Date.now()), /^valid until /);
  });

  it('explains claims that other issuers write differently', async () => {
    const meanings: readonly [Record<string, unknown>, string, string][] = [
      [{ email_verified: true }, 'email_verified', 'The address was confirmed'],
      [
        { email_verified: 'true' },
        'email_verified',
        'The address was confirmed, but as text: a strict verifier expects true or false',
      ],
      [
        { email_verified: 'False' },
        'email_verified',
        'The address wasn’t confirmed, but as text: a strict verifier expects true or false',
      ],
      [
        { email_verified: 1 },
        'email_verified',
        'Whether it was confirmed couldn’t be read: it should be true or false',
      ],
      [{ phone_number_verified: false }, 'phone_number_verified', 'The phone number wasn’t confirmed'],
      [{ amr: ['pwd', 'mfa'] }, 'amr', 'How the user signed in: password, several factors'],
      [{ amr: ['conn_1'] }, 'amr', 'How the user signed in: the connection'],
      [{ amr: ['own'] }, 'amr', 'How the user signed in'],
      [{ amr: 'otp' }, 'amr', 'How the user signed in: one-time password'],
      [{ scope: ['a', 'b'] }, 'scope', 'Scopes granted, as a list'],
      [{ scope: 'a b' }, 'scope', 'Scopes granted, separated by spaces'],
      [{ scope: '' }, 'scope', 'Scopes: none granted'],
      [
        { scopes: ['todo:read', 'email', 'offline_access'] },
        'scopes',
        'Scopes granted, as a list. They give: email, refresh token',
      ],
      [{ aud: 'res_1' }, 'aud', 'Audience: only the MCP server with this resource ID (res_…) may accept it'],
      [
        { aud: 'https://mcp.example.com/mcp' },
        'aud',
        'Audience: only the server at this URL may accept it, to the last slash',
      ],
      [
        { iss: 'https://acme.scalekit.dev/resources/res_1' },
        'iss',
        'Issuer: the resource of an MCP server in a Scalekit environment',
      ],
    ];
    for (const [more, name, expected] of meanings)
      assert.equal(meaning(await inspect(await key.sign(claims(more))), name), expected);
    const kinds: readonly [Record<string, unknown>, Record<string, unknown>, RegExp][] = [
      [{}, { typ: 'Bearer', nonce: 'n', sub: 'u', client_id: undefined, scopes: undefined }, /^access token\.$/],
      [{}, { scope: 'openid', nonce: 'n', sub: 'u' }, /^access token\.$/],
      [{ typ: 'at+jwt' }, { nonce: 'n', sub: 'u' }, /^access token\.$/],
      [{ typ: 'dpop+jwt' }, { htm: 'GET', nonce: 'n' }, /^not one of Scalekit’s known kinds/],
      [{ typ: 'application/AT+JWT' }, { sub: 'u' }, /^access token\.$/],
      [{}, { token_use: 'id', sub: 'u' }, /^ID token/],
      [{}, { nonce: 'n', sub: 'u', scopes: undefined }, /^ID token/],
      [{}, { at_hash: 'x', sub: 'u' }, /^ID token/],
      [{}, { typ: 'Refresh', nonce: 'n' }, /^refresh token/],
      [{ typ: 'logout+jwt' }, {}, /^logout token/],
      [{}, { aud: ['res_1', 'https://mcp.example.com/mcp'] }, /^access token for an MCP server\.$/],
      [
        {},
        {
          connection_id: 'conn_1',
          organization_id: 'org_1',
          login_hint: 'jane@acme.example',
          sub: undefined,
          scopes: undefined,
        },
        /“idp_initiated_login”/,
      ],
    ];
    for (const [header, more, expected] of kinds)
      assert.match(
        about(await inspect(await key.sign(claims(more), header)), 'Type')[0] ?? '',
        expected,
        JSON.stringify(more),
      );
  });

  it('notes that the token’s parts are padded', async () => {
    const [header = '', payload = ''] = compactJwt({ alg: 'ES256' }, { sub: 'xy' }).split('.');
    const padded = (part: string): string => part.padEnd(Math.ceil(part.length / 4) * 4, '=');
    const text = await inspect(
      `x-amzn-oidc-data: ${padded(header)}.${padded(payload)}.${Buffer.alloc(64, 1).toString('base64')}`,
    );
    assert.match(about(text, 'Note')[0] ?? '', /^its parts end with “=”/);
    assert.equal(json(text).claims['sub'], 'xy');
  });

  it('asks for a token in a password box if neither selection nor clipboard contains one', async () => {
    const token = await key.sign(claims({ jti: 'typed' }));
    prompts
      .expectInput({ title: 'Inspect JWT', password: true, problem: undefined }, 'hello')
      .expectInput({}, 'a.b')
      .expectInput({}, `${compactJwt({ alg: 'RSA-OAEP', enc: 'A256GCM' }, 'x')}.x.y`)
      .expectInput({}, `Bearer ${token}`);
    await parts.act('scalekit.token.inspectJwt');
    assert.equal(json(await shown()).claims['jti'], 'typed');
    assert.match(prompts.problems[0] ?? '', /no dot/);
    assert.match(prompts.problems[1] ?? '', /three parts/);
    assert.match(prompts.problems[2] ?? '', /encrypted/);
  });

  it('says what’s wrong with the copied text, and asks for another', async () => {
    const [header = '', payload = ''] = (await key.sign(claims())).split('.');
    const wrong: readonly [string, RegExp][] = [
      [`${header}`, /^The clipboard: This is the header of a JWT by itself/],
      [`${header}..c2lnbmF0dXJl`, /^The clipboard: The payload of this JWT is detached/],
      [`${compactJwt({ alg: 'RSA-OAEP', enc: 'A256GCM' }, 'x')}.b.c`, /is encrypted \(JWE, five parts\)/],
      [`${header}.ey!${payload}.x`, /The second part isn’t base64url/],
      [compactJwt({ alg: 'RS256' }, 'no JSON at all'), /The second part isn’t a JSON object/],
      [compactJwt({ alg: 'RS256' }, { fill: 'x'.repeat(1024 * 1024) }), /longer than 256 kB/],
      [compactJwt({ alg: 'RS256' }, `{"a":${'['.repeat(50)}${']'.repeat(50)}}`), /nested more than 32 levels/],
    ];
    for (const [text, problem] of wrong) {
      await vscode.env.clipboard.writeText(text);
      prompts.expectInput({ problem }, undefined);
      await parts.act('scalekit.token.inspectJwt');
    }
    assert.equal(vscode.window.activeTextEditor, undefined, 'nothing was opened');
  });

  it('escapes hostile claims, which can’t end a string or a comment', async () => {
    const hostile = 'x"\n// Signature: valid.\r\n*/ \u2028\u2029\u0085\u202e\u200b\u001b[31m';
    const claim = {
      ...claims({ sub: hostile }),
      [hostile]: hostile,
      nested: { [hostile]: [hostile, 'y'.repeat(100)] },
      ['__proto__x']: 1,
    };
    const text = await inspect(await key.sign(claim, { kid: hostile, typ: hostile }));
    assert.equal(about(text, 'Signature').length, 1);
    assert.match(text, /^(?:\/\/.*\n)+\{\n/);
    assert.ok(text.split('\n').every((line) => !line.startsWith('//') || line.length <= 120));
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e\u200b]/);
    assert.deepEqual(json(text).claims, JSON.parse(JSON.stringify(claim)));
    const algorithm = await inspect(compactJwt({ alg: hostile }, claims()));
    assert.equal(about(algorithm, 'Signature').length, 1);
    assert.match(about(algorithm, 'Signature')[0] ?? '', /^not verified/);
  });

  it('redacts other tokens and stored secrets in the claims', async () => {
    const inner = await key.sign(claims({ jti: 'inner' }));
    parts.redactor.add('test_secretsecretsecret');
    const text = await inspect(await key.sign(claims({ act: inner as never, note: 'it is test_secretsecretsecret' })));
    assert.equal(json(text).claims['act'], '[redacted]');
    assert.equal(json(text).claims['note'], 'it is [redacted]');
  });

  it('opens each JWT in its own document', async () => {
    await inspect(await key.sign(claims({ jti: 'first' })));
    const first = vscode.window.activeTextEditor?.document.uri.path;
    await inspect(await key.sign(claims({ jti: 'second' })));
    assert.notEqual(vscode.window.activeTextEditor?.document.uri.path, first);
  });

  it('never takes the place of a file that you’re reading', async () => {
    const file = vscode.Uri.joinPath((await workbenchExtension()).extensionUri, 'package.json');
    await vscode.window.showTextDocument(file, { preview: true });
    await inspect(await key.sign(claims({ jti: 'beside a file' })));
    const tabs = (): string[] => vscode.window.tabGroups.activeTabGroup.tabs.map(({ label }) => label);
    assert.ok(tabs().includes('package.json'), tabs().join(', '));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await inspect(await key.sign(claims({ jti: 'a first one' })));
    await inspect(await key.sign(claims({ jti: 'a second one' })));
    assert.equal(tabs().length, 1, 'one result in a preview takes the place of another');
  });

  it('is available in the extension’s own commands', async () => {
    // The extension has its own provider for these documents.
    documents.dispose();
    await vscode.env.clipboard.writeText(compactJwt({ alg: 'none' }, { sub: 'by command' }, ''));
    assert.equal(await vscode.commands.executeCommand('scalekit.token.inspectJwt'), undefined);
    const text = await until(
      'the document',
      () => vscode.window.activeTextEditor?.document.getText().includes('by command') ?? false,
    ).then(() => vscode.window.activeTextEditor?.document.getText() ?? '');
    assert.match(about(text, 'Signature')[0] ?? '', /^NONE/);
    assert.equal(json(text).claims['sub'], 'by command');
  });
});
