import * as vscode from 'vscode';
import type { ClientCredentials } from '../api/client/clientCredentials';
import { EnvironmentFailure } from '../core/environmentFailure';
import type { EnvironmentSource } from './environmentSource';
import type { Environment } from '../core/environment';
import type { EnvironmentChange } from '../core/environmentAccess';

const ACTIVE_KEY = 'scalekit.activeEnvironment';
const PREVIOUS_KEY = 'scalekit.previousEnvironment';

/** The user's environments, and which one is active in this workspace. Each change fires one event. */
export class EnvironmentStore implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<EnvironmentChange>();
  private known: readonly Environment[] = [];
  private activeId: string | undefined;
  private previousId: string | undefined;
  private loading: Promise<void> | undefined;

  readonly onDidChange = this.changes.event;

  constructor(
    private readonly sources: readonly EnvironmentSource[],
    private readonly workspaceState: vscode.Memento,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Reads the sources once. Everything that needs the list awaits this. Reads no secret. */
  load(): Promise<void> {
    this.loading ??= this.loadSources();
    return this.loading;
  }

  /** All environments, by name, so that rows stay in place while the user works. */
  list(): readonly Environment[] {
    return this.known;
  }

  /** All environments, most recently used first. */
  listByUse(): readonly Environment[] {
    const lastIds = [this.previousId, this.activeId];
    return [...this.known].sort(
      (a, b) => b.lastUsedAt - a.lastUsedAt || lastIds.lastIndexOf(b.id) - lastIds.lastIndexOf(a.id),
    );
  }

  get(id: string): Environment | undefined {
    return this.known.find((environment) => environment.id === id);
  }

  get active(): Environment | undefined {
    return this.activeId === undefined ? undefined : this.get(this.activeId);
  }

  /** The previously active environment of this workspace. */
  get previous(): Environment | undefined {
    return this.previousId === undefined || this.previousId === this.activeId ? undefined : this.get(this.previousId);
  }

  /**
   * Makes an environment the active one of this workspace, even if that can't be saved.
   *
   * @throws EnvironmentFailure if another window has removed it
   */
  async setActive(id: string): Promise<void> {
    const source = this.sourceOf(id);
    if (source === undefined) throw new EnvironmentFailure({ id, name: id }, 'gone');
    await source.touch(id);
    if (id !== this.activeId) this.previousId = this.activeId;
    try {
      await this.workspaceState.update(ACTIVE_KEY, id);
      await this.workspaceState.update(PREVIOUS_KEY, this.previousId);
    } catch (error) {
      this.onFailure(error);
    }
    this.update(id);
  }

  /**
   * Records that the user works with an environment.
   *
   * @throws EnvironmentFailure if another window has removed it
   */
  async touch(id: string): Promise<void> {
    await this.sourceOf(id)?.touch(id);
    this.update(this.activeId);
  }

  /** @throws SecretUnavailableError */
  async readCredentials(id: string): Promise<ClientCredentials | undefined> {
    await this.load();
    return this.sourceOf(id)?.readCredentials(id);
  }

  dispose(): void {
    this.changes.dispose();
    for (const source of this.sources) source.dispose();
  }

  private async loadSources(): Promise<void> {
    await Promise.all(
      // A source that can't be read must not affect the others.
      this.sources.map((source) => source.load().catch((error: unknown) => this.onFailure(error))),
    );
    for (const source of this.sources) source.onDidChange(() => this.update(this.activeId));
    this.previousId = this.workspaceState.get<string>(PREVIOUS_KEY);
    this.update(this.workspaceState.get<string>(ACTIVE_KEY));
  }

  private sourceOf(id: string): EnvironmentSource | undefined {
    return this.sources.find((source) => source.list().some((environment) => environment.id === id));
  }

  /** Reads the sources again and fires an event if anything changed. */
  private update(wanted: string | undefined): void {
    const before = this.known;
    const activeBefore = this.activeId;
    const after = this.sources
      .flatMap((source) => source.list())
      .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }) || a.id.localeCompare(b.id));
    this.known = after;
    // If this workspace has no choice yet, the most recently used one is the best guess. Nothing is sent to it before
    // the user opens a view.
    this.activeId = (after.find((environment) => environment.id === wanted) ?? this.listByUse()[0])?.id;

    const added = after.filter(({ id }) => !before.some((old) => old.id === id));
    const removed = before.filter(({ id }) => !after.some((environment) => environment.id === id));
    const kept = after.flatMap((now) => {
      const old = before.find(({ id }) => id === now.id);
      return old === undefined ? [] : [{ old, now }];
    });
    const changed = kept.filter(({ old, now }) => shown(old) !== shown(now)).map(({ now }) => now);
    const replaced = kept.filter(({ old, now }) => old.credentialsRevision !== now.credentialsRevision);
    const activeChanged = activeBefore !== this.activeId;
    if (activeChanged || added.length + changed.length + removed.length > 0) {
      const invalidated = [...replaced.map(({ now }) => now), ...removed].map(({ id }) => id);
      this.changes.fire({ added, changed, removed, invalidated, active: this.active, activeChanged });
    }
  }
}

/** Everything about an environment except its last use, which isn't shown. */
function shown(environment: Environment): string {
  return JSON.stringify({ ...environment, lastUsedAt: 0 });
}
