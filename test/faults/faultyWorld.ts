import { createServer as createHttpsServer, globalAgent, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { startHttpServer, type HttpServer } from '../support/httpServer';
import { selfSignedCertificate } from '../support/selfSignedCertificate';
import { startGateway, type Gateway } from './gateway';
import type { MovableClock } from './movableClock';

/** The real parts that can go wrong: a sandbox, a gateway in front of it, a second host, two TLS servers and a port where nothing listens. */
export interface FaultyWorld {
  readonly sandbox: Sandbox;
  readonly gateway: Gateway;
  /** Where a redirect would lead. It must never get a request. */
  readonly otherHost: HttpServer;
  readonly untrustedTls: TlsServer;
  /** Its certificate is trusted, but expired. */
  readonly expiredTls: TlsServer;
  /** Nothing listens there. */
  readonly refusedUrl: string;
  /** No name server needs to check that this host doesn't exist, because a label has at most 63 characters. */
  readonly unknownHostUrl: string;
  /** How far the server's clock is ahead of the client's, in milliseconds. */
  setSkew(milliseconds: number): void;
  /** Ends every fault. */
  heal(): void;
  close(): Promise<void>;
}

export interface TlsServer {
  readonly url: string;
  /** Requests that it received. */
  readonly requests: number;
}

export async function startFaultyWorld(clock: MovableClock, organizations: number): Promise<FaultyWorld> {
  let skew = 0;
  const sandbox = await startSandbox({ organizations, seed: 8, now: () => clock.now() + skew });
  const gateway = await startGateway(sandbox.url);
  const otherHost = await startHttpServer((_request, response) => void response.end('{}'));
  const untrusted = await startTlsServer(selfSignedCertificate('localhost'));
  const expiredCertificate = selfSignedCertificate('localhost', { expired: true });
  const expired = await startTlsServer(expiredCertificate);
  const gone = await startHttpServer(() => undefined);
  await gone.close();
  globalAgent.options.ca = [expiredCertificate.cert];
  return {
    sandbox,
    gateway,
    otherHost,
    untrustedTls: untrusted,
    expiredTls: expired,
    refusedUrl: gone.url,
    unknownHostUrl: `http://${'no-such-host-'.repeat(5)}.example`,
    setSkew: (milliseconds) => {
      skew = milliseconds;
    },
    heal: () => {
      skew = 0;
      sandbox.clearFaults();
      gateway.heal();
    },
    close: async () => {
      delete globalAgent.options.ca;
      for (const { server } of [untrusted, expired]) server.close();
      await Promise.all([sandbox.close(), gateway.close(), otherHost.close()]);
    },
  };
}

async function startTlsServer(certificate: {
  readonly key: string;
  readonly cert: string;
}): Promise<TlsServer & { readonly server: Server }> {
  let requests = 0;
  const server = createHttpsServer(certificate, (_request, response) => {
    requests++;
    response.end('{}');
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
  };
}
