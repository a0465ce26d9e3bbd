import * as vscode from 'vscode';
import { isRecord, type JsonRecord } from '../../api/json';
import { timeFromNow } from '../../ui/duration';
import { localDayAndTime } from '../../ui/localTime';
import { audiences, isResourceId, resourceOfIssuer } from './mcpAudience';
import { CLOCK_TOLERANCE_MS, readNumericDate, type NumericDate } from './numericDate';

/** The kind of a token, judged by its claims (docs/scalekit-api.md, 1.3). For other issuers' tokens it's a guess. */
export function tokenKind(header: JsonRecord, claims: JsonRecord): string {
  const said = saidKind(header, claims);
  if (said === 'logout') return vscode.l10n.t('logout token: it tells an app that a session has ended');
  if (said === 'refresh') return vscode.l10n.t('refresh token: new tokens are fetched with it');
  // A type that names its own kind, for example a DPoP proof (“dpop+jwt”), is none of those below, whatever claims they
  // share.
  if (said === undefined && typeof header['typ'] === 'string' && /.\+jwt$/i.test(header['typ']))
    return vscode.l10n.t('not one of Scalekit’s known kinds');
  const isForApis = said === 'access' || 'scope' in claims || 'scopes' in claims || 'scp' in claims;
  if (said === 'id' || 'at_hash' in claims || 'c_hash' in claims || ('nonce' in claims && !isForApis)) {
    return vscode.l10n.t('ID token: it tells an app who signed in, and opens no API');
  }
  if (
    typeof claims['connection_id'] === 'string' &&
    typeof claims['organization_id'] === 'string' &&
    'login_hint' in claims
  ) {
    return vscode.l10n.t('request of an identity provider to sign a user in (“idp_initiated_login”)');
  }
  if (audiences(claims['aud']).some(isResourceId)) return vscode.l10n.t('access token for an MCP server');
  const clientId = claims['client_id'];
  const subject = claims['sub'];
  if (typeof clientId === 'string' && subject === clientId) {
    if (clientId.startsWith('m2morg_')) return vscode.l10n.t('access token for an organization’s API client');
    if (/^(?:prd_)?skc_/.test(clientId)) return vscode.l10n.t('access token for an environment’s API client');
    return vscode.l10n.t('access token for a client, not for a user');
  }
  if (typeof subject === 'string' && /^(?:usr_|conn_)/.test(subject))
    return vscode.l10n.t('access token for a signed-in user');
  return isForApis ? vscode.l10n.t('access token') : vscode.l10n.t('not one of Scalekit’s known kinds');
}

/** The kind that a token states: in its header (RFC 9068, OpenID Connect), or in a claim (Keycloak, Cognito). */
function saidKind(header: JsonRecord, claims: JsonRecord): 'access' | 'id' | 'refresh' | 'logout' | undefined {
  const word = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : '');
  const type = word(header['typ']).replace(/^application\//, '');
  const { events } = claims;
  if (type === 'logout+jwt' || (isRecord(events) && 'http://schemas.openid.net/event/backchannel-logout' in events))
    return 'logout';
  if (type === 'at+jwt') return 'access';
  switch (word(claims['token_use']) || word(claims['typ'])) {
    case 'access':
    case 'bearer':
    case 'dpop':
      return 'access';
    case 'id':
      return 'id';
    case 'refresh':
    case 'offline':
      return 'refresh';
    case 'logout':
      return 'logout';
    default:
      return undefined;
  }
}

/** What a header parameter means; undefined if it's unknown. */
export function headerMeaning(name: string, value: unknown): string | undefined {
  switch (name) {
    case 'alg':
      return value === 'RS256'
        ? vscode.l10n.t('Signed with RSA and SHA-256, as Scalekit signs')
        : vscode.l10n.t('Scalekit’s tokens are signed with RS256');
    case 'kid':
      return vscode.l10n.t('ID of the signing key');
    case 'typ':
      return vscode.l10n.t('Kind of token');
    case 'cty':
      return vscode.l10n.t('Kind of content: “JWT” means that another token is inside');
    case 'jku':
    case 'x5u':
      return vscode.l10n.t('The URL of its keys, which isn’t followed');
    case 'jwk':
    case 'x5c':
      return vscode.l10n.t('A key inside the token, which isn’t used');
    case 'crit':
      return vscode.l10n.t('Extensions that a reader must understand or refuse the token');
    default:
      return undefined;
  }
}

