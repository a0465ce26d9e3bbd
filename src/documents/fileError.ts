import * as vscode from 'vscode';
import type { DocumentReference } from '../core/documentReference';
import { EnvironmentFailure, isNotFound } from '../core/environmentFailure';
import type { Redactor } from '../ui/redactor';
import { documentFailureMessage, refusalMessage, unknownAddressMessage } from './documentMessages';
import { DocumentRefusal } from './documentRefusal';

/** What VS Code requested when it failed. */
export interface FailedOperation {
  readonly uri: vscode.Uri;
  /** Undefined if the URI isn't one of our addresses. */
  readonly reference: DocumentReference | undefined;
  /** The environment's name. */
  readonly environment: string;
  /** An open editor requested the text that it shows. */
  readonly isReload: boolean;
}

/**
 * The error that VS Code gets for one of our failures. Any other error stays as it is. Only this function turns our
 * errors into VS Code's.
 */
export function fileError(error: unknown, operation: FailedOperation, redactor: Redactor): unknown {
  const { uri, reference, environment, isReload } = operation;
  const path = reference?.path ?? [];
  if (error instanceof DocumentRefusal) {
    const { reason } = error;
    if (reason.kind === 'unknownAddress') return vscode.FileSystemError.FileNotFound(unknownAddressMessage(uri.path));
    if (reason.kind === 'readOnly') return vscode.FileSystemError.NoPermissions(uri);
    return unavailable(redactor.redact(refusalMessage(reason, environment, path)));
  }
  if (error instanceof EnvironmentFailure) {
    const message = redactor.redact(documentFailureMessage(error, path));
    // For an open editor, this means that the file was deleted. An editor that is being opened shows the message.
    return isReload && isNotFound(error) ? vscode.FileSystemError.FileNotFound(message) : unavailable(message);
  }
  return error;
}

/** An error that shows the user just this message. VS Code puts an error's name before its text; this one has none. */
function unavailable(message: string): vscode.FileSystemError {
  const error = vscode.FileSystemError.Unavailable(message);
  error.name = '';
  return error;
}
