/** How many confirmed calls to remember that haven't run. */
const MOST_CALLS = 100;

/**
 * Which environment the user confirmed for a call that doesn't name one. If another one is active when the call runs,
 * the call must not read it. VS Code offers nothing to match a confirmation with its call, except the tool and its
 * input.
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

  /** Whether a call may read this environment. False if the user confirmed another one. */
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
