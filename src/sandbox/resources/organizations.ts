import { create } from '@bufbuild/protobuf';
import { timestampFromMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import {
  OrganizationSchema,
  OrganizationService,
  type Organization,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import { RegionCode } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb';
import { ApiError } from '../protocol/apiError';
import { resource, type Resource } from '../protocol/resource';
import { Collection } from '../store/collection';
import { IdSeries } from '../store/idSeries';
import { page, listingOf } from '../store/pages';
import { companyName } from '../store/sampleNames';
import type { World } from '../store/world';

const FIRST_CREATED = Date.UTC(2025, 2, 20, 13, 55, 46, 690);
const SAMPLE_EXTERNAL_ID = /^crm-(\d{5,})$/;

/** The organizations of the environment, with the ways to find one. */
export class Organizations {
  readonly all: Collection<Organization>;
  readonly #byExternalId = new Map<string, string>();

  constructor(private readonly world: World) {
    // The first id is the one in Scalekit's authentication guide.
    this.all = new Collection(new IdSeries('org_', '64444', 217115541813, 7919), {
      count: world.organizations,
      make: (position) => this.#sample(position),
    });
  }

  /** @throws ApiError NOT_FOUND */
  get(id: string): Organization {
    const organization = this.all.get(id);
    if (organization === undefined) throw ApiError.notFound('organization', id);
    return organization;
  }

  findByExternalId(externalId: string): Organization | undefined {
    const id = this.#byExternalId.get(externalId);
    const sample = SAMPLE_EXTERNAL_ID.exec(externalId)?.[1];
    const organization =
      id !== undefined ? this.all.get(id)
      : externalId === 'my_unique_id' ? this.all.at(0)
      : sample !== undefined ? this.all.at(Number(sample) - 10_000)
      : undefined;
    return organization?.externalId === externalId ? organization : undefined;
  }

  #sample(position: number): Organization {
    const id = this.all.ids.idAt(position);
    if (position === 0) {
      return create(OrganizationSchema, {
        id,
        createTime: timestampFromMs(FIRST_CREATED),
        updateTime: microseconds(Date.UTC(2025, 2, 21, 5, 55, 3), 416772),
        displayName: 'Looney Corp',
        regionCode: RegionCode.US,
        externalId: 'my_unique_id',
      });
    }
    const { seed } = this.world;
    const { name, slug } = companyName(seed, position);
    const created = FIRST_CREATED + position * 61_000 + seed.number(60_000, 'created', position);
    const metadata: Record<string, string> = {};
    if (seed.number(3, 'has plan', position) === 0) metadata['plan'] = seed.pick(['free', 'team', 'enterprise'], 'plan', position);
    return create(OrganizationSchema, {
      id,
      createTime: timestampFromMs(created),
      updateTime: timestampFromMs(created + seed.number(86_400_000, 'updated', position)),
      displayName: name,
      regionCode: seed.number(5, 'region', position) === 0 ? RegionCode.EU : RegionCode.US,
      ...(seed.number(4, 'has external id', position) === 0 ? {} : { externalId: `crm-${10_000 + position}` }),
      metadata,
      ...(seed.number(2, 'has slug', position) === 0 ? {} : { slug }),
    });
  }
}

/** Organizations: list and get. */
export function organizationResource(organizations: Organizations): Resource {
  const find = (identities: { case: 'id' | 'externalId'; value: string } | { case: undefined; value?: undefined }) => {
    if (identities.case === 'id') return organizations.get(identities.value);
    const externalId = identities.value ?? '';
    const organization = organizations.findByExternalId(externalId);
    if (organization === undefined) throw ApiError.notFound('organization', externalId);
    return organization;
  };
  return resource(OrganizationService, {
    listOrganization(request) {
      if (request.externalId !== undefined && request.externalId !== '') {
        const found = organizations.findByExternalId(request.externalId);
        const { items, ...rest } = page(listingOf(found === undefined ? [] : [found]), request, `organizations ${request.externalId}`);
        return { organizations: items, ...rest };
      }
      const { items, ...rest } = page(organizations.all, request, 'organizations');
      return { organizations: items, ...rest };
    },
    getOrganization: (request) => ({ organization: find(request.identities) }),
    getOrganizationByExternalId(request) {
      if (request.identities.case !== 'externalId') throw ApiError.invalid('ExternalId is required', 'external_id', 'required');
      return { organization: find(request.identities) };
    },
  });
}

function microseconds(milliseconds: number, micros: number): Timestamp {
  const timestamp = timestampFromMs(milliseconds);
  timestamp.nanos = micros * 1000;
  return timestamp;
}
