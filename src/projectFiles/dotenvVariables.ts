/** Names in Scalekit's documentation and samples, without the prefix of a framework (docs/scalekit-api.md, 1.5). */
export const KNOWN_NAMES: readonly string[] = [
  ...[
    'ENVIRONMENT_URL',
    'ENV_URL',
    'CLIENT_ID',
    'CLIENT_SECRET',
    'M2M_CLIENT_ID',
    'M2M_CLIENT_SECRET',
    'M2M_SCOPE',
    'DOMAIN',
    'REDIRECT_URI',
    'POST_LOGOUT_REDIRECT_URI',
    'WEBHOOK_SECRET',
    'INTERCEPTOR_SECRET',
    'SCOPES',
    'ORGANIZATION_ID',
    'CONNECTION_ID',
    'CONNECTION_NAME',
    'USER_IDENTIFIER',
    'ENVIRONMENT_ID',
    'RESOURCE_ID',
    'MCP_URL',
    'MCP_SERVER_URL',
    'MCP_CONFIG_NAME',
    'MCP_CONFIG_ID',
    'MAGICLINK_AUTH_URI',
    'COOKIE_ENCRYPTION_SECRET',
    'COOKIE_SECURE',
    'LOGIN_PATH',
    'BASE_URL',
    'TEST_USER_EMAIL',
    'TEST_USER_CODE',
    'TEST_AUTH_URL',
    'ACCESS_TOKEN',
    'AUTHORIZE_URL',
    'TOKEN_URL',
    'USERINFO_URL',
  ].map((rest) => `SCALEKIT_${rest}`),
];

/** Names that the samples once had, or that are known mistakes, and the names in use. */
export const REPLACED_NAMES: Readonly<Record<string, string>> = {
  SCALEKIT_URL: 'SCALEKIT_ENVIRONMENT_URL',
  SCALEKIT_ID: 'SCALEKIT_CLIENT_ID',
  SCALEKIT_SECRET: 'SCALEKIT_CLIENT_SECRET',
  SCALEKIT_CALLBACK_URL: 'SCALEKIT_REDIRECT_URI',
  FASTMCP_SERVER_AUTH_SCALEKITPROVIDER_MCP_URL: 'FASTMCP_SERVER_AUTH_SCALEKITPROVIDER_BASE_URL',
};

/** Prefixes whose variables a framework puts into what it sends to browsers and phones. */
const PUBLIC_PREFIX = /^(?:NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY|REACT_APP|VUE_APP|VITE|PUBLIC)_/;

/** The public prefix of a name; empty without one. */
export function publicPrefix(name: string): string {
  return PUBLIC_PREFIX.exec(name)?.[0] ?? '';
}

/** What a name stands for. */
export type VariableRole = 'url' | 'clientId' | 'clientSecret' | 'otherSecret';

const ROLES: readonly (readonly [VariableRole, RegExp])[] = [
  [
    'url',
    /^(?:SCALEKIT_(?:ENVIRONMENT_URL|ENV_URL|URL)|SK_ENV_URL|FASTMCP_SERVER_AUTH_SCALEKITPROVIDER_ENVIRONMENT_URL)$/,
  ],
  ['clientId', /^(?:SCALEKIT|SK)_(?:M2M_)?CLIENT_ID$/],
  ['clientSecret', /^(?:SCALEKIT|SK)_(?:M2M_)?CLIENT_SECRET$|^SCALEKIT_SECRET$/],
  ['otherSecret', /^SCALEKIT_(?:\w{0,40}_SECRET|ACCESS_TOKEN|TEST_USER_CODE)$/],
];

/** What one of Scalekit's names stands for, whatever its public prefix is; undefined for other names. */
export function variableRole(name: string): VariableRole | undefined {
  const bare = name.slice(publicPrefix(name).length);
  return ROLES.find(([, pattern]) => pattern.test(bare))?.[0];
}

/** The name that was meant, if a name is a known mistake or one slip away from a known name. */
export function intendedName(name: string): string | undefined {
  const prefix = publicPrefix(name);
  const bare = name.slice(prefix.length);
  const replaced = Object.hasOwn(REPLACED_NAMES, bare) ? REPLACED_NAMES[bare] : undefined;
  if (replaced !== undefined) return prefix + replaced;
  if (KNOWN_NAMES.includes(bare) || variableRole(bare) !== undefined || !/^[A-Z][A-Z_]{7,60}$/.test(bare))
    return undefined;
  const near = KNOWN_NAMES.filter((known) => isOneSlip(bare, known));
  return near.length === 1 && near[0] !== undefined ? prefix + near[0] : undefined;
}

/** Whether a text is another one with a letter missing, doubled, mistyped, or swapped with the next one. */
export function isOneSlip(typed: string, meant: string): boolean {
  if (typed === meant || Math.abs(typed.length - meant.length) > 1) return false;
  let from = 0;
  while (from < typed.length && typed.charAt(from) === meant.charAt(from)) from++;
  const [typedRest, meantRest] = [typed.slice(from), meant.slice(from)];
  if (typedRest === meantRest.slice(1)) return true;
  if (typedRest.slice(1) === meantRest) return from > 0 && typedRest.charAt(0) === typed.charAt(from - 1);
  if (typedRest.slice(1) === meantRest.slice(1)) return true;
  return (
    typedRest.charAt(0) === meantRest.charAt(1) &&
    typedRest.charAt(1) === meantRest.charAt(0) &&
    typedRest.slice(2) === meantRest.slice(2)
  );
}
