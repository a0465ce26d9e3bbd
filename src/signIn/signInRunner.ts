import * as vscode from 'vscode';
import { isCancelled, ScalekitError } from '../api/client/scalekitError';
import type { Environment } from '../core/environment';
import { EnvironmentFailure } from '../core/environmentFailure';
import { failureMessage } from '../ui/failureMessage';
import { showStatus } from '../ui/statusMessage';
import {
  addressWithQuery,
  authorizationUrl,
  newSignInKeys,
  type AuthorizationInput,
  type SignInKeys,
} from './authorizationRequest';
import { callbackAddress, callbackPort } from './callbackAddress';
import { callbackProblem } from './callbackErrorWords';
import { CallbackReceiver, type CallbackResult, type InitiatedVerdict } from './callbackReceiver';
import { ensureCallback, type Registration } from './callbackRegistration';
import { endingProblem } from './endingWords';
import { isSigned } from './initiatedToken';
import { exchangeProblem } from './exchangeErrorWords';
import { NAMED_HOST } from '../core/namedHost';
import { PAGES, type Problem } from './problem';
import type { LiveSignIn } from './liveSignIns';
import type { SignInChoices } from './signInChoices';
import type { SignInDependencies } from './signInDependencies';
import { tokenFacts, type SignInReport, type Step } from './signInReport';
import { callbackStep, exchangeStep, openingStep, registrationStep, secondCallbackStep } from './stepWords';
import { isAccepted } from './tokenCheck';
import { requestTokens, type TokenOutcome, type UserTokens } from './tokenRequest';
import { TokenVerifier } from './tokenVerifier';
import { startOnPort, waitForBrowser } from './waiting';

/** After how many milliseconds without a callback the user is offered help. */
const HELP_AFTER_MS = 20_000;

/** How the user wants to reach the browser. */
export type Opening = 'open' | 'copy';

/** What a run tells while it goes on, and what it can't wait for. */
export interface RunListener {
  /** The same state came a second time, after the run. */
  readonly onSecondCallback: (number: number) => void;
}

/** A sign-in that is under way. */
interface Run {
  readonly environment: Environment;
  readonly environmentUrl: string;
  readonly clientSecret: string | undefined;
  readonly input: AuthorizationInput;
  readonly choices: SignInChoices;
  readonly keys: SignInKeys;
  readonly port: number;
  readonly begunAt: number;
  readonly number: number;
  readonly steps: Step[];
  /** Its report was handed on. */
  isOver: boolean;
}

/** What a run ended with. */
type Ending = Pick<SignInReport, 'outcome' | 'problem' | 'said' | 'tokens' | 'idToken' | 'accessToken'> & {
  readonly live?: UserTokens;
};

/**
 * Signs in as an app does: opens the browser, receives the callback, exchanges the code, checks what came. One at a time
 * in a window, because the callback has one port.
 */
export class SignInRunner {
  private listening: { close(): Promise<void> } | undefined;
  /** Clients whose list of callbacks can't be read, and with which the user went on. */
  private readonly unknown = new Set<string>();

  constructor(
    private readonly dependencies: SignInDependencies,
    private readonly listener: RunListener,
  ) {}

  /** Takes the callback's port: whoever waits there now is ended. */
  async takePort<T extends { close(): Promise<void> }>(start: () => Promise<T>): Promise<T | undefined> {
    await this.listening?.close();
    const started = await startOnPort(start, this.dependencies.prompts);
    this.listening = started;
    return started;
  }

  async dispose(): Promise<void> {
    await this.listening?.close();
  }

