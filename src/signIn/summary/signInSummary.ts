import * as vscode from 'vscode';
import type { ScalekitClient } from '../../api/client/scalekitClient';
import { isCancelled, ScalekitError } from '../../api/client/scalekitError';
import { isRecord, readText } from '../../api/json';
import { inOrderOfTime, listEvents } from '../../api/signInEvents';
import { readSignIn, type SignIn } from '../../api/signInLog';
import type { Environment } from '../../core/environment';
import type { EnvironmentAccess } from '../../core/environmentAccess';
import { EnvironmentFailure, inEnvironment } from '../../core/environmentFailure';
import { readOrganizationReference, type OrganizationReference } from '../../core/organizationReference';
import { cancellableProgress } from '../../ui/cancellableProgress';
import { environmentWords } from '../../ui/documentHeading';
import { failureMessage } from '../../ui/failureMessage';
import { localDayAndTime } from '../../ui/localTime';
import { markdownText } from '../../ui/markdownText';
import type { Prompts, ReportProgress } from '../../ui/prompts';
import type { Redactor } from '../../ui/redactor';
import { resolveEnvironment } from '../../ui/resolveEnvironment';
import { showMarkdown } from '../../ui/showMarkdown';
import type { VirtualDocuments } from '../../ui/virtualDocuments';
import { MOST_LOOKED_AT, readLogInto, readReasonsInto } from './readSummary';
import { SignInTally } from './signInTally';
import { stepLines } from './stepsText';
import { summaryText, type SummaryFacts } from './summaryText';

/** The views' side of a summary. */
export interface SummaryViews {
  /** The name of an organization, if a view shows it. */
  nameOf(organization: OrganizationReference): string | undefined;
  /** Shows an organization's failed sign-ins in its log, in the Organizations view. */
  showFailed(organization: OrganizationReference): Promise<void>;
}

export interface SignInSummaryDependencies {
  readonly environments: EnvironmentAccess;
  readonly prompts: Prompts;
  readonly documents: VirtualDocuments;
  readonly redactor: Redactor;
  readonly views: SummaryViews;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** How far back a summary goes. */
interface Period {
  readonly words: string;
  /** In milliseconds. Absent for everything. */
  readonly length?: number;
}

/** What a reading has found so far. It's complete only if nothing stopped it. */
type Reading = Pick<SummaryFacts, 'tally'> & {
  -readonly [Part in 'stopped' | 'reasonsStopped' | 'example']?: SummaryFacts[Part];
};

const HOUR_MS = 3_600_000;

/** Sign-in Summary… and Show Sign-in Steps. */
export class SignInSummary {
  constructor(private readonly dependencies: SignInSummaryDependencies) {}

  /** Sign-in Summary…, of the organization or environment that it was run on, or of the active environment. */
  async show(argument: unknown): Promise<void> {
    const { environments, prompts, documents, views, now } = this.dependencies;
    const organization = organizationOf(argument);
    const environment = await resolveEnvironment(organization?.environmentId ?? argument, environments, prompts);
    if (environment === undefined) return;
    const organizationName = organization && (views.nameOf(organization) ?? organization.organizationId);
    const name = organizationName ?? environment.name;
    const period = await this.askPeriod(vscode.l10n.t('Sign-in Summary of {0}', name));
    if (period === undefined) return;
    const readAt = now();
    const tally = new SignInTally({
      organizationId: organization?.organizationId,
      since: period.length === undefined ? undefined : new Date(readAt - period.length),
    });
    const reading = await this.read(environment, tally, vscode.l10n.t('Reading the sign-in log of {0}…', name));
    const facts = { environment, organizationName, period: period.words, readAt, ...reading };
    const title = vscode.l10n.t('Sign-ins of {0}', name);
    await showMarkdown(documents, {
      folder: ['sign-ins', environment.id, organization?.organizationId ?? 'all'],
      title,
      text: summaryText(facts, this.escape),
    });
    await this.offerFailed(environment, organization, tally);
  }

