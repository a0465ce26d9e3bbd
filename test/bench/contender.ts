/** What a client needs to get in. */
export interface Credentials {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** One way to talk to Scalekit, under measurement. Nothing is sent before it is asked for something. */
export interface Connection {
  /** A page of 100 organizations, from the server and not from a cache. */
  list(pageToken?: string): Promise<{ readonly ids: readonly string[]; readonly next: string | undefined }>;
  /** The name of one organization, from the server and not from a cache. */
  get(id: string): Promise<string | undefined>;
}

/** The module of a contender. */
export interface ContenderModule {
  connect(credentials: Credentials): Connection;
}

/** In the order of the table. */
export const contenderNames = ['workbench', 'sdk', 'nodeFetch', 'plainFetch'] as const;
export type ContenderName = (typeof contenderNames)[number];

/** Reads all organizations, page by page; gives how many. */
export async function listAll(connection: Connection): Promise<number> {
  let count = 0;
  let next: string | undefined;
  do {
    const page = await connection.list(next);
    count += page.ids.length;
    next = page.next;
  } while (next !== undefined);
  return count;
}
