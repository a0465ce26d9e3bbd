import type { JsonRecord } from '../api/json';
import { readOrganization } from '../api/organizations';
import type { DocumentReference } from '../core/documentReference';
import type { ListTreeView } from '../tree/treeView';
import type { OrganizationsView } from './organizations/organizationsView';

/** Updates the rows of a resource that was saved as a document. */
export function showSaved(
  { reference, json }: { readonly reference: DocumentReference; readonly json: JsonRecord },
  organizationsView: OrganizationsView,
  configurationView: ListTreeView,
): void {
  const { environmentId, path } = reference;
  const [collection = ''] = path;
  const organization = collection === 'organizations' ? readOrganization(json) : undefined;
  if (organization !== undefined) organizationsView.update(environmentId, organization);
  else void configurationView.refreshTopList(environmentId, collection);
  // Users' rows show the names of their roles.
  if (collection === 'roles') void organizationsView.refreshLists(environmentId, 'users');
}
