import assert from 'node:assert/strict';
import { dotenvEntries } from '../../../src/projectFiles/dotenvEntries';
import { dotenvFindings, isExampleName, secretEntries } from '../../../src/projectFiles/dotenvFindings';
import type { Finding } from '../../../src/projectFiles/finding';
import { withoutSecret } from '../../../src/projectFiles/withoutSecret';
import { run } from './run';

const SECRET = 'test_AbCd1234EfGh56IjKl9fMnKq7Z';
const URL = 'https://acme.scalekit.dev';

function findings(text: string, name = '.env'): Finding[] {
  return run(dotenvFindings(run(dotenvEntries(text)), { isExample: isExampleName(name) }));
}

/** A text with the fixes of its findings applied. */
function fixed(text: string): string {
  return findings(text)
    .flatMap(({ fix = [] }) => fix)
    .sort((a, b) => b.start - a.start)
    .reduce((now, { start, end, text: with_ }) => now.slice(0, start) + with_ + now.slice(end), text);
}

/** Texts with what is found in them, and how they look after the quick fixes. */
const BAD: readonly (readonly [text: string, checks: readonly string[], after?: string])[] = [
  ['SCALKIT_CLIENT_ID=skc_1', ['misspeltNames'], 'SCALEKIT_CLIENT_ID=skc_1'],
  ['export SCALEKIT_CLEINT_ID=skc_1', ['misspeltNames'], 'export SCALEKIT_CLIENT_ID=skc_1'],
  [`SCALEKIT_URL=${URL}`, ['misspeltNames'], `SCALEKIT_ENVIRONMENT_URL=${URL}`],
  [
    'SCALEKIT_CALLBACK_URL=http://localhost:3000/cb',
    ['misspeltNames'],
    'SCALEKIT_REDIRECT_URI=http://localhost:3000/cb',
  ],
  ['VITE_SCALEKIT_ID=skc_1', ['misspeltNames'], 'VITE_SCALEKIT_CLIENT_ID=skc_1'],
  ['SCALEKIT_ENVIRONMENT_URL=http://acme.scalekit.dev', ['urlForms'], `SCALEKIT_ENVIRONMENT_URL=${URL}`],
  ['SCALEKIT_ENV_URL="https://acme.scalekit.dev/"', ['urlForms'], 'SCALEKIT_ENV_URL="https://acme.scalekit.dev"'],
  ['SCALEKIT_ENV_URL=acme.scalekit.dev # mine', ['urlForms'], `SCALEKIT_ENV_URL=${URL} # mine`],
  ['SCALEKIT_ENV_URL=https://acme.scalekit.dev/oauth', ['urlForms'], `SCALEKIT_ENV_URL=${URL}`],
  ['SCALEKIT_ENV_URL=https://app.scalekit.com', ['urlForms']],
  ['SCALEKIT_CLIENT_ID=your_client_id', ['placeholders']],
  ['SCALEKIT_ENVIRONMENT_URL=https://your-env.scalekit.dev', ['placeholders']],
  [
    `SCALEKIT_CLIENT_ID=${SECRET}\nSCALEKIT_CLIENT_SECRET=skc_123456789`,
    ['swappedValues'],
    `SCALEKIT_CLIENT_ID=skc_123456789\nSCALEKIT_CLIENT_SECRET=${SECRET}`,
  ],
  [`SCALEKIT_ENVIRONMENT_URL=${URL}\nSCALEKIT_ENV_URL=https://globex.scalekit.dev`, ['differentUrls']],
  [`NEXT_PUBLIC_SCALEKIT_CLIENT_SECRET=${SECRET}`, ['publicSecrets'], `SCALEKIT_CLIENT_SECRET=${SECRET}`],
  ['EXPO_PUBLIC_SCALEKIT_CLIENT_SECRET=', ['publicSecrets'], 'SCALEKIT_CLIENT_SECRET='],
  [
    `SCALEKIT_ENV_URL=https://acme.scalekit.com\nSCALEKIT_CLIENT_ID=skc_1\nSCALEKIT_CLIENT_SECRET=${SECRET}`,
    ['mixedStages'],
  ],
  [`SCALEKIT_CLIENT_ID=prd_skc_1\nSCALEKIT_CLIENT_SECRET=${SECRET}`, ['mixedStages']],
];

