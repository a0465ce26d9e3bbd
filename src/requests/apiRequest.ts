import { pathSegment, urlEncoded } from '../api/client/scalekitClient';
import type { DocumentedEndpoint } from './documentedEndpoint';

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

export function requestOf(
  endpoint: DocumentedEndpoint,
  pathValues: Readonly<Record<string, string>>,
  query: ApiRequest['query'] = [],
): ApiRequest {
  return { summary: endpoint.summary, template: endpoint.path, pathValues, query };
}

/**
 * Path and query as they are sent, in letters, digits and `-_.~%/:?&=` alone, so that no shell or language sees anything in them. The
 * colon of a custom verb such as `organizations:search` stays (docs/scalekit-api.md, 2); what stands for a value is encoded.
 *
 * @throws ScalekitError `invalid` for a value that a URL would resolve away.
 */
export function requestTarget({ template, pathValues, query }: ApiRequest): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => pathSegment(pathValues[name] ?? ''));
  return query.length === 0
    ? path
    : `${path}?${query.map(([name, value]) => `${urlEncoded(name)}=${urlEncoded(value)}`).join('&')}`;
}
