import type { RequestListener } from 'node:http';
import { PortListener, type GrpcHandler } from '../protocol/portListener';
import type { SandboxListener } from '../sandboxServer';

interface Handlers {
  readonly rest: RequestListener;
  readonly loadGrpc: () => Promise<GrpcHandler>;
  grpc: GrpcHandler | undefined;
}

/** One port for sandboxes that take each other's place, so that clients keep their address and their connections. */
export class ResettableListener {
  #handlers: Handlers | undefined;
  #listening: Promise<number> | undefined;
  readonly #port = new PortListener(
    (request, response) => this.#handlers?.rest(request, response),
    async () => {
      await this.#grpc();
      return (request, response) =>
        void this.#grpc().then(
          (handler) => handler(request, response),
          () => request.stream.close(),
        );
    },
  );

  /** What the next sandbox listens with. */
  readonly next = (rest: RequestListener, loadGrpc: () => Promise<GrpcHandler>): SandboxListener => ({
    listen: async (port, host) => {
      this.#listening ??= this.#port.listen(port, host);
      const bound = await this.#listening;
      this.#handlers = { rest, loadGrpc, grpc: undefined };
      return bound;
    },
    close: () => Promise.resolve(),
  });

  /** Stops listening and cuts every connection. */
  close(): Promise<void> {
    return this.#port.close();
  }

  async #grpc(): Promise<GrpcHandler> {
    const handlers = this.#handlers;
    if (handlers === undefined) throw new Error('nothing listens');
    handlers.grpc ??= await handlers.loadGrpc();
    return handlers.grpc;
  }
}
