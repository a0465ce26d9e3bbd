/** What Scalekit's token endpoint requires (docs/scalekit-api.md, 1.1). Exists only in memory and in SecretStorage. */
export interface ClientCredentials {
  /** Origin of the environment, as `parseEnvironmentUrl` returns it. */
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}
