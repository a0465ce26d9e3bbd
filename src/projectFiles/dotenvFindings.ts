import { EnvironmentUrlError, isLoopbackHost, parseEnvironmentUrl } from '../api/client/environmentUrl';
import { trimEnd } from '../api/trimEnd';
import { valueKind } from '../core/valueKind';
import type { DotenvEntry } from './dotenvEntries';
import { intendedName, publicPrefix, variableRole } from './dotenvVariables';
import type { Finding } from './finding';

/** Whether a `.env` file is an example for others, which has placeholders. */
export function isExampleName(name: string): boolean {
  return /example|sample|template|\.(?:tmpl|tpl|dist|defaults?|schema)(?:\.|$)/i.test(name);
}

/** What can be seen for certain in the entries of one `.env` file. */
export function* dotenvFindings(
  entries: readonly DotenvEntry[],
  file: { readonly isExample: boolean },
): Generator<void, Finding[]> {
  const findings: Finding[] = [];
  const names = new Set(entries.map(({ name }) => name));
  for (const entry of entries) {
    const { name, nameStart, value, valueStart, valueEnd } = entry;
    yield;
    const role = variableRole(name);
    const prefix = publicPrefix(name);
    const nameEnd = nameStart + name.length;
    const intended = intendedName(name);
    if (intended !== undefined && !names.has(intended))
      findings.push({
        check: 'misspeltNames',
        start: nameStart,
        end: nameEnd,
        names: [name, intended],
        fix: [{ start: nameStart, end: nameEnd, text: intended }],
      });
    if (role === undefined) continue;
    if (prefix !== '' && (role === 'clientSecret' || role === 'otherSecret')) {
      const bare = name.slice(prefix.length);
      findings.push({
        check: 'publicSecrets',
        start: nameStart,
        end: nameEnd,
        names: [name, prefix],
        fix: names.has(bare) ? undefined : [{ start: nameStart, end: nameEnd, text: bare }],
      });
    }
    // In Docker's and shells' files, such a value comes from elsewhere.
    if (value === '' || value.includes('$')) continue;
    const range = { start: valueStart, end: valueEnd };
    const kind = valueKind(value);
    if (kind === 'placeholder') {
      if (!file.isExample) findings.push({ check: 'placeholders', ...range, names: [name] });
    } else if (role === 'url' && kind !== 'reference') findings.push(...urlFindings(value, valueStart, name));
  }
  for (const family of families(entries)) findings.push(...familyFindings(family));
  return findings.sort((a, b) => a.start - b.start);
}

