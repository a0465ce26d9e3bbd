import * as vscode from 'vscode';
import type { OrganizationReference } from '../editor/organizationReference.js';

/** The scheme of Scalekit's resources as files. */
export const SCALEKIT_SCHEME = 'scalekit';

const ORGANIZATION_PATH = /^\/([a-z0-9][a-z0-9-]{0,62})\/organizations\/([^/]{1,64})\.json$/;

/** `scalekit:/<environment>/organizations/<id>.json` */
export function organizationUri({ environmentId, organizationId }: OrganizationReference): vscode.Uri {
  return vscode.Uri.from({ scheme: SCALEKIT_SCHEME, path: `/${environmentId}/organizations/${organizationId}.json` });
}

/** What a URI addresses; undefined when it is no address of ours. The id is checked before it becomes part of a request. */
export function readOrganizationUri(uri: vscode.Uri): OrganizationReference | undefined {
  const match = ORGANIZATION_PATH.exec(uri.path);
  const [, environmentId, organizationId] = match ?? [];
  if (uri.scheme !== SCALEKIT_SCHEME || environmentId === undefined || organizationId === undefined) return undefined;
  return /^\.+$/.test(organizationId) ? undefined : { environmentId, organizationId };
}
