import { randomDigits } from '../random';
import type { World } from '../store/world';

const MOST_RESOURCES = 100;
const MOST_SCOPES = 100;
const SAMPLE_URL = 'http://localhost:3002/mcp';
const SAMPLE_SCOPES = ['todo:read', 'todo:write'];
/** What a scope may consist of (RFC 6749, 3.3). */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/;

/** Whose URL is in the `iss` of a resource's tokens (docs/scalekit-api.md, 6). */
export type ResourceIssuer = 'environment' | 'resource';

/** Somebody's MCP server, as it's registered with the environment. */
export interface McpResource {
  /** `res_…` */
  readonly id: string;
  readonly name: string;
  /** The Server URL. */
  readonly url: string;
  readonly scopes: readonly string[];
  readonly issuer: ResourceIssuer;
}

/** A resource that is to be registered. */
export type NewResource = Pick<McpResource, 'url'> & Partial<Omit<McpResource, 'id' | 'url'>>;

/** The environment's MCP servers, with one sample. */
export class McpResources {
  readonly #all = new Map<string, McpResource>();

  constructor(world: Pick<World, 'seed'>) {
    const digits = Array.from({ length: 17 }, (_, index) => world.seed.number(10, 'mcp resource', index));
    const id = `res_${digits.join('')}`;
    this.#all.set(id, {
      id,
      name: 'Sample MCP server',
      url: SAMPLE_URL,
      scopes: SAMPLE_SCOPES,
      issuer: 'environment',
    });
  }

  get(id: string): McpResource | undefined {
    return this.#all.get(id);
  }

  /** In order of creation. */
  list(): readonly McpResource[] {
    return [...this.#all.values()];
  }

  /** @throws Error with a sentence */
  add({ url, name = 'MCP server', scopes = [], issuer = 'environment' }: NewResource): McpResource {
    if (this.#all.size >= MOST_RESOURCES) throw new Error(`There can be at most ${MOST_RESOURCES} resources.`);
    const problem = urlProblem(url);
    if (problem !== undefined) throw new Error(`url ${problem}.`);
    if (scopes.length > MOST_SCOPES || !scopes.every((scope) => SCOPE.test(scope)))
      throw new Error(`scopes must be at most ${MOST_SCOPES} texts without spaces and quotation marks.`);
    const resource: McpResource = { id: `res_${randomDigits(17)}`, name: name.slice(0, 200), url, scopes, issuer };
    this.#all.set(resource.id, resource);
    return resource;
  }

  /** False if there is no such resource. */
  remove(id: string): boolean {
    return this.#all.delete(id);
  }
}

/** Whether the `resource` of a request (RFC 8707) means this resource: by its URL or its id. */
export function isMeantBy(resource: McpResource, asked: string): boolean {
  if (asked === resource.id || asked === resource.url) return true;
  return URL.canParse(asked) && new URL(asked).href === new URL(resource.url).href;
}

function urlProblem(url: string): string | undefined {
  if (url.length > 500 || !URL.canParse(url)) return "isn't a URL of at most 500 characters";
  const { protocol, username, password, hash } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return 'must begin with http:// or https://';
  if (username !== '' || password !== '' || hash !== '') return "can't have a user name, a password or a fragment";
  return undefined;
}
