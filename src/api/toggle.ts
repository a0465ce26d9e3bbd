import { isRecord, readText } from './json';
import { ScalekitError } from './client/scalekitError';

/**
 * Reads the response of `:enable` and `:disable`. Even a 200 may say that nothing was switched, and why
 * (docs/scalekit-api.md, 2.3).
 *
 * @throws ScalekitError `invalid`
 */
export function readToggle(response: unknown, wanted: boolean): void {
  if (!isRecord(response)) return;
  const message = readText(response['error_message']);
  if (response['enabled'] === wanted || (response['enabled'] === undefined && message === undefined)) return;
  throw new ScalekitError('invalid', { server: 'api', status: 200, serverMessage: message, maybeReceived: true });
}
