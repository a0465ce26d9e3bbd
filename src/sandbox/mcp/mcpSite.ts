import { oauthError, wrongMethod } from '../oauth/oauthError';
import { loopbackOrigin, refuseForeignHost } from '../pages/loopback';
import { headerOf, jsonResponse, type HttpRequest, type HttpSite, type SandboxResponse } from '../protocol/response';
import type { McpResources } from './mcpResources';
import type { RegisteredClients } from './registration';
import { resourceMetadata } from './resourceMetadata';

/** Both forms of a resource's metadata address: RFC 8414's, which MCP clients ask for, and the documented one. */
const METADATA = [
  /^\/\.well-known\/oauth-authorization-server\/resources\/([^/]+)$/,
  /^\/resources\/([^/]+)\/\.well-known\/oauth-authorization-server$/,
];
const REGISTRATION = /^\/api\/v1\/resources\/([^/]+)\/clients:register$/;

/** What an MCP client asks an environment before a person signs in: metadata, and its own registration. */
export class McpSite implements HttpSite {
  /** @param url the issuer for a request whose Host isn't this machine */
  constructor(
    private readonly resources: McpResources,
    private readonly registered: RegisteredClients,
    private readonly url: () => string,
  ) {}

  respond(request: HttpRequest): SandboxResponse | undefined {
    const { path, method } = request;
    for (const pattern of METADATA) {
      const id = pattern.exec(path)?.[1];
      if (id === undefined) continue;
      if (method !== 'GET') return wrongMethod();
      const resource = this.resources.get(id);
      if (resource === undefined) return oauthError(404, 'not_found', 'no such resource');
      return jsonResponse(200, resourceMetadata(resource, loopbackOrigin(request) ?? this.url()));
    }
    const id = REGISTRATION.exec(path)?.[1];
    if (id === undefined) return undefined;
    return method === 'POST' ? this.#register(request, id) : wrongMethod();
  }

  #register(request: HttpRequest, id: string): SandboxResponse {
    const refusal = refuseForeignHost(request);
    if (refusal !== undefined) return refusal;
    const resource = this.resources.get(id);
    if (resource === undefined) return oauthError(404, 'not_found', 'no such resource');
    // A page elsewhere can send any other type without being asked first.
    const isJson = /^application\/json\s*(;|$)/i.test(headerOf(request, 'content-type') ?? '');
    const metadata = isJson ? jsonObject(request.body) : undefined;
    if (metadata === undefined) return oauthError(400, 'invalid_client_metadata', 'the body must be a JSON object');
    const result = this.registered.register(resource, metadata);
    return 'error' in result
      ? oauthError(400, result.error, result.description)
      : jsonResponse(201, result, { pragma: 'no-cache' });
  }
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
