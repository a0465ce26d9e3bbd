import * as vscode from 'vscode';
import { ScalekitError, type ScalekitErrorKind } from '../api/client/scalekitError';
import type { EnvironmentFacts } from '../core/environmentAccess';
import { EnvironmentFailure } from '../core/environmentFailure';
import { failureMessage } from '../ui/failureMessage';
import { readFormError } from './formError';

/** The step to which a person is brought back, and what is said there. */
export interface StepError<Step extends string> {
  readonly step: Step;
  readonly problem?: string;
}

/** `Create Role in Acme (production)` */
export function creationTitle(title: string, { name, production }: EnvironmentFacts): string {
  return production ? vscode.l10n.t('{0} in {1} (production)', title, name) : vscode.l10n.t('{0} in {1}', title, name);
}

const TEMPORARY: ReadonlySet<ScalekitErrorKind> = new Set(['rateLimit', 'network', 'timeout', 'server']);

/**
 * Which of the steps, named like the fields that they ask for, has what Scalekit refuses: the first one where it names none of them.
 * `conflict` is the one whose text another object has, and what is said there. A failure that trying again may help brings the person back
 * to the last step, so that nothing they entered is lost.
 *
 * @throws the error itself when no step can help against it
 */
export function stepWithError<Step extends string>(
  error: unknown,
  steps: readonly [Step, ...Step[]],
  conflict?: StepError<Step>,
): StepError<Step> {
  const [first] = steps;
  const refused = readFormError(error);
  if (refused?.kind === 'conflict' && conflict !== undefined) return conflict;
  if (refused !== undefined)
    return {
      step: refused.fields.map((field) => stepOf(field, steps)).find((step) => step !== undefined) ?? first,
      problem: refused.problem,
    };
  if (!isTemporary(error)) throw error;
  return { step: steps[steps.length - 1] ?? first, problem: failureMessage(error).text };
}

/** The step that asks for a field such as `membership.roles[0].name`: in JSON its names may be written in another way. */
function stepOf<Step extends string>(field: string, steps: readonly Step[]): Step | undefined {
  const plain = (name: string): string => name.replace(/\[.*|_/g, '').toLowerCase();
  const parts = field.split('.').map(plain);
  const named = parts.map((part) => steps.find((step) => plain(step) === part || plain(step) === `${part}s`));
  return named.find((step) => step !== undefined);
}

/** Nothing was done, or it would not have come this far: see `isOutcomeUnknown`. */
function isTemporary(error: unknown): error is EnvironmentFailure {
  const failure = error instanceof EnvironmentFailure ? error.failure : undefined;
  return failure instanceof ScalekitError && TEMPORARY.has(failure.kind) && failure.details.status !== 501;
}
