import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import passport from 'passport';
import { Strategy, type Profile, type VerifyCallback } from 'passport-openidconnect';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { findExecutable, installDebianPackages } from '../host/vscodeHost';
import { ChromiumBrowser, type ChromiumVisit } from './chromiumBrowser';

/** The part of Auth.js that the test uses. Its own types bring those of the DOM, which would replace Node's in all tests. */
interface AuthJs {
  Auth(request: Request, config: object): Promise<Response>;
  setEnvDefaults(variables: Readonly<Record<string, string>>, config: object): void;
}
// As a text that the compiler doesn't follow.
const AUTH_JS: string = '@auth/core';

const CALLBACK = 'http://localhost:3000/callback';
const SCOPES = 'openid profile email offline_access';

describe('a library that knows nothing of Scalekit signs in at the sandbox, through a real Chromium:', () => {
  let sandbox: Sandbox;
  let browser: ChromiumBrowser;
  before(async function () {
    this.timeout(180_000);
    sandbox = await startSandbox({ organizations: 30, seed: 7 });
    browser = await ChromiumBrowser.start();
  });
  beforeEach(() => browser.reset());
  after(async () => {
    await browser.close();
    await sandbox.close();
  });

  /** Signs in with a one-time code, up to the callback. */
  const signIn = async (url: string, email = 'lib+sktest@nowhere.example'): Promise<ChromiumVisit> => {
    await browser.open(url);
    await browser.submit({ email });
    return browser.submit({ code: '424242' });
  };
  const httpAllowed = { [oauth.allowInsecureRequests]: true };

  it('openid-client, by discovery, with PKCE, nonce, max_age, userinfo, refresh, introspection, revocation and logout', async () => {
    const config = await openid.discovery(new URL(sandbox.url), sandbox.clientId, sandbox.clientSecret, undefined, {
      execute: [openid.allowInsecureRequests],
    });
    const [pkceCodeVerifier, expectedNonce, expectedState] = [
      openid.randomPKCECodeVerifier(),
      openid.randomNonce(),
      openid.randomState(),
    ];
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: SCOPES,
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      nonce: expectedNonce,
      state: expectedState,
      max_age: '3600',
    });
    const callback = await signIn(url.href);
    const tokens = await openid.authorizationCodeGrant(config, new URL(callback.url), {
      pkceCodeVerifier,
      expectedNonce,
      expectedState,
      maxAge: 3600,
      idTokenExpected: true,
    });
    const sub = tokens.claims()?.sub ?? '';
    assert.match(sub, /^usr_\d+$/);
    const info = await openid.fetchUserInfo(config, tokens.access_token, sub);
    assert.equal(info.email, 'lib+sktest@nowhere.example');
    const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
    assert.equal(refreshed.claims()?.sub, sub);
    const facts = await openid.tokenIntrospection(config, refreshed.access_token);
    assert.deepEqual([facts.active, facts.sub, facts.scope, facts.client_id], [true, sub, SCOPES, sandbox.clientId]);
    await openid.tokenRevocation(config, refreshed.access_token);
    assert.equal((await openid.tokenIntrospection(config, refreshed.access_token)).active, false);
    await openid.tokenRevocation(config, refreshed.refresh_token ?? '');
    await assert.rejects(
      openid.refreshTokenGrant(config, refreshed.refresh_token ?? ''),
      (error) => error instanceof openid.ResponseBodyError && error.error === 'invalid_grant',
    );
    const machine = await openid.clientCredentialsGrant(config);
    assert.equal((await openid.tokenIntrospection(config, machine.access_token)).sub, sandbox.clientId);
    const out = openid.buildEndSessionUrl(config, {
      id_token_hint: refreshed.id_token ?? '',
      post_logout_redirect_uri: 'http://localhost:3000/',
      state: 'bye',
    });
    assert.equal((await browser.open(out.href)).url, 'http://localhost:3000/?state=bye');
  });

  it('openid-client as a single-page and as a native app, which have no secret', async () => {
    for (const type of ['SPA', 'NATIVE'] as const) {
      const { clientId } = sandbox.addClient({ type });
      const config = await openid.discovery(new URL(sandbox.url), clientId, undefined, openid.None(), {
        execute: [openid.allowInsecureRequests],
      });
      const verifier = openid.randomPKCECodeVerifier();
      const parameters = { redirect_uri: CALLBACK, scope: SCOPES, state: 's' };
      const url = openid.buildAuthorizationUrl(config, {
        ...parameters,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      await browser.reset();
      const tokens = await openid.authorizationCodeGrant(config, new URL((await signIn(url.href)).url), {
        pkceCodeVerifier: verifier,
        expectedState: 's',
      });
      assert.ok((await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')).access_token);
      const bare = await browser.open(openid.buildAuthorizationUrl(config, parameters).href);
      await assert.rejects(
        openid.authorizationCodeGrant(config, new URL(bare.url), { expectedState: 's' }),
        (error) => error instanceof openid.ResponseBodyError && error.error_description === 'PKCE required',
      );
    }
  });

  it('oauth4webapi, which checks every response to the letter, with HTTP Basic', async () => {
    const issuer = new URL(sandbox.url);
    const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, httpAllowed));
    const client: oauth.Client = { client_id: sandbox.clientId };
    const authentication = oauth.ClientSecretBasic(sandbox.clientSecret);
    const [verifier, nonce, state] = [
      oauth.generateRandomCodeVerifier(),
      oauth.generateRandomNonce(),
      oauth.generateRandomState(),
    ];
    const url = new URL(server.authorization_endpoint ?? '');
    url.search = new URLSearchParams({
      client_id: client.client_id,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: SCOPES,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      nonce,
      state,
      max_age: '600',
    }).toString();
    const callback = oauth.validateAuthResponse(server, client, new URL((await signIn(url.href)).url), state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      callback,
      CALLBACK,
      verifier,
      httpAllowed,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: nonce,
      maxAge: 600,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(server, response, httpAllowed);
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    assert.ok(claims);
    const info = await oauth.processUserInfoResponse(
      server,
      client,
      claims.sub,
      await oauth.userInfoRequest(server, client, tokens.access_token, httpAllowed),
    );
    assert.equal(info.email_verified, true);
    const refresh = await oauth.refreshTokenGrantRequest(
      server,
      client,
      authentication,
      tokens.refresh_token ?? '',
      httpAllowed,
    );
    const next = await oauth.processRefreshTokenResponse(server, client, refresh);
    await oauth.validateApplicationLevelSignature(server, refresh, httpAllowed);
    const introspection = await oauth.introspectionRequest(
      server,
      client,
      authentication,
      next.access_token,
      httpAllowed,
    );
    assert.equal((await oauth.processIntrospectionResponse(server, client, introspection)).active, true);
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, client, authentication, next.refresh_token ?? '', httpAllowed),
    );
    const refused = await browser.open(`${url.href}&prompt=none+login`);
    assert.throws(
      () => oauth.validateAuthResponse(server, client, new URL(refused.url), state),
      (error) => error instanceof oauth.AuthorizationResponseError && error.error === 'invalid_request',
    );
  });

  it('Auth.js, with a plain OIDC provider and the variables AUTH_SCALEKIT_*', async () => {
    const app = 'http://localhost:3000';
    const { Auth, setEnvDefaults } = (await import(AUTH_JS)) as AuthJs;
    const config = {
      providers: [{ id: 'scalekit', name: 'Scalekit', type: 'oidc' }],
      secret: 'a secret of this test only, of 32 bytes',
      trustHost: true,
      useSecureCookies: false,
    };
    const { clientId, clientSecret, url } = sandbox;
    setEnvDefaults(
      { AUTH_SCALEKIT_ID: clientId, AUTH_SCALEKIT_SECRET: clientSecret, AUTH_SCALEKIT_ISSUER: url },
      config,
    );
    const cookies = new Map<string, string>();
    const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await Auth(new Request(new URL(path, app), { ...init, headers: { cookie } }), config);
      for (const text of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
        cookies.set(name, value);
      }
      return response;
    };
    const { csrfToken } = (await (await ask('/auth/csrf')).json()) as { csrfToken: string };
    const start = await ask('/auth/signin/scalekit', { method: 'POST', body: new URLSearchParams({ csrfToken }) });
    const location = start.headers.get('location') ?? '';
    assert.ok(location.startsWith(`${url}/oauth/authorize?`), location);
    const callback = await signIn(location);
    assert.ok(callback.url.startsWith(`${app}/auth/callback/scalekit?`));
    const done = await ask(callback.url);
    assert.equal(done.headers.get('location'), app);
    const session = (await (await ask('/auth/session')).json()) as { user?: { email?: string } };
    assert.equal(session.user?.email, 'lib+sktest@nowhere.example');
  });

  it('passport-openidconnect', async () => {
    const signedIn: Profile[] = [];
    const session = {};
    const app = createServer((request: IncomingMessage, response: ServerResponse) => {
      const asked = new URL(request.url ?? '/', 'http://localhost');
      Object.assign(request, { session, query: Object.fromEntries(asked.searchParams), body: {} });
      const authenticate = passport.authenticate('openidconnect', { session: false }) as (
        request: IncomingMessage,
        response: ServerResponse,
        next: (error?: unknown) => void,
      ) => void;
      authenticate(request, response, (error) => {
        response.statusCode = error === undefined ? 200 : 500;
        response.end(error === undefined ? 'signed in' : String(error));
      });
    });
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    try {
      const origin = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
      passport.use(
        new Strategy(
          {
            issuer: sandbox.url,
            authorizationURL: `${sandbox.url}/oauth/authorize`,
            tokenURL: `${sandbox.url}/oauth/token`,
            userInfoURL: `${sandbox.url}/userinfo`,
            clientID: sandbox.clientId,
            clientSecret: sandbox.clientSecret,
            callbackURL: `${origin}/callback`,
            scope: ['profile', 'email'],
            nonce: 'n-0',
          },
          (_issuer: string, profile: Profile, done: VerifyCallback) => {
            signedIn.push(profile);
            done(null, { id: profile.id });
          },
        ),
      );
      const start = await fetch(`${origin}/login`, { redirect: 'manual' });
      const { status, text } = await signIn(start.headers.get('location') ?? '');
      assert.deepEqual([status, text], [200, 'signed in']);
      assert.match(signedIn[0]?.id ?? '', /^usr_\d+$/);
      assert.deepEqual(signedIn[0]?.emails, [{ value: 'lib+sktest@nowhere.example' }]);
    } finally {
      app.close();
    }
  });

  // Authlib is Debian's package. Elsewhere there's no way to install it without asking.
  if (findExecutable(['apt-get']) !== undefined) {
    it('Authlib, in Python', async function () {
      this.timeout(300_000);
      const python = '/usr/bin/python3';
      const hasAuthlib = () =>
        new Promise<boolean>((resolve) => {
          const child = spawn(python, ['-c', 'import authlib, requests'], { stdio: 'ignore' });
          child.on('error', () => resolve(false)).on('close', (status) => resolve(status === 0));
        });
      if (!(await hasAuthlib())) await installDebianPackages(['python3-authlib', 'python3-requests']);
      assert.ok(await hasAuthlib(), 'Install python3-authlib and python3-requests.');
      const { url, clientId, clientSecret } = sandbox;
      const child = spawn(python, ['-c', AUTHLIB], {
        env: {
          ...process.env,
          AUTHLIB_INSECURE_TRANSPORT: '1',
          URL: url,
          ID: clientId,
          SECRET: clientSecret,
          CALLBACK,
        },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const nextLine = async () => String((await lines.next()).value);
      const callback = await signIn(await nextLine());
      child.stdin.end(`${callback.url}\n`);
      const result = JSON.parse(await nextLine()) as Record<string, unknown>;
      assert.match(String(result['sub']), /^usr_\d+$/);
      assert.deepEqual(
        [result['email'], result['refreshed'], result['active'], result['revoked']],
        ['lib+sktest@nowhere.example', result['sub'], true, false],
      );
    });
  }
});

