import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { isRecord } from '../api/json';
import { makeSocketAddress, protectSocket, type SocketAddress } from './socketAddress';
import {
  MAX_REQUEST_BYTES,
  REQUEST_DEADLINE_MS,
  type TerminalResponse,
  type TerminalRequest,
} from './terminalProtocol';

/** Answers what one terminal asks for. Aborted when the asking program is gone. Must not throw. */
export type TerminalHandler = (wants: TerminalRequest['wants'], signal: AbortSignal) => Promise<TerminalResponse>;

/** Why a connection was closed without an answer. */
export type RefusalReason = 'nonce' | 'malformed' | 'tooLarge' | 'tooSlow';

/** What a terminal must know to ask. */
export interface TerminalGrant {
  readonly handle: string;
  readonly nonce: string;
}

export interface TerminalServerOptions {
  readonly onRefused: (reason: RefusalReason) => void;
  /** Default {@link REQUEST_DEADLINE_MS}. */
  readonly requestDeadlineMs?: number;
  /** Folders to put the socket in, the preferred one first. Default: the user's runtime folder, then the temporary one. */
  readonly folders?: readonly string[];
}

interface Granted {
  readonly nonceHash: Buffer;
  readonly handler: TerminalHandler;
}

/** More programs than this do not ask at once. */
const MOST_CONNECTIONS = 64;

/**
 * The local socket over which the programs in this window's terminals ask for tokens. Only this user can open it, and only with a
 * terminal's own nonce is there an answer. Gone, with its folder, when it is disposed.
 */
export class TerminalServer {
  private readonly granted = new Map<string, Granted>();
  private readonly connections = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly location: SocketAddress,
    private readonly options: TerminalServerOptions,
  ) {
    server.on('connection', (socket) => this.serve(socket));
  }

  /** @throws Error when no socket can be made. */
  static async start(options: TerminalServerOptions): Promise<TerminalServer> {
    const location = await makeSocketAddress(options.folders);
    const server = createServer();
    server.maxConnections = MOST_CONNECTIONS;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(location.address, resolve);
      });
      await protectSocket(location);
    } catch (error) {
      server.close();
      location.remove();
      throw error;
    }
    return new TerminalServer(server, location, options);
  }

  /** Path of the socket, or name of the pipe. */
  get address(): string {
    return this.location.address;
  }

  /** Lets one more terminal ask. */
  grant(handler: TerminalHandler): TerminalGrant {
    const handle = randomBytes(8).toString('hex');
    const nonce = randomBytes(32).toString('base64url');
    this.granted.set(handle, { nonceHash: hashOf(nonce), handler });
    return { handle, nonce };
  }

  /** From now on this terminal gets no answer. */
  revoke(handle: string): void {
    this.granted.delete(handle);
  }

  dispose(): void {
    this.granted.clear();
    this.server.close();
    for (const socket of this.connections) socket.destroy();
    this.location.remove();
  }

  private serve(socket: Socket): void {
    this.connections.add(socket);
    const gone = new AbortController();
    const timer = setTimeout(() => refuse('tooSlow'), this.options.requestDeadlineMs ?? REQUEST_DEADLINE_MS);
    let received = Buffer.alloc(0);
    const refuse = (reason: RefusalReason): void => {
      clearTimeout(timer);
      socket.destroy();
      this.options.onRefused(reason);
    };
    const onData = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf('\n');
      if ((end < 0 ? received.length : end) > MAX_REQUEST_BYTES) return refuse('tooLarge');
      if (end < 0) return;
      clearTimeout(timer);
      socket.off('data', onData).resume();
      const request = readRequest(received.subarray(0, end).toString('utf8'));
      if (request === undefined) return refuse('malformed');
      const handler = this.handlerOf(request);
      if (handler === undefined) return refuse('nonce');
      void handler(request.wants, gone.signal).then((response) => socket.end(`${JSON.stringify(response)}\n`));
    };
    socket.on('data', onData);
    // A program that was ended by Ctrl-C; `close` follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      gone.abort();
      this.connections.delete(socket);
    });
  }

  /** The handler of the terminal that the nonce belongs to. Takes the same time whether or not there is such a terminal. */
  private handlerOf({ handle, nonce }: TerminalRequest): TerminalHandler | undefined {
    const granted = this.granted.get(handle);
    const matches = timingSafeEqual(hashOf(nonce), granted?.nonceHash ?? hashOf(''));
    return matches && nonce !== '' ? granted?.handler : undefined;
  }
}

function readRequest(line: string): TerminalRequest | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(json)) return undefined;
  const { handle, nonce, wants } = json;
  if (wants !== 'token' && wants !== 'credentials') return undefined;
  return { handle: typeof handle === 'string' ? handle : '', nonce: typeof nonce === 'string' ? nonce : '', wants };
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
