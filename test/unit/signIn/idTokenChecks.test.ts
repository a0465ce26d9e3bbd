import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import * as oauth from 'oauth4webapi';
import { checkIdToken, type IdTokenExpectations } from '../../../src/signIn/idTokenChecks';
import { isAccepted, type Check } from '../../../src/signIn/tokenCheck';
import { compactJwt, newSigningKey, type SigningKey } from '../../support/signingKey';

const ENVIRONMENT = 'https://acme.scalekit.dev';
const CLIENT = 'skc_1';
const NONCE = 'a-nonce';
const CODE = 'a-code';
const ACCESS_TOKEN = 'an.access.token';

/** Which library can say the same. `oauth4webapi` looks at `c_hash` only in a hybrid response, and never at `at_hash`. */
type Judge = 'code' | 'hybrid' | 'none';

interface Case {
  readonly title: string;
  /** The checks that don't pass, as `name outcome reason`. */
  readonly found: readonly string[];
  readonly token: (key: SigningKey, other: SigningKey) => Promise<string> | string;
  readonly issuer?: string;
  readonly judge?: Judge;
}

const half = (text: string): string => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const good: JWTPayload = {
  iss: ENVIRONMENT,
  aud: [CLIENT],
  azp: CLIENT,
  sub: 'usr_1',
  iat: now,
  exp: now + 3600,
  nonce: NONCE,
  at_hash: half(ACCESS_TOKEN),
  c_hash: half(CODE),
};
const with_ =
  (changes: Record<string, unknown>, header?: Readonly<Record<string, unknown>>) =>
  (key: SigningKey): Promise<string> =>
    key.sign({ ...good, ...changes }, header);
const without = (...names: string[]) => with_(Object.fromEntries(names.map((name) => [name, undefined])));

const HEADER = { alg: 'RS256', typ: 'JWT' };

