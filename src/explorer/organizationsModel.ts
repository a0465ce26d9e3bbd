import { listOrganizations, type Organization } from '../api/organizations.js';
import type { EnvironmentAccess, EnvironmentFacts } from '../editor/environmentAccess.js';
import { inEnvironment } from '../editor/environmentFailure.js';
import { PagedList, type PagedListState } from './pagedList.js';

/** What the Organizations view shows: which environment, and how much of its list is there. */
export interface OrganizationsState {
  readonly environment: EnvironmentFacts | undefined;
  readonly list: PagedListState<Organization> | undefined;
}

/** The active environment's organizations. Follows the active environment; reads nothing before it is asked to. */
export class OrganizationsModel {
  private environment: EnvironmentFacts | undefined;
  private list: PagedList<Organization> | undefined;
  private listener: () => void = () => undefined;

  constructor(private readonly environments: EnvironmentAccess) {}

  get state(): OrganizationsState {
    return { environment: this.environment, list: this.list?.state };
  }

  onDidChange(listener: () => void): void {
    this.listener = listener;
  }

  /** Takes up what has changed among the environments. What was read with other credentials goes. */
  follow(active: EnvironmentFacts | undefined, voided: readonly string[]): void {
    const same = active?.id === this.environment?.id && !(active !== undefined && voided.includes(active.id));
    this.environment = active;
    if (same && this.list !== undefined) {
      this.listener();
      return;
    }
    this.list?.dispose();
    this.list = active === undefined ? undefined : this.listOf(active);
    this.listener();
  }

  async ensureLoaded(): Promise<void> {
    await this.environments.ready();
    if (this.list === undefined) {
      this.environment = this.environments.active();
      this.list = this.environment === undefined ? undefined : this.listOf(this.environment);
    }
    await this.list?.ensureLoaded();
  }

  async refresh(): Promise<void> {
    await this.list?.refresh();
  }

  async loadMore(): Promise<void> {
    await this.list?.loadMore();
  }

  dispose(): void {
    this.list?.dispose();
  }

  private listOf(environment: EnvironmentFacts): PagedList<Organization> {
    return new PagedList<Organization>(
      ({ pageToken, fresh, signal }) =>
        inEnvironment(environment, async () =>
          listOrganizations(await this.environments.client(environment.id), { pageToken }, { fresh, signal }),
        ),
      () => this.listener(),
    );
  }
}
