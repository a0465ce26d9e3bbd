import { join } from 'node:path';
import { startGroup } from '../host/processes';
import { withDeadline } from '../host/progress';
import { projectRoot } from '../host/project';
import type { SandboxProcess } from '../host/sandboxProcess';

/** A server in a separate process that returns what a sandbox responded before. */
export type Replay = Pick<SandboxProcess, 'environment' | 'end'>;

/** Starts a server that records the responses of this sandbox, and returns them when they are asked for again. */
export async function startReplay(sandbox: SandboxProcess): Promise<Replay> {
  const program = join(projectRoot(), 'out/test/bench/replayServer.js');
  const group = startGroup(process.execPath, [program, sandbox.url], { killAtExit: true });
  let output = '';
  const listening = new Promise<string>((resolve, reject) => {
    group.onOutput((text) => {
      output += text;
      const origin = /^(http:.*)\r?\n/m.exec(output)?.[1];
      if (origin !== undefined) resolve(origin);
    });
    void group.exited.then((code) => reject(new Error(`The replay server ended with ${code}:\n${output}`)));
  });
  try {
    const url = await withDeadline('Starting the replay server', 30_000, listening);
    return { environment: { ...sandbox.environment, SCALEKIT_ENVIRONMENT_URL: url }, end: () => group.end() };
  } catch (error) {
    await group.end();
    throw error;
  }
}
