/** An error that Scalekit documents for the callback. The descriptions are ours: only the codes are published. */
export interface SignInError {
  readonly code: string;
  readonly description: string;
}

/** The errors at the callback, in the groups in which the identity provider's page offers them (docs/scalekit-api.md, 4.4). */
export const signInErrors: readonly { readonly group: string; readonly errors: readonly SignInError[] }[] = [
  {
    group: 'Person',
    errors: [
      { code: 'access_denied', description: 'The user denied the request, or the credentials are wrong' },
      { code: 'authentication_not_completed', description: "The user didn't finish signing in" },
      { code: 'user_login_required', description: 'The user has to sign in again' },
      { code: 'login_required', description: 'The user has no session, and may not be asked' },
      { code: 'user_not_active', description: "The user isn't active in the organization" },
    ],
  },
  {
    group: 'Setup',
    errors: [
      { code: 'invalid_redirect_uri', description: "The redirect URI isn't registered" },
      { code: 'invalid_client', description: 'The client is unknown' },
      { code: 'application_not_active', description: "The application isn't active" },
      { code: 'invalid_request', description: "The request isn't valid" },
      { code: 'unauthorized', description: "The client isn't authorized for this request" },
      { code: 'server_error', description: 'Something failed on the server' },
    ],
  },
  {
    group: 'Choice of connection',
    errors: [
      {
        code: 'invalid_connection_selector',
        description: 'The request names no organization, connection, domain or provider',
      },
      { code: 'no_active_connections', description: 'The organization has no active connection' },
      { code: 'no_configured_connections', description: 'The organization has no connection' },
      { code: 'connection_not_active', description: "The connection isn't active" },
      { code: 'invalid_organization_id', description: 'No organization has this ID' },
      { code: 'invalid_connection_id', description: 'No connection has this ID' },
      { code: 'domain_not_found', description: 'No connection belongs to this domain' },
      { code: 'invalid_user_domain', description: "The domain of the user's email isn't allowed" },
    ],
  },
  {
    group: 'Response of the identity provider',
    errors: [
      { code: 'mandatory_attribute_missing', description: 'The identity provider sent no email' },
      { code: 'invalid_id_token', description: "The identity provider's ID token isn't valid" },
      { code: 'failed_to_exchange_token', description: 'The identity provider refused the code' },
      { code: 'user_info_retrieve_failed', description: "The identity provider's user info couldn't be read" },
    ],
  },
  {
    group: 'SAML',
    errors: [
      { code: 'invalid_saml_metadata', description: "The identity provider's metadata isn't valid" },
      { code: 'invalid_saml_request', description: "The SAML request isn't valid" },
      { code: 'invalid_saml_response', description: "The SAML response isn't valid" },
      { code: 'malformed_saml_response', description: "The SAML response can't be read" },
      { code: 'invalid_saml_form_params', description: 'The SAML form lacks a parameter' },
      { code: 'signature_validation_failed', description: "The signature of the SAML response doesn't match" },
      { code: 'invalid_acs_url', description: 'The SAML response is for another ACS URL' },
      { code: 'invalid_assertion_url', description: 'The SAML response is for another assertion URL' },
      { code: 'invalid_status', description: "The SAML response doesn't report success" },
      { code: 'assertion_expired', description: 'The SAML assertion has expired' },
      { code: 'response_expired', description: 'The SAML response has expired' },
    ],
  },
  { group: 'MCP', errors: [{ code: 'invalid_state', description: 'The state is unknown or too old' }] },
];

/** Our description of a code. */
export function descriptionOf(code: string): string {
  for (const { errors } of signInErrors) for (const error of errors) if (error.code === code) return error.description;
  return code;
}
