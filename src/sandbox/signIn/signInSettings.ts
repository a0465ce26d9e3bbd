/** Which of Scalekit's two products signs people in: they share the endpoints, and their tokens differ (docs/scalekit-api.md, 4.6). */
export type AuthenticationMode = 'full-stack' | 'modular-sso';

/** How the environment signs people in. The control endpoint changes it while the sandbox runs. */
export interface SignInSettings {
  mode: AuthenticationMode;
  /** Whether only registered addresses get a redirect, instead of any on this machine. */
  strictRedirects: boolean;
}
