import assert from 'node:assert/strict';
import { generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { findJwt, parseJwt } from '../../../../src/tokens/inspect/parseJwt';
import { compactJwt, newSigningKey } from '../../../support/signingKey';

const CLAIMS: JWTPayload = {
  iss: 'https://acme.scalekit.dev',
  sub: 'skc_1',
  name: 'Zoë 日本 <x>&"',
  scopes: ['a:b', 'c'],
  exp: 1_900_000_000,
};

/** Breaks the text into lines of this length. */
function wrapped(text: string, width: number, between: string): string {
  return text.replace(new RegExp(`(.{${width}})(?=.)`, 'g'), `$1${between}`);
}

const entities = (text: string): string =>
  text.replaceAll('.', '&#46;').replaceAll('-', '&#x2d;').replaceAll('_', '&lowbar;');
const capitals = (text: string): string =>
  text.replace(/[^\w]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`);

describe('a JWT in a text', () => {
  const tokens: [string, string][] = [];

  before(async () => {
    const rs = await newSigningKey('snk_1');
    const es = await generateKeyPair('ES256');
    tokens.push(
      ['RS256', await rs.sign(CLAIMS)],
      ['ES256', await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'ES256' }).sign(es.privateKey)],
      ['HS256', await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32, 7))],
      ['none', compactJwt({ alg: 'none' }, CLAIMS, '')],
    );
  });

  const surroundings: readonly [string, (jwt: string) => string][] = [
    ['a signed cookie', (jwt) => `session=s%3A${jwt}.bXkgY29va2ll%2Bx%2F; Path=/`],
    ['a cookie in quotes', (jwt) => `auth=%22${jwt}%22`],
    ['a cookie with Bearer', (jwt) => `Authorization=Bearer%20${jwt}`],
    ['a cookie with Bearer, encoded twice', (jwt) => `Authorization=Bearer%2520${jwt}%253B`],
    ['a query whose dots are encoded', (jwt) => `?t=${capitals(jwt)}&x=1`],
    [
      'a query whose dots are encoded in lower case',
      (jwt) => `?t=${capitals(jwt).toLowerCase().slice(0, 0)}${jwt.replaceAll('.', '%2e')}&x=1`,
    ],
    [
      'a query within a query',
      (jwt) => `?next=${encodeURIComponent(`/callback?t=${encodeURIComponent(capitals(jwt))}`)}`,
    ],
    ['JSON', (jwt) => JSON.stringify({ access_token: jwt, token_type: 'Bearer' })],
    [
      'JSON in JSON',
      (jwt) => JSON.stringify(JSON.stringify({ headers: JSON.stringify({ authorization: `Bearer ${jwt}` }) })),
    ],
    ['JSON whose dots are escapes', (jwt) => `{"t":"${jwt.replaceAll('.', '\\u002e')}"}`],
    ['a Python literal', (jwt) => `b'${jwt.replaceAll('.', '\\x2e')}'`],
    ['JSON with escaped line breaks', (jwt) => `{"body":"token:\\n${wrapped(jwt, 64, '\\r\\n')}\\n"}`],
    ['HTML', (jwt) => `<a href="/x?t=${jwt}&amp;u=1">`],
    ['HTML with entities', (jwt) => `<td>&quot;${entities(jwt)}&quot;</td>`],
    ['a mail in quoted-printable', (jwt) => wrapped(`token=3D${jwt}`, 75, '=\r\n')],
    ['a mail in quoted-printable with encoded dots', (jwt) => wrapped(jwt.replaceAll('.', '=2E'), 76, '=\n')],
    ['a mail that wraps', (jwt) => `Hello,\n\n${wrapped(jwt, 72, '\n')}\n\nBest regards`],
    ['a mail that wraps, without an empty line behind', (jwt) => `Token:\n${wrapped(jwt, 72, '\n')}\nBest regards, Jo`],
    ['a mail that’s quoted', (jwt) => `> Hello,\n> ${wrapped(jwt, 70, '\n> ')}\n> Jo`],
    ['a terminal that wraps', (jwt) => `$ echo $TOKEN\n${wrapped(jwt, 80, '\n')}\n$ `],
    ['a terminal that wraps with Bearer', (jwt) => wrapped(`Authorization: Bearer ${jwt}`, 80, '\r\n')],
    ['a terminal that wraps right after a dot', (jwt) => jwt.replaceAll('.', '.\n')],
    ['lines with dots between them', (jwt) => jwt.replaceAll('.', '\n.\n')],
    ['a box that turns line breaks into spaces', (jwt) => wrapped(jwt, 80, ' ')],
    ['a string in pieces', (jwt) => `const t = "${wrapped(jwt, 60, '" +\n    "')}";`],
    ['a continued shell line', (jwt) => `curl -H "Authorization: Bearer ${wrapped(jwt, 60, '\\\n')}" https://x`],
    ['an invisible space in it', (jwt) => `${jwt.slice(0, 30)}\u200b${jwt.slice(30)}`],
    ['an invisible space behind', (jwt) => `\ufeff${jwt}\u200b`],
    ['a full stop behind', (jwt) => `Invalid token: ${jwt}.`],
    ['an ellipsis behind', (jwt) => `got ${jwt}...`],
    ['&token_type=', (jwt) => `${jwt}&token_type=Bearer`],
    ['"}', (jwt) => `${jwt}"}`],
    [';Path=/', (jwt) => `${jwt};Path=/`],
    ['the % of zsh', (jwt) => `${jwt}%`],
    ['an exclamation mark', (jwt) => `${jwt}!`],
    ['a fragment', (jwt) => `https://app.example/cb#id_token=${jwt}/x`],
    ['brackets', (jwt) => `[${jwt}](x) (${jwt}) {${jwt}} <${jwt}>`],
    ['Markdown', (jwt) => `**${jwt}** and _x_`],
    ['underscores', (jwt) => `_${jwt}_`],
    ['dashes', (jwt) => `--${jwt}--`],
    ['a word behind on the next line', (jwt) => `${jwt}\nexpired`],
    ['a word behind', (jwt) => `${jwt} expired at noon.`],
    ['an elided one before', (jwt) => `looks like eyJhbGciOi... then ${jwt}`],
    ['elided parts before', (jwt) => `eyJhbGciOiJSUzI1NiJ9.eyJ... ${jwt}`],
    ['an elided one with a whole payload before', (jwt) => `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.abc... ${jwt}`],
    ['dots for parts before', (jwt) => `eyJhbGciOiJSUzI1NiJ9.... ${jwt}`],
    ['an encrypted one before', (jwt) => `${compactJwt({ alg: 'RSA-OAEP', enc: 'A256GCM' }, 'x')}.x.y ${jwt}`],
    ['an ellipsis sign before', (jwt) => `eyJhbGciOiJSUzI1NiJ9.eyJ…\n${jwt}`],
    ['the header of another before', (jwt) => `eyJhbGciOiJSUzI1NiJ9 ${jwt}`],
    ['other words with dots', (jwt) => `Invoice.pdf Data.csv ID.x CI.yml ${jwt}`],
    ['base64 of a whole header', (jwt) => Buffer.from(`Authorization: Bearer ${jwt}`).toString('base64')],
    [
      'base64 of JSON',
      (jwt) => `payload=${encodeURIComponent(Buffer.from(JSON.stringify({ t: jwt })).toString('base64'))}`,
    ],
    ['Basic credentials', (jwt) => `Authorization: Basic ${Buffer.from(`user:${jwt}`).toString('base64')}`],
    ['a mail in base64', (jwt) => wrapped(Buffer.from(`Here it is: ${jwt}\n`).toString('base64'), 76, '\r\n')],
    ['a log with colours', (jwt) => `\u001b[32m${jwt}\u001b[0m`],
    ['XML', (jwt) => `<token><![CDATA[${jwt}]]></token>`],
    ['YAML', (jwt) => `token: >-\n  ${wrapped(jwt, 60, '\n  ')}\nother: 1`],
    ['a table', (jwt) => `| token | ${jwt} |`],
    ['a multipart cookie', (jwt) => `a=1; __Host-jwt=${jwt}; b=eyJ`],
  ];
  for (const [what, around] of surroundings) {
    it(`is found within ${what}`, () => {
      for (const [algorithm, jwt] of tokens) {
        const text = around(jwt);
        assert.equal(findJwt(text), jwt, `${algorithm}: ${text}`);
        const { claims, signature } = parseJwt(text);
        assert.deepEqual(claims, CLAIMS);
        assert.equal(signature, algorithm === 'none' ? 'missing' : 'present');
      }
    });
  }

  it('is found if a line of its signature begins like another one', () => {
    for (const [algorithm, bytes] of [
      ['RS256', 256],
      ['ES256', 64],
    ] as const) {
      for (const line of ['eyJhbGciOiJSUzI1NiJ9', 'eyAAAA', 'ewogAA']) {
        const unsigned = compactJwt({ alg: algorithm }, CLAIMS, '');
        const first = 72 - (unsigned.length % 72);
        const signature = `${'A'.repeat(first)}${line}`.padEnd(Math.ceil((bytes * 4) / 3), 'A');
        const text = wrapped(`${unsigned}${signature}`, 72, '\n');
        assert.ok(text.includes(`\n${line}`));
        assert.equal(findJwt(text), `${unsigned}${signature}`);
      }
    }
  });

  it('is the first complete one', () => {
    const [, first = ''] = tokens[0] ?? [];
    const [, second = ''] = tokens[1] ?? [];
    for (const between of [' ', '\n', ',', '","', '\n\n', ' . ', '&x=']) {
      assert.equal(findJwt(`${first}${between}${second}`), first);
      assert.equal(findJwt(`${first.slice(0, -40)}${between}${second}`), second);
      assert.equal(findJwt(`${first.split('.').slice(0, 2).join('.')}${between}${second}`), second);
    }
  });

  it('may have a header that starts with any white space', () => {
    for (const header of [
      '{ "alg": "RS256" }',
      '{\n  "alg": "RS256"\n}',
      '{\r\n"alg":"RS256"}',
      '{\t"alg":"RS256"}',
      ' {"alg":"RS256"}',
      '\n{"alg":"RS256"}',
      '\r\n{"alg":"RS256"}',
      '\t{"alg":"RS256"}',
    ]) {
      const jwt = compactJwt(header, CLAIMS);
      for (const text of [jwt, `curl -H "Authorization: Bearer ${jwt}" x`, `{"t":"${jwt}"}`, `t=${jwt}`]) {
        assert.equal(findJwt(text), jwt, JSON.stringify(header));
        assert.equal(parseJwt(text).header['alg'], 'RS256');
      }
    }
  });

  it('with padded parts is read and marked as padded', () => {
    const part = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64');
    for (const kid of ['', 'a', 'ab']) {
      const jwt = `${part({ typ: 'JWT', kid, alg: 'ES256' })}.${part({ sub: 'x', kid })}.${Buffer.alloc(64, 9).toString('base64')}`;
      for (const text of [jwt, `x-amzn-oidc-data: ${jwt}\r\n`, `{"t":"${jwt}"}`]) {
        const { claims, signature, padded } = parseJwt(text);
        assert.deepEqual(claims, { sub: 'x', kid });
        assert.equal(signature, 'present');
        assert.equal(padded, true);
      }
    }
    assert.notEqual(parseJwt(`t=${tokens[0]?.[1]}&x=`).padded, true);
  });

  it('whose signature is elsewhere shows its claims', () => {
    for (const [, jwt] of tokens) {
      const [header, payload] = jwt.split('.');
      for (const text of [
        `${header}.${payload}`,
        `${header}.${payload}.`,
        `hp=${header}.${payload}; s=c2lnbmF0dXJl`,
        `"${header}.${payload}"`,
        `${header}.${payload}\nfoo bar.`,
        `${header}.${payload}.<signature>`,
      ]) {
        const { claims, signature, claimsOnly } = parseJwt(text);
        assert.deepEqual(claims, CLAIMS, text);
        assert.equal(signature, 'missing');
        assert.notEqual(claimsOnly, true);
      }
    }
  });

  it('with only its payload shows its claims', () => {
    const payload = tokens[0]?.[1]?.split('.')[1] ?? '';
    for (const text of [
      payload,
      `claims=${payload}`,
      `{"payload":"${payload}","signature":"c2ln"}`,
      `${payload}\n`,
      `echo ${payload} | base64 -d`,
    ]) {
      const { header, claims, claimsOnly } = parseJwt(text);
      assert.deepEqual(header, {});
      assert.deepEqual(claims, CLAIMS);
      assert.equal(claimsOnly, true);
    }
  });

  it('isn’t found in base64 of other JSON', () => {
    for (const json of [{ id: 1 }, { page: 2, after: 'x' }, [], 'text', 7, null])
      assert.equal(findJwt(`cursor=${Buffer.from(JSON.stringify(json)).toString('base64url')}`), undefined);
  });

  it('is found again in what was found', () => {
    for (const [, jwt] of tokens)
      for (const part of [jwt, jwt.split('.').slice(0, 2).join('.'), jwt.split('.')[1] ?? ''])
        assert.equal(findJwt(findJwt(part) ?? ''), part);
  });
});
