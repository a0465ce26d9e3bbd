import { randomUUID } from 'node:crypto';
import { randomDigits } from '../random';
import type { World } from './world';

const VALID_FOR_MS = 60_000;

/** A link to an organization's admin portal. Its location is a secret while it works. */
export interface PortalLink {
  readonly id: string;
  readonly organizationId: string;
  readonly secret: string;
  readonly features: readonly string[];
  readonly expiresAt: number;
}

/** What a link opens. */
export type PortalVisit = { readonly kind: 'opened'; readonly link: PortalLink } | { readonly kind: 'gone' };

/** Admin portal links. Each one works once, within one minute. */
export class PortalLinks {
  readonly #bySecret = new Map<string, PortalLink>();

  constructor(private readonly world: World) {}

  generate(organizationId: string, features: readonly string[]): PortalLink {
    for (const [secret, { expiresAt }] of this.#bySecret)
      if (expiresAt <= this.world.now()) this.#bySecret.delete(secret);
    const link: PortalLink = {
      id: `lnk_${randomDigits(17)}`,
      organizationId,
      secret: randomUUID(),
      features,
      expiresAt: this.world.now() + VALID_FOR_MS,
    };
    this.#bySecret.set(link.secret, link);
    return link;
  }

  /** Opens a link. It doesn't work again. */
  open(secret: string): PortalVisit {
    const link = this.#bySecret.get(secret);
    if (link === undefined || link.expiresAt <= this.world.now()) return { kind: 'gone' };
    this.#bySecret.delete(secret);
    return { kind: 'opened', link };
  }

  /** True if there was such a link. */
  revoke(organizationId: string, id: string): boolean {
    for (const [secret, link] of this.#bySecret) {
      if (link.id === id && link.organizationId === organizationId) return this.#bySecret.delete(secret);
    }
    return false;
  }

  revokeAllOf(organizationId: string): void {
    for (const [secret, link] of this.#bySecret)
      if (link.organizationId === organizationId) this.#bySecret.delete(secret);
  }
}
