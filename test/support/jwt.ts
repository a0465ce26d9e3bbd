import { SignJWT } from 'jose';

const KEY = new TextEncoder().encode('a key that signs tokens in tests only');

/** A signed JWT with these times, in seconds since the epoch. Its other claims are those of a client's token. */
export async function signedJwt(
  times: { readonly iat?: number; readonly exp?: number } = {},
  id = 'tkn_1',
): Promise<string> {
  return new SignJWT({ client_id: 'skc_1', jti: id, ...times })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(KEY);
}
