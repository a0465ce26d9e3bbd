/**
 * Whether an issuer is this environment: its URL, or that of one of its resources, `{environment}/resources/res_…`,
 * whose tokens are signed with the environment's keys too (docs/scalekit-api.md, 1.3). Different spellings of the same
 * URL count as equal.
 */
export function isIssuedBy(issuer: string, environmentUrl: string): boolean {
  if (!URL.canParse(issuer) || !URL.canParse(environmentUrl)) return false;
  const [said, own] = [new URL(issuer), new URL(environmentUrl)];
  if (said.origin !== own.origin || `${said.username}${said.password}${said.search}${said.hash}` !== '') return false;
  const path = (url: URL): string => (url.pathname.endsWith('/') ? url.pathname.slice(0, -1) : url.pathname);
  if (!path(said).startsWith(path(own))) return false;
  return /^(?:\/resources\/[^/]+)?$/.test(path(said).slice(path(own).length));
}
