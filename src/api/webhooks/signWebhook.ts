import { Webhook } from 'standardwebhooks';
import { webhookKey } from './webhookKey';

/** What a signature covers. */
export interface SignedMessage {
  /** For example `whsec_…`. */
  readonly secret: string;
  /** The header `webhook-id`. */
  readonly id: string;
  /** The header `webhook-timestamp`: whole seconds since the epoch. */
  readonly timestamp: number;
  /** Bytes that aren't UTF-8 are signed as Scalekit's SDK reads them, with U+FFFD in their place. */
  readonly body: string | Uint8Array;
}

/**
 * The header `webhook-signature` of a message: `v1,` and a base64 text (docs/scalekit-api.md, 5.1).
 * @throws Error without the secret in it, if the secret has no key
 */
export function signWebhook({ secret, id, timestamp, body }: SignedMessage): string {
  const found = webhookKey(secret);
  if ('problem' in found)
    throw new Error(found.problem === 'empty' ? 'The secret is empty.' : "The secret has no '_', as in whsec_….");
  // The library wants a Buffer, not just any bytes.
  const payload = typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return new Webhook(found.key, { format: 'raw' }).sign(id, new Date(timestamp * 1000), payload);
}
