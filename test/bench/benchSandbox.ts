import { startSandbox, type SandboxProcess } from '../host/sandboxProcess';

/** A sandbox that counts its requests. */
export interface RequestCounter {
  forgetRequests(): Promise<void>;
  /** How many token requests and other requests it got since then. */
  countRequests(): Promise<{ readonly token: number; readonly api: number }>;
}

/** A sandbox in a separate process. */
export type BenchSandbox = SandboxProcess & RequestCounter;

export async function startBenchSandbox(organizations: number): Promise<BenchSandbox> {
  const sandbox = await startSandbox(['--organizations', String(organizations), '--seed', '8']);
  const control = async (method: string): Promise<unknown> => {
    const response = await fetch(`${sandbox.url}/__sandbox/requests`, { method });
    if (!response.ok) throw new Error(`The sandbox returned ${response.status}.`);
    return response.json();
  };
  return {
    ...sandbox,
    forgetRequests: async () => void (await control('DELETE')),
    async countRequests() {
      const { total, counts } = (await control('GET')) as { total: number; counts: Record<string, number> };
      const token = counts['POST /oauth/token'] ?? 0;
      return { token, api: total - token };
    },
  };
}
