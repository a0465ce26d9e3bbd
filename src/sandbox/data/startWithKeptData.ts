import { startSandbox, type Sandbox, type SandboxOptions } from '../sandboxServer';
import { exportData } from './exportData';
import { KeptData } from './keptData';
import { loadData } from './loadData';
import { readKeptData, type KeptFields } from './readKeptData';
import { setAside } from './setAside';

/** Why a sandbox has started with its samples, and not with the data that it had kept. */
export interface KeptDataProblem {
  /** A sentence. */
  readonly reason: string;
  /** Where the data are now. */
  readonly file: string;
}

export interface KeepingSandbox {
  readonly sandbox: Sandbox;
  readonly kept: KeptData;
  readonly problem: KeptDataProblem | undefined;
}

/**
 * Starts a sandbox with the data in a file, and keeps what is in it there. Without a file, or if it can't be read, it has its samples.
 * Without a path, it keeps nothing until it's told where.
 *
 * @param report takes a sentence for the log
 * @throws Error as `startSandbox` does
 */
export async function startWithKeptData(
  options: SandboxOptions,
  file: string | undefined,
  report: (sentence: string) => void,
): Promise<KeepingSandbox> {
  let sandbox: Sandbox | undefined;
  const kept = new KeptData(() => (sandbox === undefined ? {} : fieldsToKeep(sandbox)), report);
  const start = (more: SandboxOptions = {}): Promise<Sandbox> =>
    startSandbox({ ...options, ...more, afterRequest: () => kept.saveSoon() });
  if (file === undefined) {
    sandbox = await start();
    return { sandbox, kept, problem: undefined };
  }

  let failure: unknown;
  const read = await readKeptData(file).catch((error: unknown) => void (failure = error));
  if (read !== undefined) {
    const loaded = await start({
      organizations: 0,
      users: 0,
      prepare: (parts) => {
        try {
          loadData(parts, read.data);
          // What can't be kept again isn't what was kept.
          exportData(parts);
        } catch (error) {
          failure = error ?? new Error();
        }
      },
    });
    if (failure === undefined) sandbox = loaded;
    else await loaded.close();
  }
  sandbox ??= await start();
  if (failure === undefined) {
    kept.begin(file, read?.text);
    return { sandbox, kept, problem: undefined };
  }
  const old = await setAside(file, 'unreadable');
  // A file that can't be renamed stays as it is.
  if (old !== undefined) kept.begin(file);
  const reason = failure instanceof Error ? failure.message : String(failure);
  return { sandbox, kept, problem: { reason, file: old ?? file } };
}

function fieldsToKeep({ parts }: Sandbox): KeptFields {
  return exportData({ models: parts.models, faults: undefined });
}
