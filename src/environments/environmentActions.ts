import * as vscode from 'vscode';
import { EnvironmentFailure, inEnvironment } from '../core/environmentFailure';
import { callMessage } from '../ui/callMessage';
import { showStatus } from '../ui/statusMessage';
import { StorageFailure } from '../ui/storageFailure';
import { storageMessage } from '../ui/storageMessage';
import type { EnterCredentialsOptions, EnteredCredentials } from './enterCredentials';
import { SANDBOX_ID, type Environment } from '../core/environment';
import type { EnvironmentAccess } from '../core/environmentAccess';
import type { Prompts } from '../ui/prompts';
import type { EnvironmentChooser } from './environmentChooser';
import type { EnvironmentStore } from './environmentStore';
import { saveEnvironment, replaceCredentials } from './saveCredentials';
import { SandboxStartError, type SandboxEnvironment } from './sandboxEnvironment';
import type { StoredEnvironments } from './storedEnvironments';
import { usableCredentials } from './usableCredentials';
import { verifyCredentials } from './verifyCredentials';

export interface EnvironmentActionsDependencies {
  readonly prompts: Prompts;
  /** Asks for credentials and verifies them; undefined if the user cancels. */
  readonly enterCredentials: (options: EnterCredentialsOptions) => Promise<EnteredCredentials | undefined>;
  readonly store: EnvironmentStore;
  readonly stored: StoredEnvironments;
  readonly sandbox: SandboxEnvironment;
  readonly environments: Pick<EnvironmentAccess, 'client'>;
  readonly chooser: EnvironmentChooser;
}

const LONGEST_NAME = 60;

/** The handlers of `scalekit.environment.*` and `scalekit.sandbox.*`. */
export class EnvironmentActions {
  constructor(private readonly dependencies: EnvironmentActionsDependencies) {}

  /** Add Environment… */
  async add(): Promise<void> {
    await this.dependencies.store.load();
    const entered = await this.dependencies.enterCredentials({ title: vscode.l10n.t('Add Scalekit Environment') });
    if (entered === undefined) return;
    await saveEnvironment(entered, this.dependencies);
    await vscode.commands.executeCommand('scalekit.organizations.focus');
  }

  /** Replace Client Secret…: the old one stays until the new one is verified. */
  async replaceSecret(argument: unknown): Promise<void> {
    const { chooser, prompts, store, stored } = this.dependencies;
    const environment = await chooser.choose(
      argument,
      vscode.l10n.t('Replace the Client Secret of Which Environment?'),
      ({ kind }) => kind === 'stored',
    );
    if (environment === undefined || !this.isStored(environment)) return;
    const known = await usableCredentials(store, environment.id).catch((error: unknown) => {
      if (error instanceof EnvironmentFailure && error.failure !== 'gone') return undefined;
      throw error;
    });
    const title = vscode.l10n.t('Replace Client Secret of {0}', environment.name);
    const entered = await this.dependencies.enterCredentials(
      known === undefined
        ? // Without a readable record only the host is known, so it asks for everything.
          { title, mayKeepUnverified: false, known: { environmentUrl: `https://${environment.host}` } }
        : {
            title,
            mayKeepUnverified: false,
            known: { environmentUrl: known.environmentUrl, clientId: known.clientId },
            steps: ['clientSecret'],
          },
    );
    if (entered === undefined) return;
    const twin =
      known === undefined
        ? await stored.find(entered.credentials.environmentUrl, entered.credentials.clientId)
        : undefined;
    if (twin !== undefined && twin !== environment.id) {
      void prompts.message(
        'warning',
        vscode.l10n.t(
          '{0} has this client already, so nothing was replaced. Enter another client, or remove {1}.',
          store.get(twin)?.name ?? twin,
          environment.name,
        ),
      );
      return;
    }
    const { place } = await byItsName(environment, () =>
      replaceCredentials(environment.id, entered, this.dependencies),
    );
    if (place === 'secretStorage') showStatus(vscode.l10n.t('Scalekit: secret of {0} replaced', environment.name));
  }

  /** Whether an environment is stored. If not, says why it can't be changed. */
  private isStored({ kind, name }: Environment): boolean {
    if (kind === 'stored') return true;
    const text =
      kind === 'process'
        ? vscode.l10n.t('{0} comes from environment variables. Change them, then restart VS Code.', name)
        : vscode.l10n.t('{0} can’t be changed: it’s created from scratch each time it starts.', name);
    void this.dependencies.prompts.message('information', text);
    return false;
  }

  /** Switch Environment… */
  async switch(argument: unknown): Promise<void> {
    const environment = await this.dependencies.chooser.chooseOther(
      argument,
      vscode.l10n.t('Switch Scalekit Environment'),
    );
    if (environment === undefined) return;
    await byItsName(environment, () => this.dependencies.store.setActive(environment.id));
    if (environment.state === 'stopped') await this.startSandbox();
  }

