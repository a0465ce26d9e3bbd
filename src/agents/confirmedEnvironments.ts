/** How many calls are remembered that were asked about and have not run. */
const MOST_CALLS = 100;

/**
 * Which environment a person was asked about for a call that names none: should another be active when the call runs, it must not
 * read that one. VS Code gives no sign by which the question and the call belong together but the tool and its input.
 */
export class ConfirmedEnvironments {
  private readonly asked = new Map<string, string[]>();

  note(tool: string, input: unknown, environmentId: string): void {
    const key = keyOf(tool, input);
    const before = this.asked.get(key) ?? [];
    this.asked.delete(key);
    this.asked.set(key, [...before, environmentId]);
    if (this.asked.size > MOST_CALLS) {
      const oldest = this.asked.keys().next();
      if (!oldest.done) this.asked.delete(oldest.value);
    }
  }

  /** Whether a call may read this environment: false when the person was asked about another. */
  take(tool: string, input: unknown, environmentId: string): boolean {
    const key = keyOf(tool, input);
    const asked = this.asked.get(key) ?? [];
    const isSame = asked.every((id) => id === environmentId);
    if (isSame && asked.length > 1) this.asked.set(key, asked.slice(1));
    else this.asked.delete(key);
    return isSame;
  }
}

function keyOf(tool: string, input: unknown): string {
  return `${tool} ${JSON.stringify(input)}`;
}
