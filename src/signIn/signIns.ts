import * as vscode from 'vscode';
import { ScalekitError } from '../api/client/scalekitError';
import { getEnvironmentClient } from '../api/environmentClients';
import type { Environment } from '../core/environment';
import { environmentArgument } from '../core/environmentAccess';
import { inEnvironment } from '../core/environmentFailure';
import { cancellableProgress } from '../ui/cancellableProgress';
import type { Choice } from '../ui/prompts';
import { resolveEnvironment } from '../ui/resolveEnvironment';
import { showStatus } from '../ui/statusMessage';
import { statusProgress } from '../ui/statusProgress';
import { addressWithQuery, randomState } from './authorizationRequest';
import { callbackPort } from './callbackAddress';
import { chooseSignIn } from './chooseSignIn';
import { exchangeProblem } from './exchangeErrorWords';
import { LiveSignIns, type LiveSignIn } from './liveSignIns';
import { NAMED_HOST } from '../core/namedHost';
import { RememberedChoices } from './rememberedChoices';
import type { SignInChoices } from './signInChoices';
import type { SignInDependencies } from './signInDependencies';
import { signInDocument } from './signInDocument';
import { signInNumber, signInPath } from './signInPath';
import { SignInRunner, type Opening } from './signInRunner';
import { signInTarget } from './signInTarget';
import { SignOutReceiver, SIGNED_OUT_PATH, type SignOutResult } from './signOutReceiver';
import { exchangeStep, secondCallbackStep } from './stepWords';
import { tokenFacts, type Step } from './signInReport';
import { requestTokens, type UserTokens } from './tokenRequest';
import { TokenVerifier } from './tokenVerifier';
import { waitForBrowser } from './waiting';

