import type { Domain } from '../../api/domains';

/** The DNS record that proves a domain's ownership. */
export interface TxtRecord {
  /** The full name, without the trailing dot: `_scalekit-challenge.acme.com`. */
  readonly fullName: string;
  /**
   * The name within the domain, as most DNS dashboards require it: `_scalekit-challenge`, or `@` for the domain itself.
   */
  readonly nameInDomain: string;
  readonly value: string;
}

/** The maximum bytes of one character string in a TXT record. Longer values consist of several (RFC 1035, 3.3). */
const LONGEST_STRING = 255;

/**
 * The record of a domain. Undefined if Scalekit doesn't return it: its fields are previews (docs/scalekit-api.md, 2.5).
 */
export function txtRecordOf({ domain, txtRecordKey, txtRecordValue }: Domain): TxtRecord | undefined {
  if (domain === undefined || txtRecordKey === undefined || txtRecordValue === undefined) return undefined;
  const key = txtRecordKey.replace(/\.$/, '');
  if (key === '@' || key === domain) return { fullName: domain, nameInDomain: '@', value: txtRecordValue };
  // Scalekit doesn't say whether the name includes the domain.
  const nameInDomain = key.endsWith(`.${domain}`) ? key.slice(0, -domain.length - 1) : key;
  return { fullName: `${nameInDomain}.${domain}`, nameInDomain, value: txtRecordValue };
}

/** The record as a line of a zone file (RFC 1035, 5.1). */
export function zoneFileLine({ fullName, value }: TxtRecord): string {
  return [`${fullName}.`, 'IN', 'TXT', ...strings(value).map(quoted)].join(' ');
}

/** The record in words, for whoever manages the domain. */
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
