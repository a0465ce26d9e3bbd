import * as vscode from 'vscode';
import { ScalekitError } from '../api/client/scalekitError';
import { EnvironmentFailure } from '../core/environmentFailure';

/** Why Scalekit did not take what a person typed. */
export interface FormError {
  readonly kind: 'invalid' | 'conflict';
  /** In a sentence, to stand at the box again. */
  readonly problem: string;
  /** Names of the fields that it speaks of, as Scalekit writes them. */
  readonly fields: readonly string[];
}

/** Reads a failed call as Scalekit's refusal of what was typed (400, 409); undefined for any other failure. */
export function readFormError(error: unknown): FormError | undefined {
  const failure =
    error instanceof EnvironmentFailure && error.failure instanceof ScalekitError ? error.failure : undefined;
  if (failure === undefined || (failure.kind !== 'conflict' && failure.kind !== 'invalid')) return undefined;
  // Not sent for an id that is none of the texts: no other text would help.
  if (failure.details.reason === 'id') return undefined;
  const { fieldViolations = [], serverMessage, errorCode, status } = failure.details;
  const said = fieldViolations
    .map(({ description }) => description)
    .filter((text) => text !== '')
    .join('; ');
  const reason = said || serverMessage || errorCode || `HTTP ${status}`;
  return {
    kind: failure.kind,
    problem: vscode.l10n.t('Scalekit does not accept this: {0}', reason),
    fields: fieldViolations.map(({ field }) => field),
  };
}