const cases: readonly Case[] = [
  { title: 'a good one', found: ['nbf notSent ok'], token: with_({}) },
  { title: 'aud as a text', found: ['nbf notSent ok'], token: with_({ aud: CLIENT }) },
  { title: 'several audiences, with azp', found: ['nbf notSent ok'], token: with_({ aud: ['x', CLIENT] }) },
  {
    title: 'nothing that isn’t promised',
    found: ['azp notSent ok', 'nbf notSent ok', 'at_hash notSent ok', 'c_hash notSent ok'],
    token: without('azp', 'at_hash', 'c_hash'),
  },
  {
    title: 'a resource as its issuer',
    found: ['nbf notSent ok'],
    token: with_({ iss: `${ENVIRONMENT}/resources/res_12` }),
    issuer: `${ENVIRONMENT}/resources/res_12`,
  },
  {
    title: 'a custom domain as its issuer',
    found: ['nbf notSent ok'],
    token: with_({ iss: 'https://auth.example.com' }),
    issuer: 'https://auth.example.com',
  },
  {
    title: 'issued in the future only by its iat',
    found: ['nbf notSent ok', 'iat noticed future'],
    token: with_({ iat: now + 7200, exp: now + 9000 }),
  },
  {
    title: 'azp of another client, for one audience',
    found: ['azp noticed different', 'nbf notSent ok'],
    token: with_({ azp: 'skc_2' }),
  },
  // From here on, bad ones.
  {
    title: 'another issuer',
    found: ['iss failed different', 'nbf notSent ok'],
    token: with_({ iss: 'https://evil.example' }),
  },
  {
    title: 'an issuer that only begins like the environment',
    found: ['iss failed different', 'nbf notSent ok'],
    token: with_({ iss: `${ENVIRONMENT}.evil.example` }),
  },
  {
    title: 'a resource of another environment',
    found: ['iss failed different', 'nbf notSent ok'],
    token: with_({ iss: 'https://other.scalekit.dev/resources/res_12' }),
  },
  { title: 'no issuer', found: ['iss failed missing', 'nbf notSent ok'], token: without('iss') },
  {
    title: 'a list as issuer',
    found: ['iss failed wrongType', 'nbf notSent ok'],
    token: with_({ iss: [ENVIRONMENT] }),
  },
  {
    title: 'another audience',
    found: ['aud failed different', 'nbf notSent ok'],
    token: with_({ aud: ['skc_2'] }),
  },
  {
    title: 'another audience as text',
    found: ['aud failed different', 'nbf notSent ok'],
    token: with_({ aud: 'skc_12' }),
  },
  { title: 'no audience', found: ['aud failed missing', 'nbf notSent ok'], token: without('aud') },
  {
    title: 'an empty list of audiences',
    found: ['aud failed different', 'nbf notSent ok'],
    token: with_({ aud: [] }),
  },
  {
    title: 'several audiences without azp',
    found: ['azp failed manyAudiences', 'nbf notSent ok'],
    token: with_({ aud: [CLIENT, 'x'], azp: undefined }),
  },
  {
    title: 'several audiences with azp of another',
    found: ['azp failed different', 'nbf notSent ok'],
    token: with_({ aud: [CLIENT, 'x'], azp: 'x' }),
  },
  { title: 'no subject', found: ['sub failed missing', 'nbf notSent ok'], token: without('sub') },
  { title: 'a number as subject', found: ['sub failed wrongType', 'nbf notSent ok'], token: with_({ sub: 7 }) },
  {
    title: 'expired',
    found: ['exp failed expired', 'nbf notSent ok'],
    token: with_({ exp: now - 120, iat: now - 3000 }),
  },
  { title: 'no expiry', found: ['exp failed missing', 'nbf notSent ok'], token: without('exp') },
  { title: 'expiry as text', found: ['exp failed wrongType', 'nbf notSent ok'], token: with_({ exp: `${now + 60}` }) },
  { title: 'from the future', found: ['nbf failed future'], token: with_({ nbf: now + 7200 }) },
  { title: 'not-before as text', found: ['nbf failed wrongType'], token: with_({ nbf: 'soon' }) },
  { title: 'no time of issue', found: ['nbf notSent ok', 'iat failed missing'], token: without('iat') },
  { title: 'time of issue as text', found: ['nbf notSent ok', 'iat failed wrongType'], token: with_({ iat: 'now' }) },
  { title: 'another nonce', found: ['nbf notSent ok', 'nonce failed different'], token: with_({ nonce: 'b' }) },
  { title: 'no nonce', found: ['nbf notSent ok', 'nonce failed missing'], token: without('nonce') },
  {
    title: 'the hash of another code',
    found: ['nbf notSent ok', 'c_hash failed different'],
    token: with_({ c_hash: half('x') }),
    judge: 'hybrid',
  },
  {
    title: 'the hash of another access token',
    found: ['nbf notSent ok', 'at_hash failed different'],
    token: with_({ at_hash: half('x') }),
    judge: 'none',
  },
  {
    title: 'changed after it was signed',
    found: ['signature failed signature', 'nbf notSent ok'],
    token: async (key) => {
      const [header = '', , signature = ''] = (await key.sign(good)).split('.');
      const claims = Buffer.from(JSON.stringify({ ...good, sub: 'usr_2' })).toString('base64url');
      return `${header}.${claims}.${signature}`;
    },
  },
  {
    title: 'signed by another key with the same ID',
    found: ['signature failed signature', 'nbf notSent ok'],
    token: (key, other) => other.sign(good, { kid: key.kid }),
  },
  {
    title: 'signed by a key that isn’t there',
    found: ['signature failed unknownKey', 'nbf notSent ok'],
    token: (_key, other) => other.sign(good),
  },
  {
    title: 'alg none',
    found: ['alg failed none', 'signature failed otherCheckFailed', 'nbf notSent ok'],
    token: () => compactJwt({ ...HEADER, alg: 'none' }, good, ''),
  },
  {
    title: 'alg None',
    found: ['alg failed none', 'signature failed otherCheckFailed', 'nbf notSent ok'],
    token: () => compactJwt({ ...HEADER, alg: 'None' }, good),
  },
  {
    title: 'a symmetric algorithm',
    found: ['alg failed algorithm', 'signature failed otherCheckFailed', 'nbf notSent ok'],
    token: () => compactJwt({ ...HEADER, alg: 'HS256' }, good),
  },
  {
    title: 'no algorithm',
    found: ['alg failed missing', 'signature failed otherCheckFailed', 'nbf notSent ok'],
    token: () => compactJwt({ typ: 'JWT' }, good),
  },
  {
    title: 'an extension that must be understood',
    found: ['alg failed critical', 'signature failed otherCheckFailed', 'nbf notSent ok'],
    token: (key) => compactJwt({ ...HEADER, kid: key.kid, crit: ['exp'] }, good),
  },
  { title: 'two parts', found: ['form failed parts'], token: () => 'e30.e30' },
  { title: 'five parts', found: ['form failed encrypted'], token: () => 'e30.e30.e30.e30.e30' },
  { title: 'claims that are a list', found: ['form failed json'], token: () => compactJwt(HEADER, []) },
  { title: 'a header that isn’t JSON', found: ['form failed json'], token: () => compactJwt('{', good) },
  { title: 'padding', found: ['form failed base64url'], token: () => `${compactJwt(HEADER, good)}==` },
];

