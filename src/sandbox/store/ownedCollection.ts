import { Collection } from './collection';
import type { IdSeries } from './idSeries';
import type { Shares } from './shares';

/** The place of a sample object. */
export interface SamplePlace {
  readonly position: number;
  readonly organizationPosition: number;
  readonly organizationId: string;
  /** 0 for the first object of the organization. */
  readonly index: number;
}

/** What an owned collection needs to know about the organizations. */
export interface Owners {
  readonly ids: IdSeries;
  readonly sampleCount: number;
}

/** Objects that each belong to one organization. */
export class OwnedCollection<T extends { organizationId: string }> extends Collection<T> {
  readonly #added = new Map<string, Set<string>>();

  constructor(
    ids: IdSeries,
    private readonly owners: Owners,
    private readonly shares: Shares,
    make: (id: string, place: SamplePlace) => T,
  ) {
    super(ids, {
      count: shares.startOf(owners.sampleCount),
      make: (position) => {
        const { organization, index } = shares.ownerOf(position);
        return make(ids.idAt(position), {
          position,
          organizationPosition: organization,
          organizationId: owners.ids.idAt(organization),
          index,
        });
      },
    });
  }

  /** The objects of an organization, in order of creation. */
  of(organizationId: string): T[] {
    const values: T[] = [];
    const organization = this.owners.ids.positionOf(organizationId);
    if (organization !== undefined && organization < this.owners.sampleCount) {
      for (let at = this.shares.startOf(organization); at < this.shares.startOf(organization + 1); at++) {
        const value = this.at(at);
        if (value !== undefined) values.push(value);
      }
    }
    for (const id of this.#added.get(organizationId) ?? []) {
      const value = this.get(id);
      if (value !== undefined) values.push(value);
    }
    return values;
  }

  /** The first sample that an organization had at the start, even if it has changed since. */
  firstOriginalOf(organizationId: string): T | undefined {
    const organization = this.owners.ids.positionOf(organizationId);
    if (organization === undefined || organization >= this.owners.sampleCount) return undefined;
    const start = this.shares.startOf(organization);
    return start < this.shares.startOf(organization + 1) ? this.original(start) : undefined;
  }

  /** The object with this id, if it belongs to the organization. */
  getOf(organizationId: string, id: string): T | undefined {
    const value = this.get(id);
    return value?.organizationId === organizationId ? value : undefined;
  }

  override add(make: (id: string) => T, givenId?: string): T {
    let added = '';
    const value = super.add((id) => make((added = id)), givenId);
    const ids = this.#added.get(value.organizationId) ?? new Set();
    this.#added.set(value.organizationId, ids.add(added));
    return value;
  }

  /** Deletes all objects of an organization. */
  deleteOf(organizationId: string, idOf: (value: T) => string): void {
    for (const value of this.of(organizationId)) this.delete(idOf(value));
    this.#added.delete(organizationId);
  }
}
