import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonRecord } from '../../src/api/json';
import { editableKind } from '../../src/documents/editableKinds';
import { readResourceEdit, type ResourceEdit } from '../../src/documents/resourceEdit';
import { configureRuns } from './runs';

configureRuns();

function readOrganizationEdit(text: string, now: JsonRecord, shown: readonly JsonRecord[]): ResourceEdit {
  const kind = editableKind(['organizations', 'org_1']) ?? assert.fail("an organization can't be edited");
  return readResourceEdit(kind.fields, text, now, shown);
}

const metadata = fc.dictionary(
  fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
  fc.string(),
  { maxKeys: 4 },
);
const organization = fc.record(
  {
    id: fc.constant('org_1'),
    create_time: fc.constant('2026-01-01T00:00:00Z'),
    update_time: fc.constant('2026-01-02T00:00:00Z'),
    display_name: fc.string({ minLength: 1 }),
    external_id: fc.string({ minLength: 1 }),
    slug: fc.string({ minLength: 1 }),
    logo_url: fc.webUrl(),
    metadata,
  },
  { requiredKeys: ['id', 'create_time', 'update_time', 'display_name', 'metadata'] },
);

describe('Whatever an edited organization contains,', () => {
  it('its text is read or refused with a sentence', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      organization.map((json) => JSON.stringify(json).slice(0, -2)),
    );
    fc.assert(
      fc.property(text, organization, (edited, current) => {
        const edit = readOrganizationEdit(edited, current, []);
        assert.ok('problem' in edit || 'changes' in edit);
      }),
    );
  });

  it('untouched fields are no change, even in another order', () => {
    fc.assert(
      fc.property(organization, (current) => {
        const reversed = Object.fromEntries(Object.entries(current).reverse());
        assert.deepEqual(readOrganizationEdit(JSON.stringify(reversed), current, []), { changes: {} });
      }),
    );
  });

  it('only the changes that turn the old one into the new one are sent', () => {
    fc.assert(
      fc.property(organization, organization, (current, wanted) => {
        const edit = readOrganizationEdit(JSON.stringify(wanted), current, []);
        assert.ok('changes' in edit);
        const after: Record<string, unknown> = { ...current, ...edit.changes };
        for (const name of ['display_name', 'external_id', 'slug', 'logo_url'] as const)
          assert.equal(after[name] ?? '', wanted[name] ?? '');
        assert.deepEqual({ ...(after['metadata'] as object) }, { ...wanted.metadata });
        for (const [name, sent] of Object.entries(edit.changes))
          assert.notDeepEqual(sent, (current as Record<string, unknown>)[name]);
      }),
    );
  });
});
