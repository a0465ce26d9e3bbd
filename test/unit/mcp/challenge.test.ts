import assert from 'node:assert/strict';
import { readChallenge } from '../../../src/mcp/challenge';
import {
  isSameButForSlash,
  resourceMetadataAddresses,
  scalekitResource,
  serverMetadataAddresses,
} from '../../../src/mcp/metadataAddresses';
import { readServerUrl } from '../../../src/mcp/serverUrl';

describe('a WWW-Authenticate header', () => {
  it('is read wherever its Bearer challenge stands, quoted or not', () => {
    const link = 'https://mcp.example.com/.well-known/oauth-protected-resource';
    for (const header of [
      `Bearer realm="OAuth", resource_metadata="${link}"`,
      `bearer resource_metadata=${link}`,
      `Basic realm="x", Bearer resource_metadata="${link}", error="invalid_token"`,
      `BEARER  scope="a b" ,resource_metadata = "${link}"`,
      `Bearer error_description="a \\"quoted\\" text, with a comma", resource_metadata="${link}"`,
    ])
      assert.equal(readChallenge(header)?.resourceMetadata, link, header);
  });

  it('has no Bearer challenge if another scheme’s text only has the word', () => {
    for (const header of ['', 'Basic realm="bearer"', 'Bearerx a=b', 'Digest a="b"'])
      assert.equal(readChallenge(header), undefined, header);
    assert.deepEqual(readChallenge('Bearer'), {
      resourceMetadata: undefined,
      scope: undefined,
      error: undefined,
      errorDescription: undefined,
    });
  });

  it('may be as long and as strange as it likes', () => {
    for (const header of [
      `Bearer ${'a='.repeat(50_000)}`,
      `Bearer ${'"'.repeat(50_000)}`,
      `Bearer a="${'\\'.repeat(50_001)}`,
    ])
      assert.ok(readChallenge(header) !== undefined);
  });
});

describe('the addresses of metadata', () => {
  it('are those that clients ask for', () => {
    assert.deepEqual(resourceMetadataAddresses('https://mcp.example.com/mcp/'), {
      atPath: 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp',
      atRoot: 'https://mcp.example.com/.well-known/oauth-protected-resource',
    });
    assert.equal(resourceMetadataAddresses('https://mcp.example.com/').atRoot, undefined);
    assert.deepEqual(serverMetadataAddresses('https://acme.scalekit.dev/resources/res_1'), {
      rfc: 'https://acme.scalekit.dev/.well-known/oauth-authorization-server/resources/res_1',
      suffix: 'https://acme.scalekit.dev/resources/res_1/.well-known/oauth-authorization-server',
    });
  });

  it('are compared to the last slash', () => {
    assert.ok(isSameButForSlash('https://a.example/mcp', 'https://a.example/mcp/'));
    assert.ok(!isSameButForSlash('https://a.example/mcp', 'https://a.example/mcp/x'));
    assert.deepEqual(scalekitResource('http://localhost:8787/resources/res_1'), {
      environmentUrl: 'http://localhost:8787',
      resourceId: 'res_1',
    });
    assert.equal(scalekitResource('https://acme.scalekit.dev'), undefined);
  });
});

describe('the URL of an MCP server', () => {
  for (const [typed, url] of [
    ['https://mcp.example.com/mcp', 'https://mcp.example.com/mcp'],
    ['mcp.example.com/mcp/', 'https://mcp.example.com/mcp/'],
    ['localhost:3002/mcp', 'http://localhost:3002/mcp'],
    ['  http://127.0.0.1:3002  ', 'http://127.0.0.1:3002/'],
  ] as const)
    it(`may be typed as ${typed}`, () => assert.deepEqual(readServerUrl(typed), { url }));
  for (const [typed, fault] of [
    ['', 'empty'],
    ['http://mcp.example.com/mcp', 'insecure'],
    ['https://me:secret@mcp.example.com/', 'userInfo'],
    ['https://@mcp.example.com/', 'userInfo'],
    ['https://mcp.example.com/?key=secret', 'query'],
    ['https://mcp.example.com/#x', 'fragment'],
    ['ftp://mcp.example.com/', 'scheme'],
    ['https://mcp example.com/', 'malformed'],
    [`https://mcp.example.com/${'x'.repeat(3_000)}`, 'tooLong'],
  ] as const)
    it(`can’t be ${typed.slice(0, 50) || 'empty'}`, () => assert.deepEqual(readServerUrl(typed), { fault }));
});
