import type { L10n } from '../../ui/failure';
import type { BodyForm } from './bodyForms';
import type { Fault, TextForm } from './findFaults';
import type { KeyForm } from './keyForms';

/** A fault in words. */
export interface FaultWords {
  readonly title: string;
  readonly why: string;
  readonly change: string;
}

/** What a fault is, and what to change. Works in plain Node: the caller passes VS Code's `l10n`. */
export function faultWords(l10n: L10n, fault: Fault): FaultWords {
  switch (fault.kind) {
    case 'missingHeaders':
      return {
        title: l10n.t('Headers are missing: {0}', fault.names.join(', ')),
        why: l10n.t('Without these the SDK can’t check anything.'),
        change: l10n.t(
          'Pass all headers of the request to the SDK, as a plain object with lower-case names. A proxy or framework in between may have dropped some.',
        ),
      };
    case 'otherNames':
      return otherNames(l10n, fault.family);
    case 'capitals':
      return {
        title: l10n.t('A header’s name has capitals: {0}', fault.name),
        why: l10n.t(
          'The SDKs for Node.js and Python look for lower-case names. A plain object with other names, or a Headers object in Node.js, looks empty to them.',
        ),
        change: l10n.t(
          'Pass names in lower case, for example Object.fromEntries(request.headers) for a Headers object. If only the log writes capitals, ignore this.',
        ),
      };
    case 'otherScheme':
      return {
        title: l10n.t('The signature has the scheme “t=…,v1=<hex>”'),
        why: fault.holds
          ? l10n.t(
              'It was made with this secret over the time and the body, without the ID. A recipe in Scalekit’s documentation describes it, but no SDK of Scalekit’s takes it.',
            )
          : l10n.t(
              'No SDK of Scalekit’s takes it. It doesn’t fit this secret and body either, as far as could be tried.',
            ),
        change: l10n.t(
          'Whatever sent this must sign “id.timestamp.body” and send “v1,<base64>” with the headers webhook-id, webhook-timestamp and webhook-signature.',
        ),
      };
    case 'noVersion1':
      return {
        title: l10n.t('No signature has version v1'),
        why: l10n.t('Those that came have: {0}. The SDKs skip them.', fault.versions.join(', ')),
        change: l10n.t('Pass the whole header, unchanged. A signature begins with “v1,”.'),
      };
    case 'firstOfOtherLength':
      return {
        title: l10n.t('A right signature comes after one of another length'),
        why: l10n.t(
          'The SDK for Node.js gives up at the first signature whose length differs, so it never reaches the right one.',
        ),
        change: l10n.t(
          'Send only signatures of 32 bytes. To verify this one, drop the others before you call the SDK.',
        ),
      };
    case 'milliseconds':
      return {
        title: l10n.t('The timestamp is in milliseconds'),
        why: l10n.t('The SDKs read it as seconds, so it’s far in the future.'),
        change: l10n.t('Whatever sent this must send seconds: Math.floor(Date.now() / 1000) in JavaScript.'),
      };
    case 'isoTimestamp':
      return {
        title: l10n.t('The timestamp is a date, not a number'),
        why: l10n.t('The SDK for Node.js reads only its year, as seconds, so it’s far in the past.'),
        change: l10n.t('Whatever sent this must send the seconds since 1970 as a number.'),
      };
    case 'notATimestamp':
      return {
        title: l10n.t('The timestamp isn’t a number'),
        why: l10n.t('The SDKs can’t read it.'),
        change: l10n.t('Pass the header webhook-timestamp unchanged. It has the seconds since 1970.'),
      };
    case 'tooOld':
      return {
        title: l10n.t('The timestamp is too old: {0} s', Math.round(fault.seconds)),
        why: l10n.t('The SDKs take at most 300 s. That’s normal for a webhook from a log: it’s judged as of now.'),
        change: l10n.t(
          'To try it again, have it sent anew: Send Again signs with a new timestamp. If it had just come, set this machine’s clock, and don’t queue webhooks before you verify them.',
        ),
      };
    case 'tooNew':
      return {
        title: l10n.t('The timestamp is in the future: {0} s', Math.round(fault.seconds)),
        why: l10n.t('The SDKs take at most 300 s.'),
        change: l10n.t('Set the clock of this machine, or of the sender’s.'),
      };
    case 'secretWithoutUnderscore':
      return {
        title: l10n.t('The secret has no “_”'),
        why: l10n.t('A webhook’s secret is “whsec_” and base64. The SDKs read what follows the “_”.'),
        change: l10n.t(
          'Use the whole signing secret of the webhook’s endpoint, from the Scalekit dashboard. A client secret won’t do.',
        ),
      };
    case 'emptyKey':
      return {
        title: l10n.t('The secret has no key'),
        why: l10n.t('Nothing that can be decoded follows its “_”. An unset variable looks like this too.'),
        change: l10n.t('Set SCALEKIT_WEBHOOK_SECRET to the whole signing secret, “whsec_” and all.'),
      };
    case 'key':
      return keyWords(l10n, fault.form);
    case 'body':
      return bodyWords(l10n, fault.form);
    case 'signedText':
      return textWords(l10n, fault.form);
    case 'hexSignature':
      return {
        title: l10n.t('The signature is in hex'),
        why: l10n.t('The SDKs decode it as base64.'),
        change: l10n.t('Whatever sent this must write the HMAC in base64.'),
      };
    case 'cutBody':
      return {
        title: l10n.t('The body is cut off'),
        why:
          fault.expected === undefined
            ? l10n.t('Its JSON ends too early, after {0} bytes.', fault.bytes)
            : l10n.t('It has {0} of the {1} bytes that content-length states.', fault.bytes, fault.expected),
        change: l10n.t('Read the whole body before you verify it. If only the log cut it, copy the whole one.'),
      };
    case 'longerBody':
      return {
        title: l10n.t('The body has more bytes than were sent'),
        why: l10n.t('It has {0} bytes, and content-length states {1}.', fault.bytes, fault.expected),
        change: l10n.t('Verify the bytes as they came, before anything parses, formats or decodes them.'),
      };
    case 'noBody':
      return {
        title: l10n.t('The body is empty'),
        why: l10n.t('The signature covers a body. Something may have read the stream before.'),
        change: l10n.t('Get the raw body before any parser reads it. Copy it together with the headers.'),
      };
    case 'secretOrBody':
      return {
        title: l10n.t('Another secret, or another body'),
        why: fault.bodyIsWhole
          ? l10n.t(
              'The signature fits neither this body nor any usual form of it. The body has the length that was sent, so the secret is likely another endpoint’s, or was replaced.',
            )
          : l10n.t(
              'The signature fits neither this body nor any usual form of it, with any usual reading of this secret.',
            ),
        change: l10n.t(
          'Compare the secret with the one of this very endpoint in the Scalekit dashboard: each endpoint has its own. Then compare the body byte by byte: key order, numbers and spaces count, and so does any other delivery’s body.',
        ),
      };
  }
}

