import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Redactor } from '../../src/ui/redactor';
import { JwtError } from '../../src/tokens/inspect/jwt';
import { findJwt, parseJwt } from '../../src/tokens/inspect/parseJwt';
import { configureRuns } from './runs';

configureRuns();

const encode = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const header = fc.record(
  { alg: fc.oneof(fc.constantFrom('RS256', 'none', 'HS256'), fc.string()), kid: fc.string(), typ: fc.constant('JWT') },
  { requiredKeys: ['alg'] },
);
const claims = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }));
/** As long as the algorithm makes them, because the length shows where a token ends in broken lines. */
const SIZES: ReadonlyMap<string, number> = new Map([
  ['RS256', 256],
  ['HS256', 32],
  ['none', 0],
]);
const signature = fc.uint8Array({ minLength: 256, maxLength: 256 });
const jwt = fc.tuple(header, claims, signature).map(([h, c, s]) => {
  const bytes = Buffer.from(s.subarray(0, SIZES.get(h.alg) ?? 64));
  return { header: h, claims: c, compact: `${encode(h)}.${encode(c)}.${bytes.toString('base64url')}` };
});

describe('Whatever a JWT contains,', () => {
  it('it’s refused without being repeated, or decoded', () => {
    const part = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.constantFrom('.', '..', 'eyJ', 'eyJhbGciOiJSUzI1NiJ9', '=', '-', ' ', '\n', 'Bearer '),
      claims.map(encode),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 6 }).map((parts) => parts.join('.')),
        (text) => {
          try {
            const parsed = parseJwt(text);
            // Two without a signature, one with only claims.
            assert.ok(parsed.compact.split('.').length <= 3);
          } catch (error) {
            assert.ok(error instanceof JwtError, String(error));
            assert.match(error.message, /^Not a JWT: \w+$/);
          }
        },
      ),
    );
  });

  it('a valid one is decoded into its parts', () => {
    fc.assert(
      fc.property(jwt, ({ header: h, claims: c, compact }) => {
        const parsed = parseJwt(`Authorization: Bearer ${compact}\n`);
        assert.equal(parsed.compact, compact);
        assert.deepEqual(parsed.header, JSON.parse(JSON.stringify(h)));
        assert.deepEqual(parsed.claims, JSON.parse(JSON.stringify(c)));
      }),
    );
  });

  it('it’s found in surrounding text', () => {
    const around = fc.stringMatching(/^[ a-z"':,{}()\n-]{0,20}[ "':(]$/);
    fc.assert(
      fc.property(
        around,
        jwt,
        fc.stringMatching(/^[ "')\n,;][ a-z"':,{}()\n]{0,20}$/),
        (before, { compact }, after) => {
          assert.equal(findJwt(`curl ${before}${compact}${after} https://x`), compact);
        },
      ),
    );
  });

  it('it’s found in any encoding of the surrounding text, after shortened ones, and across line breaks', () => {
    const encoding = fc.constantFrom<(text: string) => string>(
      (text) => text,
      encodeURIComponent,
      (text) => encodeURIComponent(encodeURIComponent(text)),
      (text) => JSON.stringify({ text }),
      (text) => JSON.stringify(JSON.stringify({ text })),
      (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('.', '&#46;'),
      (text) => text.replaceAll('.', '%2e'),
      (text) => Buffer.from(`Authorization: Bearer ${text}`).toString('base64'),
    );
    const lineBreak = fc.constantFrom('', '\n', '\r\n', '\n> ', '=\n', '\u200b', '" +\n  "', '\\\n');
    const before = fc.constantFrom(
      '',
      'Bearer ',
      's:',
      'looks like eyJhbGciOi... then ',
      'eyJhbGciOiJSUzI1NiJ9.eyJ... ',
      'eyJ ',
      '"',
      '<',
      '_',
      't=',
      '{"t":"',
      'a.b c.d ',
    );
    const after = fc.constantFrom(
      '',
      '.',
      '...',
      '&token_type=Bearer',
      '"}',
      ';Path=/',
      '%',
      '\u200b',
      '!',
      '\nexpired',
      ' expired.',
      '\r\n\r\nBest regards',
      '</p>',
      '=',
    );
    const width = fc.integer({ min: 40, max: 120 });
    fc.assert(
      fc.property(
        jwt,
        encoding,
        lineBreak,
        width,
        before,
        after,
        ({ compact, claims: c, header: h }, encoded, broken, columns, start, end) => {
          if (!SIZES.has(h.alg)) return;
          const wrapped = compact.replace(new RegExp(`(.{${columns}})(?=.)`, 'g'), `$1${broken}`);
          const text = encoded(`${start}${wrapped}${end}`);
          const parsed = parseJwt(text);
          assert.equal(parsed.compact, compact, text);
          assert.deepEqual(parsed.claims, JSON.parse(JSON.stringify(c)));
        },
      ),
    );
  });

  it('the redactor removes it, and a secret in any form', async () => {
    const secret = fc.string({ minLength: 8, unit: 'grapheme' });
    await fc.assert(
      fc.asyncProperty(fc.string(), jwt, secret, fc.string(), async (before, { compact }, live, after) => {
        const redactor = new Redactor();
        redactor.add(live);
        await redactor.ready();
        assert.ok(!redactor.redact(`${before} ${compact} ${after}`).includes(compact));
        const bytes = Buffer.from(live);
        for (const form of [
          live,
          encodeURIComponent(live),
          bytes.toString('base64'),
          bytes.toString('base64url'),
          bytes.toString('hex'),
        ]) {
          const redacted = redactor.redact(`${before}\n${form}\n${after}`);
          const without = `${before}\n\n${after}`;
          assert.ok(!redacted.includes(form) || without.includes(form) || '[redacted]'.includes(form), form);
        }
      }),
    );
  });
});
