import * as vscode from 'vscode';
import { isRecord } from '../api/json.js';
import { inEnvironment } from '../editor/environmentFailure.js';
import { callMessage } from '../editor/failureMessage.js';
import type { Choice } from '../editor/prompts.js';
import { enterCredentials, type EnterCredentialsContext, type EnteredCredentials } from './enterCredentials.js';
import type { Environment } from './environment.js';
import type { EnvironmentClients } from './environmentClients.js';
import type { EnvironmentStore } from './environmentStore.js';
import { looksLikeProduction } from './production.js';
import { SandboxStartError, type SandboxEnvironment } from './sandboxEnvironment.js';
import { SecretNotKeptError, type StoredEnvironments } from './storedEnvironments.js';
import { verifyCredentials } from './verifyCredentials.js';
import { environmentDescription, environmentIcon } from './environmentAppearance.js';

export interface EnvironmentActionsContext extends EnterCredentialsContext {
  readonly store: EnvironmentStore;
  readonly stored: StoredEnvironments;
  readonly sandbox: SandboxEnvironment;
  readonly clients: EnvironmentClients;
}

/** What a person does with environments: the handlers of `scalekit.environment.*` and `scalekit.sandbox.*`. */
export class EnvironmentActions {
  constructor(private readonly context: EnvironmentActionsContext) {}

  /** Add Environment… */
  async add(): Promise<void> {
    await this.context.store.load();
    const entered = await enterCredentials(vscode.l10n.t('Add Scalekit Environment'), this.context);
    if (entered === undefined) return;
    const { stored, store } = this.context;
    const kept = await stored.find(entered.credentials.environmentUrl, entered.credentials.clientId);
    const id = await this.keep(entered, kept);
    if (id === undefined) return;
    await store.setActive(id);
    const name = store.get(id)?.name ?? id;
    vscode.window.setStatusBarMessage(
      kept === undefined
        ? `$(check) ${vscode.l10n.t('Scalekit: {0} added', name)}`
        : `$(check) ${vscode.l10n.t('Scalekit: {0} was here already; its secret is replaced', name)}`,
      STATUS_MESSAGE_MS,
    );
    await vscode.commands.executeCommand('scalekit.organizations.focus');
  }

  /** Replace Client Secret…: the old one stays until the new one is verified. */
  async replaceSecret(argument: unknown): Promise<void> {
    const environment = await this.environmentFor(argument, (candidate) => candidate.kind === 'stored');
    if (environment === undefined) return;
    const known = await this.context.store.readCredentials(environment.id).catch(() => undefined);
    const entered = await enterCredentials(
      vscode.l10n.t('Replace Client Secret of {0}', environment.name),
      this.context,
      known === undefined ? {} : { environmentUrl: known.environmentUrl, clientId: known.clientId },
      // Without a readable record nothing is known but the name, so all of it is asked for.
      known === undefined ? ['url', 'clientId', 'clientSecret'] : ['clientSecret'],
    );
    if (entered === undefined || (await this.keep(entered, environment.id)) === undefined) return;
    vscode.window.setStatusBarMessage(`$(check) ${vscode.l10n.t('Scalekit: secret of {0} replaced', environment.name)}`, STATUS_MESSAGE_MS);
  }

  /** Switch Environment… */
  async switch(argument: unknown): Promise<void> {
    await this.context.store.load();
    const environment = this.environmentOf(argument) ?? (await this.pick(vscode.l10n.t('Switch Scalekit Environment'), () => true));
    if (environment === undefined) return;
    await this.context.store.setActive(environment.id);
    if (environment.state === 'stopped') await this.startSandbox();
  }

  /** Remove Environment… */
  async remove(argument: unknown): Promise<void> {
    const environment = await this.environmentFor(argument, (candidate) => candidate.kind !== 'process');
    if (environment === undefined) return;
    if (environment.kind === 'process') {
      await this.context.prompts.message(
        'information',
        vscode.l10n.t('{0} comes from the variables that VS Code was started with. It is gone when VS Code is started without them.', environment.name),
      );
      return;
    }
    const confirmed = await this.context.prompts.confirm({
      message: environment.production
        ? vscode.l10n.t('Remove the production environment “{0}” from VS Code?', environment.name)
        : vscode.l10n.t('Remove the environment “{0}” from VS Code?', environment.name),
      detail:
        environment.kind === 'sandbox'
          ? vscode.l10n.t('The sandbox stops, and what was changed in it is lost.')
          : vscode.l10n.t('Its client ID and secret are deleted from the secret storage. Nothing changes at Scalekit ({0}).', environment.host),
      action: vscode.l10n.t('Remove'),
    });
    if (!confirmed) return;
    if (environment.kind === 'sandbox') await this.context.sandbox.forget();
    else await this.context.stored.remove(environment.id);
    vscode.window.setStatusBarMessage(`$(check) ${vscode.l10n.t('Scalekit: {0} removed', environment.name)}`, STATUS_MESSAGE_MS);
  }

