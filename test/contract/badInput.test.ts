import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import fc from 'fast-check';
import {
  ListOrganizationsResponseSchema,
  UpdateOrganizationResponseSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { judgeError, RestJudge } from './restJudge';

const LOONEY = 'organizations/org_64444217115541813';

describe('the sandbox, given bad input,', () => {
  let sandbox: Sandbox;
  let rest: RestJudge;
  before(async () => {
    sandbox = await startSandbox({ organizations: 250, seed: 7 });
    rest = new RestJudge(sandbox);
  });
  after(() => sandbox.close());

  it('returns 404 for an unknown path and 501 for a wrong method, like grpc-gateway', async () => {
    for (const path of ['nope', 'organizations/a/b/c/d', 'organizations/%E0%A4%A', '..']) {
      assert.deepEqual(await rest.fail('GET', path, 404), { code: 5, message: 'Not Found', info: undefined });
    }
    for (const method of ['PUT', 'OPTIONS']) {
      assert.deepEqual(await rest.fail(method, 'organizations', 501), {
        code: 12,
        message: 'Method Not Allowed',
        info: undefined,
      });
    }
  });

  it('returns 501 with ErrorInfo for a known endpoint that it doesn’t serve', async () => {
    const error = await rest.fail('GET', 'tools', 501);
    assert.deepEqual([error.code, error.info?.errorCode], [12, 'UNIMPLEMENTED']);
  });

  it('returns 401 for a missing token, a wrong scheme, garbage and another environment’s token', async () => {
    const token = await rest.token();
    const [head, claims, signature = ''] = token.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const cases: [Record<string, string>, string][] = [
      [{}, 'Token empty'],
      [{ authorization: '' }, 'Token empty'],
      [{ authorization: 'Basic abc' }, 'Token empty'],
      [{ authorization: 'Bearer abc' }, 'Token invalid'],
      [{ authorization: `Bearer ${head}.${claims}.${signature.slice(0, -8)}AAAAAAAA` }, 'Token invalid'],
      [{ authorization: `Bearer ${none}.${claims}.` }, 'Token invalid'],
    ];
    for (const [headers, message] of cases) {
      const error = await rest.fail('GET', 'organizations', 401, { headers });
      assert.deepEqual([error.code, error.message, error.info?.errorCode], [16, message, 'UNAUTHENTICATED']);
    }
  });

  it('takes a page size of 0 as 10 and more than 100 as 100, and returns 400 for one that isn’t a number', async () => {
    for (const [size, rows] of [
      ['0', 10],
      ['', 10],
      ['1', 1],
      ['101', 100],
      ['1000000000', 100],
    ] as const) {
      const query = size === '' ? '' : `?page_size=${size}`;
      const { message } = await rest.send('GET', `organizations${query}`, ListOrganizationsResponseSchema);
      assert.equal(message.organizations.length, rows, size);
    }
    for (const size of ['-1', 'ten', '1.5', '4294967296', '1e3', '%20']) {
      const error = await rest.fail('GET', `organizations?page_size=${size}`, 400);
      assert.match(error.message, /^parsing field "page_size": strconv\.ParseUint/);
    }
    await rest.fail('GET', 'organizations?page_size=1&page_size=2', 400);
    const error = await rest.fail('GET', 'organizations:search?query=ab&page_size=31', 400);
    assert.deepEqual(
      error.info?.validationErrorInfo?.fieldViolations.map(({ field, constraint }) => [field, constraint]),
      [
        ['query', 'string.min_len'],
        ['page_size', 'uint32.lte'],
      ],
    );
  });

  it('returns 400 for page tokens that are invalid, changed or from another list', async () => {
    const { message } = await rest.send('GET', 'organizations', ListOrganizationsResponseSchema);
    const token = message.nextPageToken;
    const encoded = Buffer.from(Buffer.from(token.slice(2), 'base64').toString().replace(/^\d+/, '99')).toString(
      'base64',
    );
    for (const bad of [
      'x',
      '1',
      '>:',
      '>:####',
      `?:${token.slice(2)}`,
      `>:${encoded}`,
      `${token}=`,
      '>:'.padEnd(5000, 'A'),
    ]) {
      const error = await rest.fail('GET', `organizations?page_token=${encodeURIComponent(bad)}`, 400);
      assert.equal(error.message, 'invalid page token', bad.slice(0, 40));
    }
    await rest.fail('GET', `users?page_token=${encodeURIComponent(token)}`, 400);
    await rest.send('GET', `organizations?page_token=${encodeURIComponent(token)}`, ListOrganizationsResponseSchema);
  });

  it('refuses bodies that aren’t JSON, have a wrong type, an unknown enum value or too long a text, or are too deep or too big', async () => {
    const bad: [string, number][] = [
      ['{', 400],
      ['nope', 400],
      ['[]', 400],
      ['"text"', 400],
      ['{"display_name":1}', 400],
      ['{"display_name":["a"]}', 400],
      ['{"metadata":[]}', 400],
      ['{"metadata":{"key":{"a":1}}}', 400],
      ['{"display_name":"a","region_code":"MARS"}', 400],
      [`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, 400],
      [`{"x":${'['.repeat(100_000)}`, 400],
      ['', 400],
      ['null', 400],
      ['{}', 400],
      [JSON.stringify({ display_name: 'x'.repeat(201) }), 400],
      [JSON.stringify({ display_name: 'x', metadata: { ab: 'v' } }), 400],
      [JSON.stringify({ display_name: 'x', slug: 'No Slug' }), 400],
      [JSON.stringify({ display_name: 'x', logo_url: 'http://example.com/a.png' }), 400],
      [JSON.stringify({ display_name: 'x'.repeat(5 * 1024 * 1024) }), 413],
    ];
    for (const [rawBody, status] of bad) await rest.fail('POST', 'organizations', status, { rawBody });
    await rest.fail('POST', 'roles', 400, { body: { name: 'a b', display_name: 'x' } });
    await rest.fail('PATCH', `${LOONEY}/settings`, 400, { body: { features: [{ name: 'teleport', enabled: true }] } });
    const { message } = await rest.send('GET', 'organizations', ListOrganizationsResponseSchema);
    assert.equal(message.totalSize, 250, 'none of them created an organization');
  });

  it('ignores unknown fields and query parameters, like grpc-gateway', async () => {
    await rest.send('GET', 'organizations?color=red&a.b=c', ListOrganizationsResponseSchema);
    await rest.send('PATCH', LOONEY, UpdateOrganizationResponseSchema, {
      body: { display_name: 'Looney Corp', color: 'red' },
    });
  });

  it('returns the documented 400 for an id in the query beside the external id in the path', async () => {
    const error = await rest.fail('GET', 'organizations:external/my_unique_id?id=org_64444217115541813', 400);
    assert.equal(error.message, 'ExternalId is required');
  });

  it('returns 409 for duplicates, and frees the external id of a deleted organization', async () => {
    const error = await rest.fail('POST', 'organizations', 409, {
      body: { display_name: 'Copy', external_id: 'my_unique_id' },
    });
    assert.equal(error.info?.errorCode, 'ALREADY_EXISTS');
    await rest.fail('PATCH', 'organizations/org_64444217115549732', 409, { body: { external_id: 'my_unique_id' } });
  });

  it('responds to all clients that write the same organization at the same time, and keeps the last write', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `Name ${index}`);
    const responses = await Promise.all(
      names.map((name) =>
        rest.send('PATCH', LOONEY, UpdateOrganizationResponseSchema, { body: { display_name: name } }),
      ),
    );
    assert.deepEqual(
      responses.map(({ message }) => message.organization?.displayName),
      names,
      'each client sees what it wrote',
    );
    const { message } = await rest.send('GET', 'organizations?page_size=1', ListOrganizationsResponseSchema);
    assert.ok(names.includes(message.organizations[0]?.displayName ?? ''));
  });

  it('responds to random bodies and queries as the schemas say, never with a 500', async () => {
    const methods: [string, string][] = [
      ['POST', 'organizations'],
      ['PATCH', LOONEY],
      ['POST', `${LOONEY}/users`],
      ['POST', 'roles'],
      ['POST', `${LOONEY}/clients`],
      ['POST', 'events'],
      ['PATCH', `${LOONEY}/session-policy`],
      ['POST', `${LOONEY}/connections`],
      ['POST', 'tokens'],
      ['POST', `${LOONEY}/domains`],
    ];
    const keys = fc.constantFrom(
      'display_name',
      'metadata',
      'external_id',
      'email',
      'name',
      'permissions',
      'policy_source',
      'type',
      'expiry',
      'custom_claims',
      'membership',
      'domain',
      'token',
      'start_time',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
      ),
    }));
    const token = await rest.token();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...methods),
        value,
        fc.string({ maxLength: 20 }),
        async ([method, path], body, query) => {
          const response = await fetch(`${sandbox.url}/api/v1/${path}?page_size=${encodeURIComponent(query)}`, {
            method,
            headers: { authorization: `Bearer ${token}` },
            body: JSON.stringify(body) ?? '',
          });
          const text = await response.text();
          assert.ok(response.status < 500, `${method} ${path} ${JSON.stringify(body)} gave ${text}`);
          if (response.status >= 400) judgeError(text);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('closes the connection if the input isn’t HTTP, and keeps running', async () => {
    for (const bytes of [
      '\x00\x01\x02\x03\x04\r\n\r\n',
      'P',
      'PRI',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nrubbish rubbish rubbish',
      'GET / HTTP/1.1\r\nHost',
      `POST /api/v1/organizations HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"dis`,
    ]) {
      const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(bytes);
      await new Promise((resolve) => setTimeout(resolve, 20));
      socket.resetAndDestroy();
    }
    const session = connectHttp2(sandbox.url);
    session.on('error', () => undefined);
    for (const [path, body] of [
      ['/nope', ''],
      ['/scalekit.v1.organizations.OrganizationService/ListOrganization', 'rubbish'],
    ] as const) {
      const stream = session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc+proto',
        te: 'trailers',
      });
      stream.on('error', () => undefined);
      stream.end(body);
      const [headers] = (await once(stream, 'response')) as [Record<string, string>];
      assert.ok(headers[':status'] !== undefined);
      stream.resume();
      await once(stream, 'close');
    }
    session.destroy();
    await rest.send('GET', 'organizations', ListOrganizationsResponseSchema);
  });
});
