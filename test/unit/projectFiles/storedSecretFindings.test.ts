import assert from 'node:assert/strict';
import { enabledChecks } from '../../../src/projectFiles/enabledChecks';
import { CHECKS } from '../../../src/projectFiles/finding';
import { SecretDigests } from '../../../src/projectFiles/secretDigests';
import { mayHoldSecret, storedSecretFindings } from '../../../src/projectFiles/storedSecretFindings';
import { run } from './run';

const SECRET = 'test_AbCd1234EfGh56/9f+Kq=7Z';
const ODD = 'sh$rt "q"';

describe('a stored secret', () => {
  const digests = new SecretDigests();
  digests.add(SECRET, 'acme');
  digests.add(ODD, 'globex');
  const found = (text: string): string[] =>
    run(storedSecretFindings(text, digests)).map(
      ({ start, end, environmentId }) => `${environmentId}: ${text.slice(start, end)}`,
    );

  for (const text of [
    SECRET,
    `SCALEKIT_CLIENT_SECRET=${SECRET}`,
    `const secret = '${SECRET}';`,
    `The secret is ${SECRET}.`,
    `{"client_secret":"${SECRET}"}`,
    `curl -d client_secret=${SECRET}&x`,
    `new Scalekit(url, id, "${SECRET}")`,
    `${'x'.repeat(5_000)} ${SECRET}\n`,
  ])
    it(`is found in ${JSON.stringify(text.replace(SECRET, '…').slice(-40))}`, () => {
      assert.deepEqual(found(text), [`acme: ${SECRET}`]);
      assert.ok(mayHoldSecret(text));
    });

  it('with unusual characters is found beside the name of a secret', () => {
    assert.deepEqual(found(`clientSecret: '${ODD}'`), [`globex: ${ODD}`]);
    assert.deepEqual(found(`something: '${ODD}'`), []);
  });

  for (const text of [
    '',
    'SCALEKIT_CLIENT_SECRET=',
    `SCALEKIT_CLIENT_SECRET=${SECRET}x`,
    SECRET.toLowerCase(),
    SECRET.slice(0, -1),
    'test_AnotherSecret1234567890abc',
    `${SECRET}${SECRET}`,
    'A'.repeat(100_000),
    'client_secret = "\n"',
  ])
    it(`isn’t seen in ${JSON.stringify(text.replaceAll(SECRET, '…').slice(0, 50))}`, () =>
      assert.deepEqual(found(text), []));

  it('is looked for in a number of steps that grows with the text', () => {
    const steps = (words: number): number =>
      [...storedSecretFindings('a'.repeat(24).concat(' ').repeat(words), digests)].length;
    assert.equal(steps(64), 1);
    assert.equal(steps(6_400), 100);
  });

  it('is kept under another key in each session', () => {
    const other = new SecretDigests();
    other.add(SECRET, 'acme');
    assert.equal(other.environmentOf(SECRET), 'acme');
    assert.ok(
      !JSON.stringify(
        [...Object.values(other)].map((value: unknown) => (value instanceof Map ? [...value.keys()] : value)),
      ).includes(SECRET),
    );
    const keys = [digests, other].map((each) =>
      JSON.stringify([...(Object.values(each).find((value) => value instanceof Map) as Map<string, string>).keys()][0]),
    );
    assert.notEqual(keys[0], keys[1]);
  });
});

describe('the setting of the checks', () => {
  for (const [setting, count] of [
    [undefined, CHECKS.length],
    [{}, CHECKS.length],
    [{ placeholders: false }, CHECKS.length - 1],
    [{ off: true }, 0],
    ['off', 0],
    [false, 0],
    [['placeholders', 'unknown'], 1],
    ['nonsense', CHECKS.length],
    [{ placeholders: 'no', unknown: false }, CHECKS.length],
  ] as const)
    it(`${JSON.stringify(setting)} leaves ${count} on`, () => assert.equal(enabledChecks(setting).size, count));
});
