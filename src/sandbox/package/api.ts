/** What can be set when a sandbox starts. */
export interface StartOptions {
  /** Port to listen on. Default: any free one. */
  readonly port?: number;
  /** Address to listen on. Default: 127.0.0.1, which only this machine can reach. */
  readonly host?: string;
  /** Your own organizations, users and more, or the path of a JSON file with them. Without it, there are samples. */
  readonly data?: SandboxData | string;
  /** Number of sample organizations. Default: 25. */
  readonly organizations?: number;
  /** Number of sample users of the first organization. Default: 12. */
  readonly users?: number;
  /** Makes the samples the same each time. */
  readonly seed?: number;
  /** Default: one that belongs to the seed. */
  readonly clientId?: string;
  /** Default: a new one. */
  readonly clientSecret?: string;
  /** Lifetime of access tokens. Default: 86399 for a client, and 300 or 900 for a person. */
  readonly tokenLifetimeSeconds?: number;
  /** How people sign in. Default: full-stack auth. */
  readonly mode?: 'full-stack' | 'modular-sso';
  /** Whether a sign-in redirects only to registered addresses, and not to any of this machine. Default: false. */
  readonly strictRedirects?: boolean;
  /** Addresses on this machine that get every webhook. */
  readonly webhooks?: readonly string[];
  /** The secret that signs them: `whsec_` and a base64 text. Default: a new one. */
  readonly webhookSecret?: string;
  /** How many times faster than Scalekit a failed webhook is tried again. Default: 1. */
  readonly webhookRetryFactor?: number;
}

/** A local Scalekit that runs in this process. */
export interface LocalSandbox {
  /** For example `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What your app needs in its environment. `SCALEKIT_WEBHOOK_SECRET` is there if an endpoint was given at the start. */
  readonly env: {
    readonly SCALEKIT_ENVIRONMENT_URL: string;
    readonly SCALEKIT_CLIENT_ID: string;
    readonly SCALEKIT_CLIENT_SECRET: string;
    readonly SCALEKIT_WEBHOOK_SECRET?: string;
  };
  /** Things that go wrong on purpose. */
  readonly faults: Faults;
  /** The sandbox's clock. */
  readonly time: Clock;
  /** The webhooks that it sends to your app. */
  readonly webhooks: Webhooks;
  /**
   * Makes everything as it was at the start: the data, the clock, faults, webhooks and received requests. The address, the client and its
   * tokens stay. People have to sign in again.
   */
  reset(): Promise<void>;
  /** The latest 10,000 requests, oldest first. */
  receivedRequests(): ReceivedRequest[];
  clearReceivedRequests(): void;
  /**
   * Signs a user in at once, without a browser: with a session, an entry in the sign-in log and webhooks, as if your app had exchanged the
   * code.
   * @param user their ID or email address
   * @throws Error if there is no such user, or if they can't sign in
   */
  signIn(user: string, options?: SignInOptions): Promise<SignedIn>;
  /** What is in the sandbox now, in the form of `data`. There are no secrets in it. */
  exportData(): SandboxData;
  /** Stops listening and ends all connections. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Faults {
  /** Adds a fault. The first one that matches a request happens. @throws Error if it isn't a fault */
  add(fault: Fault): void;
  /** The faults, and how often each one has happened. */
  list(): { readonly fault: Fault; readonly used: number }[];
  clear(): void;
}

/**
 * Something that goes wrong on request. The filters select the requests. The rest says what happens: first the delay,
 * then the first of `drop`, `respond`, `html`, `wrongJson` and `status`. `halfBody` cuts whatever response that makes.
 * With none of these, only the delay happens, and then the request is served as usual.
 */
export interface Fault {
  /** Only requests to this path. `*` matches any characters. A gRPC method also matches by its REST path. Ignores the query. */
  readonly path?: string;
  /** Only requests with this HTTP method. */
  readonly method?: string;
  /** Let this many matching requests pass first. */
  readonly after?: number;
  /** Only the next N matching requests. Default: all of them. */
  readonly times?: number;
  /** Wait before anything else. */
  readonly delayMs?: number;
  /** Respond with an error of this HTTP status, in Scalekit's form (under /oauth/, in OAuth's). */
  readonly status?: number;
  /** `error_code` (or OAuth `error`) of that error, instead of the usual one. */
  readonly errorCode?: string;
  /** `message` of that error. */
  readonly message?: string;
  /** `Retry-After` of that error, verbatim: seconds or an HTTP date. */
  readonly retryAfter?: string | number;
  /** Close the connection instead of responding. */
  readonly drop?: boolean;
  /** Send the head and half of the body, then close the connection. */
  readonly halfBody?: boolean;
  /** Respond with a proxy's error page: `status` or 502, text/html. */
  readonly html?: boolean;
  /** Respond with 200 and cut-off JSON whose headers give the length that is sent. */
  readonly wrongJson?: boolean;
  /** Respond with exactly this. A `body` that isn't a string is sent as JSON. */
  readonly respond?: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
}

