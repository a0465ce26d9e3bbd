import { randomBytes, randomUUID } from 'node:crypto';
import { parseJson } from '../../api/client/errorResponse';
import { isRecord } from '../../api/json';
import { signWebhook } from '../../api/webhooks/signWebhook';

/** How a webhook is sent: as it should be, or with a fault that a receiver must cope with. */
export const SENDINGS = [
  'good',
  'oldTimestamp',
  'futureTimestamp',
  'milliseconds',
  'wrongSecret',
  'changedByte',
  'missingHeader',
  'secondSignature',
  'duplicate',
  'outOfOrder',
  'slow',
  'large',
] as const;

export type Sending = (typeof SENDINGS)[number];

/** One request, without what HTTP adds. */
export interface WebhookDelivery {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly slowly: boolean;
}

export interface DeliveryOptions {
  readonly body: string;
  /** Without a secret, nothing is signed. */
  readonly secret: string | undefined;
  readonly sending: Sending;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A payload that's no JSON object can't be sent out of order, or enlarged. */
export class NotAnObjectError extends Error {}

/** How far a wrong timestamp is from now, in seconds: twice the tolerance. */
const FAR_SECONDS = 600;

const LARGE_BYTES = 10 * 1_048_576;

/** Whether an app should take such a webhook. A slow or large one is up to the app. */
export function shouldBeTaken(sending: Sending): boolean | undefined {
  switch (sending) {
    case 'good':
    case 'secondSignature':
    case 'duplicate':
    case 'outOfOrder':
      return true;
    case 'slow':
    case 'large':
      return undefined;
    default:
      return false;
  }
}

/** The requests to send, in this order. Each has a new ID, a new timestamp and a new signature. */
export function deliveriesOf({ body, secret, sending, now }: DeliveryOptions): readonly WebhookDelivery[] {
  const seconds = Math.floor(now / 1000);
  const sign = (
    text: string,
    { id = `msg_${randomUUID().replaceAll('-', '')}`, timestamp = seconds, key = secret } = {},
  ) => delivery(text, id, String(timestamp), key && signWebhook({ secret: key, id, timestamp, body: text }));
  switch (sending) {
    case 'good':
      return [sign(body)];
    case 'oldTimestamp':
      return [sign(body, { timestamp: seconds - FAR_SECONDS })];
    case 'futureTimestamp':
      return [sign(body, { timestamp: seconds + FAR_SECONDS })];
    case 'milliseconds': {
      const good = sign(body);
      return [withHeader(good, 'webhook-timestamp', `${seconds}000`)];
    }
    case 'wrongSecret':
      return [sign(body, { key: `whsec_${randomBytes(24).toString('base64')}` })];
    case 'changedByte': {
      const good = sign(body);
      const changed = Buffer.from(good.body);
      // A space more or less in JSON changes no value, so only the signature can tell.
      return [{ ...good, body: Buffer.concat([changed, Buffer.from(' ')]) }];
    }
    case 'missingHeader': {
      const good = sign(body);
      return [{ ...good, headers: good.headers.filter(([name]) => name !== 'webhook-signature') }];
    }
    case 'secondSignature': {
      const good = sign(body);
      const right = good.headers.find(([name]) => name === 'webhook-signature')?.[1];
      const wrong = `v1,${randomBytes(32).toString('base64')}`;
      return [right === undefined ? good : withHeader(good, 'webhook-signature', `${wrong} ${right}`)];
    }
    case 'duplicate': {
      const good = sign(body);
      return [good, good];
    }
    case 'outOfOrder':
      return [sign(body), sign(earlierEvent(body, now))];
    case 'slow':
      return [{ ...sign(body), slowly: true }];
    case 'large':
      return [sign(enlarged(body))];
  }
}

function delivery(body: string, id: string, timestamp: string, signature: string | undefined): WebhookDelivery {
  return {
    headers: [
      ['content-type', 'application/json'],
      ['user-agent', 'Scalekit-Workbench'],
      ['webhook-id', id],
      ['webhook-timestamp', timestamp],
      ...(signature === undefined ? [] : ([['webhook-signature', signature]] as const)),
    ],
    body: Buffer.from(body),
    slowly: false,
  };
}

function withHeader(good: WebhookDelivery, name: string, value: string): WebhookDelivery {
  return { ...good, headers: good.headers.map(([each, old]) => [each, each === name ? value : old]) };
}

/** Another event of the same kind that occurred a minute before, but comes after. */
function earlierEvent(body: string, now: number): string {
  const json = objectOf(body);
  const written = typeof json['occurred_at'] === 'string' ? Date.parse(json['occurred_at']) : Number.NaN;
  const occurredAt = new Date((Number.isNaN(written) ? now : written) - 60_000).toISOString();
  const id = `evt_${String(BigInt(`0x${randomBytes(7).toString('hex')}`))}`;
  return JSON.stringify({ ...json, id, occurred_at: occurredAt }, undefined, 2);
}

function enlarged(body: string): string {
  return JSON.stringify({ ...objectOf(body), padding: '·'.repeat(LARGE_BYTES / 2) });
}

function objectOf(body: string): Record<string, unknown> {
  const json = parseJson(body);
  if (!isRecord(json)) throw new NotAnObjectError();
  return json;
}
