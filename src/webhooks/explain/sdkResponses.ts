import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PastedHeader } from './pastedWebhook';

/** How far a timestamp may be from now, in seconds (docs/scalekit-api.md, 5.1). */
export const TOLERANCE_SECONDS = 300;

export interface CheckedMessage {
  readonly secret: string;
  readonly headers: readonly PastedHeader[];
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The SDK's method. */
  readonly family: 'webhook' | 'interceptor';
}

/** What an official SDK says about a webhook: `true`, or the text of its error. */
export interface SdkResponse {
  readonly sdk: 'Node.js' | 'Python' | 'Go' | 'Java';
  readonly says: string;
}

/**
 * What each official SDK says, as far as that is known (docs/scalekit-api.md, 5.1). Node and Python read the headers from
 * an object with lower-case names. Go ignores their case.
 */
export function sdkResponses(message: CheckedMessage): readonly SdkResponse[] {
  const node = nodeResponse(message);
  const python = pythonResponse(message);
  const responses: SdkResponse[] = [
    { sdk: 'Node.js', says: node },
    { sdk: 'Python', says: python },
  ];
  const [, part] = message.secret.split('_');
  if (part !== undefined && !isStrictBase64(part)) responses.push({ sdk: 'Go', says: 'illegal base64 data' });
  if (node === 'Missing required headers' || node === 'Invalid secret') responses.push({ sdk: 'Java', says: node });
  if (node === 'Invalid Signature Headers') responses.push({ sdk: 'Java', says: 'Invalid timestamp' });
  return responses;
}

function isStrictBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function headerOf({ headers, family }: CheckedMessage, name: 'id' | 'timestamp' | 'signature'): string {
  return headers.findLast(([each]) => each === `${family}-${name}`)?.[1] ?? '';
}

/** As `verifyWebhookPayload` of the SDK for Node, step by step. */
export function nodeResponse(message: CheckedMessage): string {
  const [id, written, signature] = (['id', 'timestamp', 'signature'] as const).map((name) => headerOf(message, name));
  if (!id || !written || !signature) return 'Missing required headers';
  const [, part] = message.secret.split('_');
  if (part === undefined) return 'Invalid secret';
  const seconds = Number.parseInt(written, 10);
  if (Number.isNaN(seconds)) return 'Invalid Signature Headers';
  const problem = tolerance(seconds, message.now);
  if (problem !== undefined) return problem;
  const expected = signatureOf(Buffer.from(part, 'base64'), id, seconds, message.body);
  for (const each of signature.split(' ')) {
    const [version, received] = each.split(',');
    if (version !== 'v1') continue;
    const bytes = Buffer.from(received ?? '', 'base64');
    // The SDK's comparison throws if the lengths differ, and it tries no further signature.
    if (received === undefined || bytes.length !== expected.length) return 'Invalid Signature';
    if (timingSafeEqual(bytes, expected)) return 'true';
  }
  return 'Invalid Signature';
}

/** As `verify_webhook_payload` of the SDK for Python. */
function pythonResponse(message: CheckedMessage): string {
  const [id, written, signature] = (['id', 'timestamp', 'signature'] as const).map((name) => headerOf(message, name));
  if (!id || !written || !signature) return 'Missing required headers';
  const [, part] = message.secret.split('_');
  if (part === undefined) return 'Invalid secret';
  const key = pythonKey(part);
  if (typeof key === 'string') return key;
  const seconds = /^[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i.test(written.trim()) ? Number(written) : Number.NaN;
  // Python's dates end with the year 9999, which is before most times in milliseconds.
  if (Number.isNaN(seconds) || seconds > 253_402_300_799) return 'Invalid Signature Headers';
  const problem = tolerance(seconds, message.now);
  if (problem !== undefined) return problem;
  const expected = signatureOf(key, id, Math.floor(seconds), message.body);
  const isRight = signature.split(' ').some((each) => {
    const [version, received = ''] = each.split(',');
    return version === 'v1' && Buffer.from(received, 'base64').equals(expected);
  });
  return isRight ? 'True' : 'Invalid signature';
}

/** As Python's `base64.b64decode`, which drops foreign characters but wants padding. */
function pythonKey(part: string): Buffer | string {
  const data = part.replace(/[^A-Za-z0-9+/]/g, '');
  if (data.length % 4 === 1) return 'Invalid base64-encoded string';
  const padding = part.length - part.replaceAll('=', '').length;
  return (data.length + padding) % 4 > 0 && data.length % 4 > 0 ? 'Incorrect padding' : Buffer.from(data, 'base64');
}

function tolerance(seconds: number, now: number): string | undefined {
  const nowSeconds = Math.floor(now / 1000);
  if (nowSeconds - seconds > TOLERANCE_SECONDS) return 'Message timestamp too old';
  if (seconds > nowSeconds + TOLERANCE_SECONDS) return 'Message timestamp too new';
  return undefined;
}

/** The bytes of a `v1` signature. */
function signatureOf(key: Buffer, id: string, seconds: number, body: string): Buffer {
  return createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest();
}
