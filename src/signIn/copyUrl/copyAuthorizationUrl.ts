import * as vscode from 'vscode';
import type { Environment } from '../../core/environment';
import type { EnvironmentAccess } from '../../core/environmentAccess';
import { inEnvironment } from '../../core/environmentFailure';
import type { Choice, Prompts } from '../../ui/prompts';
import type { Redactor } from '../../ui/redactor';
import type { SecretClipboard } from '../../ui/secretClipboard';
import { showStatus } from '../../ui/statusMessage';
import { pickStep, runWizard, textStep, type Wizard } from '../../ui/wizard';
import { authorizationUrl, newSignInKeys } from '../authorizationRequest';
import { callbackAddress, callbackPort } from '../callbackAddress';
import { chooseSignIn } from '../chooseSignIn';
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

/** What is asked after the choices of the sign-in. */
interface Draft {
  readonly redirectUri: string;
  readonly format: Format;
}

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
    const choices = await chooseSignIn(
      {
        title,
        action: vscode.l10n.t('Continue'),
        choices: selector === undefined ? begun : { ...begun, selector },
      },
      prompts,
    );
    if (choices === undefined) return;
    const draft = await runWizard(this.wizard(title, environment.id), prompts);
    if (draft === undefined) return;
    await remembered.set(environment.id, choices);
    this.redirectUris.set(environment.id, draft.redirectUri);
    if (draft.format === 'URL') await this.copyUrl(environment, choices, draft.redirectUri);
    else await this.copyCall(environment, choices, draft.redirectUri, draft.format);
  }

  private wizard(title: string, environmentId: string): Wizard<Draft> {
    const formats: Choice<Format>[] = [
      { value: 'URL', label: 'URL', detail: vscode.l10n.t('For a browser, with a PKCE verifier beside it'), icon: 'link' },
      ...SDK_FORMATS.map((format) => ({
        value: format,
        label: format,
        detail: vscode.l10n.t('Code that makes the URL, the state, the nonce and the PKCE verifier'),
        icon: 'code',
      })),
    ];
    return {
      title,
      draft: {
        redirectUri: this.redirectUris.get(environmentId) ?? callbackAddress(callbackPort()),
        format: 'URL',
      },
      steps: {
        redirectUri: textStep(() => ({
          prompt: vscode.l10n.t('Redirect URI, exactly as it’s registered at Scalekit: port, path and final slash count'),
          placeholder: 'http://localhost:3000/auth/callback',
          validate: redirectProblem,
        })),
        format: pickStep(() => ({ placeholder: vscode.l10n.t('Copy as…'), choices: formats })),
      },
    };
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
    await vscode.env.clipboard.writeText(
      authorizationUrl({ environmentUrl, clientId, redirectUri, choices }, keys),
    );
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

/** Only what can't be a redirect URI at all: which ones are registered, Scalekit knows. */
function redirectProblem(text: string): string | undefined {
  const uri = text.trim();
  if (!URL.canParse(uri) || /\s/.test(uri)) return vscode.l10n.t('Enter a whole address, with its scheme.');
  return /[?#]/.test(uri) ? vscode.l10n.t('A redirect URI has no query and no fragment.') : undefined;
}