  /** Rename Environment… */
  async rename(argument: unknown): Promise<void> {
    const { chooser, prompts, store, stored } = this.dependencies;
    const environment = await chooser.choose(
      argument,
      vscode.l10n.t('Rename Which Environment?'),
      ({ kind }) => kind === 'stored',
    );
    if (environment === undefined || !this.isStored(environment)) return;
    const others = store
      .list()
      .filter(({ id }) => id !== environment.id)
      .map(({ name }) => name);
    let value = environment.name;
    let problem: string | undefined;
    for (;;) {
      const result = await prompts.input({
        title: vscode.l10n.t('Rename {0}', environment.name),
        prompt: vscode.l10n.t('A name for this environment ({0}).', environment.host),
        value,
        problem,
        validate: (text) => {
          const name = text.trim();
          if (name === '') return vscode.l10n.t('Enter a name.');
          if (name.length > LONGEST_NAME) return vscode.l10n.t('At most {0} characters.', LONGEST_NAME);
          return others.includes(name)
            ? vscode.l10n.t('Another environment has this name. Enter another one.')
            : undefined;
        },
      });
      if (result === undefined || result === 'back') return;
      value = result.answer.text.trim();
      try {
        await byItsName(environment, () => stored.rename(environment.id, value));
        return;
      } catch (error) {
        // What was typed stays in the box for another try.
        if (!(error instanceof StorageFailure)) throw error;
        problem = storageMessage(error);
      }
    }
  }

  /** Mark as Production, and the reverse. */
  async setProduction(argument: unknown, production: boolean): Promise<void> {
    const { chooser, stored } = this.dependencies;
    const title = production
      ? vscode.l10n.t('Mark Which Environment as Production?')
      : vscode.l10n.t('Mark Which Environment as Not Production?');
    const environment = await chooser.choose(
      argument,
      title,
      (candidate) => candidate.kind === 'stored' && candidate.production !== production,
    );
    if (environment !== undefined && this.isStored(environment))
      await byItsName(environment, () => stored.setProduction(environment.id, production));
  }

  /** Remove Environment… */
  async remove(argument: unknown): Promise<void> {
    const { chooser, prompts, sandbox, store, stored } = this.dependencies;
    const environment = await chooser.choose(
      argument,
      vscode.l10n.t('Remove Which Environment?'),
      ({ kind }) => kind !== 'process',
    );
    if (environment === undefined) return;
    if (environment.kind === 'process') {
      void prompts.message(
        'information',
        vscode.l10n.t(
          '{0} comes from environment variables. To remove it, restart VS Code without them.',
          environment.name,
        ),
      );
      return;
    }
    const confirmed = await prompts.confirm({
      message: environment.production
        ? vscode.l10n.t('Remove the production environment “{0}” from VS Code?', environment.name)
        : vscode.l10n.t('Remove the environment “{0}” from VS Code?', environment.name),
      detail: [
        environment.kind === 'sandbox'
          ? vscode.l10n.t('The sandbox stops, and its changes are lost.')
          : vscode.l10n.t(
              'This deletes its client ID and secret from the secret storage. Nothing changes in Scalekit ({0}).',
              environment.host,
            ),
      ],
      action: vscode.l10n.t('Remove'),
    });
    if (!confirmed) return;
    const wasActive = environment.id === store.active?.id;
    if (environment.kind === 'sandbox') await sandbox.forget();
    else await byItsName(environment, () => stored.remove(environment.id));
    // For the active environment, `showActiveEnvironment` says this together with the new active one.
    if (!wasActive) showStatus(vscode.l10n.t('Scalekit: {0} removed', environment.name));
  }

  /** Test Connection: requests a new token and one list, and reports both separately. */
  async test(argument: unknown): Promise<void> {
    const { prompts, environments, chooser, stored } = this.dependencies;
    const environment = await chooser.namedOrActive(
      argument,
      vscode.l10n.t('Test the Connection to Which Environment?'),
    );
    if (environment === undefined) return;
    const { refusal, organizations } = await inEnvironment(environment, () =>
      prompts.progress(vscode.l10n.t('Scalekit: testing the connection to {0}…', environment.name), async (signal) =>
        verifyCredentials(await environments.client(environment.id), signal),
      ),
    );
    if (environment.kind === 'stored' && environment.tokensOnly !== (refusal !== undefined)) {
      await stored.setTokensOnly(environment.id, refusal !== undefined);
    }
    const place = `${environment.name} (${environment.host})`;
    if (refusal !== undefined) {
      void prompts.message(
        'warning',
        vscode.l10n.t('Scalekit gave a token. {0}', callMessage(vscode.l10n, refusal, environment.name).text),
      );
    } else if (organizations === undefined) {
      void prompts.message('information', vscode.l10n.t('{0} works: it gives tokens, and the API responds.', place));
    } else {
      void prompts.message(
        'information',
        vscode.l10n.t('{0} works: it gives tokens, and the API lists {1} organizations.', place, organizations),
      );
    }
  }

  /** Start Local Sandbox. It becomes the active environment. */
  async startSandbox(): Promise<void> {
    const { sandbox, store, prompts } = this.dependencies;
    await store.load();
    try {
      const options = {
        location: { viewId: 'scalekit.environments' },
        title: vscode.l10n.t('Starting the local sandbox…'),
      };
      await vscode.window.withProgress(options, () => sandbox.start());
    } catch (error) {
      if (!(error instanceof SandboxStartError)) throw error;
      void prompts.message('error', vscode.l10n.t('The local sandbox couldn’t start: {0}.', error.message));
      return;
    }
    // The user may have stopped or removed it meanwhile.
    if (sandbox.isRunning) await store.setActive(SANDBOX_ID);
  }

  /** Stop Local Sandbox. */
  stopSandbox(): void {
    this.dependencies.sandbox.stop();
  }
}

/** Adds the environment's name to the failure if another window has removed it, or if it can't be stored. */
async function byItsName<T>(environment: Environment, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof EnvironmentFailure && error.failure === 'gone')
      throw new EnvironmentFailure(environment, 'gone');
    if (error instanceof StorageFailure)
      throw new StorageFailure(error.operation, error.folder, error.code, environment.name);
    throw error;
  }
}
