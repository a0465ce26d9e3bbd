import assert from 'node:assert/strict';
import { loopbackOrigin } from '../../../src/sandbox/pages/loopback';

const originFor = (host: string | undefined) =>
  loopbackOrigin({
    method: 'GET',
    path: '/',
    query: new URLSearchParams(),
    headers: { host },
    body: '',
    isLocal: true,
  });

describe('the origin that a Host header names', () => {
  for (const [host, origin] of [
    ['localhost:8787', 'http://localhost:8787'],
    ['127.0.0.1:8787', 'http://127.0.0.1:8787'],
    ['127.8.9.10', 'http://127.8.9.10'],
    ['[::1]:9000', 'http://[::1]:9000'],
    ['LOCALHOST:8787', 'http://localhost:8787'],
    ['acme.localhost:8787', 'http://acme.localhost:8787'],
    ['my-app.acme.localhost', 'http://my-app.acme.localhost'],
    ['localhost:80', 'http://localhost'],
  ] as const) {
    it(`is ${origin} for ${host}`, () => {
      assert.equal(originFor(host), origin);
    });
  }

  for (const host of [
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    'evil.example#localhost',
    'localhost@evil.example',
    'evil.example/localhost',
    'evil.example?.localhost',
    'evillocalhost',
    '.localhost',
    'localhost.',
    'localhost:',
    'localhost:99999',
    'localhost:8787, evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.256',
    '128.0.0.1',
    '0.0.0.0:8787',
    '[::2]:8787',
    'локалхост',
  ]) {
    it(`is none for ${host ?? 'no Host'}`, () => {
      assert.equal(originFor(host), undefined);
    });
  }
});
