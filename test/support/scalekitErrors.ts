import assert from 'node:assert/strict';
import { ScalekitError, type ScalekitErrorDetails, type ScalekitErrorKind } from '../../src/api/client/scalekitError';

/** Waits for the ScalekitError of a promise that must reject with this kind, and checks the given details. */
export async function rejection(
  promise: Promise<unknown>,
  kind: ScalekitErrorKind,
  details: Partial<ScalekitErrorDetails> = {},
): Promise<ScalekitError> {
  const error: unknown = await promise.then(
    (value) => assert.fail(`it should have been rejected as ${kind}, but gave ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ScalekitError, `it should be a ScalekitError: ${String(error)}`);
  const expected = { kind, ...details };
  const actual = {
    kind: error.kind,
    ...Object.fromEntries(
      Object.keys(details).map((name) => [name, error.details[name as keyof ScalekitErrorDetails]]),
    ),
  };
  assert.deepEqual(actual, expected);
  return error;
}
