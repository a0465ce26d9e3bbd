import assert from 'node:assert/strict';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { enterCredentials, type EnteredCredentials, type EnterCredentialsOptions } from '../../src/environments/enterCredentials';
import { startHttpServer } from '../support/httpServer';
import { ScriptedPrompts } from '../support/scriptedPrompts';
import { workbenchParts, type WorkbenchParts } from '../support/workbenchParts';

const TITLE = 'Add Scalekit Environment';

describe('entering credentials', () => {
  let sandbox: Sandbox;
  let parts: WorkbenchParts;
  let prompts: ScriptedPrompts;
  let clipboard: string;
  const closers: (() => Promise<void>)[] = [];

  before(async () => {
    sandbox = await startSandbox({ organizations: 7 });
    parts = await workbenchParts();
  });

  after(async () => {
    await parts.dispose();
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
    const context = { prompts, redactor: parts.redactor, createClient: parts.createClient, readClipboard: async () => clipboard };
    return enterCredentials({ title: TITLE, ...options }, context);
  }

  /** Types all three in, as a person does who makes no mistake. */
  function typeIn(values: { url?: string; clientId?: string; clientSecret?: string } = {}): void {
    prompts
      .expectInput({ title: TITLE, step: { number: 1, of: 3 }, value: '', password: false, problem: undefined }, values.url ?? sandbox.url)
      .expectInput({ step: { number: 2, of: 3 }, value: '', password: false, problem: undefined }, values.clientId ?? sandbox.clientId)
      .expectInput({ step: { number: 3, of: 3 }, value: '', password: true, problem: undefined }, values.clientSecret ?? sandbox.clientSecret);
  }

  const credentials = (): object => ({ environmentUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret });

  it('asks for URL, client id and secret, and verifies them with one token and one list call', async () => {
    typeIn();
    assert.deepEqual(await enter(), { credentials: credentials(), verified: true, tokensOnly: false, organizations: 7 });
    assert.deepEqual(sandbox.requests.map(({ method, path }) => `${method} ${path.split('?')[0]}`), ['POST /oauth/token', 'GET /api/v1/organizations']);
    assert.equal(prompts.progressTitles.length, 1);
    assert.match(prompts.progressTitles[0] ?? '', new RegExp(new URL(sandbox.url).host.replaceAll('.', '\\.')));
  });

  it('cleans what was typed', async () => {
    typeIn({ url: ` "${sandbox.url}/oauth/token" `, clientId: ` ${sandbox.clientId}\n`, clientSecret: `\t${sandbox.clientSecret} ` });
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  it('goes back with what was typed, and on again', async () => {
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
    it(`makes no request when the person cancels at step ${step}`, async () => {
      const answers = [sandbox.url, sandbox.clientId];
      for (const answer of answers.slice(0, step - 1)) prompts.expectInput({}, answer);
      prompts.expectInput({ step: { number: step, of: 3 } }, undefined);
      assert.equal(await enter(), undefined);
      assert.equal(sandbox.requests.length, 0);
    });
  }

  it('refuses bad input in its box, each with its own sentence', async () => {
    const refused = ['', 'ftp://acme.scalekit.dev', 'https://user:pw@acme.scalekit.dev', 'https://acme.scalekit.dev?x', 'https://acme.scalekit.dev#x', 'http://acme.scalekit.dev', 'acme dev'];
    for (const text of refused) prompts.expectInput({ step: { number: 1, of: 3 } }, text);
    prompts.expectInput({}, sandbox.url).expectInput({}, '  ').expectInput({}, 'two words').expectInput({}, sandbox.clientId).expectInput({}, ' ').expectInput({}, sandbox.clientSecret);
    assert.equal((await enter())?.verified, true);
    assert.equal(prompts.problems.length, refused.length + 3);
    assert.equal(new Set(prompts.problems).size, prompts.problems.length);
    assert.ok(!prompts.problems.join().includes('pw'));
  });

  it('takes a secret out of a box that shows it, whatever its characters, and out of every log from then on', async () => {
    const secrets = ['test_aVeryLongSecretValue', 'test_AbCd1234EfGh56/9f+Kq=7Z', 'test_AbCd1234.EfGh56%9f&Kq~7Z', 'live_a very:long "secret" value'];
    for (const secret of secrets) prompts.expectInput({ step: { number: 1, of: 3 } }, secret);
    prompts.expectInput({}, `https://acme.scalekit.dev${secrets[1]}`).expectInput({}, sandbox.url);
    for (const secret of secrets) prompts.expectInput({ step: { number: 2, of: 3 } }, secret.replace('V', 'W').replace('E', 'F'));
    prompts.expectInput({}, undefined);
    await enter();
    assert.equal(prompts.problems.length, secrets.length * 2 + 1);
    for (const problem of prompts.problems) assert.match(problem, /^That looks like a client secret, so it was taken out of this visible box\. It is asked for in the last step\.$/);
    for (const secret of secrets.flatMap((text) => [text, text.replace('V', 'W').replace('E', 'F')])) assert.equal(parts.redactor.redact(`<${secret}>`), '<[redacted]>');
    assert.deepEqual(sandbox.requests, []);
  });

  it('takes .env lines out of a box that shows them, and their secret out of every log from then on', async () => {
    prompts.expectInput({}, 'SCALEKIT_CLIENT_ID=skc_1 SCALEKIT_CLIENT_SECRET=pasted/by+mistake').expectInput({}, undefined);
    await enter();
    assert.match(prompts.problems.join(), /^That holds a client secret, .* Use the Paste from Clipboard button/);
    assert.equal(parts.redactor.redact('pasted/by+mistake'), '[redacted]');
  });

  it('asks for the secret alone after a wrong one', async () => {
    typeIn({ clientSecret: 'test_wrong' });
    prompts.expectInput({ step: { number: 3, of: 3 }, password: true, problem: /refused.*invalid_client/ }, sandbox.clientSecret);
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  it('lets a wrong client id be corrected without typing the secret again', async () => {
    typeIn({ clientId: 'skc_wrong' });
    prompts.expectInput({ step: { number: 3, of: 3 }, problem: /refused/ }, 'back!').expectInput({ step: { number: 2, of: 3 }, value: 'skc_wrong', problem: undefined }, sandbox.clientId);
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  it('makes one token request for each try, however wrong', async () => {
    typeIn({ clientSecret: 'test_wrong1' });
    prompts.expectInput({}, 'test_wrong2').expectInput({}, undefined);
    assert.equal(await enter(), undefined);
    assert.deepEqual(sandbox.requests.map(({ path }) => path), ['/oauth/token', '/oauth/token']);
  });

  it('never repeats the secret in its sentences', async () => {
    typeIn({ clientSecret: 'test_wrongVerySecret' });
    prompts.expectInput({ problem: /^(?!.*wrongVerySecret)/ }, undefined);
    await enter();
  });

  it('asks for the URL alone when nothing listens there', async () => {
    const gone = await startHttpServer(() => undefined);
    await gone.close();
    typeIn({ url: gone.url });
    prompts.expectInput({ step: { number: 1, of: 3 }, value: gone.url, problem: /refused/ }, sandbox.url);
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  it('asks for the URL alone when its host does not exist', async () => {
    typeIn({ url: 'https://no-such-host.invalid' });
    prompts.expectInput({ step: { number: 1, of: 3 }, problem: /DNS/ }, sandbox.url);
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  it('asks for the URL alone when the port speaks no TLS', async () => {
    typeIn({ url: sandbox.url.replace('http:', 'https:') });
    prompts.expectInput({ step: { number: 1, of: 3 }, problem: /does not speak HTTPS/ }, sandbox.url);
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  for (const [name, status] of Object.entries({ 'HTML with 200': 200, 'HTML with 404': 404, 'HTML with 405': 405, 'HTML with 403': 403, 'HTML with 502': 502 })) {
    it(`asks for the URL alone when a server answers ${name}`, async () => {
      const web = await startHttpServer((_request, response) => void response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Welcome</html>'));
      closers.push(() => web.close());
      typeIn({ url: web.url });
      prompts.expectInput({ step: { number: 1, of: 3 }, problem: /./ }, sandbox.url);
      assert.deepEqual((await enter())?.credentials, credentials());
    });
  }

  it('asks for the URL alone when a server redirects, and sends the secret nowhere else', async () => {
    const other = await startHttpServer((_request, response) => void response.end('{}'));
    const first = await startHttpServer((_request, response) => void response.writeHead(307, { location: `${other.url}/oauth/token` }).end());
    closers.push(() => other.close(), () => first.close());
    typeIn({ url: first.url });
    prompts.expectInput({ step: { number: 1, of: 3 }, problem: /redirect/ }, undefined);
    await enter();
    assert.equal(other.requests.length, 0);
  });

  it('says which permission is missing, and keeps the client as "tokens only" when the person wants it', async () => {
    sandbox.addFault({ path: '/api/*', status: 403, message: 'Permission organizations_read is needed' });
    typeIn();
    prompts.expectPick({ title: TITLE, labels: [/Correct/, /tokens only/] }, { label: /tokens only/ });
    assert.deepEqual(await enter(), { credentials: credentials(), verified: true, tokensOnly: true });
  });

  it('corrects client id and secret after a refusal by the API', async () => {
    sandbox.addFault({ path: '/api/*', status: 403, times: 1 });
    typeIn();
    prompts.expectPick({}, { label: /Correct/ }).expectInput({ step: { number: 2, of: 3 }, value: sandbox.clientId }, sandbox.clientId);
    assert.equal((await enter())?.verified, true);
  });

  it('calls an API that takes no token a refusal too', async () => {
    sandbox.addFault({ path: '/api/*', status: 401 });
    typeIn();
    prompts.expectPick({}, undefined);
    assert.equal(await enter(), undefined);
  });

  it('asks again, with everything kept, when the person cancels the verification', async () => {
    sandbox.addFault({ path: '/oauth/token', delayMs: 5_000, times: 1 });
    prompts.cancelNextProgress(50);
    typeIn();
    prompts.expectInput({ step: { number: 3, of: 3 }, value: sandbox.clientSecret, problem: undefined }, sandbox.clientSecret);
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  it('saves without verifying only on that button, and only after a failed try', async () => {
    sandbox.addFault({ path: '/oauth/token', status: 503 });
    typeIn();
    prompts.expectInput({ step: { number: 1, of: 3 }, buttons: ['paste', 'saveUnverified'] }, { text: sandbox.url, button: 'saveUnverified' });
    assert.deepEqual(await enter(), { credentials: credentials(), verified: false, tokensOnly: false });
  });

  it('asks for the secret alone when that alone is to be replaced', async () => {
    prompts
      .expectInput({ password: true, value: '' }, 'test_wrong')
      .expectInput({ password: true, problem: new RegExp(`refused this secret for ${sandbox.clientId} \\(invalid_client\\)\\. Enter it again\\.$`) }, sandbox.clientSecret);
    const entered = await enter({ known: { environmentUrl: sandbox.url, clientId: sandbox.clientId }, steps: ['clientSecret'] });
    assert.deepEqual(entered?.credentials, credentials());
  });

  it('takes all three from the clipboard on that button', async () => {
    clipboard = `SCALEKIT_ENVIRONMENT_URL=${sandbox.url}\nSCALEKIT_CLIENT_ID=${sandbox.clientId}\nSCALEKIT_CLIENT_SECRET=${sandbox.clientSecret}\n`;
    prompts.expectInput({ buttons: ['paste'] }, { text: '', button: 'paste' });
    assert.deepEqual((await enter())?.credentials, credentials());
  });

  for (const [what, clientId, problem] of [
    ['a line break in it', 'skc_1\nskc_2', /^The client ID on the clipboard cannot be used\. A client ID is one word: take out the space or line break\.$/],
    ['a secret in its place', 'test_AbCd1234EfGh56/9f+Kq=7Z', /^The client ID on the clipboard cannot be used\. It looks like a client secret\.$/],
  ] as const) {
    it(`takes no client ID with ${what} from the clipboard`, async () => {
      clipboard = JSON.stringify({ environmentUrl: sandbox.url, clientId, clientSecret: sandbox.clientSecret });
      prompts.expectInput({}, { text: '', button: 'paste' }).expectInput({ step: { number: 1, of: 3 }, value: sandbox.url, problem }, undefined);
      await enter();
      assert.deepEqual(sandbox.requests, []);
    });
  }

  it('takes no secret for a URL from the clipboard', async () => {
    clipboard = 'SCALEKIT_ENVIRONMENT_URL=test_AbCd1234EfGh56/9f+Kq=7Z\nSCALEKIT_CLIENT_ID=skc_1\n';
    prompts.expectInput({}, { text: '', button: 'paste' }).expectInput({ value: '', problem: /^The URL on the clipboard cannot be used\. It looks like a client secret\.$/ }, undefined);
    await enter();
  });
});
