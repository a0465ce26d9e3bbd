import assert from 'node:assert/strict';
import fc from 'fast-check';
import { JwtError, type JwtFault } from '../../../../src/tokens/inspect/jwt';
import { MAX_JWT_LENGTH } from '../../../../src/tokens/inspect/jwtPart';
import { findJwt, parseJwt } from '../../../../src/tokens/inspect/parseJwt';
import { compactJwt } from '../../../support/signingKey';
import { assertGrowsWithSize } from '../../../support/processorTime';

const HEADER = { alg: 'RS256', typ: 'JWT' };
const JWT = compactJwt(HEADER, { sub: 'skc_1', nested: { deep: [{ er: 'ü' }] } });

function faultOf(text: string): JwtFault | undefined {
  try {
    parseJwt(text);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof JwtError, String(error));
    return error.fault;
  }
}

describe('a JWT', () => {
  it('is split into header and claims, with nested JSON and non-ASCII letters intact', () => {
    const { header, claims, signature, compact } = parseJwt(JWT);
    assert.deepEqual(header, HEADER);
    assert.deepEqual(claims, { sub: 'skc_1', nested: { deep: [{ er: 'ü' }] } });
    assert.equal(signature, 'present');
    assert.equal(compact, JWT);
  });

  for (const [what, text] of [
    ['white space', `\n\t  ${JWT} \r\n`],
    ['double quotes', `"${JWT}"`],
    ['quotes and a comma', `'${JWT}',`],
    ['Bearer', `Bearer ${JWT}`],
    ['bearer in quotes', `"bearer   ${JWT}"`],
    ['a whole header', `Authorization: Bearer ${JWT}`],
    ['a header in JSON', `"authorization": "Bearer ${JWT}"`],
    ['backticks', `\`${JWT}\``],
    ['a terminal that wrapped it', `${JWT.slice(0, 40)}\n${JWT.slice(40, 80)}\r\n${JWT.slice(80)}`],
    ['a JSON response', `{"access_token":"${JWT}","token_type":"Bearer"}`],
    ['a curl command', `curl -H "Authorization: Bearer ${JWT}" https://acme.scalekit.dev`],
    ['a query', `https://acme.example/?id_token=${JWT}&state=1`],
  ] as const) {
    it(`is found within ${what}`, () => assert.equal(findJwt(text), JWT));
  }

  it('isn’t found in texts without one', () => {
    for (const text of [
      '',
      'example.com',
      'a.b.c',
      'eyJ',
      'hello world',
      '1.2.3',
      JSON.stringify(HEADER),
      'monkeyJungle.is.far',
    ]) {
      assert.equal(findJwt(text), undefined, text);
    }
  });

  it('is found in a megabyte of text', () => {
    assert.equal(findJwt('eyJ'.repeat(400_000)), 'eyJ'.repeat(400_000));
    assert.equal(findJwt(`${'x eyJ'.repeat(200_000)} ${JWT}`), JWT);
    assert.equal(findJwt(`${'.eyJ'.repeat(300_000)} `), undefined);
  });

  it('is found and parsed in linear time', () => {
    for (const piece of [
      ' ',
      '\n',
      '\t',
      '"',
      ', ',
      '> ',
      'eyJ',
      'eyJ.',
      'a.',
      '.',
      '-',
      'x\n',
      'Bearer ',
      'authorization:',
    ]) {
      const read = (around: (run: string) => string) => (size: number) => {
        const text = around(piece.repeat(size / piece.length));
        findJwt(text);
        faultOf(text);
      };
      for (const around of [
        (run: string) => run,
        (run: string) => `a${run}b`,
        (run: string) => `eyJ${run}!`,
        (run: string) => `${JWT}${run}!`,
      ]) {
        assertGrowsWithSize(read(around), 30_000);
      }
    }
    assert.equal(findJwt(`${' '.repeat(100_000)}${JWT}${'" \n'.repeat(100_000)}`), JWT);
  });

  const encrypted = compactJwt({ alg: 'RSA-OAEP', enc: 'A256GCM' }, 'x');
  const deep = `{"a":${'['.repeat(40_000)}${']'.repeat(40_000)}}`;
  const wrong: readonly [string, string, JwtFault][] = [
    ['nothing', '  ', 'empty'],
    ['one part', 'opaque', 'onePart'],
    ['only a header', 'eyJhbGciOiJSUzI1NiJ9', 'headerOnly'],
    ['two parts of something else', 'a.b', 'manyParts'],
    ['four parts of something else', 'a.b.c.d', 'manyParts'],
    ['five parts, encrypted', `${encrypted}.x.y`, 'encrypted'],
    ['five parts in a cookie of an application', `session=s%3A${encrypted}.x.y.c2lnbmVk; Path=/`, 'encrypted'],
    ['a header in standard base64', JWT.replace(/^eyJ/, 'ey+'), 'headerEncoding'],
    ['a header of impossible length', `eyJhb.${JWT.split('.')[1]}.x`, 'headerEncoding'],
    ['an empty header', `.${JWT.split('.')[1]}.x`, 'headerEncoding'],
    ['a header that isn’t JSON', compactJwt('{"alg"', {}), 'headerJson'],
    ['a header that is a list', compactJwt([], {}), 'headerJson'],
    ['claims with an inserted invalid character', JWT.replace('.', '.ey!'), 'claimsEncoding'],
    ['claims with an invalid character', JWT.replace('.eyJ', '.e!J'), 'claimsEncoding'],
    ['no claims between its dots', `${JWT.split('.')[0]}..x`, 'detached'],
    ['no claims between its dots, in a header', `x-jws-signature: ${JWT.split('.')[0]}..c2lnbmF0dXJl\r\n`, 'detached'],
    ['claims that are text', compactJwt(HEADER, 'hello'), 'claimsJson'],
    ['claims that are a number', compactJwt(HEADER, 7), 'claimsJson'],
    [
      'claims that aren’t UTF-8',
      `${JWT.split('.')[0]}.${Buffer.from([0x7b, 0xff, 0xfe, 0x7d]).toString('base64url')}.x`,
      'claimsJson',
    ],
    ['claims 40,000 levels deep', compactJwt(HEADER, deep), 'tooDeep'],
    ['a megabyte', compactJwt(HEADER, { fill: 'x'.repeat(1024 * 1024) }), 'tooLarge'],
  ];
  for (const [what, text, fault] of wrong) {
    it(`is refused as ${fault} if it has ${what}`, () => assert.equal(faultOf(text), fault));
  }

  it('of a quarter of a megabyte is still read', () => {
    const jwt = compactJwt(HEADER, { fill: 'x'.repeat(190_000) });
    assert.ok(jwt.length < MAX_JWT_LENGTH);
    assert.equal(faultOf(jwt), undefined);
  });

  it('without a signature, or with one that isn’t base64url, is read and marked as such', () => {
    assert.equal(parseJwt(compactJwt(HEADER, {}, '')).signature, 'missing');
    assert.equal(parseJwt(compactJwt(HEADER, {}, 'ab+c')).signature, 'malformed');
    assert.equal(parseJwt(compactJwt(HEADER, {}, 'abcde')).signature, 'malformed');
  });

  it('isn’t quoted in the error that refuses it', () => {
    try {
      parseJwt(`${JWT.split('.')[0]}.secret!secret.x`);
      assert.fail('it was taken');
    } catch (error) {
      assert.ok(error instanceof JwtError);
      assert.doesNotMatch(`${error.stack}${JSON.stringify(error)}`, /secret/);
    }
  });

  it('is read or refused with a JwtError, whatever its text is', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => void faultOf(text)));
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 4 }),
        fc.json({ maxDepth: 4 }),
        (header, claims) => void faultOf(compactJwt(header, claims)),
      ),
    );
  });
});