describe('the checks of an ID token', () => {
  let key: SigningKey;
  let other: SigningKey;

  before(async () => {
    [key, other] = await Promise.all([newSigningKey('snk_1'), newSigningKey('snk_2')]);
  });

  const expectations = (more: Partial<IdTokenExpectations> = {}): IdTokenExpectations => ({
    issuers: { environmentUrl: ENVIRONMENT, discovered: 'https://auth.example.com' },
    clientId: CLIENT,
    nonce: NONCE,
    accessToken: ACCESS_TOKEN,
    code: CODE,
    keys: [key.jwk],
    now: now * 1000,
    ...more,
  });
  const notPassed = (checks: readonly Check[]): string[] =>
    checks
      .filter(({ outcome }) => outcome !== 'passed')
      .map(({ name, outcome, reason }) => `${name} ${outcome} ${reason}`);

  /** Whether the independent library accepts the token in the response of a token endpoint, or beside a code. */
  async function libraryAccepts(token: string, issuer: string, judge: Judge): Promise<boolean> {
    const server: oauth.AuthorizationServer = { issuer, jwks_uri: `${ENVIRONMENT}/keys` };
    const client: oauth.Client = { client_id: CLIENT };
    const keys = { [oauth.customFetch]: async () => Response.json({ keys: [key.jwk] }) };
    try {
      if (judge === 'hybrid') {
        const fragment = new URLSearchParams({ code: CODE, id_token: token, state: 's' });
        await oauth.validateCodeIdTokenResponse(server, client, fragment, NONCE, 's', undefined, keys);
        return true;
      }
      const response = Response.json({
        access_token: ACCESS_TOKEN,
        token_type: 'Bearer',
        expires_in: 299,
        id_token: token,
      });
      const options = { expectedNonce: NONCE, requireIdToken: true };
      await oauth.processAuthorizationCodeResponse(server, client, response, options);
      await oauth.validateApplicationLevelSignature(server, response, keys);
      return true;
    } catch {
      return false;
    }
  }

  for (const { title, found, token: make, issuer = ENVIRONMENT, judge = 'code' } of cases) {
    it(`of ${title}: ${found.filter((line) => !line.includes(' notSent ')).join(', ') || 'nothing is wrong'}`, async () => {
      const token = await make(key, other);
      const { checks } = await checkIdToken(token, expectations());
      assert.deepEqual(notPassed(checks), found);
      const isBad = found.some((line) => line.includes(' failed '));
      assert.equal(isAccepted(checks), !isBad);
      if (judge !== 'none') assert.equal(await libraryAccepts(token, issuer, judge), !isBad, 'oauth4webapi disagrees');
    });
  }

  it('says that nothing is proved if the keys can’t be fetched', async () => {
    const { checks } = await checkIdToken(await key.sign(good), expectations({ keys: undefined }));
    assert.deepEqual(notPassed(checks), ['signature notChecked keysUnavailable', 'nbf notSent ok']);
    assert.equal(isAccepted(checks), false);
  });

  it('doesn’t hold a missing nonce or code against a token that came with a refresh', async () => {
    const token = await key.sign({ ...good, nonce: undefined });
    const { checks } = await checkIdToken(token, expectations({ nonce: undefined, code: undefined }));
    assert.deepEqual(notPassed(checks), ['nbf notSent ok', 'nonce notSent ok', 'c_hash noticed noCounterpart']);
    assert.equal(isAccepted(checks), true);
  });
});
