import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonRecord } from '../../../src/api/json';
import { editableKind } from '../../../src/documents/editableKinds';
import {
  describeChanges,
  ignoredChanges,
  readResourceEdit,
  type EditableFields,
  type ResourceEdit,
} from '../../../src/documents/resourceEdit';
import { redacted } from '../../../src/documents/resourceFile';

function fieldsOf(collection: string): EditableFields {
  return editableKind([collection, 'x'])?.fields ?? assert.fail(`${collection} cannot be edited`);
}

function readOrganizationEdit(text: string, now: JsonRecord, shown: readonly JsonRecord[]): ResourceEdit {
  return readResourceEdit(fieldsOf('organizations'), text, now, shown);
}

const current: JsonRecord = {
  id: 'org_1',
  create_time: '2025-03-20T13:55:46.690Z',
  update_time: '2025-03-21T05:55:03.416772Z',
  display_name: 'Looney Corp',
  region_code: 'US',
  external_id: 'crm-1',
  metadata: { plan: 'team' },
  settings: { features: [{ name: 'sso', enabled: true }] },
  slug: 'looney',
};

/** Saves the organization with these fields. A field that is undefined is removed. */
function save(fields: JsonRecord, now: JsonRecord = current, shown: JsonRecord[] = []): ResourceEdit {
  return readOrganizationEdit(JSON.stringify({ ...redacted(current), ...fields }, undefined, 2), now, shown);
}

function problemOf(edit: ResourceEdit): string {
  assert.ok('problem' in edit, JSON.stringify(edit));
  return `${edit.problem.kind} ${edit.problem.field}`;
}

