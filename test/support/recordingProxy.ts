import { startHttpServer, type HttpServer } from './httpServer';

/**
 * Sits in front of a server and records its requests with their bodies, which the sandbox itself doesn't store. Calls
 * `onResponse` for each response.
 */
export function startRecordingProxy(
  target: string,
  onResponse?: (path: string, body: string) => void,
): Promise<HttpServer> {
  return startHttpServer(async ({ method, path, headers, body }, response) => {
    const { authorization, 'content-type': contentType } = headers;
    const upstream = await forward(`${target}${path}`, {
      method,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
      },
      ...(body === '' ? {} : { body }),
    });
    // A response that was cut off there is cut off here.
    if (upstream === undefined) response.destroy();
    else {
      onResponse?.(path, upstream.body.toString('utf8'));
      response.writeHead(upstream.status, { 'content-type': upstream.contentType }).end(upstream.body);
    }
  });
}

async function forward(
  url: string,
  init: RequestInit,
): Promise<{ status: number; contentType: string; body: Buffer } | undefined> {
  try {
    const upstream = await fetch(url, init);
    const body = Buffer.from(await upstream.arrayBuffer());
    return { status: upstream.status, contentType: upstream.headers.get('content-type') ?? 'application/json', body };
  } catch {
    return undefined;
  }
}
