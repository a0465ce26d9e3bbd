import * as vscode from 'vscode';
import type { ClientCredentials } from '../api/client/clientCredentials';
import { cleanCredential } from '../api/cleanValue';
import { parseEnvironmentUrl } from '../api/client/environmentUrl';
import type { ScalekitClient } from '../api/client/scalekitClient';
import { isCancelled, ScalekitError } from '../api/client/scalekitError';
import { callMessage } from '../ui/callMessage';
import type { InputAnswer, InputPrompt, PromptResult, Prompts } from '../ui/prompts';
import type { Redactor } from '../ui/redactor';
import { showStatus } from '../ui/statusMessage';
import {
  clientIdProblem,
  clientSecretProblem,
  environmentUrlProblem,
  nothingFoundSentence,
  visibleSecretProblem,
} from '../ui/credentialProblems';
import { readCredentials, type CredentialReading, type FoundCredentials } from '../core/credentialText';
import { verifyCredentials, type Verification } from './verifyCredentials';

export interface EnterCredentialsDependencies {
  readonly prompts: Prompts;
  readonly redactor: Redactor;
  readonly createClient: (credentials: ClientCredentials) => ScalekitClient;
  readonly readClipboard: () => Promise<string>;
}

export interface EnterCredentialsOptions {
  readonly title: string;
  /** Known values, which the user sees and can correct. */
  readonly known?: Partial<ClientCredentials>;
  /** Which of the three to ask for. `known` has the others. Default: all. */
  readonly steps?: readonly Step[];
  /** Verifies the known values first, and asks only if that fails. */
  readonly verifyFirst?: boolean;
  /** Why the secret that was read elsewhere isn't one. Shown at the secret's step. */
  readonly secretProblem?: string;
  /**
   * Whether the user may save credentials that weren't verified. Not if they would replace working ones. Default: true.
   */
  readonly mayKeepUnverified?: boolean;
}

/** Credentials that the user entered. `verified` is false only by the user's explicit choice. */
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
 * Asks for URL, client id and secret, in this order, and verifies them. After a failure it goes to the step that's most
 * likely wrong, says why, and verifies again once that step is corrected. The other steps keep what was typed.
 * Undefined if the user cancels.
 */
export async function enterCredentials(
  {
    title,
    known = {},
    steps = ALL_STEPS,
    verifyFirst = false,
    mayKeepUnverified = true,
    secretProblem,
  }: EnterCredentialsOptions,
  dependencies: EnterCredentialsDependencies,
): Promise<EnteredCredentials | undefined> {
  const draft: Draft = {
    url: known.environmentUrl ?? '',
    clientId: known.clientId ?? '',
    clientSecret: known.clientSecret ?? '',
  };
  dependencies.redactor.add(draft.clientSecret);
  let index =
    secretProblem === undefined
      ? 0
      : Math.max(
          0,
          steps.findIndex((step) => draft[step] === ''),
        );
  let problem: string | undefined;
  let correcting = verifyFirst;
  let asking = !verifyFirst;

  for (;;) {
    if (asking) {
      const step = steps[index] ?? 'url';
      problem ??= step === 'clientSecret' && draft.clientSecret === '' ? secretProblem : undefined;
      const result = await ask(
        step,
        draft[step],
        { title, number: index + 1, of: steps.length, problem, mayKeep: correcting && mayKeepUnverified },
        dependencies,
      );
      if (result === undefined) return undefined;
      problem = undefined;
      if (result === 'back') {
        index = Math.max(0, index - 1);
        continue;
      }
      const text = result.answer.button === PASTE ? await dependencies.readClipboard() : result.answer.text;
      if (result.answer.button === PASTE || holdsCredentials(text)) {
        const reading = readCredentials(text);
        const found = await chooseRecord(reading, title, dependencies);
        if (found === undefined) {
          if (reading.records.length === 0) problem = nothingFoundSentence(text, reading);
          continue;
        }
        const taken = takeFrom(found, draft, steps, dependencies.redactor);
        problem = taken.problem;
        index = taken.next ?? 0;
        if (taken.next !== undefined || taken.problem !== undefined) continue;
        showStatus(vscode.l10n.t('Using the pasted credentials…'), 'key');
      } else {
        take(step, result.answer.text, draft, dependencies.redactor);
        if (!correcting && index < steps.length - 1) {
          index++;
          continue;
        }
        if (result.answer.button === SAVE_UNVERIFIED)
          return { credentials: credentialsOf(draft), verified: false, tokensOnly: false };
      }
    }
    asking = true;
    correcting = true;
    const credentials = credentialsOf(draft);
    try {
      const { refusal, organizations } = await verify(credentials, dependencies);
      if (refusal === undefined) return { credentials, verified: true, tokensOnly: false, organizations };
      const choice = await chooseAfterRefusal(title, credentials, refusal, dependencies.prompts);
      if (choice === undefined) return undefined;
      if (choice === 'keep') return { credentials, verified: true, tokensOnly: true };
      index = Math.max(0, steps.indexOf('clientId'));
    } catch (error) {
      if (!(error instanceof ScalekitError)) throw error;
      if (isCancelled(error)) continue;
      index = Math.max(0, steps.indexOf(suspect(error)));
      problem = dependencies.redactor.redact(problemSentence(error, credentials, steps.includes('clientId')));
    }
  }
}

