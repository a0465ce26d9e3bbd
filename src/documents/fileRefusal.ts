import * as vscode from 'vscode';
import type { DocumentReference } from '../core/documentReference';
import { EnvironmentFailure } from '../core/environmentFailure';
import type { Redactor } from '../ui/redactor';
import { documentFailureMessage } from './documentMessages';

/** An error of a file of which a person reads this sentence. VS Code puts an error's name before its text; this one has none. */
export function refusal(message: string): vscode.FileSystemError {
  const error = vscode.FileSystemError.Unavailable(message);
  error.name = '';
  return error;
}

/** A failed call as such an error; any other error as it is. */
export function asRefusal(error: unknown, reference: DocumentReference, redactor: Redactor): unknown {
  return error instanceof EnvironmentFailure
    ? refusal(redactor.redact(documentFailureMessage(error, reference)))
    : error;
}
