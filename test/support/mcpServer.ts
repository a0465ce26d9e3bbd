import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { ServerResponse } from 'node:http';
import { sendJson, startHttpServer, type HttpServer, type SeenRequest } from './httpServer';

/** How an MCP server of a test differs from a good one. */
export interface McpServerFaults {
  /** Replaces the whole response to a request. */
  respond?: (request: SeenRequest, response: ServerResponse) => boolean;
  /** The header of its 401. Undefined sends none. */
  challenge?: string | undefined;
  /** Replaces its metadata's fields. Undefined takes one out. */
  metadata?: Record<string, unknown>;
}

/** A resource server of MCP that knows nothing of the product: it checks tokens with `jose` alone. */
export interface McpServer extends HttpServer {
  /** The URL that clients are given. */
  readonly serverUrl: string;
  faults: McpServerFaults;
  /** The tokens that it accepted. */
  readonly accepted: readonly Record<string, unknown>[];
}

export interface McpServerOptions {
  /** `{environment}/resources/res_…` */
  readonly authorizationServer: () => string;
  readonly issuers: () => readonly string[];
  readonly audience: (serverUrl: string) => readonly string[];
  readonly jwksUri: () => string;
  readonly scope: string;
}

/** Starts it at /mcp on a free port. */
export async function startMcpServer(options: McpServerOptions): Promise<McpServer> {
  const accepted: Record<string, unknown>[] = [];
  const server = await startHttpServer(() => undefined);
  const serverUrl = `${server.url.replace('127.0.0.1', 'localhost')}/mcp`;
  const origin = new URL(serverUrl).origin;
  const mcp: McpServer = Object.assign(server, { serverUrl, faults: {}, accepted });
  const link = `${origin}/.well-known/oauth-protected-resource/mcp`;
  const refuse = (response: ServerResponse, status: number, more = ''): void => {
    const header =
      'challenge' in mcp.faults ? mcp.faults.challenge : `Bearer realm="OAuth", resource_metadata="${link}"${more}`;
    sendJson(response, {}, status, header === undefined ? {} : { 'www-authenticate': header });
  };
  server.answerWith(async (request, response) => {
    if (mcp.faults.respond?.(request, response) === true) return;
    if (request.path === '/.well-known/oauth-protected-resource/mcp') {
      const metadata = {
        resource: serverUrl,
        authorization_servers: [options.authorizationServer()],
        bearer_methods_supported: ['header'],
        scopes_supported: [options.scope],
        ...mcp.faults.metadata,
      };
      return sendJson(response, metadata);
    }
    if (request.path !== '/mcp') return void response.writeHead(404).end();
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) return refuse(response, 401);
    try {
      const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(options.jwksUri())), {
        algorithms: ['RS256'],
        issuer: [...options.issuers()],
        audience: [...options.audience(serverUrl)],
      });
      const scopes = Array.isArray(payload['scopes']) ? (payload['scopes'] as unknown[]) : [];
      if (!scopes.includes(options.scope))
        return refuse(response, 403, `, error="insufficient_scope", scope="${options.scope}"`);
      accepted.push(payload);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      return refuse(response, 401, `, error="invalid_token", error_description="${code}"`);
    }
    sendJson(response, {
      jsonrpc: '2.0',
      id: (JSON.parse(request.body || '{}') as { id?: number }).id ?? 1,
      result: {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'test', version: '1' },
      },
    });
  });
  return mcp;
}
