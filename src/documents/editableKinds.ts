import type { JsonRecord } from '../api/json';
import { updateOrganization } from '../api/organizations';
import type { ScalekitClient } from '../api/client/scalekitClient';
import type { Changes, EditableFields } from './resourceEdit';
import { collectionsOf } from './resourceKinds';

/** How resources of one kind are edited by saving their documents. */
export interface EditableKind {
  readonly fields: EditableFields;
  /** The field whose text a person knows it by. */
  readonly nameField: string;
  /** Whether this one can only be looked at, such as what Scalekit itself brings. */
  readonly isReadOnly?: (json: JsonRecord) => boolean;
  /** Sends what was changed; gives the resource as it is afterwards, where the answer says so. `current` is what it was. */
  readonly send: (
    client: ScalekitClient,
    id: string,
    changes: Changes,
    current: JsonRecord,
  ) => Promise<JsonRecord | undefined>;
}

/** What sends a role or a permission is loaded when one is saved; activation reads only what kinds there are. */
const KINDS: Readonly<Record<string, EditableKind>> = {
  organizations: {
    fields: { display_name: 'requiredText', external_id: 'text', slug: 'text', logo_url: 'text', metadata: 'textMap' },
    nameField: 'display_name',
    send: updateOrganization,
  },
  roles: {
    fields: { display_name: 'requiredText', description: 'lastingText', extends: 'text', permissions: 'names' },
    nameField: 'display_name',
    isReadOnly: (json) => json['is_org_role'] === true,
    send: async (...change) => (await import('../api/roles')).updateRole(...change),
  },
  permissions: {
    fields: { description: 'text' },
    nameField: 'name',
    isReadOnly: (json) => json['is_scalekit_permission'] === true,
    send: async (...change) => (await import('../api/roles')).updatePermission(...change),
  },
};

/** How the resource at a document's path is edited; undefined for what Scalekit does not let one change so. */
export function editableKind(path: readonly string[]): EditableKind | undefined {
  const collections = collectionsOf(path);
  return Object.hasOwn(KINDS, collections) ? KINDS[collections] : undefined;
}
