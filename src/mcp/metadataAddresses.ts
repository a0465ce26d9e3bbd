const RESOURCE = '/.well-known/oauth-protected-resource';
const SERVER = '/.well-known/oauth-authorization-server';

/** Where clients look for a document: with the server's path behind the well-known one, and without it. */
export interface MetadataAddresses {
  readonly atPath: string;
  /** Undefined if the server has no path: then both are the same. */
  readonly atRoot: string | undefined;
}

/** Where clients look for an MCP server's own metadata (RFC 9728, 3.1). */
export function resourceMetadataAddresses(serverUrl: string): MetadataAddresses {
  const { origin } = new URL(serverUrl);
  const path = pathOf(serverUrl);
  return { atPath: `${origin}${RESOURCE}${path}`, atRoot: path === '' ? undefined : `${origin}${RESOURCE}` };
}

/**
 * Where clients look for an authorization server's metadata: RFC 8414's address, which the official TypeScript SDK asks
 * for, and the one that Scalekit documents (docs/scalekit-api.md, 6).
 */
export function serverMetadataAddresses(issuer: string): { readonly rfc: string; readonly suffix: string | undefined } {
  const { origin } = new URL(issuer);
  const path = pathOf(issuer);
  return { rfc: `${origin}${SERVER}${path}`, suffix: path === '' ? undefined : `${origin}${path}${SERVER}` };
}

/** A Scalekit resource's address: `{environment}/resources/res_…`. */
export function scalekitResource(
  issuer: string,
): { readonly environmentUrl: string; readonly resourceId: string } | undefined {
  const [, base, resourceId] = /^(https?:\/\/.+)\/resources\/([^/?#]+)\/?$/.exec(issuer) ?? [];
  return base === undefined || resourceId === undefined ? undefined : { environmentUrl: base, resourceId };
}

/** Whether two addresses differ in nothing but how they're written. */
export function isSameUrl(one: string, other: string): boolean {
  return one === other || (URL.canParse(one) && URL.canParse(other) && new URL(one).href === new URL(other).href);
}

/** The same, or one of them has a slash at the end that the other lacks. */
export function isSameButForSlash(one: string, other: string): boolean {
  const bare = (url: string): string => (URL.canParse(url) ? new URL(url).href : url).replace(/\/$/, '');
  return bare(one) === bare(other);
}

function pathOf(url: string): string {
  return new URL(url).pathname.replace(/\/$/, '');
}
