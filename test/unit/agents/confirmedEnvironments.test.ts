import assert from 'node:assert/strict';
import { ConfirmedEnvironments } from '../../../src/agents/confirmedEnvironments';

describe('the environments that a person was asked about', () => {
  const input = { organizationId: 'org_1' };

  it('are the ones that may be read', () => {
    const confirmed = new ConfirmedEnvironments();
    confirmed.note('list', input, 'test');
    assert.equal(confirmed.take('list', input, 'production'), false);
    confirmed.note('list', input, 'test');
    assert.equal(confirmed.take('list', input, 'test'), true);
  });

  it('are told apart by tool and input', () => {
    const confirmed = new ConfirmedEnvironments();
    confirmed.note('list', input, 'test');
    confirmed.note('get', input, 'production');
    confirmed.note('list', { organizationId: 'org_2' }, 'production');
    assert.equal(confirmed.take('list', input, 'test'), true);
    assert.equal(confirmed.take('get', input, 'test'), false);
  });

  it('hold for each of several equal calls', () => {
    const confirmed = new ConfirmedEnvironments();
    confirmed.note('list', input, 'test');
    confirmed.note('list', input, 'test');
    assert.equal(confirmed.take('list', input, 'test'), true);
    assert.equal(confirmed.take('list', input, 'production'), false);
  });

  it('refuse both of two equal calls between which the environment changed, and are then done with', () => {
    const confirmed = new ConfirmedEnvironments();
    confirmed.note('list', input, 'test');
    confirmed.note('list', input, 'production');
    assert.equal(confirmed.take('list', input, 'production'), false);
    confirmed.note('list', input, 'production');
    assert.equal(confirmed.take('list', input, 'production'), true);
  });

  it('do not pile up', () => {
    const confirmed = new ConfirmedEnvironments();
    for (let call = 0; call < 200; call++) confirmed.note('list', { call }, 'test');
    assert.equal(confirmed.take('list', { call: 0 }, 'production'), true, 'forgotten');
    assert.equal(confirmed.take('list', { call: 199 }, 'production'), false);
  });
});
