import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect, type ClientHttp2Session, type IncomingHttpHeaders as Http2Headers } from 'node:http2';

/** A response as its bytes came. */
export interface RecordedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
  readonly trailers: Readonly<Record<string, string | string[]>>;
}

/** A request that may be recorded. */
export interface ReplayedRequest {
  readonly protocol: 'http1' | 'http2';
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Headers of one connection, and what asks for compression: the contenders are to read the same uncompressed bytes. */
const NOT_FORWARDED = new Set([
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'http2-settings',
  'accept-encoding',
  'grpc-accept-encoding',
]);
const NOT_REPLAYED = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date']);

/** Records each response of a server once, and returns the same bytes for every equal request after that. */
export class RecordedResponses {
  private readonly recorded = new Map<string, Promise<RecordedResponse>>();
  private readonly agent = new Agent({ keepAlive: true });
  private session: ClientHttp2Session | undefined;

  constructor(private readonly origin: string) {}

  /** The response to this request. @throws if it isn't recorded and the server is gone */
  respond(request: ReplayedRequest): Promise<RecordedResponse> {
    // A token that differs only in when it was issued changes nothing.
    const isAuthorized = request.headers.authorization !== undefined;
    const key = [request.protocol, request.method, request.path, isAuthorized, request.body.toString('latin1')].join(
      '\n',
    );
    const known = this.recorded.get(key);
    if (known !== undefined) return known;
    const response = request.protocol === 'http1' ? this.sendHttp1(request) : this.sendHttp2(request);
    this.recorded.set(key, response);
    return response;
  }

  private async sendHttp1({ method, path, headers, body }: ReplayedRequest): Promise<RecordedResponse> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpRequest(`${this.origin}${path}`, { method, agent: this.agent, headers: forwarded(headers) });
      request.on('response', resolve).on('error', reject).end(body);
    });
    return {
      status: response.statusCode ?? 0,
      headers: replayed(response.headers),
      body: await bytesOf(response),
      trailers: {},
    };
  }

  private async sendHttp2({ method, path, headers, body }: ReplayedRequest): Promise<RecordedResponse> {
    this.session ??= connect(this.origin).on('error', () => undefined);
    const stream = this.session.request({ ':method': method, ':path': path, ...forwarded(headers) });
    let trailers: Http2Headers = {};
    stream.on('trailers', (received: Http2Headers) => (trailers = received));
    const response = new Promise<Http2Headers>((resolve, reject) => {
      stream.on('response', resolve).on('error', reject).end(body);
    });
    const received = await response;
    const bytes = await bytesOf(stream);
    return {
      status: Number(received[':status']),
      headers: replayed(received),
      body: bytes,
      trailers: replayed(trailers),
    };
  }
}

function forwarded(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !NOT_FORWARDED.has(name) && !name.startsWith(':')),
  );
}

function replayed(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept: [string, string | string[]][] = [];
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !NOT_REPLAYED.has(name) && !name.startsWith(':')) kept.push([name, value]);
  return Object.fromEntries(kept);
}

/** All bytes of a body. */
export async function bytesOf(body: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
