import { exists } from './exists';
import type { KeptFields } from './readKeptData';
import { setAside } from './setAside';
import { dataText, writeDataText } from './writeDataFile';

/** How long a change may take to be written, in milliseconds. */
const DELAY_MS = 1_000;

/** Writes what is in a sandbox to a file, whenever it has changed. */
export class KeptData {
  #file: string | undefined;
  /** The file that this sandbox has read or written: what is there is its own. */
  #own: string | undefined;
  #written = '';
  #timer: NodeJS.Timeout | undefined;
  #work = Promise.resolve();
  #hasFailed = false;

  constructor(
    /** What is in the sandbox now. */
    private readonly data: () => KeptFields,
    /** Takes a sentence for the log. */
    private readonly report: (sentence: string) => void,
  ) {}

  /** Begins with a file that has this text, or that isn't there. */
  begin(file: string, text = ''): void {
    this.#file = file;
    this.#own = file;
    this.#written = text;
  }

  /** Keeps the data in another file from now on, or nowhere. What another sandbox has kept there is set aside. Never rejects. */
  keepIn(file: string | undefined): Promise<void> {
    return this.#next(async () => {
      this.#file = undefined;
      if (file === undefined) return;
      if (file !== this.#own) {
        if (await exists(file)) {
          const old = await setAside(file, 'previous');
          if (old === undefined) return this.report(`${file} can't be replaced, so nothing is kept.`);
          this.report(`The data that were kept before are in ${old}.`);
        }
        this.#own = file;
        this.#written = '';
      }
      this.#file = file;
      await this.#write();
    });
  }

  /** Writes what has changed, within a second. */
  saveSoon(): void {
    if (this.#file === undefined) return;
    this.#timer ??= setTimeout(() => void this.save(), DELAY_MS).unref();
  }

  /** Writes what has changed. A failure is only reported. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#next(() => this.#write());
  }

  /** One after another, so that the newest data are written last. */
  #next(task: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(task);
    return this.#work;
  }

  async #write(): Promise<void> {
    if (this.#file === undefined) return;
    try {
      const text = dataText(this.data());
      if (text === this.#written) return;
      await writeDataText(this.#file, text);
      this.#written = text;
      this.#hasFailed = false;
    } catch (error) {
      // Once, until it works again: otherwise each request would say it.
      if (!this.#hasFailed) this.report(`What changes isn't kept. ${(error as Error).message}`);
      this.#hasFailed = true;
    }
  }
}
