import type { SignInChoices } from '../signInChoices';

/** The official SDKs that an authorization URL can be copied for. */
export const SDK_FORMATS = ['Node.js SDK', 'Python SDK', 'Go SDK'] as const;
export type SdkFormat = (typeof SDK_FORMATS)[number];

/** What a call to `getAuthorizationUrl` is made of. */
export interface AuthorizationCall {
  readonly redirectUri: string;
  readonly choices: SignInChoices;
}

/**
 * A program that makes the authorization URL with an official SDK, and prints it. It makes its own state, nonce and
 * PKCE verifier, and reads the credentials from the `SCALEKIT_` variables, so it contains no secret. The names of the
 * options are those of each SDK (docs/scalekit-api.md, 4.2): an unknown one would be dropped without a word.
 */
export function authorizationCall(format: SdkFormat, call: AuthorizationCall): string {
  switch (format) {
    case 'Node.js SDK':
      return nodeCall(call);
    case 'Python SDK':
      return pythonCall(call);
    case 'Go SDK':
      return goCall(call);
  }
}

/** The chosen options under an SDK's names, in the order of its declaration. */
function chosen(
  { selector, prompt, loginHint }: SignInChoices,
  names: {
    readonly loginHint: string;
    readonly prompt: string;
  } & { readonly [By in 'organization' | 'connection' | 'domain' | 'provider']: string },
): [name: string, value: string][] {
  const options: [string, string][] = [];
  if (selector.by !== 'none') options.push([names[selector.by], selector.value]);
  if (loginHint !== '') options.push([names.loginHint, loginHint]);
  if (prompt !== undefined) options.push([names.prompt, prompt]);
  return options;
}

function nodeCall({ redirectUri, choices }: AuthorizationCall): string {
  const options = chosen(choices, {
    organization: 'organizationId',
    connection: 'connectionId',
    domain: 'domainHint',
    provider: 'provider',
    loginHint: 'loginHint',
    prompt: 'prompt',
  });
  const text = (value: string): string => quoted(value, 'braces');
  return lines(
    `import { createHash, randomBytes } from 'node:crypto';`,
    `import { ScalekitClient } from '@scalekit-sdk/node';`,
    '',
    'const scalekit = new ScalekitClient(',
    '  process.env.SCALEKIT_ENVIRONMENT_URL,',
    `  ${choices.otherClientId === undefined ? 'process.env.SCALEKIT_CLIENT_ID' : text(choices.otherClientId)},`,
    '  process.env.SCALEKIT_CLIENT_SECRET,',
    ');',
    '',
    '// Keep these three in the session. The callback compares the state and the nonce,',
    '// and sends the verifier with the code: authenticateWithCode(code, redirectUri, { codeVerifier }).',
    `const state = randomBytes(32).toString('base64url');`,
    `const nonce = randomBytes(32).toString('base64url');`,
    `const codeVerifier = randomBytes(32).toString('base64url');`,
    '',
    `const redirectUri = ${text(redirectUri)};`,
    'const url = scalekit.getAuthorizationUrl(redirectUri, {',
    `  scopes: [${choices.scopes.map(text).join(', ')}],`,
    '  state,',
    '  nonce,',
    ...options.map(([name, value]) => `  ${name}: ${text(value)},`),
    `  codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),`,
    `  codeChallengeMethod: 'S256',`,
    '});',
    'console.log(url);',
  );
}

function pythonCall({ redirectUri, choices }: AuthorizationCall): string {
  const options = chosen(choices, {
    organization: 'organization_id',
    connection: 'connection_id',
    domain: 'domain_hint',
    provider: 'provider',
    loginHint: 'login_hint',
    prompt: 'prompt',
  });
  const text = (value: string): string => quoted(value, 'eight');
  return lines(
    'import base64',
    'import hashlib',
    'import os',
    'import secrets',
    '',
    'from scalekit import AuthorizationUrlOptions, ScalekitClient',
    '',
    'scalekit = ScalekitClient(',
    '    os.environ["SCALEKIT_ENVIRONMENT_URL"],',
    `    ${choices.otherClientId === undefined ? 'os.environ["SCALEKIT_CLIENT_ID"]' : text(choices.otherClientId)},`,
    '    os.environ["SCALEKIT_CLIENT_SECRET"],',
    ')',
    '',
    '# Keep these three in the session. The callback compares the state and the nonce,',
    '# and sends the verifier with the code, in CodeAuthenticationOptions.code_verifier.',
    'state = secrets.token_urlsafe(32)',
    'nonce = secrets.token_urlsafe(32)',
    'code_verifier = secrets.token_urlsafe(32)',
    '',
    'options = AuthorizationUrlOptions()',
    `options.scopes = [${choices.scopes.map(text).join(', ')}]`,
    'options.state = state',
    'options.nonce = nonce',
    ...options.map(([name, value]) => `options.${name} = ${text(value)}`),
    '',
    `redirect_uri = ${text(redirectUri)}`,
    'url = scalekit.get_authorization_url(redirect_uri, options)',
    '# This SDK has no option for PKCE.',
    'digest = hashlib.sha256(code_verifier.encode()).digest()',
    'challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()',
    'url += f"&code_challenge={challenge}&code_challenge_method=S256"',
    'print(url)',
  );
}