/** The handlers of `scalekit.signIn.*`. A token goes only to the clipboard, and the browser gets one only by a redirect. */
export class SignIns implements vscode.Disposable {
  private readonly live = new LiveSignIns();
  private readonly runner: SignInRunner;
  private readonly remembered: RememberedChoices;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly dependencies: SignInDependencies) {
    this.remembered = new RememberedChoices(dependencies.workspaceState);
    this.runner = new SignInRunner(dependencies, { onSecondCallback: (number) => this.noteSecondCallback(number) });
    this.subscription = dependencies.environments.onDidChange(({ invalidated }) => this.live.forget(invalidated));
  }

  dispose(): void {
    this.subscription.dispose();
    void this.runner.dispose();
  }

  /** Try Sign-in… */
  async try(argument: unknown): Promise<void> {
    const { environments, prompts } = this.dependencies;
    const target = await signInTarget(argument, environments, prompts);
    if (target === undefined) return;
    const { environment, selector } = target;
    const last = this.remembered.get(environment.id);
    const chosen = await chooseSignIn<Opening | 'receive'>(
      {
        title: vscode.l10n.t('Try Sign-in to {0}', environment.name),
        actions: [
          { value: 'open', label: vscode.l10n.t('Open in Browser'), icon: 'link-external' },
          {
            value: 'copy',
            label: vscode.l10n.t('Copy Link'),
            icon: 'copy',
            detail: vscode.l10n.t('For another browser, also on another machine'),
          },
          {
            value: 'receive',
            label: vscode.l10n.t('Receive IdP-initiated Sign-in'),
            icon: 'call-incoming',
            detail: vscode.l10n.t('Waits for a sign-in that an identity provider starts'),
          },
        ],
        choices: selector === undefined ? last : { ...last, selector },
      },
      prompts,
    );
    if (chosen === undefined) return;
    await this.remembered.set(environment.id, chosen.choices);
    if (chosen.action === 'receive') await this.receive(environment, chosen.choices);
    else await this.start(environment, chosen.choices, chosen.action);
  }

  /** Sign In Again: with the choices of the document's sign-in. */
  async again(argument: unknown): Promise<void> {
    const { environments } = this.dependencies;
    const signIn = this.shown(argument);
    if (signIn === undefined) return;
    await environments.ready();
    const environment = environmentArgument(signIn.report.environment.id, environments);
    if (environment !== undefined) await this.start(environment, signIn.report.choices, 'open');
  }

  /** Receive IdP-initiated Sign-in… */
  async receiveInitiated(argument: unknown): Promise<void> {
    const { environments, prompts } = this.dependencies;
    const environment = await resolveEnvironment(argument, environments, prompts);
    if (environment === undefined) return;
    await this.receive(environment, this.remembered.get(environment.id));
  }

  /** Copy Token of This Sign-in… */
  async copyToken(argument: unknown): Promise<void> {
    const { clipboard, prompts } = this.dependencies;
    const signIn = this.withTokens(argument);
    if (signIn === undefined) return;
    const { accessToken, idToken, refreshToken } = signIn.tokens;
    const choices: readonly (readonly [string, string | undefined])[] = [
      [vscode.l10n.t('Access Token'), accessToken],
      [vscode.l10n.t('ID Token'), idToken],
      [vscode.l10n.t('Refresh Token'), refreshToken],
    ];
    const picked = await prompts.pick<{ readonly name: string; readonly token: string }>({
      title: vscode.l10n.t('Which Token?'),
      choices: choices.flatMap(([name, token]): Choice<{ name: string; token: string }>[] =>
        token === undefined ? [] : [{ value: { name, token }, label: name, icon: 'key' }],
      ),
    });
    if (picked === undefined || picked === 'back') return;
    await clipboard.copy(picked.answer.token);
    showStatus(vscode.l10n.t('{0} copied', picked.answer.name));
  }

  /** Refresh Tokens of This Sign-in: the refresh token is used up, and the new one takes its place. */
  async refreshTokens(argument: unknown): Promise<void> {
    const { exchange, prompts, readCredentials, redactor } = this.dependencies;
    const signIn = this.withTokens(argument);
    if (signIn === undefined) return;
    const { environment, clientId, environmentUrl, choices } = signIn.report;
    const { refreshToken } = signIn.tokens;
    if (refreshToken === undefined) {
      const text = vscode.l10n.t(
        '{0}: this sign-in has no refresh token. It comes only with the scope “offline_access”, and only with full-stack authentication.',
        environment.name,
      );
      void prompts.message('information', text);
      return;
    }
    const credentials = await readCredentials(environment.id);
    const clientSecret = choices.otherClientId === undefined ? credentials.clientSecret : undefined;
    const title = vscode.l10n.t('Scalekit: refreshing the tokens of {0}…', environment.name);
    const outcome = await inEnvironment(environment, async () =>
      statusProgress(title, () =>
        requestTokens(
          { environmentUrl, clientId, clientSecret, grant: { type: 'refresh', refreshToken } },
          exchange,
          (token) => redactor.add(token),
        ),
      ),
    );
    if (outcome.kind === 'tokens') await this.keepRefreshed(signIn, signIn.tokens, outcome.tokens);
    this.addStep(signIn, exchangeStep(outcome, 'refresh'));
    if (outcome.kind === 'tokens') {
      showStatus(vscode.l10n.t('Tokens of {0} refreshed', environment.name));
      return;
    }
    const { happened, change } = exchangeProblem(outcome, 'refresh', clientSecret !== undefined);
    void prompts.message('warning', `${environment.name}: ${happened} ${change}`);
  }

  /** Sign Out of This Sign-in: in the browser, because the session is the browser's. */
  async signOut(argument: unknown): Promise<void> {
    const { isInBrowser, openLink, prompts, redactor } = this.dependencies;
    const signIn = this.withTokens(argument);
    if (signIn === undefined) return;
    const { environment, environmentUrl } = signIn.report;
    const port = callbackPort();
    const later = `http://localhost:${port}${SIGNED_OUT_PATH}`;
    const state = (await this.comesBack(signIn, later)) ? randomState() : undefined;
    if (state !== undefined) redactor.add(state);
    const { idToken } = signIn.tokens;
    const parameters: [string, string][] = [
      ...(idToken === undefined ? [] : [['id_token_hint', idToken] as [string, string]]),
      ...(state === undefined
        ? []
        : ([
            ['post_logout_redirect_uri', later],
            ['state', state],
          ] as [string, string][])),
    ];
    const receiver = await this.runner.takePort(() =>
      SignOutReceiver.start({
        port,
        logoutUrl: addressWithQuery(`${environmentUrl}/oidc/logout`, parameters),
        state,
        pages: {
          done: vscode.l10n.t('You’re signed out. You can close this page.'),
          refusal: vscode.l10n.t('This isn’t a page of a sign-out that VS Code is waiting for.'),
        },
        ...(isInBrowser ? { startHost: NAMED_HOST } : {}),
      }),
    );
    if (receiver === undefined) return;
    await openLink(receiver.startAddress);
    const title = vscode.l10n.t('Scalekit: signing out of {0} in the browser…', environment.name);
    const result = await waitForBrowser(title, receiver, prompts);
    this.addStep(signIn, signOutStep(result));
    if (result === 'signedOut') showStatus(vscode.l10n.t('Signed out of {0}', environment.name));
  }

  /** The identity provider chooses the connection and the user, so only the scopes and the app count. */
  private async receive(environment: Environment, choices: SignInChoices): Promise<void> {
    const signIn = await this.runner.receiveInitiated(
      environment,
      { ...choices, prompt: undefined, loginHint: '', selector: { by: 'none' } },
      this.live.nextNumber(),
    );
    await this.show(signIn);
  }

  private async start(environment: Environment, choices: SignInChoices, opening: Opening): Promise<void> {
    await this.show(await this.runner.signIn(environment, choices, opening, this.live.nextNumber()));
  }

  /** Keeps a sign-in, lists it in the Activity view, and shows its document, unless the user cancelled. */
  private async show(signIn: LiveSignIn | undefined): Promise<void> {
    if (signIn === undefined) return;
    const { attempts, documents } = this.dependencies;
    this.live.keep(signIn);
    const path = signInPath(signIn.report);
    const open = async (): Promise<void> => void (await documents.show(path, this.textOf(signIn)));
    attempts.record(signIn.report, open);
    if (signIn.report.outcome === 'cancelled') showStatus(vscode.l10n.t('Sign-in cancelled'), 'circle-slash');
    else await open();
  }

  /** The document as of its last step, so that it reads the same whenever it's opened. */
  private textOf({ report }: LiveSignIn): string {
    const { commentedClaims, redactor } = this.dependencies;
    const asOf = report.steps.at(-1)?.at ?? report.begunAt;
    return redactor.redact(signInDocument(report, commentedClaims, asOf));
  }

  private addStep(signIn: LiveSignIn, step: Omit<Step, 'at'>): void {
    const { documents, now } = this.dependencies;
    signIn.report = { ...signIn.report, steps: [...signIn.report.steps, { at: now(), ...step }] };
    documents.update(signInPath(signIn.report), this.textOf(signIn));
  }

  private noteSecondCallback(number: number): void {
    const signIn = this.live.get(number);
    if (signIn !== undefined) this.addStep(signIn, secondCallbackStep());
  }

  /** The new tokens, and the old ones for what isn't in the response. */
  private async keepRefreshed(signIn: LiveSignIn, old: UserTokens, fresh: UserTokens): Promise<void> {
    const { exchange, keys, now } = this.dependencies;
    const { report } = signIn;
    const verifier = new TokenVerifier(report.environmentUrl, keys, exchange, now);
    const expected = {
      clientId: report.clientId,
      nonce: undefined,
      code: undefined,
      accessToken: fresh.accessToken,
    };
    const idToken = fresh.idToken && (await verifier.idToken(fresh.idToken, expected));
    const accessToken = fresh.accessToken && (await verifier.accessToken(fresh.accessToken));
    signIn.tokens = {
      ...fresh,
      idToken: fresh.idToken ?? old.idToken,
      // Scalekit's refresh tokens work once. If no new one came, there's none.
      refreshToken: fresh.refreshToken,
    };
    signIn.report = {
      ...report,
      ...(idToken ? { idToken } : {}),
      ...(accessToken ? { accessToken } : {}),
      tokens: { ...tokenFacts(fresh), scope: fresh.scope ?? report.tokens?.scope },
    };
  }

  /**
   * Whether Scalekit will send the browser back after signing out. An address that isn't registered would make it refuse
   * (docs/scalekit-api.md, 4.8), so it's sent only if it's known to be. The sandbox takes any on this machine.
   */
  private async comesBack({ report: { environment, clientId } }: LiveSignIn, later: string): Promise<boolean> {
    if (environment.kind === 'sandbox') return true;
    const { environments, prompts } = this.dependencies;
    const client = await environments.client(environment.id);
    try {
      const { postLogoutRedirectUris } = await cancellableProgress(
        prompts,
        vscode.l10n.t('Scalekit: asking {0}…', environment.name),
        (signal) => getEnvironmentClient(client, clientId, { signal }),
      );
      return postLogoutRedirectUris.includes(later);
    } catch (error) {
      if (error instanceof ScalekitError && error.kind !== 'cancelled') return false;
      throw error;
    }
  }

  /** The sign-in of the document that a command was run on, or of the active one. */
  private shown(argument: unknown): LiveSignIn | undefined {
    const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    const number = signInNumber(uri);
    const signIn = number === undefined ? undefined : this.live.get(number);
    if (signIn === undefined) {
      void this.dependencies.prompts.message(
        'information',
        vscode.l10n.t('This sign-in is no longer known here. Try a new one.'),
      );
    }
    return signIn;
  }

  private withTokens(argument: unknown): (LiveSignIn & { readonly tokens: UserTokens }) | undefined {
    const signIn = this.shown(argument);
    if (signIn === undefined) return undefined;
    if (signIn.tokens === undefined) {
      void this.dependencies.prompts.message(
        'information',
        vscode.l10n.t('This sign-in has no tokens: none came, or the environment was changed since.'),
      );
      return undefined;
    }
    return signIn as LiveSignIn & { readonly tokens: UserTokens };
  }
}

function signOutStep(result: SignOutResult): Omit<Step, 'at'> {
  switch (result) {
    case 'signedOut':
      return { outcome: 'done', text: vscode.l10n.t('Signed out: Scalekit sent the browser back.') };
    case 'opened':
      return {
        outcome: 'noted',
        text: vscode.l10n.t(
          'The browser was sent to sign out. Scalekit doesn’t come back here, since no address for that is registered, so only the browser shows the result.',
        ),
      };
    case 'closed':
      return { outcome: 'noted', text: vscode.l10n.t('Waiting for the sign-out was cancelled.') };
    case 'timedOut':
    case 'flooded':
      return {
        outcome: 'failed',
        text: vscode.l10n.t(
          'Nothing came back from signing out. Scalekit may have refused the ID token or the address: the browser’s last page says so.',
        ),
      };
  }
}
