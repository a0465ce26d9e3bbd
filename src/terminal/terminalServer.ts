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

/** Responds to one terminal's requests. The signal aborts when the asking program is gone. Must not throw. */
export type TerminalHandler = (wants: TerminalRequest['wants'], signal: AbortSignal) => Promise<TerminalResponse>;

/** Why a connection was closed without a response. */
export type RefusalReason = 'nonce' | 'malformed' | 'tooLarge' | 'tooSlow';

/** What a terminal needs for its requests. */
export interface TerminalGrant {
  readonly handle: string;
  readonly nonce: string;
}

export interface TerminalServerOptions {
  readonly onRefused: (reason: RefusalReason) => void;
  /** Default {@link REQUEST_DEADLINE_MS}. */
  readonly requestDeadlineMs?: number;
  /** Folders for the socket, the preferred one first. Default: the user's runtime folder, then the temporary one. */
  readonly folders?: readonly string[];
}

interface Granted {
  readonly nonceHash: Buffer;
  readonly handler: TerminalHandler;
}

/** More programs than this don't ask at the same time. */
const MOST_CONNECTIONS = 64;

/**
 * The local socket over which the programs in this window's terminals ask for tokens. Only this user can open it, and
 * it responds only to a terminal's own nonce. Disposal removes it and its folder.
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

  /** @throws Error if no socket can be created */
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

  /** Lets one more terminal send requests. */
  grant(handler: TerminalHandler): TerminalGrant {
    const handle = randomBytes(8).toString('hex');
    const nonce = randomBytes(32).toString('base64url');
    this.granted.set(handle, { nonceHash: hashOf(nonce), handler });
    return { handle, nonce };
  }

  /** Stops responding to this terminal. */
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
    // Ctrl-C ended the program. `close` follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      gone.abort();
      this.connections.delete(socket);
    });
  }

  /** The handler of the terminal with this nonce. Takes the same time if there's no such terminal. */
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
