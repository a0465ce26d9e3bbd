import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ScalekitClient } from '@scalekit-sdk/node';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { authorizationUrl, newSignInKeys } from '../../src/signIn/authorizationRequest';
import { authorizationCall } from '../../src/signIn/copyUrl/authorizationCall';
import { DEFAULT_CHOICES, type SignInChoices } from '../../src/signIn/signInChoices';
import { projectRoot } from '../host/project';
import { callbackOf, FormBrowser } from './formBrowser';

const REDIRECT = 'http://localhost:3000/auth/callback';
/** Made anew by each program. */
const RANDOM = ['state', 'nonce', 'code_challenge'];
const HINTS = ['ada+test@looney.example', `O'Reilly "x" & y % \\ {z} 日本 🎩 \u202E <b>`];

const runFile = promisify(execFile);

describe('a copied authorization URL', () => {
  let sandbox: Sandbox;
  let folder: string;
  let organizationId: string;
  let connectionId: string;

  before(async () => {
    sandbox = await startSandbox({ organizations: 30, seed: 7 });
    const sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    organizationId = (await sdk.organization.listOrganization({ pageSize: 10 })).organizations[0]?.id ?? '';
    connectionId = (await sdk.connection.listConnections(organizationId)).connections[0]?.id ?? '';
    folder = await mkdtemp(join(tmpdir(), 'workbench-calls-'));
    await symlink(join(projectRoot(), 'node_modules'), join(folder, 'node_modules'), 'junction');
  });
  after(async () => {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  });

  const choices = (): SignInChoices[] => [
    DEFAULT_CHOICES,
    { ...DEFAULT_CHOICES, selector: { by: 'organization', value: organizationId }, loginHint: HINTS[0] ?? '' },
    { ...DEFAULT_CHOICES, selector: { by: 'connection', value: connectionId }, prompt: 'login', scopes: ['openid'] },
    { ...DEFAULT_CHOICES, selector: { by: 'domain', value: 'looney.example' }, prompt: 'select_account' },
    { ...DEFAULT_CHOICES, selector: { by: 'provider', value: 'google' }, loginHint: HINTS[1] ?? '' },
  ];
  const urlOf = (chosen: SignInChoices): { url: string; keys: ReturnType<typeof newSignInKeys> } => {
    const keys = newSignInKeys();
    const input = { environmentUrl: sandbox.url, clientId: sandbox.clientId, redirectUri: REDIRECT, choices: chosen };
    return { url: authorizationUrl(input, keys), keys };
  };

  it('is the one that the official SDK makes, byte for byte', () => {
    const sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    for (const chosen of choices()) {
      const { url, keys } = urlOf(chosen);
      const { selector, prompt, loginHint, scopes } = chosen;
      const value = selector.by === 'none' ? undefined : selector.value;
      assert.equal(
        url,
        sdk.getAuthorizationUrl(REDIRECT, {
          scopes: [...scopes],
          state: keys.state,
          nonce: keys.nonce,
          loginHint,
          organizationId: selector.by === 'organization' ? value : undefined,
          connectionId: selector.by === 'connection' ? value : undefined,
          domainHint: selector.by === 'domain' ? value : undefined,
          provider: selector.by === 'provider' ? value : undefined,
          codeChallenge: createHash('sha256').update(keys.verifier).digest('base64url'),
          codeChallengeMethod: 'S256',
          prompt,
        }),
      );
    }
  });

  it('has the same parameters as the copied Node program prints when it runs, apart from what is random', async () => {
    for (const chosen of choices()) {
      const file = join(folder, 'call.mjs');
      await writeFile(file, authorizationCall('Node.js SDK', { redirectUri: REDIRECT, choices: chosen }));
      const { stdout } = await runFile(process.execPath, [file], {
        env: {
          PATH: process.env['PATH'],
          ELECTRON_RUN_AS_NODE: '1',
          SCALEKIT_ENVIRONMENT_URL: sandbox.url,
          SCALEKIT_CLIENT_ID: sandbox.clientId,
          SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
        },
      });
      const [printed, ours] = [new URL(stdout.trim()), new URL(urlOf(chosen).url)].map(({ searchParams }) =>
        [...searchParams].map(([name, value]) => [name, RANDOM.includes(name) ? value.length : value]),
      );
      assert.deepEqual(printed, ours);
    }
  });

  it('is accepted by the sandbox, and its code is exchanged with the verifier beside it', async () => {
    for (const selector of [
      { by: 'organization', value: organizationId },
      { by: 'connection', value: connectionId },
    ] as const) {
      const { url, keys } = urlOf({ ...DEFAULT_CHOICES, selector });
      const browser = new FormBrowser(sandbox.url);
      const callback = callbackOf(
        await browser.submit(await browser.open(url), { email: 'bugs@looney.example', given_name: 'Bugs' }),
      );
      assert.equal(callback.get('state'), keys.state);
      const sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
      const { user } = await sdk.authenticateWithCode(callback.get('code') ?? '', REDIRECT, {
        codeVerifier: keys.verifier,
      });
      assert.equal(user.email, 'bugs@looney.example');
    }
  });

  it('is written in Python that Python reads as what was chosen', async () => {
    const file = join(folder, 'call.py');
    for (const loginHint of HINTS) {
      await writeFile(
        file,
        authorizationCall('Python SDK', { redirectUri: REDIRECT, choices: { ...DEFAULT_CHOICES, loginHint } }),
      );
      const program = [
        'import ast, json, sys',
        'tree = ast.parse(open(sys.argv[1], encoding="utf8").read())',
        'texts = [n.value.value for n in ast.walk(tree) if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Attribute) and n.targets[0].attr == "login_hint"]',
        'print(json.dumps(texts))',
      ].join('\n');
      const { stdout } = await runFile('python3', ['-c', program, file]);
      assert.deepEqual(JSON.parse(stdout), [loginHint]);
    }
  });
});
