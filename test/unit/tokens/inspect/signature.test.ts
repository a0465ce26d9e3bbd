import assert from 'node:assert/strict';
import { createSign } from 'node:crypto';
import { exportJWK, exportPKCS8, generateKeyPair, SignJWT } from 'jose';
import { nodeFetch } from '../../../../src/api/client/nodeFetch';
import type { ScalekitErrorKind } from '../../../../src/api/client/scalekitError';
import { createTransport } from '../../../../src/api/client/transport';
import { startSandbox } from '../../../../src/sandbox/sandboxServer';
import { EnvironmentKeys } from '../../../../src/tokens/inspect/environmentKeys';
import { parseJwt } from '../../../../src/tokens/inspect/parseJwt';
import { checkSignature, signatureFault } from '../../../../src/tokens/inspect/signature';
import { sendJson, startHttpServer, type HttpServer } from '../../../support/httpServer';
import { rejection } from '../../../support/scalekitErrors';
import { compactJwt, newSigningKey, type SigningKey } from '../../../support/signingKey';

describe('the signature of a token', () => {
  const exchange = createTransport({ fetch: nodeFetch, userAgent: 'unit-test/1', now: Date.now });
  let clock = 0;
  let key: SigningKey;
  let other: SigningKey;
  let server: HttpServer;
  let published: unknown[];
  let keys: EnvironmentKeys;

  before(async () => {
    [key, other] = await Promise.all([newSigningKey('snk_1'), newSigningKey('snk_2')]);
    server = await startHttpServer((_request, response) => sendJson(response, { keys: published }));
  });
  after(() => server.close());
  beforeEach(() => {
    clock = 0;
    published = [key.jwk];
    keys = new EnvironmentKeys(exchange, () => clock);
  });

  const check = (token: string): Promise<string> => checkSignature(parseJwt(token), server.url, keys);
  async function requestsOf(task: () => Promise<unknown>): Promise<string[]> {
    const from = server.requests.length;
    await task();
    return server.requests.slice(from).map(({ method, path }) => `${method} ${path}`);
  }

  it('is valid with the environment’s published key, which is cached and requested without a token', async () => {
    const token = await key.sign({ sub: 'x' });
    assert.deepEqual(await requestsOf(async () => assert.equal(await check(token), 'valid')), ['GET /keys']);
    assert.equal(server.requests.at(-1)?.headers['authorization'], undefined);
    assert.deepEqual(await requestsOf(async () => assert.equal(await check(token), 'valid')), []);
    clock += 10 * 60_000;
    assert.deepEqual(await requestsOf(async () => assert.equal(await check(token), 'valid')), ['GET /keys']);
  });

  it('is valid without a key ID if one of the keys fits', async () => {
    published = [other.jwk, key.jwk];
    assert.equal(await check(await key.sign({}, { kid: undefined })), 'valid');
  });

  it('is wrong if claims were changed or another key signed with the same key ID', async () => {
    const [header, , signature] = (await key.sign({ sub: 'x' })).split('.');
    const forged = `${header}.${Buffer.from('{"sub":"admin"}').toString('base64url')}.${signature}`;
    assert.equal(await check(forged), 'wrongSignature');
    assert.equal(await check(await other.sign({ sub: 'x' }, { kid: 'snk_1' })), 'wrongSignature');
  });

  it('with an unknown key causes one new request for the keys, because they rotate', async () => {
    await check(await key.sign({}));
    published = [key.jwk, other.jwk];
    const rotated = await other.sign({});
    assert.deepEqual(await requestsOf(async () => assert.equal(await check(rotated), 'valid')), ['GET /keys']);
    const third = await newSigningKey('snk_3');
    const unknown = await third.sign({});
    assert.deepEqual(await requestsOf(async () => assert.equal(await check(unknown), 'unknownKey')), ['GET /keys']);
    keys = new EnvironmentKeys(exchange, () => clock);
    assert.deepEqual(await requestsOf(async () => assert.equal(await check(unknown), 'unknownKey')), ['GET /keys']);
  });

  it('that fits no cached key causes one new request for the keys, even with the same key ID or none', async () => {
    for (const kid of [key.kid, undefined]) {
      keys = new EnvironmentKeys(exchange, () => clock);
      published = [key.jwk];
      await check(await key.sign({}));
      published = [{ ...other.jwk, kid: key.kid }];
      const token = await other.sign({}, { kid });
      assert.deepEqual(await requestsOf(async () => assert.equal(await check(token), 'valid')), ['GET /keys']);
      const third = await (await newSigningKey('snk_3')).sign({}, { kid });
      assert.deepEqual(await requestsOf(async () => assert.equal(await check(third), 'wrongSignature')), ['GET /keys']);
    }
  });

  it('isn’t judged if the keys can’t be requested again', async () => {
    await check(await key.sign({}));
    server.answerWith((_request, response) => sendJson(response, {}, 404));
    try {
      await rejection(checkSignature(parseJwt(await other.sign({}, { kid: key.kid })), server.url, keys), 'notFound');
    } finally {
      server.answerWith((_request, response) => sendJson(response, { keys: published }));
    }
  });

  it('of a padded token is valid, whether it was padded before or after signing', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
    published = [{ ...(await exportJWK(publicKey)), kid: 'k' }];
    const padded = (text: string): string => `${text}${'='.repeat((4 - (text.length % 4)) % 4)}`;
    for (const sub of ['x', 'xy', 'xyz']) {
      const [header = '', payload = '', signature = ''] = (
        await new SignJWT({ sub }).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(privateKey)
      ).split('.');
      assert.equal(await check(`${padded(header)}.${padded(payload)}.${padded(signature)}`), 'valid');
      const input = `${padded(header)}.${padded(payload)}`;
      const bytes = createSign('sha256')
        .update(input)
        .sign(await exportPKCS8(privateKey));
      assert.equal(
        await check(`${input}.${bytes.toString('base64')}`.replaceAll('+', '-').replaceAll('/', '_')),
        'valid',
      );
    }
  });

  it('is never checked against a URL or key in the token itself', async () => {
    const evil = await startHttpServer((_request, response) => sendJson(response, { keys: [other.jwk] }));
    try {
      const token = await other.sign(
        { iss: evil.url },
        { kid: 'snk_1', jku: `${evil.url}/keys`, x5u: `${evil.url}/cert`, jwk: other.jwk },
      );
      assert.equal(await check(token), 'wrongSignature');
      assert.deepEqual(evil.requests, []);
    } finally {
      await evil.close();
    }
  });

  it('fits no key that RS256 forbids: short, symmetric, for encryption or without numbers', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
    const jwk = await exportJWK(publicKey);
    const token = await new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(privateKey);
    published = [
      { ...jwk, kid: 'k', use: 'enc' },
      { kty: 'oct', kid: 'k', k: 'c2VjcmV0' },
      { ...jwk, kid: 'k', alg: 'RS512' },
    ];
    assert.equal(await check(token), 'unknownKey');
    published = [{ kty: 'RSA', kid: 'k' }, { kty: 'RSA', kid: 'k', n: 'AQAB', e: 'AQAB' }, null, 'key', 7];
    assert.equal(await check(token), 'wrongSignature');
  });

  it('fails with the reason if the keys can’t be read', async () => {
    const token = await key.sign({});
    const failures: readonly [ScalekitErrorKind, (server: HttpServer) => void][] = [
      ['protocol', (at) => at.answerWith((_request, response) => sendJson(response, []))],
      ['protocol', (at) => at.answerWith((_request, response) => sendJson(response, { keys: 'none' }))],
      ['protocol', (at) => at.answerWith((_request, response) => void response.end('<html>'))],
      ['notFound', (at) => at.answerWith((_request, response) => sendJson(response, {}, 404))],
      [
        'protocol',
        (at) => at.answerWith((_request, response) => void response.writeHead(302, { location: server.url }).end()),
      ],
    ];
    const failing = await startHttpServer(() => undefined);
    try {
      for (const [kind, arrange] of failures) {
        arrange(failing);
        await rejection(checkSignature(parseJwt(token), failing.url, keys), kind);
      }
    } finally {
      await failing.close();
    }
  });

  it('of the sandbox’s token is valid, even after its keys have rotated', async () => {
    const sandbox = await startSandbox({ organizations: 0 });
    const issue = async (): Promise<string> => {
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: sandbox.clientId,
        client_secret: sandbox.clientSecret,
      });
      const response = (await (await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body })).json()) as {
        access_token: string;
      };
      return response.access_token;
    };
    try {
      assert.equal(await checkSignature(parseJwt(await issue()), sandbox.url, keys), 'valid');
      sandbox.rotateKeys();
      assert.equal(await checkSignature(parseJwt(await issue()), sandbox.url, keys), 'valid');
    } finally {
      await sandbox.close();
    }
  });

  it('is refused without keys if it’s missing or malformed, or has another algorithm or extensions', () => {
    const faults: readonly [string, string][] = [
      [compactJwt({ alg: 'none' }, {}, ''), 'unsigned'],
      [compactJwt({ alg: 'None' }, {}), 'unsigned'],
      [compactJwt({ alg: 'HS256' }, {}), 'algorithm'],
      [compactJwt({ alg: 'ES256' }, {}), 'algorithm'],
      [compactJwt({ alg: 'RS512' }, {}), 'algorithm'],
      [compactJwt({ alg: ['RS256'] }, {}), 'algorithm'],
      [compactJwt({}, {}), 'noAlgorithm'],
      [compactJwt({ typ: 'JWT' }, {}), 'noAlgorithm'],
      [compactJwt({ alg: null }, {}), 'noAlgorithm'],
      [compactJwt({ alg: '' }, {}), 'noAlgorithm'],
      [compactJwt({ alg: 'RS256' }, {}, ''), 'missing'],
      [compactJwt({ alg: 'RS256' }, {}, '!'), 'malformed'],
      [compactJwt({ alg: 'RS256', crit: ['x'], x: 1 }, {}), 'critical'],
      [compactJwt({ alg: 'RS256', b64: false, crit: ['b64'] }, {}), 'critical'],
    ];
    for (const [token, fault] of faults) assert.equal(signatureFault(parseJwt(token)), fault, token);
    assert.equal(signatureFault(parseJwt(compactJwt({ alg: 'RS256' }, {}))), undefined);
  });

  it('made with HS256 and the public key, a classic attack, is refused', async () => {
    const secret = Buffer.from(JSON.stringify(key.jwk));
    const token = await new SignJWT({}).setProtectedHeader({ alg: 'HS256', kid: key.kid }).sign(secret);
    assert.equal(signatureFault(parseJwt(token)), 'algorithm');
    assert.equal(await check(token), 'wrongSignature');
  });
});