  /** Undefined if the user gave up before the browser was opened, or the port is taken. @throws EnvironmentFailure */
  async signIn(
    environment: Environment,
    choices: SignInChoices,
    opening: Opening,
    number: number,
  ): Promise<LiveSignIn | undefined> {
    const { clipboard, isInBrowser, openLink, prompts } = this.dependencies;
    const run = await this.prepare(environment, choices, number);
    if (run === undefined) return undefined;
    const url = authorizationUrl(run.input, run.keys);
    const receiver = await this.takePort(() =>
      CallbackReceiver.start({
        ...this.receiverOptions(run),
        authorizationUrl: url,
        ...(isInBrowser ? { startHost: NAMED_HOST } : {}),
      }),
    );
    if (receiver === undefined) return undefined;
    const open = (): Promise<boolean> => openLink(isInBrowser ? receiver.startAddress : url);
    if (opening === 'copy') {
      await clipboard.copy(url);
      this.step(run, openingStep('copied'));
    } else this.step(run, openingStep((await open()) ? 'opened' : 'refused'));
    const helping = setTimeout(
      () => void this.help(run, receiver, url, open).catch(() => undefined),
      opening === 'copy' ? 0 : HELP_AFTER_MS,
    );
    const title = vscode.l10n.t('Scalekit: waiting for the sign-in to {0} in the browser…', environment.name);
    const result = await waitForBrowser(title, receiver, prompts).finally(() => clearTimeout(helping));
    this.step(run, callbackStep(result));
    return this.finish(run, await this.settle(run, result), receiver);
  }

  /**
   * Waits for a sign-in that an identity provider starts, checks its token, and goes on as an app should: with a sign-in
   * of its own.
   *
   * @throws EnvironmentFailure
   */
  async receiveInitiated(
    environment: Environment,
    choices: SignInChoices,
    number: number,
  ): Promise<LiveSignIn | undefined> {
    const { prompts, redactor } = this.dependencies;
    const run = await this.prepare(environment, choices, number);
    if (run === undefined) return undefined;
    let initiated: SignInReport['initiated'];
    const check = async (token: string): Promise<InitiatedVerdict> => {
      redactor.add(token);
      const checked = await this.verifier(run).initiatedToken(token);
      if (!isSigned(checked.checks)) return 'foreign';
      initiated = checked;
      if (!isAccepted(checked.checks)) return 'invalid';
      this.step(run, {
        outcome: 'done',
        text: vscode.l10n.t('The identity provider’s token arrived and is valid. The browser was sent to Scalekit.'),
      });
      const { connectionId, organizationId, loginHint = '' } = checked.signIn;
      const selected: SignInChoices = {
        ...choices,
        loginHint,
        selector:
          connectionId !== undefined
            ? { by: 'connection', value: connectionId }
            : organizationId !== undefined
              ? { by: 'organization', value: organizationId }
              : { by: 'none' },
      };
      return { location: authorizationUrl({ ...run.input, choices: selected, organizationId }, run.keys) };
    };
    const receiver = await this.takePort(() =>
      CallbackReceiver.start({ ...this.receiverOptions(run), authorizationUrl: undefined, initiated: check }),
    );
    if (receiver === undefined) return undefined;
    void this.helpInitiated(run).catch(() => undefined);
    const title = vscode.l10n.t(
      'Scalekit: waiting for a sign-in that an identity provider starts, at {0}…',
      run.input.redirectUri,
    );
    const result = await waitForBrowser(title, receiver, prompts);
    this.step(run, callbackStep(result));
    return this.finish(run, await this.settle(run, result), receiver, initiated);
  }

  private async prepare(environment: Environment, choices: SignInChoices, number: number): Promise<Run | undefined> {
    const { environments, now, prompts, readCredentials, redactor } = this.dependencies;
    const begunAt = now();
    const credentials = await readCredentials(environment.id);
    const isOther = choices.otherClientId !== undefined && choices.otherClientId !== credentials.clientId;
    const clientId = choices.otherClientId ?? credentials.clientId;
    const port = callbackPort();
    const callback = callbackAddress(port);
    const key = `${environment.id} ${clientId} ${port}`;
    const registration = await ensureCallback(
      {
        environment,
        client: await environments.client(environment.id),
        clientId,
        callback,
        mayBeUnknown: this.unknown.has(key),
      },
      prompts,
    );
    if (registration === undefined) return undefined;
    if (typeof registration === 'object') this.unknown.add(key);
    const keys = newSignInKeys();
    redactor.add(keys.state);
    redactor.add(keys.verifier);
    const run: Run = {
      environment,
      environmentUrl: credentials.environmentUrl,
      clientSecret: isOther ? undefined : credentials.clientSecret,
      input: { environmentUrl: credentials.environmentUrl, clientId, redirectUri: callback, choices },
      choices: { ...choices, otherClientId: isOther ? choices.otherClientId : undefined },
      keys,
      port,
      begunAt,
      number,
      steps: [],
      isOver: false,
    };
    this.step(run, registrationStep(registration satisfies Registration, callback));
    return run;
  }

