import { ScalekitError } from './client/scalekitError';
import { isRecord } from './json';

/**
 * What stands in the envelope of a response, such as the domain in `{ "domain": {…} }`.
 *
 * @throws ScalekitError `protocol` when it isn't there, or `read` can't use it
 */
export function envelope<T>(json: unknown, field: string, read: (value: unknown) => T | undefined): T {
  const value = tryEnvelope(json, field, read);
  if (value !== undefined) return value;
  const reason = `no${field.charAt(0).toUpperCase()}${field.slice(1)}`;
  throw new ScalekitError('protocol', { server: 'api', reason, maybeReceived: true });
}

/** The same, for what a response may lack: undefined then. */
export function tryEnvelope<T>(json: unknown, field: string, read: (value: unknown) => T | undefined): T | undefined {
  return isRecord(json) ? read(json[field]) : undefined;
}
