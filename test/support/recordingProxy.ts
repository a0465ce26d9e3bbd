import { startHttpServer, type HttpServer } from './httpServer';

/** Stands before a server and remembers what it was asked, bodies included, which the sandbox itself does not keep. */
export function startRecordingProxy(target: string): Promise<HttpServer> {
  return startHttpServer(async ({ method, path, headers, body }, response) => {
    const { authorization, 'content-type': contentType } = headers;
    const answer = await fetch(`${target}${path}`, {
      method,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
      },
      ...(body === '' ? {} : { body }),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
}
