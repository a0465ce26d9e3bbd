import { AccessTokens } from '../oauth/accessTokens';
import { Clock } from '../clock';
import { environmentVariables } from '../environmentVariables';
import { parseFault } from '../control/faultSchema';
import { startSandbox, type Sandbox, type SandboxOptions } from '../sandboxServer';
import type { LocalSandbox, SandboxData, StartOptions } from './api';
import { checkData } from '../data/checkData';
import { readDataFile } from '../data/dataFile';
import { exportData } from '../data/exportData';
import { loadData } from '../data/loadData';
import { ResettableListener } from './resettableListener';
import { signInDirectly } from './signInDirectly';
import { webhookCalls } from './webhookCalls';

/** The options of a sandbox, with data that was checked. */
export type CheckedOptions = Omit<StartOptions, 'data'> &
  Pick<SandboxOptions, 'interceptors' | 'interceptorSecret'> & { readonly data?: SandboxData | undefined };

/** Starts a local Scalekit in this process. @throws Error with a sentence, for example if the port is taken */
export async function startLocalSandbox({ data, ...options }: StartOptions = {}): Promise<LocalSandbox> {
  if (data !== undefined && (options.organizations !== undefined || options.users !== undefined))
    throw new Error('organizations and users are numbers of samples, and there are none with data.');
  const checked =
    typeof data === 'string' ? await readDataFile(data) : data === undefined ? undefined : checkData(data);
  return (await startWithData({ ...options, data: checked })).local;
}

/** The same with checked data, together with what the program needs of it. */
export async function startWithData({
  data,
  ...options
}: CheckedOptions): Promise<{ readonly local: LocalSandbox; readonly variables: Readonly<Record<string, string>> }> {
  const clock = new Clock(Date.now);
  const listener = new ResettableListener();
  const tokens = new AccessTokens(options.tokenLifetimeSeconds ?? 86399, clock.now);
  const start = (kept: SandboxOptions): Promise<Sandbox> =>
    startSandbox({
      ...options,
      ...kept,
      ...(data === undefined ? {} : { organizations: 0, users: 0, prepare: (parts) => loadData(parts, data) }),
      clock,
      tokens,
      listener: listener.next,
    });
  let sandbox: Sandbox;
  try {
    sandbox = await start({});
  } catch (error) {
    // It may listen already, for example if an address for webhooks can't be used.
    await listener.close();
    throw error;
  }
  const { url, clientId, clientSecret, webhookSecret, interceptorSecret } = sandbox;
  // With the seed and the first start, the samples of a reset are the same ones.
  const kept = { clientId, clientSecret, webhookSecret, interceptorSecret, ...sandbox.origin };
  const variables = environmentVariables(sandbox);
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= sandbox.close().then(() => listener.close()));

  const local: LocalSandbox = {
    url,
    clientId,
    clientSecret,
    env: variables as LocalSandbox['env'],
    async reset() {
      if (closing !== undefined) throw new Error('The sandbox is closed.');
      const before = sandbox;
      clock.reset();
      sandbox = await start(kept);
      await before.close();
    },
    faults: {
      add: (fault) => sandbox.addFault(parseFault(fault)),
      list: () => sandbox.parts.faults.list(),
      clear: () => sandbox.clearFaults(),
    },
    time: {
      now: () => new Date(clock.now()),
      advance: (seconds) => {
        if (!(Number.isFinite(seconds) && seconds >= 0)) throw new Error('seconds must be a number from 0.');
        clock.moveOn(seconds * 1000);
      },
      expireTokens: () => sandbox.expireTokens(),
    },
    webhooks: webhookCalls(() => sandbox),
    receivedRequests: () =>
      sandbox.requests.map(({ time, protocol, method, path, status }) => ({
        time: new Date(time),
        protocol,
        method,
        path,
        status,
      })),
    clearReceivedRequests: () => sandbox.clearRequests(),
    signIn: (user, signInOptions) => signInDirectly(sandbox, user, signInOptions),
    exportData: () => exportData(sandbox.parts),
    close,
    [Symbol.asyncDispose]: close,
  };
  return { local, variables };
}
