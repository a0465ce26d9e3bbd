import {
  ConnectionProvider,
  ConnectionStatus,
  ConnectionType,
  type Connection,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb';
import { VerificationStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb';
import type { Models } from '../resources/models';
import type { AuthorizationRequest } from './authorizationRequest';
import type { AuthenticationMode } from './signInSettings';

/** The values of `provider`, and the connection of the environment that each one means. */
const PROVIDERS: Readonly<Record<string, ConnectionProvider>> = {
  google: ConnectionProvider.GOOGLE,
  microsoft: ConnectionProvider.MICROSOFT,
  github: ConnectionProvider.GITHUB,
  gitlab: ConnectionProvider.GITLAB,
  linkedin: ConnectionProvider.LINKEDIN,
  salesforce: ConnectionProvider.SALESFORCE,
};

/** Where a person signs in. */
export type Choice =
  | { readonly kind: 'connection'; readonly connection: Connection }
  /** The hosted login page, for one organization if the request names one. */
  | { readonly kind: 'hosted' }
  | { readonly kind: 'error'; readonly code: string };

/** Chooses by the first of `provider`, `connection_id`, `organization_id`, `domain` and the domain of `login_hint` (docs/scalekit-api.md, 4.2). */
export function chooseConnection(
  { provider, connectionId, organizationId, domain, loginHint }: AuthorizationRequest,
  mode: AuthenticationMode,
  models: Models,
): Choice {
  if (provider !== undefined) return ofProvider(provider, models);
  if (connectionId !== undefined) {
    const connection = signInConnection(connectionId, models);
    return connection === undefined ? failed('invalid_connection_id') : activeOnly(connection);
  }
  const hosted: Choice = { kind: 'hosted' };
  if (organizationId !== undefined) {
    if (models.organizations.all.get(organizationId) === undefined) return failed('invalid_organization_id');
    const choice = ofOrganization(organizationId, models);
    // An organization without single sign-on uses one-time codes.
    return choice.kind === 'error' && mode === 'full-stack' ? hosted : choice;
  }
  if (domain !== undefined) return ofDomain(domain, models) ?? failed('domain_not_found');
  const hinted = loginHint === undefined ? undefined : domainOf(loginHint);
  const byHint = hinted === undefined ? undefined : ofDomain(hinted, models);
  if (mode === 'full-stack') return byHint?.kind === 'connection' ? byHint : hosted;
  return byHint ?? failed(hinted === undefined ? 'invalid_connection_selector' : 'domain_not_found');
}

/** The connection that a person's email leads to, if it's active. */
export function connectionOfEmail(email: string, models: Models): Connection | undefined {
  const choice = ofDomain(domainOf(email) ?? '', models);
  return choice?.kind === 'connection' ? choice.connection : undefined;
}

/** A connection that people sign in with: one of an organization, or a social one of the environment. */
export function signInConnection(id: string, { connections }: Models): Connection | undefined {
  const connection = connections.ofOrganizations.get(id) ?? connections.ofEnvironment.get(id);
  return connection === undefined || connection.providerKey !== '' || connection.type === ConnectionType.PASSWORDLESS
    ? undefined
    : connection;
}

export function isActive({ status, enabled }: Connection): boolean {
  return status === ConnectionStatus.COMPLETED && enabled;
}

/** The active social connections of the environment. */
export function socialConnections({ connections }: Models): Connection[] {
  return [...connections.ofEnvironment.after(-1)]
    .map(([, connection]) => connection)
    .filter(({ providerKey, type }) => providerKey === '' && type === ConnectionType.OAUTH)
    .filter(isActive);
}

/** The environment's connection for one-time codes. */
export function passwordlessConnection({ connections }: Models): Connection | undefined {
  for (const [, connection] of connections.ofEnvironment.after(-1))
    if (connection.type === ConnectionType.PASSWORDLESS) return connection;
  return undefined;
}

function ofProvider(name: string, { connections }: Models): Choice {
  const provider = Object.hasOwn(PROVIDERS, name) ? PROVIDERS[name] : undefined;
  if (provider === undefined) return failed('invalid_connection_selector');
  for (const [, connection] of connections.ofEnvironment.after(-1)) {
    if (connection.provider === provider && connection.providerKey === '') return activeOnly(connection);
  }
  return failed('no_configured_connections');
}

function ofOrganization(organizationId: string, { connections }: Models): Choice {
  const own = connections.ofOrganizations.of(organizationId);
  const connection = own.find(isActive);
  if (connection !== undefined) return { kind: 'connection', connection };
  return failed(own.length === 0 ? 'no_configured_connections' : 'no_active_connections');
}

/** Undefined if nobody has verified the domain. */
function ofDomain(name: string, models: Models): Choice | undefined {
  const domain = models.domains.findByName(name.toLowerCase());
  const verified = [VerificationStatus.VERIFIED, VerificationStatus.AUTO_VERIFIED];
  if (domain === undefined || !verified.includes(domain.verificationStatus)) return undefined;
  const own = models.connections.ofOrganizations.of(domain.organizationId);
  const assigned = own.find(
    (connection) => isActive(connection) && models.connections.row(connection).domains.includes(domain.domain),
  );
  return assigned === undefined
    ? ofOrganization(domain.organizationId, models)
    : { kind: 'connection', connection: assigned };
}

function activeOnly(connection: Connection): Choice {
  return isActive(connection) ? { kind: 'connection', connection } : failed('connection_not_active');
}

function failed(code: string): Choice {
  return { kind: 'error', code };
}

function domainOf(email: string): string | undefined {
  return /@([^@\s]+)$/.exec(email)?.[1];
}
