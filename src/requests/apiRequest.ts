import { pathSegment, urlEncoded } from '../api/client/scalekitClient';
import type { DocumentedEndpoint } from './documentedEndpoint';

/** A GET request to Scalekit's API with all its values. */
export interface ApiRequest {
  /** What it does, in Scalekit's words. */
  readonly summary: string;
  /** The path's template, for example `/api/v1/organizations/{id}`. */
  readonly template: string;
  readonly pathValues: Readonly<Record<string, string>>;
  /** Names and values in order. A name may repeat. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

export function requestOf(
  endpoint: DocumentedEndpoint,
  pathValues: Readonly<Record<string, string>>,
  query: ApiRequest['query'] = [],
): ApiRequest {
  return { summary: endpoint.summary, template: endpoint.path, pathValues, query };
}

/** The same request for another page, or for the first one. */
export function atPage(request: ApiRequest, pageToken?: string): ApiRequest {
  const query = request.query.filter(([name]) => name !== 'page_token');
  return { ...request, query: pageToken === undefined ? query : [...query, ['page_token', pageToken]] };
}

/**
 * Path and query as they're sent, using only letters, digits and `-_.~%/:?&=`, which no shell or language treats
 * specially. The colon of a custom verb such as `organizations:search` stays (docs/scalekit-api.md, 2). Values are
 * encoded.
 *
 * @throws ScalekitError `invalid` for a value that a URL would resolve away
 */
export function requestTarget({ template, pathValues, query }: ApiRequest): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => pathSegment(pathValues[name] ?? ''));
  return query.length === 0
    ? path
    : `${path}?${query.map(([name, value]) => `${urlEncoded(name)}=${urlEncoded(value)}`).join('&')}`;
}
