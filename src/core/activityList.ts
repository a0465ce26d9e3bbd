/**
 * Something that was done or arrived, as a row of the Activity view. Its texts never contain a secret, a token or a
 * code.
 */
export interface ActivityEntry {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** What tells it apart, in short: `GET /organizations · 200`. */
  readonly label: string;
  /** Shown after the time, for example how long it took. */
  readonly detail?: string;
  readonly failed: boolean;
  /** What a screen reader says. */
  readonly sentence: string;
  /** The lines of its hover, with their labels. */
  readonly details: readonly (readonly [label: string, value: string | Date | undefined])[];
}

/** A list of the Activity view, which a feature contributes: the view itself knows no feature. */
export interface ActivityList {
  readonly id: string;
  readonly label: string;
  /** The icon of its rows. */
  readonly icon: string;
  /** Newest first. */
  readonly entries: readonly ActivityEntry[];
  /** Calls the listener after each change, until the returned object is disposed. */
  onDidChange(listener: () => void): { dispose(): void };
  /** Shows one of its entries in an editor. Does nothing if the entry no longer exists. */
  open(entry: ActivityEntry): Promise<void>;
  clear(): void;
}

/** How many entries a list remembers. */
const MOST_ENTRIES = 200;

/** What describes a list of recent entries, apart from the entries. */
export interface RecentActivityOptions<E> extends Pick<ActivityList, 'id' | 'label' | 'icon'> {
  readonly show: (entry: E) => Promise<void>;
}

/** The newest entries of a list, in memory. */
export class RecentActivity<E extends ActivityEntry> implements ActivityList {
  private recent: readonly E[] = [];
  private readonly listeners = new Set<() => void>();
  readonly id: string;
  readonly label: string;
  readonly icon: string;

  constructor(private readonly options: RecentActivityOptions<E>) {
    ({ id: this.id, label: this.label, icon: this.icon } = options);
  }

  get entries(): readonly E[] {
    return this.recent;
  }

  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  }

  /** Inserts an entry after those that are newer: what took long arrives late. */
  add(entry: E): void {
    const index = this.recent.findIndex(({ time }) => time <= entry.time);
    this.recent = this.recent.toSpliced(index < 0 ? this.recent.length : index, 0, entry).slice(0, MOST_ENTRIES);
    this.notify();
  }

  async open(entry: ActivityEntry): Promise<void> {
    const known = this.recent.find((each) => each === entry);
    if (known !== undefined) await this.options.show(known);
  }

  clear(): void {
    this.recent = [];
    this.notify();
  }

  private notify(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
