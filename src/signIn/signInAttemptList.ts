import * as vscode from 'vscode';
import { RecentActivity, type ActivityEntry } from '../core/activityList';
import { localTime } from '../ui/localTime';
import type { SignInOutcome, SignInReport } from './signInReport';

interface SignInEntry extends ActivityEntry {
  readonly number: number;
  readonly show: () => Promise<void>;
}

/** Sign-in Attempts in the Activity view: each opens its document. */
export class SignInAttemptList extends RecentActivity<SignInEntry> {
  constructor() {
    super({
      id: 'signInAttempts',
      label: vscode.l10n.t('Sign-in Attempts'),
      icon: 'account',
      show: (entry) => entry.show(),
    });
  }

  /** Adds a sign-in from the editor. `show` opens its document. */
  record(report: SignInReport, show: () => Promise<void>): void {
    const { environment, outcome, begunAt, steps, number } = report;
    const words = outcomeWords(outcome);
    const lastsMs = Math.max(0, (steps.at(-1)?.at ?? begunAt) - begunAt);
    const detail = vscode.l10n.t('{0} s', (lastsMs / 1000).toFixed(1));
    const failed = outcome === 'failed' || outcome === 'rejected' || outcome === 'timedOut';
    this.add({
      time: begunAt,
      label: `${environment.name} · ${words}`,
      detail,
      failed,
      sentence: vscode.l10n.t(
        'Sign-in to {0}, begun at {1}: {2}.',
        environment.name,
        localTime(begunAt, { seconds: true }),
        words,
      ),
      details: [
        [vscode.l10n.t('Environment'), environment.name],
        [vscode.l10n.t('Result'), words],
        [vscode.l10n.t('Begun'), new Date(begunAt)],
        [vscode.l10n.t('Duration'), detail],
      ],
      number,
      show,
    });
  }
}

function outcomeWords(outcome: SignInOutcome): string {
  switch (outcome) {
    case 'signedIn':
      return vscode.l10n.t('signed in');
    case 'rejected':
      return vscode.l10n.t('token rejected');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'cancelled':
      return vscode.l10n.t('cancelled');
    case 'timedOut':
      return vscode.l10n.t('no callback');
  }
}
