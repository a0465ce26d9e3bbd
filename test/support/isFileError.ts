import * as vscode from 'vscode';

/** Whether an error is a file system's, with this code and, if it is given, this text. */
export function isFileError(code: string, text?: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof vscode.FileSystemError && error.code === code && (text === undefined || text.test(error.message));
}
