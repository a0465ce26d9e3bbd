import assert from 'node:assert/strict';
import { apiMethods } from '../../../src/sandbox/protocol/endpoints';
import { serviceDescriptors } from '../../../src/sandbox/protocol/serviceDescriptors';
import type { ReceivedRequest } from '../../../src/sandbox/receivedRequests';
import { requestViewer, type ShownRequest } from '../../../src/sandbox/shownRequest';

/** Tokens, secrets and codes in many forms, even short ones. None may be shown. */
const SECRETS = [
  'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c3JfMSJ9.c2lnbmF0dXJl',
  'test_Zk3vQ0m7bH2nT9xR4cW8sL1pY6dF5gJ0aKuEiVoB',
  'live_abcdefghijklmnopqrst',
  'test_123456789012345678',
  'Zk3vQ0m7bH2nT9xR',
  'abcdefghijklmnop',
  '483920',
  'BDWP-HQPK',
  'correct-horse',
];

describe('a shown request', () => {
  const view = requestViewer(apiMethods(serviceDescriptors));
  const shown = (path: string, more: Partial<ReceivedRequest> = {}): ShownRequest =>
    view({
      time: 1,
      protocol: 'rest',
      method: 'GET',
      path,
      status: 200,
      traceId: 'trace',
      fromWorkbench: false,
      ...more,
    });

  it('contains the API’s words, the sandbox’s IDs and the query’s names without their values', () => {
    assert.deepEqual(shown('/api/v1/organizations/org_64444217115541813/connections?page_size=5&include=a&include=b'), {
      time: 1,
      protocol: 'rest',
      method: 'GET',
      path: '/api/v1/organizations/org_64444217115541813/connections',
      query: ['page_size', 'include'],
      status: 200,
      traceId: 'trace',
      fromWorkbench: false,
    });
    for (const path of [
      '/oauth/token',
      '/keys',
      '/.well-known/openid-configuration',
      '/api/v1/users:search',
      '/scalekit.v1.organizations.OrganizationService/ListOrganization',
    ])
      assert.equal(shown(path).path, path);
  });

  it('has … in place of every other part of its path', () => {
    assert.equal(shown('/api/v1/roles/secret-role').path, '/api/v1/roles/…');
    assert.equal(shown('/magicLink/***').path, '/magicLink/…');
    assert.equal(shown('/api/v1/organisations').path, '/api/v1/…');
    assert.equal(shown('/api/v1/organizations/org_644%2e').path, '/api/v1/organizations/…');
  });

  it('contains no token, secret or code, wherever that was', () => {
    for (const secret of SECRETS) {
      const encoded = encodeURIComponent(secret);
      for (const path of [
        `/${encoded}`,
        `/api/v1/organizations/${encoded}`,
        `/api/v1/organizations/${encoded}/users`,
        `/api/v1/organizations/org_1:${encoded}`,
        `/api/v1/organizations/org_1.${encoded}`,
        `/oauth/authorize?code=${encoded}&state=${encoded}`,
        `/keys?code=${encoded}?${encoded}`,
        `/keys;${encoded}`,
      ]) {
        const text = JSON.stringify(shown(path));
        assert.ok(!text.includes(secret) && !text.includes(encoded), `${path}: ${text}`);
      }
    }
    for (const secret of SECRETS.slice(0, 5))
      assert.deepEqual(shown(`/keys?${encodeURIComponent(secret)}&page_size`).query, ['…', 'page_size'], secret);
  });

  it('is limited in size, whatever was sent', () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `name${'a'.repeat(index % 8)}${index}=1`).join('&');
    const { path, query } = shown(`/${'org_1/'.repeat(5_000)}?${names}`);
    assert.ok(path.length <= 300 && query.length <= 20, `${path.length}, ${query.length}`);
    assert.equal(shown('/keys', { method: 'x'.repeat(1_000) }).method, '…');
  });
});