type Draft = Record<Step, string>;

function credentialsOf(draft: Draft): ClientCredentials {
  return { environmentUrl: draft.url, clientId: draft.clientId, clientSecret: draft.clientSecret };
}

function take(step: Step, text: string, draft: Draft, redactor: Redactor): void {
  draft[step] = step === 'url' ? parseEnvironmentUrl(text) : cleanCredential(text);
  if (step === 'clientSecret') redactor.add(draft.clientSecret);
}

/** Whether a text has more than one value: lines with names, or several values at once. */
function holdsCredentials(text: string): boolean {
  return readCredentials(text).records.length > 0;
}

/** The credentials in a text. If there are several, the user chooses; undefined if there are none. */
async function chooseRecord(
  { records }: CredentialReading,
  title: string,
  { prompts, redactor }: EnterCredentialsDependencies,
): Promise<FoundCredentials | undefined> {
  for (const { clientSecret } of records) redactor.add(clientSecret ?? '');
  if (records.length < 2) return records[0];
  const result = await prompts.pick({
    title,
    placeholder: vscode.l10n.t('These are the credentials of several environments. Choose one'),
    choices: records.map((found) => ({ value: found, label: recordLabel(found), icon: 'key' })),
  });
  return result === undefined || result === 'back' ? undefined : result.answer;
}

/** The valid host and client ID of what was found. Other values may be misplaced secrets, so they aren't shown. */
export function recordLabel({ environmentUrl, clientId }: FoundCredentials): string {
  return [
    environmentUrl === undefined || environmentUrlProblem(environmentUrl) !== undefined
      ? vscode.l10n.t('no URL')
      : new URL(parseEnvironmentUrl(environmentUrl)).host,
    clientId === undefined || clientIdProblem(clientId) !== undefined ? vscode.l10n.t('no client ID') : clientId,
  ].join(' · ');
}

/** What a text changed in the draft. */
interface Taken {
  /** Index of the next step to ask; undefined if nothing is missing. */
  readonly next?: number;
  /** Why something in the text was ignored, in a sentence. */
  readonly problem?: string;
}

/** Fills the draft with what was found. Returns the next step and what couldn't be used. */
function takeFrom(found: FoundCredentials, draft: Draft, steps: readonly Step[], redactor: Redactor): Taken {
  const fields = { url: found.environmentUrl, clientId: found.clientId, clientSecret: found.clientSecret };
  const problems = ALL_STEPS.map(
    (step) => [step, fields[step] === undefined ? undefined : pastedProblem(step, fields[step])] as const,
  );
  const other = ALL_STEPS.find(
    (step) => !steps.includes(step) && fields[step] !== undefined && !isSame(step, fields[step], draft),
  );
  // If only one part is asked for, another environment's value is wrong.
  if (other !== undefined)
    return {
      next: 0,
      problem: vscode.l10n.t(
        'These are another client’s credentials, so they weren’t used. Paste those of {0}.',
        draft.clientId,
      ),
    };
  for (const [step, problem] of problems) {
    const value = fields[step];
    if (value !== undefined && problem === undefined && steps.includes(step)) take(step, value, draft, redactor);
  }
  const [wrong, problem] = problems.find(([step, each]) => each !== undefined && steps.includes(step)) ?? [];
  const next = wrong === undefined ? steps.findIndex((step) => draft[step] === '') : steps.indexOf(wrong);
  return { next: next === -1 ? undefined : next, problem };
}

