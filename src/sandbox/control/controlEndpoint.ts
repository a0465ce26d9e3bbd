import type { Clock } from '../clock';
import type { Faults } from '../faults';
import type { AccessTokens } from '../oauth/accessTokens';
import { ApiError } from '../protocol/apiError';
import { newApplication, type ApiClient, type ApiClients, type ApplicationType } from '../oauth/apiClients';
import { isOutcome, LONGEST_DELAY_MS, type OrderedOutcomes } from '../signIn/outcomes';
import type { SignInSettings } from '../signIn/signInSettings';
import { headerOf, jsonResponse, type SandboxResponse, type HttpRequest, type HttpSite } from '../protocol/response';
import { randomDigits, randomSecret } from '../random';
import type { ReceivedRequests } from '../receivedRequests';
import { aboutJson, type About } from './about';
import { DIRECTORY_HELP, type DirectoryControl } from './directoryControl';
import { parseFault } from './faultSchema';
import { INTERCEPTOR_HELP, type InterceptorControl } from './interceptorControl';
import { MCP_HELP, type McpControl } from './mcpControl';
import type { RateLimit } from './rateLimit';
import { WEBHOOK_HELP, type WebhookControl } from './webhookControl';

const PREFIX = '/__sandbox/';
const HELP = {
  'GET /__sandbox/about': 'which sandbox this is: its client, and who started it when',
  'GET /__sandbox/requests': 'the requests received: a count for each method and path, and the latest ones',
  'DELETE /__sandbox/requests': 'clears them',
  'GET /__sandbox/faults': 'the active faults, and how often each one happened',
  'POST /__sandbox/faults': 'adds one: {"path":"/api/v1/organizations","times":2,"status":429,"retryAfter":3}',
  'DELETE /__sandbox/faults': 'removes them',
  'POST /__sandbox/expire-tokens': 'expires every token issued so far',
  'POST /__sandbox/time': 'moves its clock on, by which tokens, codes and sessions expire: {"move_on_seconds":300}',
  'POST /__sandbox/rotate-keys': 'signs with a new key; {"keep_old":true} keeps the old one in /keys',
  'POST /__sandbox/rate-limit': 'limits requests: {"per_minute":60}, or {"per_minute":null} for no limit',
  'POST /__sandbox/clients':
    'creates a client: {"permissions":["organizations_read"],"disallow_scalekit_api_access":false,"client_type":"WEB"}, or SPA or NATIVE, which have no secret',
  'DELETE /__sandbox/clients/{client_id}': 'deletes a client',
  'DELETE /__sandbox/clients/{client_id}/secret': 'revokes its secrets',
  ...DIRECTORY_HELP,
  ...WEBHOOK_HELP,
  ...INTERCEPTOR_HELP,
  ...MCP_HELP,
  'GET /__sandbox/sign-in': 'how people sign in',
  'POST /__sandbox/sign-in': 'changes that: {"mode":"full-stack","strict_redirects":false}, or "modular-sso"',
  'GET /__sandbox/outcomes': 'the outcomes ordered for the next sign-ins',
  'POST /__sandbox/outcomes': 'orders one: {"outcome":"access_denied","times":1,"delay_ms":0}',
  'DELETE /__sandbox/outcomes': 'removes them',
};

/** What a new client may do. */
export interface ClientRights {
  /** Default: a web application. Others have no secret. */
  readonly type?: ApplicationType;
  readonly permissions?: readonly string[];
  readonly disallowScalekitApiAccess?: boolean;
}

/** Creates another client of the environment. One without a secret gets the empty text for it. */
export function addClient(
  clients: ApiClients,
  { type = 'WEB', ...rights }: ClientRights,
  now: number,
): { clientId: string; clientSecret: string } {
  const clientSecret = type === 'WEB' ? `test_${randomSecret()}` : '';
  const client: ApiClient = {
    clientId: `${type === 'SPA' ? 'spac' : 'skc'}_${randomDigits(18)}`,
    secrets: type === 'WEB' ? [{ id: `sks_${randomDigits(17)}`, value: clientSecret, active: true }] : [],
    application: newApplication(type, now),
    ...rights,
  };
  clients.put(client);
  return { clientId: client.clientId, clientSecret };
}

