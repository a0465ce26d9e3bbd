import type { RequestListener } from 'node:http';
import { addClient, ControlEndpoint, type ClientRights } from './control/controlEndpoint';
import { DirectoryControl } from './control/directoryControl';
import { InterceptorControl } from './control/interceptorControl';
import { McpControl } from './control/mcpControl';
import { PortalPages } from './control/portalPages';
import { RateLimit } from './control/rateLimit';
import { WebhookControl } from './control/webhookControl';
import { Clock } from './clock';
import { coverage, type Coverage } from './coverage';
import type { McpResource, NewResource } from './mcp/mcpResources';
import { McpSite } from './mcp/mcpSite';
import { RegisteredClients } from './mcp/registration';
import { AccessTokens } from './oauth/accessTokens';
import { ApiClients, newApplication } from './oauth/apiClients';
import { Authenticator } from './oauth/authenticator';
import { OAuthEndpoints } from './oauth/oauthEndpoints';
import { Calls } from './protocol/calls';
import { apiMethods, restEndpoints } from './protocol/endpoints';
import { PathRouter } from './protocol/pathRouter';
import { PortListener, type GrpcHandler } from './protocol/portListener';
import { RequestValidator } from './protocol/requestValidator';
import { RestListener } from './protocol/restListener';
import { serviceDescriptors } from './protocol/serviceDescriptors';
import { Interceptors, type InterceptorCall, type ListedInterceptor } from './interceptors/interceptors';
import { Faults } from './faults';
import type { Fault } from './package/api';
import { otherSandboxAt, PortTakenError } from './portTaken';
import { optional } from './protocol/optional';
import { randomDigits, randomSecret, SeededRandom } from './random';
import { ReceivedRequests, type ReceivedRequest } from './receivedRequests';
import { DirectoryPages } from './pages/directoryPages';
import { HomePage } from './pages/homePage';
import { InterceptorPages } from './pages/interceptorPages';
import { isLoopbackName } from './pages/loopback';
import { SandboxPage } from './pages/sandboxPage';
import { WebhookPages } from './pages/webhookPages';
import { createModels, type Models } from './resources/models';
import { resourceList } from './resources/resourceList';
import type { Order } from './signIn/outcomes';
import { InitiatedPage } from './signIn/initiatedPage';
import { createSignIn, type SignIn } from './signIn/signIn';
import type { AuthenticationMode, SignInSettings } from './signIn/signInSettings';
import { PortalLinks } from './store/portalLinks';
import type { World } from './store/world';
import { requestViewer, type ShownRequest } from './shownRequest';
import { newSecret } from './webhooks/newSecret';
import { sampleIdsOf } from './webhooks/sampleIds';
import { Webhooks, type NewEndpoint, type WebhookEndpoint } from './webhooks/webhooks';

export interface SandboxOptions {
  /** Port to listen on. 0, the default, takes any free port. */
  readonly port?: number;
  /** Address to listen on. Default: 127.0.0.1. */
  readonly host?: string;
  /** Number of sample organizations. Default: 25. */
  readonly organizations?: number;
  /** Number of sample users of the first organization. Default: 12. */
  readonly users?: number;
  /** Makes the sample data and the client id repeatable, but never secrets and keys. */
  readonly seed?: number;
  /** Lifetime of access tokens. Default: those of Scalekit, 86399 for a client, 300 or 900 for a person. */
  readonly tokenLifetimeSeconds?: number;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** When a sandbox with this seed started for the first time, in milliseconds since the epoch. Default: now. */
  readonly firstStartedAt?: number;
  /** Who starts it, for example the name of a window. Other sandboxes that want its port read this. */
  readonly startedBy?: string;
  /** Whether a sign-in redirects only to registered addresses, instead of any on this machine. Default: false. */
  readonly strictRedirects?: boolean;
  /** How people sign in. Default: full-stack auth. */
  readonly mode?: AuthenticationMode;
  /** Addresses on this machine that get every webhook. */
  readonly webhooks?: readonly string[];
  /** The secret that signs them. Default: a new one. */
  readonly webhookSecret?: string;
  /** How many times faster than Scalekit a failed delivery is tried again. Default: 1. */
  readonly webhookRetryFactor?: number;
  /** Interceptors, as the control endpoint takes them. */
  readonly interceptors?: readonly unknown[];
  /** The secret that signs their calls, unless they have their own. Default: a new one. */
  readonly interceptorSecret?: string;
  /** Milliseconds since the epoch. Default: the system's clock. */
  readonly now?: () => number;
  /** Its clock, if something else goes by it too. Default: one of its own. */
  readonly clock?: Clock;
  /** Called for every request after its response. */
  readonly onRequest?: (request: ShownRequest) => void;
  /** Called for every request that may have changed what is in it, also those to its own pages. */
  readonly afterRequest?: () => void;
  /** Called once, before anything is served and before there are webhooks. Must not throw. */
  readonly prepare?: (parts: SandboxParts) => void;
  /** The tokens of clients, for a sandbox that takes the place of another one. Default: none, with a new key. */
  readonly tokens?: AccessTokens;
  /** Makes what listens. Default: a listener of its own. */
  readonly listener?: (rest: RequestListener, loadGrpc: () => Promise<GrpcHandler>) => SandboxListener;
}

