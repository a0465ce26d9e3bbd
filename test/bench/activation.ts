import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOrThrow } from '../host/processes';
import { projectRoot } from '../host/project';

/** What one start of the extension in a VS Code took, in milliseconds. */
export interface Activation {
  readonly activateMs: number;
  readonly activateCpuMs: number;
  /** Reading and running the bundle. */
  readonly loadMs: number;
}

/** Starts a VS Code with the extension in it; gives what its test of the activation has measured. */
export async function measureActivation(vscode: string): Promise<Activation> {
  const folder = mkdtempSync(join(tmpdir(), 'scalekit-workbench-bench-'));
  try {
    const result = join(folder, 'result.json');
    const args = ['out/test/host/integration.js', '--editor', vscode, '--result', result, '--deadline', '120000', '--grep', '^activation takes less'];
    const output = await runOrThrow(process.execPath, args, { cwd: projectRoot(), deadline: 150_000 });
    const { passed } = JSON.parse(readFileSync(result, 'utf8')) as { passed: number };
    const [, activateMs, activateCpuMs, loadMs] =
      /activate\(\) ([\d.]+) ms \(([\d.]+) ms of processor time\), loading the bundle ([\d.]+) ms/.exec(output) ?? [];
    if (passed !== 1 || activateMs === undefined) throw new Error(`The activation in VS Code ${vscode} was not measured:\n${output.slice(-2000)}`);
    return { activateMs: Number(activateMs), activateCpuMs: Number(activateCpuMs), loadMs: Number(loadMs) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
