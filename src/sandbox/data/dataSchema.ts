import { z } from 'zod';
import {
  ConnectionProvider,
  ConnectionType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb';
import { DirectoryProvider } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import { isEmail } from '../signIn/person';
import type { SandboxData } from '../package/api';

const HOST_NAME = /^(?=.{4,255}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** What a text must be, for messages: the schema's own description of it would be longer. */
const text = (most: number) => z.string().min(1).max(most);
const line = text(1000);
const id = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}[A-Za-z0-9]{1,60}$`), `must be ${prefix} and letters or digits`)
    .describe("Made if it's left out.");
const texts = (most: number) => z.record(text(100), z.string().max(most));
const time = z.iso.datetime({ offset: true, error: 'must be a time, such as 2026-01-31T09:30:00Z' });
const email = z.string().max(320).refine(isEmail, 'must be an email address').meta({ format: 'email' });
const names = (values: Readonly<Record<string, string | number>>, ...left: string[]) =>
  z.enum(Object.keys(values).filter((name) => !/^\d+$/.test(name) && !left.includes(name)) as [string, ...string[]]);
const roleName = text(100);
const connectionStatus = z.enum(['DRAFT', 'IN_PROGRESS', 'COMPLETED']);
const connectionProvider = names(ConnectionProvider, 'CONNECTION_PROVIDER_UNSPECIFIED');

const role = z
  .strictObject({
    id: id('role_').optional(),
    name: roleName,
    display_name: line.optional(),
    description: z.string().max(2000).optional(),
    extends: roleName.optional().describe('The role that this one builds on.'),
    permissions: z.array(text(100)).optional().describe('Names of permissions.'),
  })
  .describe('A role.');

const domain = z.strictObject({
  id: id('dom_').optional(),
  domain: z.string().regex(HOST_NAME, 'must be a domain in lower case, such as acme.example'),
  verification_status: z
    .enum(['PENDING', 'VERIFIED', 'FAILED', 'AUTO_VERIFIED'])
    .optional()
    .describe('Default: VERIFIED.'),
  domain_type: z.enum(['ORGANIZATION_DOMAIN', 'ALLOWED_EMAIL_DOMAIN']).optional(),
});

const connection = z.strictObject({
  id: id('conn_').optional(),
  type: z.enum(['SAML', 'OIDC']).optional().describe('Default: SAML.'),
  provider: connectionProvider.optional().describe('Default: CUSTOM.'),
  status: connectionStatus.optional().describe('Default: COMPLETED.'),
  enabled: z.boolean().optional().describe('Default: true for a completed connection.'),
  key_id: line.optional(),
  ui_button_title: z.string().max(1000).optional(),
  domains: z
    .array(z.string())
    .optional()
    .describe(
      'The domains of the organization that lead to it. Default: the first completed connection has the first domain.',
    ),
});

const environmentConnection = z.strictObject({
  ...connection.omit({ domains: true }).shape,
  type: names(ConnectionType, 'INVALID') as unknown as z.ZodType<
    NonNullable<SandboxData['connections']>[number]['type']
  >,
  provider_key: line.optional().describe("The app that it's for. Without one, people sign in with it."),
});

const directory = z.strictObject({
  id: id('dir_').optional(),
  name: line.optional(),
  type: z.enum(['SCIM', 'LDAP', 'POLL']).optional().describe('Default: SCIM.'),
  provider: names(DirectoryProvider).optional(),
  enabled: z.boolean().optional().describe('Default: true.'),
  status: connectionStatus.optional().describe('Default: COMPLETED.'),
  groups: z
    .array(z.strictObject({ id: id('dirgroup_').optional(), display_name: line }))
    .max(1000)
    .optional(),
  users: z
    .array(
      z.strictObject({
        id: id('diruser_').optional(),
        email,
        preferred_username: line.optional(),
        given_name: z.string().max(1000).optional(),
        family_name: z.string().max(1000).optional(),
        active: z.boolean().optional().describe('Default: true.'),
        groups: z.array(line).optional().describe('Names of groups of this directory.'),
        attributes: texts(1000).optional(),
      }),
    )
    .max(10_000)
    .optional(),
});

const organization = z.strictObject({
  id: id('org_').optional(),
  display_name: text(200),
  external_id: line.optional(),
  slug: line.optional(),
  region_code: z.enum(['US', 'EU']).optional().describe('Default: US.'),
  logo_url: z
    .string()
    .max(2000)
    .regex(/^https:\/\//, 'must begin with https://')
    .optional(),
  metadata: texts(1000).optional(),
  features: z.strictObject({ sso: z.boolean().optional(), dir_sync: z.boolean().optional() }).optional(),
  create_time: time.optional(),
  domains: z.array(domain).optional(),
  connections: z.array(connection).optional().describe('SSO connections.'),
  directories: z.array(directory).optional(),
  roles: z.array(role).optional().describe('Roles of this organization only.'),
  default_member_role: roleName.optional(),
});

const membership = z.strictObject({
  organization: line.describe('The ID or the external ID of an organization in this file.'),
  roles: z.array(roleName).optional().describe('Names of roles. Default: the default member role.'),
  status: z.enum(['ACTIVE', 'INACTIVE', 'PENDING_INVITE', 'INVITE_EXPIRED']).optional().describe('Default: ACTIVE.'),
  metadata: texts(1000).optional(),
});

const user = z.strictObject({
  id: id('usr_').optional(),
  email,
  external_id: line.optional(),
  given_name: z.string().max(1000).optional(),
  family_name: z.string().max(1000).optional(),
  name: z.string().max(2000).optional().describe('Default: both names.'),
  locale: z.string().max(100).optional(),
  phone_number: z.string().max(100).optional(),
  preferred_username: z.string().max(1000).optional(),
  picture: z.string().max(2000).optional(),
  email_verified: z.boolean().optional().describe('Default: true.'),
  metadata: texts(1000).optional(),
  custom_attributes: texts(1000).optional(),
  create_time: time.optional(),
  last_login_time: time.optional(),
  memberships: z.array(membership).optional(),
});

const count = z.number().int().min(0);
const status = z.number().int().min(200).max(599);
const fault = z
  .strictObject({
    path: line.optional().describe('Only requests to this path. * matches any characters.'),
    method: text(20).optional(),
    after: count.optional().describe('Let this many matching requests pass first.'),
    times: count.optional().describe('Only the next matching requests. Default: all.'),
    delayMs: z.number().min(0).optional(),
    status: status.optional(),
    errorCode: line.optional(),
    message: z.string().max(2000).optional(),
    retryAfter: z.union([z.string(), z.number()]).optional(),
    drop: z.boolean().optional(),
    halfBody: z.boolean().optional(),
    html: z.boolean().optional(),
    wrongJson: z.boolean().optional(),
    respond: z
      .strictObject({
        status: status.optional(),
        headers: z.record(z.string(), z.string()).optional(),
        body: z.unknown().optional(),
      })
      .optional(),
  })
  .describe('Something that goes wrong on purpose.');

/** The form of a data file. Its JSON Schema, `data.schema.json`, is made from it. */
export const dataSchema: z.ZodType<SandboxData> = z
  .strictObject({
    $schema: z.string().optional(),
    organizations: z.array(organization).optional(),
    users: z.array(user).optional(),
    roles: z.array(role).optional().describe('The roles of the environment. Default: admin, member, viewer, billing.'),
    permissions: z
      .array(z.strictObject({ name: text(100), description: z.string().max(2000).optional() }))
      .optional()
      .describe('The permissions of the environment. Default: ten samples.'),
    default_creator_role: roleName.optional(),
    default_member_role: roleName.optional(),
    connections: z
      .array(environmentConnection)
      .optional()
      .describe('The connections of the environment: social logins, one-time codes and apps. Default: samples.'),
    faults: z.array(fault).optional(),
  })
  .meta({ title: 'Data of a Scalekit sandbox', description: 'For scalekit-sandbox --data. IDs can be left out.' });

/** The JSON Schema of a data file, as text. */
export function dataJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(dataSchema, { target: 'draft-7', io: 'input' }), undefined, 2)}\n`;
}
