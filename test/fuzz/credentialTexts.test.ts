import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cleanCredential } from '../../src/api/cleanValue';
import { findCredentials, writeDotenv } from '../../src/core/credentialText';
import { configureRuns } from './runs';

configureRuns();

/** A value that can be saved: cleaned, not empty, on one line. */
const kept = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc
      .array(
        fc.constantFrom(
          '=',
          '#',
          '$',
          '{',
          '}',
          '"',
          "'",
          '`',
          '\\',
          ' ',
          '+',
          '/',
          '&',
          '%',
          'a',
          'SCALEKIT_CLIENT_ID',
          '${SCALEKIT_CLIENT_ID}',
          'ü',
        ),
      )
      .map((parts) => parts.join('')),
  )
  .map((text) => cleanCredential(text.replace(/[\r\n\0\u2028\u2029\u0085\v\f\u00a0\u202f\u3000]/g, '')))
  .filter((text) => text !== '');

describe('Whatever a .env text contains,', () => {
  it('the credentials in it are found unchanged', () => {
    fc.assert(
      fc.property(kept, kept, kept, (environmentUrl, clientId, clientSecret) => {
        const credentials = { environmentUrl, clientId, clientSecret };
        const text = writeDotenv(credentials);
        if (text === undefined) return;
        assert.deepEqual(findCredentials(text), credentials);
        assert.deepEqual(
          findCredentials(`\ufeff# a comment\r\nOTHER='x'\r\n${text.replaceAll('\n', '\r\n')}`),
          credentials,
          'with a mark, comments and CRLF',
        );
      }),
    );
  });

  it('reading it does no harm, and every value found is trimmed and not empty', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'SCALEKIT_CLIENT_ID=',
        'export SCALEKIT_CLIENT_SECRET="',
        '${SCALEKIT_CLIENT_SECRET}',
        '=',
        '#',
        '"',
        "'",
        '\n',
        '\r',
        '{"client_id":',
        '}',
        '\0',
      ),
    );
    fc.assert(
      fc.property(
        fc.array(line).map((parts) => parts.join('')),
        (text) => {
          for (const value of Object.values(findCredentials(text)))
            assert.ok(value === undefined || (value !== '' && value === value.trim()));
        },
      ),
    );
  });

  it('variables that refer to each other in a circle are resolved in finite time', () => {
    const names = ['SCALEKIT_CLIENT_ID', 'SCALEKIT_CLIENT_SECRET', 'SCALEKIT_ENVIRONMENT_URL', 'A', 'B'];
    const reference = fc.constantFrom(...names).map((name) => `\${${name}}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...names), fc.array(reference, { maxLength: 2 }))), (lines) => {
        findCredentials(lines.map(([name, references]) => `${name}=x${references.join('')}`).join('\n'));
      }),
    );
  });
});
