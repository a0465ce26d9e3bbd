import type { Fault } from './package/api';
interface ActiveFault {
  readonly fault: Fault;
  readonly path: RegExp | undefined;
  passed: number;
  used: number;
}

/** The active faults. The first one that matches a request happens. */
export class Faults {
  #active: ActiveFault[] = [];

  add(fault: Fault): void {
    const path =
      fault.path === undefined ? undefined : new RegExp(`^${fault.path.split('*').map(escapePattern).join('.*')}$`);
    this.#active.push({ fault, path, passed: 0, used: 0 });
  }

  clear(): void {
    this.#active = [];
  }

  /** The active faults, and how often each one has happened. */
  list(): { fault: Fault; used: number }[] {
    return this.#active.map(({ fault, used }) => ({ fault, used }));
  }

  /** The faults as they'd have to be added now, to go on as these do. */
  remaining(): Fault[] {
    return this.#active.flatMap(({ fault: { after, times, ...fault }, passed, used }) =>
      times !== undefined && used >= times
        ? []
        : [
            {
              ...fault,
              ...(after === undefined || after <= passed ? {} : { after: after - passed }),
              ...(times === undefined ? {} : { times: times - used }),
            },
          ],
    );
  }

  /** The fault for a request, which then counts as used once. `paths` are the request's possible paths. */
  take(httpMethod: string, paths: readonly string[]): Fault | undefined {
    for (const active of this.#active) {
      const { fault, path } = active;
      if (fault.method !== undefined && fault.method.toUpperCase() !== httpMethod) continue;
      if (path !== undefined && !paths.some((candidate) => path.test(candidate))) continue;
      if (active.used >= (fault.times ?? Infinity)) continue;
      if (active.passed < (fault.after ?? 0)) {
        active.passed++;
        continue;
      }
      active.used++;
      return fault;
    }
    return undefined;
  }
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