function pastedProblem(step: Step, value: string): string | undefined {
  const problem =
    step === 'url'
      ? environmentUrlProblem(value)
      : step === 'clientId'
        ? clientIdProblem(value)
        : clientSecretProblem(value);
  if (problem === undefined) return undefined;
  switch (step) {
    case 'url':
      return vscode.l10n.t('The URL on the clipboard can’t be used. {0}', problem);
    case 'clientId':
      return vscode.l10n.t('The client ID on the clipboard can’t be used. {0}', problem);
    case 'clientSecret':
      return vscode.l10n.t('The client secret on the clipboard can’t be used. {0}', problem);
  }
}

function isSame(step: Step, value: string, draft: Draft): boolean {
  return step === 'url'
    ? environmentUrlProblem(value) === undefined && parseEnvironmentUrl(value) === draft.url
    : value === draft[step];
}

interface Position {
  readonly title: string;
  readonly number: number;
  readonly of: number;
  readonly problem: string | undefined;
  readonly mayKeep: boolean;
}

function ask(
  step: Step,
  value: string,
  position: Position,
  { prompts, redactor }: EnterCredentialsDependencies,
): Promise<PromptResult<InputAnswer>> {
  const rejectVisible = (text: string): string | undefined => visibleSecretProblem(text, redactor);
  // Text with credentials gets parsed, so it needn't be valid for this step.
  const unlessCredentials = (problemOf: (text: string) => string | undefined) => (text: string) =>
    holdsCredentials(text) ? undefined : problemOf(text);
  const common = {
    title: position.title,
    value,
    step: position.of > 1 ? { number: position.number, of: position.of } : undefined,
    problem: position.problem,
    takesPasted: holdsCredentials,
    buttons: [
      ...(step === 'url'
        ? [{ id: PASTE, icon: 'clippy', tooltip: vscode.l10n.t('Paste from Clipboard: .env lines or JSON') }]
        : []),
      ...(position.mayKeep
        ? [{ id: SAVE_UNVERIFIED, icon: 'save', tooltip: vscode.l10n.t('Save without verifying'), needsText: true }]
        : []),
    ],
  } satisfies Partial<InputPrompt>;
  switch (step) {
    case 'url':
      return prompts.input({
        ...common,
        prompt: vscode.l10n.t('Environment URL, from the Scalekit dashboard under API credentials.'),
        placeholder: 'https://acme.scalekit.dev',
        validate: unlessCredentials(environmentUrlProblem),
        rejectVisible,
      });
    case 'clientId':
      return prompts.input({
        ...common,
        prompt: vscode.l10n.t('Client ID (not a secret).'),
        placeholder: 'skc_…',
        validate: unlessCredentials(clientIdProblem),
        rejectVisible,
      });
    case 'clientSecret':
      return prompts.input({
        ...common,
        prompt: vscode.l10n.t('Client secret. It’s stored only in VS Code’s secret storage.'),
        placeholder: '',
        password: true,
        validate: unlessCredentials(clientSecretProblem),
      });
  }
}

function verify(
  credentials: ClientCredentials,
  { prompts, createClient }: EnterCredentialsDependencies,
): Promise<Verification> {
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
        detail: vscode.l10n.t('You can fetch and copy tokens, but not see organizations.'),
        icon: 'key',
      },
    ],
  });
  return result === undefined || result === 'back' ? undefined : result.answer;
}

/** The step that a failure points to. */
function suspect(error: ScalekitError): Step {
  return error.kind === 'credentials' || error.kind === 'invalid' ? 'clientSecret' : 'url';
}

function problemSentence(error: ScalekitError, credentials: ClientCredentials, canGoBack: boolean): string {
  const { host } = new URL(credentials.environmentUrl);
  if (error.kind !== 'credentials') return callMessage(vscode.l10n, error, host).text;
  const reason = error.details.errorCode ?? `HTTP ${error.details.status}`;
  return canGoBack
    ? vscode.l10n.t(
        '{0} refused this client ID and secret ({1}). Enter the secret again, or go back to correct the client ID.',
        host,
        reason,
      )
    : vscode.l10n.t('{0} refused this secret for {1} ({2}). Enter it again.', host, credentials.clientId, reason);
}