describe('An edited organization', () => {
  it('changes nothing if its text means the same', () => {
    const reversed = Object.fromEntries(Object.entries(current).reverse());
    for (const text of [
      JSON.stringify(current),
      `\ufeff${JSON.stringify(current)}`,
      JSON.stringify(reversed, undefined, '\t'),
    ]) {
      assert.deepEqual(readOrganizationEdit(text, current, []), { changes: {} });
    }
  });

  it('changes only the fields that differ', () => {
    assert.deepEqual(save({ display_name: 'Looney Inc' }), { changes: { display_name: 'Looney Inc' } });
    assert.deepEqual(save({ logo_url: 'https://example.com/a.png', slug: 'lc' }), {
      changes: { slug: 'lc', logo_url: 'https://example.com/a.png' },
    });
  });

  it('replaces metadata as a whole', () => {
    assert.deepEqual(save({ metadata: { plan: 'team', tier: 'gold' } }), {
      changes: { metadata: { plan: 'team', tier: 'gold' } },
    });
    assert.deepEqual(save({ metadata: {} }), { changes: { metadata: {} } });
    assert.deepEqual(save({ metadata: undefined }), { changes: { metadata: {} } });
  });

  for (const field of ['external_id', 'slug']) {
    it(`clears ${field} if it’s removed, null or empty`, () => {
      for (const value of [undefined, null, ''])
        assert.deepEqual(save({ [field]: value }), { changes: { [field]: '' } });
    });
  }

  it('sends nothing for an empty optional field that didn’t exist before', () => {
    assert.deepEqual(save({ logo_url: '' }), { changes: {} });
    assert.deepEqual(save({ logo_url: null }), { changes: {} });
  });

  it('is refused if it isn’t JSON, with the parser’s message, or isn’t an object', () => {
    const edit = readOrganizationEdit('{ "id": ', current, []);
    assert.ok('problem' in edit && edit.problem.kind === 'notJson' && /JSON/.test(edit.problem.detail ?? ''));
    for (const text of ['[]', 'null', '"x"', '7'])
      assert.equal(problemOf(readOrganizationEdit(text, current, [])), 'notAnObject ');
  });

  it('is refused if a read-only field was changed or removed', () => {
    for (const field of ['id', 'create_time', 'update_time', 'region_code']) {
      assert.equal(problemOf(save({ [field]: 'other' })), `readOnlyChanged ${field}`);
      assert.equal(problemOf(save({ [field]: undefined })), `readOnlyRemoved ${field}`);
    }
    assert.equal(
      problemOf(save({ settings: { features: [{ name: 'sso', enabled: false }] } })),
      'readOnlyChanged settings',
    );
  });

  it('is refused if it has a field that Scalekit would ignore', () => {
    assert.equal(problemOf(save({ colour: 'red' })), 'unknownField colour');
  });

  it('is refused without a name or with values that aren’t text', () => {
    for (const name of [undefined, null, ''])
      assert.equal(problemOf(save({ display_name: name })), 'required display_name');
    assert.equal(problemOf(save({ display_name: 7 })), 'notText display_name');
    assert.equal(problemOf(save({ external_id: 7 })), 'notText external_id');
    assert.equal(problemOf(save({ metadata: { plan: true } })), 'notText metadata.plan');
    for (const metadata of [[], 'x', 7]) assert.equal(problemOf(save({ metadata })), 'notTextMap metadata');
  });

  describe('that someone else has changed in the meantime', () => {
    const now: JsonRecord = {
      ...current,
      update_time: '2025-04-01T00:00:00Z',
      display_name: 'Theirs',
      settings: { features: [] },
    };

    it('overwrites what differs now, and may have the read-only fields of the version it started from', () => {
      assert.deepEqual(save({ slug: 'mine' }, now, [current]), {
        changes: { display_name: 'Looney Corp', slug: 'mine' },
      });
    });

    it('is refused if its read-only fields match no version that was shown', () => {
      assert.equal(problemOf(save({ region_code: 'EU' }, now, [current])), 'readOnlyChanged region_code');
      assert.equal(
        problemOf(save({ update_time: '2025-03-30T00:00:00Z' }, now, [current])),
        'readOnlyChanged update_time',
      );
    });

    it('may have an older update_time after a restart, but not a newer one', () => {
      const restarted = { ...now, settings: current['settings'] };
      assert.deepEqual(save({}, restarted), { changes: { display_name: 'Looney Corp' } });
      assert.equal(problemOf(save({ update_time: '2099-01-01T00:00:00Z' }, restarted)), 'readOnlyChanged update_time');
      assert.equal(problemOf(save({ update_time: 'yesterday' }, restarted)), 'readOnlyChanged update_time');
    });
  });

  describe('with secrets in its metadata', () => {
    const secret: JsonRecord = { ...current, metadata: { plan: 'team', api_key: 'k-123', password: 'p-456' } };
    const saveSecret = (metadata: JsonRecord): ResourceEdit => save({ metadata }, secret, [redacted(secret)]);

    it('doesn’t show them', () => {
      assert.ok(!JSON.stringify(redacted(secret)).match(/k-123|p-456/));
    });

    it('sends the secrets themselves, never their marks, if another pair changes', () => {
      const edit = saveSecret({ plan: 'free', api_key: '[redacted]', password: '[redacted]' });
      assert.deepEqual(edit, { changes: { metadata: { plan: 'free', api_key: 'k-123', password: 'p-456' } } });
    });

    it('changes nothing if it still has the marks', () => {
      assert.deepEqual(saveSecret({ plan: 'team', api_key: '[redacted]', password: '[redacted]' }), { changes: {} });
    });

    it('accepts a new value, and a removal', () => {
      assert.deepEqual(saveSecret({ plan: 'team', api_key: 'k-new' }), {
        changes: { metadata: { plan: 'team', api_key: 'k-new' } },
      });
    });

    it('is refused if a mark is where no secret was', () => {
      assert.equal(problemOf(saveSecret({ plan: '[redacted]' })), 'redacted metadata.plan');
      assert.equal(problemOf(saveSecret({ moved: '[redacted]' })), 'redacted metadata.moved');
    });
  });

  it('never sends a field that the user hasn’t changed', () => {
    const fields = ['display_name', 'external_id', 'slug', 'logo_url'] as const;
    fc.assert(
      fc.property(
        fc.record(
          {
            display_name: fc.string({ minLength: 1 }),
            external_id: fc.string(),
            slug: fc.string(),
            logo_url: fc.string(),
          },
          { requiredKeys: [] },
        ),
        (typed) => {
          const edit = save(typed);
          assert.ok('changes' in edit);
          const expected = fields.filter(
            (field) => typed[field] !== undefined && typed[field] !== (current[field] ?? ''),
          );
          assert.deepEqual(Object.keys(edit.changes).sort(), [...expected].sort());
          // Saving it again changes nothing.
          const saved = { ...current, ...edit.changes };
          assert.deepEqual(readOrganizationEdit(JSON.stringify(saved), saved, []), { changes: {} });
        },
      ),
    );
  });

  it('never throws, whatever its text is', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readOrganizationEdit(text, current, [])));
  });
});

