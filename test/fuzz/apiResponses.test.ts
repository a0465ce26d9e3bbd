import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LONGEST_LIFETIME_MS, readTokenResponse } from '../../src/api/client/accessToken';
import { readConnection } from '../../src/api/connections';
import { readDirectory, readDirectoryGroup, readDirectoryUser } from '../../src/api/directories';
import { readDomain } from '../../src/api/domains';
import { errorFromResponse } from '../../src/api/client/errorResponse';
import { readOrganizationClient } from '../../src/api/organizationClients';
import { readOrganization } from '../../src/api/organizations';
import { readPage } from '../../src/api/page';
import { parseRetryAfter } from '../../src/api/client/retry';
import { readPermission, readRole } from '../../src/api/roles';
import { ScalekitError } from '../../src/api/client/scalekitError';
import { REDACTED, redactSecrets } from '../../src/api/secretFields';
import { readSignIn } from '../../src/api/signInLog';
import { readUser } from '../../src/api/users';
import type { HttpResponse } from '../../src/api/client/http';
import { configureRuns } from './runs';

configureRuns();

const readers: Readonly<Record<string, (value: unknown) => object | undefined>> = {
  readConnection,
  readDirectory,
  readDirectoryGroup,
  readDirectoryUser,
  readDomain,
  readOrganization,
  readOrganizationClient,
  readPermission,
  readRole,
  readSignIn,
  readUser,
};

/** Names of fields that Scalekit uses, so that some objects resemble its responses. */
const field = fc.constantFrom(
  ...[
    'id',
    'name',
    'display_name',
    'external_id',
    'metadata',
    'settings',
    'features',
    'enabled',
    'create_time',
    'update_time',
    'created_at',
  ],
  ...[
    'domains',
    'domain',
    'status',
    'secrets',
    'secret_suffix',
    'scopes',
    'audience',
    'expiry',
    'memberships',
    'organization_id',
    'roles',
  ],
  ...[
    'user_profile',
    'email',
    'auth_request_id',
    'environment_id',
    'permissions',
    'extends',
    'total_users',
    'last_synced_at',
    'client_id',
    'groups',
    '__proto__',
  ],
);
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(
      null,
      true,
      false,
      0,
      -1,
      1e21,
      '',
      'org_1',
      '0001-01-01T00:00:00Z',
      '2026-01-01T00:00:00.5Z',
      '18446744064486179580',
    ),
    fc.string(),
    fc.double(),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(field, tie('any'), { maxKeys: 6 }),
  ),
})).any;

function response(status: number, text: string, retryAfter: string | null = null): HttpResponse {
  return { status, text, contentType: 'application/json', retryAfter, traceId: undefined } as HttpResponse;
}

describe('Whatever an API response contains,', () => {
  for (const [name, read] of Object.entries(readers)) {
    it(`${name} returns a record with valid texts and times, or none`, () => {
      fc.assert(
        fc.property(value, (json) => {
          const record = read(json);
          if (record === undefined) return;
          for (const each of Object.values(record)) if (each instanceof Date) assert.ok(!Number.isNaN(each.getTime()));
          const { id, name: role } = record as { id?: unknown; name?: unknown };
          assert.ok(typeof (id ?? role) === 'string' && (id ?? role) !== '');
        }),
      );
    });
  }

  it('a list becomes a page or a protocol error', () => {
    fc.assert(
      fc.property(value, (json) => {
        try {
          const page = readPage(json, 'organizations', readOrganization);
          assert.ok(page.totalSize === undefined || (Number.isSafeInteger(page.totalSize) && page.totalSize >= 0));
          assert.ok(page.nextPageToken !== '');
        } catch (error) {
          assert.ok(error instanceof ScalekitError && error.kind === 'protocol', String(error));
        }
      }),
    );
  });

  it('a failure has a known kind and little text', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }),
        fc.oneof(
          fc.string(),
          value.map((json) => JSON.stringify(json) ?? ''),
        ),
        fc.constantFrom('api' as const, 'authorization' as const),
        (status, text, server) => {
          const { details, kind } = errorFromResponse(response(status, text), server, 0);
          assert.equal(details.status, status);
          assert.ok((details.serverMessage ?? '').length <= 300 && (details.errorCode ?? '').length <= 64);
          assert.notEqual(kind, 'cancelled');
        },
      ),
    );
  });

  it('an accepted token has a lifetime above zero and at most 24 hours', () => {
    const body = fc.record(
      {
        access_token: fc.oneof(fc.constant('a.b.c'), fc.string(), value),
        token_type: fc.oneof(fc.constant('Bearer'), value),
        expires_in: value,
        scope: value,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(body, (json) => {
        try {
          const { lifetimeMs, value: token } = readTokenResponse(response(200, JSON.stringify(json)), 0);
          assert.ok(lifetimeMs > 0 && lifetimeMs <= LONGEST_LIFETIME_MS, String(lifetimeMs));
          assert.match(token, /^[\x21-\x7e]+$/);
        } catch (error) {
          assert.ok(error instanceof ScalekitError && error.kind === 'protocol', String(error));
        }
      }),
    );
  });

  it('Retry-After becomes a wait that isn’t negative, or nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.date().map(String),
          fc.integer().map(String),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        fc.nat(),
        (text, now) => {
          const wait = parseRetryAfter(text, now);
          assert.ok(wait === undefined || wait >= 0, `${wait}`);
        },
      ),
    );
  });

  it('a secret in it isn’t shown', () => {
    const secret = 'marker-secret-5f1c';
    fc.assert(
      fc.property(
        value,
        fc.constantFrom('client_secret', 'secret', 'plain_secret', 'access_token', 'refresh_token', 'password'),
        fc.array(fc.oneof(field, fc.nat({ max: 3 })), { maxLength: 5 }),
        (json, name, path) => {
          let inside: unknown = { [name]: secret, around: json };
          for (const step of path)
            inside = typeof step === 'number' ? [json, inside] : { [step === '__proto__' ? 'proto' : step]: inside };
          const { json: shown } = redactSecrets(inside);
          assert.ok(!JSON.stringify(shown).includes(secret));
          assert.ok(JSON.stringify(shown).includes(REDACTED));
        },
      ),
    );
  });

  it('JSON nested 20,000 deep does no harm', () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as unknown;
    for (const read of Object.values(readers))
      assert.doesNotThrow(() =>
        read({ id: 'x_1', name: 'x', metadata: deep, settings: deep, domains: deep, memberships: deep, secrets: deep }),
      );
  });
});
