import { isRecord, readText } from './json';
import { ScalekitError } from './scalekitError';

/**
 * Reads the answer of `:enable` and `:disable`: a 200 may still say that nothing was switched, and why (docs/scalekit-api.md, 2.3).
 *
 * @throws ScalekitError `invalid`
 */
export function readToggle(answer: unknown, wanted: boolean): void {
  if (!isRecord(answer)) return;
  const message = readText(answer['error_message']);
  if (answer['enabled'] === wanted || (answer['enabled'] === undefined && message === undefined)) return;
  throw new ScalekitError('invalid', { server: 'api', status: 200, serverMessage: message, maybeReceived: true });
}