/** What a claim means, with times written out. `now` is in milliseconds since the epoch by the issuer's clock. */
export function claimMeaning(name: string, value: unknown, claims: JsonRecord, now: number): string | undefined {
  switch (name) {
    case 'exp':
    case 'nbf':
    case 'iat':
    case 'auth_time':
      return timeMeaning(name, readNumericDate(value), now);
    case 'iss':
      return issuerMeaning(value);
    case 'sub':
      return subjectMeaning(value, claims);
    case 'aud':
      return audienceMeaning(value);
    case 'client_id':
      return clientMeaning(value);
    case 'azp':
      return vscode.l10n.t('Client that it was issued to');
    case 'oid':
    case 'org_id':
      return vscode.l10n.t('Organization it’s limited to');
    case 'xoid':
      return vscode.l10n.t('External ID of the organization: its ID in your own system');
    case 'xuid':
      return vscode.l10n.t('External ID of the user: their ID in your own system');
    case 'jti':
      return vscode.l10n.t('ID of this one token');
    case 'sid':
      return vscode.l10n.t('Session of the user');
    case 'scopes':
    case 'scope':
    case 'scp':
      return scopesMeaning(value);
    case 'roles':
      return vscode.l10n.t('Roles of the user in the organization');
    case 'permissions':
      return vscode.l10n.t('Permissions that the roles give');
    case 'amr':
      return methodsMeaning(value);
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
      return verifiedMeaning(
        value,
        vscode.l10n.t('The address was confirmed'),
        vscode.l10n.t('The address wasn’t confirmed'),
      );
    case 'phone_number_verified':
      return verifiedMeaning(
        value,
        vscode.l10n.t('The phone number was confirmed'),
        vscode.l10n.t('The phone number wasn’t confirmed'),
      );
    case 'act':
      return isRecord(value) ? vscode.l10n.t('Who acts on behalf of the subject') : undefined;
    default:
      return undefined;
  }
}

/** Both issuers that Scalekit uses: the environment, and an MCP server's resource in it (docs/scalekit-api.md, 6). */
function issuerMeaning(value: unknown): string {
  return resourceOfIssuer(value) === undefined
    ? vscode.l10n.t('Issuer')
    : vscode.l10n.t('Issuer: the resource of an MCP server in a Scalekit environment');
}

