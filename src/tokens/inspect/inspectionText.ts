import * as vscode from 'vscode';
import { displayText } from '../../ui/displayText';
import { roughDuration, timeFromNow } from '../../ui/duration';
import { environmentWords } from '../../ui/documentHeading';
import { localDayAndTime } from '../../ui/localTime';
import { claimMeaning, headerMeaning, tokenKind } from './claimMeaning';
import { comment, commentedRecord, exactRecord, property } from './commentedJson';
import type { Inspection, JwtOrigin } from './inspection';
import { isIssuedBy } from './issuer';
import { isForItsResource } from './mcpAudience';
import { CLOCK_TOLERANCE_MS, readNumericDate, validityAt } from './numericDate';

/** How long comment lines above the JSON are, in characters. */
const LINE_LENGTH = 84;

/**
 * The document about a token: JSON with comments that explain it. It has neither the token nor its signature. Text from
 * the token is only where it can't end a string or a comment.
 */
export function inspectionText(inspection: Inspection): string {
  const { jwt, now, clockOffset = 0 } = inspection;
  const issuerNow = Math.abs(clockOffset) > CLOCK_TOLERANCE_MS ? now + clockOffset : now;
  const lines = [
    comment(title(inspection)),
    ...(inspection.origin === undefined
      ? []
      : wrappedComment(originSentence(inspection.origin, inspection.selectionHeldNone ?? false))),
    '//',
    ...wrappedComment(vscode.l10n.t('Signature: {0}', signatureSentence(inspection))),
    ...wrappedComment(vscode.l10n.t('Time: {0}', timeSentence(inspection, issuerNow))),
    ...wrappedComment(vscode.l10n.t('Type: {0}.', tokenKind(jwt.header, jwt.claims))),
    ...notes(inspection).flatMap((note) => wrappedComment(vscode.l10n.t('Note: {0}', note))),
    '//',
    comment(
      vscode.l10n.t(
        'Inspected {0} by this computer’s clock; times are in {1}.',
        localDayAndTime(now, { seconds: true }),
        timeZone(),
      ),
    ),
    comment(vscode.l10n.t('The token itself and its signature part are not shown.')),
    '{',
    ...(jwt.claimsOnly
      ? []
      : property('header', commentedRecord(exactRecord(jwt.header, jwt.headerJson), headerMeaning), '  ', false)),
    ...property(
      'claims',
      commentedRecord(exactRecord(jwt.claims, jwt.claimsJson), (name) =>
        claimMeaning(name, jwt.claims[name], jwt.claims, issuerNow),
      ),
      '  ',
      true,
    ),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function title({ source, signature }: Inspection): string {
  if (source !== undefined) return vscode.l10n.t('Access token of {0}', environmentWords(source));
  return 'environment' in signature
    ? vscode.l10n.t('JWT of {0}', environmentWords(signature.environment))
    : vscode.l10n.t('JWT');
}

/** Where the token came from, so that nobody mistakes an old one on the clipboard for the selected one. */
function originSentence(origin: JwtOrigin, selectionHeldNone: boolean): string {
  switch (origin) {
    case 'selection':
      return vscode.l10n.t('From: the selected text.');
    case 'cursor':
      return vscode.l10n.t('From: the text at the cursor.');
    case 'clipboard':
      return selectionHeldNone
        ? vscode.l10n.t('From: the clipboard. The selected text has no JWT.')
        : vscode.l10n.t('From: the clipboard.');
    case 'prompt':
      return vscode.l10n.t('From: what you pasted.');
  }
}

/** What the signature proves, in a sentence or two. */
function signatureSentence({ jwt, signature }: Inspection): string {
  switch (signature.kind) {
    case 'valid':
      return vscode.l10n.t('valid. It was signed with a key of {0}.', signature.environment.host);
    case 'wrongSignature':
      return vscode.l10n.t(
        'NOT VALID. It doesn’t match any key that {0} has now for this token. Copy the whole token again, or get a new one.',
        signature.environment.host,
      );
    case 'unknownKey':
      return vscode.l10n.t(
        'NOT VALID. It doesn’t match any key that {0} has now: none has the ID that the token names. Get a new token.',
        signature.environment.host,
      );
    case 'unsigned':
      return vscode.l10n.t('NONE. The token says “alg: none”: anyone can have written it.');
    case 'algorithm':
      return vscode.l10n.t(
        'not verified. The token says “alg: {0}”; Scalekit signs with RS256, and only that is verified here.',
        algorithmText(jwt.header['alg']),
      );
    case 'noAlgorithm':
      return jwt.claimsOnly
        ? vscode.l10n.t('MISSING. These are a JWT’s claims by themselves, without header and signature.')
        : vscode.l10n.t('not verified. The header names no algorithm (“alg”).');
    case 'missing':
      return vscode.l10n.t(
        'MISSING. There is nothing behind the claims: it was cut off, or is kept elsewhere, such as in a second cookie.',
      );
    case 'malformed':
      return vscode.l10n.t('BROKEN. The part after the second dot isn’t base64url, so it couldn’t be read.');
    case 'critical':
      return vscode.l10n.t('not verified. The header asks for an extension (“crit” or “b64”), and none is known here.');
    case 'noIssuer':
      return vscode.l10n.t('not verified. The token names no issuer (“iss”), so the right key is unknown.');
    case 'otherIssuer':
      return vscode.l10n.t('not verified. The issuer is none of your environments, and nobody else is asked for keys.');
    case 'keysUnavailable':
      return vscode.l10n.t('not verified, because the keys couldn’t be fetched. {0}', signature.why);
  }
}

/** Whether the token is valid now, in a sentence. */
function timeSentence({ jwt }: Inspection, now: number): string {
  const { language } = vscode.env;
  const validity = validityAt(jwt.claims, now);
  switch (validity.kind) {
    case 'current':
      return vscode.l10n.t(
        'valid until {0}, {1} left.',
        localDayAndTime(validity.until, { seconds: true }),
        timeLeft(validity.until - now, language),
      );
    case 'expired':
      return vscode.l10n.t(
        'EXPIRED {0}, {1}.',
        localDayAndTime(validity.since, { seconds: true }),
        timeFromNow(validity.since, now, language),
      );
    case 'notYet':
      return vscode.l10n.t(
        'NOT YET VALID. It’s valid from {0}, {1}.',
        localDayAndTime(validity.from, { seconds: true }),
        timeFromNow(validity.from, now, language),
      );
    case 'unlimited':
      return vscode.l10n.t('not limited: there is no “exp”. Scalekit’s access tokens have one.');
    case 'unreadable':
      return validity.isTooLarge
        ? vscode.l10n.t(
            'UNCLEAR. “{0}” is after the year 9999 when read as seconds, as the standard says. Milliseconds may have been meant.',
            validity.claim,
          )
        : vscode.l10n.t(
            'UNCLEAR. “{0}” isn’t a number of seconds, so a strict verifier rejects the token.',
            validity.claim,
          );
  }
}

/** What else the user should know. */
function notes({ jwt, source, sourceUrl, now, clockOffset }: Inspection): string[] {
  const { language } = vscode.env;
  const found: string[] = [];
  if (clockOffset !== undefined && Math.abs(clockOffset) > CLOCK_TOLERANCE_MS) {
    const distance = roughDuration(Math.abs(clockOffset), language);
    found.push(
      clockOffset > 0
        ? vscode.l10n.t(
            'this computer’s clock seems to be about {0} slow against the issuer’s. Times left are counted by the issuer’s clock.',
            distance,
          )
        : vscode.l10n.t(
            'this computer’s clock seems to be about {0} fast against the issuer’s. Times left are counted by the issuer’s clock.',
            distance,
          ),
    );
  } else {
    const issued = readNumericDate(jwt.claims['iat']);
    if (issued?.kind === 'number' && issued.time - now > CLOCK_TOLERANCE_MS) {
      found.push(
        vscode.l10n.t(
          'it says that it was issued {0}. This computer’s clock may be slow, or the issuer’s fast.',
          timeFromNow(issued.time, now, language),
        ),
      );
    }
  }
  const issuer = jwt.claims['iss'];
  if (source !== undefined && sourceUrl !== undefined && typeof issuer === 'string' && !isIssuedBy(issuer, sourceUrl)) {
    found.push(
      vscode.l10n.t('the issuer isn’t {0}, this environment’s URL in VS Code. It may have a custom domain.', sourceUrl),
    );
  }
  if (!isForItsResource(issuer, jwt.claims['aud']))
    found.push(
      vscode.l10n.t(
        'the audience (“aud”) has neither the ID nor a URL of the MCP server that the issuer names. A server that checks its audience refuses it.',
      ),
    );
  if (jwt.padded)
    found.push(
      vscode.l10n.t('its parts end with “=”, which a JWT leaves out (RFC 7515): a strict verifier rejects it.'),
    );
  return found;
}

/** The remaining time, to the minute if that matters: `23 h 55 min`, `3 minutes`. */
function timeLeft(milliseconds: number, language: string): string {
  const minutes = Math.floor(milliseconds / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return hours >= 1 && hours < 24 && rest > 0
    ? vscode.l10n.t('{0} h {1} min', hours, rest)
    : roughDuration(milliseconds, language);
}

function algorithmText(algorithm: unknown): string {
  return typeof algorithm === 'string' ? algorithm : JSON.stringify(algorithm);
}

/** The same in lines that fit beside a side bar. All but the first are indented. */
function wrappedComment(text: string): string[] {
  const lines: string[] = [];
  for (const word of displayText(text).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LINE_LENGTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? `// ${word}` : `//   ${word}`);
  }
  return lines;
}

function timeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