/** What receives the requests of a sandbox. */
export type SandboxListener = Pick<PortListener, 'listen' | 'close'>;

/** What a sandbox consists of, for those who put their own data into it. */
export interface SandboxParts {
  readonly models: Models;
  readonly faults: Faults;
  readonly signIn: SignIn;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A running sandbox. */
export interface Sandbox {
  /** For example `http://127.0.0.1:8787`, without a trailing slash. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The latest 10,000 requests received. */
  readonly requests: readonly ReceivedRequest[];
  clearRequests(): void;
  /** Adds a fault. */
  addFault(fault: Fault): void;
  clearFaults(): void;
  /** Expires every token issued so far. */
  expireTokens(): void;
  /** Moves its clock on. Tokens, codes and sessions expire accordingly. @throws Error with a sentence if it's too far */
  moveTimeOn(milliseconds: number): void;
  /** Signs with a new key from now on. Tokens signed with the old key are refused, unless `keepOld` is set. */
  rotateKeys(keepOld?: boolean): void;
  /** Limits the API requests in any 60 seconds. Undefined for no limit. */
  setRateLimit(perMinute: number | undefined): void;
  /** Creates another client of the environment, optionally with fewer permissions. */
  addClient(rights?: ClientRights): { clientId: string; clientSecret: string };
  /** Revokes a client's secrets. */
  revokeSecrets(clientId: string): void;
  /** How people sign in. What is changed here counts from the next request on. */
  readonly signIn: SignInSettings;
  /** Orders how the next sign-ins end. */
  orderOutcome(order: Order, times?: number): void;
  /** How many codes, tokens, sign-ins and sessions of each kind are kept. */
  signInSizes(): Readonly<Record<string, number>>;
  /** Which of Scalekit's endpoints the sandbox serves. */
  coverage(): Coverage;
  /** The secret of `webhooks` of the options. */
  readonly webhookSecret: string;
  /** The secret of `interceptors` of the options. */
  readonly interceptorSecret: string;
  /** Whether there are interceptors. */
  readonly usesInterceptors: boolean;
  /** Adds a webhook endpoint on this machine. @throws Error with a sentence */
  addWebhook(endpoint: NewEndpoint): { readonly endpoint: WebhookEndpoint; readonly secret: string };
  /** False if there is no such endpoint. */
  removeWebhook(id: string): boolean;
  /** Endpoints, deliveries, and how fast they're repeated. */
  readonly webhooks: Webhooks;
  /** Adds an interceptor, given as the control endpoint takes it. @throws Error with a sentence */
  addInterceptor(json: unknown): { readonly interceptor: ListedInterceptor; readonly secret: string };
  /** The latest calls of interceptors, newest first. */
  interceptorCalls(): readonly InterceptorCall[];
  /** Registers an MCP server. @throws Error with a sentence */
  addResource(resource: NewResource): McpResource;
  /** How many clients have registered themselves with an MCP server. */
  readonly registeredClients: number;
  /** What it consists of. */
  readonly parts: SandboxParts;
  /** With these options, another sandbox has the same samples. */
  readonly origin: Required<Pick<SandboxOptions, 'seed' | 'firstStartedAt'>>;
  /** Stops listening, ends all deliveries and cuts every connection. */
  close(): Promise<void>;
}

/**
 * Starts a local Scalekit.
 * @throws Error with a readable sentence if it can't listen, for example because the port is in use
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const host = options.host ?? '127.0.0.1';
  const clock = options.clock ?? new Clock(options.now ?? Date.now);
  const { now } = clock;
  const startedAt = now();
  const seed = options.seed ?? Number(randomDigits(9));
  const random = new SeededRandom(seed);
  const clientId = options.clientId ?? `skc_${seededDigits(random)}`;
  const clientSecret = options.clientSecret ?? `test_${randomSecret()}`;
  let url = '';

  const clients = new ApiClients();
  clients.put({
    clientId,
    secrets: [{ id: `sks_${randomDigits(17)}`, value: clientSecret, active: true }],
    application: newApplication('WEB', now()),
  });
  const tokens = options.tokens ?? new AccessTokens(options.tokenLifetimeSeconds ?? 86399, now);
  const environmentId = `env_6444${String(4_217_001_000_000 + random.number(1_000_000, 'environment', 0))}`;
  const surroundings = { environmentId, now, url: () => url };
  const webhooks = new Webhooks(surroundings);
  const interceptors = new Interceptors(surroundings);
  const world: World = {
    seed: random,
    organizations: options.organizations ?? 25,
    users: options.users ?? 12,
    environmentId,
    startedAt,
    firstStartedAt: options.firstStartedAt ?? startedAt,
    now,
    url: () => url,
    clients,
    events: webhooks,
    interceptors,
  };
  const portalLinks = new PortalLinks(world);
  const rateLimit = new RateLimit(now);
  const validator = new RequestValidator();
  const faults = new Faults();

  const methods = apiMethods(serviceDescriptors);
  const shown = requestViewer(methods);
  const received = new ReceivedRequests((request) => {
    options.onRequest?.(shown(request));
    options.afterRequest?.();
  });
  const models = createModels(world, clientId);
  const calls = new Calls(resourceList(models, portalLinks), new Authenticator(clients, tokens), validator, rateLimit);
  const signIn = createSignIn(models, tokens, {
    settings: { mode: options.mode ?? 'full-stack', strictRedirects: options.strictRedirects ?? false },
    tokenLifetimeSeconds: options.tokenLifetimeSeconds,
    realNow: clock.realNow,
  });
  const expireTokens = () => {
    tokens.expireAll();
    signIn.expireAccessTokens();
  };
  const pages = [InitiatedPage.listed, DirectoryPages.listed, WebhookPages.listed, InterceptorPages.listed];
  // Only for this machine: a sandbox that others can reach has no page that gives its secret away.
  const sandboxPage = new SandboxPage(
    {
      url: () => url,
      clientId,
      clientSecret: () => clients.find(clientId)?.secrets.find(({ active }) => active)?.value,
      models,
      received,
      shown,
      webhooks,
      faults,
      clock,
      expireTokens,
    },
    pages,
  );
  const registered = new RegisteredClients(clients, now);
  const sites = [
    new OAuthEndpoints(clients, tokens, signIn.exchange, () => url, interceptors),
    ...signIn.sites,
    new McpSite(models.mcpResources, registered, () => url),
    new DirectoryPages(models.directories, signIn.forms),
    new WebhookPages(webhooks, signIn.forms, () => sampleIdsOf(models), now),
    new InterceptorPages(interceptors, signIn.forms),
    isLoopbackName(host.includes(':') ? `[${host}]` : host) ? sandboxPage : new HomePage(pages),
    new PortalPages(portalLinks),
    new ControlEndpoint(
      faults,
      received,
      tokens,
      clients,
      rateLimit,
      { clientId, ...optional('startedBy', options.startedBy), startedAt },
      new DirectoryControl(models.directories),
      signIn,
      new WebhookControl(webhooks, () => sampleIdsOf(models), now),
      new InterceptorControl(interceptors),
      new McpControl(models.mcpResources, () => url),
      clock,
    ),
  ];
  const rest = new RestListener(
    new PathRouter(restEndpoints(methods)),
    calls,
    sites,
    faults,
    received,
    clock.realNow,
    (origin) => clients.hasOrigin(origin),
    options.afterRequest,
  );
  const makeListener = options.listener ?? ((...handlers) => new PortListener(...handlers));
  const listener = makeListener(
    (request, response) => void rest.handle(request, response),
    async () => (await import('./protocol/grpcListener')).grpcListener(methods, calls, faults, received, clock.realNow),
  );
  try {
    url = `http://${addressOf(host)}:${await listener.listen(options.port ?? 0, host)}`;
  } catch (error) {
    throw await listenError(error as NodeJS.ErrnoException, host, options.port ?? 0);
  }
  const parts: SandboxParts = { models, faults, signIn, now };
  options.prepare?.(parts);
  const webhookSecret = options.webhookSecret ?? newSecret();
  const interceptorSecret = options.interceptorSecret ?? newSecret();
  try {
    webhooks.pace.set(options.webhookRetryFactor ?? 1);
    for (const target of options.webhooks ?? []) webhooks.add({ url: target, secret: webhookSecret });
    for (const json of options.interceptors ?? []) interceptors.add(withSecret(json, interceptorSecret));
  } catch (error) {
    await listener.close();
    throw error;
  }
  // Prepares in the background, so that the first request doesn't wait.
  void tokens.jwks();
  void validator.load();

  return {
    url,
    clientId,
    clientSecret,
    requests: received.all,
    clearRequests: () => received.clear(),
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    expireTokens,
    moveTimeOn: (milliseconds) => clock.moveOn(milliseconds),
    rotateKeys: (keepOld) => tokens.rotateKeys(keepOld),
    setRateLimit: (perMinute) => rateLimit.set(perMinute),
    addClient: (rights = {}) => addClient(clients, rights, now()),
    revokeSecrets: (id) => {
      for (const secret of clients.find(id)?.secrets ?? []) secret.active = false;
    },
    signIn: signIn.settings,
    orderOutcome: (order, times = 1) => signIn.outcomes.add(order, times),
    signInSizes: () => signIn.sizes(),
    coverage: () => coverage((api) => calls.serves(api)),
    webhookSecret,
    interceptorSecret,
    get usesInterceptors() {
      return interceptors.list().length > 0;
    },
    addWebhook: (endpoint) => webhooks.add(endpoint),
    removeWebhook: (id) => webhooks.remove(id),
    webhooks,
    addInterceptor: (json) => interceptors.add(json),
    interceptorCalls: () => interceptors.calls(),
    addResource: (resource) => models.mcpResources.add(resource),
    get registeredClients() {
      return registered.size;
    },
    parts,
    origin: { seed, firstStartedAt: world.firstStartedAt },
    close: () => {
      webhooks.close();
      interceptors.close();
      return listener.close();
    },
  };
}

/** An interceptor with a secret, unless it has its own. */
function withSecret(json: unknown, secret: string): unknown {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? { secret, ...json } : json;
}

function seededDigits(random: SeededRandom): string {
  return `7${Array.from({ length: 17 }, (_, index) => random.number(10, 'client id', index)).join('')}`;
}

function addressOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

async function listenError(error: NodeJS.ErrnoException, host: string, port: number): Promise<Error> {
  const cause = { cause: error };
  switch (error.code) {
    case 'EADDRINUSE': {
      const other = await otherSandboxAt(addressOf(host), port);
      const by = other === undefined ? '' : ` by another sandbox`;
      const message = `Port ${port} on ${host} is in use${by}. Choose another port, or 0 for any free one.`;
      return new PortTakenError(message, other, cause);
    }
    case 'EACCES':
      // Windows keeps some of the higher ports for itself.
      return new PortTakenError(
        `Port ${port} on ${host} isn't open to this user. Choose ${port < 1024 ? 'a port from 1024 up' : 'another port'}.`,
        undefined,
        cause,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`${host} isn't an address of this machine.`, cause);
    default:
      return new Error(`The sandbox can't listen on ${host}:${port}: ${error.message}`, cause);
  }
}