function goCall({ redirectUri, choices }: AuthorizationCall): string {
  const options = chosen(choices, {
    organization: 'OrganizationId',
    connection: 'ConnectionId',
    domain: 'DomainHint',
    provider: 'Provider',
    loginHint: 'LoginHint',
    prompt: 'Prompt',
  });
  const text = (value: string): string => quoted(value, 'eight');
  const fields: [string, string][] = [
    ['Scopes', `[]string{${choices.scopes.map(text).join(', ')}}`],
    ['State', 'state'],
    ['Nonce', 'nonce'],
    ...options.map(([name, value]): [string, string] => [name, text(value)]),
    ['CodeChallenge', 'base64.RawURLEncoding.EncodeToString(digest[:])'],
    ['CodeChallengeMethod', '"S256"'],
  ];
  const widest = Math.max(...fields.map(([name]) => name.length));
  return lines(
    'package main',
    '',
    'import (',
    '\t"crypto/rand"',
    '\t"crypto/sha256"',
    '\t"encoding/base64"',
    '\t"fmt"',
    '\t"log"',
    '\t"os"',
    '',
    '\t"github.com/scalekit-inc/scalekit-sdk-go/v2"',
    ')',
    '',
    'func main() {',
    '\tclient := scalekit.NewScalekitClient(',
    '\t\tos.Getenv("SCALEKIT_ENVIRONMENT_URL"),',
    `\t\t${choices.otherClientId === undefined ? 'os.Getenv("SCALEKIT_CLIENT_ID")' : text(choices.otherClientId)},`,
    '\t\tos.Getenv("SCALEKIT_CLIENT_SECRET"),',
    '\t)',
    '',
    '\t// Keep these three in the session. The callback compares the state and the nonce,',
    '\t// and sends the verifier with the code, in AuthenticationOptions.CodeVerifier.',
    '\tstate, nonce, codeVerifier := random(), random(), random()',
    '',
    `\tredirectUri := ${text(redirectUri)}`,
    '\tdigest := sha256.Sum256([]byte(codeVerifier))',
    '\turl, err := client.GetAuthorizationUrl(redirectUri, scalekit.AuthorizationUrlOptions{',
    ...fields.map(([name, value]) => `\t\t${`${name}:`.padEnd(widest + 1)} ${value},`),
    '\t})',
    '\tif err != nil {',
    '\t\tlog.Fatal(err)',
    '\t}',
    '\tfmt.Println(url)',
    '}',
    '',
    'func random() string {',
    '\tbytes := make([]byte, 32)',
    '\tif _, err := rand.Read(bytes); err != nil {',
    '\t\tlog.Fatal(err)',
    '\t}',
    '\treturn base64.RawURLEncoding.EncodeToString(bytes)',
    '}',
  );
}

/**
 * A text in double quotes, as JavaScript, Python and Go read it. Invisible characters, which could hide what the code
 * says, are escaped: beyond the first 65,536 as `\u{…}` in JavaScript and as `\U` with eight digits in the others.
 */
function quoted(text: string, long: 'braces' | 'eight'): string {
  return JSON.stringify(text.replace(/\p{Cs}/gu, '\ufffd')).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu,
    (character) => {
      const code = (character.codePointAt(0) ?? 0).toString(16);
      if (code.length <= 4) return `\\u${code.padStart(4, '0')}`;
      return long === 'braces' ? `\\u{${code}}` : `\\U${code.padStart(8, '0')}`;
    },
  );
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
