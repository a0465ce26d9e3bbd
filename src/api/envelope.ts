import { ScalekitError } from './client/scalekitError';
import { isRecord } from './json';

/**
 * The content of a response's envelope, for example the domain in `{ "domain": {…} }`.
 *
 * @throws ScalekitError `protocol` if it isn't there, or `read` can't use it
 */
export function envelope<T>(json: unknown, field: string, read: (value: unknown) => T | undefined): T {
  const value = tryEnvelope(json, field, read);
  if (value !== undefined) return value;
  const reason = `no${field.charAt(0).toUpperCase()}${field.slice(1)}`;
  throw new ScalekitError('protocol', { server: 'api', reason, maybeReceived: true });
}

/** The same for optional content: undefined if it isn't there. */
export function tryEnvelope<T>(json: unknown, field: string, read: (value: unknown) => T | undefined): T | undefined {
  return isRecord(json) ? read(json[field]) : undefined;
}
