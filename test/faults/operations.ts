import assert from 'node:assert/strict';
import type { AccessToken } from '../../src/api/client/accessToken';
import {
  getOrganization,
  getOrganizationJson,
  listOrganizations,
  searchOrganizations,
  type Organization,
} from '../../src/api/organizations';
import type { ScalekitClient } from '../../src/api/client/scalekitClient';
import type { ScalekitError } from '../../src/api/client/scalekitError';
import type { TokenSource } from '../../src/api/client/tokenSource';
import { makeWrite, type WriteOutcome } from '../../src/api/client/writeOutcome';
import { editableKind } from '../../src/documents/editableKinds';
import { sendChanges, type SendOutcome } from '../../src/documents/sendChanges';
import { organizationCreation } from '../../src/resources/organizations/organizationCreation';
import { PagedList } from '../../src/tree/pagedList';
import type { Target } from './gateway';

/** A working client, and an existing organization. */
export interface Session {
  readonly client: ScalekitClient;
  readonly tokens: TokenSource;
  readonly organizationId: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How many requests the client sent. */
  readonly sent: () => number;
  /** The server's state, read without the code under test. */
  readonly onServer: ServerView;
}

export interface ServerView {
  displayName(organizationId: string): Promise<unknown>;
  /** How many organizations have this name. */
  countNamed(displayName: string): Promise<number>;
}

/** Something a person does, from the screen before it to the screen after it. */
export interface Operation {
  /** Reads may be repeated. A write happens at most once. */
  readonly kind: 'token' | 'read' | 'write';
  readonly target: (organizationId: string) => Target;
  /** Prepares the screen from which the person starts, before anything goes wrong. */
  start(session: Session): Promise<Started>;
}

export interface Started {
  /**
   * Does it. Rejects with the reason wherever a person would read one. Returns the failure that lost a change's response, if verifying
   * couldn't tell the outcome.
   */
  run(): Promise<void | { readonly lost: ScalekitError }>;
  /** The person cancels it. */
  cancel(): void;
  /** Asserts what is on the screen now. */
  expectScreen(done: boolean, executed: number): Promise<void>;
  /** Asserts that it works when nothing is wrong anymore and the person does it again. */
  expectRecovery(executed: number): Promise<void>;
}

const ORGANIZATIONS = '/api/v1/organizations';
let names = 0;

/** A list as in the tree. */
function organizationList(client: ScalekitClient): PagedList<Organization> {
  return new PagedList(
    ({ pageToken, fresh, signal }) => listOrganizations(client, { pageToken }, { fresh, signal }),
    () => undefined,
  );
}

function idsOf({ state }: PagedList<Organization>): string[] {
  return state.items.map((item) => ('record' in item ? item.record.id : assert.fail('an unreadable row')));
}

function throwIf(error: unknown): void {
  if (error !== undefined) throw error;
}

