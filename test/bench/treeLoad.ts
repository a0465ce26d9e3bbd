import { runInExtensionHost } from './activation';

/** The cost of loading 1,000 rows into VS Code's own tree. */
export interface TreeLoad {
  /** `100,000 organizations` or `20,000 users of one organization`. */
  readonly rows: string;
  readonly firstRowsMs: number;
  /** The longest that the extension host's thread computed between two turns of its event loop. */
  readonly longestComputingMs: number;
}

/** Loads rows into the tree of a VS Code. Returns what its tests measured. */
export async function measureTreeLoad(vscode: string): Promise<TreeLoad[]> {
  const output = await runInExtensionHost(vscode, '^the Organizations view with 100,000');
  const lines = output.matchAll(
    / (\d[\d,]+ [a-z ]+), VS Code [\d.]+: first rows after ([\d.]+) ms; .* at most [\d.]+ ms, ([\d.]+) ms of them computing/g,
  );
  const loads = [...lines].map(([, rows = '', firstRowsMs, computing]) => ({
    rows,
    firstRowsMs: Number(firstRowsMs),
    longestComputingMs: Number(computing),
  }));
  if (loads.length !== 2) throw new Error(`The tree of VS Code ${vscode} wasn't measured:\n${output.slice(-2000)}`);
  return loads;
}
