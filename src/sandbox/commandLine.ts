import { parseArgs, type ParseArgsConfig } from 'node:util';
import { webhookKey } from '../api/webhooks/webhookKey';
import type { AuthenticationMode } from './signIn/signInSettings';

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'coverage' }
  | {
      readonly kind: 'start';
      readonly port?: number;
      readonly host?: string;
      readonly organizations?: number;
      readonly users?: number;
      readonly seed?: number;
      readonly clientId?: string;
      readonly clientSecret?: string;
      readonly tokenLifetimeSeconds?: number;
      readonly strictRedirects?: boolean;
      readonly mode?: AuthenticationMode;
      readonly webhooks?: readonly string[];
      readonly webhookSecret?: string;
      readonly webhookRetryFactor?: number;
      /** A JSON file with interceptors. */
      readonly interceptorFile?: string;
      readonly interceptorSecret?: string;
    };

/** The flags of every program that starts a sandbox, for its usage. */
export const FLAGS_HELP = `  --port N                  port to listen on (default: any free one)
  --host ADDRESS            address to listen on (default: 127.0.0.1, this machine only)
  --organizations N         number of sample organizations (default: 25)
  --users N                 number of users of the first organization (default: 12)
  --seed N                  makes the sample data the same each time
  --client-id ID            client id (default: one that belongs to the seed)
  --token-lifetime SECONDS  lifetime of access tokens (default: 86399, and for people 300 or 900)
  --strict-redirects        redirect only to registered addresses, not to any address of this machine
  --modular-sso             sign people in with Modular SSO, not with full-stack auth
  --webhook URL             send every webhook to an address of this machine; can be repeated
  --webhook-retry-factor N  try failed webhooks again N times faster than Scalekit does (default: 1)
  --interceptors FILE       JSON file with a list of interceptors: trigger_point, url and more
`;

/** The variables that such a program reads, for its usage. */
export const VARIABLES_HELP = `SANDBOX_CLIENT_SECRET, a variable of the environment, sets the client secret (default: another one each time). With it, --port and
--client-id, the three lines are the same each time. SANDBOX_WEBHOOK_SECRET and SANDBOX_INTERCEPTOR_SECRET, two more variables, set
the secrets that sign webhooks and calls of interceptors (default: others each time). They're printed too if they're used.
`;

export const USAGE = `Usage: sandbox [options]

A local Scalekit. When it's ready, it prints the three SCALEKIT_ lines for a .env file. Press Ctrl-C to end it.

${FLAGS_HELP}  --coverage                list which of Scalekit's endpoints the sandbox serves, and exit
  --help                    show this, and exit

${VARIABLES_HELP}`;

/** A command line that can't be understood. The message is a sentence that says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The flags of every program that starts a sandbox, as Node's parser takes them. */
export const FLAGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  organizations: { type: 'string' },
  users: { type: 'string' },
  seed: { type: 'string' },
  'client-id': { type: 'string' },
  'token-lifetime': { type: 'string' },
  'strict-redirects': { type: 'boolean' },
  'modular-sso': { type: 'boolean' },
  webhook: { type: 'string', multiple: true },
  'webhook-retry-factor': { type: 'string' },
  interceptors: { type: 'string' },
  coverage: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** The values of flags. @throws UsageError */
export function readFlags<F extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], flags: F) {
  try {
    return parseArgs({ args: [...args], options: flags }).values;
  } catch (error) {
    throw new UsageError(sentenceOf(error));
  }
}

/**
 * @param environment where the client secret is, because every program on this machine can read arguments
 * @throws UsageError
 */
export function parseCommandLine(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Command {
  return readCommand(readFlags(args, FLAGS), environment);
}

/** What the values of the flags ask for. @throws UsageError */
export function readCommand(
  values: ReturnType<typeof readFlags<typeof FLAGS>>,
  environment: NodeJS.ProcessEnv,
): Command {
  if (values.help === true) return { kind: 'help' };
  if (values.coverage === true) return { kind: 'coverage' };
  if (values.host === '') throw new UsageError('--host needs an address.');
  return {
    kind: 'start',
    ...numberOption('port', '--port', values.port, 0, 65_535),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...numberOption('organizations', '--organizations', values.organizations, 0, 10_000_000),
    ...numberOption('users', '--users', values.users, 0, 1_000_000),
    ...numberOption('seed', '--seed', values.seed, 0, 2 ** 31 - 1),
    ...wordOption('clientId', '--client-id', values['client-id']),
    ...wordOption('clientSecret', 'SANDBOX_CLIENT_SECRET', environment['SANDBOX_CLIENT_SECRET']),
    ...numberOption('tokenLifetimeSeconds', '--token-lifetime', values['token-lifetime'], 1, 315_360_000),
    ...(values['strict-redirects'] === true ? { strictRedirects: true } : {}),
    ...(values['modular-sso'] === true ? { mode: 'modular-sso' as const } : {}),
    ...(values.webhook === undefined ? {} : { webhooks: values.webhook }),
    ...signingSecret('webhookSecret', 'SANDBOX_WEBHOOK_SECRET', environment['SANDBOX_WEBHOOK_SECRET']),
    ...numberOption('webhookRetryFactor', '--webhook-retry-factor', values['webhook-retry-factor'], 1, 1_000_000),
    ...(values.interceptors === undefined ? {} : { interceptorFile: values.interceptors }),
    ...signingSecret('interceptorSecret', 'SANDBOX_INTERCEPTOR_SECRET', environment['SANDBOX_INTERCEPTOR_SECRET']),
  };
}

/** Node's message about a bad command line, as one sentence. */
function sentenceOf(error: unknown): string {
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const [, flag] = /^Option '(?:-\w, )?(--[\w-]+).*' argument (?:missing|is ambiguous)/.exec(first) ?? [];
  if (flag !== undefined) return `${flag} needs a value.`;
  return `${first.replace(/\. .*$|\.$/, '')}.`;
}

function numberOption<K extends string>(
  key: K,
  flag: string,
  text: string | undefined,
  least: number,
  most: number,
): Partial<Record<K, number>> {
  if (text === undefined) return {};
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new UsageError(`${flag} needs a whole number from ${least} to ${most}, not "${text}".`);
  }
  return { [key]: value } as Partial<Record<K, number>>;
}

/** A secret that Scalekit's SDKs can sign with. The message doesn't repeat it. */
function signingSecret<K extends string>(key: K, name: string, text: string | undefined): Partial<Record<K, string>> {
  const word = wordOption(key, name, text);
  if (text !== undefined && 'problem' in webhookKey(text))
    throw new UsageError(`${name} needs whsec_ and a base64 text after it.`);
  return word;
}

/** A text that means the same in a .env file, with or without quotes. The message doesn't repeat it, because it may be a secret. */
function wordOption<K extends string>(key: K, name: string, text: string | undefined): Partial<Record<K, string>> {
  if (text === undefined) return {};
  if (!/^[\w.~+/=-]{1,200}$/.test(text)) {
    throw new UsageError(`${name} needs 1 to 200 letters, digits or characters of _ . ~ + / = -.`);
  }
  return { [key]: text } as Record<K, string>;
}
