import assert from 'node:assert/strict';
import { documentedEndpoints } from 'scalekit:endpoint-catalogue';
import { describeEndpoints, WORDING } from '../../../src/requests/describeEndpoints';
import {
  pathParameters,
  type DocumentedEndpoint,
  type EndpointParameter,
} from '../../../src/requests/documentedEndpoint';
import { coverage } from '../../../src/sandbox/coverage';

function endpoint(path: string): DocumentedEndpoint {
  const found = documentedEndpoints.find((candidate) => candidate.path === path);
  assert.ok(found !== undefined, `${path} is not in the catalogue`);
  return found;
}

function queryParameters({ path, parameters }: DocumentedEndpoint): EndpointParameter[] {
  return parameters.filter(({ name }) => !path.includes(`{${name}}`));
}

function parameter(path: string, name: string): EndpointParameter {
  const found = endpoint(path).parameters.find((candidate) => candidate.name === name);
  assert.ok(found !== undefined, `${path} has no ${name}`);
  return found;
}

describe('the endpoint catalogue', () => {
  it('matches the SDK’s descriptors', () => {
    assert.deepEqual(documentedEndpoints, describeEndpoints(coverage(() => false).published));
  });

  it('contains every GET that Scalekit documents for client credentials, each once', () => {
    const published = coverage(() => false).published.filter(({ httpMethod }) => httpMethod === 'GET');
    assert.deepEqual(
      documentedEndpoints.map(({ path }) => path).sort(),
      published.map(({ template }) => template).sort(),
    );
    assert.equal(new Set(documentedEndpoints.map(({ path }) => path)).size, documentedEndpoints.length);
    assert.equal(documentedEndpoints.length, 43);
  });

  it('omits previews, other methods and endpoints that client credentials can’t call', () => {
    const paths = documentedEndpoints.map(({ path }) => path);
    for (const path of [
      '/api/v1/organizations:search',
      '/api/v1/clients',
      '/api/v1/tokens',
      '/api/v1/authmethods',
      '/api/v1/scopes',
    ]) {
      assert.ok(!paths.includes(path), path);
    }
  });

  it('has wording only for endpoints that exist', () => {
    for (const path of Object.keys(WORDING)) endpoint(path);
  });

  it('gives each endpoint its own summary, and groups them by resource', () => {
    assert.equal(new Set(documentedEndpoints.map(({ summary }) => summary)).size, documentedEndpoints.length);
    const headings = documentedEndpoints
      .map(({ resource }) => resource)
      .filter((resource, index, all) => resource !== all[index - 1]);
    assert.equal(new Set(headings).size, headings.length);
  });

  it('lists the parameters of each path in order', () => {
    const { path } = endpoint('/api/v1/organizations/{organization_id}/directories/{directory_id}/users');
    assert.deepEqual(
      pathParameters(endpoint(path)).map(({ name }) => name),
      ['organization_id', 'directory_id'],
    );
    for (const each of documentedEndpoints) {
      assert.deepEqual(
        pathParameters(each).map(({ name }) => `{${name}}`),
        each.path.match(/\{\w+\}/g) ?? [],
        each.path,
      );
    }
  });

  it('omits from the query previews and what’s in the path under another name', () => {
    assert.deepEqual(queryParameters(endpoint('/api/v1/organizations/{id}')), []);
    assert.deepEqual(queryParameters(endpoint('/api/v1/users:external/{external_id}')), []);
    assert.deepEqual(
      queryParameters(endpoint('/api/v1/organizations/{organization_id}/domains')).map(({ name }) => name),
      ['include', 'page_size', 'page_number', 'domain_type'],
    );
  });

  it('contains types, limits, prefixes and values', () => {
    assert.deepEqual(parameter('/api/v1/users:search', 'query'), {
      name: 'query',
      least: 3,
      most: 100,
      required: true,
    });
    assert.deepEqual(parameter('/api/v1/permissions', 'page_size'), {
      name: 'page_size',
      type: 'number',
      least: 1,
      most: 100,
    });
    assert.deepEqual(parameter('/api/v1/connected_accounts', 'page_size'), {
      name: 'page_size',
      type: 'number',
      most: 99,
    });
    assert.deepEqual(parameter('/api/v1/permissions', 'type').values, ['ALL', 'SCALEKIT', 'ENVIRONMENT']);
    assert.deepEqual(parameter('/api/v1/roles', 'include').values, ['permissions', 'permissions:all']);
    assert.deepEqual(parameter('/api/v1/organizations/{organization_id}/domains', 'page_size').type, 'number');
    assert.deepEqual(parameter('/api/v1/users/{user_id}/sessions', 'filter.status').repeated, true);
    assert.deepEqual(parameter('/api/v1/users/{user_id}/sessions', 'filter.start_time').type, 'time');
    assert.deepEqual(parameter('/api/v1/tools', 'filter.summary').type, 'boolean');
    assert.equal(parameter('/api/v1/users/{id}', 'id').prefix, 'usr_');
  });
});
