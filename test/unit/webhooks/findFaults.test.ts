import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { ScalekitClient } from '@scalekit-sdk/node';
import { explanationText } from '../../../src/webhooks/explain/explanationText';
import { faultWords } from '../../../src/webhooks/explain/faultWords';
import { findFaults, type Fault } from '../../../src/webhooks/explain/findFaults';
import { parsePastedWebhook } from '../../../src/webhooks/explain/pastedWebhook';
import { english } from '../../support/english';

const KEY = Buffer.from('local sandbox secret 32 bytes ok');
const SECRET = `whsec_${KEY.toString('base64')}`;
const NOW = Date.now();
const SECONDS = Math.floor(NOW / 1000);
const BODY =
  '{"spec_version":"1","id":"evt_1","type":"organization.created","data":{"name":"Zoë’s <shop>","url":"https://a.example/b"}}';
const PRETTY = JSON.stringify(JSON.parse(BODY), undefined, 2);

const sdk = new ScalekitClient('https://acme.scalekit.dev', 'skc_1', 'secret');

interface Case {
  readonly name: string;
  readonly kinds: readonly Fault['kind'][];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly secret?: string;
  /** The form of the fault, where one kind has several. */
  readonly form?: string;
}

function sign(text: string | Buffer, key: Buffer = KEY): string {
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
}

function signed(
  body: string | Buffer,
  more: { timestamp?: number | string; key?: Buffer } = {},
): Record<string, string> {
  const timestamp = more.timestamp ?? SECONDS;
  const text = Buffer.concat([Buffer.from(`msg_1.${timestamp}.`), Buffer.from(body)]);
  return { 'webhook-id': 'msg_1', 'webhook-timestamp': String(timestamp), 'webhook-signature': sign(text, more.key) };
}

function without(headers: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name));
}

function renamed(headers: Record<string, string>, rename: (name: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [rename(name), value]));
}

const hexScheme = `t=${SECONDS},v1=${createHmac('sha256', KEY).update(`${SECONDS}.${BODY}`).digest('hex')}`;
const good = signed(BODY);
const TAIL = 'AAAA_BBBBCCCC';

