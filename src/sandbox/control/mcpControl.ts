import type { McpResource, McpResources } from '../mcp/mcpResources';
import { resourceIssuer } from '../mcp/resourceMetadata';
import { jsonResponse, type SandboxResponse } from '../protocol/response';

/** What the control endpoint's help says of these paths. */
export const MCP_HELP = {
  'GET /__sandbox/resources':
    'the MCP servers that are registered here, each with the authorization server to name in its metadata',
  'POST /__sandbox/resources':
    'registers one: {"url":"http://localhost:3002/mcp","name":"Todo","scopes":["todo:read"],"issuer":"environment"}, or "resource" for tokens with the resource’s own issuer',
  'DELETE /__sandbox/resources/{resource_id}': 'deletes one',
};

/** The MCP servers' part of the control endpoint. */
export class McpControl {
  constructor(
    private readonly resources: McpResources,
    private readonly url: () => string,
  ) {}

  /**
   * Undefined for a path or method that isn't its own.
   * @param path without the control endpoint's prefix
   * @param body reads the request's JSON
   * @throws Error with a sentence
   */
  respond(method: string, path: string, body: () => Record<string, unknown>): SandboxResponse | undefined {
    const [, id] = /^resources\/([^/]+)$/.exec(path) ?? [];
    if (method === 'DELETE' && id !== undefined) {
      return this.resources.remove(id)
        ? jsonResponse(200, {})
        : jsonResponse(404, { error: `There is no resource ${id}.` });
    }
    switch (`${method} ${path}`) {
      case 'GET resources':
        return jsonResponse(200, { resources: this.resources.list().map((each) => this.#json(each)) });
      case 'POST resources':
        return jsonResponse(200, this.#json(this.#add(body())));
      default:
        return undefined;
    }
  }

  #add({ url, name = 'MCP server', scopes = [], issuer = 'environment' }: Record<string, unknown>): McpResource {
    if (typeof url !== 'string') throw new Error('url must be a text.');
    if (typeof name !== 'string') throw new Error('name must be a text.');
    if (!Array.isArray(scopes) || !scopes.every((scope): scope is string => typeof scope === 'string'))
      throw new Error('scopes must be a list of texts.');
    if (issuer !== 'environment' && issuer !== 'resource')
      throw new Error('issuer must be "environment" or "resource".');
    return this.resources.add({ url, name, scopes, issuer });
  }

  #json({ id, name, url, scopes, issuer }: McpResource): object {
    return { id, name, url, scopes, issuer, authorization_server: resourceIssuer(this.url(), id) };
  }
}
