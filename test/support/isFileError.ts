import * as vscode from 'vscode';

/** Whether an error is a FileSystemError with this code and, if given, this text. */
export function isFileError(code: string, text?: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof vscode.FileSystemError && error.code === code && (text === undefined || text.test(error.message));
}