const CASES: readonly Case[] = [
  { name: 'nothing', kinds: [] },
  { name: 'a body that was indented', kinds: ['body'], body: PRETTY, form: 'compact' },
  { name: 'a compact body of an indented one', kinds: ['body'], headers: signed(PRETTY), form: 'indented' },
  {
    name: 'a compact body of one that Python wrote',
    kinds: ['body'],
    headers: signed(
      '{"spec_version": "1", "id": "evt_1", "type": "organization.created", "data": {"name": "Zo\\u00eb\\u2019s <shop>", "url": "https://a.example/b"}}',
    ),
    form: 'spaced',
  },
  {
    name: 'a compact body of one that Go wrote',
    kinds: ['body'],
    headers: signed(BODY.replace('<', '\\u003c').replace('>', '\\u003e')),
    form: 'htmlEscaped',
  },
  {
    name: 'a compact body of one that PHP wrote',
    kinds: ['body'],
    headers: signed(BODY.replaceAll('/', '\\/')),
    form: 'slashEscaped',
  },
  {
    name: 'other line ends',
    kinds: ['body'],
    headers: signed(PRETTY.replaceAll('\n', '\r\n')),
    body: PRETTY,
    form: 'lineEnds',
  },
  {
    name: 'a body that was read as latin1',
    kinds: ['body'],
    body: Buffer.from(BODY).toString('latin1'),
    form: 'latin1',
  },
  { name: 'a body with a line end more', kinds: ['body'], headers: signed(`${BODY}\n`), form: 'outerSpace' },
  { name: 'another secret', kinds: ['secretOrBody'], secret: `whsec_${Buffer.alloc(24, 7).toString('base64')}` },
  { name: 'the body of another webhook', kinds: ['secretOrBody'], headers: signed('{"id":"evt_2"}') },
  { name: 'a cut body', kinds: ['cutBody'], body: BODY.slice(0, 60) },
  {
    name: 'a body shorter than its header says',
    kinds: ['cutBody'],
    headers: { ...good, 'content-length': '4000' },
    body: '{"id":"evt_1"}',
  },
  { name: 'a timestamp that is too old', kinds: ['tooOld'], headers: signed(BODY, { timestamp: SECONDS - 302 }) },
  { name: 'a timestamp that is too new', kinds: ['tooNew'], headers: signed(BODY, { timestamp: SECONDS + 600 }) },
  { name: 'milliseconds', kinds: ['milliseconds'], headers: signed(BODY, { timestamp: NOW }) },
  {
    name: 'milliseconds beside a signature over seconds',
    kinds: ['signedText', 'milliseconds'],
    headers: { ...good, 'webhook-timestamp': `${SECONDS}000` },
    form: 'milliseconds',
  },
  { name: 'a date', kinds: ['isoTimestamp'], headers: signed(BODY, { timestamp: new Date(NOW).toISOString() }) },
  { name: 'no number', kinds: ['notATimestamp'], headers: signed(BODY, { timestamp: 'abc' }) },
  { name: 'a missing header', kinds: ['missingHeaders'], headers: without(good, 'webhook-timestamp') },
  {
    name: 'names in capitals',
    kinds: ['capitals'],
    headers: renamed(good, (name) => name.replace('webhook', 'Webhook')),
  },
  { name: 'names of Svix', kinds: ['otherNames'], headers: renamed(good, (name) => name.replace('webhook', 'svix')) },
  {
    name: 'names of an interceptor',
    kinds: ['otherNames'],
    headers: renamed(good, (name) => name.replace('webhook', 'interceptor')),
  },
  { name: 'scalekit-signature', kinds: ['otherScheme', 'otherNames'], headers: { 'scalekit-signature': hexScheme } },
  {
    name: 'a scheme with t and hex',
    kinds: ['otherScheme'],
    headers: { ...good, 'webhook-signature': hexScheme },
  },
  { name: 'another version', kinds: ['noVersion1'], headers: { ...good, 'webhook-signature': 'v1a,AAAA' } },
  {
    name: 'a first signature of another length',
    kinds: ['firstOfOtherLength'],
    headers: { ...good, 'webhook-signature': `v1,AAAA ${good['webhook-signature'] ?? ''}` },
  },
  {
    name: 'the whole secret as the key',
    kinds: ['key'],
    headers: signed(BODY, { key: Buffer.from(SECRET) }),
    form: 'wholeSecret',
  },
  {
    name: 'the undecoded secret as the key',
    kinds: ['key'],
    headers: signed(BODY, { key: Buffer.from(SECRET.slice(6)) }),
    form: 'withoutPrefix',
  },
  {
    name: 'the secret read as hex',
    kinds: ['key'],
    secret: 'whsec_00ff00ff00ff00ff',
    headers: signed(BODY, { key: Buffer.from('00ff00ff00ff00ff', 'hex') }),
    form: 'hex',
  },
  {
    name: 'a URL-safe secret with an underscore',
    kinds: ['key'],
    secret: `whsec_${TAIL}`,
    headers: signed(BODY, { key: Buffer.from(TAIL, 'base64url') }),
    form: 'uncut',
  },
  // The SDK's decoder skips them.
  { name: 'no fault in a secret with quotation marks', kinds: [], secret: ` "${SECRET}"` },
  {
    name: 'a secret without an underscore',
    kinds: ['secretWithoutUnderscore'],
    secret: KEY.toString('base64'),
    headers: good,
  },
  {
    name: 'a text without the ID',
    kinds: ['signedText'],
    headers: { ...good, 'webhook-signature': sign(`${SECONDS}.${BODY}`) },
    form: 'withoutId',
  },
  {
    name: 'only the body signed',
    kinds: ['signedText'],
    headers: { ...good, 'webhook-signature': sign(BODY) },
    form: 'bodyOnly',
  },
  {
    name: 'a signature in hex',
    kinds: ['hexSignature'],
    headers: {
      ...good,
      'webhook-signature': `v1,${createHmac('sha256', KEY).update(`msg_1.${SECONDS}.${BODY}`).digest('hex')}`,
    },
  },
];