function otherNames(l10n: L10n, family: 'interceptor' | 'svix' | 'scalekit'): FaultWords {
  switch (family) {
    case 'interceptor':
      return {
        title: l10n.t('These are the headers of an interceptor'),
        why: l10n.t('The webhook check of the SDKs reads only webhook-id, webhook-timestamp and webhook-signature.'),
        change: l10n.t(
          'Call verifyInterceptorPayload (Python: verify_interceptor_payload) with SCALEKIT_INTERCEPTOR_SECRET. What the SDKs say below is about that call.',
        ),
      };
    case 'svix':
      return {
        title: l10n.t('The headers begin with “svix-”'),
        why: l10n.t('The scheme is the same, but Scalekit’s SDKs read only names that begin with “webhook-”.'),
        change: l10n.t('Pass svix-id, svix-timestamp and svix-signature under the names that begin with “webhook-”.'),
      };
    case 'scalekit':
      return {
        title: l10n.t('The header is scalekit-signature'),
        why: l10n.t('Some pages of Scalekit’s documentation name it, but no SDK of Scalekit’s reads it.'),
        change: l10n.t('Read webhook-id, webhook-timestamp and webhook-signature.'),
      };
  }
}

function keyWords(l10n: L10n, form: Exclude<KeyForm, 'decoded'>): FaultWords {
  const change = l10n.t(
    'The key is the base64-decoded part after “whsec_”. Let the SDK read the secret, on both sides of a test.',
  );
  switch (form) {
    case 'wholeSecret':
      return {
        title: l10n.t('The signature was made with the whole secret as the key'),
        why: l10n.t('The letters of “whsec_…” were the key, not what they encode.'),
        change,
      };
    case 'withoutPrefix':
      return {
        title: l10n.t('The signature was made with the undecoded secret as the key'),
        why: l10n.t('The letters after “whsec_” were the key, not what they encode.'),
        change,
      };
    case 'hex':
      return {
        title: l10n.t('The signature was made with the secret read as hex'),
        why: l10n.t('The part after “whsec_” is base64.'),
        change,
      };
    case 'withPrefix':
      return {
        title: l10n.t('The signature was made with the prefix decoded too'),
        why: l10n.t('“whsec_” was decoded as if it were part of the base64.'),
        change,
      };
    case 'uncut':
      return {
        title: l10n.t('The secret has a second “_”'),
        why: l10n.t(
          'The signature was made with all of it, as URL-safe base64. The SDKs for Node.js and Python read only up to the second “_”.',
        ),
        change: l10n.t(
          'Write the secret in standard base64: “+” in place of “-”, and “/” in place of “_” after “whsec_”.',
        ),
      };
  }
}

