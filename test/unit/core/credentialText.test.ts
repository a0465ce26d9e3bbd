import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import {
  findCredentials,
  hasAny,
  isComplete,
  readCredentials,
  writeDotenv,
  type FoundCredentials,
} from '../../../src/core/credentialText';
import { decodeText } from '../../../src/environments/decodeText';
import { CREDENTIAL_TABLE } from '../../support/credentialTable';
import { assertGrowsWithSize } from '../../support/processorTime';

const URL_TEXT = 'https://acme.scalekit.dev';
const ALL = { environmentUrl: URL_TEXT, clientId: 'skc_1', clientSecret: 'test_a+b/c=' };

describe('credentials in a text', () => {
  const cases: readonly (readonly [what: string, text: string, found: FoundCredentials])[] = [
    [
      'plain lines',
      'SCALEKIT_ENVIRONMENT_URL=https://acme.scalekit.dev\nSCALEKIT_CLIENT_ID=skc_1\nSCALEKIT_CLIENT_SECRET=test_a+b/c=',
      ALL,
    ],
    [
      'lines with a BOM and CRLF',
      '\ufeffSCALEKIT_ENVIRONMENT_URL=https://acme.scalekit.dev\r\nSCALEKIT_CLIENT_ID=skc_1\r\nSCALEKIT_CLIENT_SECRET=test_a+b/c=\r\n',
      ALL,
    ],
    [
      'lines with export, quotes, spaces and comments',
      '# ours\nexport SCALEKIT_ENV_URL="https://acme.scalekit.dev" # host\n  SCALEKIT_CLIENT_ID = \'skc_1\'\nSCALEKIT_CLIENT_SECRET="test_a+b/c="',
      ALL,
    ],
    [
      'other variables around them',
      'PORT=3000\nDATABASE_URL=postgres://u:p@h/d\nSCALEKIT_URL=https://acme.scalekit.dev\nSCALEKIT_CLIENT_ID=skc_1\nSCALEKIT_CLIENT_SECRET=test_a+b/c=\nX=',
      ALL,
    ],
    [
      'interpolation of other lines',
      'HOST=acme.scalekit.dev\nSCALEKIT_ENVIRONMENT_URL=https://${HOST}\nSCALEKIT_CLIENT_ID=skc_1\nKEY=test_a+b/c=\nSCALEKIT_CLIENT_SECRET=${KEY}',
      ALL,
    ],
    [
      'duplicates, of which the last counts',
      'SCALEKIT_CLIENT_ID=skc_0\nSCALEKIT_CLIENT_ID=skc_1',
      { clientId: 'skc_1' },
    ],
    [
      'names of several variants, of which Scalekit’s own counts',
      'SCALEKIT_URL=https://old.example\nSCALEKIT_ENVIRONMENT_URL=https://acme.scalekit.dev',
      { environmentUrl: URL_TEXT },
    ],
    ['a hash within quotes', 'SCALEKIT_CLIENT_SECRET="test_#1" # ours', { clientSecret: 'test_#1' }],
    ['a reference to an unknown name', "SCALEKIT_CLIENT_SECRET='test_${nobody}'", { clientSecret: 'test_${nobody}' }],
    ['references in a circle', 'A=${B}\nB=${A}\nSCALEKIT_CLIENT_ID=skc_1', { clientId: 'skc_1' }],
    ['empty values', 'SCALEKIT_CLIENT_ID=\nSCALEKIT_CLIENT_SECRET=""', {}],
    [
      'a JSON object',
      '{"environment_url":"https://acme.scalekit.dev","client_id":"skc_1","client_secret":"test_a+b/c="}',
      ALL,
    ],
    [
      'a JSON object within one, in camel case',
      '{"name":"x","scalekit":{"envUrl":"https://acme.scalekit.dev","clientId":"skc_1","clientSecret":"test_a+b/c="}}',
      ALL,
    ],
    ['JSON with values of other types', '{"client_id":7,"client_secret":null,"environment_url":["x"]}', {}],
    ['JSON that is a list of lines', '["SCALEKIT_CLIENT_ID=skc_1"]', { clientId: 'skc_1' }],
    ['JSON that is a number', '7', {}],
    ...CREDENTIAL_TABLE,
    [
      'a YAML list after another provider',
      'providers:\n  - name: github\n    client_id: Iv1.a\n    client_secret: b\n  - name: scalekit\n    environment_url: https://acme.scalekit.dev\n    client_id: skc_1\n    client_secret: test_a+b/c=',
      ALL,
    ],
    [
      'the same names after another provider, secret first',
      'CLIENT_SECRET=b\nCLIENT_ID=a\nENVIRONMENT_URL=https://acme.scalekit.dev\nCLIENT_SECRET=test_a+b/c=\nCLIENT_ID=skc_1',
      ALL,
    ],
    [
      'lines for Scalekit next to a connection’s credentials',
      'SCALEKIT_ENVIRONMENT_URL=https://acme.scalekit.dev\nSCALEKIT_GOOGLE_CLIENT_ID=1-a.apps.googleusercontent.com\nSCALEKIT_GOOGLE_CLIENT_SECRET=GOCSPX-a',
      { environmentUrl: URL_TEXT },
    ],
    [
      'lines for Scalekit next to a connection’s secret',
      'SCALEKIT_ENVIRONMENT_URL=https://acme.scalekit.dev\nSCALEKIT_CLIENT_ID=skc_1\nSCALEKIT_GOOGLE_CLIENT_SECRET=GOCSPX-a',
      { environmentUrl: URL_TEXT, clientId: 'skc_1' },
    ],
    [
      'XML tags on one line',
      '<scalekit><environmentUrl>https://acme.scalekit.dev</environmentUrl><clientId>skc_1</clientId><clientSecret>test_a+b/c=</clientSecret></scalekit>',
      ALL,
    ],
    [
      'template references, which stay unchanged',
      'SCALEKIT_CLIENT_ID: ${{ secrets.ID }}\nSCALEKIT_CLIENT_SECRET: {{ .Values.secret }}',
      { clientId: '${{ secrets.ID }}', clientSecret: '{{ .Values.secret }}' },
    ],
    [
      '.env lines whose values begin with slashes',
      'SCALEKIT_ENVIRONMENT_URL=//acme.scalekit.dev\nSCALEKIT_CLIENT_ID=skc_1 // ours\nSCALEKIT_CLIENT_SECRET=//a+b/c=',
      { environmentUrl: '//acme.scalekit.dev', clientId: 'skc_1', clientSecret: '//a+b/c=' },
    ],
    ['names in code before a comment', 'clientId = // skc_1\nclientSecret: //test_1', {}],
    ['prose', 'Please send me the client secret, thank you.', {}],
    ['nothing', '', {}],
  ];
  for (const [what, text, expected] of cases) {
    it(`are ${hasAny(expected) ? 'found' : 'not seen'} in ${what}`, () =>
      assert.deepEqual(JSON.parse(JSON.stringify(findCredentials(text))), expected));
  }

  it('of 5 MB are found in linear time', () => {
    const text = (lines: number): string => `${'A=${A}b\n'.repeat(lines)}SCALEKIT_CLIENT_ID=skc_1\n`;
    assert.equal(findCredentials(text(600_000)).clientId, 'skc_1');
    assertGrowsWithSize((lines) => void findCredentials(text(lines)), 50_000);
  });

  it('with nested references are limited in length', () => {
    const lines = Array.from({ length: 8 }, (_, level) => `V${level}=${`\${V${level + 1}}`.repeat(20)}`).join('\n');
    // Fully expanded, it would be 25 billion characters.
    assert.ok((findCredentials(`${lines}\nV8=x\nSCALEKIT_CLIENT_ID=\${V0}`).clientId ?? '').length < 1_000_000);
  });

  it('never cause an error, whatever the text is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void findCredentials(text)));
    fc.assert(fc.property(fc.json(), (text) => void findCredentials(text)));
  });

  it('of several environments are returned separately', () => {
    const dev = { environmentUrl: URL_TEXT, clientId: 'skc_1', clientSecret: 'test_1' };
    const prod = { environmentUrl: 'https://acme.scalekit.com', clientId: 'prd_skc_2', clientSecret: 'live_2' };
    const lines = (found: Required<FoundCredentials>): string => writeDotenv(found) ?? '';
    for (const text of [
      `# dev\n${lines(dev)}# prod\n${lines(prod)}`,
      JSON.stringify([dev, prod]),
      `[dev]\n${lines(dev)}[prod]\n${lines(prod)}`,
      JSON.stringify({ dev, prod }),
    ]) {
      assert.deepEqual(readCredentials(text).records, [dev, prod], text);
      assert.deepEqual(findCredentials(text), {});
    }
  });

  it('that aren’t found come with a reason', () => {
    assert.equal(readCredentials('GITHUB_CLIENT_ID=Iv1.a\nGITHUB_CLIENT_SECRET=b').instead, 'otherProvider');
    assert.equal(readCredentials('# SCALEKIT_CLIENT_ID=skc_1').instead, 'commentedOut');
    assert.equal(readCredentials('SCALEKIT_CLIENT_ID=\nSCALEKIT_CLIENT_SECRET=""').instead, 'emptyValues');
    assert.equal(readCredentials('nothing at all').instead, undefined);
  });

  it('are read from UTF-8 and UTF-16, with or without a BOM', () => {
    const text = 'SCALEKIT_CLIENT_ID=skc_1\r\n';
    const little = Buffer.from(text, 'utf16le');
    const big = Buffer.from(little).swap16();
    const encodings = [
      Buffer.from(text),
      Buffer.from(`\ufeff${text}`),
      little,
      big,
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
    ];
    for (const bytes of encodings) assert.equal(decodeText(bytes), text);
    assert.equal(decodeText(new Uint8Array()), '');
    assert.equal(
      decodeText(Buffer.concat([little, Buffer.from('x')])),
      text,
      'half a character at the end is left out',
    );
  });

  it('are complete if none of the three is missing', () => {
    assert.ok(isComplete(ALL));
    assert.ok(!isComplete({ ...ALL, clientSecret: undefined }));
    assert.ok(hasAny({ clientId: 'x' }) && !hasAny({}));
  });
});