  /** Show Sign-in Steps, of a row of a sign-in log. */
  async showSteps(argument: unknown): Promise<void> {
    const { environments, prompts, documents } = this.dependencies;
    const row = isRecord(argument) && isRecord(argument['document']) ? argument['document'] : undefined;
    const signIn = readSignIn(row?.['record']);
    const environmentId = readText(row?.['environmentId']);
    if (signIn === undefined || environmentId === undefined) return;
    const environment = await resolveEnvironment(environmentId, environments, prompts);
    if (environment === undefined) return;
    const name = signIn.email ?? signIn.id;
    const events = await inEnvironment(environment, async () => {
      const client = await environments.client(environment.id);
      return cancellableProgress(prompts, vscode.l10n.t('Reading the sign-in of {0}…', name), (signal) =>
        listEvents(client, { auth_request_id: signIn.id }, { signal, fresh: true }),
      );
    });
    const title = vscode.l10n.t('Sign-in of {0}', name);
    const text = [
      `# ${vscode.l10n.t('Sign-in of {0}', this.escape(name))}`,
      '',
      this.escape(environmentWords(environment)),
      '',
      ...stepLines(inOrderOfTime(events), this.escape),
      '',
      vscode.l10n.t('Request ID: {0}', this.escape(signIn.id)),
      '',
    ].join('\n');
    await showMarkdown(documents, { folder: ['sign-ins', environment.id, signIn.id], title, text });
  }

  /** Secrets go first: after the escaping, the redactor wouldn't find them. */
  private readonly escape = (text: string): string => markdownText(this.dependencies.redactor.redact(text));

  private async askPeriod(title: string): Promise<Period | undefined> {
    const periods: readonly Period[] = [
      { words: vscode.l10n.t('Last 24 Hours'), length: 24 * HOUR_MS },
      { words: vscode.l10n.t('Last 7 Days'), length: 7 * 24 * HOUR_MS },
      { words: vscode.l10n.t('Last 30 Days'), length: 30 * 24 * HOUR_MS },
      { words: vscode.l10n.t('As Far Back as the Log Goes') },
    ];
    const picked = await this.dependencies.prompts.pick({
      title,
      placeholder: vscode.l10n.t('How far back? At most {0} entries are read.', number(MOST_LOOKED_AT)),
      choices: periods.map((period) => ({ value: period, label: period.words, icon: 'history' })),
    });
    return typeof picked === 'object' ? picked.answer : undefined;
  }

  /**
   * Reads the log, the reasons and one attempt. If the user cancels, or a call fails after the first page, what was read
   * is the result.
   *
   * @throws EnvironmentFailure if nothing could be read
   */
  private async read(environment: Environment, tally: SignInTally, title: string): Promise<Reading> {
    const { environments, prompts } = this.dependencies;
    const reading: Reading = { tally };
    const client = await inEnvironment(environment, () => environments.client(environment.id));
    try {
      await cancellableProgress(prompts, title, (signal, report) =>
        inEnvironment(environment, () => this.readInto(reading, environment, client, signal, report)),
      );
    } catch (error) {
      // Only cancelling can end it before the reasons, apart from a failure of the first page.
      if (!isCancelled(error) || tally.looked === 0) throw error;
      reading.reasonsStopped ??= vscode.l10n.t('You cancelled before all reasons were read.');
    }
    return reading;
  }

