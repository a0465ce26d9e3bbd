/** A secret of a client. The sandbox keeps revoked ones too, to show that they no longer work. */
export interface ClientSecret {
  readonly id: string;
  readonly value: string;
  active: boolean;
}

export type ApplicationType = 'WEB' | 'SPA' | 'NATIVE';

/** What makes a client of the environment an application that people sign in to (docs/scalekit-api.md, 4.3). */
export interface Application {
  readonly type: ApplicationType;
  readonly name: string;
  /** Allowed callbacks. */
  readonly postLoginUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** Where a sign-in that the identity provider starts arrives. */
  readonly initiateLoginUri: string;
  readonly backChannelLogoutUris: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

const APPLICATION_NAMES: Readonly<Record<ApplicationType, string>> = {
  WEB: 'Sample web app',
  SPA: 'Sample single-page app',
  NATIVE: 'Sample native app',
};

/** An application without any registered address. */
export function newApplication(type: ApplicationType, now: number): Application {
  return {
    type,
    name: APPLICATION_NAMES[type],
    postLoginUris: [],
    postLogoutRedirectUris: [],
    initiateLoginUri: '',
    backChannelLogoutUris: [],
    createdAt: now,
    updatedAt: now,
  };
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
  /** Set for an MCP client: the resource that its tokens are for. */
  readonly resourceId?: string;
  readonly audience?: readonly string[];
  readonly customClaims?: Readonly<Record<string, string>>;
  /** Set for a client of the environment. Only a web application has a secret: the others prove themselves by PKCE. */
  readonly application?: Application;
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

  /** In order of creation. */
  all(): readonly ApiClient[] {
    return [...this.#clients.values()];
  }

  /** Whether an application has registered an address of this origin. */
  hasOrigin(origin: string): boolean {
    // MCP clients register their own addresses, so those prove nothing.
    return this.all().some(
      ({ application, resourceId }) =>
        resourceId === undefined &&
        application?.postLoginUris.some((uri) => URL.canParse(uri) && new URL(uri).origin === origin),
    );
  }

  remove(clientId: string): void {
    this.#clients.delete(clientId);
  }
}
