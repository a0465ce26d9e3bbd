import { CALLBACK_PATH } from './callbackPath';
import { readCallback, type CallbackContent, type ForeignCallback } from './callbackQuery';
import { randomState } from './authorizationRequest';
import { equalSecrets } from './equalSecrets';
import { LoopbackReceiver, type ReceivedRequest, type Reply } from './loopbackReceiver';

/** How long it stays after the callback, in milliseconds: the browser asks for the last page, and may come again. */
const STAYS_MS = 30_000;

/** How many refused requests to remember. */
const MOST_REFUSALS = 20;

/** How waiting for a callback ended. */
export type CallbackResult =
  | CallbackContent
  | { readonly kind: 'timedOut' | 'flooded' | 'closed' | 'initiatedInvalid' };

/** Why a request wasn't the callback. `initiated`: an identity provider's token that isn't valid. */
export type Refusal = ForeignCallback | 'initiated' | 'initiatedError';

/** The sentences that the browser shows. */
export interface CallbackPages {
  readonly done: string;
  /** The right state came a second time. */
  readonly second: string;
  /** Anything that isn't the callback. */
  readonly refusal: string;
}

/**
 * Where a sign-in that an identity provider starts goes on. `foreign`: the token isn't the environment's, so it changes
 * nothing. `invalid`: it's the environment's, but it can't be used, so the wait ends.
 */
export type InitiatedVerdict = { readonly location: string } | 'foreign' | 'invalid';

export interface CallbackReceiverOptions {
  /** The name by which the browser reaches this machine. Default: `localhost`. */
  readonly startHost?: string;
  readonly port: number;
  readonly state: string;
  /** Where `/start` leads. Undefined if the sign-in begins elsewhere. */
  readonly authorizationUrl: string | undefined;
  readonly pages: CallbackPages;
  /** Called when the right state came again, after the first. */
  readonly onSecond: () => void;
  /** Checks the token of a sign-in that an identity provider starts. Without this, such a token is no callback. */
  readonly initiated?: (token: string) => Promise<InitiatedVerdict>;
  readonly longestWaitMs?: number;
}

/** Receives the callback of one sign-in. Only a request with its `state` ends it. */
export class CallbackReceiver {
  /** Resolves once, however the wait ends. */
  readonly result: Promise<CallbackResult>;
  /** An address of this machine that leads to the authorization URL. It has a random value instead of the parameters. */
  readonly startAddress: string;
  private readonly startKey = randomState();
  private readonly refused: Refusal[] = [];
  private receiver: LoopbackReceiver | undefined;
  private finish: (result: CallbackResult) => void = () => undefined;
  private isFinished = false;
  private timer: NodeJS.Timeout | undefined;

  private constructor(private readonly options: CallbackReceiverOptions) {
    this.startAddress = `http://${options.startHost ?? 'localhost'}:${options.port}/start?${this.startKey}`;
    this.result = new Promise((resolve) => {
      this.finish = (result) => {
        this.isFinished = true;
        resolve(result);
      };
    });
  }

  /** @throws PortTakenError */
  static async start(options: CallbackReceiverOptions): Promise<CallbackReceiver> {
    const callback = new CallbackReceiver(options);
    callback.receiver = await LoopbackReceiver.start({
      port: options.port,
      respond: (request) => callback.respond(request),
      onEnd: (why) => callback.finish({ kind: why === 'time' ? 'timedOut' : 'flooded' }),
      refusal: options.pages.refusal,
      longestWaitMs: options.longestWaitMs,
    });
    return callback;
  }

  /** What was refused meanwhile, in order, at most 20. */
  get refusals(): readonly Refusal[] {
    return this.refused;
  }

  /**
   * Takes the query of a callback that arrived in a browser on another machine and was pasted here. False if it isn't
   * this sign-in's.
   */
  takePasted(query: string): boolean {
    const read = readCallback(query, this.options.state);
    if ('foreign' in read || this.isFinished) return false;
    this.received(read.content);
    return true;
  }

  /** Ends it. Resolves when the port is free. May be called again. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.finish({ kind: 'closed' });
    await this.receiver?.close();
  }

  private async respond({ path, query }: ReceivedRequest): Promise<Reply | undefined> {
    const { authorizationUrl, pages } = this.options;
    switch (path) {
      case '/start':
        return authorizationUrl !== undefined && equalSecrets(query, this.startKey)
          ? { status: 302, location: authorizationUrl }
          : undefined;
      case '/done':
        return { status: 200, text: pages.done };
      case CALLBACK_PATH:
        return this.called(query);
      default:
        return undefined;
    }
  }

  private async called(query: string): Promise<Reply> {
    const { state, pages, onSecond } = this.options;
    const read = readCallback(query, state);
    if ('foreign' in read) return (await this.initiated(query)) ?? this.refuse(read.foreign);
    if (this.isFinished) {
      onSecond();
      return { status: 409, text: pages.second };
    }
    this.received(read.content);
    return { status: 303, location: '/done' };
  }

  private async initiated(query: string): Promise<Reply | undefined> {
    const { initiated } = this.options;
    const parameters = new URLSearchParams(query);
    const [token, ...more] = parameters.getAll('idp_initiated_login');
    if (initiated === undefined || this.isFinished || more.length > 0) return undefined;
    if (token === undefined) return parameters.has('error') ? this.refuse('initiatedError') : undefined;
    const verdict = await initiated(token);
    if (typeof verdict === 'object') return { status: 303, location: verdict.location };
    if (verdict === 'invalid') this.received({ kind: 'initiatedInvalid' });
    return this.refuse('initiated');
  }

  private refuse(why: Refusal): Reply {
    if (this.refused.length < MOST_REFUSALS) this.refused.push(why);
    return { status: 400, text: this.options.pages.refusal };
  }

  private received(content: CallbackResult): void {
    this.finish(content);
    this.timer = setTimeout(() => void this.receiver?.close(), STAYS_MS);
  }
}
