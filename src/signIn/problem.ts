/** A failure in words. */
export interface Problem {
  /** What happened, and why. */
  readonly happened: string;
  readonly change: string;
  /** Its page in Scalekit's documentation. */
  readonly page: string;
}

/** Pages of Scalekit's documentation. */
export const PAGES = {
  errors: 'https://docs.scalekit.com/sso/reference/sso-integration-errors/',
  redirects: 'https://docs.scalekit.com/sso/reference/redirects/',
  authorizationUrl: 'https://docs.scalekit.com/sso/guides/authorization-url/',
  initiated: 'https://docs.scalekit.com/sso/guides/idp-init-sso/',
  completeLogin: 'https://docs.scalekit.com/authenticate/fsa/complete-login/',
  session: 'https://docs.scalekit.com/authenticate/fsa/manage-session/',
  logout: 'https://docs.scalekit.com/authenticate/fsa/logout/',
  apps: 'https://docs.scalekit.com/authenticate/fsa/multiapp/manage-apps/',
} as const;
