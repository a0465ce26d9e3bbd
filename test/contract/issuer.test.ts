import assert from 'node:assert/strict';
import { request } from 'node:http';
import { decodeJwt } from 'jose';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';

describe('the issuer of the sandbox', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ organizations: 1 });
  });
  after(() => sandbox.close());

  /** Sends a request with a Host of its own, which fetch doesn't allow. */
  const send = (method: string, path: string, host: string, body = '') =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const headers = { host, 'content-type': 'application/x-www-form-urlencoded' };
      request(`${sandbox.url}${path}`, { method, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve(JSON.parse(text) as Record<string, unknown>));
      })
        .on('error', reject)
        .end(body);
    });
  const issuers = async (host: string) => {
    const form = { grant_type: 'client_credentials', client_id: sandbox.clientId, client_secret: sandbox.clientSecret };
    const token = await send('POST', '/oauth/token', host, new URLSearchParams(form).toString());
    const { issuer, token_endpoint, jwks_uri } = await send('GET', '/.well-known/openid-configuration', host);
    const { iss } = decodeJwt(String(token['access_token']));
    assert.deepEqual([token_endpoint, jwks_uri], [`${String(issuer)}/oauth/token`, `${String(issuer)}/keys`]);
    return [issuer, iss];
  };

  it('is the origin that the request names, if it’s this machine', async () => {
    const { port } = new URL(sandbox.url);
    for (const [host, origin] of [
      [`localhost:${port}`, `http://localhost:${port}`],
      [`127.0.0.1:${port}`, sandbox.url],
      [`[::1]:${port}`, `http://[::1]:${port}`],
      ['acme.localhost:9000', 'http://acme.localhost:9000'],
      ['localhost', 'http://localhost'],
    ] as const)
      assert.deepEqual(await issuers(host), [origin, origin], host);
  });

  it('is never a name that may lead elsewhere', async () => {
    for (const host of ['evil.example', 'localhost.evil.example:80', 'evil.example:8787', '10.0.0.1', '127.0.0.999'])
      assert.deepEqual(await issuers(host), [sandbox.url, sandbox.url], host);
  });
});
