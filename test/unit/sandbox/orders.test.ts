import assert from 'node:assert/strict';
import { parseCommandLine, UsageError } from '../../../src/sandbox/commandLine';
import { RateLimit } from '../../../src/sandbox/control/rateLimit';
import { Faults } from '../../../src/sandbox/faults';
import { AccessTokens } from '../../../src/sandbox/oauth/accessTokens';
import { PortalLinks } from '../../../src/sandbox/store/portalLinks';
import type { World } from '../../../src/sandbox/store/world';

describe('faults', () => {
  it('apply only to matching requests, as often as they say, and the first match wins', () => {
    const faults = new Faults();
    faults.add({ path: '/api/v1/organizations/*', method: 'get', after: 1, times: 2, status: 500 });
    faults.add({ path: '/api/*', delayMs: 5 });
    const take = (method: string, path: string) => faults.take(method, [path])?.status;
    assert.equal(take('POST', '/api/v1/organizations/a'), undefined);
    assert.deepEqual(
      [1, 2, 3, 4].map(() => take('GET', '/api/v1/organizations/a')),
      [undefined, 500, 500, undefined],
    );
    assert.equal(faults.take('GET', ['/api/v1/users'])?.delayMs, 5);
    assert.equal(faults.take('GET', ['/keys']), undefined);
    assert.deepEqual(
      faults.list().map(({ used }) => used),
      [2, 4],
    );
    faults.clear();
    assert.equal(faults.take('GET', ['/api/v1/users']), undefined);
  });

  it('treat everything but * in a path literally', () => {
    const faults = new Faults();
    faults.add({ path: '/a.b(c' });
    assert.equal(faults.take('GET', ['/aXb(c']), undefined);
    assert.notEqual(faults.take('GET', ['/a.b(c']), undefined);
  });
});

describe('the rate limit', () => {
  it('applies to any 60 seconds', () => {
    let now = 0;
    const limit = new RateLimit(() => now);
    for (let i = 0; i < 500; i++) assert.equal(limit.take(), true, 'off unless set');
    limit.set(2);
    assert.deepEqual([limit.take(), limit.take(), limit.take()], [true, true, false]);
    now = 59_999;
    assert.equal(limit.take(), false);
    now = 60_000;
    assert.deepEqual([limit.take(), limit.take(), limit.take()], [true, true, false]);
  });
});

describe('access tokens', () => {
  const client = { clientId: 'skc_1', secrets: [] };

  it('are valid until they expire by the given clock', async () => {
    let now = 1_000_000_000_000;
    const tokens = new AccessTokens(60, () => now);
    const { token, expiresInSeconds } = await tokens.issue(client, 'http://x', undefined);
    assert.equal(expiresInSeconds, 60);
    const claims = await tokens.check(token);
    assert.ok(typeof claims === 'object');
    assert.deepEqual([claims.clientId, claims.expiresAt], ['skc_1', 1_000_000_060]);
    now += 59_999;
    assert.notEqual(await tokens.check(token), 'expired');
    now += 1;
    assert.equal(await tokens.check(token), 'expired');
    assert.equal(await tokens.check(`${token}x`), 'invalid');
  });

  it('stay valid after a key rotation only if the old key is kept', async () => {
    const tokens = new AccessTokens(60, Date.now);
    const { token } = await tokens.issue(client, 'http://x', undefined);
    tokens.rotateKeys(true);
    assert.equal((await tokens.jwks()).keys.length, 2);
    assert.notEqual(await tokens.check(token), 'invalid');
    tokens.rotateKeys();
    assert.equal((await tokens.jwks()).keys.length, 1);
    assert.equal(await tokens.check(token), 'invalid');
  });

  it('expire on demand, while one issued right afterward is valid', async () => {
    const tokens = new AccessTokens(60, () => 5_000);
    const { token } = await tokens.issue(client, 'http://x', undefined);
    tokens.expireAll();
    assert.equal(await tokens.check(token), 'expired');
    const { token: next } = await tokens.issue(client, 'http://x', undefined);
    assert.notEqual(await tokens.check(next), 'expired');
  });
});

describe('portal links', () => {
  it('open once, within a minute, unless revoked', () => {
    let now = 0;
    const links = new PortalLinks({ now: () => now } as World);
    const [first, second, third] = [1, 2, 3].map(() => links.generate('org_1', ['sso']));
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    assert.equal(links.open(first.secret).kind, 'opened');
    assert.equal(links.open(first.secret).kind, 'gone');
    assert.equal(links.revoke('org_2', second.id), false, 'it is not the link of that organization');
    assert.equal(links.revoke('org_1', second.id), true);
    assert.equal(links.open(second.secret).kind, 'gone');
    now = 60_000;
    assert.equal(links.open(third.secret).kind, 'gone');
  });
});

describe('the command line', () => {
  it('reads every option', () => {
    assert.deepEqual(
      parseCommandLine([
        '--port',
        '8787',
        '--organizations=250',
        '--users',
        '20000',
        '--seed',
        '7',
        '--host',
        '0.0.0.0',
        '--token-lifetime',
        '60',
      ]),
      {
        kind: 'start',
        port: 8787,
        host: '0.0.0.0',
        organizations: 250,
        users: 20_000,
        seed: 7,
        tokenLifetimeSeconds: 60,
      },
    );
    assert.deepEqual(
      parseCommandLine(
        [
          '--webhook',
          'http://localhost:3000/a',
          '--webhook=http://localhost:3001/b',
          '--webhook-retry-factor=60',
          '--interceptors',
          'interceptors.json',
        ],
        { SANDBOX_WEBHOOK_SECRET: 'whsec_dGVzdA==', SANDBOX_INTERCEPTOR_SECRET: 'whsec_dGVzdDI=' },
      ),
      {
        kind: 'start',
        webhooks: ['http://localhost:3000/a', 'http://localhost:3001/b'],
        webhookSecret: 'whsec_dGVzdA==',
        webhookRetryFactor: 60,
        interceptorFile: 'interceptors.json',
        interceptorSecret: 'whsec_dGVzdDI=',
      },
    );
    assert.deepEqual(parseCommandLine([]), { kind: 'start' });
    assert.deepEqual(parseCommandLine(['--coverage']), { kind: 'coverage' });
    assert.deepEqual(parseCommandLine(['-h']), { kind: 'help' });
  });

  it('refuses anything else with a usage error', () => {
    for (const args of [
      ['--port'],
      ['--port='],
      ['--port', '-1'],
      ['--port', '1e3'],
      ['--users', '-1'],
      ['--seed', '99999999999'],
      ['--webhook'],
      ['--webhook-retry-factor=0'],
      ['--webhook-retry-factor=fast'],
      ['--nope'],
      ['x'],
    ]) {
      assert.throws(() => parseCommandLine(args), UsageError, args.join(' '));
    }
    for (const name of ['SANDBOX_WEBHOOK_SECRET', 'SANDBOX_INTERCEPTOR_SECRET'])
      for (const secret of ['private', 'whsec_', '', 'whsec_a b'])
        assert.throws(
          () => parseCommandLine([], { [name]: secret }),
          (error) => error instanceof UsageError && !error.message.includes('private'),
        );
  });
});
