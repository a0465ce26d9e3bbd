/** What an interceptor decided. */
export type Decision =
  | { readonly decision: 'ALLOW'; readonly response: Readonly<Record<string, unknown>> }
  | { readonly decision: 'DENY'; readonly message: string };

const GENERAL_MESSAGE = "A policy of the application doesn't allow this.";
const LONGEST_MESSAGE = 1_000;

/** A denial whose reason nobody gave. */
export const DENIED: Decision = { decision: 'DENY', message: GENERAL_MESSAGE };

/** Reads the body of a response (docs/scalekit-api.md, 5.5). Undefined if it isn't a decision. */
export function readDecision(body: string): Decision | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isObject(json)) return undefined;
  if (json['decision'] === 'DENY') {
    const message = isObject(json['error']) ? json['error']['message'] : undefined;
    return typeof message === 'string' && message.trim() !== ''
      ? { decision: 'DENY', message: message.trim().slice(0, LONGEST_MESSAGE) }
      : DENIED;
  }
  if (json['decision'] !== 'ALLOW') return undefined;
  const response = json['response'] ?? {};
  return isObject(response) ? { decision: 'ALLOW', response } : undefined;
}

/** The `claims` of a response. Undefined if there are none, or if they aren't an object. */
export function claimsIn(response: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const claims = response['claims'];
  return isObject(claims) && Object.keys(claims).length > 0 ? claims : undefined;
}

/** What PRE_SIGNUP may add: the organization that a new user becomes a member of. */
export interface WantedMembership {
  readonly organizationId: string | undefined;
  readonly externalOrganizationId: string | undefined;
  readonly roles: readonly string[];
}

/** The `create_organization_membership` of a response. Undefined if there's none that can be read. */
export function membershipIn(response: Readonly<Record<string, unknown>>): WantedMembership | undefined {
  const wanted = response['create_organization_membership'];
  if (!isObject(wanted)) return undefined;
  const { organization_id: id, external_organization_id: externalId, roles } = wanted;
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  if (text(id) === undefined && text(externalId) === undefined) return undefined;
  return {
    organizationId: text(id),
    externalOrganizationId: text(externalId),
    roles: Array.isArray(roles) ? roles.filter((role): role is string => typeof role === 'string') : [],
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
