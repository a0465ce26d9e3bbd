import { isRecord, readText } from '../api/json.js';
import type { DocumentedEndpoint, EndpointParameter } from './documentedEndpoint.js';

/** A value that a parameter may well have, and what it stands for in words. */
export interface Suggestion {
  readonly value: string;
  readonly label?: string;
}

/** What else knows values: the trees. `kind` is that of {@link kindOfParameter}. */
export type SuggestValues = (environmentId: string, kind: string) => readonly Suggestion[];

/** How many values of one kind are held. */
const MOST_RECENT = 10;
const MOST_SEEN = 200;

/** What an id begins with, for every kind of thing that an endpoint asks for by its id (api.md 1.5). */
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
export function kindOfParameter({ path, resource }: DocumentedEndpoint, { name, type, values }: EndpointParameter): string | undefined {
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
  private readonly used = new Map<string, Suggestion[]>();
  private readonly seen = new Map<string, Suggestion[]>();

  constructor(private readonly elsewhere: SuggestValues) {}

  /** The newest used first, then what the trees show, then what answers held; each value once. */
  suggestions(environmentId: string, kind: string): Suggestion[] {
    const key = keyOf(environmentId, kind);
    const labels = [...this.elsewhere(environmentId, kind), ...(this.seen.get(key) ?? [])];
    const known = [...(this.used.get(key) ?? []), ...labels];
    return [...new Set(known.map(({ value }) => value))].map((value) => {
      const label = labels.find((suggestion) => suggestion.value === value && suggestion.label !== undefined)?.label;
      return { value, label };
    });
  }

  /** A person has used this value. */
  use(environmentId: string, kind: string, value: string): void {
    put(this.used, keyOf(environmentId, kind), { value }, MOST_RECENT);
  }

  /** An answer came: its ids may be asked for next. */
  learn(environmentId: string, json: unknown): void {
    const walk = (value: unknown, list: string, depth: number): void => {
      if (depth > 8) return;
      // The newest comes first, so that a list is walked from its end to keep its order.
      if (Array.isArray(value)) for (const each of value.toReversed()) walk(each, list, depth + 1);
      if (!isRecord(value)) return;
      const id = readText(value['id']);
      const name = readText(value['name']);
      const idKind = id === undefined ? undefined : KIND_OF_PREFIX[/^([a-z0-9]+)_\w+$/.exec(id)?.[1] ?? ''];
      if (id !== undefined && idKind !== undefined) {
        const label = readText(value['display_name']) ?? name ?? readText(value['email']) ?? readText(value['domain']);
        put(this.seen, keyOf(environmentId, idKind), { value: id, label }, MOST_SEEN);
      }
      const nameKind = KIND_OF_NAMED_LIST[list];
      if (name !== undefined && nameKind !== undefined) {
        put(this.seen, keyOf(environmentId, nameKind), { value: name, label: readText(value['display_name']) }, MOST_SEEN);
      }
      for (const [field, each] of Object.entries(value)) walk(each, field, depth + 1);
    };
    walk(json, '', 0);
  }

  /** The environment's credentials are others now, or it is gone. */
  forget(environmentId: string): void {
    for (const values of [this.used, this.seen]) {
      for (const key of [...values.keys()]) if (key.startsWith(keyOf(environmentId, ''))) values.delete(key);
    }
  }
}

function keyOf(environmentId: string, kind: string): string {
  return `${environmentId}/${kind}`;
}

function put(values: Map<string, Suggestion[]>, key: string, suggestion: Suggestion, most: number): void {
  const others = (values.get(key) ?? []).filter(({ value }) => value !== suggestion.value);
  values.set(key, [suggestion, ...others].slice(0, most));
}
