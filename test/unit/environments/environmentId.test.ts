import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ENVIRONMENT_ID, PROCESS_ID, SANDBOX_ID } from '../../../src/core/environment';
import { newEnvironmentId, newEnvironmentName, newSessionId } from '../../../src/environments/environmentId';

const NONE = new Set<string>();

describe('newEnvironmentId', () => {
  it('makes a readable ID from the host', () => {
    assert.equal(newEnvironmentId('acme.scalekit.dev', NONE), 'acme-scalekit-dev');
    assert.equal(newEnvironmentId('127.0.0.1:8787', NONE), '127-0-0-1-8787');
    assert.equal(newEnvironmentId('[::1]:8787', NONE), '1-8787');
    assert.equal(newEnvironmentId('xn--cme-5cd.scalekit.dev', NONE), 'xn-cme-5cd-scalekit-dev');
  });

  it('avoids IDs that are taken', () => {
    assert.equal(newEnvironmentId('acme.dev', new Set(['acme-dev', 'acme-dev-2'])), 'acme-dev-3');
  });

  it('never returns the ID of an environment that isn’t stored', () => {
    for (const id of [SANDBOX_ID, PROCESS_ID]) assert.equal(newEnvironmentId(id, NONE), `${id}-2`);
  });

  it('returns an ID that’s valid in files and URIs, for any host', () => {
    fc.assert(
      fc.property(fc.oneof(fc.domain(), fc.string(), fc.string({ minLength: 80 })), (host) => {
        const id = newEnvironmentId(host, NONE);
        assert.match(id, ENVIRONMENT_ID);
        assert.match(newEnvironmentId(host, new Set([id])), ENVIRONMENT_ID);
        assert.notEqual(newEnvironmentId(host, new Set([id])), id);
      }),
    );
  });
});

describe('newSessionId', () => {
  it('returns an ID that’s valid in files and URIs, and never a stored environment’s, for any host', () => {
    assert.equal(newSessionId('acme.scalekit.dev', NONE), 'acme-scalekit-dev--session');
    fc.assert(
      fc.property(fc.oneof(fc.domain(), fc.string(), fc.string({ minLength: 80 })), (host) => {
        const id = newSessionId(host, NONE);
        assert.match(id, ENVIRONMENT_ID);
        assert.match(newSessionId(host, new Set([id])), ENVIRONMENT_ID);
        assert.notEqual(newSessionId(host, new Set([id])), id);
        assert.match(id, /--/);
        for (const taken of [NONE, new Set([newEnvironmentId(host, NONE)])])
          assert.doesNotMatch(newEnvironmentId(host, taken), /--/);
      }),
    );
  });
});

describe('newEnvironmentName', () => {
  it('returns the first label of the host, or an address unchanged', () => {
    assert.equal(newEnvironmentName('acme.scalekit.dev', NONE), 'acme');
    assert.equal(newEnvironmentName('127.0.0.1:8787', NONE), '127.0.0.1:8787');
    assert.equal(newEnvironmentName('localhost:8787', NONE), 'localhost:8787');
    assert.equal(newEnvironmentName('[::1]:8787', NONE), '[::1]:8787');
  });

  it('adds a number if the name is taken', () => {
    assert.equal(newEnvironmentName('acme.scalekit.com', new Set(['acme', 'acme 2'])), 'acme 3');
  });
});

describe('ENVIRONMENT_ID', () => {
  it('refuses IDs that could leave the folder', () => {
    for (const id of ['', '..', 'a/b', 'A', '-a', 'a.json', 'ä', 'a'.repeat(64)])
      assert.doesNotMatch(id, ENVIRONMENT_ID);
  });
});
