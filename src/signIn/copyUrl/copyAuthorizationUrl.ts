import * as vscode from 'vscode';
import type { Environment } from '../../core/environment';
import type { EnvironmentAccess } from '../../core/environmentAccess';
import { inEnvironment } from '../../core/environmentFailure';
import type { PromptResult, Prompts } from '../../ui/prompts';
import type { Redactor } from '../../ui/redactor';
import type { SecretClipboard } from '../../ui/secretClipboard';
import { showStatus } from '../../ui/statusMessage';
import { authorizationUrl, newSignInKeys } from '../authorizationRequest';
import { callbackAddress, callbackPort } from '../callbackAddress';
import { chooseSignIn, type SignInAction } from '../chooseSignIn';
import type { RememberedChoices } from '../rememberedChoices';
import type { SignInChoices } from '../signInChoices';
import { signInTarget } from '../signInTarget';
import { authorizationCall, SDK_FORMATS, type SdkFormat } from './authorizationCall';

export interface CopyAuthorizationUrlDependencies {
  readonly environments: EnvironmentAccess;
  readonly prompts: Prompts;
  readonly remembered: RememberedChoices;
  readonly redactor: Redactor;
  /** For the PKCE verifier. */
  readonly clipboard: SecretClipboard;
}

type Format = 'URL' | SdkFormat;

/** Copy Authorization URL…, with the choices of Try Sign-in…. */
export class CopyAuthorizationUrl {
  /** The redirect URI that was last used in an environment. */
  private readonly redirectUris = new Map<string, string>();

  constructor(private readonly dependencies: CopyAuthorizationUrlDependencies) {}

  /** For the environment, organization or connection that it was run on, or for the active environment. */
  async copy(argument: unknown): Promise<void> {
    const { environments, prompts, remembered } = this.dependencies;
    const target = await signInTarget(argument, environments, prompts);
    if (target === undefined) return;
    const { environment, selector } = target;
    const title = vscode.l10n.t('Copy Authorization URL of {0}', environment.name);
    const begun = remembered.get(environment.id);
    let choices = selector === undefined ? begun : { ...begun, selector };
    for (;;) {
      const chosen = await chooseSignIn({ title, actions: formats(), choices }, prompts);
      if (chosen === undefined) return;
      ({ choices } = chosen);
      const redirectUri = await this.askRedirectUri(title, environment.id);
      if (redirectUri === undefined) return;
      if (redirectUri === 'back') continue;
      await remembered.set(environment.id, choices);
      this.redirectUris.set(environment.id, redirectUri.answer);
      if (chosen.action === 'URL') await this.copyUrl(environment, choices, redirectUri.answer);
      else await this.copyCall(environment, choices, redirectUri.answer, chosen.action);
      return;
    }
  }

  private async askRedirectUri(title: string, environmentId: string): Promise<PromptResult<string>> {
    const result = await this.dependencies.prompts.input({
      title,
      step: { number: 2, of: 2 },
      value: this.redirectUris.get(environmentId) ?? callbackAddress(callbackPort()),
      prompt: vscode.l10n.t('Redirect URI, exactly as it’s registered at Scalekit: port, path and final slash count'),
      placeholder: 'http://localhost:3000/auth/callback',
      validate: redirectProblem,
    });
    return result === undefined || result === 'back' ? result : { answer: result.answer.text.trim() };
  }

  private async copyUrl(environment: Environment, choices: SignInChoices, redirectUri: string): Promise<void> {
    const { environments, prompts, redactor, clipboard } = this.dependencies;
    const keys = newSignInKeys();
    redactor.add(keys.verifier);
    const environmentUrl = await inEnvironment(
      environment,
      async () => (await environments.client(environment.id)).environmentUrl,
    );
    const clientId = choices.otherClientId ?? environments.tokenStatus(environment.id)?.clientId ?? '';
    await vscode.env.clipboard.writeText(authorizationUrl({ environmentUrl, clientId, redirectUri, choices }, keys));
    const copyVerifier = vscode.l10n.t('Copy PKCE Verifier');
    const pressed = await prompts.message(
      'information',
      vscode.l10n.t(
        'Authorization URL of {0} copied. Whoever exchanges its code needs the PKCE verifier, once.',
        environment.name,
      ),
      copyVerifier,
    );
    if (pressed !== copyVerifier) return;
    await clipboard.copy(keys.verifier);
    showStatus(vscode.l10n.t('PKCE verifier copied · {0}', environment.name));
  }

  private async copyCall(
    environment: Environment,
    choices: SignInChoices,
    redirectUri: string,
    format: SdkFormat,
  ): Promise<void> {
    await vscode.env.clipboard.writeText(authorizationCall(format, { redirectUri, choices }));
    showStatus(
      vscode.l10n.t('{0} call copied; it reads the {1} variables · {2}', format, 'SCALEKIT_', environment.name),
    );
  }
}

function formats(): SignInAction<Format>[] {
  return [
    {
      value: 'URL',
      label: vscode.l10n.t('Copy as URL'),
      detail: vscode.l10n.t('For a browser, with a PKCE verifier beside it'),
      icon: 'link',
    },
    ...SDK_FORMATS.map((format) => ({
      value: format,
      label: vscode.l10n.t('Copy as Call of the {0}', format),
      detail: vscode.l10n.t('Makes the URL, the state, the nonce and the PKCE verifier'),
      icon: 'code',
    })),
  ];
}

/** Only what can't be a redirect URI at all: which ones are registered, Scalekit knows. */
function redirectProblem(text: string): string | undefined {
  const uri = text.trim();
  if (!URL.canParse(uri) || /\s/.test(uri)) return vscode.l10n.t('Enter a whole address, with its scheme.');
  return /[?#]/.test(uri) ? vscode.l10n.t('A redirect URI has no query and no fragment.') : undefined;
}