  private receiverOptions(run: Run) {
    return {
      port: run.port,
      state: run.keys.state,
      pages: {
        done: vscode.l10n.t('You can close this page. VS Code shows how the sign-in went.'),
        second: vscode.l10n.t('This sign-in is already over. Start a new one in VS Code.'),
        refusal: vscode.l10n.t('This isn’t a page of a sign-in that VS Code is waiting for.'),
      },
      onSecond: () => {
        if (run.isOver) this.listener.onSecondCallback(run.number);
        else this.step(run, secondCallbackStep());
      },
    };
  }

  /** From the callback to the checked tokens. */
  private async settle(run: Run, result: CallbackResult): Promise<Ending> {
    switch (result.kind) {
      case 'code':
        return this.redeem(run, result.code);
      case 'error':
        return {
          outcome: 'failed',
          problem: callbackProblem(result.error),
          said: [result.error, ...(result.description === undefined ? [] : [result.description])],
        };
      case 'closed':
        return { outcome: 'cancelled', problem: endingProblem(result.kind) };
      case 'timedOut':
        return { outcome: 'timedOut', problem: endingProblem(result.kind) };
      default:
        return { outcome: 'failed', problem: endingProblem(result.kind) };
    }
  }

  private async redeem(run: Run, code: string): Promise<Ending> {
    const { exchange, redactor } = this.dependencies;
    redactor.add(code);
    const { clientId, redirectUri } = run.input;
    const grant = { type: 'code', code, redirectUri, verifier: run.keys.verifier } as const;
    let outcome: TokenOutcome;
    try {
      outcome = await requestTokens(
        { environmentUrl: run.environmentUrl, clientId, clientSecret: run.clientSecret, grant },
        exchange,
        (token) => redactor.add(token),
      );
    } catch (error) {
      return { outcome: 'failed', problem: this.noResponse(run, error) };
    }
    this.step(run, exchangeStep(outcome, 'code'));
    if (outcome.kind !== 'tokens') return this.refused(outcome, run);
    return this.checked(run, outcome.tokens, code);
  }

  private async checked(run: Run, tokens: UserTokens, code: string): Promise<Ending> {
    const { idToken, accessToken } = tokens;
    const verifier = this.verifier(run);
    const begun = performance.now();
    const id =
      idToken &&
      (await verifier.idToken(idToken, { clientId: run.input.clientId, nonce: run.keys.nonce, code, accessToken }));
    const access = accessToken && (await verifier.accessToken(accessToken));
    const durationMs = performance.now() - begun;
    const isGood = id !== undefined && id !== '' && isAccepted(id.checks);
    this.step(run, {
      outcome: isGood ? 'done' : 'failed',
      text:
        verifier.keysFailure === undefined
          ? vscode.l10n.t('The tokens were checked against the environment’s keys.')
          : vscode.l10n.t('The environment’s keys couldn’t be fetched.'),
      durationMs,
    });
    return {
      outcome: isGood ? 'signedIn' : 'rejected',
      ...(id ? {} : { problem: noIdToken(run.choices) }),
      tokens: tokenFacts(tokens),
      ...(id ? { idToken: { ...id, checks: [{ name: 'state', outcome: 'passed', reason: 'ok' }, ...id.checks] } } : {}),
      ...(access ? { accessToken: access } : {}),
      live: tokens,
    };
  }

  private refused(outcome: Exclude<TokenOutcome, { kind: 'tokens' }>, run: Run): Ending {
    return {
      outcome: 'failed',
      problem: exchangeProblem(outcome, 'code', run.clientSecret !== undefined),
      ...(outcome.kind === 'refused'
        ? { said: [outcome.error, ...(outcome.description === undefined ? [] : [outcome.description])] }
        : {}),
    };
  }

  /** @throws the error itself if it's no failed request */
  private noResponse(run: Run, error: unknown): Problem {
    if (!(error instanceof ScalekitError) || isCancelled(error)) throw error;
    this.step(run, { outcome: 'failed', text: vscode.l10n.t('The token endpoint couldn’t be reached.') });
    return {
      happened: failureMessage(new EnvironmentFailure(run.environment, error)).text,
      change: vscode.l10n.t('Sign in again: the code can’t be used a second time.'),
      page: PAGES.completeLogin,
    };
  }

