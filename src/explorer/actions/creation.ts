import * as vscode from 'vscode';
import { ScalekitError, type ScalekitErrorKind } from '../../api/scalekitError.js';
import type { EnvironmentFacts } from '../../editor/environmentAccess.js';
import { EnvironmentFailure } from '../../editor/environmentFailure.js';
import { failureMessage } from '../../editor/failureMessage.js';
import { readRefusal } from './refusal.js';

/** The step to which a person is brought back, and what is said there. */
export interface StepRefusal<Step extends string> {
  readonly step: Step;
  readonly problem?: string;
}

/** `Create Role in Acme (production)` */
export function creationTitle(title: string, { name, production }: EnvironmentFacts): string {
  return production ? vscode.l10n.t('{0} in {1} (production)', title, name) : vscode.l10n.t('{0} in {1}', title, name);
}

const TEMPORARY: ReadonlySet<ScalekitErrorKind> = new Set(['rateLimit', 'network', 'timeout']);

/**
 * Which of the steps, named like the fields that they ask for, has what Scalekit refuses. The name is the first one: it is what conflicts.
 * A failure that trying again may help brings the person back to the last step, so that nothing they entered is lost.
 *
 * @throws the error itself when no step can help against it
 */
export function refusedStep<Step extends string>(error: unknown, steps: readonly [Step, ...Step[]], conflict: string): StepRefusal<Step> {
  const [first] = steps;
  const refused = readRefusal(error);
  if (refused?.kind === 'conflict') return { step: first, problem: conflict };
  if (refused !== undefined) {
    const isOf = (step: Step, field: string): boolean => field.split('.').some((part) => part.replace(/\[.*/, '') === step);
    return { step: steps.find((step) => refused.fields.some((field) => isOf(step, field))) ?? first, problem: refused.problem };
  }
  const isTemporary = error instanceof EnvironmentFailure && error.failure instanceof ScalekitError && TEMPORARY.has(error.failure.kind);
  if (!isTemporary) throw error;
  return { step: steps[steps.length - 1] ?? first, problem: failureMessage(error).text };
}
