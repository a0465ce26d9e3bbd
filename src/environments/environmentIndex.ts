import { constants } from 'node:fs';
import { access, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ENVIRONMENT_ID } from '../core/environment';
import { StorageFailure } from '../ui/storageFailure';
import { readMetadata, writeChange, type EnvironmentMetadata } from './environmentMetadata';

export const SUFFIX = '.json';
export const PENDING_SUFFIX = '.pending';

/** How often to try to read an existing file, and how long to wait between tries, in milliseconds. */
const MOST_TRIES = 4;
export const TRY_AGAIN_MS = 25;

/** How old a pending file must be, in milliseconds, to count as a leftover and not as another window's work. */
const PENDING_MS = 60_000;

/**
 * Appends a change to an existing file and never creates one, so that an environment that another window removed stays
 * removed.
 */
const TO_THE_END = constants.O_WRONLY | constants.O_APPEND;

/**
 * The index of stored environments: one small file without secrets for each, in a folder that all windows share. A new
 * file is moved into place as a whole (see `EnvironmentAdditions`). After that, each change is appended. Nothing is
 * read, changed and written back, so no window loses another window's changes. The file's time is the environment's
 * last use or change. A pending file marks an environment whose secret is being stored or deleted, so that leftovers of a crash
 * can be found.
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
   * Everything in the index now. Invalid files are left out. For a file that can't be read at the moment, `known` is
   * used.
   *
   * @throws StorageFailure if the folder can't be read
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
   * What the index says about one environment now, since another window may have changed it. Undefined if it's not
   * there, or is damaged.
   *
   * @throws StorageFailure if it's there and can't be read, which doesn't mean that it was removed
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
        // On Windows a file can't be read for a moment while another one replaces it.
        if (tries === MOST_TRIES) throw new StorageFailure('read', this.folder, codeOf(error));
        await delay(TRY_AGAIN_MS);
      }
    }
  }

  /**
   * Appends a change of an environment. False if it no longer exists.
   *
   * @throws StorageFailure
   */
  append(id: string, change: Partial<EnvironmentMetadata>): Promise<boolean> {
    return this.unlessGone(() => writeFile(this.path(id, SUFFIX), writeChange(change), { flag: TO_THE_END }));
  }

  /**
   * Records when an environment was used. False if it no longer exists.
   *
   * @throws StorageFailure
   */
  touch(id: string, at: number): Promise<boolean> {
    const time = new Date(at);
    return this.unlessGone(() => utimes(this.path(id, SUFFIX), time, time));
  }

  /** @throws StorageFailure */
  async delete(id: string): Promise<void> {
    // Another window may have deleted it first.
    await this.writing(() => rm(this.path(id, SUFFIX), { force: true }));
  }

  async clearPending(id: string): Promise<void> {
    await rm(this.path(id, PENDING_SUFFIX), { force: true }).catch(() => undefined);
  }

  /** Environments whose storing or deletion started long ago and never finished. */
  async stalePending(): Promise<string[]> {
    const old: string[] = [];
    for (const id of await this.ids(PENDING_SUFFIX)) {
      // Another window may have finished it by now.
      const pending = await stat(this.path(id, PENDING_SUFFIX)).catch(() => undefined);
      if (pending !== undefined && this.now() - pending.mtimeMs > PENDING_MS) old.push(id);
    }
    return old;
  }

  protected async makeFolder(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
  }

  /** False if the task finds no file, although the folder exists. */
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
          // On Windows, writing may fail for a moment too.
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