/** The operations of the client, by name. */
export const operations = {
  token: {
    kind: 'token',
    target: () => ({ method: 'POST', path: '/oauth/token' }),
    async start({ tokens, client, organizationId }) {
      const before = await tokens.get();
      const controller = new AbortController();
      let fetched: AccessToken | undefined;
      return {
        run: async () => void (fetched = await tokens.fetchNew({ signal: controller.signal })),
        cancel: () => controller.abort(),
        async expectScreen(done) {
          const shown = done ? fetched : before;
          assert.equal(tokens.cached()?.value, shown?.value, 'the cached token');
          assert.equal(fetched === undefined, !done);
        },
        async expectRecovery() {
          const next = await tokens.fetchNew();
          assert.notEqual(next.value, before.value);
          assert.equal((await getOrganization(client, organizationId, { fresh: true })).id, organizationId);
        },
      };
    },
  },
  list: {
    kind: 'read',
    target: () => ({ method: 'GET', path: ORGANIZATIONS }),
    async start({ client }) {
      const list = organizationList(client);
      await list.ensureLoaded();
      const before = idsOf(list);
      return {
        async run() {
          await list.refresh();
          throwIf(list.state.refreshError);
        },
        cancel: () => list.dispose(),
        async expectScreen(done) {
          assert.equal(list.state.phase, 'ready');
          assert.deepEqual(idsOf(list), before, 'the rows');
          if (done) assert.equal(list.state.refreshError, undefined);
        },
        async expectRecovery() {
          const again = organizationList(client);
          await again.refresh();
          assert.deepEqual(idsOf(again), before);
        },
      };
    },
  },
  page: {
    kind: 'read',
    target: () => ({ method: 'GET', path: ORGANIZATIONS }),
    async start({ client }) {
      const list = organizationList(client);
      await list.ensureLoaded();
      const before = idsOf(list);
      return {
        async run() {
          await list.loadMore();
          throwIf(list.state.moreError);
        },
        cancel: () => list.dispose(),
        async expectScreen(done) {
          assert.deepEqual(idsOf(list).slice(0, before.length), before, 'the rows');
          assert.equal(idsOf(list).length, done ? 2 * before.length : before.length);
          assert.deepEqual(
            [list.state.phase, list.state.loadingMore, list.state.hasMore],
            ['ready', false, true],
            'Load more is still offered',
          );
        },
        async expectRecovery() {
          const again = organizationList(client);
          await again.ensureLoaded();
          await again.loadMore();
          assert.equal(new Set(idsOf(again)).size, 2 * before.length);
        },
      };
    },
  },
  get: {
    kind: 'read',
    target: (id) => ({ method: 'GET', path: `${ORGANIZATIONS}/${id}` }),
    async start({ client, organizationId, sent }) {
      const before = await getOrganization(client, organizationId);
      const controller = new AbortController();
      let read: Organization | undefined;
      return {
        run: async () =>
          void (read = await getOrganization(client, organizationId, { fresh: true, signal: controller.signal })),
        cancel: () => controller.abort(),
        async expectScreen(done) {
          assert.equal(read === undefined, !done);
          const requests = sent();
          assert.deepEqual(
            await getOrganization(client, organizationId),
            before,
            'the good response stays in the cache',
          );
          assert.equal(sent(), requests);
        },
        expectRecovery: async () =>
          assert.deepEqual(await getOrganization(client, organizationId, { fresh: true }), before),
      };
    },
  },
  search: {
    kind: 'read',
    target: () => ({ method: 'GET', path: `${ORGANIZATIONS}:search` }),
    async start({ client, organizationId }) {
      const { displayName } = await getOrganization(client, organizationId);
      const query = displayName ?? assert.fail('it has no name');
      const list = new PagedList<Organization>(
        ({ pageToken, fresh, signal }) => searchOrganizations(client, { query, pageToken }, { fresh, signal }),
        () => undefined,
      );
      const finds = (): boolean => idsOf(list).includes(organizationId);
      return {
        async run() {
          await list.ensureLoaded();
          throwIf(list.state.error);
        },
        cancel: () => list.dispose(),
        async expectScreen(done) {
          if (done) assert.ok(list.state.phase === 'ready' && finds());
          else assert.deepEqual(idsOf(list), [], 'there is only the failure');
        },
        async expectRecovery() {
          const { items } = await searchOrganizations(client, { query }, { fresh: true });
          assert.ok(items.some((item) => 'record' in item && item.record.id === organizationId));
        },
      };
    },
  },
  /** Saves a changed document. A person reads this sentence, except for a 404, which names the document: see `documentMessages`. */
  save: {
    kind: 'write',
    target: (id) => ({ method: 'PATCH', path: `${ORGANIZATIONS}/${id}` }),
    async start({ client, organizationId, onServer }) {
      const path = ['organizations', organizationId];
      const kind = editableKind(path) ?? assert.fail("it can't be edited");
      const current = await getOrganizationJson(client, organizationId);
      const before = current['display_name'];
      const wanted = `Saved ${++names}`;
      const save = (displayName: string): Promise<SendOutcome> =>
        sendChanges(client, { kind, path, changes: { display_name: displayName }, current });
      let saved: unknown;
      return {
        async run() {
          const outcome = await save(wanted);
          if ('failure' in outcome) throw outcome.failure;
          saved = outcome.saved['display_name'];
        },
        // VS Code can't cancel a save. Its deadline ends it.
        cancel: () => undefined,
        async expectScreen(done, executed) {
          assert.equal(saved, done ? wanted : undefined);
          assert.equal(done, executed > 0, 'it reports a failure exactly if nothing was saved');
          assert.equal(
            await onServer.displayName(organizationId),
            executed > 0 ? wanted : before,
            'what the server has',
          );
        },
        async expectRecovery(executed) {
          // Nothing that the write may have changed comes from the cache.
          assert.equal(
            (await getOrganizationJson(client, organizationId))['display_name'],
            executed > 0 ? wanted : before,
          );
          await save(`${wanted} again`);
          assert.equal(await onServer.displayName(organizationId), `${wanted} again`);
        },
      };
    },
  },
  /** Create Organization as `Writer` does it, from the person's input to the message they get. */
  action: {
    kind: 'write',
    target: () => ({ method: 'POST', path: ORGANIZATIONS }),
    async start({ client, onServer, now }) {
      const list = organizationList(client);
      await list.ensureLoaded();
      const before = idsOf(list);
      const name = `Created ${++names}`;
      const create = (displayName: string): Promise<WriteOutcome<Organization>> =>
        makeWrite(client, organizationCreation({ display_name: displayName }, new Set(before), now()));
      let created: Organization | undefined;
      return {
        async run() {
          const outcome = await create(name);
          if ('lost' in outcome) return outcome;
          created = outcome.result;
        },
        // A person can't cancel a change that was sent. Its deadline ends it.
        cancel: () => undefined,
        async expectScreen(done, executed) {
          assert.deepEqual(idsOf(list), before, 'the rows');
          assert.equal(created?.displayName, done ? name : undefined);
          assert.equal(done, executed > 0, 'it reports success exactly if the organization was created');
          assert.equal(await onServer.countNamed(name), executed, 'how many of them the server has');
        },
        async expectRecovery() {
          await create(`${name} again`);
          assert.equal(await onServer.countNamed(`${name} again`), 1);
          await list.refresh();
          assert.equal(list.state.refreshError, undefined);
        },
      };
    },
  },
} satisfies Readonly<Record<string, Operation>>;

export type OperationName = keyof typeof operations;
