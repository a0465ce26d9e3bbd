import * as vscode from 'vscode';
import type { JwtFault } from './jwt';

/** What's wrong with a text that should be a JWT. */
export function jwtFaultSentence(fault: JwtFault): string {
  switch (fault) {
    case 'empty':
      return vscode.l10n.t('Paste a JWT.');
    case 'tooLarge':
      return vscode.l10n.t('This is longer than 256 kB. No server accepts such a token, so it wasn’t read.');
    case 'onePart':
      return vscode.l10n.t(
        'This isn’t a JWT: a JWT has three parts with dots between them, and this has no dot. Opaque tokens can’t be read.',
      );
    case 'headerOnly':
      return vscode.l10n.t('This is the header of a JWT by itself. Copy the whole token.');
    case 'detached':
      return vscode.l10n.t(
        'The payload of this JWT is detached: it was sent apart from its header and signature, so there are no claims to read.',
      );
    case 'encrypted':
      return vscode.l10n.t('This JWT is encrypted (JWE, five parts). Only the holder of its key can read the claims.');
    case 'manyParts':
      return vscode.l10n.t('This isn’t a JWT: a JWT has three parts with dots between them.');
    case 'headerEncoding':
      return vscode.l10n.t('The first part isn’t base64url, so this isn’t a JWT or not a whole one.');
    case 'headerJson':
      return vscode.l10n.t('The first part isn’t a JSON object, so this isn’t a JWT or not a whole one.');
    case 'claimsEncoding':
      return vscode.l10n.t('The second part isn’t base64url: characters were lost or changed on the way here.');
    case 'claimsJson':
      return vscode.l10n.t('The second part isn’t a JSON object. It may be a signed message, but it has no claims.');
    case 'tooDeep':
      return vscode.l10n.t('This token contains JSON nested more than 32 levels deep, so it isn’t shown.');
  }
}
