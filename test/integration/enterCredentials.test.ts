import assert from 'node:assert/strict';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import {
  enterCredentials,
  type EnteredCredentials,
  type EnterCredentialsOptions,
} from '../../src/environments/enterCredentials';
import { startHttpServer } from '../support/httpServer';
import { ScriptedPrompts } from '../support/scriptedPrompts';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';

const TITLE = 'Add Scalekit Environment';

describe('entering credentials', () => {
  let sandbox: Sandbox;
  let parts: StartedWorkbench;
  let prompts: ScriptedPrompts;
  let clipboard: string;
  const closers: (() => Promise<void>)[] = [];

  before(async () => {
    sandbox = await startSandbox({ organizations: 7 });
    parts = await startWorkbench();
  });

  after(async () => {
    await parts.end();
    await sandbox.close();
  });

  beforeEach(() => {
    prompts = new ScriptedPrompts();
    clipboard = '';
    sandbox.clearFaults();
    sandbox.clearRequests();
  });

  afterEach(async () => {
    prompts.assertAllUsed();
    for (const close of closers.splice(0)) await close();
  });

  function enter(options: Partial<EnterCredentialsOptions> = {}): Promise<EnteredCredentials | undefined> {
    const context = {
      prompts,
      redactor: parts.redactor,
      createClient: parts.createClient,
      readClipboard: async () => clipboard,
    };
    return enterCredentials({ title: TITLE, ...options }, context);
  }

  /** Types all three values without a mistake. */
  function typeIn(values: { url?: string; clientId?: string; clientSecret?: string } = {}): void {
    prompts
      .expectInput(
        { title: TITLE, step: { number: 1, of: 3 }, value: '', password: false, problem: undefined },
        values.url ?? sandbox.url,
      )
      .expectInput(
        { step: { number: 2, of: 3 }, value: '', password: false, problem: undefined },
        values.clientId ?? sandbox.clientId,
      )
      .expectInput(
        { step: { number: 3, of: 3 }, value: '', password: true, problem: undefined },
        values.clientSecret ?? sandbox.clientSecret,
      );
  }

  const credentials = (): object => ({
    environmentUrl: sandbox.url,
    clientId: sandbox.clientId,
    clientSecret: sandbox.clientSecret,
  });

  it('asks for URL, client ID and secret, and verifies them with one token request and one list request', async () => {
    typeIn();
    assert.deepEqual(await enter(), {
      credentials: credentials(),
      verified: true,
      tokensOnly: false,
      organizations: 7,
    });
    assert.deepEqual(
      sandbox.requests.map(({ method, path }) => `${method} ${path.split('?')[0]}`),
      ['POST /oauth/token', 'GET /api/v1/organizations'],
    );
    assert.equal(prompts.progressTitles.length, 1);
    assert.match(prompts.progressTitles[0] ?? '', new RegExp(new URL(sandbox.url).host.replaceAll('.', '\\.')));
  });

  it('trims what you typed', async () => {
    typeIn({
      url: ` "${sandbox.url}/oauth/token" `,
      clientId: ` ${sandbox.clientId}\n`,
      clientSecret: `\t${sandbox.clientSecret} `,
    });
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  it('keeps what you typed when you go back and forth', async () => {
    prompts
      .expectInput({}, sandbox.url)
      .expectInput({}, 'back!')
      .expectInput({ value: sandbox.url, step: { number: 1, of: 3 } }, sandbox.url)
      .expectInput({}, sandbox.clientId)
      .expectInput({}, 'back!')
      .expectInput({ value: sandbox.clientId, step: { number: 2, of: 3 } }, sandbox.clientId)
      .expectInput({}, sandbox.clientSecret);
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  for (const step of [1, 2, 3]) {
    it(`makes no request if you cancel at step ${step}`, async () => {
      const answers = [sandbox.url, sandbox.clientId];
      for (const answer of answers.slice(0, step - 1)) prompts.expectInput({}, answer);
      prompts.expectInput({ step: { number: step, of: 3 } }, undefined);
      assert.equal(await enter(), undefined);
      assert.equal(sandbox.requests.length, 0);
    });
  }

  it('rejects invalid input in its box, each with its own message', async () => {
    const refused = [
      '',
      'ftp://acme.scalekit.dev',
      'https://user:pw@acme.scalekit.dev',
      'https://acme.scalekit.dev?x',
      'https://acme.scalekit.dev#x',
      'http://acme.scalekit.dev',
      'acme dev',
    ];
    for (const text of refused) prompts.expectInput({ step: { number: 1, of: 3 } }, text);
    prompts
      .expectInput({}, sandbox.url)
      .expectInput({}, '  ')
      .expectInput({}, 'two words')
      .expectInput({}, sandbox.clientId)
      .expectInput({}, ' ')
      .expectInput({}, sandbox.clientSecret);
    assert.equal((await enter())?.verified, true);
    assert.equal(prompts.problems.length, refused.length + 3);
    assert.equal(new Set(prompts.problems).size, prompts.problems.length);
    assert.ok(!prompts.problems.join().includes('pw'));
  });

  it('clears a secret from a visible box, whatever its characters, and redacts it in every log', async () => {
    const secrets = [
      'test_aVeryLongSecretValue',
      'test_AbCd1234EfGh56/9f+Kq=7Z',
      'test_AbCd1234.EfGh56%9f&Kq~7Z',
      'live_a very:long "secret" value',
    ];
    for (const secret of secrets) prompts.expectInput({ step: { number: 1, of: 3 } }, secret);
    prompts.expectInput({}, `https://acme.scalekit.dev${secrets[1]}`).expectInput({}, sandbox.url);
    for (const secret of secrets)
      prompts.expectInput({ step: { number: 2, of: 3 } }, secret.replace('V', 'W').replace('E', 'F'));
    prompts.expectInput({}, undefined);
    await enter();
    assert.equal(prompts.problems.length, secrets.length * 2 + 1);
    for (const problem of prompts.problems)
      assert.match(
        problem,
        /^That looks like a client secret, so it was cleared from this visible box\. The last step asks for it\.$/,
      );
    for (const secret of secrets.flatMap((text) => [text, text.replace('V', 'W').replace('E', 'F')]))
      assert.equal(parts.redactor.redact(`<${secret}>`), '<[redacted]>');
    assert.deepEqual(sandbox.requests, []);
  });

  it('accepts pasted .env lines at any step, verifies them, and keeps their secret out of every log', async () => {
    const lines = `SCALEKIT_ENVIRONMENT_URL=${sandbox.url} SCALEKIT_CLIENT_ID=${sandbox.clientId} SCALEKIT_CLIENT_SECRET=${sandbox.clientSecret}`;
    for (const before of [[], [sandbox.url], ['https://other.example', 'skc_other']]) {
      for (const text of before) prompts.expectInput({}, text);
      prompts.expectInput({ step: { number: before.length + 1, of: 3 } }, lines);
      assert.deepEqual((await enter())?.credentials, credentials());
    }
    assert.equal(parts.redactor.redact(`<${sandbox.clientSecret}>`), '<[redacted]>');
    assert.deepEqual(prompts.problems, []);
  });

  it('asks only for what pasted lines lack, and keeps their secret out of sight and of every log', async () => {
    prompts
      .expectInput({}, `SCALEKIT_CLIENT_ID=${sandbox.clientId} SCALEKIT_CLIENT_SECRET=pasted/by+mistake`)
      .expectInput({ step: { number: 1, of: 3 }, value: '', problem: undefined }, sandbox.url)
      .expectInput({ step: { number: 2, of: 3 }, value: sandbox.clientId }, 'back!')
      .expectInput({ step: { number: 1, of: 3 } }, undefined);
    await enter();
    assert.equal(parts.redactor.redact('pasted/by+mistake'), '[redacted]');
  });

  it('puts a pasted line into its own field, whatever the step', async () => {
    prompts
      .expectInput({}, `SCALEKIT_CLIENT_ID=${sandbox.clientId}`)
      .expectInput({ step: { number: 1, of: 3 }, value: '' }, `export SCALEKIT_ENVIRONMENT_URL="${sandbox.url}"`)
      .expectInput({ step: { number: 3, of: 3 }, password: true }, `client_secret: '${sandbox.clientSecret}'`);
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  it('removes quotes, commas and invisible characters from pasted values', async () => {
    typeIn({
      url: `«${sandbox.url}»,`,
      clientId: `“${sandbox.clientId}\u200b”,`,
      clientSecret: `\u200b"${sandbox.clientSecret}"\u2060;`,
    });
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  const WRONG: Readonly<Record<number, readonly (readonly [text: string, problem: RegExp])[]>> = {
    1: [
      ['https://app.scalekit.com/ws/environments/env_1', /^This is the Scalekit dashboard/],
      ['docs.scalekit.com', /^This is Scalekit’s website/],
      ['https://mcp.scalekit.com', /^This is Scalekit’s MCP server/],
      ['env_123', /^This is an ID, not a URL/],
      ['org_1', /^This is an ID, not a URL/],
      ['skc_123', /^This is a client ID/],
      ['acme', /^This is only a name\./],
      ['jane@acme.com', /^This is an email address/],
      ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', /^This is a token/],
      ['https://your-env.scalekit.dev', /^This is a placeholder/],
      ['https://<environment>.scalekit.dev', /^This is a placeholder/],
      ['https://{env}.scalekit.dev', /^This is a placeholder/],
      ['${SCALEKIT_ENVIRONMENT_URL}', /^This is a reference/],
      ['%SCALEKIT_ENVIRONMENT_URL%', /^This is a reference/],
      ['process.env.SCALEKIT_ENVIRONMENT_URL', /^This is a reference/],
      ['op://Dev/Scalekit/url', /^This is a reference/],
    ],
    2: [
      ['https://acme.scalekit.dev', /^This is a URL/],
      ['acme.scalekit.dev', /^This is a URL/],
      ['org_1', /^This is the ID of something else/],
      ['env_1234567890', /^This is the ID of something else/],
      ['conn_1', /^This is the ID of something else/],
      ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', /^This is a token/],
      ['jane@acme.com', /^This is an email address/],
      ['your_client_id', /^This is a placeholder/],
      ['<client-id>', /^This is a placeholder/],
      ['xxx', /^This is a placeholder/],
      ['changeme', /^This is a placeholder/],
      ['skc_...', /^This is a placeholder/],
      ['$SCALEKIT_CLIENT_ID', /^This is a reference/],
      ['{{client_id}}', /^This is a reference/],
      ['skc_12••••', /^Part of this is hidden/],
    ],
    3: [
      ['op://Dev/Scalekit/secret', /^This is a reference/],
      ['encrypted:BE9abc', /^This is a reference/],
      ['vault:secret/data/scalekit#secret', /^This is a reference/],
      ['arn:aws:secretsmanager:eu-west-1:1:secret:scalekit', /^This is a reference/],
      ['@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/s)', /^This is a reference/],
      ['projects/p/secrets/scalekit/versions/1', /^This is a reference/],
      ['${{ secrets.SCALEKIT_CLIENT_SECRET }}', /^This is a reference/],
      ['/run/secrets/scalekit', /^This is a reference/],
      ['your-client-secret', /^This is a placeholder/],
      ['test_...', /^This is a placeholder/],
      ['************abcd', /^Part of this is hidden/],
      ['skc_1234', /^This is a client ID/],
      ['sks_1234', /^This is an ID/],
      ['whsec_abc', /^This is the secret of a webhook/],
      ['https://acme.scalekit.dev', /^This is a URL/],
      ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', /^This is a token/],
    ],
  };
  for (const [step, wrong] of Object.entries(WRONG)) {
    it(`recognizes other kinds of values at step ${step}`, async () => {
      for (const text of [sandbox.url, sandbox.clientId].slice(0, Number(step) - 1)) prompts.expectInput({}, text);
      for (const [text] of wrong) prompts.expectInput({ step: { number: Number(step), of: 3 } }, text);
      prompts.expectInput({}, undefined);
      await enter();
      assert.equal(prompts.problems.length, wrong.length);
      wrong.forEach(([text, problem], index) => assert.match(prompts.problems[index] ?? '', problem, text));
      assert.deepEqual(sandbox.requests, []);
    });
  }

  it('lets you choose if you paste several environments', async () => {
    const lines = (url: string, id: string, secret: string): string =>
      `SCALEKIT_ENVIRONMENT_URL=${url}\nSCALEKIT_CLIENT_ID=${id}\nSCALEKIT_CLIENT_SECRET=${secret}\n`;
    const text = `${lines('https://globex.scalekit.com', 'skc_2', 'test_globex')}${lines(sandbox.url, sandbox.clientId, sandbox.clientSecret)}`;
    prompts
      .expectInput({}, text)
      .expectPick(
        { title: TITLE, labels: ['globex.scalekit.com · skc_2', `${new URL(sandbox.url).host} · ${sandbox.clientId}`] },
        { label: new RegExp(sandbox.clientId) },
      );
    assert.deepEqual((await enter())?.credentials, credentials());
    prompts
      .expectInput({}, text)
      .expectPick({}, undefined)
      .expectInput({ step: { number: 1, of: 3 }, value: '' }, undefined);
    assert.equal(await enter(), undefined);
  });

  it('rejects another client’s lines when you replace a secret', async () => {
    const known = { environmentUrl: sandbox.url, clientId: sandbox.clientId };
    const lines = (id: string): string =>
      `SCALEKIT_ENVIRONMENT_URL=${sandbox.url} SCALEKIT_CLIENT_ID=${id} SCALEKIT_CLIENT_SECRET=${sandbox.clientSecret}`;
    prompts.expectInput({ password: true }, lines('skc_other')).expectInput(
      {
        password: true,
        value: '',
        problem: new RegExp(
          `^These are another client’s credentials, so they weren’t used\\. Paste those of ${sandbox.clientId}\\.$`,
        ),
      },
      lines(sandbox.clientId),
    );
    assert.deepEqual((await enter({ known, steps: ['clientSecret'] }))?.credentials, credentials());
  });

  for (const [what, text, problem] of [
    [
      'another provider’s credentials',
      '{"github":{"client_id":"Iv1.abc","client_secret":"ghs"}}',
      /^These credentials belong to another provider, so none of them were used\./,
    ],
    ['lines that are commented out', '# SCALEKIT_CLIENT_ID=skc_1', /^The SCALEKIT_ lines are commented out/],
    [
      'names without values',
      'SCALEKIT_CLIENT_ID=\nSCALEKIT_CLIENT_SECRET=\n',
      /^The SCALEKIT_ names are there, but they have no values\. Copy lines like/,
    ],
    ['nothing', '', /^The clipboard is empty\. Copy lines like/],
    ['something else', 'lorem ipsum', /^There are no credentials on the clipboard\. Copy lines like/],
  ] as const) {
    it(`says that the clipboard contains ${what}`, async () => {
      clipboard = text;
      prompts
        .expectInput({}, { text: '', button: 'paste' })
        .expectInput({ step: { number: 1, of: 3 }, value: '', problem }, undefined);
      await enter();
      assert.deepEqual(sandbox.requests, []);
    });
  }

  it('takes the usable values from the clipboard, and recognizes a reference in place of the secret', async () => {
    clipboard = `SCALEKIT_ENVIRONMENT_URL=${sandbox.url}\nSCALEKIT_CLIENT_ID=${sandbox.clientId}\nSCALEKIT_CLIENT_SECRET=op://Dev/Scalekit/secret\n`;
    prompts.expectInput({}, { text: '', button: 'paste' }).expectInput(
      {
        step: { number: 3, of: 3 },
        value: '',
        problem: /^The client secret on the clipboard can’t be used\. This is a reference/,
      },
      sandbox.clientSecret,
    );
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  it('asks only for the secret after a wrong one', async () => {
    typeIn({ clientSecret: 'test_wrong' });
    prompts.expectInput(
      { step: { number: 3, of: 3 }, password: true, problem: /refused.*invalid_client/ },
      sandbox.clientSecret,
    );
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  it('lets you correct a wrong client ID without entering the secret again', async () => {
    typeIn({ clientId: 'skc_wrong' });
    prompts
      .expectInput({ step: { number: 3, of: 3 }, problem: /refused/ }, 'back!')
      .expectInput({ step: { number: 2, of: 3 }, value: 'skc_wrong', problem: undefined }, sandbox.clientId);
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  it('makes one token request per attempt', async () => {
    typeIn({ clientSecret: 'test_wrong1' });
    prompts.expectInput({}, 'test_wrong2').expectInput({}, undefined);
    assert.equal(await enter(), undefined);
    assert.deepEqual(
      sandbox.requests.map(({ path }) => path),
      ['/oauth/token', '/oauth/token'],
    );
  });

  it('never repeats the secret in its messages', async () => {
    typeIn({ clientSecret: 'test_wrongVerySecret' });
    prompts.expectInput({ problem: /^(?!.*wrongVerySecret)/ }, undefined);
    await enter();
  });

  it('asks only for the URL if nothing listens there', async () => {
    const gone = await startHttpServer(() => undefined);
    await gone.close();
    typeIn({ url: gone.url });
    prompts.expectInput({ step: { number: 1, of: 3 }, value: gone.url, problem: /refused/ }, sandbox.url);
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  it('asks only for the URL if its host doesn’t exist', async () => {
    typeIn({ url: 'https://no-such-host.invalid' });
    prompts.expectInput({ step: { number: 1, of: 3 }, problem: /DNS/ }, sandbox.url);
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  it('asks only for the URL if the port doesn’t use TLS', async () => {
    typeIn({ url: sandbox.url.replace('http:', 'https:') });
    prompts.expectInput({ step: { number: 1, of: 3 }, problem: /doesn’t speak HTTPS/ }, sandbox.url);
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  for (const [name, status] of Object.entries({
    'HTML with 200': 200,
    'HTML with 404': 404,
    'HTML with 405': 405,
    'HTML with 403': 403,
    'HTML with 502': 502,
  })) {
    it(`asks only for the URL if a server returns ${name}`, async () => {
      const web = await startHttpServer(
        (_request, response) =>
          void response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Welcome</html>'),
      );
      closers.push(() => web.close());
      typeIn({ url: web.url });
      prompts.expectInput({ step: { number: 1, of: 3 }, problem: /./ }, sandbox.url);
      assert.deepEqual((await enter())?.credentials, credentials());
    });
  }

  it('asks only for the URL if a server redirects, and sends the secret nowhere else', async () => {
    const other = await startHttpServer((_request, response) => void response.end('{}'));
    const first = await startHttpServer(
      (_request, response) => void response.writeHead(307, { location: `${other.url}/oauth/token` }).end(),
    );
    closers.push(
      () => other.close(),
      () => first.close(),
    );
    typeIn({ url: first.url });
    prompts.expectInput({ step: { number: 1, of: 3 }, problem: /redirect/ }, undefined);
    await enter();
    assert.equal(other.requests.length, 0);
  });

  it('says which permission is missing, and saves the client as "tokens only" if you choose that', async () => {
    sandbox.addFault({ path: '/api/*', status: 403, message: 'Permission organizations_read is needed' });
    typeIn();
    prompts.expectPick({ title: TITLE, labels: [/Correct/, /tokens only/] }, { label: /tokens only/ });
    assert.deepEqual(await enter(), { credentials: credentials(), verified: true, tokensOnly: true });
  });

  it('lets you correct client ID and secret after the API refuses them', async () => {
    sandbox.addFault({ path: '/api/*', status: 403, times: 1 });
    typeIn();
    prompts
      .expectPick({}, { label: /Correct/ })
      .expectInput({ step: { number: 2, of: 3 }, value: sandbox.clientId }, sandbox.clientId);
    assert.equal((await enter())?.verified, true);
  });

  it('offers "tokens only" for a 401 from the API too', async () => {
    sandbox.addFault({ path: '/api/*', status: 401 });
    typeIn();
    prompts.expectPick({}, undefined);
    assert.equal(await enter(), undefined);
  });

  it('asks again with everything you entered if you cancel the verification', async () => {
    sandbox.addFault({ path: '/oauth/token', delayMs: 5_000, times: 1 });
    prompts.cancelNextProgress(50);
    typeIn();
    prompts.expectInput(
      { step: { number: 3, of: 3 }, value: sandbox.clientSecret, problem: undefined },
      sandbox.clientSecret,
    );
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  it('saves without verifying only with that button, and only after a failed attempt', async () => {
    sandbox.addFault({ path: '/oauth/token', status: 503 });
    typeIn();
    prompts.expectInput(
      { step: { number: 1, of: 3 }, buttons: ['paste', 'saveUnverified'] },
      { text: sandbox.url, button: 'saveUnverified' },
    );
    assert.deepEqual(await enter(), { credentials: credentials(), verified: false, tokensOnly: false });
  });

  it('asks only for the secret to replace it', async () => {
    prompts.expectInput({ password: true, value: '' }, 'test_wrong').expectInput(
      {
        password: true,
        problem: new RegExp(`refused this secret for ${sandbox.clientId} \\(invalid_client\\)\\. Enter it again\\.$`),
      },
      sandbox.clientSecret,
    );
    const entered = await enter({
      known: { environmentUrl: sandbox.url, clientId: sandbox.clientId },
      steps: ['clientSecret'],
    });
    assert.deepEqual(entered?.credentials, credentials());
  });

  it('takes all three values from the clipboard with that button', async () => {
    clipboard = `SCALEKIT_ENVIRONMENT_URL=${sandbox.url}\nSCALEKIT_CLIENT_ID=${sandbox.clientId}\nSCALEKIT_CLIENT_SECRET=${sandbox.clientSecret}\n`;
    prompts.expectInput({ buttons: ['paste'] }, { text: '', button: 'paste' });
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  for (const [what, clientId, problem] of [
    [
      'a line break in it',
      'skc_1\nskc_2',
      /^The client ID on the clipboard can’t be used\. A client ID is one word: take out the space or line break\.$/,
    ],
    [
      'a secret as its value',
      'test_AbCd1234EfGh56/9f+Kq=7Z',
      /^The client ID on the clipboard can’t be used\. It looks like a client secret\.$/,
    ],
  ] as const) {
    it(`rejects a client ID with ${what} from the clipboard`, async () => {
      clipboard = JSON.stringify({ environmentUrl: sandbox.url, clientId, clientSecret: sandbox.clientSecret });
      prompts
        .expectInput({}, { text: '', button: 'paste' })
        .expectInput({ step: { number: 2, of: 3 }, value: '', problem }, undefined);
      await enter();
      assert.deepEqual(sandbox.requests, []);
    });
  }

  it('rejects a secret as the URL from the clipboard', async () => {
    clipboard = 'SCALEKIT_ENVIRONMENT_URL=test_AbCd1234EfGh56/9f+Kq=7Z\nSCALEKIT_CLIENT_ID=skc_1\n';
    prompts
      .expectInput({}, { text: '', button: 'paste' })
      .expectInput(
        { value: '', problem: /^The URL on the clipboard can’t be used\. It looks like a client secret\.$/ },
        undefined,
      );
    await enter();
  });
});
