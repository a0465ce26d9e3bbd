import assert from 'node:assert/strict';
import { PROCESS_ID } from '../../../src/core/environment';
import { EnvironmentFromVariables, type ScalekitVariables } from '../../../src/environments/environmentFromVariables';

const VARIABLES = {
  SCALEKIT_ENVIRONMENT_URL: ' acme.scalekit.dev/ ',
  SCALEKIT_CLIENT_ID: ' skc_1\n',
  SCALEKIT_CLIENT_SECRET: ' test_1 ',
};

function source(variables: ScalekitVariables): EnvironmentFromVariables {
  return new EnvironmentFromVariables(variables, 'From environment variables', () => 7);
}

describe('EnvironmentFromVariables', () => {
  it('lists one environment if all three variables are set', async () => {
    const process = source(VARIABLES);
    const [environment, ...others] = process.list();
    assert.deepEqual(others, []);
    assert.equal(environment?.id, PROCESS_ID);
    assert.equal(environment?.kind, 'process');
    assert.equal(environment?.host, 'acme.scalekit.dev');
    assert.equal(environment?.state, 'ready');
    assert.equal(environment?.production, false);
    assert.deepEqual(await process.readCredentials(PROCESS_ID), {
      environmentUrl: 'https://acme.scalekit.dev',
      clientId: 'skc_1',
      clientSecret: 'test_1',
    });
    assert.ok(!JSON.stringify(environment).includes('test_1'));
  });

  for (const missing of Object.keys(VARIABLES)) {
    it(`lists none if ${missing} is missing or blank`, async () => {
      for (const value of [undefined, '', '  ']) {
        const process = source({ ...VARIABLES, [missing]: value } as ScalekitVariables);
        assert.deepEqual(process.list(), []);
        assert.equal(await process.readCredentials(PROCESS_ID), undefined);
      }
    });
  }

  it('reports an invalid URL, and returns no credentials', async () => {
    for (const url of ['http://acme.scalekit.dev', 'ftp://x', 'https://user:pw@host', '${SCALEKIT_ENVIRONMENT_URL}']) {
      const process = source({ ...VARIABLES, SCALEKIT_ENVIRONMENT_URL: url });
      const [environment] = process.list();
      assert.equal(environment?.state, 'invalidUrl');
      assert.equal(environment?.host, 'SCALEKIT_ENVIRONMENT_URL');
      assert.equal(await process.readCredentials(PROCESS_ID), undefined);
    }
  });

  it('strips the quotes and invisible characters that Docker and copying leave in a value', async () => {
    for (const [before, after] of [
      ['"', '"'],
      ["'", "'"],
      ['“', '”'],
      ['\u200b', '\u200b'],
      ['\ufeff"', '"\u200b'],
      [' "', '"; '],
    ] as const) {
      const quoted = Object.fromEntries(
        Object.entries({ ...VARIABLES, SCALEKIT_CLIENT_ID: 'prd_skc_1' }).map(([name, value]) => [
          name,
          `${before}${value.trim()}${after}`,
        ]),
      );
      const process = source(quoted);
      assert.equal(process.list()[0]?.production, true, before);
      assert.deepEqual(await process.readCredentials(PROCESS_ID), {
        environmentUrl: 'https://acme.scalekit.dev',
        clientId: 'prd_skc_1',
        clientSecret: 'test_1',
      });
    }
  });

  it('reads the URL from its other names in .env files too, but prefers the documented one', () => {
    const { SCALEKIT_ENVIRONMENT_URL: url, ...others } = VARIABLES;
    for (const name of ['SCALEKIT_ENV_URL', 'SCALEKIT_URL'])
      assert.equal(source({ ...others, [name]: url }).list()[0]?.host, 'acme.scalekit.dev');
    assert.equal(
      source({ ...VARIABLES, SCALEKIT_ENV_URL: 'https://old.example' }).list()[0]?.host,
      'acme.scalekit.dev',
    );
    assert.equal(
      source({ ...others, SCALEKIT_ENVIRONMENT_URL: '""', SCALEKIT_ENV_URL: url }).list()[0]?.host,
      'acme.scalekit.dev',
    );
    assert.equal(
      source({ ...others, SCALEKIT_ENV_URL: 'ftp://x' }).list()[0]?.host,
      'SCALEKIT_ENV_URL',
      'the variable to correct',
    );
  });

  it('marks the environment of a production client as production', () => {
    assert.equal(source({ ...VARIABLES, SCALEKIT_CLIENT_ID: 'prd_skc_1' }).list()[0]?.production, true);
  });

  it('returns no credentials for another ID', async () =>
    assert.equal(await source(VARIABLES).readCredentials('acme'), undefined));

  it('remembers when it was used', async () => {
    const process = source(VARIABLES);
    assert.equal(process.list()[0]?.lastUsedAt, 0);
    await process.touch();
    assert.equal(process.list()[0]?.lastUsedAt, 7);
  });
});
