import assert from 'node:assert/strict';
import { errorFromResponse, parseJson } from '../../../../src/api/client/errorResponse';
import type { ScalekitError, ScalekitServer } from '../../../../src/api/client/scalekitError';

const NOW = Date.UTC(2030, 0, 1);

function error(
  status: number,
  body: unknown,
  more: { server?: ScalekitServer; retryAfter?: string; contentType?: string } = {},
): ScalekitError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return errorFromResponse(
    { status, text, contentType: more.contentType ?? '', retryAfter: more.retryAfter ?? null, traceId: 'abc123' },
    more.server ?? 'api',
    NOW,
  );
}

describe('errorFromResponse', () => {
  it('reads the API’s error envelope as Scalekit documents it', () => {
    const { kind, details } = error(
      401,
      '{"code":16,"message":"Token empty","details":[{"@type":"type.googleapis.com/scalekit.v1.errdetails.ErrorInfo","error_code":"UNAUTHENTICATED"}]}',
    );
    assert.equal(kind, 'credentials');
    assert.deepEqual(details, {
      server: 'api',
      status: 401,
      maybeReceived: true,
      errorCode: 'UNAUTHENTICATED',
      serverMessage: 'Token empty',
      traceId: 'abc123',
      retryAfterMs: undefined,
      requiredPermissions: [],
      fieldViolations: [],
      reason: undefined,
    });
  });

  it('finds the ErrorInfo among other details', () => {
    const { details } = error(400, {
      code: 3,
      message: 'bad',
      details: ['x', null, { '@type': 'other' }, { error_code: 'INVALID_ARGUMENT' }],
    });
    assert.equal(details.errorCode, 'INVALID_ARGUMENT');
  });

  it('reads a bare ErrorInfo', () => {
    const { details } = error(400, {
      error_code: 'INVALID_ARGUMENT',
      validation_error_info: {
        field_violations: [
          { field: 'query', description: 'must be at least 3 characters', constraint: 'string.min_len' },
          {},
          7,
        ],
      },
    });
    assert.equal(details.errorCode, 'INVALID_ARGUMENT');
    assert.deepEqual(details.fieldViolations, [{ field: 'query', description: 'must be at least 3 characters' }]);
  });

  it('reads which permissions are missing', () => {
    const info = {
      error_code: 'PERMISSION_DENIED',
      resource_info: { required_permissions: ['organizations_read', 7, 'x'] },
    };
    const { kind, details } = error(403, { code: 7, message: 'no', details: [info] });
    assert.equal(kind, 'forbidden');
    assert.deepEqual(details.requiredPermissions, ['organizations_read', 'x']);
  });

  it('reads an error of the token endpoint', () => {
    const wrong = error(401, { error: 'invalid_client' }, { server: 'authorization' });
    assert.equal(wrong.kind, 'credentials');
    assert.equal(wrong.details.errorCode, 'invalid_client');
    assert.equal(wrong.details.serverMessage, undefined);
    const described = error(
      400,
      { error: 'invalid_request', error_description: 'grant_type missing' },
      { server: 'authorization' },
    );
    assert.equal(described.kind, 'invalid');
    assert.equal(described.details.serverMessage, 'grant_type missing');
  });

  it('treats a refused client as wrong credentials, whatever the status', () => {
    assert.equal(error(400, { error: 'invalid_client' }, { server: 'authorization' }).kind, 'credentials');
    assert.equal(error(400, { error: 'unauthorized_client' }, { server: 'authorization' }).kind, 'credentials');
  });

  it('classifies HTML, an empty body and other JSON by the status', () => {
    for (const [body, reason] of [
      ['<html><h1>502 Bad Gateway</h1></html>', 'webPage'],
      ['', 'empty'],
      ['[1]', 'notJson'],
      ['null', 'notJson'],
      ['7', 'notJson'],
    ] as const) {
      const { kind, details } = error(502, body);
      assert.equal(kind, 'server');
      assert.equal(details.reason, reason);
      assert.equal(details.serverMessage, undefined);
    }
  });

  it('doesn’t mistake the 401 or 403 of a web page for Scalekit’s', () => {
    for (const contentType of ['text/html', 'Text/HTML; charset=utf-8', 'application/xhtml+xml']) {
      for (const status of [401, 403]) {
        const { kind, details } = error(status, '<html><h1>Sign in to the proxy</h1></html>', { contentType });
        assert.equal(kind, 'protocol');
        assert.equal(details.reason, 'webPage');
      }
    }
    assert.equal(error(404, '<html>', { contentType: 'text/html' }).kind, 'notFound');
    // Scalekit itself may send nothing but the status.
    for (const contentType of ['', 'text/plain', 'application/json']) {
      assert.equal(error(401, '', { contentType }).kind, 'credentials');
      assert.equal(error(403, '', { contentType }).kind, 'forbidden');
    }
    assert.equal(error(403, { message: 'no' }, { contentType: 'text/html' }).kind, 'forbidden');
  });

  it('maps each status to a kind', () => {
    const kinds = {
      300: 'protocol',
      400: 'invalid',
      401: 'credentials',
      403: 'forbidden',
      404: 'notFound',
      405: 'invalid',
      408: 'timeout',
      409: 'conflict',
      422: 'invalid',
      429: 'rateLimit',
      500: 'server',
      501: 'server',
      503: 'server',
    };
    for (const [status, kind] of Object.entries(kinds)) assert.equal(error(Number(status), {}).kind, kind, status);
  });

  it('reads Retry-After', () => {
    assert.equal(error(429, {}, { retryAfter: '7' }).details.retryAfterMs, 7_000);
    assert.equal(error(429, {}, { retryAfter: 'Tue, 01 Jan 2030 00:00:05 GMT' }).details.retryAfterMs, 5_000);
    assert.equal(error(429, {}, { retryAfter: 'soon' }).details.retryAfterMs, undefined);
  });

  it('truncates long messages and error codes', () => {
    const { details } = error(400, { message: 'm'.repeat(10_000), details: [{ error_code: 'E'.repeat(10_000) }] });
    assert.equal(details.serverMessage?.length, 300);
    assert.equal(details.errorCode?.length, 64);
  });

  it('tolerates fields of any type', () => {
    for (const value of [null, 7, [], {}, true]) {
      const { kind } = error(400, {
        code: value,
        message: value,
        details: value,
        error: value,
        error_code: value,
        resource_info: value,
        validation_error_info: value,
      });
      assert.equal(kind, 'invalid');
    }
  });
});

describe('parseJson', () => {
  it('returns undefined for text that isn’t JSON', () => {
    assert.deepEqual(parseJson('{"a":1}'), { a: 1 });
    assert.equal(parseJson('<html>'), undefined);
    assert.equal(parseJson(''), undefined);
  });
});
