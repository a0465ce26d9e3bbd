import * as vscode from 'vscode';
import { ScalekitError, type ScalekitErrorKind } from '../api/client/scalekitError';
import type { Environment } from '../core/environment';
import { EnvironmentFailure } from '../core/environmentFailure';
import { failureMessage } from '../ui/failureMessage';
import type { Prompts } from '../ui/prompts';
import { submitWizard, type StepError, type Wizard } from '../ui/wizard';

/** A wizard whose draft is sent to Scalekit. Its fields have the names of the request's fields. */
export interface Form<Draft, T> extends Wizard<Draft> {
  /** Returns the result. Undefined if there is nothing more to do, for example because the user didn't confirm. */
  readonly send: (draft: Draft) => Promise<{ readonly result: T } | StepError<Draft> | undefined>;
  /** The step to correct after an error that only this form understands, for example a name that exists. */
  readonly stepFor?: (error: FormError, draft: Draft) => StepError<Draft> | undefined;
  /** Called before the user is asked again. */
  readonly onRefused?: () => Promise<void>;
}

/** Why Scalekit rejected what the user typed. */
export interface FormError {
  readonly kind: 'invalid' | 'conflict';
  /** A sentence to show at the input box. */
  readonly problem: string;
  /** Names of the affected fields, as Scalekit writes them. */
  readonly fields: readonly string[];
}

/**
 * Asks for the fields and sends them. If Scalekit rejects a value, asks for it again, at the field that the error
 * names, or at the first one. A failure that a retry may fix returns the user to the step they answered last. Undefined
 * if the user gives up.
 *
 * @throws EnvironmentFailure if no step can fix it
 */
export async function submitForm<Draft, T>(form: Form<Draft, T>, prompts: Prompts): Promise<T | undefined> {
  const send = async (draft: Draft): ReturnType<typeof form.send> => {
    try {
      return await form.send(draft);
    } catch (error) {
      const step = stepToCorrect(error, draft, form);
      if (step === undefined) throw error;
      await form.onRefused?.();
      return step;
    }
  };
  return submitWizard(form, send, prompts);
}

/** `Create Role in Acme (production)` */
export function creationTitle(title: string, { name, production }: Environment): string {
  return production ? vscode.l10n.t('{0} in {1} (production)', title, name) : vscode.l10n.t('{0} in {1}', title, name);
}

/** Reads a failed call as Scalekit's rejection of the input (400, 409). Undefined for any other failure. */
export function readFormError(error: unknown): FormError | undefined {
  const failure =
    error instanceof EnvironmentFailure && error.failure instanceof ScalekitError ? error.failure : undefined;
  if (failure === undefined || (failure.kind !== 'conflict' && failure.kind !== 'invalid')) return undefined;
  // An ID that isn't one of the texts kept it from being sent: no other text would help.
  if (failure.details.reason === 'id') return undefined;
  const { fieldViolations = [], serverMessage, errorCode, status } = failure.details;
  const said = fieldViolations
    .map(({ description }) => description)
    .filter((text) => text !== '')
    .join('; ');
  const reason = said || serverMessage || errorCode || `HTTP ${status}`;
  return {
    kind: failure.kind,
    problem: vscode.l10n.t('Scalekit doesn’t accept this: {0}', reason),
    fields: fieldViolations.map(({ field }) => field),
  };
}

function stepToCorrect<Draft, T>(
  error: unknown,
  draft: Draft,
  { steps, stepFor }: Form<Draft, T>,
): StepError<Draft> | undefined {
  const fields = Object.keys(steps) as (keyof Draft & string)[];
  const [first] = fields;
  if (first === undefined) return undefined;
  const refused = readFormError(error);
  if (refused !== undefined) {
    const step = refused.fields.map((field) => stepNamed(field, fields)).find((found) => found !== undefined);
    return stepFor?.(refused, draft) ?? { step: step ?? first, problem: refused.problem };
  }
  return isTemporary(error) ? { problem: failureMessage(error).text } : undefined;
}

/** The step for a field like `membership.roles[0].name`, whose names may be spelled differently in JSON. */
function stepNamed<Step extends string>(field: string, steps: readonly Step[]): Step | undefined {
  const plain = (name: string): string => name.replace(/\[.*|_/g, '').toLowerCase();
  const parts = field.split('.').map(plain);
  const named = parts.map((part) => steps.find((step) => plain(step) === part || plain(step) === `${part}s`));
  return named.find((step) => step !== undefined);
}

const TEMPORARY: ReadonlySet<ScalekitErrorKind> = new Set(['rateLimit', 'network', 'timeout', 'server']);

/** The change wasn't made, or this error wouldn't reach us: see `isOutcomeUnknown`. */
function isTemporary(error: unknown): error is EnvironmentFailure {
  const failure = error instanceof EnvironmentFailure ? error.failure : undefined;
  return failure instanceof ScalekitError && TEMPORARY.has(failure.kind) && failure.details.status !== 501;
}
