import { createHmac } from 'node:crypto';
import { parseJson } from '../../api/client/errorResponse';
import { trimEnd } from '../../api/trimEnd';
import { bodyForms, type BodyForm } from './bodyForms';
import { endOfJson } from './endOfJson';
import { keyForms, type KeyForm } from './keyForms';
import type { PastedHeader, PastedWebhook } from './pastedWebhook';
import { sdkResponses, TOLERANCE_SECONDS, type SdkResponse } from './sdkResponses';

/** Something that makes a check fail, or will. */
export type Fault =
  | { readonly kind: 'missingHeaders'; readonly names: readonly string[] }
  | { readonly kind: 'otherNames'; readonly family: 'interceptor' | 'svix' | 'scalekit' }
  | { readonly kind: 'capitals'; readonly name: string }
  | { readonly kind: 'otherScheme'; readonly holds: boolean }
  | { readonly kind: 'noVersion1'; readonly versions: readonly string[] }
  | { readonly kind: 'firstOfOtherLength' }
  | { readonly kind: 'milliseconds' }
  | { readonly kind: 'isoTimestamp' }
  | { readonly kind: 'notATimestamp' }
  | { readonly kind: 'tooOld' | 'tooNew'; readonly seconds: number }
  | { readonly kind: 'secretWithoutUnderscore' }
  | { readonly kind: 'emptyKey' }
  | { readonly kind: 'key'; readonly form: Exclude<KeyForm, 'decoded'> }
  | { readonly kind: 'body'; readonly form: Exclude<BodyForm, 'asGiven'> }
  | { readonly kind: 'signedText'; readonly form: Exclude<TextForm, 'standard'> }
  | { readonly kind: 'hexSignature' }
  | { readonly kind: 'cutBody'; readonly bytes: number; readonly expected: number | undefined }
  | { readonly kind: 'longerBody'; readonly bytes: number; readonly expected: number }
  | { readonly kind: 'noBody' }
  /** The signature fits nothing that was tried. `bodyIsWhole` if the body has the length that its header states. */
  | { readonly kind: 'secretOrBody'; readonly bodyIsWhole: boolean };

/** What was signed. `standard` is `{id}.{timestamp}.{body}`. */
export type TextForm = 'standard' | 'withoutId' | 'bodyOnly' | 'timestampOnly' | 'milliseconds';

export interface Findings {
  /** The most important first. Empty if the check succeeds. */
  readonly faults: readonly Fault[];
  /** Whether the signature was made with this secret, for a body that is this one or a form of it. */
  readonly signature: 'holds' | 'holdsForAnotherForm' | 'holdsForNothing' | 'notChecked';
  readonly sdks: readonly SdkResponse[];
  readonly family: Family;
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly bytes: number;
}

export type Family = 'webhook' | 'interceptor' | 'svix' | 'scalekit';

const PARTS = ['id', 'timestamp', 'signature'] as const;

/** Finds out why a check of the signature fails, by trying what usually goes wrong. */
export function findFaults(pasted: PastedWebhook, secret: string, now: number): Findings {
  const family = familyOf(pasted.headers);
  const header = (name: string): PastedHeader | undefined =>
    pasted.headers.find(([each]) => each.toLowerCase() === name);
  const nameOf = (part: string): string => (family === 'scalekit' ? `webhook-${part}` : `${family}-${part}`);
  const [id, timestamp] = PARTS.slice(0, 2).map((part) => header(nameOf(part))?.[1].trim());
  const signature = (family === 'scalekit' ? header('scalekit-signature') : header(nameOf('signature')))?.[1] ?? '';
  const faults: Fault[] = [];

  const missing = PARTS.map(nameOf).filter((name) => (header(name)?.[1] ?? '') === '');
  if (family === 'svix' || family === 'scalekit') faults.push({ kind: 'otherNames', family });
  if (family === 'interceptor') faults.push({ kind: 'otherNames', family });
  if (family !== 'scalekit' && missing.length > 0) faults.push({ kind: 'missingHeaders', names: missing });
  const capital = pasted.headers.find(([name]) => name !== name.toLowerCase() && isSignatureHeader(name));
  if (capital !== undefined) faults.push({ kind: 'capitals', name: capital[0] });

  if (secret.trim() === '' || (secret.includes('_') && keyForms(secret).length === 0))
    faults.push({ kind: 'emptyKey' });
  else if (!secret.includes('_')) faults.push({ kind: 'secretWithoutUnderscore' });

  const scheme = otherScheme(signature);
  const bytes = Buffer.byteLength(pasted.body);
  let result: Findings['signature'] = 'notChecked';
  if (scheme !== undefined) {
    const holds = hexHolds(scheme, pasted.body, secret);
    faults.push({ kind: 'otherScheme', holds });
    result = holds ? 'holdsForAnotherForm' : 'holdsForNothing';
    faults.push(...timestampFaults(scheme.timestamp, now));
  } else {
    if (timestamp !== undefined && timestamp !== '') faults.push(...timestampFaults(timestamp, now));
    if (signature !== '' && id !== undefined && timestamp !== undefined) {
      const found = signatureFaults(pasted, secret, { id, timestamp, signature }, contentLength(header));
      faults.push(...found.faults);
      ({ result } = found);
    }
  }
  return {
    faults: byImportance(faults),
    signature: result,
    sdks: sdkResponses({
      secret,
      headers: pasted.headers,
      body: pasted.body,
      now,
      family: family === 'interceptor' ? 'interceptor' : 'webhook',
    }),
    family,
    id,
    timestamp: scheme?.timestamp ?? timestamp,
    bytes,
  };
}

