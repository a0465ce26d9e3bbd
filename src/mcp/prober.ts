import type { IncomingMessage, RequestOptions } from 'node:http';
import type { LookupFunction } from 'node:net';
import { hostKey, isPrivateAddress, namesPrivateAddress } from './privateAddress';
import { urlFault } from './serverUrl';

/** How many requests a check sends at most. */
export const MOST_REQUESTS = 10;

/** How much of a response is read, in bytes. */
export const MOST_BYTES = 256 * 1024;

/** How long a request may take, in milliseconds. */
export const DEADLINE_MS = 10_000;

const MOST_HEADER_BYTES = 32 * 1024;

/** An IP address of a host. */
export interface HostAddress {
  readonly address: string;
  readonly family: number;
}

/** Looks a host name up. */
export type Resolve = (hostname: string) => Promise<readonly HostAddress[]>;

/** Why there's no response. `private`: an address of this machine or network that nobody typed. */
export type ProbeFailure =
  | 'malformed'
  | 'insecure'
  | 'userInfo'
  | 'private'
  | 'limit'
  | 'unknownHost'
  | 'refused'
  | 'timeout'
  | 'tooLarge'
  | 'tls'
  | 'network';

export interface ProbeRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether the response's body matters. Otherwise it isn't read. */
  readonly readBody: boolean;
}

/** A response, whatever its status. A redirect isn't followed. */
export interface ProbeResponse {
  readonly status: number;
  readonly contentType: string;
  /** All `WWW-Authenticate` headers, joined by commas. */
  readonly challenge: string | undefined;
  readonly location: string | undefined;
  /** Empty if it wasn't read. */
  readonly text: string;
}

/** A request that was sent or refused, for the document. It has no header and no body. */
export interface ProbeLine {
  readonly method: string;
  readonly url: string;
  readonly status?: number;
  readonly failure?: ProbeFailure;
  /** The system's word for the failure, for example ECONNRESET. */
  readonly reason?: string;
  readonly durationMs: number;
  /** Whether the access token went with it. */
  readonly withToken: boolean;
}

export interface ProberOptions {
  readonly resolve: Resolve;
  /** What a person typed or saved: these may be on this machine or in a private network. */
  readonly typedUrls: readonly string[];
  readonly userAgent: string;
  /** Milliseconds since any moment. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  readonly deadlineMs?: number;
}

/**
 * Sends the requests of one check. Each host is looked up once, and connections go only to the addresses found then,
 * so that a name can't change its meaning in between.
 */
export class Prober {
  readonly lines: ProbeLine[] = [];
  private signal: AbortSignal | undefined;
  private readonly typed: ReadonlySet<string>;
  private readonly addresses = new Map<string, Promise<readonly HostAddress[]>>();

  constructor(private readonly options: ProberOptions) {
    this.typed = new Set(options.typedUrls.filter((url) => URL.canParse(url)).map(hostKey));
    this.signal = options.signal;
  }

  /** Goes on with another signal, and with the addresses that were found before. */
  continueWith(signal: AbortSignal): void {
    this.signal = signal;
  }

  /** @throws the signal's reason, if the user cancelled */
  async send(request: ProbeRequest): Promise<ProbeResponse | ProbeFailure> {
    const { now } = this.options;
    const { signal } = this;
    signal?.throwIfAborted();
    const startedAt = now();
    const result = await this.attempt(request);
    signal?.throwIfAborted();
    const common = {
      method: request.method,
      url: request.url,
      durationMs: now() - startedAt,
      withToken: request.headers?.['authorization'] !== undefined,
    };
    if ('failure' in result) {
      if (result.failure !== 'limit') this.lines.push({ ...common, ...result });
      return result.failure;
    }
    this.lines.push({ ...common, status: result.status });
    return result;
  }

  private async attempt(request: ProbeRequest): Promise<ProbeResponse | Failure> {
    const fault = urlFault(request.url);
    if (fault !== undefined) return { failure: fault === 'insecure' || fault === 'userInfo' ? fault : 'malformed' };
    if (this.lines.length >= MOST_REQUESTS) return { failure: 'limit' };
    const { hostname } = new URL(request.url);
    const isTyped = this.typed.has(hostKey(request.url));
    if (!isTyped && namesPrivateAddress(hostname)) return { failure: 'private' };
    const deadline = AbortSignal.timeout(this.options.deadlineMs ?? DEADLINE_MS);
    const signal = this.signal === undefined ? deadline : AbortSignal.any([this.signal, deadline]);
    try {
      const addresses = await aborted(this.addressesOf(hostname), signal);
      // Even a typed public name must not lead into a private network: its owner chose that, not the person.
      const mayBePrivate = isTyped && namesPrivateAddress(hostname);
      if (!mayBePrivate && addresses.some(({ address }) => isPrivateAddress(address))) return { failure: 'private' };
      return await this.exchange(request, addresses, signal);
    } catch (error) {
      return deadline.aborted ? { failure: 'timeout' } : failureOf(error);
    }
  }

  private addressesOf(hostname: string): Promise<readonly HostAddress[]> {
    let found = this.addresses.get(hostname);
    if (found === undefined) {
      found = this.options.resolve(hostname.replace(/^\[|\]$/g, ''));
      this.addresses.set(hostname, found);
    }
    return found;
  }

  private async exchange(
    { method, url, headers, body, readBody }: ProbeRequest,
    addresses: readonly HostAddress[],
    signal: AbortSignal,
  ): Promise<ProbeResponse | Failure> {
    const [first] = addresses;
    if (first === undefined) return { failure: 'unknownHost' };
    const lookup: LookupFunction = (_hostname, { all }, callback) => {
      if (all === true)
        callback(
          null,
          addresses.map(({ address, family }) => ({ address, family })),
        );
      else callback(null, first.address, first.family);
    };
    const options: RequestOptions = {
      method,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': this.options.userAgent,
        ...headers,
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
      lookup,
      agent: false,
      maxHeaderSize: MOST_HEADER_BYTES,
      signal,
    };
    const { request } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(url, options, resolve);
      sent.on('error', reject);
      sent.end(body);
    });
    try {
      const text = readBody ? await bodyOf(response) : '';
      if (text === undefined) return { failure: 'tooLarge' };
      return {
        status: response.statusCode ?? 0,
        contentType: response.headers['content-type'] ?? '',
        challenge: response.headers['www-authenticate'],
        location: response.headers.location,
        text,
      };
    } finally {
      response.on('error', () => undefined);
      response.destroy();
    }
  }
}

interface Failure {
  readonly failure: ProbeFailure;
  readonly reason?: string;
}

/** The whole body, or undefined if it's too large. */
async function bodyOf(response: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A lookup can't be stopped, but nobody has to wait for it. */
function aborted<T>(task: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    task.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function failureOf(error: unknown): Failure {
  const code = codeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_FAIL' || code === 'ENODATA')
    return { failure: 'unknownHost', reason: code };
  if (code === 'ECONNREFUSED') return { failure: 'refused', reason: code };
  if (code === 'ETIMEDOUT') return { failure: 'timeout', reason: code };
  if (/CERT|^ERR_TLS|^ERR_SSL|SELF_SIGNED|^UNABLE_TO|^EPROTO$|^HOSTNAME_MISMATCH$/.test(code))
    return { failure: 'tls', reason: code };
  return { failure: 'network', ...(code === '' ? {} : { reason: code }) };
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf((error.errors as unknown[])[0]);
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : '';
}
