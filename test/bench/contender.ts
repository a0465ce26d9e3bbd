/** The credentials of a client. */
export interface Credentials {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** One way to call Scalekit that the bench measures. It sends nothing before its first call. */
export interface Connection {
  /** A page of 100 organizations, from the server, not from a cache. */
  list(pageToken?: string): Promise<{ readonly ids: readonly string[]; readonly next: string | undefined }>;
  /** The name of one organization, from the server, not from a cache. */
  get(id: string): Promise<string | undefined>;
}

/** The module of a contender. */
export interface ContenderModule {
  connect(credentials: Credentials): Connection;
}

/** In the table's order. */
export const contenderNames = ['workbench', 'sdk', 'nodeFetch', 'plainFetch'] as const;
export type ContenderName = (typeof contenderNames)[number];

/** Reads all organizations, page by page. Returns their number. */
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
