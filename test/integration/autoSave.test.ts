import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { documentUri } from '../../src/core/documentReference';
import { workbenchExtension } from '../support/companion';
import { startOwnSandbox, type OwnSandbox } from '../support/ownSandbox';
import { typeInto } from '../support/typeInto';
import { until } from '../support/until';

describe('an organization in the editor with Auto Save', () => {
  let own: OwnSandbox;
  let id: string;

  const configure = (mode: string): Thenable<void> =>
    vscode.workspace.getConfiguration('files').update('autoSave', mode, vscode.ConfigurationTarget.Global);
  const patches = (): Promise<number> => own.requestCount(`PATCH /api/v1/organizations/${id}`);

  before(async () => {
    own = await startOwnSandbox();
    id = (await own.organizationIds())[0] ?? assert.fail('there is no organization');
  });
  after(async () => {
    await configure('off');
    await own.stop();
  });

  for (const mode of ['afterDelay', 'onFocusChange', 'off']) {
    it(`sends nothing until you save it, with files.autoSave ${mode}`, async () => {
      await configure(mode);
      const document = await vscode.workspace.openTextDocument(
        documentUri({ environmentId: 'sandbox', path: ['organizations', id] }),
      );
      const announced: vscode.TextDocumentSaveReason[] = [];
      const listener = vscode.workspace.onWillSaveTextDocument(({ document: saved, reason }) => {
        if (saved === document) announced.push(reason);
      });
      try {
        await vscode.window.showTextDocument(document, { preview: false });
        const before = await patches();
        await typeInto(document, (text) => text.replace(/"display_name": ".*"/, `"display_name": "By ${mode}"`));
        await vscode.window.showTextDocument(
          vscode.Uri.joinPath((await workbenchExtension()).extensionUri, 'package.json'),
          { preview: false },
        );
        if (mode !== 'off') await until('VS Code tries to save', () => announced.length > 0, 10_000);
        assert.deepEqual(
          announced.filter((reason) => reason === vscode.TextDocumentSaveReason.Manual),
          [],
        );
        if (mode === 'off') assert.deepEqual(announced, []);
        assert.equal(document.isDirty, true);
        assert.equal(await patches(), before);

        await vscode.window.showTextDocument(document, { preview: false });
        await vscode.commands.executeCommand('scalekit.document.save');
        await until('the text is saved', () => !document.isDirty, 10_000);
        assert.equal(await patches(), before + 1);
        const { organization } = (await own.api('GET', `/organizations/${id}`)) as {
          organization: { display_name: string };
        };
        assert.equal(organization.display_name, `By ${mode}`);
      } finally {
        listener.dispose();
        await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      }
    });
  }
});
