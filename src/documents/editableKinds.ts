import type { JsonRecord } from '../api/json';
import { updateOrganization } from '../api/organizations';
import type { ScalekitClient } from '../api/client/scalekitClient';
import type { Changes, EditableFields } from './resourceEdit';
import { collectionsOf } from './resourceKinds';

/** How to edit resources of one kind by saving their documents. */
export interface EditableKind {
  readonly fields: EditableFields;
  /** The field that users know it by. */
  readonly nameField: string;
  /** Whether this resource is read-only, for example because it's Scalekit's own. */
  readonly isReadOnly?: (json: JsonRecord) => boolean;
  /**
   * Sends the changes. Returns the resource afterwards, if the response contains it. `current` is what it was before.
   */
  readonly send: (
    client: ScalekitClient,
    id: string,
    changes: Changes,
    current: JsonRecord,
  ) => Promise<JsonRecord | undefined>;
}

/** The code that sends a role or a permission is loaded on save. Activation only reads which kinds exist. */
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

/** How to edit the resource at a document's path. Undefined if Scalekit doesn't support that. */
export function editableKind(path: readonly string[]): EditableKind | undefined {
  const collections = collectionsOf(path);
  return Object.hasOwn(KINDS, collections) ? KINDS[collections] : undefined;
}
