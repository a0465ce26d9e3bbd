import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandboxServer';
import type { McpResource } from '../../src/sandbox/mcp/mcpResources';
import { startMcpServer, type McpServer } from './mcpServer';

export interface SandboxMcpServer {
  readonly sandbox: Sandbox;
  /** The sandbox's address, by the name that its tokens have. */
  readonly url: string;
  readonly server: McpServer;
  /** The server as it's registered with the sandbox. */
  readonly resource: McpResource;
}

/** An MCP server whose authorization server is a new sandbox. Whoever starts them closes both. */
export async function startSandboxMcpServer(
  options: SandboxOptions,
  {
    scopes,
    takesResourceIssuer,
  }: {
    readonly scopes: readonly string[];
    /** Whether it also takes tokens that the resource itself has issued. */
    readonly takesResourceIssuer: boolean;
  },
): Promise<SandboxMcpServer> {
  const sandbox = await startSandbox(options);
  const url = sandbox.url.replace('127.0.0.1', 'localhost');
  const ofResource = (): string => `${url}/resources/${resource.id}`;
  const server = await startMcpServer({
    authorizationServer: ofResource,
    issuers: () => (takesResourceIssuer ? [url, ofResource()] : [url]),
    audience: (serverUrl) => [resource.id, serverUrl],
    jwksUri: () => `${url}/keys`,
    scope: 'todo:read',
  });
  const resource = sandbox.addResource({ url: server.serverUrl, scopes });
  return { sandbox, url, server, resource };
}
