import * as vscode from 'vscode';
import { PAGES, type Problem } from './problem';
import type { TokenOutcome } from './tokenRequest';

/** What it means that the token endpoint gave no tokens (docs/scalekit-api.md, 4.5). */
export function exchangeProblem(
  outcome: Exclude<TokenOutcome, { kind: 'tokens' }>,
  grant: 'code' | 'refresh',
  hasSecret: boolean,
): Problem {
  const page = grant === 'code' ? PAGES.completeLogin : PAGES.session;
  if (outcome.kind === 'unreadable')
    return {
      happened:
        outcome.why === 'noToken'
          ? vscode.l10n.t('The response has no token.')
          : vscode.l10n.t('The response of the token endpoint isn’t JSON, so it couldn’t be read.'),
      change: vscode.l10n.t('Check the environment’s URL. A proxy or another server may have responded.'),
      page,
    };
  const { error, description = '' } = outcome;
  const [happened, change] = words(error, description, grant, hasSecret);
  return { happened, change, page };
}

function words(
  error: string,
  description: string,
  grant: 'code' | 'refresh',
  hasSecret: boolean,
): [happened: string, change: string] {
  switch (error) {
    case 'invalid_client':
      return [
        hasSecret
          ? vscode.l10n.t('Scalekit refused the client ID or the client secret.')
          : vscode.l10n.t('Scalekit wants a secret from this client, and none is known here for another app.'),
        hasSecret
          ? vscode.l10n.t('Replace the client secret of this environment.')
          : vscode.l10n.t(
              'Choose a single-page or native app, which has no secret, or add this app’s client as an environment.',
            ),
      ];
    case 'invalid_grant':
      return invalidGrant(description, grant);
    case 'invalid_request':
      return /pkce|code_challenge|code_verifier/i.test(description)
        ? [
            vscode.l10n.t('The proof of who asked (PKCE) is missing, or wasn’t expected.'),
            vscode.l10n.t('An app sends “code_challenge” with the request, and “code_verifier” with the code.'),
          ]
        : [
            vscode.l10n.t('A field of the token request is missing.'),
            vscode.l10n.t('Compare your app’s request with the one described here.'),
          ];
    case 'unauthorized_client':
      return [
        vscode.l10n.t('This client may not use this grant.'),
        vscode.l10n.t('Check the type of the application in the Scalekit dashboard.'),
      ];
    case 'unsupported_grant_type':
      return [
        vscode.l10n.t('The token endpoint doesn’t offer this grant.'),
        vscode.l10n.t('Check that the URL is a Scalekit environment’s.'),
      ];
    case 'invalid_scope':
      return [
        vscode.l10n.t('The request asks for more than was granted.'),
        vscode.l10n.t('Ask for the same scopes or fewer.'),
      ];
    default:
      return [
        vscode.l10n.t('Scalekit didn’t exchange it.'),
        vscode.l10n.t('The description, if there is one, says more. Try again.'),
      ];
  }
}

function invalidGrant(description: string, grant: 'code' | 'refresh'): [happened: string, change: string] {
  if (grant === 'refresh')
    return [
      vscode.l10n.t('The refresh token is unknown or was used already, or the session has ended.'),
      vscode.l10n.t('Sign in again. In your app, keep the newest refresh token, and refresh in one place only.'),
    ];
  if (/redirect_uri/i.test(description))
    return [
      vscode.l10n.t('The code was issued for another callback than the one in this request.'),
      vscode.l10n.t('Send the same “redirect_uri” in both requests.'),
    ];
  if (/challenge|verifier/i.test(description))
    return [
      vscode.l10n.t('The PKCE verifier doesn’t belong to this code.'),
      vscode.l10n.t('Keep the verifier with the state, and send the one of this sign-in.'),
    ];
  return [
    vscode.l10n.t('The code is unknown, has expired (after about ten minutes), or was used already: each works once.'),
    vscode.l10n.t('Sign in again. In your app, make sure that the callback isn’t called twice.'),
  ];
}
