import * as vscode from 'vscode';
import { EnvironmentFailure, inEnvironment } from '../core/environmentFailure';
import { callMessage } from '../ui/callMessage';
import { localDayAndTime } from '../ui/localTime';
import { showStatus } from '../ui/statusMessage';
import { StorageFailure } from '../ui/storageFailure';
import { storageMessage } from '../ui/storageMessage';
import type { EnterCredentialsOptions, EnteredCredentials } from './enterCredentials';
import { SANDBOX_ID, type Environment } from '../core/environment';
import { NAMED_HOST } from '../core/namedHost';
import type { EnvironmentAccess } from '../core/environmentAccess';
import type { Prompts } from '../ui/prompts';
import type { EnvironmentChooser } from './environmentChooser';
import type { EnvironmentStore } from './environmentStore';
import { saveEnvironment, replaceCredentials } from './saveCredentials';
import type { Elsewhere, SandboxEnvironment } from './sandboxEnvironment';
import { SandboxPortTaken, SandboxStartError, type PortOwner } from './sandboxLauncher';
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
  readonly openLink: (url: string) => Promise<boolean>;
  /** Whether VS Code itself runs in a browser. */
  readonly isInBrowser: boolean;
  /** Copy Environment as .env */
  readonly copyDotenv: (id: string) => Promise<void>;
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
        : vscode.l10n.t('{0} can’t be changed: its name and its client belong to this workspace.', name);
    void this.dependencies.prompts.message('information', text);
    return false;
  }

  /** Switch Environment… */
  async switch(argument: unknown): Promise<void> {
    const environment = await this.dependencies.chooser.chooseToSwitch(
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
          ? vscode.l10n.t(
              'The sandbox stops, and its changes are lost. When you start it again, it gets a new address and client secret.',
            )
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
      void prompts.message('information', vscode.l10n.t('{0} works: it issues tokens, and the API responds.', place));
    } else {
      void prompts.message(
        'information',
        vscode.l10n.t('{0} works: it issues tokens, and the API lists {1} organizations.', place, organizations),
      );
    }
  }

  /** Start Local Sandbox. It becomes the active environment. */
  async startSandbox(): Promise<void> {
    const { sandbox, store, prompts } = this.dependencies;
    await store.load();
    const options = {
      location: { viewId: 'scalekit.environments' },
      title: vscode.l10n.t('Starting the local sandbox…'),
    };
    let elsewhere: Elsewhere | undefined;
    for (;;) {
      try {
        await vscode.window.withProgress(options, () => sandbox.start(elsewhere));
        break;
      } catch (error) {
        if (!(error instanceof SandboxStartError)) throw error;
        if (!(error instanceof SandboxPortTaken)) {
          void prompts.message('error', vscode.l10n.t('The local sandbox couldn’t start: {0}.', error.message));
          return;
        }
        const choice = await this.askWhere(error);
        if (choice === undefined) return;
        elsewhere = choice === 'again' ? undefined : choice;
      }
    }
    // The user may have stopped or removed it meanwhile.
    if (!sandbox.isRunning) return;
    await store.setActive(SANDBOX_ID);
    if (elsewhere === 'fromNowOn') void this.tellNewAddress();
  }

  /** Asks what to do about a port that is taken; undefined when the person gives up. */
  private async askWhere({ port, owner }: SandboxPortTaken): Promise<Elsewhere | 'again' | undefined> {
    const another = vscode.l10n.t('Use Another Port');
    const again = vscode.l10n.t('Try Again');
    const pressed = await this.dependencies.prompts.message('warning', portTakenMessage(port, owner), another, again);
    if (pressed === again) return 'again';
    if (pressed !== another) return undefined;
    // The port belongs to this workspace, and its other window goes on using it.
    return owner?.isOfThisWorkspace === true ? 'thisTime' : 'fromNowOn';
  }

  private async tellNewAddress(): Promise<void> {
    const { copyDotenv, prompts, store } = this.dependencies;
    const copy = vscode.l10n.t('Copy as .env');
    const text = vscode.l10n.t(
      'From now on, the local sandbox of this workspace is at {0}. Change the address in your app’s .env.',
      store.get(SANDBOX_ID)?.host ?? '',
    );
    if ((await prompts.message('information', text, copy)) === copy) await copyDotenv(SANDBOX_ID);
  }

  /** Open Sandbox Page: in the user's browser, where it shows what the sandbox is asked. */
  async openSandboxPage(): Promise<void> {
    const { isInBrowser, openLink, prompts, sandbox, store } = this.dependencies;
    await store.load();
    if (!sandbox.isRunning) {
      void prompts.message('information', vscode.l10n.t('The local sandbox isn’t running.'));
      return;
    }
    const address = new URL(`http://${store.get(SANDBOX_ID)?.host ?? ''}/`);
    // Below another path, where VS Code's proxy would put it, the page couldn't ask for more.
    if (isInBrowser) address.hostname = NAMED_HOST;
    await openLink(address.href);
  }

  /** Stop Local Sandbox. */
  stopSandbox(): void {
    this.dependencies.sandbox.stop();
  }
}

/** Who has the port of the sandbox, as far as that is known. */
function portTakenMessage(port: number, owner: PortOwner | undefined): string {
  if (owner === undefined) {
    return vscode.l10n.t('The local sandbox can’t start: port {0} is taken by another program.', port);
  }
  const { isOfThisWorkspace, startedBy: window } = owner;
  const since = localDayAndTime(owner.startedAt);
  if (window === undefined) {
    return vscode.l10n.t(
      'The local sandbox can’t start: port {0} is taken by a sandbox that runs outside VS Code, since {1}.',
      port,
      since,
    );
  }
  return isOfThisWorkspace
    ? vscode.l10n.t(
        'The local sandbox of this workspace already runs in another window ({0}), since {1}.',
        window,
        since,
      )
    : vscode.l10n.t(
        'The local sandbox can’t start: port {0} is taken by the sandbox of another window ({1}), since {2}.',
        port,
        window,
        since,
      );
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