/** Signs in with Authlib. Prints the authorization URL, reads where the browser came back to, prints what it found. */
const AUTHLIB = `
import json, os, sys
import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oidc.core import CodeIDToken

facts = requests.get(os.environ['URL'] + '/.well-known/openid-configuration').json()
keys = JsonWebKey.import_key_set(requests.get(facts['jwks_uri']).json())
verifier, nonce = generate_token(48), generate_token(20)
client = OAuth2Session(
    os.environ['ID'], os.environ['SECRET'], scope='openid profile email offline_access',
    redirect_uri=os.environ['CALLBACK'], code_challenge_method='S256',
    token_endpoint=facts['token_endpoint'])
url, state = client.create_authorization_url(facts['authorization_endpoint'], code_verifier=verifier, nonce=nonce)
print(url, flush=True)
token = client.fetch_token(
    facts['token_endpoint'], authorization_response=sys.stdin.readline().strip(), state=state, code_verifier=verifier)

def claims_of(token, nonce):
    claims = jwt.decode(token['id_token'], keys, claims_cls=CodeIDToken, claims_options={
        'iss': {'essential': True, 'value': facts['issuer']},
        'aud': {'essential': True, 'value': os.environ['ID']},
    }, claims_params={'nonce': nonce, 'client_id': os.environ['ID'], 'access_token': token['access_token']})
    claims.validate()
    return claims

claims = claims_of(token, nonce)
info = client.get(facts['userinfo_endpoint']).json()
new = client.refresh_token(facts['token_endpoint'], refresh_token=token['refresh_token'])
refreshed = claims_of(new, nonce)
active = client.introspect_token(facts['introspection_endpoint'], token=new['access_token']).json()['active']
client.revoke_token(facts['revocation_endpoint'], token=new['access_token'])
revoked = client.introspect_token(facts['introspection_endpoint'], token=new['access_token']).json()['active']
print(json.dumps({'sub': claims['sub'], 'email': info['email'], 'refreshed': refreshed['sub'], 'active': active, 'revoked': revoked}), flush=True)
`;
