import { apiMethods, restEndpoints, type ApiMethod, type Endpoint } from './protocol/endpoints';
import { CLIENT_AUTHENTICATION } from './protocol/methodOptions';
import { serviceDescriptors } from './protocol/serviceDescriptors';

// Where Scalekit's published OpenAPI (2026-08-21) and the visibility in the descriptors differ.
const PUBLISHED_THOUGH_PREVIEW = new Set(['ListAuthRequests', 'ListTools', 'ListScopedTools', 'ListAvailableTools']);
const UNPUBLISHED_SERVICES = new Set(['ApiTokenService', 'EventsService']);

/** Which of Scalekit's published endpoints for client credentials the sandbox serves. */
export interface Coverage {
  readonly published: readonly Endpoint[];
  readonly served: readonly Endpoint[];
  /** The other endpoints it serves: preview and unpublished ones. */
  readonly further: readonly Endpoint[];
}

export function coverage(serves: (api: ApiMethod) => boolean): Coverage {
  const endpoints = restEndpoints(apiMethods(serviceDescriptors));
  const published = endpoints.filter(({ api }) => isPublished(api));
  return {
    published,
    served: published.filter(({ api }) => serves(api)),
    further: endpoints.filter(({ api }) => !isPublished(api) && serves(api)),
  };
}

/** What `--coverage` prints. */
export function coverageText({ published, served, further }: Coverage): string {
  const line =
    (mark: string) =>
    ({ httpMethod, template }: Endpoint) =>
      `${mark} ${httpMethod.padEnd(6)} ${template}`;
  const missing = published.filter((endpoint) => !served.includes(endpoint));
  return [
    ...served.map(line('+')),
    ...missing.map(line('-')),
    `${served.length} of ${published.length} served`,
    `${further.length} more, preview or unpublished:`,
    ...further.map(line('+')),
    '',
  ].join('\n');
}

function isPublished(api: ApiMethod): boolean {
  if ((api.authenticationType & CLIENT_AUTHENTICATION) === 0) return false;
  if (PUBLISHED_THOUGH_PREVIEW.has(api.method.name)) return true;
  return !api.preview && api.documentedStatuses.length > 0 && !UNPUBLISHED_SERVICES.has(api.service.name);
}
