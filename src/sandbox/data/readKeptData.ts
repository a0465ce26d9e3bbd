import type {
  ConnectionData,
  DirectoryData,
  DirectoryUserData,
  DomainData,
  EnvironmentConnectionData,
  MembershipData,
  OrganizationData,
  PermissionData,
  RoleData,
  SandboxData,
  UserData,
} from '../package/api';
import { DataError } from './dataProblem';
import { parseJson, readTextFile } from './textFile';

/** What is kept: everything but the faults, because people restart a sandbox to be rid of them. */
export type KeptFields = Omit<SandboxData, '$schema' | 'faults'>;

/**
 * The data that a sandbox has kept, with the text of its file. Undefined if there is no file. The schema of data files isn't used: it
 * would make the sandbox half as large again, and nobody else writes this file.
 *
 * @throws DataError
 */
export async function readKeptData(
  file: string,
): Promise<{ readonly text: string; readonly data: KeptFields } | undefined> {
  const text = await readTextFile(file);
  if (text === undefined) return undefined;
  const json = parseJson(file, text);
  if (!isKept(json)) throw new DataError(`${file} doesn't contain what a sandbox keeps.`);
  return { text, data: json as KeptFields };
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const mapOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);
/** Other fields are ignored: a later version may have written them. */
const fields =
  <T>(checks: { readonly [K in keyof Required<T>]: Check }): Check =>
  (value) =>
    isObject(value) && Object.entries<Check>(checks).every(([name, check]) => check(value[name]));

const maybeText = optional(text);
const maybeFlag = optional(flag);
const maybeTexts = optional(list(text));
const maybeMap = optional(mapOf(text));

const role = fields<RoleData>({
  id: maybeText,
  name: text,
  display_name: maybeText,
  description: maybeText,
  extends: maybeText,
  permissions: maybeTexts,
});

const commonConnection = {
  id: maybeText,
  provider: maybeText,
  status: maybeText,
  enabled: maybeFlag,
  key_id: maybeText,
  ui_button_title: maybeText,
};

const directory = fields<DirectoryData>({
  id: maybeText,
  name: maybeText,
  type: maybeText,
  provider: maybeText,
  enabled: maybeFlag,
  status: maybeText,
  groups: optional(list(fields<{ id: string; display_name: string }>({ id: maybeText, display_name: text }))),
  users: optional(
    list(
      fields<DirectoryUserData>({
        id: maybeText,
        email: text,
        preferred_username: maybeText,
        given_name: maybeText,
        family_name: maybeText,
        active: maybeFlag,
        groups: maybeTexts,
        attributes: maybeMap,
      }),
    ),
  ),
});

const organization = fields<OrganizationData>({
  id: maybeText,
  display_name: text,
  external_id: maybeText,
  slug: maybeText,
  region_code: maybeText,
  logo_url: maybeText,
  metadata: maybeMap,
  features: optional(mapOf(flag)),
  create_time: maybeText,
  domains: optional(
    list(fields<DomainData>({ id: maybeText, domain: text, verification_status: maybeText, domain_type: maybeText })),
  ),
  connections: optional(list(fields<ConnectionData>({ ...commonConnection, type: maybeText, domains: maybeTexts }))),
  directories: optional(list(directory)),
  roles: optional(list(role)),
  default_member_role: maybeText,
});

const user = fields<UserData>({
  id: maybeText,
  email: text,
  external_id: maybeText,
  given_name: maybeText,
  family_name: maybeText,
  name: maybeText,
  locale: maybeText,
  phone_number: maybeText,
  preferred_username: maybeText,
  picture: maybeText,
  email_verified: maybeFlag,
  metadata: maybeMap,
  custom_attributes: maybeMap,
  create_time: maybeText,
  last_login_time: maybeText,
  memberships: optional(
    list(fields<MembershipData>({ organization: text, roles: maybeTexts, status: maybeText, metadata: maybeMap })),
  ),
});

/** The lists are always there, so that the JSON of something else isn't taken for an empty sandbox. */
const isKept = fields<KeptFields>({
  organizations: list(organization),
  users: list(user),
  roles: list(role),
  permissions: list(fields<PermissionData>({ name: text, description: maybeText })),
  default_creator_role: maybeText,
  default_member_role: maybeText,
  connections: list(fields<EnvironmentConnectionData>({ ...commonConnection, type: text, provider_key: maybeText })),
});