const GOOD: readonly string[] = [
  '',
  '# SCALEKIT_URL=https://acme.scalekit.dev',
  `SCALEKIT_ENVIRONMENT_URL=${URL}\nSCALEKIT_CLIENT_ID=skc_1\nSCALEKIT_CLIENT_SECRET=${SECRET}`,
  `SCALEKIT_URL=${URL}\nSCALEKIT_ENVIRONMENT_URL=${URL}`,
  `SCALEKIT_ENVIRONMENT_URL=${URL}\nSCALEKIT_ENV_URL=${URL}`,
  'SCALEKIT_ENV_URL=http://localhost:8787',
  'SCALEKIT_ENV_URL=http://127.0.0.1:8787',
  'SCALEKIT_ENV_URL=http://scalekit-sandbox:8787',
  'SCALEKIT_ENV_URL=${SCALEKIT_HOST}',
  'SCALEKIT_ENV_URL=https://auth.example.com',
  'SCALEKIT_CLIENT_IDS=skc_1,skc_2',
  'SCALEKIT_CLIENT_ID2=skc_2',
  'SCALEKIT_CLIENT_SECRET=op://Dev/Scalekit/secret',
  'SCALEKIT_CLIENT_SECRET=',
  'NEXT_PUBLIC_SCALEKIT_ENVIRONMENT_URL=https://acme.scalekit.dev',
  'VITE_SCALEKIT_CLIENT_ID=skc_1',
  'NEXT_PUBLIC_STRIPE_SECRET=sk_test_1',
  'CLIENT_SECRET=skc_1',
  'AUTH_SCALEKIT_ID=skc_1\nAUTH_SCALEKIT_SECRET=abc\nAUTH_SCALEKIT_ISSUER=https://acme.scalekit.dev/',
  'SK_ENV_URL=https://acme.scalekit.dev\nSK_CLIENT_ID=skc_1',
  `SCALEKIT_ENV_URL=https://acme-dev.scalekit.com\nSCALEKIT_CLIENT_ID=skc_1\nSCALEKIT_CLIENT_SECRET=${SECRET}`,
  'SCALEKIT_FEATURE_FLAG=on\nSCALEKIT_TIMEOUT=5',
  'this is not = a .env file\n"broken\n\u0001\u0002',
];

describe('a .env file', () => {
  for (const [text, checks, after] of BAD)
    it(`has a finding of ${checks.join(', ')} in ${JSON.stringify(text.replaceAll(SECRET, '…'))}`, () => {
      const found = findings(text);
      assert.deepEqual(
        found.map(({ check }) => check),
        checks,
      );
      assert.ok(!JSON.stringify(found.map(({ names, variant }) => [names, variant])).includes(SECRET));
      if (after !== undefined) assert.equal(fixed(text), after);
    });

  for (const text of GOOD)
    it(`has no finding in ${JSON.stringify(text.replaceAll(SECRET, '…'))}`, () => assert.deepEqual(findings(text), []));

  it('that is an example may have placeholders', () => {
    for (const name of ['.env.example', '.env.sample', 'template.env', '.env.dist', '.env.local.example'])
      assert.deepEqual(findings('SCALEKIT_CLIENT_ID=your_client_id', name), [], name);
    for (const name of ['.env', '.env.local', '.env.production', '.dev.vars']) assert.ok(!isExampleName(name), name);
  });

  it('is read with its quotes, comments, spaces, line breaks and unfinished quotes', () => {
    const text = '\ufeffA=1\r\n export B = "two # words" # c\r\nC=\'3\n4\'\nD="open\nE=5 \n F=`6`';
    assert.deepEqual(
      run(dotenvEntries(text)).map(({ name, value }) => [name, value]),
      [
        ['A', '1'],
        ['B', 'two # words'],
        ['C', '3\n4'],
        ['D', '"open'],
        ['E', '5'],
        ['F', '6'],
      ],
    );
  });

  it('is read in a number of steps that grows with its lines', () => {
    const steps = (lines: number): number => [...dotenvEntries('NAME=value\n'.repeat(lines))].length;
    assert.equal(steps(100), 100);
    assert.equal(steps(10_000), 10_000);
  });

  it('has secrets that git shouldn’t track, unless they’re stand-ins or a local sandbox’s', () => {
    const names = (text: string, isExample = false): string[] =>
      secretEntries(run(dotenvEntries(text)), { isExample }).map(({ name }) => name);
    assert.deepEqual(
      names(`SCALEKIT_CLIENT_SECRET=${SECRET}\nSCALEKIT_WEBHOOK_SECRET=whsec_bG9jYWwgc2FuZGJveCBzZWNyZXQ=`),
      ['SCALEKIT_CLIENT_SECRET', 'SCALEKIT_WEBHOOK_SECRET'],
    );
    assert.deepEqual(names(`SCALEKIT_CLIENT_SECRET=${SECRET}`, true), ['SCALEKIT_CLIENT_SECRET']);
    for (const value of ['', 'your_client_secret', '${KEY}', 'op://Dev/x/y', '<secret>', '********'])
      assert.deepEqual(names(`SCALEKIT_CLIENT_SECRET=${value}`), [], value);
    assert.deepEqual(names('SCALEKIT_CLIENT_SECRET=not-a-real-secret-at-all', true), []);
    assert.deepEqual(names(`SCALEKIT_ENV_URL=http://localhost:8787\nSCALEKIT_CLIENT_SECRET=${SECRET}`), []);
  });

  it('loses every copy of a secret when it’s taken out', () => {
    const text = `# old: SCALEKIT_CLIENT_SECRET=${SECRET}\r\nPORT=1\r\nSCALEKIT_CLIENT_SECRET="${SECRET}" # x\r\nCOPY=${SECRET}\r\nEND=2`;
    const after = withoutSecret(text, SECRET, 'gone')
      .reverse()
      .reduce((now, { start, end, text: with_ }) => now.slice(0, start) + with_ + now.slice(end), text);
    assert.equal(after, '# old: SCALEKIT_CLIENT_SECRET=\r\nPORT=1\r\n# gone\r\nEND=2');
  });
});
