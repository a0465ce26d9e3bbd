/**
 * Whether a client id is a production environment's: those begin with `prd_` (docs/scalekit-api.md, 1.5). A guess that the person can
 * change.
 */
export function looksLikeProduction(clientId: string): boolean {
  return clientId.startsWith('prd_');
}
