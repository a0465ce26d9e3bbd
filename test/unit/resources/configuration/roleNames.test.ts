import assert from 'node:assert/strict';
import { ROLE_LIMITS } from '../../../../src/api/roles';
import { roleNames } from '../../../../src/resources/configuration/roleNames';

describe('The names of a new role', () => {
  for (const [text, name, displayName] of [
    ['Support Agent', 'support_agent', 'Support Agent'],
    [' Support  Agent ', 'support_agent', 'Support  Agent'],
    ['Admin', 'admin', 'Admin'],
    ['QA & Test (EU)', 'qa_test_eu', 'QA & Test (EU)'],
    ['Customer’s Owner', 'customers_owner', 'Customer’s Owner'],
    ['Rédacteur en chef', 'redacteur_en_chef', 'Rédacteur en chef'],
    ['Level-2', 'level_2', 'Level-2'],
    ['support_agent', 'support_agent', 'Support Agent'],
    ['Support_Agent', 'Support_Agent', 'Support Agent'],
    ['viewer2', 'viewer2', 'Viewer2'],
    ['__', '__', '__'],
  ] as const)
    it(`of “${text}” are ${name} in code and ${displayName} for people`, () => {
      assert.deepEqual(roleNames(text), { name, displayName });
      assert.match(name, ROLE_LIMITS.name);
    });

  it('leave out a name in code that can’t be made from the text', () => {
    for (const text of ['', ' ', '日本語', '–!'])
      assert.deepEqual(roleNames(text), { name: '', displayName: text.trim() });
  });

  it('are never longer than Scalekit accepts, and don’t end with an underscore', () => {
    const { name } = roleNames(`${'x'.repeat(63)} y`);
    assert.equal(name, 'x'.repeat(63));
    assert.equal(roleNames('A'.repeat(100)).name, 'a'.repeat(64));
  });
});
