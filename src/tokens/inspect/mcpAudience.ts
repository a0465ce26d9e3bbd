/** The texts in an `aud` claim, which is one text or a list. */
export function audiences(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  return list.filter((each) => typeof each === 'string');
}

/** Whether a text is the ID of a resource: somebody's MCP server. */
export function isResourceId(text: string): boolean {
  return /^res_\w+$/.test(text);
}

/** The resource that issued a token, if its `iss` is one: `{environment}/resources/res_…`. */
export function resourceOfIssuer(issuer: unknown): string | undefined {
  return typeof issuer === 'string' ? /^https?:\/\/.+\/resources\/(res_\w+)\/?$/i.exec(issuer)?.[1] : undefined;
}

/**
 * Whether a token names the resource that issued it, as its audience. The resource's URL isn't known here, so any URL
 * may be it. True for a token of any other issuer.
 */
export function isForItsResource(issuer: unknown, audience: unknown): boolean {
  const id = resourceOfIssuer(issuer);
  return id === undefined || audiences(audience).some((each) => each === id || /^https?:\/\//i.test(each));
}
