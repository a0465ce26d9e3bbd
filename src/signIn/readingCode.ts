/** The lines of an app that read who signed in, with Scalekit's Node SDK. `user` has neither organization nor connection. */
export function readingCode(): string {
  return `import { decodeJwt } from 'jose';

const { user, idToken } = await scalekit.authenticateWithCode(code, redirectUri, { codeVerifier });
const claims = decodeJwt(idToken); // Verify it first: the SDK only decodes it.
const userId = user.id; // sub
const organizationId = claims.oid;
const connectionId = claims.amr?.[0];`;
}
