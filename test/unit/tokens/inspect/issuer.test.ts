import assert from 'node:assert/strict';
import { isIssuedBy } from '../../../../src/tokens/inspect/issuer';

describe('the issuer of a token', () => {
  const ENVIRONMENT = 'https://acme.scalekit.dev';

  for (const issuer of ['', '/', '/resources/res_1', '/resources/res_1/', '/resources/any%20name']) {
    it(`may be {environment}${issuer}`, () => assert.ok(isIssuedBy(`${ENVIRONMENT}${issuer}`, ENVIRONMENT)));
  }

  it('may be any spelling of the environment’s URL', () => {
    for (const issuer of [
      'https://ACME.scalekit.dev',
      'https://acme.scalekit.dev:443/',
      'HTTPS://acme.scalekit.dev/resources/res_1',
    ])
      assert.ok(isIssuedBy(issuer, ENVIRONMENT), issuer);
    assert.ok(isIssuedBy('http://127.0.0.1:8787/base/resources/res_1', 'http://127.0.0.1:8787/base'));
  });

  it('isn’t the environment with anything else', () => {
    const others = [
      '/tenant',
      '/resources',
      '/resources/',
      '/resources/res_1/x',
      '/resources//',
      '?x=1',
      '/#',
      '/resources/res_1?x',
      '.evil.example',
      ':8443',
      '/resources/../x',
    ];
    for (const issuer of [
      ...others.map((path) => `${ENVIRONMENT}${path}`),
      'http://acme.scalekit.dev',
      'https://u@acme.scalekit.dev',
      'acme.scalekit.dev',
      '',
      'not a URL',
    ]) {
      assert.equal(isIssuedBy(issuer, ENVIRONMENT), issuer === `${ENVIRONMENT}/#`, issuer);
    }
    assert.equal(isIssuedBy('http://127.0.0.1:8787/basement', 'http://127.0.0.1:8787/base'), false);
  });
});