  /** Test Connection: a new token and one list call, each told apart. */
  async test(argument: unknown): Promise<void> {
    const environment = await this.environmentFor(argument, () => true);
    if (environment === undefined) return;
    const { prompts, clients } = this.context;
    const verification = await inEnvironment(environment, () =>
      prompts.progress(vscode.l10n.t('Scalekit: testing the connection to {0}…', environment.name), async (signal) =>
        verifyCredentials(await clients.get(environment.id), signal),
      ),
    );
    const { refusal, organizations } = verification;
    if (refusal !== undefined) {
      void prompts.message('warning', vscode.l10n.t('A token was received. {0}', callMessage(refusal, environment.name).text));
    } else if (organizations === undefined) {
      void prompts.message('information', vscode.l10n.t('{0} ({1}) works: a token was received and the API answers.', environment.name, environment.host));
    } else {
      void prompts.message(
        'information',
        vscode.l10n.t('{0} ({1}) works: a token was received and the API lists {2} organizations.', environment.name, environment.host, organizations),
      );
    }
  }

  /** Start Local Sandbox; it becomes the active environment. */
  async startSandbox(): Promise<void> {
    const { sandbox, store, prompts } = this.context;
    await store.load();
    try {
      const options = { location: { viewId: 'scalekit.environments' }, title: vscode.l10n.t('Starting the local sandbox…') };
      await vscode.window.withProgress(options, () => sandbox.start());
    } catch (error) {
      if (!(error instanceof SandboxStartError)) throw error;
      void prompts.message('error', vscode.l10n.t('The local sandbox could not be started: {0}.', error.message));
      return;
    }
    const environment = store.list().find((candidate) => candidate.kind === 'sandbox');
    if (environment !== undefined) await store.setActive(environment.id);
  }

  /** Stop Local Sandbox. */
  stopSandbox(): void {
    this.context.sandbox.stop();
  }

  /** The environment that a menu or a command's caller means: its id, or an object that carries it. */
  private environmentOf(argument: unknown): Environment | undefined {
    const id = isRecord(argument) ? argument['id'] : argument;
    return typeof id === 'string' ? this.context.store.get(id) : undefined;
  }

  private async environmentFor(argument: unknown, suits: (environment: Environment) => boolean): Promise<Environment | undefined> {
    await this.context.store.load();
    const given = this.environmentOf(argument);
    if (given !== undefined) return given;
    return this.pick(vscode.l10n.t('Which Scalekit Environment?'), suits);
  }

  private async pick(title: string, suits: (environment: Environment) => boolean): Promise<Environment | undefined> {
    const { store, prompts } = this.context;
    const environments = store.list().filter(suits);
    const choices: Choice<Environment | 'add'>[] = environments.map((environment) => ({
      value: environment,
      label: environment.name,
      description: environmentDescription(environment, environment.id === store.active?.id),
      icon: environmentIcon(environment, environment.id === store.active?.id),
    }));
    choices.push({ value: 'add', label: vscode.l10n.t('Add Environment…'), icon: 'add', ...(environments.length > 0 ? { separatorBefore: '' } : {}) });
    const result = await prompts.pick({ title, placeholder: vscode.l10n.t('Choose an environment'), choices });
    if (result === undefined || result === 'back') return undefined;
    if (result.answer !== 'add') return result.answer;
    await this.add();
    return undefined;
  }

  /** Puts entered credentials into SecretStorage; undefined when that failed, which was said. */
  private async keep(entered: EnteredCredentials, existing: string | undefined): Promise<string | undefined> {
    const { stored, prompts } = this.context;
    const { credentials, tokensOnly } = entered;
    try {
      if (existing === undefined) {
        return await stored.add({ credentials, tokensOnly, production: looksLikeProduction(credentials.clientId) });
      }
      await stored.replace(existing, credentials, tokensOnly);
      return existing;
    } catch (error) {
      if (!(error instanceof SecretNotKeptError)) throw error;
      void prompts.message(
        'error',
        vscode.l10n.t('VS Code’s secret storage did not keep the secret, so the environment was not saved. Check the system’s keyring, then add it again.'),
      );
      return undefined;
    }
  }
}

/** How long a result stays in the status bar, in milliseconds. */
const STATUS_MESSAGE_MS = 8_000;
