/** Where a sandbox says that it is one, so that a second one can tell who has its port. */
export const ABOUT_PATH = '/__sandbox/about';

/** What distinguishes a sandbox from any other program that answers there. */
export const SANDBOX_MARK = 'scalekit-workbench';

/** What a sandbox tells other programs on this machine about itself. Nothing of it is a secret. */
export interface About {
  readonly clientId: string;
  /** Who started it, for example the name of a window. */
  readonly startedBy?: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export function aboutJson({ clientId, startedBy, startedAt }: About): object {
  return {
    sandbox: SANDBOX_MARK,
    client_id: clientId,
    ...(startedBy === undefined ? {} : { started_by: startedBy }),
    started_at: startedAt,
  };
}