/** An MCP server is named by its resource's ID, by its URL, or by both. */
function audienceMeaning(value: unknown): string {
  const all = audiences(value);
  const [hasId, hasUrl] = [all.some(isResourceId), all.some((each) => /^https?:\/\//i.test(each))];
  if (hasId && hasUrl)
    return vscode.l10n.t('Audience: only this MCP server may accept it, by its resource ID (res_…) or its URL');
  if (hasId) return vscode.l10n.t('Audience: only the MCP server with this resource ID (res_…) may accept it');
  if (hasUrl) return vscode.l10n.t('Audience: only the server at this URL may accept it, to the last slash');
  return vscode.l10n.t('Audience: who may accept it');
}

/** The scopes that OpenID Connect defines, in words. Others are the server's own. */
function scopeMeaning(scope: string): string | undefined {
  switch (scope) {
    case 'openid':
      return vscode.l10n.t('ID token');
    case 'profile':
      return vscode.l10n.t('name and profile');
    case 'email':
      return vscode.l10n.t('email');
    case 'phone':
      return vscode.l10n.t('phone number');
    case 'address':
      return vscode.l10n.t('postal address');
    case 'offline_access':
      return vscode.l10n.t('refresh token');
    default:
      return undefined;
  }
}

function scopesMeaning(value: unknown): string {
  const list = Array.isArray(value) ? (value as unknown[]) : typeof value === 'string' ? value.split(' ') : [];
  const words = list.flatMap((each) => (typeof each === 'string' ? (scopeMeaning(each) ?? []) : []));
  const form = scopesForm(value);
  return words.length === 0 ? form : vscode.l10n.t('{0}. They give: {1}', form, words.join(', '));
}

function scopesForm(value: unknown): string {
  if (Array.isArray(value))
    return value.length === 0 ? vscode.l10n.t('Scopes: none granted') : vscode.l10n.t('Scopes granted, as a list');
  if (typeof value !== 'string') return vscode.l10n.t('Scopes granted; they couldn’t be read');
  return value.trim() === ''
    ? vscode.l10n.t('Scopes: none granted')
    : vscode.l10n.t('Scopes granted, separated by spaces');
}

/** Some issuers send both values as text. */
function verifiedMeaning(value: unknown, yes: string, no: string): string {
  const said = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (said !== true && said !== 'true' && said !== false && said !== 'false')
    return vscode.l10n.t('Whether it was confirmed couldn’t be read: it should be true or false');
  const meaning = said === true || said === 'true' ? yes : no;
  return typeof value === 'string'
    ? vscode.l10n.t('{0}, but as text: a strict verifier expects true or false', meaning)
    : meaning;
}

/** How the user signed in (RFC 8176). Scalekit puts its connection there. */
function methodsMeaning(value: unknown): string {
  const methods = (Array.isArray(value) ? (value as unknown[]) : [value]).filter((each) => typeof each === 'string');
  const words = methods.map(methodMeaning).filter((word) => word !== undefined);
  return words.length === 0
    ? vscode.l10n.t('How the user signed in')
    : vscode.l10n.t('How the user signed in: {0}', words.join(', '));
}

function methodMeaning(method: string): string | undefined {
  if (method.startsWith('conn_')) return vscode.l10n.t('the connection');
  switch (method) {
    case 'pwd':
      return vscode.l10n.t('password');
    case 'pin':
      return vscode.l10n.t('PIN');
    case 'otp':
      return vscode.l10n.t('one-time password');
    case 'mfa':
      return vscode.l10n.t('several factors');
    case 'mca':
      return vscode.l10n.t('several channels');
    case 'sms':
      return vscode.l10n.t('text message');
    case 'tel':
      return vscode.l10n.t('phone call');
    case 'hwk':
      return vscode.l10n.t('key in hardware');
    case 'swk':
      return vscode.l10n.t('key in software');
    case 'pop':
      return vscode.l10n.t('proof of a key');
    case 'sc':
      return vscode.l10n.t('smart card');
    case 'face':
      return vscode.l10n.t('face');
    case 'fpt':
      return vscode.l10n.t('fingerprint');
    case 'iris':
      return vscode.l10n.t('iris');
    case 'retina':
      return vscode.l10n.t('retina');
    case 'vbm':
      return vscode.l10n.t('voice');
    case 'geo':
      return vscode.l10n.t('location');
    case 'kba':
      return vscode.l10n.t('questions');
    case 'rba':
      return vscode.l10n.t('estimate of risk');
    case 'user':
      return vscode.l10n.t('presence of the user');
    case 'wia':
      return vscode.l10n.t('Windows sign-in');
    default:
      return undefined;
  }
}

function subjectMeaning(value: unknown, claims: JsonRecord): string {
  if (value !== undefined && value === claims['client_id'])
    return vscode.l10n.t('Subject: the API client itself, not a user');
  if (typeof value === 'string' && value.startsWith('usr_')) return vscode.l10n.t('Subject: a user');
  if (typeof value === 'string' && value.startsWith('conn_'))
    return vscode.l10n.t('Subject: a user, by connection and address');
  return vscode.l10n.t('Subject: who it’s about');
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
  if (date === undefined || date.kind === 'invalid')
    return vscode.l10n.t('Not a point in time: it should be a number of seconds since 1970');
  const { language } = vscode.env;
  const moment = localDayAndTime(date.time, { seconds: true });
  if (date.kind === 'text')
    return vscode.l10n.t('{0}, but as text: it should be a number, and a strict verifier rejects it', moment);
  if (date.kind === 'milliseconds')
    return vscode.l10n.t('After the year 9999, in seconds since 1970. If milliseconds were meant: {0}', moment);
  const past = date.time <= (name === 'exp' ? now : now + CLOCK_TOLERANCE_MS);
  const distance = timeFromNow(date.time, now, language);
  switch (name) {
    case 'exp':
      return past
        ? vscode.l10n.t('Expired {0}, {1}', moment, distance)
        : vscode.l10n.t('Expires {0}, {1}', moment, distance);
    case 'nbf':
      return past
        ? vscode.l10n.t('Valid from {0}, {1}', moment, distance)
        : vscode.l10n.t('Not valid before {0}, {1}', moment, distance);
    case 'iat':
      return vscode.l10n.t('Issued {0}, {1}', moment, distance);
    case 'auth_time':
      return vscode.l10n.t('Signed in {0}, {1}', moment, distance);
  }
}
