import { startHttpServer, type HttpServer } from './httpServer';

/**
 * Sits in front of a server and records its requests with their bodies, which the sandbox itself doesn't keep. Calls `onAnswer` for
 * each response.
 */
export function startRecordingProxy(
  target: string,
  onAnswer?: (path: string, body: string) => void,
): Promise<HttpServer> {
  return startHttpServer(async ({ method, path, headers, body }, response) => {
    const { authorization, 'content-type': contentType } = headers;
    const answer = await forward(`${target}${path}`, {
      method,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
      },
      ...(body === '' ? {} : { body }),
    });
    // A response that was cut there is cut here.
    if (answer === undefined) response.destroy();
    else {
      onAnswer?.(path, answer.body.toString('utf8'));
      response.writeHead(answer.status, { 'content-type': answer.contentType }).end(answer.body);
    }
  });
}

async function forward(
  url: string,
  init: RequestInit,
): Promise<{ status: number; contentType: string; body: Buffer } | undefined> {
  try {
    const answer = await fetch(url, init);
    const body = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, contentType: answer.headers.get('content-type') ?? 'application/json', body };
  } catch {
    return undefined;
  }
}
