import * as vscode from 'vscode';
import { MIN_LIFE_FOR_COPY_MS, type AccessToken } from '../api/client/accessToken';
import { cancellableProgress } from '../ui/cancellableProgress';
import { resolveEnvironment } from '../ui/resolveEnvironment';
import { setContext } from '../ui/contextKeys';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { inEnvironment } from '../core/environmentFailure';
import type { Prompts } from '../ui/prompts';
import type { SecretClipboard } from '../ui/secretClipboard';
import { showStatus } from '../ui/statusMessage';
import { validUntil } from './tokenValidity';
import type { Environment } from '../core/environment';

export interface TokenActionsDependencies {
  readonly environments: EnvironmentAccess;
  readonly prompts: Prompts;
  readonly clipboard: SecretClipboard;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The handlers of `scalekit.token.*`. A token goes only to the clipboard. */
export class TokenActions {
  private lastScope = 'openid profile email';

  constructor(private readonly dependencies: TokenActionsDependencies) {}

  /** Copy Access Token: the cached one, unless it expires soon. */
  async copy(argument: unknown): Promise<void> {
    const environment = await this.environmentFor(argument);
    if (environment === undefined) return;
    const token = await this.handOut(environment);
    await this.dependencies.clipboard.copy(token.value);
    this.showCopied(vscode.l10n.t('Token copied, {0}', this.validity(token)), environment);
  }

  /** Copy Authorization Header */
  async copyHeader(argument: unknown): Promise<void> {
    const environment = await this.environmentFor(argument);
    if (environment === undefined) return;
    const token = await this.handOut(environment);
    await this.dependencies.clipboard.copy(`Authorization: Bearer ${token.value}`);
    this.showCopied(vscode.l10n.t('Authorization header copied, {0}', this.validity(token)), environment);
  }

  /** Copy Access Token with Scope…: a separate token, which never replaces the API's. */
  async copyWithScope(argument: unknown): Promise<void> {
    const { prompts, clipboard } = this.dependencies;
    const environment = await this.environmentFor(argument);
    if (environment === undefined) return;
    const result = await prompts.input({
      title: vscode.l10n.t('Access Token with Scope for {0}', environment.name),
      prompt: vscode.l10n.t('Scopes, separated by spaces. The Scalekit API itself needs none.'),
      value: this.lastScope,
      validate: scopeProblem,
    });
    if (result === undefined || result === 'back') return;
    const scope = result.answer.text.trim().split(/\s+/).join(' ');
    this.lastScope = scope;
    const token = await this.handOut(environment, scope);
    await clipboard.copy(token.value);
    const validity = this.validity(token);
    this.showCopied(
      token.scope === undefined || token.scope === scope
        ? vscode.l10n.t('Token copied, {0}', validity)
        : vscode.l10n.t('Token copied, {0}, granted: {1}', validity, token.scope),
      environment,
    );
  }

  /** Fetch New Access Token */
  async fetch(argument: unknown): Promise<void> {
    const environment = await this.environmentFor(argument);
    if (environment === undefined) return;
    const token = await this.fetchNew(environment);
    const copyNow = vscode.l10n.t('Copy Access Token');
    const text = vscode.l10n.t(
      '{0}: new access token fetched, {1}. The old one stays valid at Scalekit until it expires.',
      environment.name,
      this.validity(token),
    );
    void this.dependencies.prompts.message('information', text, copyNow).then((pressed) => {
      if (pressed === copyNow) void vscode.commands.executeCommand('scalekit.token.copy', environment.id);
    });
  }

  /**
   * A token with enough life left for the user.
   *
   * @throws EnvironmentFailure, or ScalekitError if it was cancelled
   */
  handOut(environment: Environment, scope?: string): Promise<AccessToken> {
    return inEnvironment(environment, async () => {
      const client = await this.dependencies.environments.client(environment.id);
      return client.tokens.cached(scope, MIN_LIFE_FOR_COPY_MS) ?? this.fetchNew(environment, scope);
    });
  }

  /**
   * A token for a text that the user copies, and until when it's valid.
   *
   * @throws as `handOut` does
   */
  async liveToken(environment: Environment): Promise<{ readonly value: string; readonly validity: string }> {
    const token = await this.handOut(environment);
    return { value: token.value, validity: this.validity(token) };
  }

  private fetchNew(environment: Environment, scope?: string): Promise<AccessToken> {
    const { environments, prompts } = this.dependencies;
    const title = vscode.l10n.t('Scalekit: fetching an access token from {0}…', environment.name);
    return cancellableProgress(prompts, title, (signal) =>
      inEnvironment(environment, async () =>
        (await environments.client(environment.id)).tokens.fetchNew({ scope, signal }),
      ),
    );
  }

  private validity(token: AccessToken): string {
    return validUntil(token, this.dependencies.now());
  }

  private showCopied(text: string, environment: Environment): void {
    setContext('scalekit.hasCopiedToken', true);
    showStatus(
      `${text} · ${environment.production ? vscode.l10n.t('{0} (production)', environment.name) : environment.name}`,
    );
  }

  private environmentFor(argument: unknown): Promise<Environment | undefined> {
    return resolveEnvironment(argument, this.dependencies.environments, this.dependencies.prompts);
  }
}

/** Scope tokens are printable ASCII without quotes and backslashes (RFC 6749, section 3.3). */
function scopeProblem(text: string): string | undefined {
  if (text.trim() === '') return vscode.l10n.t('Enter at least one scope, such as openid.');
  return /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(text.trim())
    ? undefined
    : vscode.l10n.t('Scopes can’t contain quotes, backslashes or letters beyond ASCII.');
}