const IMPORTANCE: readonly Fault['kind'][] = [
  'emptyKey',
  'secretWithoutUnderscore',
  'otherScheme',
  'otherNames',
  'missingHeaders',
  'capitals',
  'noBody',
  'cutBody',
  'body',
  'key',
  'signedText',
  'hexSignature',
  'noVersion1',
  'milliseconds',
  'isoTimestamp',
  'notATimestamp',
  'tooOld',
  'tooNew',
  'firstOfOtherLength',
  'longerBody',
  'secretOrBody',
];

function byImportance(faults: readonly Fault[]): readonly Fault[] {
  return [...faults].sort((one, other) => IMPORTANCE.indexOf(one.kind) - IMPORTANCE.indexOf(other.kind));
}

function isSignatureHeader(name: string): boolean {
  return /^(?:webhook|interceptor|svix)-(?:id|timestamp|signature)$|^scalekit-signature$/i.test(name);
}

/** Whose headers these are. Those of webhooks count if there are any. */
function familyOf(headers: readonly PastedHeader[]): Family {
  const names = headers.map(([name]) => name.toLowerCase());
  for (const family of ['webhook', 'interceptor', 'svix'] as const)
    if (names.some((name) => PARTS.some((part) => name === `${family}-${part}`))) return family;
  return names.includes('scalekit-signature') ? 'scalekit' : 'webhook';
}

