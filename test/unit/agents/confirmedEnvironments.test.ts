import assert from 'node:assert/strict';
import { ConfirmedEnvironments } from '../../../src/agents/confirmedEnvironments';

describe('the environments that the user has confirmed', () => {
  const input = { organizationId: 'org_1' };

  it('are the only ones that may be read', () => {
    const confirmed = new ConfirmedEnvironments();
    confirmed.note('list', input, 'test');
    assert.equal(confirmed.take('list', input, 'production'), false);
    confirmed.note('list', input, 'test');
    assert.equal(confirmed.take('list', input, 'test'), true);
  });

  it('are separate for each tool and input', () => {
    const confirmed = new ConfirmedEnvironments();
    confirmed.note('list', input, 'test');
    confirmed.note('get', input, 'production');
    confirmed.note('list', { organizationId: 'org_2' }, 'production');
    assert.equal(confirmed.take('list', input, 'test'), true);
    assert.equal(confirmed.take('get', input, 'test'), false);
  });

  it('apply to each of several equal calls', () => {
    const confirmed = new ConfirmedEnvironments();
    confirmed.note('list', input, 'test');
    confirmed.note('list', input, 'test');
    assert.equal(confirmed.take('list', input, 'test'), true);
    assert.equal(confirmed.take('list', input, 'production'), false);
  });

  it('refuse two equal calls if the environment changed between them, but not later ones', () => {
    const confirmed = new ConfirmedEnvironments();
    confirmed.note('list', input, 'test');
    confirmed.note('list', input, 'production');
    assert.equal(confirmed.take('list', input, 'production'), false);
    confirmed.note('list', input, 'production');
    assert.equal(confirmed.take('list', input, 'production'), true);
  });

  it('are limited in number', () => {
    const confirmed = new ConfirmedEnvironments();
    for (let call = 0; call < 200; call++) confirmed.note('list', { call }, 'test');
    assert.equal(confirmed.take('list', { call: 0 }, 'production'), true, 'forgotten');
    assert.equal(confirmed.take('list', { call: 199 }, 'production'), false);
  });
});
