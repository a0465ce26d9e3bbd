import { constants } from 'node:fs';
import { access, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ENVIRONMENT_ID } from '../core/environment';
import { StorageFailure } from '../ui/storageFailure';
import { readMetadata, writeChange, type EnvironmentMetadata } from './environmentMetadata';

export const SUFFIX = '.json';
export const PENDING_SUFFIX = '.pending';

/** How often a file is tried that is there and cannot be read, and how long the next try waits, in milliseconds. */
const MOST_TRIES = 4;
export const TRY_AGAIN_MS = 25;

/** How old a pending file must be, in milliseconds, before it is taken for a leftover and not for another window's work. */
const PENDING_MS = 60_000;

/** A change is written to the end of a file, and never makes one: what another window has removed stays removed. */
const TO_THE_END = constants.O_WRONLY | constants.O_APPEND;

/**
 * The index of stored environments: one small file without secrets for each, in a folder that all windows share. A new file is moved
 * into place as a whole: see `EnvironmentAdditions`. From then on each change is added to its end: nothing is read, changed and
 * written back, so no window loses what another one writes at the same time. When an environment was last used is the time of
 * its file. A pending file stands for an environment whose secret is just being stored or deleted; what a crash leaves of that is
 * found again by it.
 */
export class EnvironmentIndex {
  constructor(
    readonly folder: string,
    protected readonly now: () => number,
  ) {}

  /** @throws StorageFailure */
  async make(): Promise<void> {
    await this.writing(() => this.makeFolder());
  }

  /**
   * Everything that the index says now. A file that is none is left out; one that cannot be read at the moment says what is `known` of it.
   *
   * @throws StorageFailure when the folder cannot be read.
   */
  async readAll(known: ReadonlyMap<string, EnvironmentMetadata>): Promise<Map<string, EnvironmentMetadata>> {
    const found = new Map<string, EnvironmentMetadata>();
    for (const id of await this.ids(SUFFIX)) {
      const metadata = await this.read(id).catch(() => known.get(id));
      if (metadata !== undefined) found.set(id, metadata);
    }
    return found;
  }

  /**
   * What the index says of one environment now: another window may have written since it was last read. Undefined when it is not there.
   *
   * @throws StorageFailure when it is there and cannot be read, which must not be taken for a removal.
   */
  async read(id: string): Promise<EnvironmentMetadata | undefined> {
    const path = this.path(id, SUFFIX);
    for (let tries = 1; ; tries++) {
      try {
        const metadata = readMetadata(await readFile(path, 'utf8'));
        const { mtimeMs } = await stat(path);
        return metadata && { ...metadata, lastUsedAt: Math.max(metadata.lastUsedAt, Math.round(mtimeMs)) };
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        // Windows refuses to read a file for a moment while another one is moved into its place.
        if (tries === MOST_TRIES) throw new StorageFailure('read', this.folder, codeOf(error));
        await delay(TRY_AGAIN_MS);
      }
    }
  }

  /** Adds a change to what the index says of an environment; false when it is not there any more. @throws StorageFailure */
  append(id: string, change: Partial<EnvironmentMetadata>): Promise<boolean> {
    return this.unlessGone(() => writeFile(this.path(id, SUFFIX), writeChange(change), { flag: TO_THE_END }));
  }

  /** Notes when an environment was used; false when it is not there any more. @throws StorageFailure */
  touch(id: string, at: number): Promise<boolean> {
    const time = new Date(at);
    return this.unlessGone(() => utimes(this.path(id, SUFFIX), time, time));
  }

  /** @throws StorageFailure */
  async delete(id: string): Promise<void> {
    // Another window may have been quicker.
    await this.writing(() => rm(this.path(id, SUFFIX), { force: true }));
  }

  /** Says that this is done. */
  async clearPending(id: string): Promise<void> {
    await rm(this.path(id, PENDING_SUFFIX), { force: true }).catch(() => undefined);
  }

  /** Environments whose storing or deleting was begun long ago and never ended. */
  async stalePending(): Promise<string[]> {
    const old: string[] = [];
    for (const id of await this.ids(PENDING_SUFFIX)) {
      // Another window may have ended it by now.
      const pending = await stat(this.path(id, PENDING_SUFFIX)).catch(() => undefined);
      if (pending !== undefined && this.now() - pending.mtimeMs > PENDING_MS) old.push(id);
    }
    return old;
  }

  protected async makeFolder(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
  }

  /** False when the task finds no file, though its folder is there. */
  private unlessGone(task: () => Promise<void>): Promise<boolean> {
    return this.writing(async () => {
      for (let tries = 1; ; tries++) {
        try {
          await task();
          return true;
        } catch (error) {
          if (codeOf(error) === 'ENOENT') {
            await access(this.folder);
            return false;
          }
          // As with reading, Windows may refuse for a moment.
          if (tries === MOST_TRIES) throw error;
          await delay(TRY_AGAIN_MS);
        }
      }
    });
  }

  protected async writing<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      throw error instanceof StorageFailure ? error : new StorageFailure('write', this.folder, codeOf(error));
    }
  }

  private async ids(suffix: string): Promise<string[]> {
    const files = await readdir(this.folder).catch((error: unknown) => {
      throw new StorageFailure('read', this.folder, codeOf(error));
    });
    return files
      .filter((file) => file.endsWith(suffix))
      .map((file) => file.slice(0, -suffix.length))
      .filter((id) => ENVIRONMENT_ID.test(id));
  }

  protected path(id: string, suffix: string): string {
    return join(this.folder, `${id}${suffix}`);
  }
}

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
