import * as vscode from 'vscode';
import type { DocumentReference } from '../core/documentReference';
import { EnvironmentFailure, isNotFound } from '../core/environmentFailure';
import type { Redactor } from '../ui/redactor';
import { documentFailureMessage, refusalMessage, unknownAddressMessage } from './documentMessages';
import { DocumentRefusal } from './documentRefusal';

/** What VS Code asked for when it failed. */
export interface FailedOperation {
  readonly uri: vscode.Uri;
  /** Undefined when the URI is no address of ours. */
  readonly reference: DocumentReference | undefined;
  /** The environment's name. */
  readonly environment: string;
  /** An open editor asked for the text that it shows. */
  readonly isReload: boolean;
}

/** The error that VS Code is given for a failure of ours; any other error as it is. Nothing else here makes an error of VS Code's out of one. */
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
    // An open editor takes this as a file that was deleted; one that is to be opened shows the sentence.
    return isReload && isNotFound(error) ? vscode.FileSystemError.FileNotFound(message) : unavailable(message);
  }
  return error;
}

/** An error of which a person reads this sentence. VS Code puts an error's name before its text; this one has none. */
function unavailable(message: string): vscode.FileSystemError {
  const error = vscode.FileSystemError.Unavailable(message);
  error.name = '';
  return error;
}
