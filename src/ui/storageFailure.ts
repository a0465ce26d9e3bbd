/** VS Code's folder for this extension can't be read or written. */
export class StorageFailure extends Error {
  constructor(
    readonly operation: 'read' | 'write',
    readonly folder: string,
    /** The system's code for the cause, for example `ENOSPC`. */
    readonly code: string,
    /** The affected environment. */
    readonly environment?: string,
  ) {
    super(`${folder}: ${operation}: ${code}`);
    this.name = 'StorageFailure';
  }
}
