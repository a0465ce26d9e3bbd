import { randomState } from './authorizationRequest';
import { equalSecrets } from './equalSecrets';
import { LoopbackReceiver, type Reply } from './loopbackReceiver';

/** Where Scalekit sends the browser after signing out, if this address is registered. */
export const SIGNED_OUT_PATH = '/signed-out';

export interface SignOutReceiverOptions {
  /** The name by which the browser reaches this machine. Default: `localhost`. */
  readonly startHost?: string;
  readonly port: number;
  /** The address that signs out. It has an ID token in it, so only the browser ever gets it, by a redirect. */
  readonly logoutUrl: string;
  /** Undefined if Scalekit won't come back. */
  readonly state: string | undefined;
  readonly pages: { readonly done: string; readonly refusal: string };
  readonly longestWaitMs?: number;
}

/** How a sign-out ended. `opened`: the browser was sent to Scalekit, and nothing more will be heard. */
export type SignOutResult = 'signedOut' | 'opened' | 'timedOut' | 'flooded' | 'closed';

/** Sends the browser to sign out, and waits until it comes back, if it will. */
export class SignOutReceiver {
  readonly result: Promise<SignOutResult>;
  /** The address to open. It leads to the logout URL, once. */
  readonly startAddress: string;
  private readonly startKey = randomState();
  private receiver: LoopbackReceiver | undefined;
  private finish: (result: SignOutResult) => void = () => undefined;
  private wasOpened = false;

  private constructor(private readonly options: SignOutReceiverOptions) {
    this.startAddress = `http://${options.startHost ?? 'localhost'}:${options.port}/sign-out?${this.startKey}`;
    this.result = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  /** @throws PortTakenError */
  static async start(options: SignOutReceiverOptions): Promise<SignOutReceiver> {
    const signOut = new SignOutReceiver(options);
    signOut.receiver = await LoopbackReceiver.start({
      port: options.port,
      respond: ({ path, query }) => signOut.respond(path, query),
      onEnd: (why) => signOut.finish(why === 'time' ? 'timedOut' : 'flooded'),
      refusal: options.pages.refusal,
      longestWaitMs: options.longestWaitMs,
    });
    return signOut;
  }

  /** Ends it. Resolves when the port is free. May be called again. */
  async close(): Promise<void> {
    this.finish('closed');
    await this.receiver?.close();
  }

  private respond(path: string, query: string): Reply | undefined {
    const { logoutUrl, state, pages } = this.options;
    if (path === '/sign-out' && !this.wasOpened && equalSecrets(query, this.startKey)) {
      this.wasOpened = true;
      if (state === undefined) this.finish('opened');
      return { status: 303, location: logoutUrl };
    }
    if (path === '/done') return { status: 200, text: pages.done };
    if (path !== SIGNED_OUT_PATH) return undefined;
    const states = new URLSearchParams(query).getAll('state');
    if (state === undefined || states.length !== 1 || !equalSecrets(states[0] ?? '', state))
      return { status: 400, text: pages.refusal };
    this.finish('signedOut');
    return { status: 303, location: '/done' };
  }
}