/** What the control endpoint changes about signing in. */
export interface SignInControl {
  readonly settings: SignInSettings;
  readonly outcomes: OrderedOutcomes;
  expireAccessTokens(): void;
  now(): number;
}

/**
 * `/__sandbox/`: lets tests, and people who test their retry code, make things go wrong. Only programs on this machine
 * can use it, and no web page can: it refuses a request with an `Origin`, or with another name of this machine as its host.
 */
export class ControlEndpoint implements HttpSite {
  constructor(
    private readonly faults: Faults,
    private readonly received: ReceivedRequests,
    private readonly tokens: AccessTokens,
    private readonly clients: ApiClients,
    private readonly rateLimit: RateLimit,
    private readonly about: About,
    private readonly directories: DirectoryControl,
    private readonly signIn: SignInControl,
    private readonly webhooks: WebhookControl,
    private readonly interceptors: InterceptorControl,
    private readonly mcp: McpControl,
    private readonly clock: Clock,
  ) {}

  respond(request: HttpRequest): SandboxResponse | undefined {
    if (!request.path.startsWith(PREFIX)) return undefined;
    if (!isOfThisMachine(request)) return problem(403, 'Only programs on this machine can do that.');
    try {
      return this.#act(request, request.path.slice(PREFIX.length), () => parseBody(request.body));
    } catch (error) {
      const status = error instanceof ApiError ? error.httpStatus : 400;
      return problem(status, error instanceof Error ? error.message : String(error));
    }
  }