  private finish(
    run: Run,
    { live, ...ending }: Ending,
    receiver: CallbackReceiver,
    initiated?: SignInReport['initiated'],
  ): LiveSignIn {
    run.isOver = true;
    const { environment, environmentUrl, input, choices, begunAt, number, steps } = run;
    return {
      report: {
        number,
        environment,
        environmentUrl,
        clientId: input.clientId,
        redirectUri: input.redirectUri,
        choices,
        begunAt,
        steps,
        refusals: receiver.refusals,
        ...ending,
        ...(initiated === undefined ? {} : { initiated }),
      },
      tokens: live,
    };
  }

  private verifier(run: Run): TokenVerifier {
    const { keys, exchange, now } = this.dependencies;
    return new TokenVerifier(run.environmentUrl, keys, exchange, now);
  }

  private step(run: Run, step: Omit<Step, 'at'>): void {
    run.steps.push({ at: this.dependencies.now(), ...step });
  }

  /** For a browser that didn't open, or that runs on another machine. */
  private async help(run: Run, receiver: CallbackReceiver, url: string, open: () => Promise<boolean>): Promise<void> {
    const { clipboard, prompts } = this.dependencies;
    const again = vscode.l10n.t('Open');
    const copy = vscode.l10n.t('Copy Link');
    const paste = vscode.l10n.t('Paste Callback…');
    const pressed = await prompts.message(
      'information',
      vscode.l10n.t(
        'No callback at {0} yet. If the browser is on another machine, it can’t reach this address: copy the address of the page that it fails to open, and paste it here.',
        run.input.redirectUri,
      ),
      again,
      copy,
      paste,
    );
    if (pressed === again) await open();
    if (pressed === copy) {
      await clipboard.copy(url);
      showStatus(vscode.l10n.t('Link copied'));
    }
    if (pressed === paste) await this.paste(run, receiver);
  }

  /** The callback's address has a code in it, so it's typed out of sight. */
  private async paste({ input: { redirectUri } }: Run, receiver: CallbackReceiver): Promise<void> {
    const { prompts, redactor } = this.dependencies;
    const start = `${redirectUri}?`;
    const result = await prompts.input({
      title: vscode.l10n.t('Paste Callback'),
      prompt: vscode.l10n.t('The whole address of the page that the browser couldn’t open: {0}…', start),
      password: true,
      validate: (text) =>
        text.trim().startsWith(start) ? undefined : vscode.l10n.t('This address doesn’t begin with {0}', start),
    });
    if (result === undefined || result === 'back') return;
    const address = result.answer.text.trim();
    redactor.add(address);
    if (receiver.takePasted(address.slice(start.length).split('#')[0] ?? '')) return;
    void prompts.message(
      'warning',
      vscode.l10n.t('That address belongs to another sign-in: its state is another one. Nothing was changed.'),
    );
  }

  private async helpInitiated({ environment, environmentUrl, input }: Run): Promise<void> {
    const { openLink, prompts } = this.dependencies;
    const copy = vscode.l10n.t('Copy Callback');
    const page = vscode.l10n.t('Open Sandbox Page');
    const pressed = await prompts.message(
      'information',
      vscode.l10n.t(
        'Start the sign-in at the identity provider now. The app’s initiate login URL in Scalekit must be {0}.',
        input.redirectUri,
      ),
      copy,
      ...(environment.kind === 'sandbox' ? [page] : []),
    );
    if (pressed === copy) await vscode.env.clipboard.writeText(input.redirectUri);
    if (pressed === page) {
      const parameters = [
        ['client_id', input.clientId],
        ['target', input.redirectUri],
      ] as const;
      await openLink(addressWithQuery(`${environmentUrl}/sandbox/idp-initiated`, parameters));
    }
  }
}

function noIdToken({ scopes }: SignInChoices): Problem {
  return {
    happened: vscode.l10n.t('The response has no ID token, so nothing says who signed in.'),
    change: scopes.includes('openid')
      ? vscode.l10n.t('Check that this client may ask for “openid”.')
      : vscode.l10n.t('Ask for the scope “openid”.'),
    page: PAGES.completeLogin,
  };
}
