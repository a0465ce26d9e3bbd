import { isRecord, readText } from '../api/json';
import type { DocumentedEndpoint, EndpointParameter } from './documentedEndpoint';

/** A value that a parameter may well have, and what it stands for in words. */
export interface Suggestion {
  readonly value: string;
  readonly label?: string;
}

/** What else knows values: the trees. `kind` is that of {@link kindOfParameter}. */
export type SuggestValues = (environmentId: string, kind: string) => readonly Suggestion[];

/** How many values of one kind are held. */
const MOST_VALUES = 200;

/** Levels of JSON below which no id is looked for. */
const DEEPEST = 8;

/** What an id begins with, for every kind of thing that an endpoint asks for by its id (docs/scalekit-api.md, 1.5). */
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

/** Lists whose records are asked for by their name. */
const KIND_OF_NAMED_LIST: Readonly<Record<string, string>> = { roles: 'role', permissions: 'permission' };

/**
 * What a parameter asks for, so that its values can be found again under other parameters: `organization` for `organization_id`,
 * `org_id` and the `{id}` after `/organizations/`. Undefined where no value is worth keeping.
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
 * Values that a person has used, and ids that answers have held, so that they need not be copied from one request to the next. Held in
 * memory for the life of the window, apart for each environment.
 */
export class KnownValues {
  /** Used ones first, the newest before the others; then those of answers as they came. */
  private readonly values = new Map<string, Suggestion[]>();

  constructor(private readonly elsewhere: SuggestValues) {}

  /** The newest used first, then what answers held, then what the trees show; each value once, by the best name that is known. */
  suggestions(environmentId: string, kind: string): Suggestion[] {
    const known = [...this.of(environmentId, kind), ...this.elsewhere(environmentId, kind)];
    const labels = new Map(known.flatMap(({ value, label }) => (label === undefined ? [] : [[value, label]])));
    return [...new Set(known.map(({ value }) => value))].map((value) => ({ value, label: labels.get(value) }));
  }

  /** A person has used this value. */
  use(environmentId: string, kind: string, value: string): void {
    const others = this.of(environmentId, kind);
    const known = others.find((suggestion) => suggestion.value === value);
    this.keep(environmentId, kind, [known ?? { value }, ...others.filter((suggestion) => suggestion !== known)]);
  }

  /** An answer came: its ids may be asked for next. `list` is the field that the JSON stands in, so many levels below the top. */
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

  /** The environment's credentials are others now, or it is gone. */
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
