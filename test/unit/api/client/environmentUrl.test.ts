import assert from 'node:assert/strict';
import { EnvironmentUrlError, isLoopbackHost, parseEnvironmentUrl } from '../../../../src/api/client/environmentUrl';
import { assertGrowsWithSize } from '../../../support/processorTime';

function fault(text: string): string {
  try {
    return `taken as ${parseEnvironmentUrl(text)}`;
  } catch (error) {
    assert.ok(error instanceof EnvironmentUrlError, String(error));
    return error.fault;
  }
}

describe('parseEnvironmentUrl', () => {
  const cleaned: Record<string, string> = {
    'https://acme.scalekit.dev': 'https://acme.scalekit.dev',
    'acme.scalekit.dev': 'https://acme.scalekit.dev',
    'acme.scalekit.dev/': 'https://acme.scalekit.dev',
    'HTTPS://Acme.Scalekit.DEV': 'https://acme.scalekit.dev',
    '  https://acme.scalekit.dev  ': 'https://acme.scalekit.dev',
    '\thttps://acme.scalekit.dev\r\n': 'https://acme.scalekit.dev',
    '\ufeffhttps://acme.scalekit.dev': 'https://acme.scalekit.dev',
    '"https://acme.scalekit.dev"': 'https://acme.scalekit.dev',
    "'acme.scalekit.dev'": 'https://acme.scalekit.dev',
    '`https://acme.scalekit.dev`': 'https://acme.scalekit.dev',
    '<https://acme.scalekit.dev>': 'https://acme.scalekit.dev',
    '“https://acme.scalekit.dev”': 'https://acme.scalekit.dev',
    '«https://acme.scalekit.dev»': 'https://acme.scalekit.dev',
    '»https://acme.scalekit.dev«': 'https://acme.scalekit.dev',
    '《https://acme.scalekit.dev》': 'https://acme.scalekit.dev',
    '‹acme.scalekit.dev›': 'https://acme.scalekit.dev',
    '„https://acme.scalekit.dev“': 'https://acme.scalekit.dev',
    '‚https://acme.scalekit.dev‘': 'https://acme.scalekit.dev',
    '「https://acme.scalekit.dev」': 'https://acme.scalekit.dev',
    '＂https://acme.scalekit.dev＂': 'https://acme.scalekit.dev',
    '“«https://acme.scalekit.dev»”,': 'https://acme.scalekit.dev',
    'https://acme.scalekit.dev,': 'https://acme.scalekit.dev',
    'https://acme.scalekit.dev;': 'https://acme.scalekit.dev',
    'https://acme.scalekit.dev.': 'https://acme.scalekit.dev',
    '"https://acme.scalekit.dev",': 'https://acme.scalekit.dev',
    '[our Scalekit](https://acme.scalekit.dev)': 'https://acme.scalekit.dev',
    '[https://acme.scalekit.dev](https://acme.scalekit.dev/)': 'https://acme.scalekit.dev',
    '<https://acme.scalekit.dev|acme.scalekit.dev>': 'https://acme.scalekit.dev',
    'https://acme.scalekit.dev\u00a0': 'https://acme.scalekit.dev',
    '" https://acme.scalekit.dev "': 'https://acme.scalekit.dev',
    'https://acme.scalekit.dev/': 'https://acme.scalekit.dev',
    'https://acme.scalekit.dev//': 'https://acme.scalekit.dev',
    'https://acme.scalekit.dev/oauth/token': 'https://acme.scalekit.dev',
    'acme.scalekit.dev/api/v1/organizations': 'https://acme.scalekit.dev',
    'https://acme.scalekit.dev:443': 'https://acme.scalekit.dev',
    'https://acme.scalekit.dev:8443/': 'https://acme.scalekit.dev:8443',
    'acme.scalekit.dev:8443': 'https://acme.scalekit.dev:8443',
    'localhost:8787': 'https://localhost:8787',
    'https://auth.example.co.uk': 'https://auth.example.co.uk',
    'https://scalekit_internal': 'https://scalekit_internal',
    'https://192.0.2.7': 'https://192.0.2.7',
    'https://[2001:DB8::1]:8443': 'https://[2001:db8::1]:8443',
    'http://localhost:8787': 'http://localhost:8787',
    'http://127.0.0.1:8787/': 'http://127.0.0.1:8787',
    'http://127.9.8.7': 'http://127.9.8.7',
    'http://[::1]:8787': 'http://[::1]:8787',
    'http://scalekit.localhost:8787': 'http://scalekit.localhost:8787',
  };
  for (const [text, origin] of Object.entries(cleaned)) {
    it(`reads ${JSON.stringify(text)} as ${origin}`, () => {
      assert.equal(parseEnvironmentUrl(text), origin);
    });
  }

  it('strips what surrounds a URL even if it’s very long', () => {
    const around = ' \u200b\u{e0001}'.repeat(50_000);
    assert.equal(parseEnvironmentUrl(`${around}acme.scalekit.dev${around}`), 'https://acme.scalekit.dev');
    assert.equal(fault(`a${around}b`), 'malformed');
    assertGrowsWithSize((size) => void fault(`a${' \u200b\u{e0001}'.repeat(size)}b`), 20_000);
  });

  const refused: Record<string, readonly string[]> = {
    empty: ['', '   ', '\t\n', '""', "' '", '<>'],
    scheme: [
      'ftp://acme.scalekit.dev',
      'ws://acme.scalekit.dev',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'data:text/html,x',
      'vscode://acme',
      'blob:https://acme.scalekit.dev',
    ],
    userInfo: [
      'https://user:pw@acme.scalekit.dev',
      'https://user@acme.scalekit.dev',
      'https://acme.scalekit.dev@evil.example',
      'me@acme.scalekit.dev',
      'http://127.0.0.1:80@evil.example',
    ],
    query: ['https://acme.scalekit.dev?x=1', 'https://acme.scalekit.dev/?', 'acme.scalekit.dev/path?client_secret=1'],
    fragment: ['https://acme.scalekit.dev#top', 'https://acme.scalekit.dev/#', 'acme.scalekit.dev#?x'],
    insecure: [
      'http://acme.scalekit.dev',
      'http://localhost.evil.example',
      'http://evil-localhost',
      'http://127.0.0.1.evil.example',
      'http://192.168.0.1',
      'http://0.0.0.0:8787',
      'http://10.0.0.1',
      'http://[::2]',
      'http://[fe80::1]',
      'http://3232235521',
      'http://0x0a000001',
      'http://localhost.',
      'http://[::ffff:127.0.0.1]',
      'http://[::]',
      'http://0',
      'http://localhost。evil.example',
      'http://127.1.evil.example',
      'HTTP://ACME.SCALEKIT.DEV',
    ],
    incomplete: ['acme', 'Acme-dev', '"acme"', 'env_123', 'acme/'],
    dashboard: [
      'https://app.scalekit.com/ws/environments/env_1',
      'app.scalekit.com',
      'https://auth.scalekit.com',
      'app.eu.scalekit.com',
      'https://APP.scalekit.com.',
    ],
    mcp: ['https://mcp.scalekit.com/', 'mcp.scalekit.com'],
    website: [
      'docs.scalekit.com',
      'https://docs.scalekit.com/sso',
      'https://www.scalekit.com',
      'scalekit.com',
      'scalekit.dev',
      'status.scalekit.com',
    ],
    malformed: [
      '【https://acme.scalekit.dev】',
      '_https://acme.scalekit.dev_',
      '«https://acme.scalekit.dev',
      '[https://acme.scalekit.dev](https://evil.example)',
      '<https://evil.example|acme.scalekit.dev>',
      '/https://',
      '///acme.scalekit.dev',
      'https:///acme.scalekit.dev',
      'https:////acme.scalekit.dev',
      'https://',
      'https:',
      'https:acme.scalekit.dev',
      'https:/acme.scalekit.dev',
      'https://:443',
      'https://acme.scalekit.dev:99999',
      'https://acme.scalekit.dev:port',
      'https://acme scalekit.dev',
      'https://acme.scale\tkit.dev',
      'https://acme.scalekit.dev\nhttps://other.scalekit.dev',
      'https://acme.scalekit.dev\\@evil.example',
      'https:\\\\acme.scalekit.dev',
      'https://acme.scalekit.dev\u0000',
      'https://[::1',
      'https://acme.scalekit.dev%00',
      'https://<SCALEKIT_ENVIRONMENT_URL>/',
      'https://${SCALEKIT_ENVIRONMENT_URL}',
      'https://https://acme.scalekit.dev',
      'https://https//acme.scalekit.dev',
      'SCALEKIT_ENVIRONMENT_URL=https://acme.scalekit.dev',
      'https://acme,scalekit,dev',
      'https://..',
      'just words',
      'https://acme.scalekit.dev%2eevil.example',
      'https://acme.scalekit.dev%40evil.example',
      'https://acme\u00ad.scalekit.dev',
      'https://acme\u200b.scalekit.dev',
      'https://acme.\u202escalekit.dev',
      'https://acme.scalekit.dev／evil.example',
      'https://acme.scalekit.dev;evil.example',
      'https://acme.scalekit.dev:443:443',
      'https://*.scalekit.dev',
      'https://xn--',
    ],
  };
  for (const [expected, texts] of Object.entries(refused)) {
    for (const text of texts) {
      it(`refuses ${JSON.stringify(text)} as ${expected}`, () => {
        assert.equal(fault(text), expected);
      });
    }
  }

  it('shows a look-alike name as punycode', () => {
    assert.equal(parseEnvironmentUrl('https://аcme.scalekit.dev'), 'https://xn--cme-5cd.scalekit.dev');
    assert.equal(parseEnvironmentUrl('https://münchen.example'), 'https://xn--mnchen-3ya.example');
    assert.equal(
      parseEnvironmentUrl('https://acme.scalekit.dev⁄evil.example'),
      'https://acme.scalekit.xn--devevil-3d7c.example',
    );
    assert.equal(
      parseEnvironmentUrl('https://acme.scalekit.dev。evil.example'),
      'https://acme.scalekit.dev.evil.example',
    );
  });

  it('recognizes loopback written as a number', () => {
    assert.equal(parseEnvironmentUrl('http://2130706433:8787'), 'http://127.0.0.1:8787');
    assert.equal(parseEnvironmentUrl('http://0x7f.1'), 'http://127.0.0.1');
    assert.equal(parseEnvironmentUrl('http://127.1'), 'http://127.0.0.1');
  });

  it('never repeats the text in its error, since a secret may have been pasted', () => {
    for (const text of [
      'ftp://test_verySecretValue',
      'https://user:test_verySecretValue@host',
      'https://host?test_verySecretValue',
      'test_verySecretValue value',
    ]) {
      try {
        parseEnvironmentUrl(text);
        assert.fail(`${text} was taken`);
      } catch (error) {
        assert.ok(error instanceof EnvironmentUrlError);
        assert.ok(!String(error.stack).includes('verySecretValue'), text);
        assert.deepEqual(Object.keys(error).sort(), ['fault', 'name']);
      }
    }
  });
});

describe('isLoopbackHost', () => {
  it('distinguishes this machine from hosts that only look like it', () => {
    for (const host of ['localhost', 'a.localhost', '127.0.0.1', '127.255.255.254', '[::1]'])
      assert.equal(isLoopbackHost(host), true, host);
    for (const host of [
      'localhost.',
      'localhost.evil',
      'xlocalhost',
      '128.0.0.1',
      '127.0.0.1.evil',
      '[::]',
      '0.0.0.0',
      '',
    ]) {
      assert.equal(isLoopbackHost(host), false, host);
    }
  });
});
