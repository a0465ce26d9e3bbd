import * as vscode from 'vscode';
import { makeWrite, type VerifiableWrite, type WriteOutcome } from '../api/client/writeOutcome';
import { lostResponseMessage } from '../ui/callMessage';
import type { DocumentReference } from '../core/documentReference';
import type { Environment } from '../core/environment';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { EnvironmentFailure, inEnvironment } from '../core/environmentFailure';
import type { Prompts } from '../ui/prompts';
import { showStatus } from '../ui/statusMessage';
import type { Undo, UndoOffer } from './undoOffer';

/** One change to one of Scalekit's objects. Texts may contain names from the server. */
export interface Write<T> extends VerifiableWrite<T> {
  readonly environmentId: string;
  /** The view that shows the progress. */
  readonly viewId: 'scalekit.organizations' | 'scalekit.configuration';
  /** What is changed, for example `connection/conn_1`. No second change of it begins while one is running. */
  readonly object: string;
  /** The progress message: `Enabling Okta of Acme`. */
  readonly title: string;
  /** What the user is asked first: in production, or always. `false` if they have already confirmed. */
  readonly confirm: WriteConfirmation | false;
  /** Doing it twice does no harm, so a lost response is like any other failure, to be tried again. */
  readonly isHarmlessTwice?: boolean;
  /** Updates the tree to the server's state. Called after success and failure. The tree handles its own failures. */
  readonly refresh: (result: T | undefined) => Promise<unknown>;
  /** The result as a sentence for the status bar. Undefined if something else reports it. */
  readonly done: (result: T) => string | undefined;
  /**
   * What Undo does, if the API can undo it, and what must exist for that. If any of it is deleted, Undo is no longer
   * offered.
   */
  readonly undo?: { readonly run: Undo; readonly needs: readonly DocumentReference[] };
}

export interface WriteConfirmation {
  /** The question, including the object's name: `Disable Okta of Acme?` */
  readonly question: string;
  /** The consequences, in a sentence. */
  readonly detail?: string;
  /** The button: `Disable`. */
  readonly action: string;
  /** Asks outside production too, for what can't be undone. */
  readonly always?: boolean;
}

export interface WriterDependencies {
  readonly environments: EnvironmentAccess;
  readonly prompts: Prompts;
  readonly undo: UndoOffer;
}

/** Runs changes: one at a time per object, confirmed if necessary. Reports results and updates the tree. */
export class Writer {
  private readonly underWay = new Set<string>();

  constructor(private readonly dependencies: WriterDependencies) {}

  /**
   * Makes a change and returns its result. Undefined if the user didn't confirm it, if another change of the object is
   * running, or if its response was lost and we can't find out what happened. The user is told in each case.
   *
   * @throws EnvironmentFailure if Scalekit refused it
   */
  async run<T>(write: Write<T>): Promise<{ readonly result: T } | undefined> {
    const key = `${write.environmentId}/${write.object}`;
    if (this.underWay.has(key)) {
      showStatus(vscode.l10n.t('Wait until this change is done: {0}', write.title), 'sync~spin');
      return undefined;
    }
    this.underWay.add(key);
    try {
      const environment = this.environment(write.environmentId);
      if (write.confirm !== false && !(await this.isConfirmed(environment, write.confirm))) return undefined;
      return await vscode.window.withProgress({ location: { viewId: write.viewId }, title: write.title }, () =>
        this.perform(write, environment),
      );
    } finally {
      this.underWay.delete(key);
    }
  }

  /** Something was deleted. A change that needs it can no longer be undone. */
  forget(deleted: DocumentReference): void {
    this.dependencies.undo.forget(deleted);
  }

  private async perform<T>(write: Write<T>, environment: Environment): Promise<{ readonly result: T } | undefined> {
    const client = await this.dependencies.environments.client(environment.id);
    let outcome: WriteOutcome<T>;
    try {
      outcome = await inEnvironment(environment, () => makeWrite(client, write));
    } catch (error) {
      await write.refresh(undefined);
      throw error;
    }
    if ('lost' in outcome) {
      await write.refresh(undefined);
      if (write.isHarmlessTwice === true) throw new EnvironmentFailure(environment, outcome.lost);
      void this.dependencies.prompts.message(
        'warning',
        lostResponseMessage(vscode.l10n, outcome.lost, environment.name, write.title),
      );
      return undefined;
    }
    await write.refresh(outcome.result);
    const text = write.done(outcome.result);
    if (text === undefined) return outcome;
    if (write.undo === undefined) showStatus(text);
    else this.dependencies.undo.offer(text, write.undo.run, write.undo.needs);
    return outcome;
  }

  private isConfirmed(
    environment: Environment,
    { question, detail, action, always }: WriteConfirmation,
  ): Promise<boolean> {
    if (!environment.production && always !== true) return Promise.resolve(true);
    return this.dependencies.prompts.confirm({
      message: question,
      detail: [...(detail === undefined ? [] : [detail, '']), environmentLine(environment)],
      action,
    });
  }

  private environment(id: string): Environment {
    const environment = this.dependencies.environments.get(id);
    if (environment === undefined) throw new EnvironmentFailure({ id, name: id }, 'gone');
    return environment;
  }
}

/** Which environment a question is about, on a line of its own. */
export function environmentLine({ name, host, production }: Environment): string {
  // Until it's renamed, an environment has its host as its name.
  if (host === name)
    return production ? vscode.l10n.t('Environment: {0} (production)', name) : vscode.l10n.t('Environment: {0}', name);
  return production
    ? vscode.l10n.t('Environment: {0} (production, {1})', name, host)
    : vscode.l10n.t('Environment: {0} ({1})', name, host);
}
