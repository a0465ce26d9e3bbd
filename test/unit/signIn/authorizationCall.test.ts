import assert from 'node:assert/strict';
import { authorizationCall, SDK_FORMATS, type SdkFormat } from '../../../src/signIn/copyUrl/authorizationCall';
import { DEFAULT_CHOICES, type ConnectionSelector, type SignInChoices } from '../../../src/signIn/signInChoices';

const redirectUri = 'http://localhost:3000/auth/callback';
const call = (format: SdkFormat, choices: Partial<SignInChoices> = {}): string =>
  authorizationCall(format, { redirectUri, choices: { ...DEFAULT_CHOICES, ...choices } });

/** The names of options as the SDKs declare them (docs/scalekit-api.md, 4.2). */
const NAMES: Readonly<Record<SdkFormat, Readonly<Record<string, string>>>> = {
  'Node.js SDK': {
    organization: '  organizationId: "it",',
    connection: '  connectionId: "it",',
    domain: '  domainHint: "it",',
    provider: '  provider: "it",',
    loginHint: '  loginHint: "a@b.example",',
    prompt: '  prompt: "select_account",',
  },
  'Python SDK': {
    organization: 'options.organization_id = "it"',
    connection: 'options.connection_id = "it"',
    domain: 'options.domain_hint = "it"',
    provider: 'options.provider = "it"',
    loginHint: 'options.login_hint = "a@b.example"',
    prompt: 'options.prompt = "select_account"',
  },
  'Go SDK': {
    organization: '\t\tOrganizationId:      "it",',
    connection: '\t\tConnectionId:        "it",',
    domain: '\t\tDomainHint:          "it",',
    provider: '\t\tProvider:            "it",',
    loginHint: '\t\tLoginHint:           "a@b.example",',
    prompt: '\t\tPrompt:              "select_account",',
  },
};

describe('the SDK call of an authorization URL', () => {
  for (const format of SDK_FORMATS) {
    it(`uses each option’s name of the ${format}, and only those that were chosen`, () => {
      for (const by of ['organization', 'connection', 'domain', 'provider'] as const) {
        const selector: ConnectionSelector = { by, value: 'it' };
        const lines = call(format, { selector, loginHint: 'a@b.example', prompt: 'select_account' }).split('\n');
        for (const name of [by, 'loginHint', 'prompt'])
          assert.ok(lines.includes(NAMES[format][name] ?? ''), `${name}: ${lines.join('\n')}`);
        assert.equal(lines.filter((line) => line.includes('"it"')).length, 1);
      }
      assert.doesNotMatch(call(format), /login_?hint|prompt|provider|domain|organization|connection_?id/i);
    });

    it(`contains no secret, and an app’s own client ID instead of the variable, in the ${format}`, () => {
      assert.match(call(format), /SCALEKIT_ENVIRONMENT_URL[^]*SCALEKIT_CLIENT_ID[^]*SCALEKIT_CLIENT_SECRET/);
      const other = call(format, { otherClientId: 'skc_7' });
      assert.match(other, /"skc_7"/);
      assert.doesNotMatch(other, /SCALEKIT_CLIENT_ID/);
    });

    it(`shows what a hostile value contains, in the ${format}`, () => {
      const text = call(format, { loginHint: 'a"; process.exit() //\u202E\u2028\ud800\u{e0041}\n' });
      const escaped = format === 'Node.js SDK' ? '\\u{e0041}' : '\\U000e0041';
      assert.ok(text.includes(`"a\\"; process.exit() //\\u202e\\u2028\ufffd${escaped}\\n"`), text);
    });
  }

  it('is made for PKCE where the SDK has no option', () => {
    assert.match(call('Python SDK'), /url \+= f"&code_challenge=\{challenge\}&code_challenge_method=S256"/);
    assert.match(call('Node.js SDK'), /codeChallengeMethod: 'S256'/);
    assert.match(call('Go SDK'), /CodeChallengeMethod: "S256"/);
  });
});