export interface Clock {
  now(): Date;
  /**
   * Moves the sandbox's clock forward, so that tokens, codes and sessions expire there. Your app's own clock stays as it is: move it too if
   * your app checks the times in new tokens.
   */
  advance(seconds: number): void;
  /** Expires every access token issued so far, without moving the clock. Refresh tokens stay good. */
  expireTokens(): void;
}

/** A request that the sandbox received, without headers and body. */
export interface ReceivedRequest {
  readonly time: Date;
  readonly protocol: 'rest' | 'grpc' | 'oauth';
  readonly method: string;
  /** With the query. For gRPC, the method's path. */
  readonly path: string;
  /** The HTTP status, or the one that gRPC's status maps to. 0 if the connection was closed without a response. */
  readonly status: number;
}

export interface SignInOptions {
  /** Which organization to enter, by its ID. Needed only if the user belongs to several. */
  readonly organizationId?: string;
  /** Default: openid, profile, email and offline_access. */
  readonly scopes?: readonly string[];
  readonly nonce?: string;
}

export interface SignedIn {
  readonly accessToken: string;
  /** Undefined without the scope `openid`. */
  readonly idToken: string | undefined;
  /** Undefined without the scope `offline_access`, and in Modular SSO. */
  readonly refreshToken: string | undefined;
  /** Seconds. */
  readonly expiresIn: number;
}

export interface Webhooks {
  /** Adds an endpoint on this machine. The secret isn't told again. @throws Error if it can't be added */
  add(endpoint: { readonly url: string; readonly events?: readonly string[]; readonly secret?: string }): {
    readonly id: string;
    readonly secret: string;
  };
  /** False if there is no such endpoint. */
  remove(id: string): boolean;
  endpoints(): { readonly id: string; readonly url: string; readonly events: readonly string[] | 'all' }[];
  /**
   * Sends an event to the endpoints that want it, with sample data unless you give some.
   * @returns the deliveries, one for each endpoint
   * @throws Error if there is no such type
   */
  fire(event: {
    readonly type: string;
    readonly organizationId?: string;
    readonly data?: Readonly<Record<string, unknown>>;
  }): Delivery[];
  /** The latest 200 deliveries, newest first. */
  deliveries(): Delivery[];
  /** Forgets them. What is being sent is sent nevertheless. */
  clearDeliveries(): void;
  /**
   * Waits for a delivery. One that was made before counts too, so clear them first if you wait for another one.
   * @param wanted only of this type, only with this ID, or only in this state. Default: the first one that succeeds
   * @param timeoutMs default: 10,000
   * @throws Error if there's none in that time
   */
  waitForDelivery(
    wanted?: { readonly type?: string; readonly id?: string; readonly state?: DeliveryState },
    timeoutMs?: number,
  ): Promise<Delivery>;
}

export type DeliveryState = 'Queued' | 'Success' | 'Failed' | 'Retrying';

/** An event on its way to an endpoint. */
export interface Delivery {
  /** The `webhook-id`. */
  readonly id: string;
  readonly endpointId: string;
  readonly type: string;
  readonly state: DeliveryState;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Oldest first. Without a response, there's no `status`, and `problem` says why. */
  readonly attempts: readonly { readonly status: number | undefined; readonly problem: string | undefined }[];
}

/** The data of a sandbox, as in the file of `--data` and `--export`. IDs that you leave out are made. */
export interface SandboxData {
  readonly $schema?: string | undefined;
  readonly organizations?: readonly OrganizationData[] | undefined;
  readonly users?: readonly UserData[] | undefined;
  /** The roles of the environment. Default: admin, member, viewer and billing. */
  readonly roles?: readonly RoleData[] | undefined;
  /** The permissions of the environment. Default: ten samples. Scalekit's own are always there. */
  readonly permissions?: readonly PermissionData[] | undefined;
  /** The role of somebody who creates an organization by signing up. Default: admin, or the first role. */
  readonly default_creator_role?: string | undefined;
  /** The role of other new members. Default: member, or the first role. */
  readonly default_member_role?: string | undefined;
  /** The connections of the environment: social logins, one-time codes and apps. Default: samples. */
  readonly connections?: readonly EnvironmentConnectionData[] | undefined;
  readonly faults?: readonly Fault[] | undefined;
}

export interface OrganizationData {
  readonly id?: string | undefined;
  readonly display_name: string;
  readonly external_id?: string | undefined;
  readonly slug?: string | undefined;
  readonly region_code?: 'US' | 'EU' | undefined;
  readonly logo_url?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly features?: { readonly sso?: boolean | undefined; readonly dir_sync?: boolean | undefined } | undefined;
  readonly create_time?: string | undefined;
  readonly domains?: readonly DomainData[] | undefined;
  readonly connections?: readonly ConnectionData[] | undefined;
  readonly directories?: readonly DirectoryData[] | undefined;
  /** Roles of this organization only. */
  readonly roles?: readonly RoleData[] | undefined;
  readonly default_member_role?: string | undefined;
}

