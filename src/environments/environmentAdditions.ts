import { randomUUID } from 'node:crypto';
import { rename, rm, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, EnvironmentIndex, PENDING_SUFFIX, SUFFIX, TRY_AGAIN_MS } from './environmentIndex';
import { writeMetadata, type EnvironmentMetadata } from './environmentMetadata';

const TEMPORARY_SUFFIX = '.tmp';

/**
 * How long to wait for another window that writes the same, in milliseconds. That takes a moment, unless that window
 * has crashed.
 */
const LONGEST_WAIT_MS = 2_000;

/** The index, with how environments are added and removed. Activation doesn't need this. */
export class EnvironmentAdditions extends EnvironmentIndex {
  /**
   * Adds a new environment to the index.
   *
   * @throws StorageFailure
   */
  async write(id: string, metadata: EnvironmentMetadata): Promise<void> {
    const temporary = this.path(id, `.${randomUUID()}${TEMPORARY_SUFFIX}`);
    try {
      await this.writing(async () => {
        await this.makeFolder();
        await writeFile(temporary, writeMetadata(metadata));
        const time = new Date(metadata.lastUsedAt);
        await utimes(temporary, time, time);
        await rename(temporary, this.path(id, SUFFIX));
      });
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Marks that a new environment's secret is about to be stored. False if the id is in use or another window marked it
   * first.
   *
   * @throws StorageFailure
   */
  async reserveId(id: string): Promise<boolean> {
    if (!(await this.begins(id))) return false;
    if ((await this.read(id)) === undefined) return true;
    await this.clearPending(id);
    return false;
  }

  /**
   * Marks that an environment's secret is about to be stored or deleted.
   *
   * @throws StorageFailure
   */
  async markPending(id: string): Promise<void> {
    await this.writing(async () => {
      await this.makeFolder();
      await writeFile(this.path(id, PENDING_SUFFIX), `${this.now()}\n`);
    });
  }

  /**
   * Runs a task that no other window runs at the same time with the same key.
   *
   * @throws StorageFailure if it didn't run the task
   */
  async alone<T>(key: string, task: () => Promise<T>): Promise<T> {
    const since = performance.now();
    while (!(await this.begins(key))) {
      if (performance.now() - since > LONGEST_WAIT_MS) await this.clearPending(key);
      else await delay(TRY_AGAIN_MS);
    }
    try {
      return await task();
    } finally {
      await this.clearPending(key);
    }
  }

  /** Creates a pending file. False if there is one already. */
  private begins(id: string): Promise<boolean> {
    return this.writing(async () => {
      await this.makeFolder();
      try {
        await writeFile(this.path(id, PENDING_SUFFIX), `${this.now()}\n`, { flag: 'wx' });
        return true;
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false;
        // On a full disk a file can be created, but nothing can be written to it.
        await this.clearPending(id);
        throw error;
      }
    });
  }
}
