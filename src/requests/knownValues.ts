import { isRecord, readText } from '../api/json';
import type { DocumentedEndpoint, EndpointParameter } from './documentedEndpoint';

/** A likely value of a parameter, and what it stands for. */
export interface Suggestion {
  readonly value: string;
  readonly label?: string;
}

/** Another source of values: the trees. `kind` comes from {@link kindOfParameter}. */
export type SuggestValues = (environmentId: string, kind: string) => readonly Suggestion[];

/** How many values of one kind to remember. */
const MOST_VALUES = 200;

/** How many levels of JSON to search for ids. */
const DEEPEST = 8;

/** The id prefix of each kind that endpoints take by id (docs/scalekit-api.md, 1.5). */
const KIND_OF_PREFIX: Readonly<Record<string, string>> = {
  org: 'organization',
  usr: 'user',
  conn: 'connection',
  dir: 'directory',
  dirgroup: 'directory_group',
  dom: 'domain',
  ses: 'session',
  m2morg: 'client',
  ca: 'connected_account',
};

/** Lists whose records are requested by name. */
const KIND_OF_NAMED_LIST: Readonly<Record<string, string>> = { roles: 'role', permissions: 'permission' };

/**
 * The kind of value that a parameter takes, so that other parameters can suggest it too: `organization` for
 * `organization_id`, `org_id` and the `{id}` after `/organizations/`. Undefined if its values aren't worth remembering.
 */
export function kindOfParameter(
  { path, resource }: DocumentedEndpoint,
  { name, type, values }: EndpointParameter,
): string | undefined {
  if (type !== undefined || values !== undefined || name === 'page_token') return undefined;
  if (name === 'id') return /\/(\w+)s\/\{id\}/.exec(path)?.[1]?.replace(/ie$/, 'y') ?? `${resource}/id`;
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (last === 'external_id' || last === 'query') return `${resource}/${last}`;
  return last.replace(/_(id|name)$/, '').replace(/^org$/, 'organization');
}

/**
 * Values that the user entered and ids from responses, so that nobody has to copy them from one request to the next.
 * They're in memory until the window closes, separately for each environment.
 */
export class KnownValues {
  /** Used values first, most recent first, then those from responses in order. */
  private readonly values = new Map<string, Suggestion[]>();

  constructor(private readonly elsewhere: SuggestValues) {}

  /**
   * The most recently used values, then those from responses, then those in the trees. Each value is there once, with
   * its best known name.
   */
  suggestions(environmentId: string, kind: string): Suggestion[] {
    const known = [...this.of(environmentId, kind), ...this.elsewhere(environmentId, kind)];
    const labels = new Map(known.flatMap(({ value, label }) => (label === undefined ? [] : [[value, label]])));
    return [...new Set(known.map(({ value }) => value))].map((value) => ({ value, label: labels.get(value) }));
  }

  use(environmentId: string, kind: string, value: string): void {
    const others = this.of(environmentId, kind);
    const known = others.find((suggestion) => suggestion.value === value);
    this.keep(environmentId, kind, [known ?? { value }, ...others.filter((suggestion) => suggestion !== known)]);
  }

  /**
   * Remembers a response's ids for later requests. `list` is the field that contains this JSON, `depth` levels deep.
   */
  learn(environmentId: string, json: unknown, list = '', depth = 0): void {
    if (depth > DEEPEST) return;
    if (Array.isArray(json)) for (const each of json) this.learn(environmentId, each, list, depth + 1);
    if (!isRecord(json)) return;
    const [id, name] = [readText(json['id']), readText(json['name'])];
    const label = readText(json['display_name']) ?? name ?? readText(json['email']) ?? readText(json['domain']);
    this.see(environmentId, KIND_OF_PREFIX[/^([a-z0-9]+)_\w+$/.exec(id ?? '')?.[1] ?? ''], id, label);
    this.see(environmentId, KIND_OF_NAMED_LIST[list], name, label);
    for (const [field, each] of Object.entries(json)) this.learn(environmentId, each, field, depth + 1);
  }

  /** Call it when the environment's credentials change or the environment is removed. */
  forget(environmentId: string): void {
    for (const key of [...this.values.keys()]) if (key.startsWith(`${environmentId}/`)) this.values.delete(key);
  }

  private see(
    environmentId: string,
    kind: string | undefined,
    value: string | undefined,
    label: string | undefined,
  ): void {
    if (kind === undefined || value === undefined) return;
    const others = this.of(environmentId, kind);
    if (!others.some((suggestion) => suggestion.value === value))
      this.keep(environmentId, kind, [...others, { value, label: label === value ? undefined : label }]);
  }

  private of(environmentId: string, kind: string): readonly Suggestion[] {
    return this.values.get(`${environmentId}/${kind}`) ?? [];
  }

  private keep(environmentId: string, kind: string, values: Suggestion[]): void {
    this.values.set(`${environmentId}/${kind}`, values.slice(0, MOST_VALUES));
  }
}
