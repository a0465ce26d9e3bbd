import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Redactor } from '../../../src/editor/redactor';
import { signedJwt } from '../../support/jwt';

describe('Redactor', () => {
  let redactor: Redactor;

  beforeEach(() => {
    redactor = new Redactor();
  });

  it('leaves text without secrets alone', () => {
    redactor.add('test_secret');
    const line = 'GET https://acme.scalekit.dev/api/v1/organizations 200 31 ms trace 0af7651916cd43dd8448eb211c80319c';
    assert.equal(redactor.redact(line), line);
  });

  const secret = 'test_ 1/+=&%"ü\\x';
  const forms: Record<string, string> = {
    'as it is': secret,
    'URL-encoded': encodeURIComponent(secret),
    'as a form value': new URLSearchParams({ s: secret }).toString().slice(2),
    'inside JSON': JSON.stringify(secret).slice(1, -1),
    'as base64': Buffer.from(secret).toString('base64'),
    'as base64url': Buffer.from(secret).toString('base64url'),
    'as hex': Buffer.from(secret).toString('hex'),
  };
  for (const [name, form] of Object.entries(forms)) {
    it(`takes a secret out ${name}`, () => {
      redactor.add(secret);
      assert.equal(redactor.redact(`before ${form} between ${form} after`), 'before [redacted] between [redacted] after');
    });
  }

  it('takes out a JWT that it was never told of', async () => {
    const jwt = await signedJwt({ iat: 1, exp: 2 });
    assert.equal(redactor.redact(`Authorization: Bearer ${jwt}`), 'Authorization: Bearer [redacted]');
    assert.equal(redactor.redact(`cut off: ${jwt.split('.').slice(0, 2).join('.')}`), 'cut off: [redacted]');
  });

  it('takes out just what this pattern would, also glued to other characters', () => {
    const pattern = /eyJ[\w-]{8,}\.[\w-]{2,}(?:\.[\w-]*)?/g;
    assert.equal(redactor.redact('tokenIs_eyJhbGciOiJS.eyJ9.x-.and.more'), 'tokenIs_[redacted].and.more');
    const piece = fc.constantFrom('eyJ', 'eyJhbGciOiJS', '.', '.x', '.xy', 'a', '-', '_', ' ', 'é', '"', 'eyJaaaaaaa', 'eyJaaaaaaaa');
    const texts = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
    fc.assert(fc.property(texts, (text) => assert.equal(redactor.redact(text), text.replace(pattern, '[redacted]'))), { numRuns: 2_000 });
  });

  it('reads what a hostile server may answer, 8 MB, without holding the loop up', function () {
    this.timeout(20_000);
    for (const piece of ['eyJ', 'eyJ.', 'eyJaaaaaaaa.a.', 'a', '-eyJaaaaaaaa', '.eyJaaaaaaaa.aa']) {
      const text = piece.repeat((8 * 1024 * 1024) / piece.length);
      const started = performance.now();
      redactor.redact(text);
      assert.ok(performance.now() - started < 2_000, `${piece}: ${performance.now() - started} ms`);
    }
  });

  it('takes out the longer of two secrets whole', () => {
    redactor.add('test_abc');
    redactor.add('test_abcdefgh');
    assert.equal(redactor.redact('test_abcdefgh test_abc'), '[redacted] [redacted]');
  });

  it('does not blot out words for a secret of a few letters', () => {
    redactor.add('');
    redactor.add('abc');
    assert.equal(redactor.redact('abcdef'), 'abcdef');
  });

  it('treats signs of regular expressions and replacements as letters', () => {
    redactor.add('$&.*[a-z]');
    assert.equal(redactor.redact('x$&.*[a-z]x $1'), 'x[redacted]x $1');
  });

  it('knows the newest secrets when there are very many', () => {
    for (let number = 0; number < 600; number++) redactor.add(`secret-number-${number}-`);
    assert.equal(redactor.redact('secret-number-599- secret-number-150-'), '[redacted] [redacted]');
  });

  it('keeps a secret that is added again among the newest', () => {
    redactor.add('the client secret');
    for (let number = 0; number < 499; number++) redactor.add(`token-number-${number}-`);
    redactor.add('the client secret');
    for (let number = 499; number < 900; number++) redactor.add(`token-number-${number}-`);
    assert.equal(redactor.redact('the client secret'), '[redacted]');
  });

  it('leaves no secret in any text around it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme' }), fc.string(), fc.string(), (value, before, after) => {
        // The mark itself may hold a part of such a text.
        fc.pre(!'[redacted]'.includes(value));
        const own = new Redactor();
        own.add(value);
        for (const form of [value, encodeURIComponent(value), Buffer.from(value).toString('base64')]) {
          assert.ok(!own.redact(`${before}${form}${after}`).includes(form), JSON.stringify([value, form]));
        }
      }),
    );
  });
});
