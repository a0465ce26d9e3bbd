/** A secret of a client. The sandbox keeps it as it is: it has to show that a revoked one no longer works. */
export interface ClientSecret {
  readonly id: string;
  readonly value: string;
  active: boolean;
}

/** Someone who can fetch tokens: a client of the environment, or of one organization. */
export interface ApiClient {
  readonly clientId: string;
  readonly secrets: ClientSecret[];
  /** Set for an organization's own client, whose tokens the API refuses. */
  readonly organizationId?: string;
  /** Rights such as `organizations_read`; absent means all. */
  readonly permissions?: readonly string[];
  /** Gets tokens, but the API refuses them. */
  readonly disallowScalekitApiAccess?: boolean;
  readonly scopes?: readonly string[];
  readonly audience?: readonly string[];
  readonly customClaims?: Readonly<Record<string, string>>;
  /** Lifetime of its tokens in seconds, where it differs from the environment's. */
  readonly tokenLifetimeSeconds?: number;
}

/** All clients that can fetch tokens, by their id. */
export class ApiClients {
  readonly #clients = new Map<string, ApiClient>();

  find(clientId: string): ApiClient | undefined {
    return this.#clients.get(clientId);
  }

  put(client: ApiClient): void {
    this.#clients.set(client.clientId, client);
  }

  remove(clientId: string): void {
    this.#clients.delete(clientId);
  }
}
