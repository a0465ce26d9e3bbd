import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EnvironmentUrlError, isLoopbackHost, parseEnvironmentUrl } from '../../src/api/client/environmentUrl';
import { configureRuns } from './runs';

configureRuns();

const piece = fc.oneof(
  fc.constantFrom(
    'https://',
    'http://',
    'HTTPS:',
    '//',
    '\\',
    '@',
    ':',
    '#',
    '?',
    '/',
    '.',
    '..',
    '%2f',
    '[::1]',
    '127.0.0.1',
    'localhost',
    '.scalekit.dev',
    '\t',
    '\n',
    '\u202e',
    '\u200b',
    'ａ',
    '。',
    'ß',
    'xn--',
    '0x7f.1',
    '8443',
    '/oauth/token',
  ),
  fc.webAuthority(),
  fc.string({ maxLength: 8 }),
  fc.string({ maxLength: 8, unit: 'binary' }),
);
const text = fc.oneof(
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
);

describe('Whatever a person types as an environment URL,', () => {
  it('it’s refused without being repeated, or becomes an origin that may get a secret', () => {
    fc.assert(
      fc.property(text, (typed) => {
        let origin: string;
        try {
          origin = parseEnvironmentUrl(typed);
        } catch (error) {
          assert.ok(error instanceof EnvironmentUrlError, String(error));
          assert.match(error.message, /^Not an environment URL: \w+$/);
          return;
        }
        const url = new URL(origin);
        assert.equal(url.origin, origin);
        assert.ok(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname)), origin);
        assert.match(origin, /^https?:\/\/[\w.:[\]-]+$/, 'it has only visible characters');
        assert.equal(parseEnvironmentUrl(origin), origin, 'it stays the same');
      }),
    );
  });

  it('its host is the one that a person reads before the first slash', () => {
    const host = fc.domain();
    const path = fc.oneof(
      fc.constant(''),
      fc.constant('/'),
      fc.array(fc.stringMatching(/^[\w.~-]{1,8}$/)).map((parts) => `/${parts.join('/')}`),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('https://', 'HTTPS://', ''),
        host,
        path,
        fc.constantFrom('', ' ', '\n'),
        (scheme, name, rest, space) => {
          assert.equal(parseEnvironmentUrl(`${space}${scheme}${name}${rest}${space}`), `https://${name.toLowerCase()}`);
        },
      ),
    );
  });
});
