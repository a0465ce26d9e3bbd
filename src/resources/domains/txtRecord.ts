import type { Domain } from '../../api/domains';

/** The DNS record that proves who owns a domain. */
export interface TxtRecord {
  /** Its whole name, without the dot at the end: `_scalekit-challenge.acme.com`. */
  readonly fullName: string;
  /** The same within the domain, as most DNS dashboards want it: `_scalekit-challenge`, or `@` for the domain itself. */
  readonly nameInDomain: string;
  readonly value: string;
}

/** Most bytes of one character string of a TXT record; longer values are several of them (RFC 1035, 3.3). */
const LONGEST_STRING = 255;

/** The record of a domain; undefined when Scalekit does not name it, as its fields are in preview (docs/scalekit-api.md, 2.5). */
export function txtRecordOf({ domain, txtRecordKey, txtRecordValue }: Domain): TxtRecord | undefined {
  if (domain === undefined || txtRecordKey === undefined || txtRecordValue === undefined) return undefined;
  const key = txtRecordKey.replace(/\.$/, '');
  if (key === '@' || key === domain) return { fullName: domain, nameInDomain: '@', value: txtRecordValue };
  // Scalekit does not say whether the name has the domain in it.
  const nameInDomain = key.endsWith(`.${domain}`) ? key.slice(0, -domain.length - 1) : key;
  return { fullName: `${nameInDomain}.${domain}`, nameInDomain, value: txtRecordValue };
}

/** The record as a line of a zone file (RFC 1035, 5.1). */
export function zoneFileLine({ fullName, value }: TxtRecord): string {
  return [`${fullName}.`, 'IN', 'TXT', ...strings(value).map(quoted)].join(' ');
}

/** The record in words for whoever looks after the domain. */
export function txtRecordLines(
  { fullName, value }: TxtRecord,
  words: { readonly type: string; readonly name: string; readonly value: string },
): string {
  return [`${words.type}: TXT`, `${words.name}: ${fullName}`, `${words.value}: ${value}`].join('\n');
}

function strings(value: string): string[] {
  const bytes = Buffer.from(value);
  const parts: string[] = [];
  for (let start = 0; start === 0 || start < bytes.length; start += LONGEST_STRING)
    parts.push(bytes.subarray(start, start + LONGEST_STRING).toString('latin1'));
  return parts;
}

/** Bytes outside printable ASCII, quotes and backslashes are escaped. */
function quoted(text: string): string {
  const escaped = text
    .replace(/["\\]/g, (character) => `\\${character}`)
    .replace(/[^ -~]/g, (character) => `\\${String(character.charCodeAt(0)).padStart(3, '0')}`);
  return `"${escaped}"`;
}
