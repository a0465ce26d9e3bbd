import * as vscode from 'vscode';
import { isRecord, type JsonRecord } from '../../api/json.js';
import { localDayAndTime } from '../../editor/localTime.js';
import { durationInWords } from './duration.js';
import { CLOCK_TOLERANCE_MS, readNumericDate, type NumericDate } from './numericDate.js';

/** What a token is, judged by its claims (api.md 1.3); a guess for tokens of other issuers. */
export function tokenKind(header: JsonRecord, claims: JsonRecord): string {
  if ('at_hash' in claims || 'c_hash' in claims || 'nonce' in claims) return vscode.l10n.t('ID token: it tells an app who signed in, and opens no API');
  const clientId = claims['client_id'];
  const subject = claims['sub'];
  if (typeof clientId === 'string' && subject === clientId) {
    if (clientId.startsWith('m2morg_')) return vscode.l10n.t('access token of an organization’s API client');
    if (/^(?:prd_)?skc_/.test(clientId)) return vscode.l10n.t('access token of an environment’s API client');
    return vscode.l10n.t('access token of a client, not of a user');
  }
  if (typeof subject === 'string' && /^(?:usr_|conn_)/.test(subject)) return vscode.l10n.t('access token of a signed-in user');
  return header['typ'] === 'at+jwt' ? vscode.l10n.t('access token') : vscode.l10n.t('not one of Scalekit’s known kinds');
}

/** What a header parameter means; undefined for one that is not known. */
export function headerMeaning(name: string, value: unknown): string | undefined {
  switch (name) {
    case 'alg':
      return value === 'RS256' ? vscode.l10n.t('Signed with RSA and SHA-256, as Scalekit signs') : vscode.l10n.t('Scalekit signs with RS256 and nothing else');
    case 'kid':
      return vscode.l10n.t('Which of the issuer’s keys signed it');
    case 'typ':
      return vscode.l10n.t('Kind of token');
    case 'cty':
      return vscode.l10n.t('Kind of content: “JWT” means that another token is inside');
    case 'jku':
    case 'x5u':
      return vscode.l10n.t('An address of keys, which is not followed');
    case 'jwk':
    case 'x5c':
      return vscode.l10n.t('A key inside the token, which is not used');
    case 'crit':
      return vscode.l10n.t('Extensions that a reader must understand or refuse the token');
    default:
      return undefined;
  }
}

/** What a claim means, and a time in words. `now` is in milliseconds since the epoch by the issuer's clock. */
export function claimMeaning(name: string, value: unknown, claims: JsonRecord, now: number): string | undefined {
  switch (name) {
    case 'exp':
    case 'nbf':
    case 'iat':
    case 'auth_time':
      return timeMeaning(name, readNumericDate(value), now);
    case 'iss':
      return vscode.l10n.t('Issuer: where it says it comes from');
    case 'sub':
      return subjectMeaning(value, claims);
    case 'aud':
      return vscode.l10n.t('Audience: for whom it is meant');
    case 'client_id':
      return clientMeaning(value);
    case 'azp':
      return vscode.l10n.t('Client that it was issued to');
    case 'oid':
    case 'org_id':
      return vscode.l10n.t('Organization that it is limited to');
    case 'xoid':
      return vscode.l10n.t('External ID of the organization: its ID in your own system');
    case 'xuid':
      return vscode.l10n.t('External ID of the user: their ID in your own system');
    case 'jti':
      return vscode.l10n.t('ID of this one token');
    case 'sid':
      return vscode.l10n.t('Session of the user');
    case 'scopes':
      return Array.isArray(value) && value.length === 0 ? vscode.l10n.t('Scopes: none granted') : vscode.l10n.t('Scopes granted');
    case 'scope':
      return vscode.l10n.t('Scopes granted, divided by spaces');
    case 'roles':
      return vscode.l10n.t('Roles of the user in the organization');
    case 'permissions':
      return vscode.l10n.t('Permissions that the roles give');
    case 'amr':
      return vscode.l10n.t('How the user signed in: the connection');
    case 'at_hash':
      return vscode.l10n.t('Hash that ties it to an access token');
    case 'c_hash':
      return vscode.l10n.t('Hash that ties it to an authorization code');
    case 'nonce':
      return vscode.l10n.t('Value that ties it to one sign-in request');
    case 'custom_claims':
      return vscode.l10n.t('Claims that were set on the API client');
    case 'user_metadata':
      return vscode.l10n.t('Metadata of the user');
    case 'org_metadata':
      return vscode.l10n.t('Metadata of the organization');
    case 'membership_metadata':
      return vscode.l10n.t('Metadata of the user’s membership in the organization');
    case 'email_verified':
      return value === true ? vscode.l10n.t('The address was confirmed') : vscode.l10n.t('The address was not confirmed');
    case 'act':
      return isRecord(value) ? vscode.l10n.t('Who acts on behalf of the subject') : undefined;
    default:
      return undefined;
  }
}

function subjectMeaning(value: unknown, claims: JsonRecord): string {
  if (value !== undefined && value === claims['client_id']) return vscode.l10n.t('Subject: the API client itself, not a user');
  if (typeof value === 'string' && value.startsWith('usr_')) return vscode.l10n.t('Subject: a user');
  if (typeof value === 'string' && value.startsWith('conn_')) return vscode.l10n.t('Subject: a user, by connection and address');
  return vscode.l10n.t('Subject: whom it is about');
}

function clientMeaning(value: unknown): string {
  const id = typeof value === 'string' ? value : '';
  if (id.startsWith('prd_skc_')) return vscode.l10n.t('API client of a production environment');
  if (id.startsWith('skc_')) return vscode.l10n.t('API client of an environment');
  if (id.startsWith('m2morg_')) return vscode.l10n.t('API client of an organization');
  if (id.startsWith('m2m_')) return vscode.l10n.t('Client of an MCP server or other machine');
  if (id.startsWith('spac_')) return vscode.l10n.t('Single-page app');
  return vscode.l10n.t('Client that it was issued to');
}

function timeMeaning(name: 'exp' | 'nbf' | 'iat' | 'auth_time', date: NumericDate | undefined, now: number): string {
  if (date === undefined || date.kind === 'invalid') return vscode.l10n.t('Not a point in time: it must be a number of seconds since 1970');
  const { language } = vscode.env;
  const moment = localDayAndTime(date.time, { seconds: true });
  if (date.kind === 'text') return vscode.l10n.t('{0}, but as text: it must be a number, and a strict reader refuses it', moment);
  if (date.kind === 'milliseconds') return vscode.l10n.t('Not seconds since 1970. If milliseconds were meant: {0}', moment);
  const past = date.time <= (name === 'exp' ? now : now + CLOCK_TOLERANCE_MS);
  const distance = durationInWords(Math.max(0, past ? now - date.time : date.time - now), language);
  switch (name) {
    case 'exp':
      return past ? vscode.l10n.t('Expired {0}, {1} ago', moment, distance) : vscode.l10n.t('Expires {0}, in {1}', moment, distance);
    case 'nbf':
      return past ? vscode.l10n.t('Valid from {0}, {1} ago', moment, distance) : vscode.l10n.t('Not valid before {0}, in {1}', moment, distance);
    case 'iat':
      return past ? vscode.l10n.t('Issued {0}, {1} ago', moment, distance) : vscode.l10n.t('Issued {0}, which is {1} from now', moment, distance);
    case 'auth_time':
      return past ? vscode.l10n.t('Signed in {0}, {1} ago', moment, distance) : vscode.l10n.t('Signed in {0}, which is {1} from now', moment, distance);
  }
}
