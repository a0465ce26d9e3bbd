import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { createValidator } from '@bufbuild/protovalidate';
import { grpcStatuses, grpcStatusOf } from '../../../src/sandbox/protocol/apiError';
import { apiMethods, restEndpoints } from '../../../src/sandbox/protocol/endpoints';
import { PathRouter } from '../../../src/sandbox/protocol/pathRouter';
import { serviceDescriptors } from '../../../src/sandbox/protocol/serviceDescriptors';
import { requestMessage } from '../../../src/sandbox/protocol/transcoder';

const methods = apiMethods(serviceDescriptors);
const endpoints = restEndpoints(methods);
const router = new PathRouter(endpoints);

describe('the API’s descriptors', () => {
  const find = (name: string) => {
    const api = methods.find(({ method }) => method.name === name);
    assert.ok(api !== undefined);
    return api;
  };

  it('contain 220 REST bindings, including additional ones', () => {
    assert.equal(endpoints.length, 220);
    assert.deepEqual(find('UpdateDefaultRoles').bindings, [
      { httpMethod: 'PATCH', template: '/api/v1/roles:set_defaults', body: '*' },
      { httpMethod: 'PATCH', template: '/api/v1/roles/default', body: '*' },
    ]);
  });

  it('state permissions, visibility, authentication and the success status', () => {
    const update = find('UpdateOrganization');
    assert.deepEqual(
      [update.permissions, update.preview, update.authenticationType, update.successStatus],
      [['organizations_write'], false, 84, 200],
    );
    assert.equal(find('SearchOrganization').preview, true);
    assert.equal(find('CreateOrganization').successStatus, 201);
    assert.equal(find('GetAuthState').authenticationType, 1);
  });

  it('have only rules that the validator understands', () => {
    const validator = createValidator();
    for (const { method } of methods) {
      const result = validator.validate(method.input, create(method.input));
      assert.notEqual(result.kind, 'error', `${method.parent.name}.${method.name}: ${String(result.error)}`);
    }
  });
});

describe('the path router', () => {
  const name = (httpMethod: string, path: string) => {
    const route = router.find(httpMethod, path);
    return route.kind === 'found' ? [route.endpoint.api.method.name, route.parameters] : [route.kind];
  };

  it('finds every endpoint by its path', () => {
    for (const endpoint of endpoints) {
      const path = endpoint.template.replace(/\{(\w+)\}/g, 'value-$1');
      const route = router.find(endpoint.httpMethod, path);
      assert.ok(route.kind === 'found', path);
      assert.equal(route.endpoint, endpoint, path);
    }
  });

  it('prefers a literal to a parameter', () => {
    assert.deepEqual(name('GET', '/api/v1/organizations/-/connections'), ['ListOrganizationConnections', {}]);
    assert.deepEqual(name('GET', '/api/v1/connections/app'), ['ListAppConnections', {}]);
    assert.deepEqual(name('PATCH', '/api/v1/connections/conn_1:enable'), [
      'EnableEnvironmentConnection',
      { connection_id: 'conn_1' },
    ]);
    assert.deepEqual(name('DELETE', '/api/v1/users:external/u-1'), ['DeleteUser', { external_id: 'u-1' }]);
  });

  it('decodes each parameter separately', () => {
    const route = router.find('GET', '/api/v1/organizations:external/a%2Fb%3F%20c');
    assert.deepEqual(route.kind === 'found' && route.parameters, { external_id: 'a/b? c' });
    assert.deepEqual(name('GET', '/api/v1/organizations/%zz'), ['unknown']);
  });

  it('distinguishes a wrong method from an unknown path', () => {
    assert.deepEqual(name('PUT', '/api/v1/organizations'), ['wrongMethod']);
    assert.deepEqual(name('GET', '/api/v1/organisations'), ['unknown']);
    assert.deepEqual(name('GET', '/api/v1/organizations/'), ['unknown']);
    assert.deepEqual(name('get', '/api/v1/organizations'), ['wrongMethod']);
  });
});

