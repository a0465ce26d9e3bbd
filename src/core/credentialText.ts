import { cleanCredential, cleanValue } from '../api/cleanValue';
import { namedValues, type NamedValue } from './namedValues';
import { detectSecret } from './detectSecret';
import { valueKind } from './valueKind';

/** Credentials found in a text, cleaned but not yet checked. Any of the three may be missing. */
export interface FoundCredentials {
  readonly environmentUrl?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

/** What a text has for Scalekit. */
export interface CredentialReading {
  /** The candidates, each with fields from one place. If there are several, only the user knows which one is right. */
  readonly records: readonly FoundCredentials[];
  /** Whether they were found by name, not only by their looks. */
  readonly named: boolean;
  /** If there are none: what was found instead. */
  readonly instead?: 'otherProvider' | 'commentedOut' | 'emptyValues';
}

type Field = keyof FoundCredentials;

/**
 * How deep references between variables may go, and how long the result may be, so that references can't multiply until
 * memory is full.
 */
const DEEPEST_REFERENCE = 5;
const LONGEST_RESOLVED = 64 * 1024;

/**
 * Finds credentials in whatever the user pastes or stores in a file, in the same way in every Node. In lines like those
 * of `.env` the last of equal names wins, and `${NAME}` refers to the same text. Fields from different records are
 * never combined, and another provider's credentials are ignored.
 */
export function readCredentials(text: string): CredentialReading {
  const plain = text.replace(/^\ufeff/, '').replace(/[\u200b-\u200f\u2060-\u2064\ufeff]/g, '');
  const values = namedValues(plain);
  const records = recordsOf(values, plain);
  const owned = records.filter(({ owner }) => owner === 'scalekit');
  const url = soleEnvironmentUrl(plain);
  let candidates = distinct(
    (owned.length > 0 ? owned : records.filter(({ owner }) => owner === 'unknown')).map(({ found }) => found),
  );
  const [sole] = candidates;
  if (
    candidates.length === 1 &&
    url !== undefined &&
    sole?.clientId !== undefined &&
    records.every(({ found }) => found.environmentUrl === undefined)
  ) {
    candidates = [{ ...sole, environmentUrl: url }];
  }
  const complete = candidates.filter((found) => isComplete(found) && isUsable(found));
  if (complete.length > 0 || candidates.length > 0)
    return { records: complete.length > 0 ? complete : fullest(candidates), named: true };
  const unnamed = records.length === 0 ? readUnnamed(plain, url) : undefined;
  if (unnamed !== undefined) return { records: [unnamed], named: false };
  return { records: [], named: false, instead: seenInstead(plain, values, records) };
}

/** The credentials in a text, or nothing if there are several candidates. */
export function findCredentials(text: string): FoundCredentials {
  const { records } = readCredentials(text);
  return records.length === 1 ? (records[0] ?? {}) : {};
}

/** Whether all three are present. */
export function isComplete(found: FoundCredentials): found is Required<FoundCredentials> {
  return found.environmentUrl !== undefined && found.clientId !== undefined && found.clientSecret !== undefined;
}

export function hasAny(found: FoundCredentials): boolean {
  return Object.values(found).some((value) => value !== undefined);
}

/**
 * Credentials as `.env` lines, quoted so that Node's reader and a POSIX shell read the same text. Undefined if no
 * quoting means the same to both: a value has both kinds of quotes, or one of them beside `$`, or a reference to
 * another variable.
 */
export function writeDotenv(credentials: Required<FoundCredentials>): string | undefined {
  const lines = [
    ['SCALEKIT_ENVIRONMENT_URL', quote(credentials.environmentUrl)],
    ['SCALEKIT_CLIENT_ID', quote(credentials.clientId)],
    ['SCALEKIT_CLIENT_SECRET', quote(credentials.clientSecret)],
  ] as const;
  return lines.every(([, value]) => value !== undefined)
    ? lines.map(([name, value]) => `${name}=${value}\n`).join('')
    : undefined;
}

function quote(value: string): string | undefined {
  if (/\$\{SCALEKIT_(?:ENVIRONMENT_URL|CLIENT_ID|CLIENT_SECRET)\}/.test(value)) return undefined;
  if (/^[\w.:/@%+-]+$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  return /["$`\\]/.test(value) ? undefined : `"${value}"`;
}

/** How a credential's name ends, in words. If several names match one field, the first in this list wins. */
const FIELDS: readonly (readonly [Field, ending: readonly string[], onlyOfScalekit?: true])[] = [
  ['environmentUrl', ['environment', 'url']],
  ['environmentUrl', ['env', 'url']],
  ['environmentUrl', ['url'], true],
  ['environmentUrl', ['base', 'url'], true],
  ['environmentUrl', ['api', 'url'], true],
  ['environmentUrl', ['issuer'], true],
  ['environmentUrl', ['domain'], true],
  ['environmentUrl', ['host'], true],
  ['environmentUrl', ['endpoint'], true],
  ['environmentUrl', ['environment'], true],
  ['clientId', ['client', 'id']],
  ['clientSecret', ['client', 'secret']],
  ['clientSecret', ['secret'], true],
];

/** Words in names that don't tell which provider a credential is for. */
const NEUTRAL = new Set(
  'env environment environments environmentvariables variable variables vars var values value config configuration configurations settings appsettings credential credentials secret secrets data stringdata process next public vite react app apps expo nuxt tf spring security oauth oauth2 auth api key keys output outputs servers mcp mcpservers inputs options properties default defaults const let export set item items user application services registration provider args build containers container containerdefinitions spec template name names'.split(
    ' ',
  ),
);

/** Words for one of several environments. They separate records, but don't name another provider. */
const STAGES =
  /^(?:\d+|prod|production|live|staging|stage|stg|preview|qa|uat|test|testing|dev|development|local|sandbox|eu|us|old|new|main|primary|base|web|backend|frontend|server|client|worker|m2m)$/;

/** The shapes of other providers' client IDs and secrets. */
const FOREIGN_ID =
  /^(?:Iv\d|Ov\d|\d+-[\w]+\.apps\.googleusercontent\.com$|[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$|\d+\.\d+$|amzn1\.|0oa[\da-zA-Z]{17}$|ca_\w{32}$)/;
const FOREIGN_SECRET = /^(?:gh[opsur]_|GOCSPX-|sk_(?:test|live)_|shpss_|xox[abp]-)/;

interface FoundRecord {
  readonly found: FoundCredentials;
  readonly owner: 'scalekit' | 'unknown' | 'other';
}

interface Run {
  readonly fields: Map<Field, { readonly value: string; readonly rank: number }>;
}

interface Group {
  readonly qualifiers: readonly string[];
  readonly runs: Run[];
}

/** Groups values whose names share the same words, and splits a group where a name repeats. */
function recordsOf(values: readonly NamedValue[], text: string): FoundRecord[] {
  const groups = new Map<string, Group>();
  const resolve = resolver(text);
  for (const each of values) {
    const words = wordsOf([...each.path, each.name].join(' '));
    const rank = FIELDS.findIndex(
      ([, ending, onlyOfScalekit]) =>
        endsWith(words, ending) && (!onlyOfScalekit || isScalekits(words[words.length - ending.length - 1])),
    );
    const [field, ending] = FIELDS[rank] ?? [];
    if (field === undefined || ending === undefined) continue;
    const resolved = resolve(each.value);
    const value =
      field === 'environmentUrl' ? cleanValue(resolved, each.quoted) : cleanCredential(resolved, each.quoted);
    if (value === '' || (rank > 1 && field === 'environmentUrl' && !/[./]/.test(value))) continue;
    const qualifiers = words.slice(0, words.length - ending.length).filter((word) => !NEUTRAL.has(word));
    const key = [...new Set(qualifiers)].join(' ');
    const group = groups.get(key) ?? { qualifiers: key === '' ? [] : key.split(' '), runs: [] };
    groups.set(key, group);
    put(group.runs, field, value, rank);
  }
  const all = [...groups.values()].flatMap(({ qualifiers, runs }) => joined(runs).map((run) => ({ qualifiers, run })));
  return all.map(({ qualifiers, run }) => {
    // `SCALEKIT_ENVIRONMENT_URL` beside `SCALEKIT_M2M_CLIENT_ID`: a more general group belongs to this one if they have
    // no field in common.
    const above = all.filter(
      (other) =>
        other.qualifiers.length < qualifiers.length && other.qualifiers.every((word) => qualifiers.includes(word)),
    );
    const [only] = above;
    const inherited =
      above.length === 1 && only !== undefined && [...only.run.fields.keys()].every((field) => !run.fields.has(field))
        ? only
        : undefined;
    const own = foundIn(run);
    if (ownerOf(qualifiers, own) === 'other') return { found: own, owner: 'other' };
    const isOurs = inherited !== undefined && ownerOf(inherited.qualifiers, foundIn(inherited.run)) !== 'other';
    const found = foundIn(isOurs ? { fields: new Map([...inherited.run.fields, ...run.fields]) } : run);
    return { found, owner: ownerOf(qualifiers, found) };
  });
}

/** The last of equal names wins. A name that repeats after other names starts a new record. */
function put(runs: Run[], field: Field, value: string, rank: number): void {
  let run = runs.at(-1);
  const before = run?.fields.get(field);
  if (
    run === undefined ||
    (before !== undefined && before.rank === rank && before.value !== value && run.fields.size > 1)
  ) {
    run = { fields: new Map() };
    runs.push(run);
  }
  if (before === undefined || before.rank >= rank || !run.fields.has(field)) run.fields.set(field, { value, rank });
}

/**
 * A single name that repeats at the end replaces the earlier one, as in every `.env` reader. Two or more are a record
 * of their own.
 */
function joined(runs: readonly Run[]): Run[] {
  const whole: Run[] = [];
  for (const run of runs) {
    const last = whole.at(-1);
    // After another provider's record, Scalekit's URL starts the record that has Scalekit's client ID.
    const [lastField] = [...(last?.fields ?? [])].slice(-1);
    if (
      lastField?.[0] === 'environmentUrl' &&
      !run.fields.has('environmentUrl') &&
      isScalekitsId(run) &&
      last?.fields.has('clientId') &&
      !isScalekitsId(last)
    ) {
      last.fields.delete('environmentUrl');
      whole.push({ fields: new Map([lastField, ...run.fields]) });
    } else if (last !== undefined && run.fields.size === 1)
      whole[whole.length - 1] = { fields: new Map([...last.fields, ...run.fields]) };
    else whole.push(run);
  }
  return whole;
}

function isScalekitsId({ fields }: Run): boolean {
  return valueKind(fields.get('clientId')?.value ?? '') === 'clientId';
}

function foundIn({ fields }: Run): FoundCredentials {
  return {
    environmentUrl: fields.get('environmentUrl')?.value,
    clientId: fields.get('clientId')?.value,
    clientSecret: fields.get('clientSecret')?.value,
  };
}

function ownerOf(
  qualifiers: readonly string[],
  { environmentUrl, clientId, clientSecret }: FoundCredentials,
): FoundRecord['owner'] {
  if (clientId !== undefined && valueKind(clientId) === 'clientId') return 'scalekit';
  const isOurName = qualifiers.some(isScalekits);
  const hasOtherName = qualifiers.some((word) => !isScalekits(word) && !STAGES.test(word));
  // `SCALEKIT_GOOGLE_CLIENT_ID` belongs to a Scalekit connection with Google.
  if ((!isOurName || hasOtherName) && (FOREIGN_ID.test(clientId ?? '') || FOREIGN_SECRET.test(clientSecret ?? '')))
    return 'other';
  if (isOurName || (environmentUrl !== undefined && isScalekitUrl(environmentUrl))) return 'scalekit';
  return hasOtherName ? 'other' : 'unknown';
}

function isScalekits(word: string | undefined): boolean {
  return word?.includes('scalekit') ?? false;
}

function isScalekitUrl(text: string): boolean {
  return /^(?:https:\/\/)?[\w-]+(?:\.[\w-]+)*\.scalekit\.(?:dev|com|cloud)(?:[:/]|$)/i.test(text);
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z]\d*)([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/(client)(id|secret)\b|(environment|env)(url)\b/g, '$1$3 $2$4')
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '');
}

function endsWith(words: readonly string[], ending: readonly string[]): boolean {
  return ending.every((word, index) => words[words.length - ending.length + index] === word);
}

function distinct(all: readonly FoundCredentials[]): FoundCredentials[] {
  return [
    ...new Map(
      all.map((found) => [JSON.stringify([found.environmentUrl, found.clientId, found.clientSecret]), found]),
    ).values(),
  ];
}

/** The ones with the most usable fields. */
function fullest(all: readonly FoundCredentials[]): FoundCredentials[] {
  const most = Math.max(...all.map(usableFields));
  return all.filter((found) => usableFields(found) === most);
}

function usableFields(found: FoundCredentials): number {
  return Object.values(found).filter((value) => value !== undefined && !isStandIn(value)).length;
}

function isUsable(found: FoundCredentials): boolean {
  return usableFields(found) === 3;
}

/** Whether a value only stands in for the real one. */
function isStandIn(value: string): boolean {
  return ['reference', 'placeholder', 'masked'].includes(valueKind(value));
}

/** The only Scalekit environment in a text, for example in a curl line; undefined if there are several or none. */
function soleEnvironmentUrl(text: string): string | undefined {
  const hosts = new Set(
    [
      ...text.matchAll(
        /(?<![\w.@-])(?:https:\/\/)?([\w-]+(?:\.[\w-]+)*\.scalekit\.(?:dev|com|cloud))(?![\w.-]*[\w@])/gi,
      ),
    ].map(([, host]) => host?.toLowerCase()),
  );
  const [host] = [...hosts].filter(
    (each) => each !== undefined && !/^(?:app|auth|docs|mcp|www|status|api)\./.test(each),
  );
  return hosts.size === 1 && host !== undefined ? `https://${host}` : undefined;
}

/** Credentials without names, on separate lines or as arguments: at least two of the three, each only once. */
function readUnnamed(text: string, environmentUrl: string | undefined): FoundCredentials | undefined {
  const words = text.length > LONGEST_RESOLVED ? [] : [...new Set(text.split(/[\s"'`,;()<>|“”]+/))];
  const ids = words.filter((word) => valueKind(word) === 'clientId');
  const secrets = words.filter((word) => /^(?:test|live|prod)_/.test(word) && detectSecret(word)?.secret === word);
  if (ids.length > 1 || secrets.length > 1) return undefined;
  const found = { environmentUrl, clientId: ids[0], clientSecret: secrets[0] };
  return Object.values(found).filter((value) => value !== undefined).length > 1 ? found : undefined;
}

function seenInstead(
  text: string,
  values: readonly NamedValue[],
  records: readonly FoundRecord[],
): CredentialReading['instead'] {
  if (records.length > 0) return 'otherProvider';
  if (/^[ \t>]{0,40}(?:#|\/\/|;)+[ \t]{0,40}(?:export[ \t]{1,9})?SCALEKIT_\w{1,40}[ \t]{0,40}=/m.test(text))
    return 'commentedOut';
  return /SCALEKIT_(?:CLIENT_ID|CLIENT_SECRET|ENV(?:IRONMENT)?_URL)[ \t]{0,40}[=:]/.test(text) ||
    values.some(({ name }) => /^SCALEKIT_CLIENT_/i.test(name))
    ? 'emptyValues'
    : undefined;
}

/**
 * Replaces references with the values of other variables in the text. An undefined reference stays, since a secret may
 * contain such characters.
 */
function resolver(text: string): (value: string) => string {
  let variables: Map<string, string> | undefined;
  return (value) => {
    if (!value.includes('${')) return value;
    variables ??= new Map(
      [
        ...text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(?:"([^"]*)"|'([^']*)'|([^\r\n#]*))/gm),
      ].map(([, name, double, single, bare]) => [name ?? '', double ?? single ?? bare?.trim() ?? '']),
    );
    return resolve(value, variables);
  };
}

function resolve(value: string, variables: ReadonlyMap<string, string>): string {
  let resolved = value;
  for (let depth = 0; depth < DEEPEST_REFERENCE; depth++) {
    let length = resolved.length;
    const next = resolved.replace(/\$\{(\w+)\}/g, (reference, name: string) => {
      const other = variables.get(name);
      if (other === undefined) return reference;
      length += other.length;
      return length > LONGEST_RESOLVED ? '' : other;
    });
    if (length > LONGEST_RESOLVED) return value;
    if (next === resolved) break;
    resolved = next;
  }
  return resolved;
}
