import { runOrThrow } from '../host/processes';
import { projectRoot } from '../host/project';

/** What one start of the extension in a VS Code took, in milliseconds. */
export interface Activation {
  readonly activateMs: number;
  readonly activateCpuMs: number;
  /** Reading and running the bundle. */
  readonly loadMs: number;
}

/** Starts a VS Code with the extension. Returns what its activation test measured. */
export async function measureActivation(vscode: string): Promise<Activation> {
  const output = await runInExtensionHost(vscode, '^activation opens no connection');
  const [, activateMs, activateCpuMs, loadMs] =
    /activate\(\) ([\d.]+) ms \(([\d.]+) ms of processor time\), loading the bundle ([\d.]+) ms/.exec(output) ?? [];
  if (activateMs === undefined)
    throw new Error(`The activation in VS Code ${vscode} wasn't measured:\n${output.slice(-2000)}`);
  return { activateMs: Number(activateMs), activateCpuMs: Number(activateCpuMs), loadMs: Number(loadMs) };
}

/** Runs the integration tests whose titles match in the extension host of a VS Code. Resolves with their output. @throws if one fails */
export function runInExtensionHost(vscode: string, titles: string): Promise<string> {
  const args = ['out/test/host/integration.js', '--editor', vscode, '--grep', titles];
  return runOrThrow(process.execPath, args, { cwd: projectRoot(), deadline: 150_000 });
}