describe('the transcoder', () => {
  const read = (httpMethod: string, path: string, body = '') => {
    const [pathname = '', query = ''] = path.split('?');
    const route = router.find(httpMethod, `/api/v1/${pathname}`);
    assert.ok(route.kind === 'found');
    return requestMessage(route.endpoint, {
      parameters: route.parameters,
      query: new URLSearchParams(query),
      body,
    }) as unknown as Record<string, unknown>;
  };

  it('reads queries: lists, nested fields, wrappers, enums by name and number, timestamps, either spelling', () => {
    assert.deepEqual(read('GET', 'logs/authentication/requests?status=A&status=B&pageSize=5')['status'], ['A', 'B']);
    assert.equal(read('GET', 'logs/authentication/requests?pageSize=5')['pageSize'], 5);
    assert.deepEqual(
      (read('GET', 'users/usr_1/sessions?filter.status=a&filter.status=b')['filter'] as { status: string[] }).status,
      ['a', 'b'],
    );
    assert.equal(read('GET', 'organizations/org_1/domains?page_size=7')['pageSize'], 7);
    assert.equal(read('GET', 'organizations/org_1/domains?domain_type=ORGANIZATION_DOMAIN')['domainType'], 2);
    assert.equal(read('GET', 'organizations/org_1/domains?domain_type=1')['domainType'], 1);
    assert.deepEqual(
      read('PUT', 'organizations/org_1/portal_links?features=sso&features=dir_sync')['features'],
      [2, 1],
    );
    const { startTime } = read('GET', 'logs/authentication/requests?start_time=2026-01-02T03:04:05Z') as {
      startTime: { seconds: bigint };
    };
    assert.equal(startTime.seconds, 1767323045n);
    assert.equal(
      read('POST', 'organizations/org_1/users?send_invitation_email=false', '{}')['sendInvitationEmail'],
      false,
    );
  });

  it('lets the path win over the body, and a later member of a oneof over an earlier one', () => {
    assert.equal(
      read('PATCH', 'organizations/org_1/session-policy', '{"organization_id":"org_2","policy_source":"CUSTOM"}')[
        'organizationId'
      ],
      'org_1',
    );
    assert.deepEqual(read('GET', 'organizations:external/x?id=org_1')['identities'], { case: 'id', value: 'org_1' });
  });

  it('fills the update mask of a PATCH from the body, as grpc-gateway does', () => {
    const mask = (body: string) =>
      (read('PATCH', 'organizations/org_1', body)['updateMask'] as { paths: string[] } | undefined)?.paths;
    assert.deepEqual(mask('{"displayName":"a","metadata":{}}'), ['display_name', 'metadata']);
    assert.equal(mask(''), undefined);
  });

  it('refuses values that don’t fit', () => {
    for (const [path, message] of [
      ['organizations?page_size=x', /parsing field "page_size"/],
      ['organizations/org_1/domains?domain_type=NOPE', /is not a valid value/],
      ['logs/authentication/requests?start_time=yesterday', /Timestamp/],
      ['organizations?page_size=1&page_size=2', /too many values/],
    ] as const) {
      assert.throws(() => read('GET', path), message);
    }
    assert.throws(
      () => read('POST', 'organizations', '{"region_code":"MARS"}'),
      /invalid value for enum field region_code: "MARS"/,
    );
    assert.throws(() => read('POST', 'organizations', '{'), /syntax error/);
    assert.throws(() => read('POST', 'organizations', '['.repeat(101)), /max recursion depth/);
    assert.throws(() => read('POST', 'tokens:validate', '[]'), /must be a JSON object/);
    assert.equal(
      (read('POST', 'organizations', '{"display_name":"[[[{{{\\"[["}')['organization'] as { displayName: string })
        .displayName,
      '[[[{{{"[[',
    );
  });
});

describe('HTTP statuses', () => {
  it('map to a gRPC status that maps back', () => {
    for (const http of [400, 401, 403, 404, 409, 429, 500, 501, 503, 504])
      assert.equal(grpcStatuses[grpcStatusOf(http)].http, http);
    assert.equal(grpcStatusOf(502), 'UNAVAILABLE');
    assert.equal(grpcStatusOf(418), 'INVALID_ARGUMENT');
  });
});
