import * as vscode from 'vscode';
import { makeWrite, type FindableWrite, type WriteOutcome } from '../api/client/writeOutcome';
import { lostResponseMessage } from '../ui/callMessage';
import type { DocumentReference } from '../core/documentReference';
import type { Environment } from '../core/environment';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { EnvironmentFailure, inEnvironment } from '../core/environmentFailure';
import type { Prompts } from '../ui/prompts';
import { showStatus } from '../ui/statusMessage';
import type { Undo, UndoOffer } from './undoOffer';

/** One change to one object of Scalekit's. Texts may hold names from the server. */
export interface Write<T> extends FindableWrite<T> {
  readonly environmentId: string;
  /** The view in which progress is shown. */
  readonly viewId: 'scalekit.organizations' | 'scalekit.configuration';
  /** What is changed, such as `connection/conn_1`: while one change of it is under way, no other begins. */
  readonly object: string;
  /** What is being done, said while it lasts: `Enabling Okta of Acme`. */
  readonly title: string;
  /** What a person is asked first: in production, or always. `false`: they have confirmed it already. */
  readonly confirm: WriteConfirmation | false;
  /** Doing it twice does no harm: when the answer is lost, that is a failure like any other, to be tried again. */
  readonly isHarmlessTwice?: boolean;
  /** Brings what the tree shows to what the server has. Called after success and failure alike; its own failures are the tree's. */
  readonly refresh: (result: T | undefined) => Promise<unknown>;
  /** The result in a sentence, for the status bar; undefined when something else says it. */
  readonly done: (result: T) => string | undefined;
  /** What Undo does, where the API can undo, and what must be there for that: when some of it is deleted, Undo goes. */
  readonly undo?: { readonly run: Undo; readonly needs: readonly DocumentReference[] };
}

export interface WriteConfirmation {
  /** The question, with the object's name in it: `Disable Okta of Acme?` */
  readonly question: string;
  /** What it means, in a sentence. */
  readonly detail?: string;
  /** The button: `Disable`. */
  readonly action: string;
  /** Asks outside production too: for what cannot be undone. */
  readonly always?: boolean;
}

export interface WriterDependencies {
  readonly environments: EnvironmentAccess;
  readonly prompts: Prompts;
  readonly undo: UndoOffer;
}

/** Runs changes: one at a time for one object, confirmed where they must be, their results said, the tree brought up to date. */
export class Writer {
  private readonly underWay = new Set<string>();

  constructor(private readonly dependencies: WriterDependencies) {}

  /**
   * Does it; gives its result, or undefined when the person did not confirm it, when another change of the object is under way, or
   * when its answer was lost and it cannot be found out what came of it (the person is told each time).
   *
   * @throws EnvironmentFailure when Scalekit refused it
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

  /** Something was deleted: what needs it is not undone any more. */
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

/** Which environment a question is about, in a line of its own. */
export function environmentLine({ name, host, production }: Environment): string {
  // Until it is given another name, an environment is called by its host.
  if (host === name)
    return production ? vscode.l10n.t('Environment: {0} (production)', name) : vscode.l10n.t('Environment: {0}', name);
  return production
    ? vscode.l10n.t('Environment: {0} (production, {1})', name, host)
    : vscode.l10n.t('Environment: {0} ({1})', name, host);
}
