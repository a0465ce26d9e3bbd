/** VS Code's folder for this extension cannot be read or written. */
export class StorageFailure extends Error {
  constructor(
    readonly operation: 'read' | 'write',
    readonly folder: string,
    /** What the system calls the cause, such as `ENOSPC`. */
    readonly code: string,
    /** The environment that is concerned. */
    readonly environment?: string,
  ) {
    super(`${folder}: ${operation}: ${code}`);
    this.name = 'StorageFailure';
  }
}
