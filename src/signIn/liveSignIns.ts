import type { SignInReport } from './signInReport';
import type { UserTokens } from './tokenRequest';

/** How many sign-ins keep their tokens, newest first. */
const MOST = 20;

/** A sign-in of this window, and its tokens, which exist only here. */
export interface LiveSignIn {
  report: SignInReport;
  tokens: UserTokens | undefined;
}

/** The sign-ins of this window, by number. */
export class LiveSignIns {
  private readonly all = new Map<number, LiveSignIn>();
  private last = 0;

  nextNumber(): number {
    return ++this.last;
  }

  keep(signIn: LiveSignIn): void {
    this.all.set(signIn.report.number, signIn);
    const [oldest] = this.all.keys();
    if (oldest !== undefined && this.all.size > MOST) this.all.delete(oldest);
  }

  get(number: number): LiveSignIn | undefined {
    return this.all.get(number);
  }

  /** Drops the tokens of environments that were removed or have other credentials now. */
  forget(environmentIds: readonly string[]): void {
    for (const signIn of this.all.values())
      if (environmentIds.includes(signIn.report.environment.id)) signIn.tokens = undefined;
  }
}
