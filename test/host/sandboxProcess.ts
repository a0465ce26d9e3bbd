import { join } from 'node:path';
import { startGroup } from './processes';
import { withDeadline } from './progress';
import { projectRoot } from './project';

/** A local Scalekit in a separate process. */
export interface SandboxProcess {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The three `SCALEKIT_` variables, as it prints them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its output so far. */
  output(): string;
  end(): Promise<void>;
}

/** Starts `dist/sandbox.js` with these flags and waits until it listens. Adds `--port 0` unless a port is given. */
export async function startSandbox(flags: readonly string[]): Promise<SandboxProcess> {
  const port = flags.some((flag) => flag === '--port' || flag.startsWith('--port=')) ? [] : ['--port', '0'];
  // In desktop VS Code, this process's program is Electron.
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const group = startGroup(process.execPath, [join(projectRoot(), 'dist/sandbox.js'), ...port, ...flags], {
    env,
    killAtExit: true,
  });
  let output = '';
  let printed = ''; // Only stdout, so that its three lines stay together, whatever stderr says meanwhile.
  const names = ['SCALEKIT_ENVIRONMENT_URL', 'SCALEKIT_CLIENT_ID', 'SCALEKIT_CLIENT_SECRET'] as const;
  const listening = new Promise<Record<string, string>>((resolve, reject) => {
    group.onOutput((text, stream) => {
      output += text;
      if (stream === 'stdout') printed += text;
      const found = names.map((name) => [name, new RegExp(`^${name}=(.*)\\r?\\n`, 'm').exec(printed)?.[1]] as const);
      if (found.every(([, value]) => value !== undefined)) resolve(Object.fromEntries(found) as Record<string, string>);
    });
    void group.exited.then((code) => reject(new Error(`The sandbox ended with ${code}:\n${output.slice(-4000)}`)));
  });
  try {
    const environment = await withDeadline('Starting the sandbox', 30_000, listening);
    const [url, clientId, clientSecret] = names.map((name) => environment[name] ?? '') as [string, string, string];
    return { url, clientId, clientSecret, environment, output: () => output, end: () => group.end() };
  } catch (error) {
    await group.end();
    throw error;
  }
}
