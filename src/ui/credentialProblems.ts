import * as vscode from 'vscode';
import { cleanCredential } from '../api/cleanValue';
import { EnvironmentUrlError, parseEnvironmentUrl, type EnvironmentUrlFault } from '../api/client/environmentUrl';
import type { Redactor } from './redactor';
import type { CredentialReading } from '../core/credentialText';
import { detectSecret } from '../core/detectSecret';
import { valueKind } from '../core/valueKind';

/** Why a text isn't an environment URL, in a sentence; undefined if it is one. */
export function environmentUrlProblem(text: string): string | undefined {
  if (detectSecret(text) !== undefined) return looksLikeSecret();
  const kind = valueKind(text);
  switch (kind) {
    case 'reference':
    case 'placeholder':
    case 'jwt':
      return standInSentence(kind);
    case 'clientId':
      return vscode.l10n.t(
        'This is a client ID, which the next step asks for. An environment URL looks like https://acme.scalekit.dev.',
      );
    case 'objectId':
      return vscode.l10n.t('This is an ID, not a URL. An environment URL looks like https://acme.scalekit.dev.');
    case 'email':
      return vscode.l10n.t('This is an email address. An environment URL looks like https://acme.scalekit.dev.');
    default:
      break;
  }
  try {
    parseEnvironmentUrl(text);
    return undefined;
  } catch (error) {
    return error instanceof EnvironmentUrlError ? urlFaultSentence(error.fault) : String(error);
  }
}

/** Why a text isn't a client id, in a sentence; undefined if it may be one. */
export function clientIdProblem(text: string): string | undefined {
  const clientId = cleanCredential(text);
  if (clientId === '') return vscode.l10n.t('Enter the client ID.');
  if (detectSecret(clientId) !== undefined) return looksLikeSecret();
  const kind = valueKind(clientId);
  switch (kind) {
    case 'url':
      return vscode.l10n.t('This is a URL. A client ID looks like skc_1234567890.');
    case 'email':
      return vscode.l10n.t('This is an email address. A client ID looks like skc_1234567890.');
    case 'objectId':
      return vscode.l10n.t('This is the ID of something else in Scalekit. A client ID looks like skc_1234567890.');
    default:
      return (
        standInSentence(kind) ??
        (/\s/.test(clientId) ? vscode.l10n.t('A client ID is one word: take out the space or line break.') : undefined)
      );
  }
}

/** Why a text isn't a client secret, in a sentence; undefined if it may be one. */
export function clientSecretProblem(text: string): string | undefined {
  const secret = cleanCredential(text);
  if (secret === '') return vscode.l10n.t('Enter the client secret.');
  const kind = valueKind(secret);
  switch (kind) {
    case 'url':
      return vscode.l10n.t('This is a URL, not the client secret.');
    case 'clientId':
      return vscode.l10n.t(
        'This is a client ID. The client secret is shown only once, when it’s created; create a new one in the Scalekit dashboard if you don’t have it.',
      );
    case 'objectId':
      return vscode.l10n.t('This is an ID, not the client secret.');
    default:
      return standInSentence(kind);
  }
}

/** What's in the credential's place, in a sentence; undefined if it may be a credential. */
function standInSentence(kind: ReturnType<typeof valueKind>): string | undefined {
  switch (kind) {
    case 'reference':
      return vscode.l10n.t(
        'This is a reference to a secret manager or a variable, not the value itself. Look the value up there, and enter that.',
      );
    case 'placeholder':
      return vscode.l10n.t(
        'This is a placeholder. Replace it with the value from the Scalekit dashboard, under API credentials.',
      );
    case 'masked':
      return vscode.l10n.t('Part of this is hidden or cut off. Copy the whole value.');
    case 'jwt':
      return vscode.l10n.t('This is a token (JWT), not a credential. Inspect JWT… shows what is in it.');
    case 'webhookSecret':
      return vscode.l10n.t('This is the secret of a webhook, not of an API client.');
    default:
      return undefined;
  }
}

/**
 * Says so if a text pasted into a visible box looks like it has a client secret, and hides that secret from logs from
 * then on.
 */
export function visibleSecretProblem(text: string, redactor: Redactor): string | undefined {
  const seen = detectSecret(text);
  if (seen === undefined) return undefined;
  redactor.add(seen.secret);
  return seen.isNamed
    ? vscode.l10n.t(
        'That contains a client secret, so it was cleared from this visible box. Paste all the credentials, or use the Paste from Clipboard button.',
      )
    : vscode.l10n.t(
        'That looks like a client secret, so it was cleared from this visible box. The last step asks for it.',
      );
}

/** Says what's in a text without usable credentials, and which format helps. */
export function nothingFoundSentence(text: string, { instead }: CredentialReading): string {
  const form = vscode.l10n.t('Copy lines like SCALEKIT_CLIENT_ID=… or a JSON object like {"client_id": "…"}.');
  if (text.trim() === '') return vscode.l10n.t('The clipboard is empty. {0}', form);
  switch (instead) {
    case 'otherProvider':
      return vscode.l10n.t(
        'These credentials belong to another provider, so none of them were used. Name Scalekit’s with SCALEKIT_, for example SCALEKIT_CLIENT_ID=….',
      );
    case 'commentedOut':
      return vscode.l10n.t(
        'The SCALEKIT_ lines are commented out, so nothing was used. Remove the comment marks first.',
      );
    case 'emptyValues':
      return vscode.l10n.t('The SCALEKIT_ names are there, but they have no values. {0}', form);
    case undefined:
      return vscode.l10n.t('There are no credentials on the clipboard. {0}', form);
  }
}

function looksLikeSecret(): string {
  return vscode.l10n.t('It looks like a client secret.');
}

/** Why a text isn't an environment URL, in a sentence. */
export function urlFaultSentence(fault: EnvironmentUrlFault): string {
  switch (fault) {
    case 'empty':
      return vscode.l10n.t('Enter the environment URL.');
    case 'malformed':
      return vscode.l10n.t('This isn’t a URL. An environment URL looks like https://acme.scalekit.dev.');
    case 'incomplete':
      return vscode.l10n.t(
        'This is only a name. Enter the whole environment URL, for example https://acme.scalekit.dev.',
      );
    case 'scheme':
      return vscode.l10n.t('An environment URL begins with https://.');
    case 'userInfo':
      return vscode.l10n.t('Leave out the user name and password. Enter only scheme and host.');
    case 'query':
      return vscode.l10n.t('Leave out everything from the “?”. Enter only scheme and host.');
    case 'fragment':
      return vscode.l10n.t('Leave out everything from the “#”. Enter only scheme and host.');
    case 'insecure':
      return vscode.l10n.t(
        'http:// would send the secret in clear text. Use https://; http:// is accepted for this machine only.',
      );
    case 'dashboard':
      return vscode.l10n.t(
        'This is the Scalekit dashboard, not an environment. Copy the environment URL from its API credentials page.',
      );
    case 'mcp':
      return vscode.l10n.t(
        'This is Scalekit’s MCP server, not an environment. An environment URL looks like https://acme.scalekit.dev.',
      );
    case 'website':
      return vscode.l10n.t(
        'This is Scalekit’s website, not an environment. An environment URL looks like https://acme.scalekit.dev.',
      );
  }
}