type Write = (headers: Readonly<Record<string, string>>, body: string) => string;

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const FORMS: Readonly<Record<'curl' | 'json' | 'log', Write>> = {
  curl: (headers, body) =>
    [
      'curl -X POST http://localhost:3000/webhooks',
      ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
      `--data-raw ${quoted(body)}`,
    ].join(' \\\n  '),
  json: (headers, body) => JSON.stringify({ headers, body }, undefined, 2),
  log: (headers, body) =>
    [
      'POST /webhooks HTTP/1.1',
      'host: localhost:3000',
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      '',
      body,
    ].join('\n'),
};

describe('Explain Webhook Signature…', () => {
  for (const each of CASES) {
    for (const [form, write] of Object.entries(FORMS)) {
      it(`names ${each.name}, read from ${form}, and says what the SDK for Node.js says`, () => {
        const { headers = good, body = BODY, secret = SECRET } = each;
        const pasted = parsePastedWebhook(write(headers, body)) ?? assert.fail('not read');
        assert.equal(pasted.form, form);
        assert.equal(pasted.body, body);
        const findings = findFaults(pasted, secret, NOW);
        const faults = findings.faults.filter(({ kind }) => kind !== 'secretOrBody' || each.kinds.includes(kind));
        assert.deepEqual(
          faults.map(({ kind }) => kind),
          each.kinds,
          JSON.stringify(findings.faults),
        );
        if (each.form !== undefined)
          assert.ok(
            faults.some((fault) => 'form' in fault && fault.form === each.form),
            JSON.stringify(faults),
          );
        const isInterceptor = findings.family === 'interceptor';
        const verify = (): boolean =>
          isInterceptor
            ? sdk.verifyInterceptorPayload(secret, headers, body)
            : sdk.verifyWebhookPayload(secret, headers, body);
        const said = findings.sdks.find(({ sdk: name }) => name === 'Node.js')?.says;
        assert.equal(said, outcomeOf(verify));
        const text = explanationText(english, pasted, findings, (code) => `\`${code}\``);
        for (const hidden of [
          secret,
          secret.trim(),
          secret.split('_')[1] ?? secret,
          'Zoë',
          headers['webhook-signature'] ?? '-',
        ])
          assert.ok(hidden === '-' || !text.includes(hidden), `${hidden} is in:\n${text}`);
        for (const fault of faults) assert.ok(text.includes(faultWords(english, fault).title));
      });
    }
  }

  it('reads what console.log writes of an object, and of a body in a string', () => {
    const log = `Got { headers: { host: 'localhost:3000', 'webhook-id': 'msg_1', 'webhook-timestamp': '${SECONDS}',
  'webhook-signature': '${good['webhook-signature']}' } }\nbody: ${BODY}\n`;
    const pasted = parsePastedWebhook(log) ?? assert.fail();
    assert.deepEqual(findFaults(pasted, SECRET, NOW).faults, []);
    const line = `level=info webhook-id=msg_1 webhook-timestamp=${SECONDS} webhook-signature=${good['webhook-signature']} body=${JSON.stringify(BODY)}`;
    const fromLine =
      parsePastedWebhook(line.replaceAll(' webhook', '\nwebhook').replace(' body', '\nbody')) ?? assert.fail();
    assert.equal(fromLine.body, BODY);
    assert.deepEqual(findFaults(fromLine, SECRET, NOW).faults, []);
  });

  it('reads API Gateway’s events, base64 and all, and a body that is an object', () => {
    const event = { headers: good, body: Buffer.from(BODY).toString('base64'), isBase64Encoded: true };
    assert.deepEqual(findFaults(parsePastedWebhook(JSON.stringify(event)) ?? assert.fail(), SECRET, NOW).faults, []);
    const parsed = { request: { headers: Object.entries(good), body: JSON.parse(BODY) as unknown } };
    const pasted = parsePastedWebhook(JSON.stringify(parsed)) ?? assert.fail();
    assert.deepEqual(findFaults(pasted, SECRET, NOW).faults, [{ kind: 'body', form: 'compact' }]);
  });

  it('takes no text for a webhook that has none of its headers', () => {
    for (const text of [
      '',
      'hello',
      '{}',
      '{"headers":{}}',
      'curl https://example.com',
      'a: b\n\n{}',
      '[]',
      'null',
      '{'.repeat(5_000),
    ])
      assert.equal(parsePastedWebhook(text), undefined, text);
  });
});

function outcomeOf(verify: () => boolean): string {
  try {
    return String(verify());
  } catch (error) {
    return (error as Error).message;
  }
}
