import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  DomainSchema,
  DomainService,
  DomainType,
  VerificationMethod,
  VerificationStatus,
  type Domain,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb';
import { ApiError } from '../protocol/apiError';
import { resource, type Resource } from '../protocol/resource';
import { randomSecret } from '../random';
import { IdSeries } from '../store/idSeries';
import { OwnedCollection } from '../store/ownedCollection';
import { Shares } from '../store/shares';
import { timestampNow, type World } from '../store/world';
import { domainData } from '../webhooks/eventData';
import { sampleCreation, type Organizations } from './organizations';

const PUBLIC_DOMAINS = new Set([
  'gmail.com',
  'outlook.com',
  'hotmail.com',
  'yahoo.com',
  'icloud.com',
  'proton.me',
  'mailinator.com',
]);
const HOST_NAME = /^(?=.{4,255}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const DEFAULT_PAGE_SIZE = 30;
const MAX_PAGE_SIZE = 100;

/** The domains of all organizations. */
export class Domains {
  readonly all: OwnedCollection<Domain>;
  readonly #added = new Map<string, string>();

  constructor(readonly organizations: Organizations) {
    this.all = new OwnedCollection(
      new IdSeries('dom_', '64445', 100245330917, 6133),
      organizations,
      new Shares([4, 1, 2, 0, 1, 2, 1, 1, 1, 2]),
      (id, { position, organizationPosition, organizationId, index }) => {
        const { seed } = organizations.world;
        const created = sampleCreation(organizations.world, organizationPosition) + (index + 1) * 3_600_000;
        const status =
          index === 0
            ? VerificationStatus.VERIFIED
            : organizationPosition === 0
              ? ([VerificationStatus.PENDING, VerificationStatus.FAILED, VerificationStatus.AUTO_VERIFIED][
                  index - 1
                ] as VerificationStatus)
              : seed.pick(
                  [VerificationStatus.PENDING, VerificationStatus.VERIFIED, VerificationStatus.FAILED],
                  'domain status',
                  position,
                );
        return create(DomainSchema, {
          id,
          domain: sampleDomain(organizations.names.at(organizationPosition).slug, index),
          environmentId: organizations.world.environmentId,
          organizationId,
          txtRecordKey: `_scalekit-challenge-${position}`,
          txtRecordSecret: `scalekit-verification=${seed.number(2 ** 31, 'txt', position).toString(36)}`,
          verificationStatus: status,
          createTime: timestampFromMs(created),
          updateTime: timestampFromMs(created + 900_000),
          domainType: index === 2 ? DomainType.ALLOWED_EMAIL_DOMAIN : DomainType.ORGANIZATION_DOMAIN,
          verificationMethod:
            status === VerificationStatus.AUTO_VERIFIED ? VerificationMethod.ADMIN : VerificationMethod.DNS,
        });
      },
    );
    organizations.beforeDelete((id) => this.all.deleteOf(id, (domain) => domain.id));
  }

  /** The organization domain with this name, of any organization. */
  findByName(name: string): Domain | undefined {
    const added = this.#added.get(name);
    const found = added === undefined ? undefined : this.all.get(added);
    if (found !== undefined) return found;
    const [, slug] = /^(?:get-)?(.+)\.(?:com|io|example)$/.exec(name) ?? [];
    const position = slug === undefined ? undefined : this.organizations.names.positionOf(slug);
    if (position === undefined || position >= this.organizations.sampleCount) return undefined;
    return this.all.of(this.organizations.ids.idAt(position)).find(({ domain }) => domain === name);
  }

  add(domain: (id: string) => Domain, givenId?: string): Domain {
    const added = this.all.add(domain, givenId);
    this.#added.set(added.domain, added.id);
    this.#tell('created', added);
    return added;
  }

  delete(domain: Domain): void {
    this.all.delete(domain.id);
    this.#tell('deleted', domain);
  }

  /** Notes the outcome of a verification by DNS. One that fails leaves the domain as it was, so that it can be tried again. */
  verified(domain: Domain, succeeded: boolean): void {
    if (!succeeded) {
      this.#tell('dns_verification_failed', domain, VerificationStatus.FAILED);
      return;
    }
    const verified = {
      ...domain,
      verificationStatus: VerificationStatus.VERIFIED,
      updateTime: timestampNow(this.organizations.world),
    };
    this.all.set(domain.id, verified);
    this.#tell('dns_verification_success', verified);
  }

  #tell(what: string, domain: Domain, status?: VerificationStatus): void {
    this.organizations.world.events.emit(`organization.domain_${what}`, domain.organizationId, () =>
      domainData(domain, status),
    );
  }

  /** @throws ApiError NOT_FOUND */
  getOf(organizationId: string, id: string): Domain {
    const domain = this.all.getOf(organizationId, id);
    if (domain === undefined) throw ApiError.notFound('domain', id);
    return domain;
  }
}

