import * as vscode from 'vscode';
import { expiresAt, isTooOldToHandOut, type AccessToken } from '../api/accessToken.js';
import type { ScalekitClient } from '../api/scalekitClient.js';
import { isRecord } from '../api/json.js';
import type { EnvironmentAccess, EnvironmentFacts } from '../editor/environmentAccess.js';
import { inEnvironment } from '../editor/environmentFailure.js';
import { displayTextWithoutIcons } from '../editor/displayText.js';
import type { Prompts } from '../editor/prompts.js';
import { timeOfDay } from './timeOfDay.js';

export interface TokenActionsContext {
  readonly environments: EnvironmentAccess;
  readonly prompts: Prompts;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** How long a result stays in the status bar, in milliseconds. */
const STATUS_MESSAGE_MS = 10_000;

/** What a person does with access tokens: the handlers of `scalekit.token.*`. A token goes to the clipboard and nowhere else. */
export class TokenActions {
  constructor(private readonly context: TokenActionsContext) {}

  /** Copy Access Token: the held one, unless it is nearly over. */
  async copy(argument: unknown): Promise<void> {
    const environment = await this.environmentFor(argument);
    if (environment === undefined) return;
    const token = await this.handOut(environment);
    await vscode.env.clipboard.writeText(token.value);
    const message = vscode.l10n.t('Token copied, valid until {0}', timeOfDay(expiresAt(token), this.context.now()));
    vscode.window.setStatusBarMessage(`$(check) ${message} · ${displayTextWithoutIcons(environment.name)}`, STATUS_MESSAGE_MS);
  }

  /** Fetch New Access Token. */
  async fetch(argument: unknown): Promise<void> {
    const environment = await this.environmentFor(argument);
    if (environment === undefined) return;
    const { environments, prompts, now } = this.context;
    const token = await inEnvironment(environment, async () => {
      const client = await environments.client(environment.id);
      return this.fetchWithProgress(environment, client);
    });
    const copyNow = vscode.l10n.t('Copy Access Token');
    void prompts
      .message(
        'information',
        vscode.l10n.t(
          '{0}: new access token fetched, valid until {1}. The old one stays valid at Scalekit until it expires.',
          environment.name,
          timeOfDay(expiresAt(token), now()),
        ),
        copyNow,
      )
      .then((pressed) => (pressed === copyNow ? vscode.commands.executeCommand('scalekit.token.copy', environment.id) : undefined));
  }

  /** A token with enough life left to be given to a person. @throws EnvironmentFailure */
  private handOut(environment: EnvironmentFacts): Promise<AccessToken> {
    return inEnvironment(environment, async () => {
      const client = await this.context.environments.client(environment.id);
      const held = client.tokens.peek();
      if (held !== undefined && !isTooOldToHandOut(held, this.context.now())) return held;
      return this.fetchWithProgress(environment, client);
    });
  }

  private async fetchWithProgress(environment: EnvironmentFacts, client: ScalekitClient): Promise<AccessToken> {
    const title = vscode.l10n.t('Scalekit: fetching an access token from {0}…', displayTextWithoutIcons(environment.name));
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => client.tokens.fetchNew());
  }

  /** The environment that was clicked on, else the active one; without any, offers the ways to get one. */
  private async environmentFor(argument: unknown): Promise<EnvironmentFacts | undefined> {
    const { environments, prompts } = this.context;
    await environments.ready();
    const id = isRecord(argument) ? argument['id'] : argument;
    const environment = (typeof id === 'string' ? environments.get(id) : undefined) ?? environments.active();
    if (environment !== undefined) return environment;
    const add = vscode.l10n.t('Add Environment…');
    const sandbox = vscode.l10n.t('Start Local Sandbox');
    const pressed = await prompts.message('information', vscode.l10n.t('There is no Scalekit environment yet.'), add, sandbox);
    if (pressed === add) await vscode.commands.executeCommand('scalekit.environment.add');
    if (pressed === sandbox) await vscode.commands.executeCommand('scalekit.sandbox.start');
    return undefined;
  }
}
