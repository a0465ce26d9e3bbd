import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { RegionCode, TimeUnit } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb';
import {
  Feature,
  OrganizationSchema,
  OrganizationService,
  OrganizationSessionPolicySettingsSchema,
  OrganizationSettingsSchema,
  SessionPolicyType,
  type Organization,
  type OrganizationSessionPolicySettings,
  type OrganizationSettings,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import { ApiError } from '../protocol/apiError';
import { optional } from '../protocol/optional';
import { resource, type Resource } from '../protocol/resource';
import { Collection } from '../store/collection';
import { IdSeries } from '../store/idSeries';
import type { Owners } from '../store/ownedCollection';
import { listingOf, page } from '../store/pages';
import type { PortalLinks } from '../store/portalLinks';
import { CompanyNames } from '../store/sampleNames';
import { contains, search } from '../store/search';
import { timestampNow, type World } from '../store/world';
import { organizationData } from '../webhooks/eventData';

const FIRST_CREATED = Date.UTC(2025, 2, 20, 13, 55, 46, 690);
const SAMPLE_EXTERNAL_ID = /^crm-(\d{5,})$/;
const FEATURES = ['sso', 'dir_sync'];

/** How an organization can be named in a request. */
export type OrganizationIdentity =
  | { case: 'id' | 'organizationId' | 'externalId'; value: string }
  | { case: undefined; value?: undefined };

/** The organizations of the environment, and the state that belongs to a single one. */
export class Organizations implements Owners {
  readonly all: Collection<Organization>;
  readonly names: CompanyNames;
  readonly sampleCount: number;
  readonly sessionPolicies = new Map<string, OrganizationSessionPolicySettings>();
  readonly maxAllowedUsers = new Map<string, number>();
  readonly #settings = new Map<string, OrganizationSettings>();
  readonly #byExternalId = new Map<string, string>();
  readonly #bySlug = new Map<string, string>();
  readonly #deletionListeners: ((organizationId: string) => void)[] = [];

  constructor(readonly world: World) {
    this.sampleCount = world.organizations;
    this.names = new CompanyNames(world.seed);
    // The first id is the one in Scalekit's authentication guide.
    this.all = new Collection(new IdSeries('org_', '64444', 217115541813, 7919), {
      count: world.organizations,
      make: (position) => this.#sample(position),
    });
  }

  get ids(): IdSeries {
    return this.all.ids;
  }

  /** @throws ApiError NOT_FOUND */
  get(id: string): Organization {
    const organization = this.all.get(id);
    if (organization === undefined) throw ApiError.notFound('organization', id);
    return organization;
  }

  /** @throws ApiError NOT_FOUND, or INVALID_ARGUMENT if the request names no organization */
  find(identity: OrganizationIdentity): Organization {
    if (identity.case === undefined)
      throw ApiError.invalid('an organization id is required', 'organization_id', 'required');
    if (identity.case !== 'externalId') return this.get(identity.value);
    const organization = this.findByExternalId(identity.value);
    if (organization === undefined) throw ApiError.notFound('organization', identity.value);
    return organization;
  }

  findByExternalId(externalId: string): Organization | undefined {
    const changed = this.#byExternalId.get(externalId);
    const sample = SAMPLE_EXTERNAL_ID.exec(externalId)?.[1];
    const candidates = [
      changed === undefined ? undefined : this.all.get(changed),
      externalId === 'my_unique_id' ? this.all.at(0) : undefined,
      sample === undefined ? undefined : this.all.at(Number(sample) - 10_000),
    ];
    return candidates.find((organization) => organization?.externalId === externalId);
  }

  findBySlug(slug: string): Organization | undefined {
    const changed = this.#bySlug.get(slug);
    const sample = this.names.positionOf(slug);
    const candidates = [
      changed === undefined ? undefined : this.all.get(changed),
      sample === undefined || sample >= this.sampleCount ? undefined : this.all.at(sample),
    ];
    return candidates.find((organization) => organization?.slug === slug);
  }

  /** Adds an organization, with a new id unless it's given, or replaces one. @throws ApiError ALREADY_EXISTS if another one has its external id or slug */
  save(id: string | undefined, make: (id: string) => Organization, givenId?: string): Organization {
    const draft = make(id ?? '');
    if (draft.externalId !== undefined && (this.findByExternalId(draft.externalId)?.id ?? id) !== id) {
      throw new ApiError('ALREADY_EXISTS', `an organization with external id ${draft.externalId} already exists`);
    }
    if (draft.slug !== undefined && (this.findBySlug(draft.slug)?.id ?? id) !== id) {
      throw new ApiError('ALREADY_EXISTS', `an organization with slug ${draft.slug} already exists`);
    }
    let saved = draft;
    if (id === undefined) saved = this.all.add(make, givenId);
    else this.all.set(id, draft);
    if (saved.externalId !== undefined) this.#byExternalId.set(saved.externalId, saved.id);
    if (saved.slug !== undefined) this.#bySlug.set(saved.slug, saved.id);
    this.tell(id === undefined ? 'created' : 'updated', saved);
    return saved;
  }

  settings(id: string): OrganizationSettings {
    const position = this.ids.positionOf(id) ?? 0;
    return (
      this.#settings.get(id) ??
      create(OrganizationSettingsSchema, {
        features: FEATURES.map((name, index) => ({
          name,
          enabled:
            position < this.sampleCount && (position === 0 || this.world.seed.number(2 + index, name, position) > 0),
        })),
      })
    );
  }

  changeFeature(id: string, name: string, enabled: boolean): void {
    const settings = this.settings(id);
    const features = settings.features.map((feature) => (feature.name === name ? { ...feature, enabled } : feature));
    this.#settings.set(id, create(OrganizationSettingsSchema, { features }));
  }

  /** Sends the event of a change. */
  tell(change: 'created' | 'updated' | 'deleted', organization: Organization): void {
    this.world.events.emit(`organization.${change}`, organization.id, () => ({
      ...organizationData(organization, this.settings(organization.id)),
      ...(change === 'deleted' ? { deleted_at: new Date(this.world.now()).toISOString() } : {}),
    }));
  }

  delete(id: string): void {
    const deleted = this.all.get(id);
    if (deleted !== undefined) this.tell('deleted', deleted);
    for (const listener of this.#deletionListeners) listener(id);
    this.all.delete(id);
    this.#settings.delete(id);
    this.sessionPolicies.delete(id);
    this.maxAllowedUsers.delete(id);
  }

  /** Runs just before an organization is deleted, to delete what belongs to it. */
  beforeDelete(listener: (organizationId: string) => void): void {
    this.#deletionListeners.push(listener);
  }

  #sample(position: number): Organization {
    const id = this.ids.idAt(position);
    if (position === 0) {
      const updateTime = timestampFromMs(Date.UTC(2025, 2, 21, 5, 55, 3));
      updateTime.nanos = 416_772_000;
      return create(OrganizationSchema, {
        id,
        createTime: timestampFromMs(FIRST_CREATED),
        updateTime,
        displayName: 'Looney Corp',
        regionCode: RegionCode.US,
        externalId: 'my_unique_id',
      });
    }
    const { seed } = this.world;
    const { name, slug } = this.names.at(position);
    const created = sampleCreation(this.world, position);
    const metadata: Record<string, string> = {};
    if (seed.number(3, 'has plan', position) === 0)
      metadata['plan'] = seed.pick(['free', 'team', 'enterprise'], 'plan', position);
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

/** When a sample organization was created, in milliseconds since the epoch. */
export function sampleCreation(world: World, position: number): number {
  return FIRST_CREATED + position * 61_000 + world.seed.number(60_000, 'created', position);
}

/** Organizations with their settings, policies and portal links. */
export function organizationResource(organizations: Organizations, portalLinks: PortalLinks): Resource {
  const { world } = organizations;
  const withSettings = (organization: Organization): Organization => ({
    ...organization,
    settings: organizations.settings(organization.id),
  });
  organizations.beforeDelete((id) => portalLinks.revokeAllOf(id));

  return resource(OrganizationService, {
    listOrganization(request) {
      const filter = request.externalId ?? '';
      const found = filter === '' ? undefined : organizations.findByExternalId(filter);
      const listing = filter === '' ? organizations.all : listingOf(found === undefined ? [] : [found]);
      const { items, ...rest } = page(listing, request, `organizations ${filter}`);
      return { organizations: items, ...rest };
    },

    async searchOrganization(request) {
      const found = await search(organizations.all, ({ id, displayName, externalId }) =>
        contains(request.query, displayName, id, externalId),
      );
      const { items, ...rest } = page(listingOf(found), request, `organizations search ${request.query}`);
      return { organizations: items, ...rest };
    },

    getOrganization: ({ identities }) => ({ organization: withSettings(organizations.find(identities)) }),

    getOrganizationByExternalId({ identities }) {
      if (identities.case !== 'externalId') throw ApiError.invalid('ExternalId is required', 'external_id', 'required');
      return { organization: withSettings(organizations.find(identities)) };
    },

    createOrganization({ organization }) {
      if (organization === undefined) throw ApiError.invalid('organization is required', 'organization', 'required');
      checkLogoUrl(organization.logoUrl);
      const now = timestampNow(world);
      const created = organizations.save(undefined, (id) =>
        create(OrganizationSchema, {
          id,
          createTime: now,
          updateTime: now,
          displayName: organization.displayName,
          regionCode: organization.regionCode || RegionCode.US,
          metadata: organization.metadata,
          ...optional('externalId', organization.externalId),
          ...optional('slug', organization.slug),
          ...optional('logoUrl', organization.logoUrl),
        }),
      );
      return { organization: withSettings(created) };
    },

    updateOrganization({ identities, organization: update, updateMask }) {
      const current = organizations.find(identities);
      if (update === undefined) throw ApiError.invalid('organization is required', 'organization', 'required');
      checkLogoUrl(update.logoUrl);
      // Without a mask, an empty map looks like one that was left out.
      const replacesMetadata =
        updateMask?.paths.includes('metadata') === true || Object.keys(update.metadata).length > 0;
      const updated = organizations.save(current.id, () => {
        const { externalId, slug, logoUrl, ...rest } = current;
        return create(OrganizationSchema, {
          ...rest,
          updateTime: timestampNow(world),
          displayName: update.displayName ?? current.displayName,
          metadata: replacesMetadata ? update.metadata : current.metadata,
          ...optional('externalId', update.externalId ?? externalId),
          ...optional('slug', update.slug ?? slug),
          ...optional('logoUrl', update.logoUrl ?? logoUrl),
        });
      });
      return { organization: withSettings(updated) };
    },

    deleteOrganization({ identities }) {
      organizations.delete(organizations.find(identities).id);
      return {};
    },

    updateOrganizationSettings({ id, settings }) {
      const current = organizations.get(id);
      for (const { name, enabled } of settings?.features ?? []) {
        const feature = name === 'directory_sync' ? 'dir_sync' : name;
        if (!FEATURES.includes(feature))
          throw ApiError.invalid(`unknown feature ${name}`, 'settings.features', 'feature');
        organizations.changeFeature(id, feature, enabled);
      }
      const updated = { ...current, updateTime: timestampNow(world) };
      organizations.all.set(id, updated);
      organizations.tell('updated', updated);
      return { organization: withSettings(updated) };
    },

    generatePortalLink({ id, features }) {
      organizations.get(id);
      const link = portalLinks.generate(
        id,
        features.map((feature) => (feature === Feature.sso ? 'sso' : 'dir_sync')),
      );
      return {
        link: {
          id: link.id,
          location: `${world.url()}/magicLink/${link.secret}`,
          expireTime: timestampFromMs(link.expiresAt),
        },
      };
    },

    deletePortalLinkByID({ id, linkId }) {
      organizations.get(id);
      if (!portalLinks.revoke(id, linkId)) throw ApiError.notFound('portal link', linkId);
      return {};
    },

    getOrganizationSessionPolicy({ organizationId }) {
      organizations.get(organizationId);
      return {
        policy: organizations.sessionPolicies.get(organizationId) ?? { policySource: SessionPolicyType.APPLICATION },
      };
    },

    updateOrganizationSessionPolicy(request) {
      organizations.get(request.organizationId);
      const { policySource } = request;
      if (policySource === SessionPolicyType.SESSION_POLICY_TYPE_UNSPECIFIED) {
        throw ApiError.invalid('policy_source must be APPLICATION or CUSTOM', 'policy_source', 'enum.not_in');
      }
      if (policySource === SessionPolicyType.APPLICATION) {
        organizations.sessionPolicies.delete(request.organizationId);
        return { policy: { policySource } };
      }
      const { absoluteSessionTimeout, idleSessionTimeout, idleSessionTimeoutEnabled } = request;
      for (const [field, value] of Object.entries({ absoluteSessionTimeout, idleSessionTimeout })) {
        if (value !== undefined && value <= 0) throw ApiError.invalid(`${field} must be positive`, field, 'int32.gt');
      }
      const previous = organizations.sessionPolicies.get(request.organizationId);
      const policy = create(OrganizationSessionPolicySettingsSchema, {
        absoluteSessionTimeoutUnit: TimeUnit.MINUTES,
        idleSessionTimeoutUnit: TimeUnit.MINUTES,
        ...previous,
        policySource,
        ...optional('absoluteSessionTimeout', absoluteSessionTimeout),
        ...optional('absoluteSessionTimeoutUnit', request.absoluteSessionTimeoutUnit),
        ...optional('idleSessionTimeoutEnabled', idleSessionTimeoutEnabled),
        ...optional('idleSessionTimeout', idleSessionTimeout),
        ...optional('idleSessionTimeoutUnit', request.idleSessionTimeoutUnit),
      });
      organizations.sessionPolicies.set(request.organizationId, policy);
      return { policy };
    },

    getApplicationSessionPolicy({ organizationId }) {
      organizations.get(organizationId);
      return {
        applicationPolicy: {
          absoluteSessionTimeout: 7,
          absoluteSessionTimeoutUnit: TimeUnit.DAYS,
          idleSessionTimeoutEnabled: true,
          idleSessionTimeout: 12,
          idleSessionTimeoutUnit: TimeUnit.HOURS,
          accessTokenExpiry: 5,
        },
      };
    },

    getOrganizationUserManagementSetting({ organizationId }) {
      organizations.get(organizationId);
      return { settings: optional('maxAllowedUsers', organizations.maxAllowedUsers.get(organizationId)) };
    },

    upsertUserManagementSettings({ organizationId, settings }) {
      organizations.get(organizationId);
      const limit = settings?.maxAllowedUsers;
      if (limit !== undefined) {
        if (limit < 0)
          throw ApiError.invalid('max_allowed_users must not be negative', 'settings.max_allowed_users', 'int32.gte');
        organizations.maxAllowedUsers.set(organizationId, limit);
      }
      return { settings: optional('maxAllowedUsers', organizations.maxAllowedUsers.get(organizationId)) };
    },
  });
}

function checkLogoUrl(url: string | undefined): void {
  if (url !== undefined && url !== '' && !(URL.canParse(url) && url.startsWith('https://'))) {
    throw ApiError.invalid('logo_url must be an https URL', 'organization.logo_url', 'string.uri');
  }
}
