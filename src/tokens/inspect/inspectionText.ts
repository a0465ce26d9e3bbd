import * as vscode from 'vscode';
import type { JsonRecord } from '../../api/json.js';
import { displayText } from '../../editor/displayText.js';
import { environmentWords } from '../../editor/environmentWords.js';
import { localDayAndTime } from '../../editor/localTime.js';
import { claimMeaning, headerMeaning, tokenKind } from './claimMeaning.js';
import { durationInWords } from './duration.js';
import type { Inspection } from './inspection.js';
import { CLOCK_TOLERANCE_MS, readNumericDate, validityAt } from './numericDate.js';

/** How long the lines of a comment above the JSON are, in characters. */
const LINE_LENGTH = 84;

/** Lists and objects up to this many characters stand on one line. */
const SHORT_JSON = 80;

/**
 * The document about a token: JSON with comments that say what it means. Neither the token nor its signature part is in it. Text from
 * the token stands only where it can end neither a string nor a comment.
 */
export function inspectionText(inspection: Inspection): string {
  const { jwt, now, clockOffset = 0 } = inspection;
  const issuerNow = Math.abs(clockOffset) > CLOCK_TOLERANCE_MS ? now + clockOffset : now;
  const lines = [
    comment(title(inspection)),
    '//',
    ...wrappedComment(vscode.l10n.t('Signature: {0}', signatureSentence(inspection))),
    ...wrappedComment(vscode.l10n.t('Time: {0}', timeSentence(inspection, issuerNow))),
    ...wrappedComment(vscode.l10n.t('By its claims: {0}.', tokenKind(jwt.header, jwt.claims))),
    ...notes(inspection).flatMap((note) => wrappedComment(vscode.l10n.t('Note: {0}', note))),
    '//',
    comment(vscode.l10n.t('Inspected {0} by this computer’s clock; times are in {1}.', localDayAndTime(now, { seconds: true }), timeZone())),
    comment(vscode.l10n.t('The token itself and its signature part are not shown.')),
    '{',
    ...property('header', record(jwt.header, headerMeaning), '  ', false),
    ...property('claims', record(jwt.claims, (name, value) => claimMeaning(name, value, jwt.claims, issuerNow)), '  ', true),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function title({ source, signature }: Inspection): string {
  if (source !== undefined) return vscode.l10n.t('Access token of {0}', environmentWords(source));
  return 'environment' in signature ? vscode.l10n.t('JWT of {0}', environmentWords(signature.environment)) : vscode.l10n.t('JWT');
}

/** What the signature is worth, in a sentence or two. */
function signatureSentence({ jwt, signature }: Inspection): string {
  switch (signature.kind) {
    case 'valid':
      return vscode.l10n.t('valid. It was signed with a key of {0}.', signature.environment.host);
    case 'wrongSignature':
      return vscode.l10n.t('WRONG. It does not match the key of {0} that the token names: the token was changed, cut off or forged.', signature.environment.host);
    case 'unknownKey':
      return vscode.l10n.t('WRONG KEY. {0} has no such key: the key was withdrawn, or the token is forged.', signature.environment.host);
    case 'unsigned':
      return vscode.l10n.t('NONE. The token says “alg: none”: anyone can have written it. Refused.');
    case 'algorithm':
      return vscode.l10n.t('REFUSED. Scalekit signs with RS256 and nothing else, so a token with “alg: {0}” is not one of its own.', String(jwt.header['alg'] ?? ''));
    case 'missing':
      return vscode.l10n.t('MISSING. The part after the second dot is empty: it was cut off or taken away.');
    case 'malformed':
      return vscode.l10n.t('BROKEN. The part after the second dot is not base64url: it was changed or cut off.');
    case 'critical':
      return vscode.l10n.t('REFUSED. The header asks for an extension that Scalekit does not use (“crit” or “b64”).');
    case 'noIssuer':
      return vscode.l10n.t('not verified. The token names no issuer (“iss”), so it is not known whose key to use.');
    case 'otherIssuer':
      return vscode.l10n.t('not verified. The issuer is none of your environments, and nobody else is asked for keys.');
    case 'keysUnavailable':
      return vscode.l10n.t('not verified, because the keys could not be fetched. {0}', signature.why);
  }
}

/** Whether the token is within its time, in a sentence. */
function timeSentence({ jwt }: Inspection, now: number): string {
  const { language } = vscode.env;
  const validity = validityAt(jwt.claims, now);
  switch (validity.kind) {
    case 'current':
      return vscode.l10n.t('valid until {0}, for {1} more.', localDayAndTime(validity.until, { seconds: true }), durationInWords(validity.until - now, language));
    case 'expired':
      return vscode.l10n.t('EXPIRED {0}, {1} ago.', localDayAndTime(validity.since, { seconds: true }), durationInWords(now - validity.since, language));
    case 'notYet':
      return vscode.l10n.t('NOT YET VALID. It is valid from {0}, in {1}.', localDayAndTime(validity.from, { seconds: true }), durationInWords(validity.from - now, language));
    case 'unlimited':
      return vscode.l10n.t('without end, since there is no “exp”. Scalekit’s tokens always have one.');
    case 'unreadable':
      return vscode.l10n.t('UNCLEAR. “{0}” is not a number of seconds, so a strict reader refuses the token.', validity.claim);
  }
}

/** What else a person should know. */
function notes({ jwt, source, sourceUrl, now, clockOffset }: Inspection): string[] {
  const { language } = vscode.env;
  const found: string[] = [];
  if (clockOffset !== undefined && Math.abs(clockOffset) > CLOCK_TOLERANCE_MS) {
    const distance = durationInWords(Math.abs(clockOffset), language);
    found.push(
      clockOffset > 0
        ? vscode.l10n.t('this computer’s clock seems to be about {0} slow against the issuer’s. Times left are counted by the issuer’s clock.', distance)
        : vscode.l10n.t('this computer’s clock seems to be about {0} fast against the issuer’s. Times left are counted by the issuer’s clock.', distance),
    );
  } else {
    const issued = readNumericDate(jwt.claims['iat']);
    if (issued?.kind === 'number' && issued.time - now > CLOCK_TOLERANCE_MS) {
      found.push(
        vscode.l10n.t('it was issued {0} from now: this computer’s clock is slow, or the issuer’s is fast.', durationInWords(issued.time - now, language)),
      );
    }
  }
  if (source !== undefined && sourceUrl !== undefined && jwt.claims['iss'] !== sourceUrl) {
    found.push(vscode.l10n.t('the issuer is not {0}, the URL under which you keep this environment. It may have a custom domain.', sourceUrl));
  }
  return found;
}

interface Printed {
  readonly lines: readonly string[];
  readonly comment?: string | undefined;
}

/** A header or claims set, each property with what it means. */
function record(json: JsonRecord, meaning: (name: string, value: unknown) => string | undefined): Printed {
  const entries = Object.entries(json);
  if (entries.length === 0) return { lines: ['{}'] };
  const lines = entries.flatMap(([name, value], index) =>
    property(name, { lines: jsonLines(value), comment: meaning(name, value) }, '  ', index === entries.length - 1),
  );
  return { lines: ['{', ...lines, '}'] };
}

/** A property's lines, with its comment at the end of the first. */
function property(name: string, { lines, comment: meaning }: Printed, indent: string, last: boolean): string[] {
  return lines.map((line, index) => {
    const start = index === 0 ? `${displayText(JSON.stringify(name))}: ` : '';
    const comma = index === lines.length - 1 && !last ? ',' : '';
    return `${indent}${start}${line}${comma}${index === 0 && meaning !== undefined ? ` ${comment(meaning)}` : ''}`;
  });
}

/** JSON as lines, invisible characters as the escapes that JSON has for them. */
function jsonLines(value: unknown): string[] {
  const short = JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return [displayText(short)];
  if (short.length <= SHORT_JSON) return [displayText(JSON.stringify(value, undefined, 1).replace(/\n */g, ' '))];
  return JSON.stringify(value, undefined, 2).split('\n').map(displayText);
}

function comment(text: string): string {
  return `// ${displayText(text)}`;
}

/** The same in lines that fit beside a side bar; all but the first are indented. */
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
