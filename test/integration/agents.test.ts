import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { AgentTools } from '../../src/agents/agentTools';
import { TOOL_NAMES, type ToolName } from '../../src/agents/toolNames';
import { isRecord, type JsonRecord } from '../../src/api/json';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { workbenchExtension } from '../support/companion';
import { signedJwt } from '../support/jwt';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';

describe('the tools for language models', () => {
  let sandbox: Sandbox;
  let parts: StartedWorkbench;
  let tools: AgentTools;
  let id: string;

  const never = new vscode.CancellationTokenSource().token;

  async function text(name: ToolName, input: object, cancellation = never, tokenBudget?: number): Promise<string> {
    const tokenizationOptions = tokenBudget === undefined ? undefined : { tokenBudget, countTokens: async () => 0 };
    const { content } = await tools.invoke(
      name,
      { input, toolInvocationToken: undefined, tokenizationOptions },
      cancellation,
    );
    assert.equal(content.length, 1);
    const [part] = content;
    return part instanceof vscode.LanguageModelTextPart ? part.value : assert.fail('no text');
  }

  /** The data between the two marker lines. */
  async function data(name: ToolName, input: object = {}): Promise<JsonRecord> {
    const result = await text(name, input);
    const [, json] =
      /^----- data [0-9a-f]{16} -----\n(.*)\n----- end of data [0-9a-f]{16} -----$/m.exec(result) ??
      assert.fail(result);
    const value: unknown = JSON.parse(json ?? '');
    return isRecord(value) ? value : assert.fail(json);
  }

  const records = async (name: ToolName, field: string, input: object = {}): Promise<JsonRecord[]> =>
    (await data(name, input))[field] as JsonRecord[];

  before(async () => {
    sandbox = await startSandbox({ organizations: 250, seed: 1 });
  });

  after(() => sandbox.close());

  beforeEach(async () => {
    parts = await startWorkbench();
    await parts.store.load();
    parts.redactor.add(sandbox.clientSecret);
    id = await parts.add({
      environmentUrl: sandbox.url,
      clientId: sandbox.clientId,
      clientSecret: sandbox.clientSecret,
    });
    tools = await parts.agentTools();
    sandbox.clearFaults();
    sandbox.clearRequests();
  });

  afterEach(() => parts.end());

  it('list all organizations over several calls', async () => {
    const ids: unknown[] = [];
    let page: unknown;
    do {
      const result = await data('scalekit_list_organizations', { page });
      assert.deepEqual(result['environment'], {
        id,
        name: parts.environments.get(id)?.name,
        host: new URL(sandbox.url).host,
        production: false,
      });
      assert.equal(result['total'], 250);
      ids.push(...(result['organizations'] as JsonRecord[]).map((organization) => organization['id']));
      page = result['nextPage'];
    } while (page !== undefined);
    assert.equal(ids.length, 250);
    assert.equal(new Set(ids).size, 250);
    assert.equal(sandbox.requests.filter(({ path }) => path.startsWith('/api/')).length, 3, 'pages are asked for once');
  });

  it('search, and get what they found by its ID', async () => {
    const [found] = await records('scalekit_search_organizations', 'organizations', { query: 'Looney' });
    assert.equal(found?.['displayName'], 'Looney Corp');
    const { organization } = await data('scalekit_get_organization', { organizationId: found['id'] });
    assert.equal((organization as JsonRecord)['displayName'], 'Looney Corp');
    const externalId = (organization as JsonRecord)['externalId'];
    const again = await data('scalekit_get_organization', { externalId });
    assert.deepEqual(again['organization'], organization);
  });

  it('read what an organization contains', async () => {
    const [found] = await records('scalekit_search_organizations', 'organizations', { query: 'Looney' });
    const input = { organizationId: found?.['id'] };
    const [connection] = await records('scalekit_list_connections', 'connections', input);
    assert.match(String(connection?.['id']), /^conn_/);
    assert.equal(typeof connection?.['enabled'], 'boolean');
    assert.match(String((await records('scalekit_list_directories', 'directories', input))[0]?.['id']), /^dir_/);
    assert.match(String((await records('scalekit_list_domains', 'domains', input))[0]?.['domain']), /\./);
    assert.match(String((await records('scalekit_list_users', 'users', input))[0]?.['email']), /@/);
    const signIns = async (filter: object): Promise<JsonRecord[]> => {
      const found: JsonRecord[] = [];
      let page: unknown;
      do {
        const result = await data('scalekit_read_sign_in_log', { ...input, ...filter, page });
        found.push(...(result['signIns'] as JsonRecord[]));
        page = result['nextPage'];
      } while (page !== undefined);
      return found;
    };
    const log = await signIns({});
    assert.ok(log.length > 0);
    for (const status of ['INITIATED', 'PENDING', 'SUCCESS', 'FAILED']) {
      assert.deepEqual(
        await signIns({ status: status.toLowerCase() }),
        log.filter((entry) => entry['status'] === status),
      );
    }
  });

  it('read Scalekit’s current state, not an earlier copy', async () => {
    const [found] = await records('scalekit_search_organizations', 'organizations', { query: 'Looney' });
    const input = { organizationId: found?.['id'], query: 'Looney' };
    const names = TOOL_NAMES.filter((name) => name !== 'scalekit_decode_jwt');
    const paths = async (): Promise<string[]> => {
      sandbox.clearRequests();
      for (const name of names) await data(name, input);
      return sandbox.requests.map(({ path }) => path).filter((path) => path.startsWith('/api/'));
    };
    const first = await paths();
    assert.ok(first.length >= names.length);
    assert.deepEqual(await paths(), first);
  });

  it('never change anything', async () => {
    const [found] = await records('scalekit_list_organizations', 'organizations');
    for (const name of TOOL_NAMES) {
      if (name !== 'scalekit_decode_jwt') await text(name, { organizationId: found?.['id'], query: 'Looney' });
    }
    // Scalekit's search for events is a POST with a filter, but it changes nothing.
    const isReading = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
      method === 'GET' || path === '/oauth/token' || path.split('?')[0] === '/api/v1/events/paginated';
    assert.deepEqual(
      sandbox.requests.filter((request) => !isReading(request)),
      [],
    );
    assert.ok(sandbox.requests.length >= 8);
  });

  it('explain what’s wrong with their input, and send no request', async () => {
    const wrong: readonly [ToolName, object, RegExp][] = [
      ['scalekit_search_organizations', { query: 'ab' }, /at least 3 characters/],
      ['scalekit_search_organizations', {}, /"query" is missing/],
      ['scalekit_get_organization', {}, /"organizationId" is missing/],
      ['scalekit_list_connections', {}, /"organizationId" is missing/],
      ['scalekit_list_connections', { organizationId: '..' }, /must be the id of an organization/],
      ['scalekit_list_users', { organizationId: ['org_1'] }, /must be a string/],
      ['scalekit_list_organizations', { page: 'next' }, /"nextPage" of an earlier result/],
      ['scalekit_list_organizations', { environment: 'nowhere' }, new RegExp(`by its id: .*id ${id}`)],
      ['scalekit_read_sign_in_log', { organizationId: 'org_1', status: 'odd' }, /one of INITIATED/],
    ];
    for (const [name, input, message] of wrong) await assert.rejects(text(name, input), message);
    assert.deepEqual(sandbox.requests, []);
  });

  it('explain why a call failed', async () => {
    await assert.rejects(
      text('scalekit_get_organization', { organizationId: 'org_404' }),
      /Scalekit has nothing with this ID\. Check the ID\./,
    );
    sandbox.addFault({ path: '/api/v1/organizations', status: 403 });
    await assert.rejects(text('scalekit_list_organizations', {}), /may not do that|lacks the permission/);
    await parts.stored.remove(id);
    await assert.rejects(text('scalekit_list_organizations', {}), /no Scalekit environment/);
  });

  it('stop when the model no longer wants the result', async () => {
    const source = new vscode.CancellationTokenSource();
    const answer = text('scalekit_list_organizations', {}, source.token);
    source.cancel();
    await assert.rejects(answer, vscode.CancellationError);
    await assert.rejects(text('scalekit_list_organizations', {}, source.token), vscode.CancellationError);
  });

  it('return no more than a model accepts', async () => {
    const short = await text('scalekit_list_organizations', {}, never, 500);
    assert.ok(short.length < 2_500, String(short.length));
    assert.match(short, /"nextPage":"\d+:"/);
  });

  it('ask first, naming the environment and whether it’s production', async () => {
    const test = await tools.prepare('scalekit_search_organizations', { query: 'Lo*oney' });
    const message = (prepared: vscode.PreparedToolInvocation): string => {
      const text = prepared.confirmationMessages?.message;
      assert.ok(text instanceof vscode.MarkdownString);
      return text.value.replaceAll('&nbsp;', ' ');
    };
    assert.equal(test.confirmationMessages?.title, 'Read from Scalekit?');
    assert.match(
      message(test),
      new RegExp(
        `^Environment: .*${new URL(sandbox.url).port}\\. The model gets the organizations that match “Lo\\\\\\*oney”\\. Nothing is changed`,
      ),
    );
    await parts.stored.setProduction(id, true);
    assert.match(
      message(await tools.prepare('scalekit_list_organizations', {})),
      /, production\. The model gets the list of organizations\./,
    );
    await assert.rejects(
      tools.prepare('scalekit_list_organizations', { environment: 'nowhere' }),
      /must name one of these/,
    );
    assert.deepEqual(sandbox.requests, []);
  });

  it('read only the environment that you confirmed', async () => {
    const other = await parts.add({
      environmentUrl: sandbox.url,
      clientId: sandbox.clientId,
      clientSecret: sandbox.clientSecret,
    });
    await parts.store.setActive(id);
    await tools.prepare('scalekit_list_organizations', {});
    await parts.store.setActive(other);
    await assert.rejects(text('scalekit_list_organizations', {}), /another environment/);
    assert.deepEqual(sandbox.requests, []);
    const result = await data('scalekit_list_organizations', { environment: id });
    assert.equal((result['environment'] as JsonRecord)['id'], id);
  });

  it('decode a JWT, say that it isn’t verified, and don’t return the token', async () => {
    const token = await signedJwt({ iat: 1_700_000_000, exp: 1_700_003_600 });
    const result = await text('scalekit_decode_jwt', { token: `Bearer ${token}` });
    assert.ok(!result.includes(token) && !result.includes(token.split('.')[2] ?? ''));
    const decoded = await data('scalekit_decode_jwt', { token });
    assert.equal(decoded['signature'], 'present, not verified');
    assert.equal((decoded['claims'] as JsonRecord)['client_id'], 'skc_1');
    assert.deepEqual(decoded['times'], { iat: '2023-11-14T22:13:20.000Z', exp: '2023-11-14T23:13:20.000Z' });
    await assert.rejects(text('scalekit_decode_jwt', { token: 'opaque' }), /This isn’t a JWT/);
    const prepared = await tools.prepare('scalekit_decode_jwt', { token });
    assert.ok(!JSON.stringify(prepared).includes(token.slice(0, 12)));
    assert.deepEqual(sandbox.requests, []);
  });

  it('are declared and registered', async () => {
    const { packageJSON } = await workbenchExtension();
    const declared = (
      packageJSON as { contributes: { languageModelTools: { name: string }[] } }
    ).contributes.languageModelTools.map(({ name }) => name);
    assert.deepEqual(declared.sort(), [...TOOL_NAMES].sort());
    assert.ok(vscode.lm.tools.some(({ name }) => name === 'scalekit_decode_jwt'));
  });

  it('can be called through VS Code', async () => {
    await workbenchExtension();
    const token = await signedJwt();
    // In tests, VS Code considers its question about a tool answered.
    const { content } = await vscode.lm.invokeTool('scalekit_decode_jwt', {
      input: { token },
      toolInvocationToken: undefined,
    });
    const [part] = content;
    assert.match(part instanceof vscode.LanguageModelTextPart ? part.value : '', /"client_id":"skc_1"/);
  });
});

describe('the configuration of Scalekit’s MCP server', () => {
  it('is copied in the format of mcp.json, without secrets', async () => {
    await workbenchExtension();
    await vscode.commands.executeCommand('scalekit.mcp.copyConfiguration');
    const json: unknown = JSON.parse(await vscode.env.clipboard.readText());
    assert.deepEqual(json, { servers: { scalekit: { type: 'http', url: 'https://mcp.scalekit.com/' } } });
  });
});
