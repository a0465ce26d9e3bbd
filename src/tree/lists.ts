import type { Page } from '../api/page';
import type { ReadOptions, ScalekitClient } from '../api/client/scalekitClient';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { inEnvironment } from '../core/environmentFailure';
import { ListNode, type ListNodeOptions, type Refresh } from './listNode';
import type { PageReader } from './pagedList';
import type { TreeNode } from './treeNode';
import type { Environment } from '../core/environment';

/** Reads one page of a list with the environment's client. */
export type ReadPage<T> = (
  client: ScalekitClient,
  page: { readonly pageToken?: string },
  options: ReadOptions,
) => Promise<Page<T>>;

/** One list of {@link Lists.list}. */
export interface ListOptions<T> {
  /** Identifies it in menus. */
  readonly kind: string;
  /** The end of its ID. Default: its kind. */
  readonly path?: string;
  readonly parent?: TreeNode;
  readonly label: string;
  readonly icon: string;
  readonly emptyLabel: string;
  readonly emptyAction?: ListNodeOptions<T>['emptyAction'];
  readonly call: ReadPage<T>;
  readonly node: (record: T, list: ListNode) => TreeNode;
  /** Replaces Load More once there are too many rows to look through. */
  readonly searchCommand?: string;
}

/**
 * The lists of one environment that a tree shows. Each is created once and found again by its ID, so that a row that is
 * read again keeps what was open beneath it.
 */
export class Lists {
  private readonly known = new Map<string, ListNode>();

  constructor(
    /** Its name and marks may change while it's shown. */
    public environment: Environment,
    private readonly environments: EnvironmentAccess,
    private readonly onDidChange: (node: ListNode, redraw: Refresh) => void,
  ) {}

  /** The list with this ID, created from `spec` on first use. It moves to the row that last asked for it. */
  getOrCreate<T>(spec: Omit<ListNodeOptions<T>, 'environmentId'>): ListNode<T> {
    const known = this.known.get(spec.id);
    if (known !== undefined) {
      known.parent = spec.parent;
      return known as ListNode<T>;
    }
    const created = new ListNode<T>({ ...spec, environmentId: this.environment.id }, this.onDidChange);
    this.known.set(spec.id, created as ListNode);
    return created;
  }

  /** A list beneath a row, or beside others at the top. */
  list<T>(list: ListOptions<T>): ListNode {
    const created: ListNode<T> = this.getOrCreate<T>({
      id: `${list.parent?.id ?? this.environment.id}/${list.path ?? list.kind}`,
      parent: list.parent,
      label: list.label,
      icon: list.icon,
      contextValue: `list ${list.kind}`,
      emptyLabel: list.emptyLabel,
      searchCommand: list.searchCommand,
      emptyAction: list.emptyAction,
      read: this.reader(list.call),
      node: (record) => list.node(record, created as ListNode),
    });
    return created as ListNode;
  }

  /** A page reader whose failures name the environment. */
  reader<T>(call: ReadPage<T>): PageReader<T> {
    return ({ pageToken, fresh, signal, onNewer }) =>
      this.call((client) => call(client, { pageToken }, { fresh, signal, onNewer }));
  }

  /** Runs a call with the environment's client, so that a failure names the environment. */
  call<T>(task: (client: ScalekitClient) => Promise<T>): Promise<T> {
    return inEnvironment(this.environment, async () => task(await this.environments.client(this.environment.id)));
  }

  /** Removes the lists beneath a deleted row. */
  forgetBeneath(row: TreeNode): void {
    for (const [id, list] of this.known) {
      if (!id.startsWith(`${row.id}/`)) continue;
      list.dispose();
      this.known.delete(id);
    }
  }

  /** The list with this ID, if it has been created. */
  get(id: string): ListNode | undefined {
    return this.known.get(id);
  }

  /** Whether this list is still one of them. None is once another environment is shown. */
  holds<T>(list: ListNode<T>): boolean {
    return this.known.get(list.id) === (list as ListNode);
  }

  all(): ListNode[] {
    return [...this.known.values()];
  }

  dispose(): void {
    for (const list of this.known.values()) list.dispose();
    this.known.clear();
  }
}
