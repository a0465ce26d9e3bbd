import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { PortListener } from '../../src/sandbox/protocol/portListener';
import { bytesOf, RecordedResponses } from './recordedResponses';

// A server that returns recorded bytes from memory, so that a client's time isn't spent waiting for a server that computes:
//   node replayServer.js ORIGIN
// It records each new request's response from ORIGIN. Once that server is gone, it returns only what it has. It prints its own origin.

async function serveRest(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url: path = '', headers } = request;
  const recorded = await responses.respond({ protocol: 'http1', method, path, headers, body: await bytesOf(request) });
  response.writeHead(recorded.status, { ...recorded.headers, 'content-length': recorded.body.length });
  response.end(recorded.body);
}

async function serveGrpc(request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> {
  const { method, url: path, headers } = request;
  const recorded = await responses.respond({ protocol: 'http2', method, path, headers, body: await bytesOf(request) });
  response.writeHead(recorded.status, recorded.headers);
  response.addTrailers(recorded.trailers);
  response.end(recorded.body);
}

const [origin = ''] = process.argv.slice(2);
const responses = new RecordedResponses(origin);
const listener = new PortListener(
  (request, response) => void serveRest(request, response).catch(() => response.destroy()),
  () => Promise.resolve((request, response) => void serveGrpc(request, response).catch(() => request.stream.close())),
);
void listener.listen(0, '127.0.0.1').then((port) => console.log(`http://127.0.0.1:${port}`));
