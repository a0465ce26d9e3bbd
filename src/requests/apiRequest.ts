import { ScalekitError } from '../api/scalekitError.js';
import type { DocumentedEndpoint } from './documentedEndpoint.js';

/** A GET on Scalekit's API with all its values. */
export interface ApiRequest {
  /** What it does, in Scalekit's words. */
  readonly summary: string;
  /** The path's template, for example `/api/v1/organizations/{id}`. */
  readonly template: string;
  readonly pathValues: Readonly<Record<string, string>>;
  /** Names and values in order; a name may come more than once. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

export function requestOf(endpoint: DocumentedEndpoint, pathValues: Readonly<Record<string, string>>, query: ApiRequest['query'] = []): ApiRequest {
  return { summary: endpoint.summary, template: endpoint.path, pathValues, query };
}

/**
 * Path and query as they are sent, in letters, digits and `-_.~%/:?&=` alone, so that no shell or language sees anything in them. The
 * colon of a custom verb such as `organizations:search` stays (api.md 2); what stands for a value is encoded.
 *
 * @throws ScalekitError `invalid` for a value that a URL would resolve away.
 */
export function requestTarget({ template, pathValues, query }: ApiRequest): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => pathSegment(pathValues[name] ?? ''));
  return query.length === 0 ? path : `${path}?${query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')}`;
}

/** Whether a text can stand in a path. */
export function isPathSegment(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..';
}

function pathSegment(value: string): string {
  if (!isPathSegment(value)) throw new ScalekitError('invalid', { stage: 'api', reason: 'id', mayHaveArrived: false });
  return encode(value);
}

/** Everything but the unreserved characters of RFC 3986. Halves of surrogate pairs, which no URL can carry, become U+FFFD. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd')).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
