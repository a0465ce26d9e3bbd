import assert from 'node:assert/strict';
import { ScalekitClient } from '@scalekit-sdk/node';
import * as oauth from 'oauth4webapi';
import {
  authorizationUrl,
  codeChallenge,
  newSignInKeys,
  type AuthorizationInput,
} from '../../../src/signIn/authorizationRequest';
import { DEFAULT_CHOICES, readSignInChoices, type SignInChoices } from '../../../src/signIn/signInChoices';

const ENVIRONMENT = 'https://acme.scalekit.dev';
const CALLBACK = 'http://localhost:12456/auth/callback';
const keys = { state: 'a+b&c=d %2B é', nonce: 'n&1', verifier: 'v'.repeat(43) };

const input = (choices: Partial<SignInChoices> = {}, more: Partial<AuthorizationInput> = {}): AuthorizationInput => ({
  environmentUrl: ENVIRONMENT,
  clientId: 'skc_1',
  redirectUri: CALLBACK,
  choices: { ...DEFAULT_CHOICES, ...choices },
  ...more,
});

describe('the authorization URL', () => {
  const sdk = new ScalekitClient(ENVIRONMENT, 'skc_1', 'test_secret');
  const common = {
    state: keys.state,
    nonce: keys.nonce,
    codeChallenge: codeChallenge(keys.verifier),
    codeChallengeMethod: 'S256',
    scopes: ['openid', 'profile', 'email', 'offline_access'],
  };

  const table: readonly [
    title: string,
    Partial<SignInChoices>,
    Parameters<ScalekitClient['getAuthorizationUrl']>[1],
  ][] = [
    ['nothing chosen', {}, {}],
    ['an organization', { selector: { by: 'organization', value: 'org_1' } }, { organizationId: 'org_1' }],
    ['a connection', { selector: { by: 'connection', value: 'conn_1' } }, { connectionId: 'conn_1' }],
    ['a domain', { selector: { by: 'domain', value: 'exämple.com' } }, { domainHint: 'exämple.com' }],
    ['a provider', { selector: { by: 'provider', value: 'google' } }, { provider: 'google' }],
    [
      'a hint with signs that mean something in a URL, and a prompt',
      { loginHint: 'a+b%2B&c@example.com', prompt: 'select_account' },
      { loginHint: 'a+b%2B&c@example.com', prompt: 'select_account' },
    ],
  ];
  for (const [title, choices, options] of table) {
    it(`is the one of Scalekit’s Node SDK, byte for byte, with ${title}`, () => {
      assert.equal(
        authorizationUrl(input(choices), keys),
        sdk.getAuthorizationUrl(CALLBACK, { ...common, ...options }),
      );
    });
  }

  it('names connection and organization if an identity provider started it', () => {
    const url = authorizationUrl(
      input({ selector: { by: 'connection', value: 'conn_1' } }, { organizationId: 'org_1' }),
      keys,
    );
    const expected = sdk.getAuthorizationUrl(CALLBACK, { ...common, connectionId: 'conn_1', organizationId: 'org_1' });
    assert.equal(url, expected);
  });

  it('has 256 random bits as state, nonce and verifier, and the challenge that a library calculates', async () => {
    const [first, second] = [newSignInKeys(), newSignInKeys()];
    const values = [...Object.values(first), ...Object.values(second)] as string[];
    assert.equal(new Set(values).size, 6);
    for (const value of values) assert.equal(Buffer.from(value, 'base64url').length, 32);
    assert.equal(codeChallenge(first.verifier), await oauth.calculatePKCECodeChallenge(first.verifier));
  });
});

describe('remembered choices', () => {
  it('are read as they were written', () => {
    const choices: SignInChoices = {
      selector: { by: 'domain', value: 'example.com' },
      scopes: ['openid'],
      prompt: 'login',
      loginHint: 'bugs@looney.example',
      otherClientId: 'skc_2',
    };
    assert.deepEqual(readSignInChoices(JSON.parse(JSON.stringify(choices))), choices);
  });

  it('are the default ones where they can’t be read', () => {
    for (const value of [
      undefined,
      null,
      'x',
      [],
      {},
      { selector: { by: 'magic', value: 'x' }, scopes: [7], prompt: 'x' },
    ])
      assert.deepEqual(readSignInChoices(value), DEFAULT_CHOICES);
  });
});
