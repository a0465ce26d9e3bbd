/** A secret of a client. The sandbox keeps revoked ones too, to show that they no longer work. */
export interface ClientSecret {
  readonly id: string;
  readonly value: string;
  active: boolean;
}

/** A client that can fetch tokens, of the environment or of one organization. */
export interface ApiClient {
  readonly clientId: string;
  readonly secrets: ClientSecret[];
  /** Set for an organization's own client, whose tokens the API refuses. */
  readonly organizationId?: string;
  /** Permissions, for example `organizations_read`. Absent means all. */
  readonly permissions?: readonly string[];
  /** True if the client gets tokens that the API refuses. */
  readonly disallowScalekitApiAccess?: boolean;
  readonly scopes?: readonly string[];
  readonly audience?: readonly string[];
  readonly customClaims?: Readonly<Record<string, string>>;
  /** Lifetime of its tokens in seconds, if it differs from the environment's. */
  readonly tokenLifetimeSeconds?: number;
}

/** All clients that can fetch tokens, by id. */
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
