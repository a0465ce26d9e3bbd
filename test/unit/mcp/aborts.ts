import assert from 'node:assert/strict';

/** Asserts that a promise rejects because its signal was aborted. */
export function failsWithAbort(promise: Promise<unknown>): Promise<void> {
  return assert.rejects(promise, (error) => error instanceof Error && error.name === 'AbortError');
}
