import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Redactor } from '../../../src/ui/redactor';
import { signedJwt } from '../../support/jwt';
import { writtenForms } from '../../support/writtenForms';

describe('Redactor', () => {
  let redactor: Redactor;

  beforeEach(async () => {
    redactor = new Redactor();
    await redactor.ready();
  });

  it('leaves text without secrets unchanged', () => {
    redactor.add('test_secret');
    const line = 'GET https://acme.scalekit.dev/api/v1/organizations 200 31 ms trace 0af7651916cd43dd8448eb211c80319c';
    assert.equal(redactor.redact(line), line);
  });

  const secret = 'test_ 1/+=&%"ü\\x<9f>\'~k';
  for (const [name, write] of Object.entries(writtenForms)) {
    it(`redacts a secret ${name}`, () => {
      redactor.add(secret);
      const redacted = redactor.redact(`before, ${write(secret)}, between, ${write(secret)}, after`);
      assert.match(redacted, /^before, .*\[redacted\].*, between, .*\[redacted\].*, after$/s);
      assert.ok(!redacted.includes(write(secret)), redacted);
      assert.ok(redacted.length < 2 * write(secret).length + 60, redacted);
    });
  }

  it('redacts exactly the secret in common encodings, and keeps the text around it', () => {
    redactor.add(secret);
    const within = [
      'as it is',
      'percent-encoded',
      'percent-encoded in lower case',
      'in JSON',
      'in base64',
      'in base64url',
      'in hex',
      'in upper-case hex',
    ];
    for (const name of within) {
      const form = writtenForms[name]?.(secret) ?? '';
      assert.equal(
        redactor.redact(`before, ${form}, between "${form}" after`),
        'before, [redacted], between "[redacted]" after',
        name,
      );
    }
  });

  it('redacts each of several secrets in one base64 text, and keeps the rest', () => {
    redactor.add('test_firstSecret+1');
    redactor.add('test_secondSecret/2');
    const encoded = Buffer.from('a=test_firstSecret+1;b=test_secondSecret/2;tail').toString('base64');
    const redacted = redactor.redact(`Basic ${encoded}`);
    assert.match(redacted, /^Basic [\w+/]{2}\[redacted\][\w+/]*\[redacted\][\w+/]+=*$/);
    assert.ok(
      !Buffer.from(redacted.split(']').at(-1) ?? '', 'base64')
        .toString()
        .includes('Secret'),
    );
  });

  it('redacts an unknown JWT within another encoding', async () => {
    const jwt = await signedJwt({ iat: 1, exp: 2 });
    for (const [name, write] of Object.entries(writtenForms)) {
      const redacted = redactor.redact(`before, ${write(jwt)}, after`);
      assert.ok(redacted.includes('[redacted]') && !redacted.includes(write(jwt)), name);
    }
  });

  it('redacts a secret within two nested encodings, whatever is around it', async function () {
    this.timeout(30_000);
    const names = Object.keys(writtenForms);
    const letters = fc.string({
      minLength: 12,
      maxLength: 40,
      unit: fc.constantFrom(
        ...Array.from({ length: 0x5f }, (_, index) => String.fromCharCode(0x20 + index)).filter(
          (each) => each !== '\\',
        ),
      ),
    });
    const glue = fc.constantFrom('', ' ', '"', 'a', 'Basic ', '{"message":"', ',', '\n', '; x=', '(', 'key:');
    await fc.assert(
      fc.asyncProperty(
        letters,
        fc.constantFrom(...names),
        fc.constantFrom(...names.filter((name) => name !== 'quoted for a shell')),
        glue,
        glue,
        async (text, inner, outer, before, after) => {
          // A form writes a space as a plus, which is also a base64 character.
          fc.pre(!(inner.includes('indented') && /form|book/.test(outer)));
          const value = `test_${text}_`;
          const own = new Redactor();
          own.add(value);
          await own.ready();
          const form = writtenForms[outer]?.(`skc_1:${writtenForms[inner]?.(value) ?? ''}`) ?? '';
          const redacted = own.redact(`${before}${form}${after}`);
          assert.ok(
            redacted.includes('[redacted]') && !redacted.includes(form),
            JSON.stringify([value, inner, outer, form]),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('redacts a secret that looks escaped itself, in any encoding', async () => {
    for (const value of [
      'test_    &vH;    _',
      'test_&amp;_0123',
      'test_&#7_01234',
      'test_&lt_012345',
      'test_%41_%2B_0',
      'test_\\u0041_\\n_0',
    ]) {
      const own = new Redactor();
      own.add(value);
      await own.ready();
      for (const [name, write] of Object.entries(writtenForms)) {
        const form = write(`skc_1:${value}`);
        assert.ok(!own.redact(`before ${form} after`).includes(form), `${value} ${name}: ${form}`);
      }
    }
  });

  it('redacts an unknown JWT', async () => {
    const jwt = await signedJwt({ iat: 1, exp: 2 });
    assert.equal(redactor.redact(`Authorization: Bearer ${jwt}`), 'Authorization: Bearer [redacted]');
    assert.equal(redactor.redact(`cut off: ${jwt.split('.').slice(0, 2).join('.')}`), 'cut off: [redacted]');
  });

  it('redacts exactly what the JWT pattern matches, even next to other characters', () => {
    const pattern = /eyJ[\w-]{8,}\.[\w-]{2,}(?:\.[\w-]*)?/g;
    assert.equal(redactor.redact('tokenIs_eyJhbGciOiJS.eyJ9.x-.and.more'), 'tokenIs_[redacted].and.more');
    const piece = fc.constantFrom(
      'eyJ',
      'eyJhbGciOiJS',
      '.',
      '.x',
      '.xy',
      'a',
      '-',
      '_',
      ' ',
      'é',
      '"',
      'eyJaaaaaaa',
      'eyJaaaaaaaa',
    );
    const texts = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(texts, (text) => assert.equal(redactor.redact(text), text.replace(pattern, '[redacted]'))),
      { numRuns: 2_000 },
    );
  });

  it('handles a hostile server’s long responses in reasonable time', function () {
    // Reading a long run again at each of its characters would take hours.
    this.timeout(120_000);
    redactor.add(secret);
    for (const piece of [
      'eyJ',
      'eyJ.',
      'eyJaaaaaaaa.a.',
      'a',
      '-eyJaaaaaaaa',
      '.eyJaaaaaaaa.aa',
      '%25',
      '\\',
      '&amp;',
      '\\ud83d',
      '1,',
      '\0',
      'VVVV',
      'WVdG',
      ' ',
      '&#',
      '%25%',
    ]) {
      redactor.redact(piece.repeat((2 * 1024 * 1024) / piece.length));
    }
  });

  it('redacts the longer of two secrets as a whole', () => {
    redactor.add('test_abc');
    redactor.add('test_abcdefgh');
    assert.equal(redactor.redact('test_abcdefgh test_abc'), '[redacted] [redacted]');
  });

  it('ignores a secret of only a few letters', () => {
    redactor.add('');
    redactor.add('abc');
    assert.equal(redactor.redact('abcdef'), 'abcdef');
  });

  it('treats special characters of regular expressions and replacements literally', () => {
    redactor.add('$&.*[a-z]');
    assert.equal(redactor.redact('x$&.*[a-z]x $1'), 'x[redacted]x $1');
  });

  it('remembers the newest secrets if there are very many', () => {
    for (let number = 0; number < 600; number++) redactor.add(`secret-number-${number}-`);
    assert.equal(redactor.redact('secret-number-599- secret-number-150-'), '[redacted] [redacted]');
  });

  it('counts a secret that’s added again as new', () => {
    redactor.add('the client secret');
    for (let number = 0; number < 499; number++) redactor.add(`token-number-${number}-`);
    redactor.add('the client secret');
    for (let number = 499; number < 900; number++) redactor.add(`token-number-${number}-`);
    assert.equal(redactor.redact('the client secret'), '[redacted]');
  });

  it('redacts a secret in a URL after a stray “%”', async () => {
    const own = new Redactor();
    own.add('00      ');
    await own.ready();
    assert.equal(own.redact('%00%20%20%20%20%20%20'), '%[redacted]');
  });

  it('redacts a secret in any surrounding text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme' }),
        fc.string(),
        fc.string(),
        async (value, before, after) => {
          // The mark itself may contain such a value.
          fc.pre(!'[redacted]'.includes(value));
          const own = new Redactor();
          own.add(value);
          await own.ready();
          for (const form of [value, encodeURIComponent(value), Buffer.from(value).toString('base64')]) {
            assert.ok(!own.redact(`${before}${form}${after}`).includes(form), JSON.stringify([value, form]));
          }
        },
      ),
    );
  });
});
