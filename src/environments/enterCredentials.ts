import * as vscode from 'vscode';
import type { ClientCredentials } from '../api/clientCredentials.js';
import { parseEnvironmentUrl } from '../api/environmentUrl.js';
import type { ScalekitClient } from '../api/scalekitClient.js';
import { isCancelled, ScalekitError } from '../api/scalekitError.js';
import { callMessage } from '../editor/callMessage.js';
import type { InputAnswer, InputPrompt, PromptResult, Prompts } from '../editor/prompts.js';
import type { Redactor } from '../editor/redactor.js';
import { clientIdProblem, environmentUrlProblem, secretInSight } from './credentialProblems.js';
import { findCredentials, hasAny } from './credentialText.js';
import { verifyCredentials, type Verification } from './verifyCredentials.js';

/** What the flow needs of its surroundings. */
export interface EnterCredentialsContext {
  readonly prompts: Prompts;
  readonly redactor: Redactor;
  readonly createClient: (credentials: ClientCredentials) => ScalekitClient;
  readonly readClipboard: () => Promise<string>;
}

/** How the flow begins. */
export interface EnterCredentialsOptions {
  readonly title: string;
  /** What is known already, to be shown and corrected. */
  readonly known?: Partial<ClientCredentials>;
  /** Which of the three are asked; the others are taken from `known`. Default: all. */
  readonly steps?: readonly Step[];
  /** Begins by verifying what is known, and asks only when that fails. */
  readonly verifyFirst?: boolean;
  /** Whether a person may keep what could not be verified: not where it would take the place of what works. Default: they may. */
  readonly mayKeepUnverified?: boolean;
}

/** Credentials that a person entered and what is known of them; `verified` is false only by the person's explicit choice. */
export interface EnteredCredentials {
  readonly credentials: ClientCredentials;
  readonly verified: boolean;
  readonly tokensOnly: boolean;
  readonly organizations?: number;
}

type Step = 'url' | 'clientId' | 'clientSecret';

const SAVE_UNVERIFIED = 'saveUnverified';
const PASTE = 'paste';
const ALL_STEPS = ['url', 'clientId', 'clientSecret'] as const;

/**
 * Asks for URL, client id and secret, in this order, and verifies them. After a failure it goes to the step that is most likely
 * wrong, says why, and verifies again as soon as that one is corrected: the others keep what was typed. Undefined when the
 * person cancels.
 */
export async function enterCredentials(
  { title, known = {}, steps = ALL_STEPS, verifyFirst = false, mayKeepUnverified = true }: EnterCredentialsOptions,
  context: EnterCredentialsContext,
): Promise<EnteredCredentials | undefined> {
  const draft: Draft = { url: known.environmentUrl ?? '', clientId: known.clientId ?? '', clientSecret: known.clientSecret ?? '' };
  context.redactor.add(draft.clientSecret);
  let index = 0;
  let problem: string | undefined;
  let correcting = verifyFirst;
  let asking = !verifyFirst;

  for (;;) {
    if (asking) {
      const step = steps[index] ?? 'url';
      const result = await ask(step, draft[step], { title, number: index + 1, of: steps.length, problem, mayKeep: correcting && mayKeepUnverified }, context);
      if (result === undefined) return undefined;
      problem = undefined;
      if (result === 'back') {
        index = Math.max(0, index - 1);
        continue;
      }
      if (result.answer.button === PASTE) {
        const pasted = takeFrom(await context.readClipboard(), draft, steps, context.redactor);
        if (typeof pasted === 'string') {
          problem = pasted;
          continue;
        }
        index = pasted.next;
        if (!pasted.complete) continue;
      } else {
        take(step, result.answer.text, draft, context.redactor);
        if (!correcting && index < steps.length - 1) {
          index++;
          continue;
        }
        if (result.answer.button === SAVE_UNVERIFIED) return { credentials: credentialsOf(draft), verified: false, tokensOnly: false };
      }
    }
    asking = true;
    correcting = true;
    const credentials = credentialsOf(draft);
    try {
      const { refusal, organizations } = await verify(credentials, context);
      if (refusal === undefined) return { credentials, verified: true, tokensOnly: false, organizations };
      const choice = await chooseAfterRefusal(title, credentials, refusal, context.prompts);
      if (choice === undefined) return undefined;
      if (choice === 'keep') return { credentials, verified: true, tokensOnly: true };
      index = Math.max(0, steps.indexOf('clientId'));
    } catch (error) {
      if (!(error instanceof ScalekitError)) throw error;
      if (isCancelled(error)) continue;
      index = Math.max(0, steps.indexOf(suspect(error)));
      problem = context.redactor.redact(problemSentence(error, credentials, steps.includes('clientId')));
    }
  }
}

type Draft = Record<Step, string>;

function credentialsOf(draft: Draft): ClientCredentials {
  return { environmentUrl: draft.url, clientId: draft.clientId, clientSecret: draft.clientSecret };
}

function take(step: Step, text: string, draft: Draft, redactor: Redactor): void {
  draft[step] = step === 'url' ? parseEnvironmentUrl(text) : text.trim();
  if (step === 'clientSecret') redactor.add(draft.clientSecret);
}

