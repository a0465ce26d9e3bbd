import { cleanValue } from '../api/cleanValue';
import { detectSecret } from './detectSecret';

/**
 * What a value is where a credential is expected. `reference`: refers to a secret manager or a variable. `masked`:
 * hidden, as a page shows a secret. `objectId`: belongs to something in Scalekit that isn't a client.
 */
export type ValueKind =
  | 'reference'
  | 'placeholder'
  | 'masked'
  | 'jwt'
  | 'email'
  | 'url'
  | 'clientId'
  | 'objectId'
  | 'webhookSecret'
  | 'secret'
  | 'unknown';

const either = (flags: string, ...patterns: readonly string[]): RegExp => new RegExp(patterns.join('|'), flags);

const REFERENCE = either(
  'is',
  // Secret managers, and tools that encrypt files.
  String.raw`^(?:op|vault|doppler|infisical|bws|bitwarden|awssm|aws-sm|awsps|asm|ssm|ssm-secure|gcpsm|gcp|gsm|sm|akv|azurekeyvault|keyvault|kms|secrets?|secretref|secretsmanager|chamber|keeper|lastpass|pass|keychain|keyring|sops|teller|berglas|file|conjur|phase|encrypted|enc):`,
  String.raw`^ref\+\w+:`,
  String.raw`^arn:aws`,
  String.raw`^ENC\[`,
  String.raw`^@Microsoft\.(?:KeyVault|AppConfiguration)\(`,
  String.raw`^projects\/[^/]+\/(?:locations\/[^/]+\/)?secrets\/`,
  String.raw`^\/(?:var\/)?run\/secrets\/`,
  String.raw`^\$ANSIBLE_VAULT|^!(?:vault|Ref|GetAtt|Sub)\b`,
  // Variables of shells, templates and code.
  String.raw`^(?:https?:\/\/)?(?:\$\{[^}]*\}|\$\([^)]*\)|\$\{\{.*\}\}|\{\{.*\}\}|<%.*%>|#\{.*\}#?|\$[a-z_]\w*|%\w+%|\[%.*%\]|__\w+__)\/?$`,
  String.raw`^\$env:\w+$`,
  String.raw`^(?:process\.env|import\.meta\.env|Deno\.env|Bun\.env|os\.environ|os\.getenv|System\.getenv|ENV\[|getenv\(|env\()`,
  String.raw`^(?:env|var|local|secrets|data|module)\.\w*_\w*`,
);

/** Placeholders in documentation and `.env.example`. */
const PLACEHOLDER = either(
  'i',
  String.raw`^(?:https?:\/\/)?(?:<(?!https?:|[\w-]+\.scalekit\.)|\{|\(|\[(?![\da-f:.]+\]|https?:|[\w-]+\.)).*[>\]})](?:[./:].*)?$`,
  String.raw`^(?:https?:\/\/)?(?:your|my|insert|enter|replace|example|sample|dummy|fake|placeholder|todo|tbd|fixme)(?:$|[-_ ](?:\w+[-_ ])*(?:env|environment|subdomain|domain|app|company|tenant|workspace|scalekit|url|client|id|secret|here|value|with|key|name|org|host)(?:$|[-_ .]))`,
  String.raw`^(?:https?:\/\/)?(?:yours?|your[a-z]+|example|sample|subdomain|env(?:ironment)?(?:[-_]?name)?|x{3,})\.scalekit\.(?:dev|com|cloud)(?:[/:]|$)`,
  String.raw`^(?:scalekit[-_ ])?(?:env(?:ironment)?[-_ ]?url|client[-_ ]?(?:id|secret))$`,
  String.raw`^(?:skc|prd_skc|test|live|prod|m2m|m2morg)_(?:$|x{3,}$|[.…*<{[]|your(?:[-_ ]|$))`,
  String.raw`^(?:change[-_ ]?(?:me|it|this)|replace[-_ ]?me|todo|tbd|string|null|undefined|none|nil|n\/a|[-_?.…]+|x{3,}|0{3,})$`,
);

const KINDS: readonly (readonly [ValueKind, RegExp])[] = [
  ['reference', REFERENCE],
  ['placeholder', PLACEHOLDER],
  ['masked', /[•●∙*]{3}|^(?:\.{3}|…)|…$/],
  ['jwt', /^(?:Bearer\s+)?ey[\w-]+\.[\w-]+(?:\.[\w-]*)*$/i],
  ['webhookSecret', /^whsec_/],
  ['email', /^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/],
  ['clientId', /^(?:prd_)?skc_\w+$|^(?:m2m|m2morg|spac)_\d+$/],
  [
    'objectId',
    /^(?:org|conn|dir|diruser|dirgroup|dom|usr|ses|role|perm|evt|env|lnk|ca|sec|sks|tkn|snk|res|app|usrcnst|scp|tol)_\w*\d\w*$/,
  ],
  ['url', /^https?:\/\/|^[\w-]+(?:\.[\w-]+)*\.scalekit\.(?:dev|com|cloud)(?:[:/]|$)/i],
];

/** No value of these kinds is this long. */
const LONGEST = 16 * 1024;

/** What a typed, pasted or read value looks like. */
export function valueKind(text: string): ValueKind {
  const value = cleanValue(text);
  const kind = value.length > LONGEST ? undefined : KINDS.find(([, pattern]) => pattern.test(value))?.[0];
  return kind ?? (detectSecret(value) === undefined ? 'unknown' : 'secret');
}
