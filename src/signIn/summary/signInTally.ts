import type { PageItem } from '../../api/page';
import type { SignIn } from '../../api/signInLog';

/** The states of an attempt that Scalekit documents (docs/scalekit-api.md, 2.12), and `OTHER` for any other. */
export const OUTCOMES = ['SUCCESS', 'FAILED', 'PENDING', 'INITIATED', 'OTHER'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** How many attempts ended in which way. */
export type OutcomeCounts = Readonly<Record<Outcome, number>>;

/** The attempts of one day. */
export interface Day {
  /** Its first moment in this computer's time zone. */
  readonly start: Date;
  readonly counts: OutcomeCounts;
}

/** Which attempts to count. */
export interface TallyScope {
  /** Only those of one organization. */
  readonly organizationId?: string;
  /** Only those since this time. */
  readonly since?: Date;
}

/** How many failed attempts are kept whole. The others are only counted. */
const MOST_KEPT = 20;

/**
 * Counts the attempts of a sign-in log, page by page, newest first. It keeps counts and the newest failures, so that
 * its size depends on the days and organizations, and on the number of failures only by their IDs.
 */
export class SignInTally {
  private readonly totals = noCounts();
  private readonly byDay = new Map<number, Record<Outcome, number>>();
  private readonly failedOf = new Map<string, number>();
  private readonly kept: SignIn[] = [];
  private readonly failed = new Map<string, string | undefined>();
  private first: SignIn | undefined;
  private firstFailure: Date | undefined;
  private lastFailure: Date | undefined;
  private back: Date | undefined;
  private lookedAt = 0;
  private unreadableCount = 0;
  private withoutTime = 0;

  constructor(readonly scope: TallyScope) {}

  /** How many entries of the log were looked at, whatever they were about. */
  get looked(): number {
    return this.lookedAt;
  }

  /** The time of the oldest entry that was looked at. */
  get lookedBackTo(): Date | undefined {
    return this.back;
  }

  /** Entries that couldn't be read. */
  get unreadable(): number {
    return this.unreadableCount;
  }

  /** Counted attempts that have no time, so they belong to no day. */
  get undated(): number {
    return this.withoutTime;
  }

  get counts(): OutcomeCounts {
    return this.totals;
  }

  get attempts(): number {
    return OUTCOMES.reduce((sum, outcome) => sum + this.totals[outcome], 0);
  }

  /** Newest first. */
  get days(): readonly Day[] {
    return [...this.byDay]
      .sort(([one], [other]) => other - one)
      .map(([start, counts]) => ({ start: new Date(start), counts }));
  }

  /** The newest failed attempts, newest first. */
  get failures(): readonly SignIn[] {
    return this.kept.map((signIn) => ({ ...signIn, reason: this.failed.get(signIn.id) }));
  }

  /** The newest counted attempt. */
  get newest(): SignIn | undefined {
    return this.first;
  }

  /** The times of the oldest and the newest failed attempt. */
  get failureSpan(): { readonly start: Date; readonly end: Date } | undefined {
    return this.firstFailure === undefined || this.lastFailure === undefined
      ? undefined
      : { start: this.firstFailure, end: this.lastFailure };
  }

  /** The organizations of failed attempts, those with the most first. Attempts without one aren't included. */
  get failedByOrganization(): readonly (readonly [organizationId: string, count: number])[] {
    return mostFirst(this.failedOf);
  }

  /** The known reasons, the most frequent first. */
  get reasons(): readonly (readonly [reason: string, count: number])[] {
    const counts = new Map<string, number>();
    for (const reason of this.failed.values()) if (reason !== undefined) increase(counts, reason);
    return mostFirst(counts);
  }

  /** Failed attempts whose reason isn't known. */
  get withoutReason(): number {
    let count = 0;
    for (const reason of this.failed.values()) if (reason === undefined) count++;
    return count;
  }

  /** Whether an attempt was counted as failed and its reason isn't known yet. */
  lacksReason(id: string): boolean {
    return this.failed.has(id) && this.failed.get(id) === undefined;
  }

  setReason(id: string, reason: string): void {
    if (this.failed.has(id)) this.failed.set(id, reason);
  }

  /** Counts a page. Returns true if all of it is older than what is wanted, so that the next page is too. */
  add(items: readonly PageItem<SignIn>[]): boolean {
    let isOlder = items.length > 0;
    for (const item of items) {
      this.lookedAt++;
      if (!('record' in item)) {
        this.unreadableCount++;
        isOlder = false;
        continue;
      }
      const { time } = item.record;
      const { since, organizationId } = this.scope;
      if (time !== undefined && since !== undefined && time < since) continue;
      isOlder = false;
      if (time !== undefined && (this.back === undefined || time < this.back)) this.back = time;
      if (organizationId === undefined || item.record.organizationId === organizationId) this.count(item.record);
    }
    return isOlder;
  }

  private count(signIn: SignIn): void {
    const { id, organizationId, time } = signIn;
    const outcome = outcomeOf(signIn.status);
    this.totals[outcome]++;
    this.first ??= signIn;
    if (time === undefined) this.withoutTime++;
    else {
      const start = new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
      const counts = this.byDay.get(start) ?? noCounts();
      counts[outcome]++;
      this.byDay.set(start, counts);
    }
    if (outcome !== 'FAILED') return;
    this.failed.set(id, undefined);
    if (this.kept.length < MOST_KEPT) this.kept.push(signIn);
    if (organizationId !== undefined) increase(this.failedOf, organizationId);
    if (time === undefined) return;
    if (this.firstFailure === undefined || time < this.firstFailure) this.firstFailure = time;
    if (this.lastFailure === undefined || time > this.lastFailure) this.lastFailure = time;
  }
}

export function outcomeOf(status: string | undefined): Outcome {
  return OUTCOMES.find((outcome) => outcome === status) ?? 'OTHER';
}

function noCounts(): Record<Outcome, number> {
  return { SUCCESS: 0, FAILED: 0, PENDING: 0, INITIATED: 0, OTHER: 0 };
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function mostFirst(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1));
}
