import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Redactor } from '../../src/editor/redactor';
import { findJwt, JwtError, parseJwt } from '../../src/tokens/inspect/jwt';
import { configureRuns } from './runs';

configureRuns();

const encode = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url');
const header = fc.record({ alg: fc.oneof(fc.constantFrom('RS256', 'none', 'HS256'), fc.string()), kid: fc.string(), typ: fc.constant('JWT') }, { requiredKeys: ['alg'] });
const claims = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }));
const signature = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64url'));
const jwt = fc.tuple(header, claims, signature).map(([h, c, s]) => ({ header: h, claims: c, compact: `${encode(h)}.${encode(c)}.${s}` }));

describe('Whatever a JWT holds', () => {
  it('any text is refused without being repeated, or taken apart', () => {
    const part = fc.oneof(fc.string(), fc.base64String(), fc.constantFrom('.', '..', 'eyJ', 'eyJhbGciOiJSUzI1NiJ9', '=', '-', ' ', '\n', 'Bearer '), claims.map(encode));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }).map((parts) => parts.join('.')), (text) => {
        try {
          const parsed = parseJwt(text);
          assert.equal(parsed.compact.split('.').length, 3);
        } catch (error) {
          assert.ok(error instanceof JwtError, String(error));
          assert.match(error.message, /^Not a JWT: \w+$/);
        }
      }),
    );
  });

  it('a good one is taken apart into what it was made of', () => {
    fc.assert(
      fc.property(jwt, ({ header: h, claims: c, compact }) => {
        const parsed = parseJwt(`Authorization: Bearer ${compact}\n`);
        assert.equal(parsed.compact, compact);
        assert.deepEqual(parsed.header, JSON.parse(JSON.stringify(h)));
        assert.deepEqual(parsed.claims, JSON.parse(JSON.stringify(c)));
      }),
    );
  });

  it('it is found in the text around it', () => {
    const around = fc.stringMatching(/^[ a-z"':,{}()\n-]{0,20}[ "':(]$/);
    fc.assert(
      fc.property(around, jwt, fc.stringMatching(/^[ "')\n,;][ a-z"':,{}()\n]{0,20}$/), (before, { compact }, after) => {
        assert.equal(findJwt(`curl ${before}${compact}${after} https://x`), compact);
      }),
    );
  });

  it('it does not pass the redactor, nor does a secret in any form', () => {
    const secret = fc.string({ minLength: 8, unit: 'grapheme' });
    fc.assert(
      fc.property(fc.string(), jwt, secret, fc.string(), (before, { compact }, live, after) => {
        const redactor = new Redactor();
        redactor.add(live);
        assert.ok(!redactor.redact(`${before} ${compact} ${after}`).includes(compact));
        const bytes = Buffer.from(live);
        for (const form of [live, encodeURIComponent(live), bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')]) {
          const redacted = redactor.redact(`${before}\n${form}\n${after}`);
          const without = `${before}\n\n${after}`;
          assert.ok(!redacted.includes(form) || without.includes(form) || '[redacted]'.includes(form), form);
        }
      }),
    );
  });
});