function contentLength(header: (name: string) => PastedHeader | undefined): number | undefined {
  const text = header('content-length')?.[1].trim() ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

interface HexScheme {
  readonly timestamp: string;
  readonly hex: readonly string[];
}

/** `t=…,v1=<hex>`, which a recipe in Scalekit's documentation has, but no SDK. */
function otherScheme(signature: string): HexScheme | undefined {
  const fields = signature.split(',').map((field) => field.trim().split('='));
  const timestamp = fields.find(([name]) => name === 't')?.[1];
  const hex = fields.flatMap(([name, value = '']) => (name === 'v1' ? [value.toLowerCase()] : []));
  return timestamp === undefined || hex.length === 0 ? undefined : { timestamp, hex };
}

function hexHolds({ timestamp, hex }: HexScheme, body: string, secret: string): boolean {
  const bodies = bodyForms(body);
  return keyForms(secret).some(({ key }) =>
    bodies.some(({ bytes }) =>
      hex.includes(createHmac('sha256', key).update(`${timestamp}.`).update(bytes).digest('hex')),
    ),
  );
}

/** Times in milliseconds are this large from 1973 on. */
const SMALLEST_MILLISECONDS = 100_000_000_000;

function timestampFaults(written: string, now: number): Fault[] {
  if (/^\d{4}-\d\d-\d\d/.test(written)) return [{ kind: 'isoTimestamp' }];
  if (!/^[+-]?\d+(?:\.\d+)?$/.test(written)) return [{ kind: 'notATimestamp' }];
  const seconds = Number(written);
  if (seconds >= SMALLEST_MILLISECONDS) return [{ kind: 'milliseconds' }];
  const age = Math.floor(now / 1000) - seconds;
  if (age > TOLERANCE_SECONDS) return [{ kind: 'tooOld', seconds: age }];
  return age < -TOLERANCE_SECONDS ? [{ kind: 'tooNew', seconds: -age }] : [];
}

interface SignedHeaders {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
}

/** Which key, body and text the signature was made of. */
function signatureFaults(
  { body, bodyIsParsed }: PastedWebhook,
  secret: string,
  headers: SignedHeaders,
  length: number | undefined,
): { readonly faults: readonly Fault[]; readonly result: Findings['signature'] } {
  const entries = headers.signature
    .trim()
    .split(/\s+/)
    .map((entry) => entry.split(','));
  const signatures = entries.flatMap(([version, value = '']) => (version === 'v1' ? [value] : []));
  if (signatures.length === 0) {
    const versions = entries.map(([version = '']) => version.slice(0, 20));
    return { faults: [{ kind: 'noVersion1', versions }], result: 'notChecked' };
  }
  const bytes = Buffer.byteLength(body);
  const whole = length === undefined || length === bytes;
  const match = bestMatch(body, secret, headers, signatures);
  if (match === undefined) {
    if (body === '') return { faults: [{ kind: 'noBody' }], result: 'holdsForNothing' };
    if (isCut(body) || (length !== undefined && length > bytes))
      return { faults: [{ kind: 'cutBody', bytes, expected: length }], result: 'holdsForNothing' };
    if (length !== undefined && length < bytes)
      return { faults: [{ kind: 'longerBody', bytes, expected: length }], result: 'holdsForNothing' };
    return {
      faults: [{ kind: 'secretOrBody', bodyIsWhole: whole && length !== undefined }],
      result: 'holdsForNothing',
    };
  }
  const faults: Fault[] = [];
  if (match.body !== 'asGiven') faults.push({ kind: 'body', form: match.body });
  // The text has the body as an object. Its bytes are known only because the signature fits them.
  else if (bodyIsParsed) faults.push({ kind: 'body', form: 'compact' });
  // A secret without an underscore is a fault by itself.
  if (match.key !== 'decoded' && secret.includes('_')) faults.push({ kind: 'key', form: match.key });
  if (match.text !== 'standard') faults.push({ kind: 'signedText', form: match.text });
  if (match.hex) faults.push({ kind: 'hexSignature' });
  const result = faults.length === 0 ? 'holds' : 'holdsForAnotherForm';
  const lengths = signatures.map((each) => Buffer.from(each, 'base64').length);
  if (!match.hex && lengths.slice(0, signatures.indexOf(match.signature)).some((each) => each !== 32))
    faults.push({ kind: 'firstOfOtherLength' });
  return { faults, result };
}

interface Match {
  readonly key: KeyForm;
  readonly body: BodyForm;
  readonly text: TextForm;
  readonly hex: boolean;
  readonly signature: string;
}

/** The combination that gives one of the signatures and differs least from the right one. */
function bestMatch(
  body: string,
  secret: string,
  headers: SignedHeaders,
  signatures: readonly string[],
): Match | undefined {
  const wanted = new Map(signatures.map((each) => [unpadded(each), each]));
  let best: Match | undefined;
  let least = Number.POSITIVE_INFINITY;
  const bodies = bodyForms(body);
  for (const { form: key, key: secretKey } of keyForms(secret))
    for (const { form: text, before } of textForms(headers))
      for (const { form: ofBody, bytes } of bodies) {
        const cost = Number(key !== 'decoded') + Number(text !== 'standard') + Number(ofBody !== 'asGiven');
        if (cost >= least) continue;
        const digest = createHmac('sha256', secretKey).update(before).update(bytes).digest();
        const signature = wanted.get(unpadded(digest.toString('base64')));
        const asHex = signature === undefined ? wanted.get(digest.toString('hex')) : undefined;
        const found = signature ?? asHex;
        if (found === undefined) continue;
        least = cost;
        best = { key, text, body: ofBody, hex: signature === undefined, signature: found };
      }
  return best;
}

/** What may stand before the body in the text that was signed. */
function textForms({ id, timestamp }: SignedHeaders): readonly { readonly form: TextForm; readonly before: string }[] {
  const seconds = Number.parseInt(timestamp, 10);
  return [
    { form: 'standard', before: `${id}.${timestamp}.` },
    // The SDK for Node signs the number that it reads.
    ...(String(seconds) === timestamp ? [] : [{ form: 'standard' as const, before: `${id}.${seconds}.` }]),
    { form: 'milliseconds', before: `${id}.${Math.floor(seconds / 1000)}.` },
    { form: 'milliseconds', before: `${id}.${seconds}000.` },
    { form: 'withoutId', before: `${timestamp}.` },
    { form: 'bodyOnly', before: '' },
    { form: 'timestampOnly', before: `${timestamp}` },
  ];
}

/** Whether a JSON text ends before its braces close. */
function isCut(body: string): boolean {
  return /^\s*[{[]/.test(body) && parseJson(body) === undefined && endOfJson(body) === undefined;
}

/** Base64 without its padding, in one alphabet. */
function unpadded(base64: string): string {
  return trimEnd(base64, /^=$/).replaceAll('-', '+').replaceAll('_', '/');
}
