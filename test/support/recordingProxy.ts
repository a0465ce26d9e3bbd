import { startHttpServer, type HttpServer } from './httpServer';

/**
 * Stands before a server and remembers what it was asked, bodies included, which the sandbox itself does not keep. `onAnswer` is told of
 * each answer.
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
    // What was cut there is cut here.
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
