import * as vscode from 'vscode';
import { localDayAndTime } from '../ui/localTime';
import { inlineCode } from '../ui/inlineCode';
import type { Check, CheckOutcome } from './tokenCheck';

/** A check as a line of a list: its mark, its name, and what was found. */
export function checkLine(check: Check): string {
  return `- ${checkMark(check.outcome)} ${inlineCode(check.name)} ${outcomeWord(check.outcome)}: ${finding(check)}`;
}

export function checkMark(outcome: CheckOutcome): string {
  switch (outcome) {
    case 'passed':
      return '✓';
    case 'failed':
      return '✗';
    case 'notSent':
      return '–';
    case 'notChecked':
      return '?';
    case 'noticed':
      return '!';
  }
}

function outcomeWord(outcome: CheckOutcome): string {
  switch (outcome) {
    case 'passed':
      return vscode.l10n.t('passed');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'notSent':
      return vscode.l10n.t('not sent');
    case 'notChecked':
      return vscode.l10n.t('not checked');
    case 'noticed':
      return vscode.l10n.t('passed, but');
  }
}

function finding(check: Check): string {
  const { name, outcome, reason, value, expected } = check;
  switch (reason) {
    case 'missing':
      return name === 'nonce'
        ? vscode.l10n.t('the request had a nonce, and the token has none, so it may be from another sign-in.')
        : vscode.l10n.t('the token has none, and it needs one.');
    case 'wrongType':
      return vscode.l10n.t('it isn’t of the right type: {0}.', inlineCode(value ?? '…'));
    case 'different':
      return differs(check);
    case 'parts':
      return vscode.l10n.t('this isn’t a JWT with three parts.');
    case 'encrypted':
      return vscode.l10n.t('it’s encrypted (five parts), which Scalekit doesn’t do.');
    case 'base64url':
      return vscode.l10n.t('one of its parts isn’t base64url.');
    case 'json':
      return vscode.l10n.t('its header or claims aren’t a JSON object.');
    case 'none':
      return vscode.l10n.t('“none”: it has no signature, so anyone can have written it.');
    case 'algorithm':
      return vscode.l10n.t('{0}. Scalekit signs with RS256, and nothing else is accepted.', inlineCode(value));
    case 'critical':
      return vscode.l10n.t('the header asks for an extension that nobody knows here.');
    case 'signature':
      return vscode.l10n.t('it doesn’t match the environment’s key: the token was changed, or another key signed it.');
    case 'unknownKey':
      return vscode.l10n.t('the environment has no key {0} now.', inlineCode(value ?? '…'));
    case 'keysUnavailable':
      return vscode.l10n.t('the environment’s keys couldn’t be fetched, so nothing in the token is proved.');
    case 'manyAudiences':
      return vscode.l10n.t(
        'the token is for {0} audiences, and doesn’t say which one it was issued to.',
        Number(value),
      );
    case 'expired':
      return vscode.l10n.t('it expired {0}.', moment(value));
    case 'future':
      return name === 'iat'
        ? vscode.l10n.t('it was issued in the future, {0}. A clock is wrong.', moment(value))
        : vscode.l10n.t('it isn’t valid before {0}.', moment(value));
    case 'noCounterpart':
      return name === 'nonce'
        ? vscode.l10n.t('this request had no nonce.')
        : vscode.l10n.t('nothing came with it that could be compared.');
    case 'otherCheckFailed':
      return vscode.l10n.t('with this header, no signature counts.');
    case 'resource':
      return vscode.l10n.t('{0}, a resource of this environment.', inlineCode(value));
    case 'customDomain':
      return vscode.l10n.t('{0}, which the environment’s discovery document names as its issuer.', inlineCode(value));
    case 'ok':
      return outcome === 'notSent' ? notSent(check) : fine(name, value);
    default:
      return inlineCode(expected ?? value ?? '');
  }
}

function differs({ name, value, expected }: Check): string {
  switch (name) {
    case 'iss':
      return vscode.l10n.t('{0} isn’t the issuer {1}.', inlineCode(value), inlineCode(expected));
    case 'aud':
      return vscode.l10n.t('{0} doesn’t have the client {1}.', inlineCode(value), inlineCode(expected));
    case 'azp':
      return vscode.l10n.t('it was issued to {0}, not to {1}.', inlineCode(value), inlineCode(expected));
    case 'nonce':
      return vscode.l10n.t('it isn’t the one of this request, so the token is from another sign-in.');
    case 'at_hash':
      return vscode.l10n.t('the access token isn’t the one that it was issued with.');
    case 'c_hash':
      return vscode.l10n.t('the code isn’t the one that it was issued for.');
    default:
      return inlineCode(value);
  }
}

function fine(name: Check['name'], value: unknown): string {
  switch (name) {
    case 'state':
      return vscode.l10n.t('the callback has this request’s state.');
    case 'form':
      return vscode.l10n.t('a JWT with three parts.');
    case 'signature':
      return vscode.l10n.t('signed with the environment’s key {0}.', inlineCode(value ?? ''));
    case 'aud':
      return vscode.l10n.t('{0}, this client.', inlineCode(value));
    case 'exp':
      return vscode.l10n.t('valid until {0}.', moment(value));
    case 'nbf':
      return vscode.l10n.t('valid since {0}.', moment(value));
    case 'iat':
      return vscode.l10n.t('issued {0}.', moment(value));
    case 'nonce':
      return vscode.l10n.t('matches this request.');
    case 'at_hash':
      return vscode.l10n.t('the hash of the access token that came with it.');
    case 'c_hash':
      return vscode.l10n.t('the hash of the code.');
    default:
      return vscode.l10n.t('{0}.', inlineCode(value));
  }
}

/** Why its absence is no fault. */
function notSent({ name }: Check): string {
  switch (name) {
    case 'azp':
      return vscode.l10n.t('the token is for one audience, so it isn’t needed.');
    case 'nbf':
      return vscode.l10n.t('Scalekit doesn’t promise it in an ID token.');
    case 'at_hash':
    case 'c_hash':
      return vscode.l10n.t('the standard doesn’t require it here.');
    case 'nonce':
      return vscode.l10n.t('the request had none.');
    default:
      return vscode.l10n.t('nothing to compare.');
  }
}

function moment(seconds: unknown): string {
  const time = typeof seconds === 'number' ? seconds * 1000 : NaN;
  return Math.abs(time) <= 8.64e15 ? localDayAndTime(time, { seconds: true }) : inlineCode(seconds);
}