export interface DomainData {
  readonly id?: string | undefined;
  readonly domain: string;
  /** Default: VERIFIED. */
  readonly verification_status?: 'PENDING' | 'VERIFIED' | 'FAILED' | 'AUTO_VERIFIED' | undefined;
  /** Default: ORGANIZATION_DOMAIN. */
  readonly domain_type?: 'ORGANIZATION_DOMAIN' | 'ALLOWED_EMAIL_DOMAIN' | undefined;
}

/** An SSO connection. */
export interface ConnectionData {
  readonly id?: string | undefined;
  /** Default: SAML. */
  readonly type?: 'SAML' | 'OIDC' | undefined;
  /** Scalekit's name for it, for example OKTA. Default: CUSTOM. */
  readonly provider?: string | undefined;
  /** Default: COMPLETED. */
  readonly status?: ConnectionStatus | undefined;
  /** Default: true for a completed one. */
  readonly enabled?: boolean | undefined;
  readonly key_id?: string | undefined;
  readonly ui_button_title?: string | undefined;
  /** The domains that lead to it. Default: the first completed connection has the organization's first domain. */
  readonly domains?: readonly string[] | undefined;
}

export type ConnectionStatus = 'DRAFT' | 'IN_PROGRESS' | 'COMPLETED';

/** A connection of the environment. */
export interface EnvironmentConnectionData {
  readonly id?: string | undefined;
  readonly type: 'OAUTH' | 'PASSWORDLESS' | 'OIDC' | 'SAML' | 'PASSWORD' | 'BASIC' | 'BEARER';
  readonly provider?: string | undefined;
  /** The app that it's for. Without one, people sign in with it. */
  readonly provider_key?: string | undefined;
  readonly status?: ConnectionStatus | undefined;
  readonly enabled?: boolean | undefined;
  readonly key_id?: string | undefined;
  readonly ui_button_title?: string | undefined;
}

export interface DirectoryData {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  /** Default: SCIM. */
  readonly type?: 'SCIM' | 'LDAP' | 'POLL' | undefined;
  /** Scalekit's name for it, for example OKTA. */
  readonly provider?: string | undefined;
  /** Default: true. */
  readonly enabled?: boolean | undefined;
  /** Default: COMPLETED. */
  readonly status?: 'DRAFT' | 'IN_PROGRESS' | 'COMPLETED' | undefined;
  readonly groups?: readonly { readonly id?: string | undefined; readonly display_name: string }[] | undefined;
  readonly users?: readonly DirectoryUserData[] | undefined;
}

export interface DirectoryUserData {
  readonly id?: string | undefined;
  readonly email: string;
  readonly preferred_username?: string | undefined;
  readonly given_name?: string | undefined;
  readonly family_name?: string | undefined;
  /** Default: true. */
  readonly active?: boolean | undefined;
  /** Names of groups of the same directory. */
  readonly groups?: readonly string[] | undefined;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

export interface UserData {
  readonly id?: string | undefined;
  readonly email: string;
  readonly external_id?: string | undefined;
  readonly given_name?: string | undefined;
  readonly family_name?: string | undefined;
  /** Default: both names. */
  readonly name?: string | undefined;
  readonly locale?: string | undefined;
  readonly phone_number?: string | undefined;
  readonly preferred_username?: string | undefined;
  readonly picture?: string | undefined;
  /** Default: true. */
  readonly email_verified?: boolean | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly custom_attributes?: Readonly<Record<string, string>> | undefined;
  readonly create_time?: string | undefined;
  readonly last_login_time?: string | undefined;
  readonly memberships?: readonly MembershipData[] | undefined;
}

export interface MembershipData {
  /** The ID or the external ID of an organization in the same file. */
  readonly organization: string;
  /** Default: the default member role. */
  readonly roles?: readonly string[] | undefined;
  /** Default: ACTIVE. */
  readonly status?: 'ACTIVE' | 'INACTIVE' | 'PENDING_INVITE' | 'INVITE_EXPIRED' | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export interface RoleData {
  readonly id?: string | undefined;
  readonly name: string;
  readonly display_name?: string | undefined;
  readonly description?: string | undefined;
  /** The role that this one builds on. */
  readonly extends?: string | undefined;
  readonly permissions?: readonly string[] | undefined;
}

export interface PermissionData {
  readonly name: string;
  readonly description?: string | undefined;
}

/** Starts a local Scalekit in this process. @throws Error with a sentence, for example if the port is taken */
export declare function startSandbox(options?: StartOptions): Promise<LocalSandbox>;
