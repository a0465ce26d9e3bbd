import assert from 'node:assert/strict';
import { isForItsResource, isResourceId, resourceOfIssuer } from '../../../../src/tokens/inspect/mcpAudience';

describe('the audience of a token for an MCP server', () => {
  const RESOURCE = 'https://acme.scalekit.dev/resources/res_1';

  it('is the resource that issued it, by its ID or by a URL', () => {
    assert.equal(resourceOfIssuer(RESOURCE), 'res_1');
    for (const audience of ['res_1', ['skc_1', 'res_1'], ['https://mcp.example.com/mcp'], 'http://localhost:3002/'])
      assert.ok(isForItsResource(RESOURCE, audience), String(audience));
    for (const audience of ['res_2', [], undefined, 7, ['skc_1'], { res_1: 1 }])
      assert.ok(!isForItsResource(RESOURCE, audience), String(audience));
  });

  it('isn’t judged for another issuer, such as the environment', () => {
    for (const issuer of ['https://acme.scalekit.dev', undefined, 7, '', 'resources/res_1', `${RESOURCE}/x`]) {
      assert.equal(resourceOfIssuer(issuer), undefined);
      assert.ok(isForItsResource(issuer, 'skc_1'));
    }
  });

  it('has an ID of letters and digits', () => {
    assert.ok(isResourceId('res_123') && !isResourceId('res_') && !isResourceId('xres_1') && !isResourceId('res_1/x'));
  });
});