function bodyWords(l10n: L10n, form: Exclude<BodyForm, 'asGiven'>): FaultWords {
  const raw = l10n.t(
    'Verify the raw body: {0} in Express, {1} in Next.js, {2} in FastAPI. Copy Webhook Handler as… has it ready.',
    "express.raw({ type: 'application/json' })",
    'request.text()',
    'request.body()',
  );
  const rewritten = l10n.t('The body was parsed and written again');
  switch (form) {
    case 'compact':
      return {
        title: rewritten,
        why: l10n.t('The signature fits the JSON without spaces. This body isn’t what was sent, but made from it.'),
        change: raw,
      };
    case 'indented':
      return { title: rewritten, why: l10n.t('The signature fits the indented JSON.'), change: raw };
    case 'spaced':
      return {
        title: rewritten,
        why: l10n.t('The signature fits the JSON with a space after each comma and colon, as Python writes it.'),
        change: raw,
      };
    case 'htmlEscaped':
      return {
        title: rewritten,
        why: l10n.t('The signature fits the JSON in which <, > and & are escaped, as Go writes it.'),
        change: raw,
      };
    case 'asciiEscaped':
      return {
        title: rewritten,
        why: l10n.t('The signature fits the JSON in which letters beyond ASCII are escaped.'),
        change: raw,
      };
    case 'slashEscaped':
      return {
        title: rewritten,
        why: l10n.t('The signature fits the JSON in which slashes are escaped, as PHP writes it.'),
        change: raw,
      };
    case 'lineEnds':
      return {
        title: l10n.t('The body has other line ends'),
        why: l10n.t('The signature fits the body with the other kind of line ends (LF or CRLF).'),
        change: l10n.t('Pass the bytes on unchanged. An editor or a text mode may have changed them.'),
      };
    case 'outerSpace':
      return {
        title: l10n.t('The body has other space at its ends'),
        why: l10n.t('The signature fits the body with or without a space or line end there.'),
        change: l10n.t('Don’t trim the body, and don’t add a line end.'),
      };
    case 'byteOrderMark':
      return {
        title: l10n.t('A byte order mark makes the difference'),
        why: l10n.t('The signature fits the body with or without it.'),
        change: l10n.t('Take the body as bytes. A decoder may drop the mark, and an editor may add one.'),
      };
    case 'latin1':
      return {
        title: l10n.t('The body was read in another encoding'),
        why: l10n.t('The signature fits the bytes if UTF-8 is read as UTF-8.'),
        change: l10n.t('Pass the bytes, or decode them as UTF-8. Never use latin1 or binary.'),
      };
    case 'normalized':
      return {
        title: l10n.t('Letters with accents were composed or taken apart'),
        why: l10n.t('The signature fits the body in the other Unicode normal form.'),
        change: l10n.t('Don’t normalize the body before you verify it.'),
      };
    case 'quoted':
      return {
        title: l10n.t('The body was written as a JSON string once more'),
        why: l10n.t('The signature fits the body with one JSON encoding more or less.'),
        change: l10n.t('Call JSON.stringify once at most, and not at all on what came.'),
      };
    case 'base64':
      return {
        title: l10n.t('The body is base64'),
        why: l10n.t('The signature fits the body with base64 decoded or encoded.'),
        change: l10n.t('Decode it first: API Gateway says so with isBase64Encoded.'),
      };
    case 'percentEncoded':
      return {
        title: l10n.t('The body is percent-encoded'),
        why: l10n.t('The signature fits the decoded body.'),
        change: l10n.t('Take the body as it came, as application/json.'),
      };
    case 'empty':
      return {
        title: l10n.t('An empty body was signed'),
        why: l10n.t('The signature fits no body at all.'),
        change: l10n.t('Whatever sent this signed before it had the body.'),
      };
  }
}

function textWords(l10n: L10n, form: Exclude<TextForm, 'standard'>): FaultWords {
  const change = l10n.t('Whatever sent this must sign “id.timestamp.body”, with the timestamp in seconds.');
  switch (form) {
    case 'withoutId':
      return {
        title: l10n.t('The ID isn’t in the signed text'),
        why: l10n.t('The signature fits “timestamp.body”.'),
        change,
      };
    case 'bodyOnly':
      return { title: l10n.t('Only the body was signed'), why: l10n.t('The signature fits the body alone.'), change };
    case 'timestampOnly':
      return {
        title: l10n.t('The dots are missing in the signed text'),
        why: l10n.t('The signature fits the timestamp and the body without a dot.'),
        change,
      };
    case 'milliseconds':
      return {
        title: l10n.t('Another timestamp was signed than was sent'),
        why: l10n.t('One is in seconds, and the other in milliseconds.'),
        change,
      };
  }
}
