import type { Organization } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import { isLoopbackName } from '../pages/loopback';

const LONGEST = 256;
/** Schemes that run or read something in the browser instead of going anywhere. */
const DANGEROUS = /^(javascript|data|vbscript|file|blob|about|view-source|filesystem):$/i;
const WILDCARD = /^([a-z][\w+.-]*:\/\/)\*(\.[^/:.*]+\.[^/:*]+(?::\d+)?(?:\/[^*]*)?)$/i;

/** Why an address can't be registered in a development environment, or undefined if it can (docs/scalekit-api.md, 4.3). */
export function redirectUriProblem(uri: string): string | undefined {
  if (uri.length > LONGEST) return `is longer than ${LONGEST} characters`;
  // A wildcard and a placeholder aren't valid in a host, so a word takes their place.
  const plain = uri.replace('*', 'wildcard').replaceAll(/\{\{[\w.-]+\}\}/g, 'placeholder');
  if (!URL.canParse(plain) || /[\s\\]|[^\x20-\x7e]/.test(uri)) return "isn't a URL";
  if (DANGEROUS.test(new URL(plain).protocol)) return "has a scheme that can't receive a redirect";
  if (/[?#]/.test(uri)) return 'has a query or a fragment';
  if (uri.includes('*') && !WILDCARD.test(uri)) return 'has a wildcard that isn’t the first label of a host';
  return undefined;
}

/**
 * Whether a redirect may go to an address: to a registered one, by exact match, or, unless `strict`, to any on this machine.
 * @param organization the one that the request names, whose values fill in the placeholders of registered addresses
 */
export function mayRedirectTo(
  uri: string,
  registered: readonly string[],
  strict: boolean,
  organization?: Pick<Organization, 'slug' | 'externalId' | 'metadata'>,
): boolean {
  if (!URL.canParse(uri) || /[\s\\]|[^\x20-\x7e]/.test(uri)) return false;
  const { protocol, hostname, username, password } = new URL(uri);
  if (DANGEROUS.test(protocol)) return false;
  if (registered.some((pattern) => matches(uri, filledIn(pattern, organization)))) return true;
  return (
    !strict &&
    (protocol === 'http:' || protocol === 'https:') &&
    username === '' &&
    password === '' &&
    isLoopbackName(hostname)
  );
}

function matches(uri: string, pattern: string | undefined): boolean {
  if (pattern === undefined) return false;
  const [, start, end] = WILDCARD.exec(pattern) ?? [];
  if (start === undefined || end === undefined) return uri === pattern;
  const label = uri.slice(start.length, uri.length - end.length);
  return uri.startsWith(start) && uri.endsWith(end) && /^[\w-]+$/.test(label);
}

/** The registered address with the organization's values. Undefined if it needs one that isn't there. */
function filledIn(
  pattern: string,
  organization: Pick<Organization, 'slug' | 'externalId' | 'metadata'> | undefined,
): string | undefined {
  let complete = true;
  const text = pattern.replaceAll(/\{\{([\w.-]+)\}\}/g, (_all, name: string) => {
    const values = organization?.metadata ?? {};
    const value =
      name === 'org_slug'
        ? organization?.slug
        : name === 'external_id'
          ? organization?.externalId
          : Object.hasOwn(values, name)
            ? values[name]
            : undefined;
    if (value === undefined || value === '') complete = false;
    return encodeURIComponent(value ?? '');
  });
  return complete ? text : undefined;
}

/** The address with more parameters in its query. */
export function withParameters(uri: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  ).toString();
  if (query === '') return uri;
  const [address = '', fragment] = uri.split('#', 2);
  return `${address}${address.includes('?') ? '&' : '?'}${query}${fragment === undefined ? '' : `#${fragment}`}`;
}