function urlFindings(value: string, start: number, name: string): Finding[] {
  const end = start + value.length;
  const found = (variant: string, text?: string): Finding[] => [
    {
      check: 'urlForms',
      start,
      end,
      variant,
      names: [name],
      fix: text === undefined ? undefined : [{ start, end, text }],
    },
  ];
  let origin: string;
  try {
    origin = parseEnvironmentUrl(value);
  } catch (error) {
    if (!(error instanceof EnvironmentUrlError)) throw error;
    if (error.fault !== 'insecure') return found(error.fault);
    const secure = value.replace(/^http:/i, 'https:');
    // A name without a dot, as in Docker Compose, and the names of local networks aren't on the internet.
    const { hostname } = new URL(value);
    if (!hostname.includes('.') || /\.(?:local|localdomain|internal|lan|test|home\.arpa)$|^[\d.]+$/.test(hostname))
      return [];
    return found('insecure', secure);
  }
  if (!/^https?:\/\//i.test(value)) return found('noScheme', origin);
  if (/^https?:\/\/[^/]+\/+$/i.test(value)) return found('slash', trimEnd(value, /^\/$/));
  return /^https?:\/\/[^/]+\/./i.test(value) ? found('path', origin) : [];
}

interface Family {
  readonly urls: readonly DotenvEntry[];
  readonly ids: readonly DotenvEntry[];
  readonly secrets: readonly DotenvEntry[];
}

/** Entries that belong together: the same prefix, and nothing that repeats. */
function families(entries: readonly DotenvEntry[]): Family[] {
  const byPrefix = new Map<string, DotenvEntry[]>();
  for (const entry of entries) {
    if (variableRole(entry.name) === undefined) continue;
    const bare = entry.name.slice(publicPrefix(entry.name).length);
    const key = `${publicPrefix(entry.name)}${/^SK_/.test(bare) ? 'SK' : 'SCALEKIT'}${/_M2M_/.test(bare) ? '_M2M' : ''}`;
    byPrefix.set(key, [...(byPrefix.get(key) ?? []), entry]);
  }
  return [...byPrefix.values()]
    .filter((members) => new Set(members.map(({ name }) => name)).size === members.length)
    .map((members) => {
      const of = (role: string): DotenvEntry[] =>
        members.filter(({ name, value }) => variableRole(name) === role && value !== '' && !value.includes('$'));
      return { urls: of('url'), ids: of('clientId'), secrets: of('clientSecret') };
    });
}

function familyFindings({ urls, ids, secrets }: Family): Finding[] {
  const findings: Finding[] = [];
  const [id, secondId] = ids;
  const [secret, secondSecret] = secrets;
  const at = ({ valueStart, valueEnd }: DotenvEntry): { start: number; end: number } => ({
    start: valueStart,
    end: valueEnd,
  });
  const origins = urls.map(({ value }) => originOf(value));
  const [first] = origins;
  urls.forEach((url, index) => {
    if (index > 0 && first !== undefined && origins[index] !== undefined && origins[index] !== first)
      findings.push({ check: 'differentUrls', ...at(url), names: [url.name, urls[0]?.name ?? ''] });
  });
  if (id === undefined || secret === undefined || secondId !== undefined || secondSecret !== undefined) return findings;
  if (valueKind(secret.value) === 'clientId' && valueKind(id.value) !== 'clientId') {
    const isSwap = !['placeholder', 'reference', 'masked', 'url'].includes(valueKind(id.value));
    findings.push({
      check: 'swappedValues',
      ...at(secret),
      variant: isSwap ? 'swapped' : 'idAsSecret',
      names: [secret.name, id.name],
      fix: isSwap
        ? [
            { ...at(id), text: secret.value },
            { ...at(secret), text: id.value },
          ]
        : undefined,
    });
    return findings;
  }
  if (!/^test_\S{16,}$/.test(secret.value)) return findings;
  const host = urls.length === 1 && first !== undefined ? new URL(first).hostname : '';
  if (/^prd_skc_\d/.test(id.value))
    findings.push({ check: 'mixedStages', ...at(secret), variant: 'productionClient', names: [secret.name, id.name] });
  else if (/\.scalekit\.com$/.test(host) && !/(?:^|[.-])(?:dev|test|staging|sandbox)(?:[.-]|$)/.test(host))
    findings.push({
      check: 'mixedStages',
      ...at(secret),
      variant: 'productionUrl',
      names: [secret.name, urls[0]?.name ?? ''],
    });
  return findings;
}

/** The values that are secrets of Scalekit's, unless they only stand in for one. None if they're a local sandbox's. */
export function secretEntries(entries: readonly DotenvEntry[], file: { readonly isExample: boolean }): DotenvEntry[] {
  const isLocal = entries.some(({ name, value }) => {
    const origin = variableRole(name) === 'url' ? originOf(value) : undefined;
    return origin !== undefined && isLoopbackHost(new URL(origin).hostname);
  });
  if (isLocal) return [];
  return entries.filter(({ name, value }) => {
    const role = variableRole(name);
    if ((role !== 'clientSecret' && role !== 'otherSecret') || value === '' || value.includes('$')) return false;
    const kind = valueKind(value);
    if (role === 'clientSecret' && kind === 'secret') return true;
    // An example's values follow no rule, so only those count there that look like a secret.
    return !file.isExample && value.length >= 20 && (kind === 'unknown' || kind === 'webhookSecret' || kind === 'jwt');
  });
}

function originOf(value: string): string | undefined {
  if (['placeholder', 'reference'].includes(valueKind(value))) return undefined;
  try {
    return parseEnvironmentUrl(value);
  } catch {
    return undefined;
  }
}