describe('credentials as .env lines', () => {
  it('are read back the same by Node and a shell, or refused', () => {
    const secrets = [
      'plain',
      'a+b/c=d',
      'a b',
      'a#b',
      "it's",
      'say "hi"',
      'a$b',
      'a`b',
      'a\\b',
      '${HOME}',
      '$(id)',
      'ü密🔑',
      '=&%',
      '`id`',
      '!x',
      '*',
      '~',
      'a;b',
      'x'.repeat(4096),
    ];
    let refused = 0;
    for (const clientSecret of [...secrets, `both "'`, `it's $HOME`]) {
      const text = writeDotenv({ ...ALL, clientSecret });
      if (text === undefined) {
        refused++;
        continue;
      }
      assert.equal(parseEnv(text)['SCALEKIT_CLIENT_SECRET'], clientSecret);
      assert.equal(findCredentials(text).clientSecret, clientSecret === '${HOME}' ? clientSecret : clientSecret.trim());
      const printed = execFileSync('sh', ['-c', `${text}\nprintf %s "$SCALEKIT_CLIENT_SECRET"`], { encoding: 'utf8' });
      assert.equal(printed, clientSecret);
    }
    assert.equal(refused, 2, 'only what no quoting can carry to both');
  });

  it('with any secret are read back by Node, or refused', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => text.trim() === text),
        (clientSecret) => {
          const text = writeDotenv({ ...ALL, clientSecret });
          assert.ok(
            text === undefined || parseEnv(text)['SCALEKIT_CLIENT_SECRET'] === clientSecret,
            JSON.stringify(clientSecret),
          );
        },
      ),
    );
  });
});
