import { join } from 'node:path';
import * as vscode from 'vscode';
import { registerAgentTools } from './agents/registerAgentTools';
import { nodeFetch } from './api/client/nodeFetch';
import { SCALEKIT_SCHEME } from './core/documentReference';
import { TokenClipboard } from './tokens/tokenClipboard';
import { setContext, setContexts } from './ui/contextKeys';
import { escapedPrompts } from './ui/escapedPrompts';
import { openLink } from './ui/openLink';
import { vscodePrompts } from './ui/vscodePrompts';
import { createWorkbench } from './workbench';
import { environmentContextKeys } from './environments/environmentContextKeys';

/** Connects the workbench to this window. Uses no network, reads no secret and waits for nothing. */
export function activate(context: vscode.ExtensionContext): void {
  const { secrets, workspaceState, storageUri, globalStorageUri, extension } = context;
  const clipboard = new TokenClipboard(vscode.env.uiKind === vscode.UIKind.Desktop);
  const workbench = createWorkbench({
    secrets,
    workspaceState,
    storageUri,
    globalStorageUri,
    extension,
    programs: join(context.extensionPath, 'dist'),
    channel: vscode.window.createOutputChannel('Scalekit', { log: true }),
    prompts: escapedPrompts(vscodePrompts),
    now: Date.now,
    fetch: nodeFetch,
    processEnvironment: process.env,
    clipboard,
    openLink,
    registerCommand: vscode.commands.registerCommand,
  });
  const { agentTools, commands, fileSystem, localSandbox, projectFiles, store } = workbench;
  const updateContexts = (): void =>
    setContexts({ ...environmentContextKeys(store.list()), 'scalekit.sandboxRunning': localSandbox.isRunning });
  /** The checks of files load with the first one that may concern them. */
  const checkFile = (document: vscode.TextDocument): void => {
    if (
      vscode.workspace.isTrusted &&
      /^(?:file|untitled|vscode-(?:remote|vfs))$/.test(document.uri.scheme) &&
      (store.list().length > 0 || /scalekit/i.test(document.getText()))
    )
      void commands.run('projectFiles', async () => (await projectFiles()).checkSoon(document));
  };

  context.subscriptions.push(
    workbench,
    vscode.workspace.onDidOpenTextDocument(checkFile),
    vscode.workspace.onDidSaveTextDocument(checkFile),
    vscode.workspace.onDidGrantWorkspaceTrust(() => vscode.workspace.textDocuments.forEach(checkFile)),
    clipboard,
    vscode.workspace.registerFileSystemProvider(SCALEKIT_SCHEME, fileSystem, { isCaseSensitive: true }),
    registerAgentTools(agentTools),
    store.onDidChange(updateContexts),
    fileSystem.onDidSave(() => setContext('scalekit.hasSavedDocument', true)),
  );
  void commands.run('load', async () => {
    await store.load();
    updateContexts();
    vscode.workspace.textDocuments.forEach(checkFile);
  });
}
