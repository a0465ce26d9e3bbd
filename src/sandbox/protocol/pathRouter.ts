import type { Endpoint } from './endpoints';

/** What a path leads to. */
export type Route =
  | { readonly kind: 'found'; readonly endpoint: Endpoint; readonly parameters: Readonly<Record<string, string>> }
  /** The path exists, under other HTTP methods. */
  | { readonly kind: 'wrongMethod' }
  | { readonly kind: 'unknown' };

interface CompiledPath {
  readonly endpoint: Endpoint;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly literalLength: number;
}

/**
 * Finds the endpoint of a request by the path templates of `google.api.http`. If several match, the one with more
 * literal text wins (`/organizations/-/connections` before `/organizations/{id}/connections`, `{id}:enable` before `{id}`).
 */
export class PathRouter {
  /** By number of slashes, because no parameter can contain one. */
  readonly #paths = new Map<number, CompiledPath[]>();

  constructor(endpoints: readonly Endpoint[]) {
    for (const endpoint of endpoints) {
      const depth = slashes(endpoint.template);
      const paths = this.#paths.get(depth) ?? [];
      this.#paths.set(depth, paths);
      paths.push(compile(endpoint));
    }
    for (const paths of this.#paths.values()) paths.sort((a, b) => b.literalLength - a.literalLength);
  }

  /** @param path the request's path as sent, without the query. Parameters are percent-decoded one by one. */
  find(httpMethod: string, path: string): Route {
    let known = false;
    for (const { endpoint, pattern, names } of this.#paths.get(slashes(path)) ?? []) {
      const match = pattern.exec(path);
      if (match === null) continue;
      known = true;
      if (endpoint.httpMethod !== httpMethod) continue;
      const parameters: Record<string, string> = {};
      try {
        names.forEach((name, index) => (parameters[name] = decodeURIComponent(match[index + 1] ?? '')));
      } catch {
        return { kind: 'unknown' };
      }
      return { kind: 'found', endpoint, parameters };
    }
    return { kind: known ? 'wrongMethod' : 'unknown' };
  }
}

function slashes(path: string): number {
  return path.split('/').length;
}

function compile(endpoint: Endpoint): CompiledPath {
  const names: string[] = [];
  let literalLength = 0;
  const source = endpoint.template
    .split(/(\{[^{}]+\})/)
    .map((part) => {
      if (part.startsWith('{')) {
        names.push(part.slice(1, -1));
        return '([^/]+)';
      }
      literalLength += part.length;
      return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  return { endpoint, pattern: new RegExp(`^${source}$`), names, literalLength };
}
