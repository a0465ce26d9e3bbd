/** A `WWW-Authenticate` header's Bearer challenge, as far as MCP clients read it (RFC 6750, RFC 9728). */
export interface BearerChallenge {
  readonly resourceMetadata: string | undefined;
  readonly scope: string | undefined;
  readonly error: string | undefined;
  readonly errorDescription: string | undefined;
}

const LONGEST = 8_000;

/** Reads the header. Undefined if it has no Bearer challenge. */
export function readChallenge(header: string): BearerChallenge | undefined {
  const text = header.slice(0, LONGEST);
  const start = /(?:^|,)\s*bearer(?=\s|,|$)/i.exec(text);
  if (start === null) return undefined;
  const parameters = new Map<string, string>();
  let rest = text.slice(start.index + start[0].length);
  for (;;) {
    // One after the other: another scheme's name ends them, since no `=` follows it.
    const found = /^[\s,]*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/.exec(rest);
    if (found === null) break;
    const [whole, name = '', quoted, plain = ''] = found;
    if (!parameters.has(name.toLowerCase()))
      parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain);
    rest = rest.slice(whole.length);
  }
  return {
    resourceMetadata: parameters.get('resource_metadata'),
    scope: parameters.get('scope'),
    error: parameters.get('error'),
    errorDescription: parameters.get('error_description'),
  };
}