describe('An edited role', () => {
  const role: JsonRecord = {
    id: 'role_1',
    name: 'editor',
    display_name: 'Editor',
    description: 'Edits',
    default_creator: false,
    default_member: true,
    extends: 'viewer',
    permissions: ['posts:read', 'posts:write'],
    dependent_roles_count: 0,
    is_org_role: false,
  };
  const saveRole = (fields: JsonRecord, now = role): ResourceEdit =>
    readResourceEdit(fieldsOf('roles'), JSON.stringify({ ...now, ...fields }), now, [now]);

  it('changes name, description, base and permissions', () => {
    const fields = {
      display_name: 'Writer',
      description: 'Writes',
      extends: 'member',
      permissions: ['posts:read', 'posts:delete'],
    };
    assert.deepEqual(saveRole(fields), { changes: fields });
  });

  it('changes nothing if its permissions are reordered or repeated', () => {
    assert.deepEqual(saveRole({ permissions: ['posts:write', 'posts:read', 'posts:write'] }), { changes: {} });
  });

  it('loses all permissions, or its base role, if the field is removed, null or empty', () => {
    for (const permissions of [undefined, null, []])
      assert.deepEqual(saveRole({ permissions }), { changes: { permissions: [] } });
    for (const base of [undefined, null, ''])
      assert.deepEqual(saveRole({ extends: base }), { changes: { extends: '' } });
  });

  it('is refused if it clears the description, which Scalekit can’t do', () => {
    for (const description of [undefined, null, ''])
      assert.equal(problemOf(saveRole({ description })), 'cannotBeCleared description');
    for (const description of [undefined, null, ''])
      assert.deepEqual(saveRole({ description }, { ...role, description: '' }), { changes: {} });
  });

  it('is refused without a name, with permissions that aren’t names, or with changed read-only fields', () => {
    assert.equal(problemOf(saveRole({ display_name: '' })), 'required display_name');
    for (const permissions of ['posts:read', { name: 'posts:read' }, [{ name: 'posts:read' }], [7], ['']]) {
      assert.equal(problemOf(saveRole({ permissions })), 'notNames permissions');
    }
    for (const field of ['id', 'name', 'default_creator', 'default_member', 'dependent_roles_count', 'is_org_role']) {
      assert.equal(problemOf(saveRole({ [field]: 'other' })), `readOnlyChanged ${field}`);
    }
    assert.equal(problemOf(saveRole({ metadata: {} })), 'unknownField metadata');
  });

  it('says which permissions are added and removed', () => {
    const changes = { display_name: 'Writer', permissions: ['posts:read', 'posts:delete', 'posts:pin'] };
    assert.equal(
      describeChanges(fieldsOf('roles'), changes, role),
      'display_name, permissions (+posts:delete, +posts:pin, −posts:write)',
    );
  });

  it('is read-only if it belongs to one organization', () => {
    assert.deepEqual(
      [role, { ...role, is_org_role: true }].map((json) => editableKind(['roles', 'editor'])?.isReadOnly?.(json)),
      [false, true],
    );
  });
});

describe('An edited permission', () => {
  const permission: JsonRecord = {
    id: 'perm_1',
    name: 'posts:read',
    description: 'Reads',
    update_time: '2025-03-21T05:55:03Z',
    is_scalekit_permission: false,
  };
  const savePermission = (fields: JsonRecord): ResourceEdit =>
    readResourceEdit(fieldsOf('permissions'), JSON.stringify({ ...permission, ...fields }), permission, []);

  it('changes or clears its description', () => {
    assert.deepEqual(savePermission({ description: 'Reads posts' }), { changes: { description: 'Reads posts' } });
    for (const description of [undefined, null, ''])
      assert.deepEqual(savePermission({ description }), { changes: { description: '' } });
  });

  it('is refused if anything else was changed', () => {
    for (const field of ['id', 'name', 'is_scalekit_permission'])
      assert.equal(problemOf(savePermission({ [field]: 'other' })), `readOnlyChanged ${field}`);
  });

  it('is read-only if it’s Scalekit’s own', () => {
    assert.deepEqual(
      [permission, { ...permission, is_scalekit_permission: true }].map((json) =>
        editableKind(['permissions', 'x'])?.isReadOnly?.(json),
      ),
      [false, true],
    );
  });
});

describe('The changes of a save that Scalekit ignored', () => {
  it('are none if the organization has what was sent', () => {
    assert.deepEqual(
      ignoredChanges(
        fieldsOf('organizations'),
        { display_name: 'A', external_id: '', metadata: {} },
        { display_name: 'A' },
      ),
      [],
    );
  });

  it('are the fields that differ from what was sent', () => {
    const saved = { display_name: 'A', external_id: 'crm-1', metadata: { plan: 'team' } };
    assert.deepEqual(
      ignoredChanges(fieldsOf('organizations'), { display_name: 'A', external_id: '', metadata: {} }, saved),
      ['external_id', 'metadata'],
    );
  });
});
