import * as vscode from 'vscode';
import { PAGES, type Problem } from './problem';

/** What an error at the callback means (docs/scalekit-api.md, 4.4). Unknown ones are explained in general. */
export function callbackProblem(error: string): Problem {
  const known = KNOWN.get(error);
  if (known !== undefined) {
    const [happened, change, page = PAGES.errors] = known();
    return { happened, change, page };
  }
  return {
    happened: vscode.l10n.t('Scalekit sent an error that its documentation doesn’t list.'),
    change: vscode.l10n.t('The description, if there is one, and the sign-in log say more.'),
    page: PAGES.errors,
  };
}

/** What happened, what to change, and a page if it isn't that of the errors. */
type Words = readonly [happened: string, change: string, page?: string];

/** Read when needed: VS Code's language is known only then. */
const KNOWN: ReadonlyMap<string, () => Words> = new Map<string, () => Words>([
  // The set-up of the app.
  [
    'invalid_redirect_uri',
    () => [
      vscode.l10n.t('The callback isn’t among those that are registered for this client.'),
      vscode.l10n.t('Register exactly this callback: port, path and a slash at the end count.'),
      PAGES.redirects,
    ],
  ],
  [
    'invalid_client',
    () => [
      vscode.l10n.t('Scalekit doesn’t know this client.'),
      vscode.l10n.t('Check the client ID, and whether it belongs to this environment.'),
      PAGES.apps,
    ],
  ],
  [
    'application_not_active',
    () => [
      vscode.l10n.t('The application is switched off, so nobody can sign in to it.'),
      vscode.l10n.t('Switch it on in the Scalekit dashboard.'),
      PAGES.apps,
    ],
  ],
  [
    'invalid_request',
    () => [
      vscode.l10n.t('A parameter of the request is missing, or doesn’t go with another.'),
      vscode.l10n.t('Look at the request below: a scope is needed, and “none” can’t be combined with another prompt.'),
      PAGES.authorizationUrl,
    ],
  ],
  [
    'unauthorized',
    () => [
      vscode.l10n.t('This client may not make this request.'),
      vscode.l10n.t('Check the settings of the application in the Scalekit dashboard.'),
      PAGES.apps,
    ],
  ],
  [
    'user_not_active',
    () => [
      vscode.l10n.t('The user exists, but isn’t active in this organization.'),
      vscode.l10n.t('Activate the membership, or have the user accept the invitation.'),
    ],
  ],
  [
    'server_error',
    () => [
      vscode.l10n.t('Something failed at Scalekit.'),
      vscode.l10n.t('Try again. If it happens again, give Scalekit’s support the time of this sign-in.'),
    ],
  ],
  // The choice of the connection.
  [
    'invalid_connection_selector',
    () => [
      vscode.l10n.t('Nothing in the request selects a connection, and this environment has no login page that asks.'),
      vscode.l10n.t(
        'Choose an organization, connection, domain or provider. In your app: “organizationId” or the like, spelled exactly so.',
      ),
      PAGES.authorizationUrl,
    ],
  ],
  [
    'no_active_connections',
    () => [
      vscode.l10n.t('The organization has connections, but none is switched on.'),
      vscode.l10n.t('Enable one of its connections.'),
    ],
  ],
  [
    'no_configured_connections',
    () => [
      vscode.l10n.t('The organization has no connection yet.'),
      vscode.l10n.t('Set one up, for instance with an admin portal link.'),
    ],
  ],
  [
    'connection_not_active',
    () => [vscode.l10n.t('The connection is switched off.'), vscode.l10n.t('Enable it, then try again.')],
  ],
  [
    'invalid_organization_id',
    () => [
      vscode.l10n.t('No organization of this environment has this ID.'),
      vscode.l10n.t('Check the ID, and whether it belongs to this environment.'),
    ],
  ],
  [
    'invalid_connection_id',
    () => [
      vscode.l10n.t('No connection of this environment has this ID.'),
      vscode.l10n.t('Check the ID, and whether it belongs to this environment.'),
    ],
  ],
  [
    'domain_not_found',
    () => [
      vscode.l10n.t('No connection belongs to this domain.'),
      vscode.l10n.t('Add the domain to the organization, and verify it.'),
    ],
  ],
  [
    'invalid_user_domain',
    () => [
      vscode.l10n.t('The connection doesn’t accept the domain of the user’s email address.'),
      vscode.l10n.t('Add the domain to the organization, or sign in with another address.'),
    ],
  ],
  // The response of the identity provider.
  [
    'mandatory_attribute_missing',
    () => [
      vscode.l10n.t('The identity provider left out an attribute that Scalekit needs, such as the email address.'),
      vscode.l10n.t('Map the missing attribute in the identity provider’s settings.'),
    ],
  ],
  [
    'invalid_id_token',
    () => [
      vscode.l10n.t('The identity provider’s ID token isn’t valid.'),
      vscode.l10n.t('Check the issuer and client ID of the connection, and the identity provider’s clock.'),
    ],
  ],
  [
    'failed_to_exchange_token',
    () => [
      vscode.l10n.t('The identity provider rejected the code, usually because the client secret is wrong.'),
      vscode.l10n.t('Replace the client secret in the connection.'),
    ],
  ],
  [
    'user_info_retrieve_failed',
    () => [
      vscode.l10n.t('Scalekit couldn’t read the user’s data from the identity provider.'),
      vscode.l10n.t('Check the client secret and the user info address of the connection.'),
    ],
  ],
  [
    'authentication_not_completed',
    () => [
      vscode.l10n.t('The user didn’t finish signing in at the identity provider.'),
      vscode.l10n.t('Try again and finish. If it stops there, look at the identity provider’s own log.'),
    ],
  ],
  [
    'user_login_required',
    () => [
      vscode.l10n.t('The user has no session, or must sign in again.'),
      vscode.l10n.t('Choose a prompt other than “none”.'),
    ],
  ],
  [
    'login_required',
    () => [
      vscode.l10n.t('The request says “prompt=none”, and nobody is signed in.'),
      vscode.l10n.t('Send the user through a sign-in without “prompt=none”.'),
      PAGES.authorizationUrl,
    ],
  ],
  [
    'access_denied',
    () => [
      vscode.l10n.t('The user or the identity provider refused: cancelled, wrong credentials, or an unknown user.'),
      vscode.l10n.t('Check that the user is assigned to the app at the identity provider, then try again.'),
    ],
  ],
  // SAML.
  [
    'invalid_saml_metadata',
    () => [
      vscode.l10n.t('The identity provider’s SAML metadata couldn’t be used.'),
      vscode.l10n.t('Correct the metadata address in the connection.'),
    ],
  ],
  [
    'invalid_saml_request',
    () => [
      vscode.l10n.t('The identity provider didn’t accept the SAML request.'),
      vscode.l10n.t('Check the entity ID and the ACS URL at the identity provider.'),
    ],
  ],
  [
    'invalid_saml_response',
    () => [
      vscode.l10n.t('The SAML response isn’t valid.'),
      vscode.l10n.t('Review the SAML settings at the identity provider.'),
    ],
  ],
  [
    'malformed_saml_response',
    () => [
      vscode.l10n.t('The SAML response couldn’t be read.'),
      vscode.l10n.t('Review how the identity provider formats and encrypts its response.'),
    ],
  ],
  [
    'invalid_saml_form_params',
    () => [
      vscode.l10n.t('The form from the identity provider lacks a parameter, such as SAMLResponse.'),
      vscode.l10n.t('Check that the identity provider posts to the connection’s ACS URL.'),
    ],
  ],
  [
    'signature_validation_failed',
    () => [
      vscode.l10n.t('The signature of the SAML response doesn’t match.'),
      vscode.l10n.t('Give the connection the identity provider’s current certificate, and check the ACS URL.'),
    ],
  ],
  [
    'invalid_acs_url',
    () => [
      vscode.l10n.t('The SAML response is for another ACS URL.'),
      vscode.l10n.t('Correct the ACS URL at the identity provider.'),
    ],
  ],
  [
    'invalid_assertion_url',
    () => [
      vscode.l10n.t('The SAML assertion is for another address.'),
      vscode.l10n.t('Correct the ACS URL and the recipient at the identity provider.'),
    ],
  ],
  [
    'invalid_status',
    () => [
      vscode.l10n.t('The SAML response doesn’t report success.'),
      vscode.l10n.t('The identity provider’s log says why. Check that the user is assigned to the app.'),
    ],
  ],
  [
    'assertion_expired',
    () => [
      vscode.l10n.t('The SAML assertion has expired. The clocks may be out of sync.'),
      vscode.l10n.t('Try again. If it happens again, check the identity provider’s clock.'),
    ],
  ],
  [
    'response_expired',
    () => [
      vscode.l10n.t('The SAML response has expired. The clocks may be out of sync.'),
      vscode.l10n.t('Try again. If it happens again, check the identity provider’s clock.'),
    ],
  ],
  [
    'invalid_state',
    () => [
      vscode.l10n.t(
        'Scalekit no longer knows this sign-in: it took longer than about ten minutes, or its state changed.',
      ),
      vscode.l10n.t('Start again, and finish within ten minutes.'),
    ],
  ],
]);

/** The errors that have words of their own. */
export const EXPLAINED_ERRORS: readonly string[] = [...KNOWN.keys()];