/** Fills the draft from pasted text, and says which step is next; a sentence when nothing can be taken from it. */
function takeFrom(text: string, draft: Draft, steps: readonly Step[], redactor: Redactor): { next: number; complete: boolean } | string {
  const found = findCredentials(text);
  if (!hasAny(found)) {
    return vscode.l10n.t('The clipboard holds no credentials. Copy lines such as SCALEKIT_CLIENT_ID=… or a JSON object first.');
  }
  const fields = { url: found.environmentUrl, clientId: found.clientId, clientSecret: found.clientSecret };
  for (const step of ALL_STEPS) {
    const value = fields[step];
    if (value === undefined) continue;
    if (step === 'url') {
      const fault = environmentUrlProblem(value);
      if (fault !== undefined) return vscode.l10n.t('The URL on the clipboard cannot be used. {0}', fault);
    }
    if (step === 'clientId') {
      const fault = clientIdProblem(value);
      if (fault !== undefined) return vscode.l10n.t('The client ID on the clipboard cannot be used. {0}', fault);
    }
    take(step, value, draft, redactor);
  }
  const missing = steps.findIndex((step) => draft[step] === '');
  return missing === -1 ? { next: 0, complete: true } : { next: missing, complete: false };
}

interface Position {
  readonly title: string;
  readonly number: number;
  readonly of: number;
  readonly problem: string | undefined;
  readonly mayKeep: boolean;
}

function ask(step: Step, value: string, position: Position, { prompts, redactor }: EnterCredentialsContext): Promise<PromptResult<InputAnswer>> {
  const mustNotShow = (text: string): string | undefined => secretInSight(text, redactor);
  const common = {
    title: position.title,
    value,
    step: position.of > 1 ? { number: position.number, of: position.of } : undefined,
    problem: position.problem,
    buttons: [
      ...(step === 'url' ? [{ id: PASTE, icon: 'clippy', tooltip: vscode.l10n.t('Paste from Clipboard: .env lines or JSON') }] : []),
      ...(position.mayKeep ? [{ id: SAVE_UNVERIFIED, icon: 'save', tooltip: vscode.l10n.t('Save without verifying'), needsText: true }] : []),
    ],
  } satisfies Partial<InputPrompt>;
  switch (step) {
    case 'url':
      return prompts.input({
        ...common,
        prompt: vscode.l10n.t('Environment URL, from the Scalekit dashboard under API credentials.'),
        placeholder: 'https://acme.scalekit.dev',
        validate: environmentUrlProblem,
        mustNotShow,
      });
    case 'clientId':
      return prompts.input({
        ...common,
        prompt: vscode.l10n.t('Client ID. It is no secret.'),
        placeholder: 'skc_…',
        validate: clientIdProblem,
        mustNotShow,
      });
    case 'clientSecret':
      return prompts.input({
        ...common,
        prompt: vscode.l10n.t('Client secret. It is kept in VS Code’s secret storage and nowhere else.'),
        placeholder: '',
        password: true,
        validate: (text) => (text.trim() === '' ? vscode.l10n.t('Enter the client secret.') : undefined),
      });
  }
}

function verify(credentials: ClientCredentials, { prompts, createClient }: EnterCredentialsContext): Promise<Verification> {
  const { host } = new URL(credentials.environmentUrl);
  return prompts.progress(vscode.l10n.t('Scalekit: verifying the credentials with {0}…', host), (signal) =>
    verifyCredentials(createClient(credentials), signal),
  );
}

async function chooseAfterRefusal(
  title: string,
  credentials: ClientCredentials,
  refusal: ScalekitError,
  prompts: Prompts,
): Promise<'keep' | 'correct' | undefined> {
  const { host } = new URL(credentials.environmentUrl);
  const result = await prompts.pick<'keep' | 'correct'>({
    title,
    placeholder: vscode.l10n.t('The client gets tokens, but the Scalekit API refuses it'),
    choices: [
      {
        value: 'correct',
        label: vscode.l10n.t('Correct the client ID and secret'),
        detail: callMessage(vscode.l10n, refusal, host).text,
        icon: 'edit',
      },
      {
        value: 'keep',
        label: vscode.l10n.t('Keep it as “tokens only”'),
        detail: vscode.l10n.t('Tokens can be fetched and copied; organizations cannot be shown.'),
        icon: 'key',
      },
    ],
  });
  return result === undefined || result === 'back' ? undefined : result.answer;
}

/** The step that a failure points at. */
function suspect(error: ScalekitError): Step {
  return error.kind === 'credentials' || error.kind === 'invalid' ? 'clientSecret' : 'url';
}

function problemSentence(error: ScalekitError, credentials: ClientCredentials, canGoBack: boolean): string {
  const { host } = new URL(credentials.environmentUrl);
  if (error.kind !== 'credentials') return callMessage(vscode.l10n, error, host).text;
  const reason = error.details.errorCode ?? `HTTP ${error.details.status}`;
  return canGoBack
    ? vscode.l10n.t('{0} refused this client ID and secret ({1}). Enter the secret again, or go back to correct the client ID.', host, reason)
    : vscode.l10n.t('{0} refused this secret for {1} ({2}). Enter it again.', host, credentials.clientId, reason);
}
