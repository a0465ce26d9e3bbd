import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose';

/** An RS256 key like an environment's. It signs tokens, and is published at `/keys`. */
export interface SigningKey {
  readonly kid: string;
  /** The public half, as `/keys` returns it (docs/scalekit-api.md, 1.4). */
  readonly jwk: JWK;
  /** Signs claims; `header` adds to the header or overrides it. */
  sign(claims: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<string>;
}

export async function newSigningKey(kid = `snk_${Math.random().toString().slice(2, 18)}`): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const { kty, n, e } = await exportJWK(publicKey);
  return {
    kid,
    jwk: { use: 'sig', kty, kid, alg: 'RS256', n, e } as JWK,
    sign: (claims, header = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT', ...header } as { alg: string })
        .sign(privateKey),
  };
}

/** A handmade token, for headers and claims that no library signs. Text is used verbatim, anything else as JSON. */
export function compactJwt(header: unknown, claims: unknown, signature = 'c2lnbmF0dXJl'): string {
  const part = (value: unknown): string =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.${signature}`;
}
