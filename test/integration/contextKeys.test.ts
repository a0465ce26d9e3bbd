import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { decodeJwt } from 'jose';
import { documentUri } from '../../src/core/documentReference';
import { UndoOffer } from '../../src/changes/undoOffer';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { companion, workbenchExtension } from '../support/companion';
import { dismissingQuestions } from '../support/dismiss';
import { until } from '../support/until';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';

// Context keys can't be read. The extension and its tests share one object of VS Code's commands, which sees them set.
describe('the context keys for menus and the walkthrough', () => {
  const { executeCommand } = vscode.commands;
  const facts = new Map<unknown, unknown>();
  let own: Sandbox;
  let anotherWindow: StartedWorkbench;

  before(async function () {
    this.timeout(30_000);
    await workbenchExtension();
    Object.assign(vscode.commands, {
      executeCommand: (command: string, ...values: unknown[]): Thenable<unknown> => {
        if (command === 'setContext') facts.set(values[0], values[1]);
        return executeCommand(command, ...values);
      },
    });
    const { globalStorageUri, secrets } =
      (await companion()).workbench ?? assert.fail('it was activated before the companion');
    anotherWindow = await startWorkbench({ globalStorageUri, secrets });
    own = await startSandbox({ organizations: 3 });
    await dismissingQuestions(vscode.commands.executeCommand('scalekit.sandbox.start'), 20_000);
    await until('it is running', () => facts.get('scalekit.sandboxRunning') === true, 10_000);
  });

  after(async () => {
    await vscode.commands.executeCommand('scalekit.sandbox.stop');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    Object.assign(vscode.commands, { executeCommand });
    await anotherWindow.end();
    await own.close();
  });

  it('count the sandbox as an environment, but not as one of your own', () => {
    assert.deepEqual([facts.get('scalekit.environmentCount'), facts.get('scalekit.hasOwnEnvironment')], [1, false]);
  });

  it('show that you copied a token', async () => {
    assert.equal(facts.get('scalekit.hasCopiedToken'), undefined);
    await vscode.commands.executeCommand('scalekit.token.copy');
    assert.equal(facts.get('scalekit.hasCopiedToken'), true);
  });

  it('show activity once another program has called the sandbox, until you clear it', async () => {
    // Earlier tests may have sent requests. The extension has already called the sandbox to copy a token.
    await vscode.commands.executeCommand('scalekit.activity.clear');
    assert.notEqual(facts.get('scalekit.hasActivity'), true);
    const { iss } = decodeJwt(await vscode.env.clipboard.readText());
    await fetch(`${iss}/keys`);
    await until('there is activity', () => facts.get('scalekit.hasActivity') === true, 10_000);
    await vscode.commands.executeCommand('scalekit.activity.clear');
    assert.equal(facts.get('scalekit.hasActivity'), false);
  });

  it('show that you have an environment of your own, and that you saved one of its documents', async () => {
    const environmentId = await anotherWindow.add({
      environmentUrl: own.url,
      clientId: own.clientId,
      clientSecret: own.clientSecret,
    });
    await until('both are counted', () => facts.get('scalekit.environmentCount') === 2, 10_000);
    assert.equal(facts.get('scalekit.hasOwnEnvironment'), true);

    const client = await anotherWindow.environments.client(environmentId);
    const { organizations } = (await client.getJson('/api/v1/organizations')) as {
      organizations: { id: string; display_name: string }[];
    };
    const [{ id, display_name: name }] = organizations as [(typeof organizations)[number]];
    const document = await vscode.workspace.openTextDocument(
      documentUri({ environmentId, path: ['organizations', id] }),
    );
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    const start = document.getText().indexOf(name);
    edit.replace(
      document.uri,
      new vscode.Range(document.positionAt(start), document.positionAt(start + name.length)),
      'Saved Ltd',
    );
    await vscode.workspace.applyEdit(edit);
    assert.equal(facts.get('scalekit.hasSavedDocument'), undefined);
    await vscode.commands.executeCommand('workbench.action.files.save');
    await until('it is saved', () => facts.get('scalekit.hasSavedDocument') === true, 10_000);
    assert.ok(own.requests.some(({ method, path }) => method === 'PATCH' && path === `/api/v1/organizations/${id}`));
  });

  it('show whether there is a change to undo', async () => {
    const undo = new UndoOffer();
    undo.offer('Done', async () => true, []);
    assert.equal(facts.get('scalekit.canUndo'), true);
    await undo.run();
    assert.equal(facts.get('scalekit.canUndo'), false);
    undo.dispose();
  });

  for (const [what, path, isOffered] of [
    ['its organization', ['organizations', 'org_1'], false],
    ['the changed resource', ['organizations', 'org_1', 'connections', 'conn_1'], false],
    ['a role that Undo would restore', ['roles', 'admin'], false],
    ['another organization', ['organizations', 'org_11'], true],
    ['another resource in the organization', ['organizations', 'org_1', 'connections', 'conn_2'], true],
  ] as const) {
    it(`show that a change can${isOffered ? '' : 'not'} be undone after ${what} was deleted`, () => {
      const undo = new UndoOffer();
      const needs = [
        ['organizations', 'org_1', 'connections', 'conn_1'],
        ['roles', 'admin'],
      ].map((needed) => ({ environmentId: 'one', path: needed }));
      undo.offer('Done', async () => true, needs);
      undo.forget({ environmentId: 'other', path });
      assert.equal(facts.get('scalekit.canUndo'), true);
      undo.forget({ environmentId: 'one', path });
      assert.equal(facts.get('scalekit.canUndo'), isOffered);
      undo.dispose();
    });
  }

  it('show that the sandbox is stopped', async () => {
    await vscode.commands.executeCommand('scalekit.sandbox.stop');
    await until('it is stopped', () => facts.get('scalekit.sandboxRunning') === false, 10_000);
  });
});
