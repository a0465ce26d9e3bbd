import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { loopbackLookup } from './loopbackTarget';

const MOST_KEPT_BYTES = 65_536;

/** What came of a POST. */
export interface Reply {
  /** Undefined if no response came. */
  readonly status: number | undefined;
  /** Why no response came, or why it isn't whole, as a sentence. */
  readonly problem: string | undefined;
  /** The response's first 64 kB. */
  readonly body: string;
  readonly milliseconds: number;
}

/** Connections to one target. They stay open for the next POST. */
export class Connections {
  readonly #http: Agent;

  constructor(
    private readonly url: URL,
    most: number,
  ) {
    const options = { keepAlive: true, maxSockets: most };
    this.#http = url.protocol === 'https:' ? new HttpsAgent(options) : new Agent(options);
  }

  /**
   * Sends a JSON text once, and never rejects. Redirects aren't followed. A target that hangs costs `timeoutMs`, one that
   * sends without end 64 kB.
   */
  async post(
    headers: Readonly<Record<string, string>>,
    body: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Reply> {
    const start = performance.now();
    const deadline = start + timeoutMs;
    for (let isFirst = true; ; isFirst = false) {
      const { wasIdle, ...reply } = await this.#once(headers, body, deadline - performance.now(), timeoutMs, signal);
      // The target had closed a connection that was kept open, before it read anything.
      if (wasIdle && isFirst && performance.now() < deadline) continue;
      return { ...reply, milliseconds: Math.round(performance.now() - start) };
    }
  }

  close(): void {
    this.#http.destroy();
  }

  #once(
    headers: Readonly<Record<string, string>>,
    body: string,
    leftMs: number,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Omit<Reply, 'milliseconds'> & { wasIdle: boolean }> {
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      let size = 0;
      let status: number | undefined;
      let request: ClientRequest | undefined;
      const finish = (problem?: string, wasIdle = false) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        const text = Buffer.concat(chunks).subarray(0, MOST_KEPT_BYTES).toString('utf8');
        resolve({ status, problem, body: text, wasIdle });
      };
      const giveUp = (problem: string) => {
        finish(problem);
        request?.destroy();
      };
      const abort = () => giveUp('It was stopped.');
      const timer = setTimeout(
        () =>
          giveUp(
            status === undefined
              ? `No response within ${seconds(timeoutMs)}.`
              : `The response didn't end within ${seconds(timeoutMs)}.`,
          ),
        leftMs,
      );
      signal.addEventListener('abort', abort);
      if (signal.aborted) return abort();
      const read = (response: IncomingMessage) => {
        status = response.statusCode;
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size > MOST_KEPT_BYTES) giveUp('The response is longer than 64 kB.');
        });
        response.on('end', () => finish());
        response.on('error', () => finish('The response was cut off.'));
        response.on('close', () => finish('The response was cut off.'));
      };
      try {
        const send: typeof httpRequest = this.url.protocol === 'https:' ? httpsRequest : httpRequest;
        request = send(this.url, {
          method: 'POST',
          agent: this.#http,
          lookup: loopbackLookup,
          headers: {
            'content-type': 'application/json',
            'content-length': String(Buffer.byteLength(body)),
            'user-agent': 'scalekit-workbench-sandbox',
            ...headers,
          },
        });
        request.on('response', read);
        request.on('upgrade', (response, socket) => {
          status = response.statusCode;
          socket.destroy();
          finish('The target switched to another protocol.');
        });
        request.on('error', (error: NodeJS.ErrnoException) =>
          finish(
            problemOf(error),
            request?.reusedSocket === true && error.code === 'ECONNRESET' && status === undefined,
          ),
        );
        request.end(body);
      } catch (error) {
        finish(problemOf(error as NodeJS.ErrnoException));
      }
    });
  }
}

function seconds(milliseconds: number): string {
  return milliseconds % 1000 === 0 && milliseconds !== 1000 ? `${milliseconds / 1000} seconds` : `${milliseconds} ms`;
}

function problemOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'Nothing listens at this address.';
    case 'ECONNRESET':
      return 'The target closed the connection without a response.';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return "The host name can't be resolved.";
    case 'ENOTLOOPBACK':
      return 'The host name leads to another machine. The sandbox sends only to this one.';
    default:
      if (code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO/.test(code))
        return `The certificate isn't trusted (${code}).`;
      // Happy eyeballs reports all addresses that were tried at once.
      return code === undefined && message === ''
        ? 'Nothing listens at this address.'
        : `It failed: ${code ?? message}.`;
  }
}