/** The n-th domain of a sample company. */
function sampleDomain(slug: string, index: number): string {
  return [`${slug}.com`, `${slug}.io`, `get-${slug}.com`, `${slug}.example`][index] ?? `${slug}.com`;
}

/** Domains of organizations. A domain below `.test` or `.example` verifies on request. Other domains have no TXT record here. */
export function domainResource(domains: Domains): Resource {
  const { organizations } = domains;
  const world: World = organizations.world;
  return resource(DomainService, {
    createDomain({ identities, domain }) {
      const organization = organizations.find(identities);
      const name = (domain?.domain ?? '').trim().toLowerCase();
      if (!HOST_NAME.test(name))
        throw ApiError.invalid(`${name} isn't a valid domain`, 'domain.domain', 'string.hostname');
      if (PUBLIC_DOMAINS.has(name)) {
        throw ApiError.invalid(`${name} is a public or disposable domain`, 'domain.domain', 'domain.public');
      }
      if (domains.findByName(name) !== undefined)
        throw ApiError.invalid(`domain ${name} already exists`, 'domain.domain', 'domain.exists');
      const now = timestampNow(world);
      const domainType = domain?.domainType || DomainType.ORGANIZATION_DOMAIN;
      return {
        domain: domains.add((id) =>
          create(DomainSchema, {
            id,
            domain: name,
            environmentId: world.environmentId,
            organizationId: organization.id,
            txtRecordKey: `_scalekit-challenge-${id.slice(-6)}`,
            txtRecordSecret: `scalekit-verification=${randomSecret().slice(0, 24)}`,
            verificationStatus: VerificationStatus.PENDING,
            createTime: now,
            updateTime: now,
            domainType,
            verificationMethod: VerificationMethod.DNS,
          }),
        ),
      };
    },

    updateDomain({ identities, id }) {
      const domain = domains.getOf(organizations.find(identities).id, id);
      const updated = { ...domain, updateTime: timestampNow(world) };
      domains.all.set(id, updated);
      return { domain: updated };
    },

    verifyDomain({ identities, id }) {
      const domain = domains.getOf(organizations.find(identities).id, id);
      const done = [VerificationStatus.VERIFIED, VerificationStatus.AUTO_VERIFIED].includes(domain.verificationStatus);
      const verified = done || /\.(test|example)$/.test(domain.domain);
      if (!done) domains.verified(domain, verified);
      return { verified };
    },

    getDomain: ({ identities, id }) => ({ domain: domains.getOf(organizations.find(identities).id, id) }),

    deleteDomain({ identities, id }) {
      domains.delete(domains.getOf(organizations.find(identities).id, id));
      return {};
    },

    listDomains({ identities, pageSize, pageNumber, domainType }) {
      const organization = organizations.find(identities);
      const size = Math.min(Math.max(pageSize ?? 0, 0) || DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
      const number = Math.max(pageNumber ?? 0, 0);
      const all = domains.all
        .of(organization.id)
        .filter((domain) => domainType === 0 || domain.domainType === domainType);
      return { pageSize: size, pageNumber: number, domains: all.slice(number * size, (number + 1) * size) };
    },
  });
}
