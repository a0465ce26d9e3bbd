import { isRecord, readText } from '../api/json';

/** Which organization a command is about. Tree nodes have these two fields; other callers may pass anything. */
export interface OrganizationReference {
  readonly environmentId: string;
  readonly organizationId: string;
}

/** Reads a command's argument. Undefined if it doesn't name an organization. */
export function readOrganizationReference(argument: unknown): OrganizationReference | undefined {
  if (!isRecord(argument)) return undefined;
  const environmentId = readText(argument['environmentId']);
  const organizationId = readText(argument['organizationId']);
  return environmentId === undefined || organizationId === undefined ? undefined : { environmentId, organizationId };
}