  private async readInto(
    reading: Reading,
    environment: Environment,
    client: ScalekitClient,
    signal: AbortSignal,
    report: ReportProgress,
  ): Promise<void> {
    const { tally } = reading;
    reading.stopped = vscode.l10n.t('you cancelled.');
    try {
      const isComplete = await readLogInto(tally, client, signal, () => report(progressWords(tally)));
      reading.stopped = isComplete
        ? undefined
        : vscode.l10n.t('a summary reads at most {0} entries.', number(MOST_LOOKED_AT));
    } catch (error) {
      if (tally.looked === 0) throw error;
      reading.stopped = this.whyNot(error, environment);
    }
    const example = tally.failures[0] ?? tally.newest;
    if (tally.counts.FAILED > 0) report(vscode.l10n.t('reasons of the failed ones'));
    try {
      await readReasonsInto(tally, client, signal);
    } catch (error) {
      reading.reasonsStopped = vscode.l10n.t('Not all reasons could be read: {0}', this.whyNot(error, environment));
    }
    if (example !== undefined) reading.example = await this.stepsOf(example, client, environment, signal);
  }

  private async stepsOf(
    signIn: SignIn,
    client: ScalekitClient,
    environment: Environment,
    signal: AbortSignal,
  ): Promise<SummaryFacts['example']> {
    try {
      const events = await listEvents(client, { auth_request_id: signIn.id }, { signal, fresh: true });
      return { signIn, events: inOrderOfTime(events) };
    } catch (error) {
      return {
        signIn,
        events: vscode.l10n.t('Its steps couldn’t be read: {0}', this.whyNot(error, environment)),
      };
    }
  }

  /**
   * A failed call in words, as Markdown.
   *
   * @throws the error itself if the user cancelled, or if it's none of a call
   */
  private whyNot(error: unknown, environment: Environment): string {
    if (!(error instanceof ScalekitError) || isCancelled(error)) throw error;
    return this.escape(failureMessage(new EnvironmentFailure(environment, error)).text);
  }

  /** Offers the way to the failed ones, each in its organization's log. */
  private async offerFailed(
    environment: Environment,
    organization: OrganizationReference | undefined,
    tally: SignInTally,
  ): Promise<void> {
    const { environments, prompts, views } = this.dependencies;
    const ids =
      organization === undefined ? tally.failedByOrganization.map(([id]) => id) : [organization.organizationId];
    if (tally.counts.FAILED === 0 || ids.length === 0) return;
    const show =
      environments.active()?.id === environment.id
        ? vscode.l10n.t('Show Failed in Log')
        : vscode.l10n.t('Switch to {0} and Show Failed', environment.name);
    const text = vscode.l10n.t('Failed sign-ins: {0} of {1}.', number(tally.counts.FAILED), number(tally.attempts));
    if ((await prompts.message('information', text, show)) !== show) return;
    const environmentId = environment.id;
    const organizationId = ids.length === 1 ? ids[0] : await this.askOrganization(environmentId, tally);
    if (organizationId !== undefined) await views.showFailed({ environmentId, organizationId });
  }

  private async askOrganization(environmentId: string, tally: SignInTally): Promise<string | undefined> {
    const { prompts, views } = this.dependencies;
    const picked = await prompts.pick({
      title: vscode.l10n.t('Failed Sign-ins'),
      placeholder: vscode.l10n.t('Of which organization?'),
      choices: tally.failedByOrganization.map(([organizationId, count]) => ({
        value: organizationId,
        label: views.nameOf({ environmentId, organizationId }) ?? organizationId,
        description: vscode.l10n.t('failed: {0}', number(count)),
        detail: organizationId,
        icon: 'organization',
      })),
    });
    return typeof picked === 'object' ? picked.answer : undefined;
  }
}

/** The organization of a row: its own, or of its list of sign-ins. */
function organizationOf(argument: unknown): OrganizationReference | undefined {
  return (
    readOrganizationReference(argument) ??
    (isRecord(argument) ? readOrganizationReference(argument['parent']) : undefined)
  );
}

function progressWords(tally: SignInTally): string {
  const back = tally.lookedBackTo;
  return back === undefined
    ? vscode.l10n.t('{0} entries', number(tally.looked))
    : vscode.l10n.t('{0} entries, back to {1}', number(tally.looked), localDayAndTime(back));
}

function number(count: number): string {
  return count.toLocaleString(vscode.env.language);
}
