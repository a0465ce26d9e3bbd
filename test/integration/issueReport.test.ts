import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { listOrganizations } from '../../src/api/organizations';
import { reportIssue } from '../../src/ui/reportIssue';
import type { ScalekitClient } from '../../src/api/client/scalekitClient';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { companion, workbenchExtension } from '../support/companion';
import type { ScriptedPrompts } from '../support/scriptedPrompts';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';
import { until } from '../support/until';

describe('the log and Report Issue…', () => {
  let sandbox: Sandbox;
  let parts: StartedWorkbench;
  let prompts: ScriptedPrompts;

  before(async () => {
    sandbox = await startSandbox({ organizations: 2 });
    await workbenchExtension();
  });

  after(() => sandbox.close());

  beforeEach(async () => {
    parts = await startWorkbench();
    await parts.store.load();
    prompts = parts.prompts;
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    prompts.assertAllUsed();
    await parts.end();
  });

  function client(): ScalekitClient {
    const { url: environmentUrl, clientId, clientSecret } = sandbox;
    return parts.createClient({ environmentUrl, clientId, clientSecret });
  }

  async function report(extension: Pick<vscode.Extension<unknown>, 'packageJSON' | 'extensionKind'>): Promise<string> {
    const { environments, log, redactor } = parts;
    // The extension owns these documents' scheme, so its provider would return the text of ours.
    const shown: string[] = [];
    const documents = { show: async (_path: string, text: string) => void shown.push(text) };
    await reportIssue({ extension, environments, log, redactor, documents, prompts });
    return shown[0] ?? assert.fail('no document');
  }

  it('escape line breaks and invisible characters from a server', () => {
    parts.log.warn('refused (oops\n2026-01-01 [info] all is well\u001b[31m\u202e)');
    parts.log.error('Error: broken\r\n\n    at one (file.js:1:1)\n    at two (file.js:2:2)');
    const [first = '', second = '', ...rest] = parts.log.lastLines();
    assert.ok(first.endsWith('[warn] refused (oops\\u000a2026-01-01 [info] all is well\\u001b[31m\\u202e)'), first);
    assert.ok(
      second.endsWith('[error] Error: broken\\u000d\\u000a\n    at one (file.js:1:1)\n    at two (file.js:2:2)'),
      second,
    );
    assert.deepEqual(rest, []);
  });

  it('have one line per request: method, path, status, milliseconds, trace ID', async () => {
    await listOrganizations(client(), {});
    sandbox.addFault({ path: '/api/v1/organizations', status: 403 });
    await assert.rejects(listOrganizations(client(), {}));
    sandbox.clearFaults();
    const lines = parts.log.lastLines();
    assert.equal(lines.length, 4);
    const time = '\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z';
    const origin = sandbox.url.replaceAll('.', '\\.');
    assert.match(
      lines[0] ?? '',
      new RegExp(`^${time} \\[info\\] POST ${origin}/oauth/token 200 \\d+ ms trace [\\w-]+$`),
    );
    assert.match(
      lines[1] ?? '',
      new RegExp(`^${time} \\[info\\] GET ${origin}/api/v1/organizations 200 \\d+ ms trace [\\w-]+$`),
    );
    assert.match(
      lines[3] ?? '',
      new RegExp(`^${time} \\[warn\\] GET ${origin}/api/v1/organizations 403 \\d+ ms trace [\\w-]+$`),
    );
  });

  it('keep the last 200 lines, without secrets', () => {
    parts.redactor.add('hunter2-very-secret');
    for (let line = 0; line < 250; line++) parts.log.debug(`line ${line} hunter2-very-secret`);
    const lines = parts.log.lastLines();
    assert.equal(lines.length, 200);
    assert.match(lines.at(-1) ?? '', /\[debug\] line 249 \[redacted\]$/);
  });

  it('show the report first, and copy it on request', async () => {
    await vscode.env.clipboard.writeText('before');
    await listOrganizations(client(), {});
    prompts.expectMessage(
      { severity: 'information', text: /Nothing has been sent/, buttons: ['Copy to Clipboard'] },
      'Copy to Clipboard',
    );
    const text = await report(await workbenchExtension());
    assert.equal(await vscode.env.clipboard.readText(), text);
    assert.match(text, new RegExp(`Editor: .* ${vscode.version.replaceAll('.', '\\.')}, browser`));
    assert.match(text, /^- Remote: server$/m);
    assert.match(text, /Extension host: workspace, Node \d+/);
    assert.match(text, /GET http:\/\/host\/api\/v1\/organizations 200/);
    assert.ok(!text.includes(sandbox.clientSecret) && !text.includes(new URL(sandbox.url).host));
  });

  it('copy nothing if you dismiss the message', async () => {
    await vscode.env.clipboard.writeText('before');
    prompts.expectMessage({ buttons: ['Copy to Clipboard', 'Copy and Open Issue Page'] }, undefined);
    await report({
      packageJSON: { version: '1.0.0', bugs: { url: 'https://example.com/issues' } },
      extensionKind: vscode.ExtensionKind.UI,
    });
    assert.equal(await vscode.env.clipboard.readText(), 'before');
  });

  it('open the report as a document in VS Code', async () => {
    await companion();
    // The extension has its own provider for these documents.
    parts.virtualDocuments.dispose();
    void vscode.commands.executeCommand('scalekit.issue.report');
    const shown = (): vscode.TextDocument | undefined => {
      const document = vscode.window.activeTextEditor?.document;
      return document?.uri.path === '/Scalekit issue report.md' ? document : undefined;
    };
    const hasReport = (): boolean => /^## Last lines of the log$/m.test(shown()?.getText() ?? '');
    await until('the report', hasReport, 10_000).catch(() => assert.fail(`it shows: ${shown()?.getText()}`));
    assert.equal(shown()?.languageId, 'markdown');
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
