/** What Scalekit's token endpoint asks for (docs/scalekit-api.md, 1.1). Lives in memory and in SecretStorage only. */
export interface ClientCredentials {
  /** Origin of the environment, as `parseEnvironmentUrl` gives it. */
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}