  #act({ method, query }: HttpRequest, path: string, body: () => Record<string, unknown>): SandboxResponse {
    const byPart =
      this.directories.respond(method, path, body) ??
      this.webhooks.respond(method, path, query, body) ??
      this.interceptors.respond(method, path, body) ??
      this.mcp.respond(method, path, body);
    if (byPart !== undefined) return byPart;
    const [, clientId, secret] = /^clients\/([^/]+)(\/secret)?$/.exec(path) ?? [];
    if (method === 'DELETE' && clientId !== undefined) return this.#dropClient(clientId, secret !== undefined);
    switch (`${method} ${path}`) {
      case 'GET ':
        return jsonResponse(200, HELP);
      case 'GET about':
        return jsonResponse(200, aboutJson(this.about));
      case 'GET requests': {
        const counts: Record<string, number> = {};
        for (const { method: verb, path: target } of this.received.all) {
          const key = `${verb} ${target.split('?', 1)[0]}`;
          counts[key] = (counts[key] ?? 0) + 1;
        }
        return jsonResponse(200, { total: this.received.all.length, counts, requests: this.received.all.slice(-1000) });
      }
      case 'DELETE requests':
        this.received.clear();
        return jsonResponse(200, {});
      case 'GET faults':
        return jsonResponse(200, { faults: this.faults.list() });
      case 'POST faults':
        this.faults.add(parseFault(body()));
        return jsonResponse(200, { faults: this.faults.list() });
      case 'DELETE faults':
        this.faults.clear();
        return jsonResponse(200, {});
      case 'POST expire-tokens':
        this.tokens.expireAll();
        this.signIn.expireAccessTokens();
        return jsonResponse(200, {});
      case 'POST time': {
        const seconds = body()['move_on_seconds'];
        if (typeof seconds !== 'number') return problem(400, 'move_on_seconds must be a number.');
        this.clock.moveOn(seconds * 1000);
        return jsonResponse(200, { ahead_seconds: this.clock.aheadMs / 1000 });
      }
      case 'POST rotate-keys':
        this.tokens.rotateKeys(body()['keep_old'] === true);
        return jsonResponse(200, {});
      case 'POST rate-limit': {
        const limit = body()['per_minute'] ?? undefined;
        if (limit !== undefined && !(Number.isInteger(limit) && (limit as number) > 0)) {
          return problem(400, 'per_minute must be a whole number above 0, or null.');
        }
        this.rateLimit.set(limit as number | undefined);
        return jsonResponse(200, { per_minute: limit ?? null });
      }
      case 'POST clients':
        return this.#addClient(body());
      case 'GET sign-in':
        return this.#signInState();
      case 'POST sign-in':
        return this.#changeSignIn(body());
      case 'GET outcomes':
        return this.#outcomeList();
      case 'POST outcomes':
        return this.#order(body());
      case 'DELETE outcomes':
        this.signIn.outcomes.clear();
        return jsonResponse(200, {});
      default:
        return problem(404, `There is no ${method} ${PREFIX}${path}. GET ${PREFIX} lists what exists.`);
    }
  }

  #addClient(body: Record<string, unknown>): SandboxResponse {
    const permissions = body['permissions'];
    if (
      permissions !== undefined &&
      !(Array.isArray(permissions) && permissions.every((name) => typeof name === 'string'))
    ) {
      return problem(400, 'permissions must be a list of texts.');
    }
    const type = body['client_type'] ?? 'WEB';
    if (type !== 'WEB' && type !== 'SPA' && type !== 'NATIVE')
      return problem(400, 'client_type must be WEB, SPA or NATIVE.');
    const { clientId, clientSecret } = addClient(
      this.clients,
      {
        type,
        ...(permissions === undefined ? {} : { permissions: permissions as string[] }),
        disallowScalekitApiAccess: body['disallow_scalekit_api_access'] === true,
      },
      this.signIn.now(),
    );
    return jsonResponse(200, { client_id: clientId, ...(clientSecret === '' ? {} : { client_secret: clientSecret }) });
  }

  #signInState(): SandboxResponse {
    const { mode, strictRedirects } = this.signIn.settings;
    return jsonResponse(200, { mode, strict_redirects: strictRedirects });
  }

  #changeSignIn(body: Record<string, unknown>): SandboxResponse {
    const { settings } = this.signIn;
    const { mode = settings.mode, strict_redirects: strict = settings.strictRedirects } = body;
    if (mode !== 'full-stack' && mode !== 'modular-sso')
      return problem(400, 'mode must be "full-stack" or "modular-sso".');
    if (typeof strict !== 'boolean') return problem(400, 'strict_redirects must be true or false.');
    Object.assign(settings, { mode, strictRedirects: strict });
    return this.#signInState();
  }

  #outcomeList(): SandboxResponse {
    const outcomes = this.signIn.outcomes
      .list()
      .map(({ outcome, delayMs, times }) => ({ outcome, delay_ms: delayMs, times }));
    return jsonResponse(200, { outcomes });
  }

  #order({ outcome, times = 1, delay_ms: delayMs = 0 }: Record<string, unknown>): SandboxResponse {
    if (typeof outcome !== 'string' || !isOutcome(outcome))
      return problem(400, "There is no such outcome. They're success, those of the sign-in page, and the error codes.");
    if (!Number.isInteger(times) || (times as number) < 1) return problem(400, 'times must be a whole number above 0.');
    if (typeof delayMs !== 'number' || !(delayMs >= 0 && delayMs <= LONGEST_DELAY_MS))
      return problem(400, `delay_ms must be a number from 0 to ${LONGEST_DELAY_MS}.`);
    this.signIn.outcomes.add({ outcome, delayMs }, times as number);
    return this.#outcomeList();
  }

  #dropClient(clientId: string, onlySecrets: boolean): SandboxResponse {
    const client = this.clients.find(clientId);
    if (client === undefined) return problem(404, `There is no client ${clientId}.`);
    if (onlySecrets) for (const secret of client.secrets) secret.active = false;
    else this.clients.remove(clientId);
    return jsonResponse(200, {});
  }
}

function isOfThisMachine(request: HttpRequest): boolean {
  const host = (headerOf(request, 'host') ?? '').replace(/:\d+$/, '');
  return (
    request.isLocal &&
    headerOf(request, 'origin') === undefined &&
    /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(host)
  );
}

function problem(status: number, message: string): SandboxResponse {
  return jsonResponse(status, { error: message });
}

function parseBody(text: string): Record<string, unknown> {
  if (text.trim() === '') return {};
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error('The body must be JSON.');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Error('The body must be a JSON object.');
  return json as Record<string, unknown>;
}
